"""Loops and lists; a copy of the model is looked into, and thrown away."""

import copy
import math

import torch


def get_activations(model, x, names):
    twin = copy.deepcopy(model)
    twin.train(False)
    seen = {}
    for name, module in twin.named_modules():
        if name in names:
            module.register_forward_hook(lambda m, i, o, name=name: seen.update({name: torch.clone(o)}))
    with torch.inference_mode():
        twin.forward(x)
    return {name: seen[name] for name in names}


def tile_filters(w, pad=1):
    F, C, KH, KW = w.shape
    cols = math.ceil(math.sqrt(F))
    rows = math.ceil(F / cols)
    out = torch.zeros((C, pad + rows * (KH + pad), pad + cols * (KW + pad)), dtype=w.dtype)
    for f in range(F):
        numbers = w[f].flatten().tolist()
        lo, hi = min(numbers), max(numbers)
        if lo == hi:
            continue
        for c in range(C):
            for i in range(KH):
                for j in range(KW):
                    r = pad + (f // cols) * (KH + pad) + i
                    s = pad + (f % cols) * (KW + pad) + j
                    out[c, r, s] = (w[f, c, i, j] - lo) / (hi - lo)
    return out


def topk_error(logits, y, k):
    wrong = 0
    for row, label in zip(logits.tolist(), y.tolist()):
        better = sum(value > row[label] for value in row)
        wrong += better >= k
    return wrong / len(y)


def confusion_set(prob, y, k):
    K = prob.shape[1]
    rows = []
    for c in range(K):
        mine = [p for p, label in zip(prob.tolist(), y.tolist()) if label == c]
        if not mine:
            rows.append([-1] * k)
            continue
        means = [(sum(column) / len(mine), j) for j, column in enumerate(zip(*mine)) if j != c]
        rows.append([j for _, j in sorted(means, reverse=True)[:k]])
    return torch.tensor(rows)
