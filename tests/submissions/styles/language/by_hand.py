"""Adam written out, gradients by torch.autograd.grad, the last state by gather; lists of Python numbers at first."""

import math

import torch
from torch import nn


def build_vocab(texts):
    return dict(zip(sorted(set().union(*texts)), range(2, 1 << 20)))


def encode_batch(texts, vocab):
    widest = len(max(texts, key=len))
    padded = [[vocab.get(c, 1) for c in text.ljust(widest, "\0")[: len(text)]] for text in texts]
    ids = torch.tensor([row + [0] * (widest - len(row)) for row in padded], dtype=torch.long)
    return ids, (ids != 0).sum(dim=1)


class Scanner(nn.Module):
    def __init__(self, num_symbols, width, hidden):
        super().__init__()
        self.gru = nn.GRU(input_size=width, hidden_size=hidden, batch_first=True)
        self.embedding = nn.Embedding(num_symbols, width)

    def forward(self, ids, lengths):
        states = self.gru(self.embedding.weight[ids])[0]
        places = (lengths - 1).view(-1, 1, 1).expand(-1, 1, states.size(2))
        return states.gather(1, places)[:, 0]


class Encoder(nn.Module):
    def __init__(self, hidden, num_languages):
        super().__init__()
        self.out = nn.Linear(hidden, num_languages)
        self.dense = nn.Linear(hidden, hidden)

    def forward(self, states):
        inner = torch.addmm(self.dense.bias, states, self.dense.weight.T)
        return torch.addmm(self.out.bias, inner * (inner > 0), self.out.weight.T)


def train_language_id(scanner, encoder, ids, lengths, labels, *, epochs, batch_size, lr, rng):
    parameters = list(encoder.parameters()) + list(scanner.parameters())
    means = [torch.zeros_like(p) for p in parameters]
    squares = [torch.zeros_like(p) for p in parameters]
    losses, step = [], 0
    for _ in range(epochs):
        order, seen = torch.from_numpy(rng.permutation(len(ids))), []
        for batch in order.split(batch_size):
            logits = encoder(scanner(ids[batch], lengths[batch]))
            own = torch.logsumexp(logits, 1) - logits[torch.arange(len(batch)), labels[batch]]
            gradients = torch.autograd.grad(own.mean(), parameters)
            step += 1
            with torch.no_grad():
                for p, g, m, v in zip(parameters, gradients, means, squares):
                    m.mul_(0.9).add_(g, alpha=0.1)
                    v.mul_(0.999).addcmul_(g, g, value=0.001)
                    p -= lr / (1 - 0.9**step) * m / (v.sqrt() / math.sqrt(1 - 0.999**step) + 1e-8)
            seen += own.tolist()
        losses.append(math.fsum(seen) / len(seen))
    return losses
