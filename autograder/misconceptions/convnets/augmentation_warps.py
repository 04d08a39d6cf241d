"""Mistakes of convnets/augmentation in moving pixels: flip_lr, shift and affine."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from autograder.model import Misconception
from reference.convnets import augmentation as right

Fill = float | str
Round = Callable[[Tensor], Tensor]


def _flip(*axes: int) -> dict[str, Callable[..., Any]]:
    return {"flip_lr": lambda x: x.flip(*axes)}


def _shift(model: Callable[..., Tensor]) -> dict[str, Callable[..., Any]]:
    return {"shift": model}


def _affine(model: Callable[..., Tensor]) -> dict[str, Callable[..., Any]]:
    return {"affine": model}


@numpy_errors()
def _slices(x: Tensor, dy: int, dx: int, fill: Fill) -> Tensor:
    """As `out[:, :, dy:, dx:] = x[:, :, :-dy, :-dx]` has it."""
    out = torch.zeros_like(x) if fill == "nearest" else torch.full_like(x, float(fill))
    out[:, :, dy:, dx:] = x[:, :, : -dy or 0, : -dx or 0]
    return out


def _reflected(x: Tensor, dy: int, dx: int, fill: Fill) -> Tensor:
    """The image goes on as in a mirror that stands on its edge."""
    if fill != "nearest":
        return right.shift(x, dy, dx, fill)
    height, width = x.shape[2:]
    rows, columns = (torch.arange(size) - step for size, step in ((height, dy), (width, dx)))
    return x[:, :, _mirrored(rows, height)[:, None], _mirrored(columns, width)]


def _mirrored(at: Tensor, size: int) -> Tensor:
    at = at % (2 * size)
    return torch.minimum(at, 2 * size - 1 - at)


def _nearest_as(x: Tensor, dy: int, dx: int, fill: Fill) -> Tensor:
    return right.shift(x, dy, dx, 0.0 if fill == "nearest" else fill)


def _swapped(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    """The matrix read as one for (column, row)."""
    return right.affine(x, matrix[[1, 0]][:, [1, 0, 2]], fill)


def _inverse(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    """The matrix read as where each pixel of x goes."""
    last = torch.tensor([[0.0, 0.0, 1.0]]).to(matrix)
    return right.affine(x, torch.linalg.inv(torch.cat([matrix, last]))[:2], fill)


def _transposed(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    return right.affine(x, torch.cat([matrix[:, :2].T, matrix[:, 2:]], 1), fill)


def _not_moved(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    return right.affine(x, matrix * torch.tensor([1.0, 1.0, 0.0]).to(matrix), fill)


def _about_centre(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    """Positions counted from the centre of the image."""
    centre = torch.tensor([(x.shape[2] - 1) / 2, (x.shape[3] - 1) / 2]).to(matrix)
    moved = matrix[:, 2] + centre - matrix[:, :2] @ centre
    return right.affine(x, torch.cat([matrix[:, :2], moved[:, None]], 1), fill)


def _positions(x: Tensor, matrix: Tensor) -> tuple[Tensor, Tensor]:
    i, j = torch.meshgrid(*(torch.arange(size).to(matrix) for size in x.shape[2:]), indexing="ij")
    row, column = (a * i + b * j + c for a, b, c in matrix)
    return row, column


def _one_pixel(rounded: Round) -> Callable[..., Tensor]:
    """One pixel in place of the mean of four."""

    def model(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
        row, column = _positions(x, matrix)
        return right.pixels(x, rounded(row).long(), rounded(column).long(), fill)

    return model


def _bilinear(x: Tensor, row: Tensor, column: Tensor, fill: Fill, start: Round = torch.floor) -> Tensor:
    top, left = start(row), start(column)
    down, to_the_right = row - top, column - left
    top, left = top.long(), left.long()
    upper = (1 - to_the_right) * right.pixels(x, top, left, fill)
    upper = upper + to_the_right * right.pixels(x, top, left + 1, fill)
    lower = (1 - to_the_right) * right.pixels(x, top + 1, left, fill)
    lower = lower + to_the_right * right.pixels(x, top + 1, left + 1, fill)
    return (1 - down) * upper + down * lower


def _truncated(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    return _bilinear(x, *_positions(x, matrix), fill, torch.trunc)


def _weights_exchanged(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    """The far neighbours get the weights of the near ones."""
    row, column = _positions(x, matrix)
    return _bilinear(x, 2 * row.floor() + 1 - row, 2 * column.floor() + 1 - column, fill)


def _all_or_nothing(x: Tensor, matrix: Tensor, fill: Fill) -> Tensor:
    """fill for every position outside the pixels' centres, even if two of its neighbours are in the image."""
    if isinstance(fill, str):
        return right.affine(x, matrix, fill)
    row, column = _positions(x, matrix)
    inside = (row >= 0) & (row <= x.shape[2] - 1) & (column >= 0) & (column <= x.shape[3] - 1)
    return torch.where(inside, right.affine(x, matrix, "nearest"), float(fill))


