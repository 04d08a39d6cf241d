"""One Adam for each network, all orders drawn ahead, sums in place of means; the last states picked one by one."""

import numpy as np
import torch
from torch import nn


def build_vocab(texts):
    characters = sorted({character for text in texts for character in text})
    return {character: place + 2 for place, character in enumerate(characters)}


def encode_batch(texts, vocab):
    ids = np.zeros((len(texts), max(len(text) for text in texts)), np.int64)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = [vocab.get(character, 1) for character in text]
    return torch.from_numpy(ids), torch.tensor([len(text) for text in texts])


class Scanner(nn.Module):
    def __init__(self, num_symbols, width, hidden):
        super().__init__()
        self.embedding = nn.Embedding(num_symbols, width)
        self.gru = nn.GRU(width, hidden, batch_first=True)

    def forward(self, ids, lengths):
        states = self.gru(self.embedding(ids))[0]
        return torch.stack([own[length - 1] for own, length in zip(states, lengths.tolist())])


class Encoder(nn.Module):
    def __init__(self, hidden, num_languages):
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, num_languages)

    def forward(self, states):
        return self.out(self.dense(states).clamp(min=0))


def train_language_id(scanner, encoder, ids, lengths, labels, *, epochs, batch_size, lr, rng):
    optimisers = [torch.optim.Adam(network.parameters(), lr) for network in (scanner, encoder)]
    per_text = nn.CrossEntropyLoss(reduction="none")
    losses = []
    for order in [rng.permutation(len(ids)) for _ in range(epochs)]:
        seen = []
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            own = per_text(encoder(scanner(ids[batch], lengths[batch])), labels[batch])
            scanner.zero_grad()
            encoder.zero_grad()
            own.mean().backward()
            for optimiser in optimisers:
                optimiser.step()
            seen.append(own.detach())
        losses.append(torch.cat(seen).mean().item())
    return losses
