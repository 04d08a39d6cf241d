"""Oracle for convnets/augmentation."""

from typing import Any

import torch
from torch import Tensor

Fill = float | str


def flip_lr(x: Tensor) -> Tensor:
    """Images (N, C, H, W) with left and right exchanged."""
    return x.flip(3)


def shift(x: Tensor, dy: int, dx: int, fill: Fill) -> Tensor:
    """Images (N, C, H, W) moved down by dy rows and right by dx columns."""
    rows, columns = _grid(x)
    return pixels(x, rows - dy, columns - dx, fill)


def affine(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    """Images (N, C, H, W), where out[i, j] is x at the position `matrix @ (i, j, 1)`, bilinear."""
    rows, columns = _grid(x)
    at = torch.stack([rows + 0 * columns, 0 * rows + columns, torch.ones_like(rows + columns)]).to(matrix)
    row, column = torch.einsum("ab,bij->aij", matrix, at)
    top, left = row.floor(), column.floor()
    down, right = row - top, column - left
    out = torch.zeros_like(x)
    for i, row_weight in ((0, 1 - down), (1, down)):
        for j, column_weight in ((0, 1 - right), (1, right)):
            out = out + row_weight * column_weight * pixels(x, top.long() + i, left.long() + j, fill)
    return out


def channel_shift(x: Tensor, offsets: Tensor, low: float = 0.0, high: float = 255.0) -> Tensor:
    """offsets (C,) added to the channels of x (N, C, H, W), clipped to [low, high]."""
    return (x + offsets[:, None, None]).clamp(low, high)


def channel_stats(x_train: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each channel of x_train (N, C, H, W): two of shape (C,)."""
    return x_train.mean((0, 2, 3)), x_train.std((0, 2, 3), correction=0)


def normalise(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """(x - mean) / std by channel, of shape (N, C, H, W); where std is 0, x - mean."""
    return (x - mean[:, None, None]) / torch.where(std == 0, 1.0, std)[:, None, None]


def tta_average(probabilities: Tensor) -> Tensor:
    """Mean over the views of probabilities (V, N, K): shape (N, K)."""
    return probabilities.mean(0)


def about_centre(angle: Tensor, zoom: Tensor, height: int, width: int) -> Tensor:
    """For each of n angles (radians) and zooms, the matrix that turns and scales about the centre: (n, 2, 3)."""
    c, s = zoom * angle.cos(), zoom * angle.sin()
    linear = torch.stack([torch.stack([c, -s], -1), torch.stack([s, c], -1)], -2)
    centre = torch.tensor([(height - 1) / 2, (width - 1) / 2], dtype=linear.dtype, device=linear.device)
    return torch.cat([linear, (centre - linear @ centre)[..., None]], -1)


def random_params(generator: torch.Generator, config: dict[str, Any]) -> dict[str, Tensor]:
    """Parameters for config["n"] images: flip, dy, dx, offsets and matrix, each with n rows."""
    n, height, width = config["n"], config["height"], config["width"]

    def uniform(limit: float, *shape: int) -> Tensor:
        drawn = torch.rand(n, *shape, generator=generator, dtype=torch.float64)
        return limit * (2 * drawn - 1)

    def steps(limit: int) -> Tensor:
        return torch.randint(-limit, limit + 1, (n,), generator=generator)

    angle = torch.deg2rad(uniform(config["rotation"]))
    return {
        "flip": (uniform(1) < 0) & torch.tensor(config["horizontal_flip"]),
        "dy": steps(int(config["height_shift"] * height)),
        "dx": steps(int(config["width_shift"] * width)),
        "offsets": uniform(config["channel_shift"], config["channels"]),
        "matrix": about_centre(angle, 1 + uniform(config["zoom"]), height, width),
    }


def _grid(x: Tensor) -> tuple[Tensor, Tensor]:
    """Row and column numbers of an image, of shapes (H, 1) and (1, W)."""
    height, width = x.shape[2:]
    return torch.arange(height, device=x.device)[:, None], torch.arange(width, device=x.device)[None]


def pixels(x: Tensor, rows: Tensor, columns: Tensor, fill: Fill) -> Tensor:
    """x at whole rows and columns, which may lie outside the image."""
    height, width = x.shape[2:]
    seen = x[:, :, rows.clamp(0, height - 1), columns.clamp(0, width - 1)]
    if isinstance(fill, str):
        return seen
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    return torch.where(inside, seen, float(fill))
