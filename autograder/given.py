"""Functions of earlier units, for units that build on them: arrays in, arrays out, computed by the reference.

    from autograder.given import conv2d_forward, relu_forward

So a hole in one unit never blocks another. Signatures and results are those of the units that ask for them. float32
stays float32 and float64 stays float64. In the sandbox, functions of the same names ask the grader, which calls these:
so what comes in here may be anything, and a call that would take too long is refused.
"""

import functools
import importlib
import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "conv2d_backward",
    "conv2d_forward",
    "dense_backward",
    "dense_forward",
    "max_pool2d_backward",
    "max_pool2d_forward",
    "relu_backward",
    "relu_forward",
    "rnn_forward",
    "rnn_step_forward",
    "softmax_cross_entropy",
]

Array = NDArray[Any]
Pool = int | tuple[int, int]

MOST_PRODUCTS = 1 << 31  # of one call: a second or two of work
MOST_NUMBERS = 1 << 25  # in one array on the way, the windows of a convolution side by side among them
MOST_STEPS = 10_000  # of a sequence, which go one by one


def conv2d_forward(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    """Cross-correlation of x (N, C, H, W) with filters w (F, C, KH, KW), plus b (F,): shape (N, F, H', W').

    >>> conv2d_forward(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.zeros(1))
    array([[[[4., 4.],
             [4., 4.]]]])
    """
    sizes = _sizes("x N C H W, w F C KH KW, b F", x, w, b)
    options = {"stride": operator.index(stride), "padding": operator.index(padding)}
    _affordable((sizes["F"],), np.shape(w)[1:], (sizes["N"], *_framed(x, options["padding"])))
    return _forward(_convolution, (x, w, b), **options)


def conv2d_backward(dout: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> tuple[Array, Array, Array]:
    """The gradients (dx, dw, db) of conv2d_forward, for the upstream gradient dout of shape (N, F, H', W')."""
    sizes = _sizes("x N C H W, w F C KH KW", x, w)
    options = {"stride": operator.index(stride), "padding": operator.index(padding)}
    _affordable((sizes["F"],), np.shape(w)[1:], (sizes["N"], *_framed(x, options["padding"])))
    dx, dw, db = _backward(_convolution, dout, (x, w, np.zeros(len(w), np.asarray(w).dtype)), **options)
    return dx, dw, db


def max_pool2d_forward(
    x: Array, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> Array:
    """The largest value in each window of x (N, C, H, W): shape (N, C, H', W'). No stride: windows tile."""
    sizes = _sizes("x N C H W", x)
    _affordable((1,), _window(pool), (sizes["N"], sizes["C"], *_framed(x, padding)))
    return _forward(_pooling, (x,), pool=pool, stride=stride, padding=padding, ceil_mode=bool(ceil_mode))


def max_pool2d_backward(
    dout: Array, x: Array, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> Array:
    """The gradient dx of max_pool2d_forward; of several tied maxima the first gets it all."""
    sizes = _sizes("x N C H W", x)
    _affordable((1,), _window(pool), (sizes["N"], sizes["C"], *_framed(x, padding)))
    [dx] = _backward(_pooling, dout, (x,), pool=pool, stride=stride, padding=padding, ceil_mode=bool(ceil_mode))
    return dx


def relu_forward(x: Array) -> Array:
    """max(0, x), entry by entry.

    >>> relu_forward(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return _forward(_relu, (x,))


def relu_backward(dout: Array, x: Array) -> Array:
    """The gradient dx of relu_forward: dout where x > 0, else 0."""
    [dx] = _backward(_relu, dout, (x,))
    return dx


def dense_forward(x: Array, w: Array, b: Array) -> Array:
    """x @ w + b for x (N, D), w (D, M) and b (M,): shape (N, M)."""
    sizes = _sizes("x N D, w D M, b M", x, w, b)
    _affordable((sizes["M"],), (sizes["D"],), (sizes["N"],))
    return _forward(_dense, (x, w, b))


def dense_backward(dout: Array, x: Array, w: Array) -> tuple[Array, Array, Array]:
    """The gradients (dx, dw, db) of dense_forward, for the upstream gradient dout of shape (N, M)."""
    sizes = _sizes("x N D, w D M", x, w)
    _affordable((sizes["M"],), (sizes["D"],), (sizes["N"],))
    dx, dw, db = _backward(_dense, dout, (x, w, np.zeros(np.shape(w)[1:], np.asarray(w).dtype)))
    return dx, dw, db


def rnn_step_forward(x: Array, h_prev: Array, Wx: Array, Wh: Array, b: Array) -> Array:
    """tanh(x @ Wx + h_prev @ Wh + b) for x (N, D), h_prev (N, H), Wx (D, H), Wh (H, H) and b (H,): shape (N, H)."""
    sizes = _sizes("x N D, h_prev N H, Wx D H, Wh H H, b H", x, h_prev, Wx, Wh, b)
    _affordable((sizes["H"],), (sizes["H"] + sizes["D"],), (sizes["N"],))
    return _forward(_reference("recurrence.rnn", "rnn_step_forward"), (x, h_prev, Wx, Wh, b))


def rnn_forward(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> Array:
    """The states of a whole sequence x (N, T, D) that starts from h0 (N, H): shape (N, T, H).

    >>> rnn_forward(np.zeros((1, 2, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1))
    array([[[0.],
            [0.]]])
    """
    sizes = _sizes("x N T D, h0 N H, Wx D H, Wh H H, b H", x, h0, Wx, Wh, b)
    _affordable((sizes["H"],), (sizes["H"] + sizes["D"],), (sizes["N"], sizes["T"]))
    if sizes["T"] > MOST_STEPS:
        raise ValueError(f"rnn_forward: x is of shape (N, T, D), with {MOST_STEPS} steps at most")
    return _forward(_reference("recurrence.rnn", "rnn_forward"), (x, h0, Wx, Wh, b))


def softmax_cross_entropy(logits: Array, y: Array) -> tuple[float, Array]:
    """The mean over the batch of -log softmax(logits)[y], and its gradient, for logits (N, K) and labels y (N,).

    >>> loss, dlogits = softmax_cross_entropy(np.zeros((1, 2)), np.array([1]))
    >>> round(loss, 4), dlogits
    (0.6931, array([[ 0.5, -0.5]]))
    """
    labels, classes = np.asarray(y), _sizes("logits N K, y N", logits, y)["K"]
    if labels.dtype.kind not in "iu" or ((labels < 0) | (labels >= classes)).any():
        raise ValueError(f"softmax_cross_entropy: labels are integers from 0 to {classes - 1}")
    oracle = functools.partial(_cross_entropy, labels.astype(np.int64))
    loss = _forward(oracle, (logits,))
    [dlogits] = _backward(oracle, np.ones((), loss.dtype), (logits,))
    return float(loss), dlogits


def _convolution(x: "Tensor", w: "Tensor", b: "Tensor", **options: int) -> "Tensor":
    return _reference("convolution.conv2d", "conv2d_forward")(x, w, b, **options)


def _pooling(x: "Tensor", **options: Any) -> "Tensor":
    return _reference("convnets.pooling", "max_pool2d_forward")(x, **options)


def _relu(x: "Tensor") -> "Tensor":
    return x.relu()


def _dense(x: "Tensor", w: "Tensor", b: "Tensor") -> "Tensor":
    return x @ w + b


def _cross_entropy(labels: Array, logits: "Tensor") -> "Tensor":
    import torch

    return torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels))


def _reference(module: str, function: str) -> Callable[..., "Tensor"]:
    found: Callable[..., Tensor] = getattr(importlib.import_module(f"reference.{module}"), function)
    return found


def _forward(oracle: Callable[..., "Tensor"], arrays: tuple[Array, ...], **options: Any) -> Array:
    inputs = _tensors(arrays)
    try:
        return oracle(*inputs, **options).numpy()
    except (RuntimeError, IndexError) as error:
        raise _mismatched(arrays, error) from None


def _backward(oracle: Callable[..., "Tensor"], dout: Array, arrays: tuple[Array, ...], **options: Any) -> list[Array]:
    """One gradient for each of the arrays."""
    from reference.gradients import vjp

    upstream, *inputs = _tensors((dout, *arrays))
    names = [str(position) for position in range(len(inputs))]
    try:
        expected = oracle(*inputs, **options).shape
        if upstream.shape != expected:
            raise RuntimeError(f"the upstream gradient should be of shape {tuple(expected)}")
        found = vjp(oracle, dict(zip(names, inputs, strict=True)), names, (upstream,), **options)
    except (RuntimeError, IndexError) as error:
        raise _mismatched((dout, *arrays), error) from None
    return [gradient.numpy() for gradient in found.values()]


def _tensors(arrays: tuple[Array, ...]) -> list["Tensor"]:
    """Copies as tensors of one dtype: float32 if all are, else float64."""
    import torch

    dtype = np.result_type(*(np.asarray(array) for array in arrays), np.float32)
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"arrays of real numbers are wanted here, not of {dtype}")
    return [torch.from_numpy(np.array(array, dtype, order="C")) for array in arrays]


def _sizes(wanted: str, *arrays: Array) -> dict[str, int]:
    """The sizes of the axes in `wanted` ("x N D, b D"), on which the arrays must agree: nothing is broadcast."""
    sizes: dict[str, int] = {}
    for words, array in zip(wanted.split(", "), arrays, strict=True):
        name, *axes = words.split()
        shape = np.shape(array)
        if len(shape) != len(axes) or any(sizes.setdefault(*pair) != pair[1] for pair in zip(axes, shape, strict=True)):
            raise _mismatched(arrays, f"{name} should be of shape ({', '.join(axes)}{',' * (len(axes) == 1)})")
    return sizes


def _mismatched(arrays: tuple[Array, ...], why: object) -> ValueError:
    shapes = ", ".join(str(np.shape(array)) for array in arrays)
    return ValueError(f"arrays of shapes {shapes} do not fit: {str(why).splitlines()[0]}")


def _framed(x: Array, padding: int) -> tuple[int, ...]:
    return tuple(size + 2 * operator.index(padding) for size in np.shape(x)[2:])


def _window(pool: Pool) -> tuple[int, ...]:
    kh, kw = pool if isinstance(pool, tuple | list) else (pool, pool)
    return operator.index(kh), operator.index(kw)


def _affordable(results: tuple[int, ...], products: tuple[int, ...], positions: tuple[int, ...]) -> None:
    """Refuse what would keep the machine busy: so many results at so many positions, sums of so many products."""
    numbers, windows = math.prod(results + positions), math.prod(products + positions)
    if max(numbers, windows) > MOST_NUMBERS or numbers * math.prod(products) > MOST_PRODUCTS:
        raise ValueError("too much work for one call: take fewer images, or smaller ones, at a time")
