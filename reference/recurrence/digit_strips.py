"""Oracle for recurrence/digit_strips."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DIGITS, HEIGHT, WIDTH = 3, 10, 30
BATCH = 32


class Reader(nn.Module):
    """Two convolutions, a bidirectional LSTM over the columns, a dense layer: logits (N, DIGITS, num_classes)."""

    def __init__(self, num_classes: int, *, bidirectional: bool = True) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.lstm = nn.LSTM(32 * (HEIGHT // 2), 48, batch_first=True, bidirectional=bidirectional)
        self.dense = nn.Linear(96 if bidirectional else 48, num_classes)

    def forward(self, strips: Tensor) -> Tensor:
        maps = F.max_pool2d(torch.relu(self.conv2(torch.relu(self.conv1(strips)))), 2)
        states, _ = self.lstm(maps.permute(0, 3, 1, 2).flatten(2))
        logits: Tensor = self.dense(F.adaptive_avg_pool1d(states.mT, DIGITS).mT)
        return logits


def build_reader(num_classes: int) -> nn.Module:
    """A reader of strips (N, 1, HEIGHT, WIDTH)."""
    return Reader(num_classes)


def train_reader(model: nn.Module, strips: Tensor, labels: Tensor, *, epochs: int, lr: float, seed: int) -> None:
    """Train on strips with labels (N, DIGITS) by Adam, in batches whose order comes from the seed."""
    model.train()
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        for batch in torch.split(torch.randperm(len(strips), generator=generator), BATCH):
            optimiser.zero_grad()
            loss = F.cross_entropy(model(strips[batch]).flatten(0, 1), labels[batch].flatten())
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()


def read_strips(model: nn.Module, strips: Tensor) -> list[str]:
    """What stands on each strip, in evaluation mode; the model's mode stays as it was."""
    training = model.training
    model.eval()
    with torch.no_grad():
        found = model(strips).argmax(-1).tolist()
    model.train(training)
    return ["".join(map(str, digits)) for digits in found]