WARPS = (
    Misconception(
        "flipped-upside-down",
        "You turn the images upside down: you reverse the rows.",
        "Left and right are exchanged along a row: reverse the last axis, that of the columns.",
        _flip(2),
        "AU1",
    ),
    Misconception(
        "turned-half-round",
        "You reverse rows and columns, which turns the images by half a turn.",
        "A mirror image keeps top and bottom: reverse the last axis only.",
        _flip(2, 3),
    ),
    Misconception(
        "channels-reversed",
        "You reverse the channels: red becomes blue.",
        "The axes are (N, C, H, W): the columns are the last.",
        _flip(1),
    ),
    Misconception(
        "images-reversed",
        "You reverse the order of the images.",
        "x[::-1] reverses axis 0, the images. The columns are the last axis.",
        _flip(0),
    ),
    Misconception(
        "shift-wraps-round",
        "You let pixels that leave the image on one side come back on the other.",
        "np.roll does that. What comes in is fill; what goes out is lost.",
        _shift(lambda x, dy, dx, fill: torch.roll(x, (dy, dx), (2, 3))),
        "AU3",
    ),
    Misconception(
        "dy-and-dx-exchanged",
        "You move rows by dx and columns by dy.",
        "dy counts rows (axis 2) and dx columns (axis 3).",
        _shift(lambda x, dy, dx, fill: right.shift(x, dx, dy, fill)),
    ),
    Misconception(
        "shifted-the-other-way",
        "You move the images up and left where down and right are asked for.",
        "out[i, j] = x[i - dy, j - dx]: what was in row 0 is in row dy afterwards.",
        _shift(lambda x, dy, dx, fill: right.shift(x, -dy, -dx, fill)),
    ),
    Misconception(
        "filled-with-zero",
        "You fill with 0, whatever fill says.",
        'fill is a number, or "nearest": use it where no pixel comes from.',
        _shift(lambda x, dy, dx, fill: right.shift(x, dy, dx, 0.0)),
    ),
    Misconception(
        "nearest-filled-with-zero",
        "You fill with 0 where the nearest pixel is asked for.",
        '"nearest" repeats the pixel of the edge: clip row and column numbers to the image.',
        _shift(_nearest_as),
    ),
    Misconception(
        "always-nearest",
        "You repeat the pixels of the edge, whatever fill says.",
        'Clipping row and column numbers is right for "nearest". A number takes the place of pixels outside.',
        _shift(lambda x, dy, dx, fill: right.shift(x, dy, dx, "nearest")),
    ),
    Misconception(
        "nearest-as-mirror",
        "You continue the image as in a mirror, where the nearest pixel is asked for.",
        '"nearest" repeats the one pixel at the edge: that is np.pad\'s mode "edge", not "symmetric".',
        _shift(_reflected),
    ),
    Misconception(
        "slices-from-minus-zero",
        "You cut with slices such as x[:, :, :-dy], which go wrong when dy or dx is 0 or below.",
        "-0 is 0, and x[:0] is empty; a move up needs the slices the other way round. Or index rows by i - dy.",
        _shift(_slices),
    ),
    Misconception(
        "rows-only",
        "You move the images up or down, but not sideways.",
        "dx moves the columns, axis 3.",
        _shift(lambda x, dy, dx, fill: right.shift(x, dy, 0, fill)),
    ),
    Misconception(
        "matrix-read-the-other-way",
        "You read the matrix as where each pixel of x goes.",
        "It says where each pixel of out comes from: out[i, j] = x at matrix @ (i, j, 1).",
        _affine(_inverse),
    ),
    Misconception(
        "columns-before-rows",
        "You take the matrix as one for (column, row).",
        "Positions are (row, column) here: the first line of the matrix gives the row.",
        _affine(_swapped),
    ),
    Misconception(
        "matrix-transposed",
        "You multiply by the transpose of the matrix.",
        "row = matrix[0, 0] * i + matrix[0, 1] * j + matrix[0, 2]: a line of the matrix for each coordinate.",
        _affine(_transposed),
    ),
    Misconception(
        "last-column-ignored",
        "You leave out the last column of the matrix.",
        "matrix @ (i, j, 1): the last column is multiplied by 1 and moves the image.",
        _affine(_not_moved),
    ),
    Misconception(
        "counted-from-the-centre",
        "You count positions from the centre of the image.",
        "The pixel at the top left is at (0, 0). Whoever wants to turn about the centre puts that into the matrix.",
        _affine(_about_centre),
    ),
    Misconception(
        "nearest-pixel-only",
        "You take the pixel that is nearest to the position.",
        "A position between pixels takes the mean of four, weighted by how near each is.",
        _affine(_one_pixel(torch.round)),
    ),
    Misconception(
        "upper-left-pixel-only",
        "You take the pixel to the upper left of the position.",
        "A position between pixels takes the mean of four, weighted by how near each is.",
        _affine(_one_pixel(torch.floor)),
    ),
    Misconception(
        "weights-exchanged",
        "You give the far neighbours the weights of the near ones.",
        "With d the step from the upper to the position, the upper neighbour weighs 1 - d and the lower one d.",
        _affine(_weights_exchanged),
    ),
    Misconception(
        "positions-cut-towards-zero",
        "You round positions towards 0, so that the upper neighbour of -0.25 is 0 and not -1.",
        "int() and astype(int) cut off; np.floor rounds down, for numbers below zero too.",
        _affine(_truncated),
    ),
    Misconception(
        "warp-always-nearest",
        "You clip positions to the image, whatever fill says.",
        'Clipping is right for "nearest". A number takes the place of each neighbour that is outside.',
        _affine(lambda x, matrix, fill: right.affine(x, matrix, "nearest")),
    ),
    Misconception(
        "warp-filled-with-zero",
        "You take 0 for what is outside the image, whatever fill says.",
        'fill is a number, or "nearest": use it for each neighbour that is outside.',
        _affine(lambda x, matrix, fill: right.affine(x, matrix, 0.0)),
    ),
    Misconception(
        "fill-for-the-whole-position",
        "You use fill for every position that is not between the centres of pixels.",
        "Neighbours count one by one: just outside the edge, half of the four may still be pixels of the image.",
        _affine(_all_or_nothing),
    ),
)
