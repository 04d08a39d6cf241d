"""Mistakes of convolution/conv2d in the backward pass: often the gradient of a wrong forward loop."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from autograder.misconceptions.convolution.conv2d_loops import collect, send_back, slide
from autograder.model import Misconception
from reference.convolution.conv2d import conv2d_forward, pad2d
from reference.gradients import vjp

Gradients = tuple[Tensor, Tensor, Tensor]
Result = Callable[[Tensor, Tensor, Tensor, int, int], Tensor]


def _right(dout: Tensor, x: Tensor, w: Tensor, stride: int = 1, padding: int = 0) -> Gradients:
    inputs = {"x": x, "w": w, "b": w.new_zeros(len(w))}
    found = vjp(conv2d_forward, inputs, ("x", "w", "b"), (dout,), stride=stride, padding=padding)
    return found["x"], found["w"], found["b"]


def _wrong(**results: Result) -> Mapping[str, Callable[..., Gradients]]:
    """A backward pass that is right but for the results given, each from dout, x, w, stride and padding."""

    def backward(dout: Tensor, x: Tensor, w: Tensor, stride: int = 1, padding: int = 0) -> Gradients:
        found = dict(zip(("dx", "dw", "db"), _right(dout, x, w, stride, padding), strict=True))
        found |= {name: result(dout, x, w, stride, padding) for name, result in results.items()}
        return found["dx"], found["dw"], found["db"]

    return {"conv2d_backward": backward}


def _dx(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    return _right(dout, x, w, s, p)[0]


def _dw(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    return _right(dout, x, w, s, p)[1]


def _cropped(dxp: Tensor, x: Tensor, p: int) -> Tensor:
    return dxp[:, :, p : p + x.shape[2], p : p + x.shape[3]]


def _cut(slices: Callable[[int, int, int], tuple[slice, slice]]) -> Result:
    """dx cut out of its frame by slices made of padding, H and W."""

    def dx(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
        rows, columns = slices(p, x.shape[2], x.shape[3])
        return _dx(dout, pad2d(x, p), w, s, 0)[:, :, rows, columns]

    return dx


def _with_steps(name: str, step: Callable[[int], tuple[int, int]]) -> Result:
    """dx or dw from windows that lie `step` apart."""

    def result(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
        inputs = {"image": pad2d(x, p), "w": w, "b": w.new_zeros(len(w))}
        size = (dout.shape[2], dout.shape[3])
        found = vjp(lambda image, w, b: slide(image, w, b, size, step(s)), inputs, (name,), (dout,))[name]
        return _cropped(found, x, p) if name == "image" else found

    return result


def _cropped_into_array(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    if p == 0:
        raise ValueError("could not broadcast input array into shape")
    return _dx(dout, x, w, s, p)


def _dw_as_if_framed_at_the_end(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    image = x.new_zeros(pad2d(x, p).shape)
    image[:, :, : x.shape[2], : x.shape[3]] = x
    return _right(dout, image, w, s)[1]


def _dw_of_last_window(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    only_last = torch.zeros_like(dout)
    only_last[-1:, :, -1:, -1:] = dout[-1:, :, -1:, -1:]
    return _dw(only_last, x, w, s, p)


def _overwritten(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    return _cropped(send_back(dout, w, pad2d(x, p), s, w.shape[3], add=False), x, p)


def _in_square_windows(dout: Tensor, x: Tensor, w: Tensor, s: int, p: int) -> Tensor:
    return _cropped(send_back(dout, w, pad2d(x, p), s, w.shape[2], add=True), x, p)


BACKWARD = (
    Misconception(
        "crop-up-to-minus-padding",
        "You cut the frame off dx with [padding:-padding], which leaves nothing when padding is 0.",
        "-0 is 0, and x[0:0] is empty. Say where dx ends instead: padding + H, and padding + W.",
        _wrong(dx=_cut(lambda p, h, w: (slice(p, -p), slice(p, -p)))),
        "CB01",
    ),
    Misconception(
        "crop-up-to-minus-padding-into-array",
        "You copy [padding:-padding] into dx, and that slice is empty when padding is 0.",
        "-0 is 0, and x[0:0] is empty. Say where the slice ends instead: padding + H, and padding + W.",
        _wrong(dx=_cropped_into_array),
    ),
    Misconception(
        "crop-by-one",
        "You cut exactly one pixel off each side of dx.",
        "Cut off the frame that the forward pass put on: it is `padding` wide. Try padding=0 and padding=2.",
        _wrong(dx=_cut(lambda p, h, w: (slice(1, -1), slice(1, -1)))),
        "CB02",
    ),
    Misconception(
        "crop-width-with-height",
        "You cut the width of dx with the height of the image.",
        "The last axis of dx goes from padding to padding + W: an image need not be square.",
        _wrong(dx=_cut(lambda p, h, w: (slice(p, p + h), slice(p, p + h)))),
        "CB03",
    ),
    Misconception(
        "crop-height-with-width",
        "You cut the height of dx with the width of the image.",
        "The rows of dx go from padding to padding + H: an image need not be square.",
        _wrong(dx=_cut(lambda p, h, w: (slice(p, p + w), slice(p, p + w)))),
    ),
    Misconception(
        "crop-from-zero",
        "You keep the first H rows and W columns of the padded gradient.",
        "Pixel (0, 0) of x is pixel (padding, padding) of xp: dx starts there.",
        _wrong(dx=_cut(lambda p, h, w: (slice(h), slice(w)))),
    ),
    Misconception(
        "frame-left-on",
        "You return the gradient of the padded image, with its frame.",
        "dx has the shape of x: cut off what the padding added.",
        _wrong(dx=_cut(lambda p, h, w: (slice(None), slice(None)))),
    ),
    Misconception(
        "stride-not-in-dx",
        "You leave the stride out when you add up dx.",
        "Output (i, j) sends its gradient back to the window it read: that starts at i * stride, j * stride.",
        _wrong(dx=_with_steps("image", lambda s: (1, 1))),
        "CB04",
    ),
    Misconception(
        "stride-on-height-only-in-dx",
        "You leave the stride out of the columns when you add up dx.",
        "Output (i, j) sends its gradient back to the window it read: its columns start at j * stride.",
        _wrong(dx=_with_steps("image", lambda s: (s, 1))),
    ),
    Misconception(
        "stride-not-in-dw",
        "You leave the stride out when you add up dw.",
        "dout[n, f, i, j] multiplies the window that starts at i * stride, j * stride of the padded image.",
        _wrong(dw=_with_steps("w", lambda s: (1, 1))),
    ),
    Misconception(
        "dx-overwritten",
        "You let each window overwrite what earlier windows left in dx.",
        "A pixel that several windows read receives a gradient from each of them: += instead of =.",
        _wrong(dx=_overwritten),
        "CB05",
    ),
    Misconception(
        "dx-overwritten-by-each-filter",
        "You let each filter and each window overwrite what the others left in dx.",
        "Every filter that read a pixel, in every window, sends it a gradient: += instead of =.",
        _wrong(dx=lambda dout, x, w, *rest: _overwritten(dout[:, -1:], x, w[-1:], *rest)),
    ),
    # Slices that reach past the edge of x do not fit dw, so this mostly raises; the next tests each index.
    Misconception(
        "dw-from-unpadded-slices",
        "You take the windows for dw out of x, not out of the padded image.",
        "dw sums dout times the windows that the forward pass read, and it read them in xp.",
        _wrong(dw=lambda dout, x, w, s, p: collect(dout, x, w, s)),
        "CB06",
    ),
    Misconception(
        "dw-from-unpadded-image",
        "You count the windows for dw from the corner of x, not from the corner of the padded image.",
        "dw sums dout times the windows that the forward pass read, and it read them in xp.",
        _wrong(dw=_dw_as_if_framed_at_the_end),
    ),
    Misconception(
        "kernel-turned-in-dx",
        "You have the filter the wrong way round in dx.",
        "When you add w[f] * dout back to each window, w[f] is not turned. When you slide a filter over dout "
        "instead, it must be turned by 180 degrees.",
        _wrong(dx=lambda dout, x, w, s, p: _dx(dout, x, w.flip(2, 3), s, p)),
        "CB07",
    ),
    Misconception(
        "dw-reversed",
        "Your dw is right but for its order: its rows and columns run backwards.",
        "dw[f, c, k, l] sums dout[n, f, i, j] * xp[n, c, i * stride + k, j * stride + l]: slide dout "
        "over the image, not the image over dout.",
        _wrong(dw=lambda *args: _dw(*args).flip(2, 3)),
        "CB08",
    ),
    Misconception(
        "averaged-over-batch",
        "You divide dw and db by the number of images.",
        "The loss is whatever dout says; where it is a mean over the batch, dout has the 1/N in it already.",
        _wrong(
            dw=lambda dout, *rest: _dw(dout, *rest) / len(dout),
            db=lambda dout, *_: dout.sum((0, 2, 3)) / len(dout),
        ),
        "CB09",
    ),
    Misconception(
        "db-averaged-over-batch",
        "You divide db by the number of images.",
        "db[f] is a plain sum of dout over images, rows and columns.",
        _wrong(db=lambda dout, *_: dout.sum((0, 2, 3)) / len(dout)),
    ),
    Misconception(
        "dw-averaged-over-batch",
        "You divide dw by the number of images.",
        "dw is a plain sum over all windows of all images.",
        _wrong(dw=lambda dout, *rest: _dw(dout, *rest) / len(dout)),
    ),
    Misconception(
        "db-averaged-over-positions",
        "You take the mean over the positions in db.",
        "b[f] is added to every position, so each sends back its own gradient: db[f] is their sum.",
        _wrong(db=lambda dout, *_: dout.sum(0).mean((1, 2))),
        "CB10",
    ),
    Misconception(
        "db-averaged",
        "You take the mean over images and positions in db.",
        "b[f] is added to every output of filter f, so each sends back its own gradient: db[f] is their sum.",
        _wrong(db=lambda dout, *_: dout.mean((0, 2, 3))),
    ),
    Misconception(
        "db-of-last-image",
        "Your db counts the last image only.",
        "Each image adds to db: look for an = in the loop over images where += should be.",
        _wrong(db=lambda dout, *_: dout[-1].sum((1, 2))),
        "CB11",
    ),
    Misconception(
        "db-of-each-position",
        "You sum over the images only in db.",
        "db has shape (F,): sum over rows and columns too, axes 0, 2 and 3 of dout.",
        _wrong(db=lambda dout, *_: dout.sum(0)),
    ),
    Misconception(
        "db-with-spare-axes",
        "Your db has the right sums, in an array with extra axes of length 1.",
        "db has the shape of b, (F,): drop the axes that you summed over.",
        _wrong(db=lambda dout, *_: dout.sum((0, 2, 3), keepdim=True)),
    ),
    Misconception(
        "dw-of-last-image",
        "Your dw counts the last image only.",
        "Each image adds to dw: set it to zeros once, before the loop over images.",
        _wrong(dw=lambda dout, x, *rest: _dw(dout[-1:], x[-1:], *rest)),
        "CB12",
    ),
    Misconception(
        "dw-of-last-window",
        "You let each window overwrite dw, so that only the last one of the last image is left.",
        "A filter is used in every window and collects a gradient from each: += instead of =.",
        _wrong(dw=_dw_of_last_window),
    ),
    Misconception(
        "dout-ignored",
        "Your gradients do not depend on dout: you compute as if it were 1 everywhere.",
        "Each product contains dout[n, f, i, j], by the chain rule: double dout, and all gradients double.",
        {"conv2d_backward": lambda dout, *rest, **options: _right(torch.ones_like(dout), *rest, **options)},
        "CB13",
    ),
    Misconception(
        "first-filter-for-all-in-dx",
        "You use the first filter for every feature map in dx.",
        "dout[n, f] goes back through the filter that made it: w[f].",
        _wrong(dx=lambda dout, x, w, s, p: _dx(dout, x, w[:1].expand(w.shape).clone(), s, p)),
        "CB14",
    ),
    Misconception(
        "filters-summed-before-dx",
        "You sum dout over the filters and w over the filters, and multiply the two sums, in dx.",
        "dx sums the products w[f] * dout[n, f]: multiply first, then sum over f.",
        _wrong(dx=lambda dout, x, w, s, p: _dx(dout, x, w.sum(0).expand(w.shape).clone(), s, p)),
    ),
    Misconception(
        "kernel-height-for-width-in-dx",
        "You make the windows as wide as the filter is high in dx.",
        "The columns of a window go from j * stride to j * stride + KW: a filter need not be square.",
        _wrong(dx=_in_square_windows),
    ),
)
