"""Batch norm and dropout in a Sequential; one state a third; seeds the global generator; prints."""

import torch
from torch import nn


class Columns(nn.Module):
    def forward(self, maps):
        return maps.flatten(1, 2).mT


class Thirds(nn.Module):
    def __init__(self, size, hidden):
        super().__init__()
        self.lstm = nn.LSTM(size, hidden, bidirectional=True, batch_first=True)

    def forward(self, columns):
        states = self.lstm(columns)[0]
        third = states.shape[1] // 3
        return states[:, third // 2 :: third][:, :3]


def build_reader(num_classes):
    return nn.Sequential(
        nn.Conv2d(1, 24, (3, 3), padding="same"), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d((2, 2)),
        Columns(), Thirds(24 * 5, 64), nn.Dropout(0.1), nn.Linear(128, num_classes),
    )  # fmt: skip


def train_reader(model, strips, labels, *, epochs, lr, seed):
    torch.manual_seed(seed)
    model.train()
    data = torch.utils.data.TensorDataset(strips, labels)
    optimiser = torch.optim.AdamW(model.parameters(), lr)
    for epoch in range(epochs):
        for x, y in torch.utils.data.DataLoader(data, batch_size=32, shuffle=True):
            loss = nn.functional.cross_entropy(model(x).mT, y)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            right = (model(strips).argmax(-1) == labels).all(1).sum().item()
        model.train()
        print(epoch, loss.item(), right)


@torch.inference_mode()
def read_strips(model, strips):
    before, texts = model.training, []
    model.eval()
    for part in strips.split(50):
        texts += ["%d%d%d" % tuple(row.tolist()) for row in model(part).max(dim=-1).indices]
    model.train(before)
    return texts
