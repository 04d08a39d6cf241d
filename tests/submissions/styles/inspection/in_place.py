"""Works in place, on what it is given too, and prints what it sees."""

import torch
import torch.nn.functional as F

print("loading")


def get_activations(model, x, names):
    print("looking at", names)
    stack = [(m, m.training) for m in model.modules()]
    found, hooks = {}, []
    try:
        for name in names:
            module = dict(model.named_modules())[name]
            hooks += [module.register_forward_hook(lambda _m, _x, y, n=name: found.__setitem__(n, y.detach() + 0))]
        [m.__setattr__("training", False) for m in model.modules()]
        with torch.set_grad_enabled(False):
            print(model(x.clone()).shape)
    finally:
        while hooks:
            hooks.pop().remove()
        while stack:
            m, m.training = stack.pop()
    x.zero_()
    return found


def tile_filters(w, pad=1):
    w -= w.flatten(1).min(1).values[:, None, None, None]
    top = w.flatten(1).max(1).values
    top[top == 0] = 1
    w /= top.view(-1, 1, 1, 1)
    n = next(n for n in range(1, len(w) + 1) if n * n >= len(w))
    rows = [torch.cat(list(F.pad(row, (pad, 0))), dim=2) for row in w.split(n)]
    rows = [F.pad(row, (0, n * (w.shape[3] + pad) + pad - row.shape[2], pad, 0)) for row in rows]
    return F.pad(torch.cat(rows, dim=1), (0, 0, 0, pad))


def topk_error(logits, y, k):
    target = logits.gather(1, y[:, None])
    logits -= target
    return ((logits > 0).sum(1) >= k).double().mean()


def confusion_set(prob, y, k):
    onehot = F.one_hot(y, prob.size(1)).to(prob)
    means = onehot.T @ prob
    means.div_(onehot.sum(0).clamp_(min=1)[:, None])
    means[range(len(means)), range(len(means))] = float("-inf")
    out = means.topk(k, dim=1)[1]
    out[onehot.sum(0) == 0] = -1
    prob.fill_(0)
    return out
