"""Copies instead of changes, gradients by torch.autograd.grad, momentum by hand."""

from copy import deepcopy

import torch
from torch import nn
from torch.nn.functional import log_softmax


def truncate(model, name):
    names = list(dict(model.named_children()))
    return deepcopy(model[: names.index(name)])


def extract_features(body, x, batch_size=256):
    twin = deepcopy(body).eval().requires_grad_(False)
    return torch.vstack([twin(part) for part in torch.split(x, batch_size)])


def replace_head(model, name, num_classes):
    old = model.get_submodule(name)
    new = nn.Linear(old.in_features, num_classes, dtype=old.weight.dtype, device=old.weight.device)
    memo = {id(old): new}  # deepcopy takes the new layer for the old one
    return deepcopy(model, memo)


def freeze(module):
    list(map(lambda p: p.requires_grad_(False), module.parameters()))
    for part in module.modules():
        part.training = False
    return module


def keep_frozen_bn_eval(model):
    base = type(model)

    class Kept(base):
        def train(self, mode=True):
            super().train(mode)
            for part in self.modules():
                if "BatchNorm" in type(part).__name__ and not any(p.requires_grad for p in part.parameters()):
                    part.eval()
            return self

    model.__class__ = Kept
    model.train(model.training)


def unfreeze_last(model, n_blocks):
    parents = list(dict.fromkeys(name.split(".")[0] for name, _ in model.named_parameters()))
    wanted = set(parents[max(len(parents) - n_blocks, 0) :])
    for name in wanted:
        getattr(model, name).requires_grad_().train(model.training)
    return tuple(name for name, _ in model.named_parameters() if name.split(".")[0] in wanted)


def discriminative_groups(model, head, lr_body, lr_head):
    groups = {lr_body: [], lr_head: []}
    for name, p in model.named_parameters():
        if p.requires_grad:
            groups[lr_head if (name + ".").startswith(head + ".") else lr_body] += [p]
    return [{"params": params, "lr": lr} for lr, params in groups.items() if params]


def fine_tune(model, x, y, *, warmup_epochs, epochs, lr_body, lr_head, rng):
    model = deepcopy(model)
    groups = discriminative_groups(model, "head", lr_body, lr_head)
    rates = {p: group["lr"] for group in groups for p in group["params"]}
    head = [p for p in model.head.parameters()]
    for moving, count in ((head, warmup_epochs), (list(rates), epochs)):
        speed = [0.0 for _ in moving]
        model.train()
        for name, part in model.named_modules():
            if isinstance(part, nn.BatchNorm2d) and not name.startswith("head"):
                part.eval()
        for _ in range(count):
            left = list(rng.permutation(len(y)))
            while left:
                batch, left = left[:32], left[32:]
                picked = log_softmax(model(x[batch]), 1)[range(len(batch)), y[batch]]
                grads = torch.autograd.grad(-picked.mean(), moving)
                speed = [0.9 * v + g for v, g in zip(speed, grads)]
                for p, v in zip(moving, speed):
                    p.data -= (lr_head if any(p is h for h in head) else rates[p]) * v
    return model.eval()


def class_weights(counts):
    counts = counts.to(torch.float64)
    inverse = torch.where(counts == 0, counts, 1 / counts)
    return counts.sum() * inverse / counts.numel()


def best_threshold(scores, same):
    candidates, _ = torch.sort(scores)
    right = torch.stack([((scores >= t) == same).double().mean() for t in candidates])
    return candidates[int(torch.argmax(right))]
