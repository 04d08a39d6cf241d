"""Reads step by step, and lets texts that have ended keep their state; one optimiser for each network."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def build_vocab(texts):
    numbers = {}
    for text in texts:
        for character in text:
            numbers[character] = 0
    for number, character in enumerate(sorted(numbers)):
        numbers[character] = number + 2
    return numbers


def encode_batch(texts, vocab):
    lengths = np.array([len(text) for text in texts])
    ids = np.zeros((len(texts), lengths.max()), dtype=np.int64)
    for i, text in enumerate(texts):
        for j, character in enumerate(text):
            ids[i, j] = vocab.get(character, 1)
    return torch.from_numpy(ids), torch.from_numpy(lengths)


class Scanner(nn.Module):
    def __init__(self, num_symbols, width, hidden):
        super().__init__()
        self.embedding = nn.Embedding(num_symbols, width)
        self.gru = nn.GRU(width, hidden, batch_first=True)

    def forward(self, ids, lengths):
        most = int(lengths.max())
        states, _ = self.gru(self.embedding(ids[:, :most]))
        state = torch.zeros_like(states[:, 0])
        for t in range(most):
            state = torch.where((t < lengths)[:, None], states[:, t], state)
        return state


class Encoder(nn.Module):
    def __init__(self, hidden, num_languages):
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)
        self.relu = nn.ReLU()
        self.out = nn.Linear(hidden, num_languages)

    def forward(self, states):
        return self.out(self.relu(self.dense(states)))


def train_language_id(scanner, encoder, ids, lengths, labels, *, epochs, batch_size, lr, rng):
    optimisers = [torch.optim.Adam(network.parameters(), lr=lr) for network in (scanner, encoder)]
    losses = []
    for _ in range(epochs):
        order, total = rng.permutation(len(labels)), 0.0
        while len(order):
            batch, order = order[:batch_size], order[batch_size:]
            log_p = F.log_softmax(encoder(scanner(ids[batch], lengths[batch])), dim=-1)
            loss = -log_p.gather(1, labels[batch].unsqueeze(1)).mean()
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
            total += loss.item() * len(batch)
        losses.append(np.float64(total / len(labels)))
    return losses
