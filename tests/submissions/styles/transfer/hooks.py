"""Frozen by hooks and overrides, everything in small loops, prints, features collected in a list."""

import copy

import torch
import torch.nn as nn


def truncate(model, name):
    print("truncating at", name)
    layers = []
    for child, layer in model._modules.items():
        if child == name:
            return nn.Sequential(*layers)
        layers.append(layer)
    raise KeyError(name)


@torch.inference_mode()
def extract_features(body, x, batch_size=256):
    was = [module.training for module in body.modules()]
    body.train(False)
    features = None
    for i in range(0, len(x), batch_size):
        out = body(x[i : i + batch_size])
        features = out if features is None else torch.concat((features, out), dim=0)
    for module, training in zip(body.modules(), was):
        module.training = training
    return features


def replace_head(model, name, num_classes):
    new = copy.deepcopy(model)
    holder = new
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part)
    old = getattr(holder, last)
    head = nn.Linear(old.weight.shape[1], num_classes)
    nn.init.kaiming_normal_(head.weight)
    nn.init.zeros_(head.bias)
    holder._modules[last] = head.to(old.weight.device, old.weight.dtype)
    return new


def freeze(module):
    """Stays frozen whatever calls train() later."""
    for p in module.parameters():
        p.requires_grad = False
    module.eval()
    module.train = lambda mode=True: module
    return module


def _is_norm(module):
    return isinstance(module, nn.modules.batchnorm._NormBase)


def keep_frozen_bn_eval(model):
    def before(module, inputs):
        if not module.weight.requires_grad and not module.bias.requires_grad:
            module.training = False

    for module in model.modules():
        if _is_norm(module):
            module.register_forward_pre_hook(before)
            before(module, None)


def unfreeze_last(model, n_blocks):
    names = []
    for name, child in reversed(list(model.named_children())):
        if not list(child.parameters()) or n_blocks <= 0:
            continue
        n_blocks -= 1
        for module in child.modules():
            module.training = model.training
        for p in child.parameters():
            p.requires_grad = True
        names = [name + "." + n for n, _ in child.named_parameters()] + names
    return names


def discriminative_groups(model, head, lr_body, lr_head):
    inside = set(model.get_submodule(head).parameters())
    body = filter(lambda p: p.requires_grad and p not in inside, model.parameters())
    own = filter(lambda p: p.requires_grad, model.get_submodule(head).parameters())
    return [dict(params=list(body), lr=lr_body), dict(params=list(own), lr=lr_head)]


def fine_tune(model, x, y, *, warmup_epochs, epochs, lr_body, lr_head, rng):
    free = [p for n, p in model.named_parameters() if p.requires_grad and n.split(".")[0] != "head"]
    loss_function = nn.CrossEntropyLoss()
    for phase, count in (("warm-up", warmup_epochs), ("all", epochs)):
        for p in free:
            p.requires_grad = phase == "all"
        groups = [g for g in discriminative_groups(model, "head", lr_body, lr_head) if g["params"]]
        optimizer = torch.optim.SGD(groups, lr=1e-3, momentum=0.9, foreach=False)
        for epoch in range(count):
            model.train()
            for name, child in model.named_children():
                if name != "head":
                    for m in child.modules():
                        if _is_norm(m):
                            m.eval()
            order = rng.permutation(x.shape[0])
            for start in range(0, x.shape[0], 32):
                index = torch.as_tensor(order[start : start + 32])
                loss = loss_function(model(x.index_select(0, index)), y.index_select(0, index))
                model.zero_grad()
                loss.backward()
                optimizer.step()
            print(phase, epoch, loss.item())
    model.train(False)
    return model


def class_weights(counts):
    total, k = int(counts.sum()), len(counts)
    return torch.tensor([total / (k * int(c)) if c else 0.0 for c in counts], dtype=torch.float64)


def best_threshold(scores, same):
    best, best_right = None, -1
    for t in sorted(float(s) for s in scores):
        right = sum((float(s) >= t) == bool(z) for s, z in zip(scores, same))
        if right > best_right:
            best, best_right = t, right
    return best
