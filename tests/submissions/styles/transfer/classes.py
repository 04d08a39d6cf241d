"""Classes of one's own, extra attributes and modules, Adam-like bookkeeping left out, numpy where it comes handy."""

import collections
import copy

import numpy as np
import torch
from torch import nn


class Features(nn.Module):
    """What comes before a layer."""

    def __init__(self, model, name):
        super().__init__()
        self.model, self.name = copy.copy(model), name

    def forward(self, x):
        for name, layer in self.model.named_children():
            if name == self.name:
                break
            x = layer(x)
        return x


def truncate(model, name):
    return Features(model, name)


class Evaluating:
    def __init__(self, module):
        self.modes = collections.OrderedDict((m, m.training) for m in module.modules())
        self.module = module

    def __enter__(self):
        self.module.eval()

    def __exit__(self, *_):
        for m, mode in self.modes.items():
            m.training = mode


def extract_features(body, x, batch_size=256):
    with Evaluating(body), torch.no_grad():
        parts = [body(x[i : min(i + batch_size, len(x))]).numpy() for i in range(0, len(x), batch_size)]
    return torch.from_numpy(np.concatenate(parts))


def replace_head(model, name, num_classes):
    clone = copy.deepcopy(model)
    modules = dict(clone.named_modules())
    parent, last = modules[".".join(name.split(".")[:-1])], name.split(".")[-1]
    weight = modules[name].weight
    head = (
        nn.Linear(weight.size(1), num_classes).type_as(weight)
        if hasattr(nn.Linear, "type_as")
        else nn.Linear(weight.size(1), num_classes).to(weight)
    )
    parent.register_module(last, head)
    return clone


def freeze(module):
    for m in module.modules():
        m.training = False
        for p in m._parameters.values():
            if p is not None:
                p.requires_grad = False
                p.grad = None
    return module


def keep_frozen_bn_eval(model):
    for bn in model.modules():
        if isinstance(bn, nn.BatchNorm2d):
            _Careful(bn)


class _Careful:
    """Takes the place of a batch norm's train()."""

    def __init__(self, bn):
        self.bn = bn
        bn.train = self
        self(bn.training)

    def __call__(self, mode=True):
        self.bn.training = bool(mode and self.bn.weight.requires_grad)
        return self.bn

    def __deepcopy__(self, memo):
        return self


def unfreeze_last(model, n_blocks):
    blocks = {n: b for n, b in model.named_children() if sum(p.numel() for p in b.parameters())}
    chosen = list(blocks)[::-1][:n_blocks][::-1]
    found = []
    for n in chosen:
        blocks[n].train(model.training)
        for part, p in blocks[n].named_parameters(prefix=n):
            p.requires_grad_(True)
            found.append(part)
    return found


def discriminative_groups(model, head, lr_body, lr_head):
    head_ids = [id(p) for p in model.get_submodule(head).parameters()]
    body, top = [], []
    for p in model.parameters():
        if not p.requires_grad:
            continue
        (top if id(p) in head_ids else body).append(p)
    return [
        {"params": body, "lr": lr_body, "name": "body"},
        {"params": top, "lr": lr_head, "name": "head"},
    ]


def fine_tune(model, x, y, *, warmup_epochs, epochs, lr_body, lr_head, rng):
    trainable = {n for n, p in model.named_parameters() if p.requires_grad}
    for epoch in range(warmup_epochs + epochs):
        if epoch in (0, warmup_epochs):
            for n, p in model.named_parameters():
                p.requires_grad = n in trainable and (epoch >= warmup_epochs or n.startswith("head."))
            groups = [g for g in discriminative_groups(model, "head", lr_body, lr_head) if g["params"]]
            opt = torch.optim.SGD(groups, lr=lr_head, momentum=0.9)
        model.train()
        for n, m in model.named_modules():
            if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and not n.startswith("head"):
                m.eval()
        for batch in np.array_split(rng.permutation(len(x)), range(32, len(x), 32)):
            opt.zero_grad(set_to_none=False)
            nn.functional.nll_loss(model(x[batch]).log_softmax(1), y[batch]).backward()
            opt.step()
    return model.eval()


def class_weights(counts):
    counts = counts.numpy()
    with np.errstate(divide="ignore"):
        weights = counts.mean() / counts
    weights[counts == 0] = 0
    return torch.from_numpy(weights)


def best_threshold(scores, same):
    scores, same = scores.numpy(), same.numpy()
    values = np.unique(scores)
    return values[np.argmax([np.mean((scores >= v) == same) for v in values])]
