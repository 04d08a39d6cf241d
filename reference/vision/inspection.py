"""Oracle for vision/inspection."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn


def get_activations(model: nn.Module, x: Tensor, names: Sequence[str]) -> dict[str, Tensor]:
    """The outputs of the named modules on x, in evaluation mode; the model stays as it was."""
    found: dict[str, Tensor] = {}
    modes = [(module, module.training) for module in model.modules()]
    handles = [model.get_submodule(name).register_forward_hook(keep(found, name)) for name in names]
    try:
        model.eval()
        with torch.no_grad():
            model(x)
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes:
            module.training = mode
    return found


class keep:
    """A hook that copies a module's output into a dict."""

    def __init__(self, found: dict[str, Tensor], name: str) -> None:
        self.found, self.name = found, name

    def __call__(self, module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        self.found[self.name] = output.detach().clone()


def tile_filters(w: Tensor, pad: int = 1) -> Tensor:
    """Filters w (F, C, KH, KW), each from 0 to 1, as tiles of one image (C, H, W)."""
    low, high = w.amin((1, 2, 3), keepdim=True), w.amax((1, 2, 3), keepdim=True)
    return on_grid((w - low) / torch.where(high > low, high - low, 1.0), columns(len(w)), pad)


def columns(count: int) -> int:
    return math.isqrt(count - 1) + 1


def on_grid(tiles: Tensor, across: int, pad: int, fill: float = 0.0) -> Tensor:
    """Tiles (F, C, KH, KW) in rows of so many, with `pad` pixels around each: shape (C, H, W)."""
    count, channels, kh, kw = tiles.shape
    down = -(-count // across)
    image = tiles.new_full((channels, down * (kh + pad) + pad, across * (kw + pad) + pad), fill)
    for index, tile in enumerate(tiles):
        top, left = (pad + place * (side + pad) for place, side in zip(divmod(index, across), (kh, kw), strict=True))
        image[:, top : top + kh, left : left + kw] = tile
    return image


def topk_error(logits: Tensor, y: Tensor, k: int) -> Tensor:
    """The share of labels y (N,) that are not among the k highest of logits (N, K)."""
    return 1 - (logits.topk(k).indices == y[:, None]).any(1).to(logits.dtype).mean()


def confusion_set(prob: Tensor, y: Tensor, k: int) -> Tensor:
    """The k other classes that get the highest mean of prob (N, K) on images of each class: (K, k). -1 if no image."""
    return most_confused(class_means(prob, y), k)


def class_means(prob: Tensor, y: Tensor) -> Tensor:
    """The mean of prob over the images of each class: (K, K), nan for a class without images."""
    return torch.stack([prob[y == label].mean(0) for label in range(prob.shape[1])])


def most_confused(means: Tensor, k: int) -> Tensor:
    """The k largest of each row besides the diagonal; -1 in rows of nan."""
    others = means.clone().fill_diagonal_(-torch.inf).nan_to_num(nan=-torch.inf)
    best = others.argsort(dim=1, descending=True, stable=True)[:, :k]
    return torch.where(means.isnan().any(1, keepdim=True), -1, best)
