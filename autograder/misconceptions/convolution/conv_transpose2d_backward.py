"""Mistakes of convolution/conv_transpose2d in the backward pass."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.convolution.conv_transpose2d_canvas import (
    Gradients,
    Wrong,
    canvas_size,
    dw_from,
    dx_from,
    on_canvas,
    right_backward,
)
from autograder.model import Misconception

Result = Callable[[Tensor, Tensor, Tensor, dict[str, int]], Tensor]


def _wrong(**results: Result) -> Wrong:
    """A backward pass that is right but for the results given, each from dout, x, w and the options."""

    def backward(dout: Tensor, x: Tensor, w: Tensor, **options: int) -> Gradients:
        found = dict(zip(("dx", "dw", "db"), right_backward(dout, x, w, **options), strict=True))
        found |= {name: result(dout, x, w, options) for name, result in results.items()}
        return found["dx"], found["dw"], found["db"]

    return {"conv_transpose2d_backward": backward}


def _spread(dout: Tensor, x: Tensor, w: Tensor, options: dict[str, int]) -> Tensor:
    return on_canvas(dout, x, w, **{"stride": 1, "padding": 0, "output_padding": 0, **options})


def _not_moved(dout: Tensor, x: Tensor, w: Tensor, options: dict[str, int]) -> Tensor:
    """dout in the corner of its canvas, where it would be without padding."""
    rows, columns = canvas_size(x, w, options["stride"], options["output_padding"])
    return F.pad(dout, (0, columns - dout.shape[3], 0, rows - dout.shape[2]))


def _dx(dout: Tensor, x: Tensor, w: Tensor, options: dict[str, int]) -> Tensor:
    return right_backward(dout, x, w, **options)[0]


def _dw(dout: Tensor, x: Tensor, w: Tensor, options: dict[str, int]) -> Tensor:
    return right_backward(dout, x, w, **options)[1]


def _dx_by_stamping(dout: Tensor, x: Tensor, w: Tensor, o: dict[str, int]) -> Tensor:
    return F.conv_transpose2d(dout, w.transpose(0, 1), stride=o["stride"])


def _dx_of_last_map(dout: Tensor, x: Tensor, w: Tensor, o: dict[str, int]) -> Tensor:
    return _dx(dout[:, -1:], x, w[:, -1:], o)


def _dx_not_by_stride(dout: Tensor, x: Tensor, w: Tensor, o: dict[str, int]) -> Tensor:
    return dx_from(_spread(dout, x, w, o), x, w, 1)


def _dw_not_by_stride(dout: Tensor, x: Tensor, w: Tensor, o: dict[str, int]) -> Tensor:
    return dw_from(_spread(dout, x, w, o), x, w, 1)


BACKWARD = (
    Misconception(
        "dx-by-stamping-again",
        "You stamp dout with the filter once more to get dx, so that it grows instead of shrinking.",
        "Each pixel of x wrote one window of the canvas: dx[n, c, i, j] sums dout over that window, times w[c, f].",
        _wrong(dx=_dx_by_stamping),
    ),
    Misconception(
        "stride-forgotten-in-dx",
        "You read windows one pixel apart for dx, whatever the stride.",
        "Pixel (i, j) stamped at row i * stride, column j * stride: that is where dx collects.",
        _wrong(dx=_dx_not_by_stride),
    ),
    Misconception(
        "stride-forgotten-in-dw",
        "You read dout one pixel apart for dw, whatever the stride.",
        "dw[c, f, k, l] sums x[n, c, i, j] times what lies at row i * stride + k, column j * stride + l.",
        _wrong(dw=_dw_not_by_stride),
    ),
    Misconception(
        "dout-not-moved-by-padding",
        "You read dout as if nothing had been cut off the canvas.",
        "Pixel (0, 0) of dout belongs to pixel (padding, padding) of the canvas: put a frame around dout first.",
        _wrong(
            dx=lambda dout, x, w, o: dx_from(_not_moved(dout, x, w, o), x, w, o["stride"]),
            dw=lambda dout, x, w, o: dw_from(_not_moved(dout, x, w, o), x, w, o["stride"]),
        ),
    ),
    Misconception(
        "dx-with-turned-kernel",
        "You turn the filter round for dx.",
        "dx[n, c, i, j] sums dout at i * stride + k, j * stride + l times w[c, f, k, l]: the filter as it is.",
        _wrong(dx=lambda dout, x, w, o: _dx(dout, x, w.flip(2, 3), o)),
    ),
    Misconception(
        "dw-turned-round",
        "Your dw is turned round.",
        "dw[c, f, k, l] meets dout at i * stride + k, j * stride + l, with plus signs.",
        _wrong(dw=lambda dout, x, w, o: _dw(dout, x, w, o).flip(2, 3)),
    ),
    Misconception(
        "dw-filters-before-channels",
        "Your dw has the axes of conv2d, (F, C, KH, KW).",
        "dw has the shape of w, and here that is (C, F, KH, KW).",
        _wrong(dw=lambda dout, x, w, o: _dw(dout, x, w, o).transpose(0, 1)),
    ),
    Misconception(
        "first-filter-for-all-in-dx",
        "You use the filter of the first feature map for all of them in dx.",
        "dout[n, f] goes back through the filter that made it: w[:, f].",
        _wrong(dx=lambda dout, x, w, o: _dx(dout, x, w[:, :1].expand(w.shape).clone(), o)),
    ),
    Misconception(
        "dx-of-last-feature-map",
        "Your dx counts the last feature map only.",
        "Each pixel stamped every feature map: dx sums over f, += instead of =.",
        _wrong(dx=_dx_of_last_map),
    ),
    Misconception(
        "dw-of-last-image",
        "Your dw counts the last image only.",
        "Each image adds to dw: set it to zeros once, before the loop over images.",
        _wrong(dw=lambda dout, x, w, o: _dw(dout[-1:], x[-1:], w, o)),
    ),
    Misconception(
        "averaged-over-batch",
        "You divide dw and db by the number of images.",
        "The loss is whatever dout says; where it is a mean over the batch, dout has the 1/N in it already.",
        _wrong(
            dw=lambda dout, x, w, o: _dw(dout, x, w, o) / len(x),
            db=lambda dout, x, w, o: dout.sum((0, 2, 3)) / len(x),
        ),
    ),
    Misconception(
        "db-averaged",
        "You average db over images, rows and columns.",
        "b[f] is added at every position of every image, and each sends its gradient: db[f] is their sum.",
        _wrong(db=lambda dout, *_: dout.mean((0, 2, 3))),
    ),
    Misconception(
        "db-of-each-position",
        "You sum over the images only in db.",
        "db has shape (F,): sum over rows and columns too, axes 0, 2 and 3 of dout.",
        _wrong(db=lambda dout, *_: dout.sum(0)),
    ),
    Misconception(
        "db-of-last-image",
        "Your db counts the last image only.",
        "Each image adds to db: look for an = in the loop over images where += should be.",
        _wrong(db=lambda dout, *_: dout[-1].sum((1, 2))),
    ),
    Misconception(
        "dout-ignored",
        "Your gradients do not depend on dout: you compute as if it were 1 everywhere.",
        "Each product contains dout[n, f, i, j], by the chain rule: double dout, and all gradients double.",
        {
            "conv_transpose2d_backward": lambda dout, *rest, **options: right_backward(
                torch.ones_like(dout), *rest, **options
            )
        },
    ),
)
