"""Known mistakes of vision/inspection: filters as a picture."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.vision.inspection import columns, on_grid


def _range(w: Tensor, *axes: int) -> Tensor:
    """From 0 to 1 over these axes; 0 where all numbers are the same."""
    low, high = w.amin(axes, keepdim=True), w.amax(axes, keepdim=True)
    return (w - low) / torch.where(high > low, high - low, 1.0)


def _each(w: Tensor) -> Tensor:
    return _range(w, 1, 2, 3)


def _tiles(
    scale: Callable[[Tensor], Tensor] = _each, across: Callable[[int], int] = columns
) -> dict[str, Callable[..., Any]]:
    """Tiles with numbers of another `scale`, or so many `across`."""
    return {"tile_filters": lambda w, pad=1: on_grid(scale(w), across(len(w)), pad)}


def _undivided(w: Tensor) -> Tensor:
    low, high = w.amin((1, 2, 3), keepdim=True), w.amax((1, 2, 3), keepdim=True)
    return (w - low) / (high - low)


def _by_size(w: Tensor) -> Tensor:
    """Zero in the middle, at 1/2."""
    return 0.5 + w / (2 * w.abs().amax((1, 2, 3), keepdim=True))


def _column_by_column(w: Tensor, pad: int = 1) -> Tensor:
    across = columns(len(w))
    down = -(-len(w) // across)
    tiles = w.new_zeros(across * down, *w.shape[1:])
    tiles[: len(w)] = _each(w)
    by_columns = tiles.reshape(across, down, *w.shape[1:]).transpose(0, 1)
    return on_grid(by_columns.flatten(0, 1), across, pad)


def _no_frame(w: Tensor, pad: int = 1) -> Tensor:
    image = on_grid(_each(w), columns(len(w)), pad)
    return image[:, pad : image.shape[1] - pad, pad : image.shape[2] - pad]


def _frame_after(w: Tensor, pad: int = 1) -> Tensor:
    return on_grid(_each(w), columns(len(w)), pad)[:, pad:, pad:]


def _full_square(w: Tensor, pad: int = 1) -> Tensor:
    across = columns(len(w))
    tiles = w.new_zeros(across**2, *w.shape[1:])
    tiles[: len(w)] = _each(w)
    return on_grid(tiles, across, pad)


TILES = (
    Misconception(
        "all-filters-on-one-scale",
        "You scale all filters together.",
        "A filter with small numbers would be invisible: each has its own smallest and largest number.",
        _tiles(lambda w: _range(w, 0, 1, 2, 3)),
    ),
    Misconception(
        "each-channel-on-its-own-scale",
        "You scale each channel of a filter on its own.",
        "That changes its colours: smallest and largest are taken over all channels of the filter.",
        _tiles(lambda w: _range(w, 2, 3)),
    ),
    Misconception(
        "filters-not-scaled",
        "You show the filters as they are.",
        "Subtract the smallest number, then divide by the range, so that a tile goes from 0 to 1.",
        _tiles(lambda w: w),
    ),
    Misconception(
        "divided-by-largest",
        "You divide by the largest number instead of by the range.",
        "Subtract the smallest number, then divide by the largest minus the smallest.",
        _tiles(lambda w: (w - w.amin((1, 2, 3), keepdim=True)) / w.abs().amax((1, 2, 3), keepdim=True)),
    ),
    Misconception(
        "zero-in-the-middle",
        "You scale so that 0 lies at one half.",
        "The smallest number becomes 0, and the largest 1.",
        _tiles(_by_size),
    ),
    Misconception(
        "constant-filter-divided",
        "You divide 0 by 0 where all numbers of a filter are the same.",
        "Such a filter has no range to divide by: its tile is 0.",
        _tiles(_undivided),
    ),
    Misconception(
        "filled-column-by-column",
        "You fill the grid column by column.",
        "Row by row: filter 1 is to the right of filter 0.",
        {"tile_filters": _column_by_column},
    ),
    Misconception(
        "too-few-columns",
        "You round the root of the number of filters down.",
        "The grid has the smallest number of columns whose square is at least F: round up.",
        _tiles(across=math.isqrt),
    ),
    Misconception(
        "all-in-one-row",
        "You put all filters into one row.",
        "They fill a grid that is as square as can be.",
        _tiles(across=lambda count: count),
    ),
    Misconception(
        "rows-without-filters",
        "You make as many rows as columns, even if no filter is left for the last.",
        "As many rows as are needed: F divided by the columns, rounded up.",
        {"tile_filters": _full_square},
    ),
    Misconception(
        "no-pad-around",
        "You leave out the pad around the tiles.",
        "There are pads between tiles and all around them: one more than there are tiles, in both directions.",
        {"tile_filters": _no_frame},
    ),
    Misconception(
        "pad-after-tiles-only",
        "You put the pad behind each tile only.",
        "There is one in front of the first tile too, above and to the left.",
        {"tile_filters": _frame_after},
    ),
    Misconception(
        "pad-always-1",
        "You leave one pixel between tiles, whatever pad says.",
        "pad is an option: 1 is only what it is when nobody says otherwise.",
        {"tile_filters": lambda w, pad=1: on_grid(_each(w), columns(len(w)), 1)},
    ),
    Misconception(
        "pad-of-ones",
        "You fill the pad, and places without a filter, with 1.",
        "They are 0.",
        {"tile_filters": lambda w, pad=1: on_grid(_each(w), columns(len(w)), pad, 1.0)},
    ),
    Misconception(
        "tiles-transposed",
        "You exchange the rows and columns of each filter.",
        "A tile is KH high and KW wide.",
        {"tile_filters": lambda w, pad=1: on_grid(_each(w).transpose(2, 3), columns(len(w)), pad)},
    ),
)
