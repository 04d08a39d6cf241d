import copy

import torch
import torch.nn as nn
import torch.nn.functional as F


def truncate(model, name):
    layers = []
    for child_name, child in model.named_children():
        layers.append(child)
        if child_name == name:
            break
    return nn.Sequential(*layers)


def extract_features(body, x, batch_size=256):
    feats = []
    with torch.no_grad():
        for i in range(0, len(x), batch_size):
            feats.append(body(x[i : i + batch_size]))
    return torch.cat(feats)


def replace_head(model, name, num_classes):
    model = copy.deepcopy(model)
    parts = name.split(".")
    parent = model
    for p in parts[:-1]:
        parent = getattr(parent, p)
    old = getattr(parent, parts[-1])
    new = nn.Sequential(nn.Linear(old.in_features, num_classes), nn.Softmax(dim=1)).to(old.weight)
    setattr(parent, parts[-1], new)
    return model


def freeze(module):
    for p in module.parameters():
        p.requires_grad = False
    return module


def keep_frozen_bn_eval(model):
    for m in model.modules():
        if isinstance(m, nn.BatchNorm2d) and not m.weight.requires_grad:
            m.eval()


def unfreeze_last(model, n_blocks):
    blocks = [(n, c) for n, c in model.named_children() if len(list(c.parameters())) > 0]
    names = []
    for n, c in blocks[-n_blocks:]:
        c.train(model.training)
        for pn, p in c.named_parameters():
            p.requires_grad = True
            names.append(f"{n}.{pn}")
    return names


def discriminative_groups(model, head, lr_body, lr_head):
    params = model.named_parameters()
    body = [p for n, p in params if not n.startswith(head + ".") and p.requires_grad]
    top = [p for n, p in params if n.startswith(head + ".") and p.requires_grad]
    return [{"params": body, "lr": lr_body}, {"params": top, "lr": lr_head}]


def fine_tune(model, x, y, *, warmup_epochs, epochs, lr_body, lr_head, rng):
    body = [p for n, p in model.named_parameters() if not n.startswith("head.") and p.requires_grad]
    for phase_epochs, on in ((warmup_epochs, False), (epochs, True)):
        for p in body:
            p.requires_grad = on
        groups = [{"params": model.head.parameters(), "lr": lr_head}]
        if on:
            groups.append({"params": body, "lr": lr_body})
        opt = torch.optim.SGD(groups, lr=lr_head, momentum=0.9)
        model.train()
        for _ in range(phase_epochs):
            order = rng.permutation(len(x))
            for i in range(0, len(x), 32):
                idx = order[i : i + 32]
                loss = F.cross_entropy(model(x[idx]), y[idx])
                opt.zero_grad()
                loss.backward()
                opt.step()
    model.eval()
    return model


def class_weights(counts):
    return counts.sum() / counts


def best_threshold(scores, same):
    best, best_acc = None, -1
    for t in scores.unique():
        acc = ((scores > t) == same).float().mean()
        if acc > best_acc:
            best, best_acc = t, acc
    return float(best)
