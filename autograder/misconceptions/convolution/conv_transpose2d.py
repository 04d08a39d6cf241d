"""Mistakes of convolution/conv_transpose2d: the forward pass and the filter here, the backward pass beside it."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.convolution.conv_transpose2d_backward import BACKWARD
from autograder.misconceptions.convolution.conv_transpose2d_canvas import (
    Model,
    Size,
    Wrong,
    canvas,
    canvas_size,
    cut,
    spread,
    stamp,
)
from autograder.misconceptions.convolution.conv_transpose2d_kernel import KERNEL
from autograder.misconceptions.numpy_like import numpy_errors
from autograder.model import Misconception
from reference.convolution.conv_transpose2d import conv_transpose2d_forward
from reference.gradients import vjp

Drawing = Callable[[Tensor, Tensor, int, int], Tensor]


def _forward(model: Model) -> Wrong:
    return {"conv_transpose2d_forward": model}


def _both(model: Model) -> Wrong:
    """A wrong forward pass, and the backward pass that makes the same mistake."""

    def backward(dout: Tensor, x: Tensor, w: Tensor, **options: int) -> tuple[Tensor, Tensor, Tensor]:
        inputs = {"x": x, "w": w, "b": w.new_zeros(w.shape[1])}
        found = vjp(model, inputs, ("x", "w", "b"), (dout,), **options)
        return found["x"], found["w"], found["b"]

    return {"conv_transpose2d_forward": model, "conv_transpose2d_backward": backward}


def _drawn(draw: Drawing) -> Model:
    """A forward pass with its own canvas, made of x, w, stride and output_padding."""

    def model(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
        return cut(draw(x, w, stride, output_padding), padding) + spread(b)

    return model


def _cut_by(cut_off: Callable[[Tensor, int, int], Tensor]) -> Model:
    """A forward pass that has its own way to cut the canvas, given padding and output_padding."""

    def model(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
        return cut_off(canvas(x, w, stride, output_padding), padding, output_padding) + spread(b)

    return model


def _sized(size: Callable[[Tensor, Tensor, int, int], Size]) -> Model:
    """A forward pass with its own formula for the size of the canvas."""
    return _drawn(lambda x, w, s, extra: stamp(x, w, size(x, w, s, extra), (s, s)))


def _stepping(step: Callable[[int], Size]) -> Model:
    """A forward pass that puts its stamps elsewhere on the right canvas."""
    return _drawn(lambda x, w, s, extra: stamp(x, w, canvas_size(x, w, s, extra), step(s)))


def _changed(change: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]) -> Model:
    """The right forward pass of wrong x, w and b."""
    return lambda x, w, b, **options: conv_transpose2d_forward(*change(x, w, b), **options)


def _without_kernel(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0, **rest: int) -> Tensor:
    out = conv_transpose2d_forward(x, w, b, stride, padding, **rest)
    height, width = (out.shape[a] - w.shape[a] for a in (2, 3))
    if min(height, width) < 0:
        raise ValueError("negative dimensions are not allowed")
    return out[:, :, :height, :width]


def _stride_times(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0, **rest: int) -> Tensor:
    drawn = canvas(x, w, stride, stride)[:, :, padding:, padding:]
    return drawn[:, :, : x.shape[2] * stride, : x.shape[3] * stride] + spread(b)


def _bias_in_every_stamp(x: Tensor, w: Tensor, b: Tensor, **options: int) -> Tensor:
    without = torch.zeros_like(b)
    stamps = conv_transpose2d_forward(torch.ones_like(x[:, :1]), torch.ones_like(w[:1]), without, **options)
    return conv_transpose2d_forward(x, w, without, **options) + stamps * spread(b)


def _normalised(x: Tensor, w: Tensor, stride: int, extra: int) -> Tensor:
    stamps = canvas(torch.ones_like(x[:, :1]), torch.ones_like(w[:1]), stride, extra)
    return canvas(x, w, stride, extra) / stamps.clamp(min=1)


def _repeated(x: Tensor, w: Tensor, stride: int, extra: int) -> Tensor:
    larger = x.repeat_interleave(stride, 2).repeat_interleave(stride, 3)
    rows, columns = canvas_size(x, w, stride)
    return F.pad(canvas(larger, w, 1)[:, :, :rows, :columns], (0, extra, 0, extra))


def _filters_first(x: Tensor, w: Tensor, b: Tensor, **options: int) -> Tensor:
    if w.shape[0] != w.shape[1]:
        raise ValueError("shapes do not match")
    return conv_transpose2d_forward(x, w.transpose(0, 1), b, **options)


def _kernel_transposed(x: Tensor, w: Tensor, b: Tensor, **options: int) -> Tensor:
    if w.shape[2] != w.shape[3]:
        raise ValueError("shapes do not match")
    return conv_transpose2d_forward(x, w.mT, b, **options)


@numpy_errors()
def _ordinary(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
    return F.conv2d(x, w.transpose(0, 1), b, stride, padding)


def _framed(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Tensor:
    return F.pad(canvas(x, w, stride, output_padding) + spread(b), (padding,) * 4)


def _zeros_after_bias(x: Tensor, w: Tensor, b: Tensor, output_padding: int = 0, **options: int) -> Tensor:
    return F.pad(conv_transpose2d_forward(x, w, b, **options), (0, output_padding, 0, output_padding))


def _from_zero(drawn: Tensor, padding: int, extra: int) -> Tensor:
    return drawn[:, :, : drawn.shape[2] - 2 * padding, : drawn.shape[3] - 2 * padding]


def _zeros_after_cut(drawn: Tensor, padding: int, extra: int) -> Tensor:
    whole = drawn[:, :, : drawn.shape[2] - extra, : drawn.shape[3] - extra]
    if min(whole.shape[2:]) < 2 * padding:
        raise ValueError("negative dimensions are not allowed")
    return F.pad(cut(whole, padding), (0, extra, 0, extra))


def _like_the_height(x: Tensor, w: Tensor, stride: int, extra: int) -> Size:
    return (canvas_size(x, w, stride, extra)[0],) * 2


def _kernel_height(x: Tensor, w: Tensor, stride: int, extra: int) -> Size:
    return canvas_size(x, w, stride, extra)[0], (x.shape[3] - 1) * stride + w.shape[2] + extra


FORWARD = (
    Misconception(
        "size-without-kernel",
        "You leave the size of the filter out of the output size.",
        "The last stamp starts at (H - 1) * stride and is KH rows high: add KH, and KW for the width.",
        _forward(_without_kernel),
        "CT01",
    ),
    Misconception(
        "size-is-stride-times",
        "You make the output exactly `stride` times as large as the image.",
        "That holds for some paddings only: the size is (H - 1) * stride - 2 * padding + KH + output_padding.",
        _forward(_stride_times),
    ),
    Misconception(
        "flipped-kernel",
        "You turn the filter round.",
        "A stamp shows the filter as it is: w[k, l] lands at row i * stride + k, column j * stride + l. Only who "
        "spreads out the image and convolves it has to turn the filter.",
        _both(_changed(lambda x, w, b: (x, w.flip(2, 3), b))),
        "CT02",
    ),
    Misconception(
        "stamps-overwritten",
        "You let each stamp overwrite what is already on the canvas.",
        "Where stamps overlap they add up: += instead of =.",
        _forward(_drawn(lambda x, w, s, e: stamp(x, w, canvas_size(x, w, s, e), (s, s), add=False))),
        "CT03",
    ),
    Misconception(
        "padding-adds-a-frame",
        "You put a frame of zeros around the output.",
        "Here padding makes the output smaller: it is what the convolution before added, so it is cut off again.",
        _forward(_framed),
        "CT04",
    ),
    Misconception(
        "padding-forgotten",
        "You cut nothing off the canvas, whatever padding says.",
        "`padding` rows and columns are cut off each side of the canvas: H' has the term -2 * padding.",
        _forward(_cut_by(lambda drawn, padding, extra: drawn)),
    ),
    Misconception(
        "crop-up-to-minus-padding",
        "You cut the canvas with [padding:-padding], which leaves nothing when padding is 0.",
        "-0 is 0, and x[0:0] is empty. Say where the output ends instead: at the size of the canvas - padding.",
        _forward(_cut_by(lambda drawn, p, extra: drawn[:, :, p:-p, p:-p])),
    ),
    Misconception(
        "crop-from-zero",
        "You keep the first H' rows and W' columns of the canvas.",
        "Pixel (0, 0) of the output is pixel (padding, padding) of the canvas: both sides lose `padding`.",
        _forward(_cut_by(_from_zero)),
    ),
    Misconception(
        "crop-at-the-start-only",
        "You cut the padding off the first rows and columns only.",
        "`padding` counts on each side: the canvas loses 2 * padding rows, and as many columns.",
        _forward(_cut_by(lambda drawn, p, extra: drawn[:, :, p:, p:])),
    ),
    Misconception(
        "filters-before-channels",
        "You take w for (F, C, KH, KW), as in conv2d.",
        "Here w has shape (C, F, KH, KW): the channels that come in are first, since x meets them first.",
        _forward(_filters_first),
        "CT05",
    ),
    Misconception(
        "pixels-repeated",
        "You enlarge the image by repeating its pixels before the filter comes.",
        "Between two pixels there are stride - 1 zeros: each pixel leaves one stamp, not stride * stride of them.",
        _forward(_drawn(_repeated)),
        "CT06",
    ),
    Misconception(
        "divided-by-overlap",
        "You divide each pixel by the number of stamps that reach it.",
        "This is the transpose of a convolution, not its inverse: stamps add up, and that is all.",
        _forward(_drawn(_normalised)),
        "CT07",
    ),
    Misconception(
        "ordinary-convolution",
        "You compute an ordinary convolution with this stride and padding.",
        "A transposed convolution makes the image larger: each pixel of x writes a whole window of the output.",
        _forward(_ordinary),
    ),
    Misconception(
        "stride-zeros-between",
        "You put `stride` zeros between the pixels.",
        "Neighbours end up `stride` apart: there are stride - 1 zeros between them, none for stride 1.",
        _forward(_drawn(lambda x, w, s, extra: canvas(x, w, s + 1, extra))),
    ),
    Misconception(
        "stride-not-in-index",
        "You put the stamps one pixel apart, whatever the stride.",
        "The stamp of pixel (i, j) starts at row i * stride and column j * stride of the canvas.",
        _both(_stepping(lambda s: (1, 1))),
    ),
    Misconception(
        "stride-on-rows-only",
        "You multiply by the stride in the row index only.",
        "The stamp of pixel (i, j) starts at column j * stride too.",
        _both(_stepping(lambda s: (s, 1))),
    ),
    Misconception(
        "output-padding-forgotten",
        "You leave out output_padding.",
        "It makes the canvas larger at its end: H' has the term + output_padding.",
        _forward(lambda x, w, b, output_padding=0, **options: conv_transpose2d_forward(x, w, b, **options)),
    ),
    Misconception(
        "output-padding-at-the-start",
        "You put output_padding above and to the left.",
        "The canvas gets longer at its end: the first stamp still starts in its first row and column.",
        _forward(_drawn(lambda x, w, s, extra: F.pad(canvas(x, w, s), (extra, 0, extra, 0)))),
    ),
    Misconception(
        "output-padding-after-the-crop",
        "You append zeros for output_padding once the canvas has been cut.",
        "Make the canvas larger first and cut it then: with padding, the last rows show more of the stamps.",
        _forward(_cut_by(_zeros_after_cut)),
    ),
    Misconception(
        "output-padding-of-zeros",
        "You append zeros for output_padding to the finished output.",
        "output_padding makes the canvas larger: its rows may show stamps, if padding is cut off, and get the bias.",
        _forward(_zeros_after_bias),
    ),
    Misconception(
        "bias-forgotten",
        "You leave out the bias.",
        "Add b[f] to every position of feature map f, at the end.",
        _forward(_changed(lambda x, w, b: (x, w, torch.zeros_like(b)))),
    ),
    Misconception(
        "bias-per-channel",
        "You add the bias once for each input channel.",
        "b[f] stands outside the sum over c: add it once, after the loop over the channels.",
        _forward(_changed(lambda x, w, b: (x, w, b * x.shape[1]))),
    ),
    Misconception(
        "bias-in-every-stamp",
        "You add the bias with every stamp.",
        "Each position of the output gets b[f] once, stamped or not: add it to the finished canvas.",
        _forward(_bias_in_every_stamp),
    ),
    Misconception(
        "first-channel-only",
        "You use the first channel of the image only.",
        "Every channel leaves its own stamps on the canvas: sum over c.",
        _both(_changed(lambda x, w, b: (x[:, :1], w[:1], b))),
    ),
    Misconception(
        "kernel-transposed",
        "You exchange the rows and columns of the filter.",
        "w[c, f, k, l]: k counts rows and l columns, as in the shape (C, F, KH, KW).",
        _forward(_kernel_transposed),
    ),
    Misconception(
        "square-output",
        "You make the output as wide as it is high.",
        "H' and W' each follow from their own axis: an image need not be square.",
        _forward(_sized(_like_the_height)),
    ),
    Misconception(
        "width-from-kernel-height",
        "You compute the output width with the height of the filter.",
        "W' goes with KW, as H' goes with KH: a filter need not be square.",
        _forward(_sized(_kernel_height)),
    ),
)

MISCONCEPTIONS = (*FORWARD, *BACKWARD, *KERNEL)
