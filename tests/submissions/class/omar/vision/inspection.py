import torch


def get_activations(model, x, names):
    out = {}

    def make(name):
        def hook(module, inputs, output):
            out[name] = output

        return hook

    for name, module in model.named_modules():
        if name in names:
            module.register_forward_hook(make(name))
    model.eval()
    with torch.no_grad():
        model(x)
    return out


def tile_filters(w, pad=1):
    w = (w - w.min()) / (w.max() - w.min())
    n, c, h, v = w.shape
    cols = int(torch.ceil(torch.tensor(n).sqrt()))
    rows = -(-n // cols)
    picture = torch.zeros(c, rows * (h + pad) + pad, cols * (v + pad) + pad, dtype=w.dtype)
    for i in range(n):
        y, x = pad + i // cols * (h + pad), pad + i % cols * (v + pad)
        picture[:, y : y + h, x : x + v] = w[i]
    return picture


def topk_error(logits, y, k):
    hits = sum(label in row for row, label in zip(logits.topk(k).indices, y))
    return hits / len(y)


def confusion_set(prob, y, k):
    classes = prob.shape[1]
    means = torch.stack([prob[y == c].mean(0) for c in range(classes)])
    return means.argsort(1, descending=True)[:, 1 : k + 1]
