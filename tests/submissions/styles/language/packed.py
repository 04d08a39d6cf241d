"""Packs the texts, so that padding is never read, and takes the state that the GRU ends with."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence


def build_vocab(texts):
    vocab = {}
    for character in sorted({character for text in texts for character in text}):
        vocab[character] = len(vocab) + 2
    return vocab


def encode_batch(texts, vocab):
    rows = [torch.tensor([vocab[c] if c in vocab else 1 for c in text]) for text in texts]
    return pad_sequence(rows, batch_first=True), torch.tensor([*map(len, rows)])


class Scanner(nn.Module):
    def __init__(self, num_symbols, width, hidden):
        super().__init__()
        self.embedding = nn.Embedding(num_symbols, width, padding_idx=0)
        self.gru = nn.GRU(width, hidden, batch_first=True)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.embedding(ids), lengths.cpu(), batch_first=True, enforce_sorted=False)
        _, last = self.gru(packed)
        return last.squeeze(0)


class Encoder(nn.Module):
    def __init__(self, hidden, num_languages):
        super().__init__()
        self.dense, self.out = nn.Linear(hidden, hidden), nn.Linear(hidden, num_languages)

    def forward(self, states):
        return self.out(self.dense(states).clamp(min=0))


def train_language_id(scanner, encoder, ids, lengths, labels, *, epochs, batch_size, lr, rng):
    both = nn.ModuleList([scanner, encoder])
    both.train()
    optimiser = torch.optim.Adam(both.parameters(), lr)
    criterion = nn.CrossEntropyLoss(reduction="sum")
    history = []
    for epoch in range(epochs):
        order, seen = torch.as_tensor(rng.permutation(ids.shape[0])), []
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            optimiser.zero_grad()
            summed = criterion(encoder(scanner(ids[chosen], lengths[chosen])), labels[chosen])
            (summed / len(chosen)).backward()
            optimiser.step()
            seen.append(summed.detach())
        history.append(float(torch.stack(seen).sum()) / len(ids))
        print("epoch", epoch, history[-1])
    return history
