"""The bounds: right code passes whatever its order of summation, wrong code does not."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view
from students import LocalStudent

from autograder.judging.cases import draw
from autograder.judging.judge import attempt
from autograder.judging.kinds import MULTILINEAR, PRECISE, REALS, SATURATED, SMOOTH, SMOOTH_PRECISE, Kind
from autograder.judging.layer_case import LayerCase
from autograder.judging.layers import Layer, Stratum
from autograder.model import Check
from autograder.units.convolution import conv2d
from autograder.units.recurrence import rnn

CONVOLUTIONS = Stratum("test", "", conv2d.layers(square=False, stride=conv2d.SOME, padding=conv2d.SOME), count=20)
SINGLE_PRODUCTS = Stratum(
    "single", "", st.builds(conv2d.layer, st.integers(1, 4), st.just(1), st.just(1), st.just((6, 5)), st.just((1, 1))),
    count=10,
)  # fmt: skip
SEQUENCES = Stratum("test", "", rnn.sequences(), count=20)
LONG = Stratum("long", "", rnn.sequences(length=rnn.small.map(lambda t: 5 * t)), count=10)

Order = Callable[[np.ndarray], np.ndarray]


def left_to_right(products: np.ndarray) -> np.ndarray:
    return np.add.accumulate(products, axis=-1)[..., -1]


ORDERS: dict[str, Order] = {
    "left to right": left_to_right,
    "right to left": lambda products: left_to_right(products[..., ::-1]),
    "pairwise": lambda products: products.sum(-1),
    "smallest first": lambda products: left_to_right(np.take_along_axis(products, np.abs(products).argsort(-1), -1)),
    "matrix product": lambda products: products @ np.ones(products.shape[-1], products.dtype),
}
orders = pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)


def windows(x: np.ndarray, w: np.ndarray, stride: int, padding: int) -> np.ndarray:
    """Every window of x, of shape (N, C, H', W', KH, KW)."""
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]


def convolution(order: Order, dtype: type) -> dict[str, Callable[..., Any]]:
    """A convolution whose sums are made in one order and precision."""

    def forward(x: Any, w: Any, b: Any, stride: int, padding: int) -> np.ndarray:
        x, w, b = (a.astype(dtype) for a in (x, w, b))
        seen = windows(x, w, stride, padding).transpose(0, 2, 3, 1, 4, 5)[:, None]
        products = (seen * w[None, :, None, None]).reshape(*seen.shape[:1], len(w), *seen.shape[2:4], -1)
        bias = np.broadcast_to(b[:, None, None, None], (*products.shape[:-1], 1))
        return order(np.concatenate([products, bias], axis=-1))

    def backward(dout: Any, x: Any, w: Any, stride: int, padding: int) -> tuple[np.ndarray, ...]:
        dout, x, w = (a.astype(dtype) for a in (dout, x, w))
        (n, c, h, wide), (f, _, kh, kw) = x.shape, w.shape
        seen = windows(x, w, stride, padding).transpose(1, 4, 5, 0, 2, 3)
        dw = order((seen[None] * dout.swapaxes(0, 1)[:, None, None, None]).reshape(*w.shape, -1))
        parts = np.zeros((n, c, h + 2 * padding, wide + 2 * padding, f * kh * kw), dtype)
        for at, (g, i, j) in enumerate(np.ndindex(f, kh, kw)):
            rows, cols = slice(i, i + stride * dout.shape[2], stride), slice(j, j + stride * dout.shape[3], stride)
            parts[:, :, rows, cols, at] = dout[:, g, None] * w[None, g, :, i, j, None, None]
        dx = order(parts)[:, :, padding : padding + h, padding : padding + wide]
        return dx, dw, order(dout.swapaxes(0, 1).reshape(f, -1))

    return {"conv2d_forward": forward, "conv2d_backward": backward}


def trials(
    layer: Layer, stratum: Stratum, kind: Kind, functions: dict[str, Any], checks: tuple[Check, ...]
) -> Iterator[tuple[Check, LayerCase, Any]]:
    """Every check of the forward pass and of each gradient, on every case of a kind, and what was wrong."""
    student = LocalStudent(functions)
    for check in checks:
        direction = "forward" if check.functions[0] == layer.forward.function else "backward"
        for case in draw(layer.cases(stratum, direction, kind), 5):
            yield check, case, attempt(check, student, case)


def checks_of(unit: Any, layer: Layer) -> tuple[Check, ...]:
    """One check of the forward pass, one of each gradient."""
    assert layer.backward
    functions = layer.forward.function, layer.backward.function
    found = {(c.functions, c.result): c for c in unit.checks if c.points and c.result and c.functions[0] in functions}
    return tuple(found.values())


CONV_CHECKS = checks_of(conv2d.UNIT, conv2d.CONV2D)
RNN_CHECKS = checks_of(rnn.UNIT, rnn.RNN)


def conv_errors(kind: Kind, functions: dict[str, Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for check, _, error in trials(conv2d.CONV2D, CONVOLUTIONS, kind, functions, CONV_CHECKS):
        found.setdefault(check.result, []).append(error)
    return found


@orders
@pytest.mark.parametrize(
    ("kind", "dtype"),
    [(MULTILINEAR, np.float32), (MULTILINEAR, np.float64), (REALS, np.float32), (REALS, np.float64),
     (PRECISE, np.float64)],
    ids=lambda value: getattr(value, "name", getattr(value, "__name__", "")),
)  # fmt: skip
def test_right_convolutions_pass_in_any_order_of_summation(order: Order, kind: Kind, dtype: type) -> None:
    entries = 0
    for check, case, error in trials(conv2d.CONV2D, CONVOLUTIONS, kind, convolution(order, dtype), CONV_CHECKS):
        assert error is None, (check.name, case.sizes.key)
        entries += (case.gradients | case.expected)[check.result.removeprefix("d")].size
    assert entries > 2000


@pytest.mark.parametrize("kind", [REALS, MULTILINEAR], ids=lambda kind: kind.name)
def test_float32_passes_where_each_entry_is_one_product(kind: Kind) -> None:
    functions = convolution(ORDERS["pairwise"], np.float32)
    found = trials(conv2d.CONV2D, SINGLE_PRODUCTS, kind, functions, CONV_CHECKS)
    assert [check.name for check, _, error in found if error] == []


@orders
def test_float32_on_the_way_fails_precision(order: Order) -> None:
    for result, errors in conv_errors(PRECISE, convolution(order, np.float32)).items():
        failed = sum(error is not None for error in errors)  # not all: zeros are right in any precision
        assert failed >= 0.9 * len(errors), result


@pytest.mark.parametrize(("kind", "share"), [(REALS, 1e-3), (PRECISE, 1e-12)], ids=["reals", "precise"])
def test_an_error_of_many_roundings_always_fails(kind: Kind, share: float) -> None:
    right = convolution(ORDERS["pairwise"], np.float64)

    def forward(x: Any, w: Any, b: Any, **options: Any) -> np.ndarray:
        out = right["conv2d_forward"](x, w, b, **options)
        out[-1, -1, -1, -1] += share * (np.linalg.norm(x) * np.linalg.norm(w) + np.abs(b).max())
        return out

    def backward(dout: Any, x: Any, w: Any, **options: Any) -> tuple[np.ndarray, ...]:
        dx, dw, db = right["conv2d_backward"](dout, x, w, **options)
        dx[-1, -1, -1, -1] += share * np.linalg.norm(dout) * np.linalg.norm(w)
        dw[-1, -1, -1, -1] += share * np.linalg.norm(dout) * np.linalg.norm(x)
        db[-1] += 10 * share * np.linalg.norm(dout)
        return dx, dw, db

    wrong = {"conv2d_forward": forward, "conv2d_backward": backward}
    for check, case, error in trials(conv2d.CONV2D, CONVOLUTIONS, kind, wrong, CONV_CHECKS):
        assert error is not None, (check.name, case.sizes.key)


def spoil(kind: str, answer: np.ndarray) -> np.ndarray:
    """An answer whose last column is wrong."""
    answer = answer.copy()
    match kind:
        case "zero":
            answer[..., -1] = 0
        case "doubled":
            answer[..., -1] *= 2
        case "of the wrong sign":
            answer[..., -1] *= -1
        case "off by a tenth of the largest":
            answer[..., -1] += np.abs(answer).max() / 10
    return answer


@pytest.mark.parametrize("kind", [MULTILINEAR, REALS, PRECISE], ids=lambda kind: kind.name)
@pytest.mark.parametrize("how", ["zero", "doubled", "of the wrong sign", "off by a tenth of the largest"])
def test_a_wrong_last_column_always_fails(kind: Kind, how: str) -> None:
    right = convolution(ORDERS["pairwise"], np.float64)
    wrong = {
        "conv2d_forward": lambda *args, **options: spoil(how, right["conv2d_forward"](*args, **options)),
        "conv2d_backward": lambda *args, **options: tuple(
            spoil(how, part) for part in right["conv2d_backward"](*args, **options)
        ),
    }
    for check, case, error in trials(conv2d.CONV2D, CONVOLUTIONS, kind, wrong, CONV_CHECKS):
        truth = (case.gradients | case.expected)[check.result.removeprefix("d")]
        if np.any(truth[..., -1]):  # zeros are right where padding is all that a window sees
            assert error is not None, (check.name, case.sizes.key)


def tanh_by_exponentials(a: np.ndarray) -> np.ndarray:
    e = np.exp(-2 * np.abs(a))
    return np.sign(a) * (1 - e) / (1 + e)


def recurrence(
    dtype: type = np.float64, tanh: Callable[[Any], Any] = np.tanh, slope: Callable[[Any], Any] = lambda h: 1 - h**2
) -> dict[str, Callable[..., Any]]:
    """A recurrent layer with its own tanh, slope and precision."""

    def forward(*arrays: np.ndarray) -> np.ndarray:
        x, h, Wx, Wh, b = (a.astype(dtype) for a in arrays)
        states = []
        for t in range(x.shape[1]):
            h = tanh(np.concatenate([x[:, t], h], 1) @ np.concatenate([Wx, Wh]) + b)
            states.append(h)
        return np.stack(states, 1)

    def backward(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
        dh, x, h0, h, Wx, Wh = (a.astype(dtype) for a in arrays)
        carry, das = np.zeros_like(h0), np.zeros_like(h)
        for t in reversed(range(x.shape[1])):
            das[:, t] = (dh[:, t] + carry) * slope(h[:, t])
            carry = das[:, t] @ Wh.T
        before = np.concatenate([h0[:, None], h[:, :-1]], 1)
        dWx, dWh = np.einsum("ntd,nth->dh", x, das), np.einsum("ntj,nth->jh", before, das)
        return das @ Wx.T, carry, dWx, dWh, das.sum((0, 1))

    return {"rnn_forward": forward, "rnn_backward": backward}


def rnn_errors(kind: Kind, functions: dict[str, Any], stratum: Stratum = SEQUENCES) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for check, _, error in trials(rnn.RNN, stratum, kind, functions, RNN_CHECKS):
        found.setdefault(check.result, []).append(error)
    return found


RIGHT = {
    "tanh": recurrence(),
    "exponentials": recurrence(tanh=tanh_by_exponentials),
    "factored": recurrence(slope=lambda h: (1 - h) * (1 + h)),
    "float32": recurrence(np.float32),
    "float32, exponentials": recurrence(np.float32, tanh_by_exponentials, lambda h: (1 - h) * (1 + h)),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("kind", [SMOOTH, SATURATED], ids=lambda kind: kind.name)
@pytest.mark.parametrize("stratum", [SEQUENCES, LONG], ids=lambda stratum: stratum.name)
def test_right_recurrences_pass_even_where_units_saturate(name: str, kind: Kind, stratum: Stratum) -> None:
    assert not any(error for errors in rnn_errors(kind, RIGHT[name], stratum).values() for error in errors)


def test_units_do_saturate() -> None:
    cases = draw(rnn.RNN.cases(SEQUENCES, "forward", SATURATED), 5)
    states = np.concatenate([case.expected["h"].ravel() for case in cases])
    assert np.mean(np.abs(states) > 0.999) > 0.3


@pytest.mark.parametrize("kind", [SMOOTH, SATURATED], ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    "slope", [lambda h: 1 - h, lambda h: np.ones_like(h), lambda h: h * (1 - h), lambda h: 1 - np.tanh(h) ** 2],
    ids=["1 - h", "none", "sigmoid's", "tanh twice"],
)  # fmt: skip
def test_wrong_slopes_fail_in_nearly_every_case(kind: Kind, slope: Callable[[Any], Any]) -> None:
    for result, errors in rnn_errors(kind, recurrence(slope=slope)).items():
        failed = sum(error is not None for error in errors)
        assert failed == 0 if result == "h" else failed > 0.8 * len(errors), result


def test_float32_recurrences_fail_precision() -> None:
    assert all(any(errors) for errors in rnn_errors(SMOOTH_PRECISE, recurrence(np.float32)).values())
    assert not any(e for errors in rnn_errors(SMOOTH_PRECISE, recurrence()).values() for e in errors)


@pytest.mark.parametrize("size", [1e-2, 1e-4])
def test_a_small_error_in_one_state_fails(size: float) -> None:
    right = recurrence()["rnn_forward"]

    def wrong(*arrays: np.ndarray) -> np.ndarray:
        h = right(*arrays)
        h[-1, -1, -1] += size
        return h

    errors = rnn_errors(SMOOTH, recurrence() | {"rnn_forward": wrong})
    assert all(errors["h"])
