"""Gradient descent with momentum on clipped gradients; nested layers; strips of the batch one after the other."""

import torch
from torch import nn


class Features(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)
        )


class Strips(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.parts = nn.ModuleDict({"features": Features(), "lstm": nn.LSTM(160, 48, 1, True, True, 0.0, True)})
        self.parts["dense"] = nn.Linear(96, num_classes)

    def forward(self, strips):
        maps = self.parts["features"](strips)
        columns = torch.cat([maps[:, :, row] for row in range(maps.shape[2])], dim=1).transpose(1, 2)
        states, _ = self.parts["lstm"](columns)
        return self.parts["dense"](states.reshape(len(strips), 3, -1, 96).mean(2))


def build_reader(num_classes):
    return Strips(num_classes)


def train_reader(model, strips, labels, *, epochs, lr, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    model.train(True)
    optimiser = torch.optim.SGD(model.parameters(), lr=20 * lr, momentum=0.9)
    batch = 16
    for _ in range(epochs):
        for chosen in torch.randperm(len(strips), generator=generator).split(batch):
            model.zero_grad()
            logits = model(strips[chosen])
            losses = [nn.functional.cross_entropy(logits[:, k], labels[chosen, k]) for k in range(3)]
            sum(losses).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()


def read_strips(model, strips):
    training = model.training
    model.train(False)
    texts = []
    with torch.no_grad():
        for strip in strips:
            texts.append("".join(str(int(row.argmax())) for row in model(strip[None])[0]))
    model.train(training)
    return texts
