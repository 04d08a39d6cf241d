import numpy as np
import torch
import torch.nn as nn


def build_vocab(texts):
    chars = set()
    for t in texts:
        chars.update(t)
    return {c: i + 2 for i, c in enumerate(sorted(chars))}


def encode_batch(texts, vocab):
    T = max(len(t) for t in texts)
    ids = torch.zeros((len(texts), T), dtype=torch.long)
    lengths = torch.zeros(len(texts), dtype=torch.long)
    for n, t in enumerate(texts):
        lengths[n] = len(t)
        for i, c in enumerate(t):
            ids[n, i] = vocab.get(c, 1)
    return ids, lengths


class Scanner(nn.Module):
    def __init__(self, num_symbols, width, hidden):
        super().__init__()
        self.embedding = nn.Embedding(num_symbols, width, padding_idx=0)
        self.gru = nn.GRU(width, hidden, batch_first=True)

    def forward(self, ids, lengths):
        x = self.embedding(ids)
        h, h_last = self.gru(x)
        return h_last[0]


class Encoder(nn.Module):
    def __init__(self, hidden, num_languages):
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, num_languages)

    def forward(self, states):
        return self.out(torch.relu(self.dense(states)))


def train_language_id(scanner, encoder, ids, lengths, labels, *, epochs, batch_size, lr, rng):
    params = list(scanner.parameters()) + list(encoder.parameters())
    opt = torch.optim.Adam(params, lr=lr)
    losses = []
    for epoch in range(epochs):
        perm = torch.from_numpy(rng.permutation(len(ids)))
        running = 0.0
        for i in range(0, len(ids), batch_size):
            idx = perm[i : i + batch_size]
            opt.zero_grad()
            loss = nn.functional.cross_entropy(encoder(scanner(ids[idx], lengths[idx])), labels[idx])
            loss.backward()
            opt.step()
            running += loss.item() * len(idx)
        losses.append(running / len(ids))
    return losses
