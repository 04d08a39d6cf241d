"""The wrong models are wrong, in the ways that NumPy code can be, and can be told apart."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.misconceptions.convnets import pooling
from autograder.misconceptions.convolution import conv2d, conv_transpose2d
from autograder.misconceptions.recurrence import rnn
from autograder.model import Misconception
from reference.convnets.pooling import (
    avg_pool2d_forward,
    global_avg_pool,
    lp_pool2d_forward,
    max_pool2d_forward,
    maxout_forward,
)
from reference.convolution.conv2d import conv2d_forward, im2col, pad2d
from reference.convolution.conv_transpose2d import bilinear_kernel, conv_transpose2d_forward
from reference.gradients import vjp
from reference.recurrence.rnn import rnn_forward, rnn_step_forward, rnn_windows

UNITS = {
    "convolution/conv2d": conv2d.MISCONCEPTIONS,
    "convolution/conv_transpose2d": conv_transpose2d.MISCONCEPTIONS,
    "convnets/pooling": pooling.MISCONCEPTIONS,
    "recurrence/rnn": rnn.LAYERS,
}
ALL = [pytest.param(m, id=f"{unit}:{m.name}") for unit, bank in UNITS.items() for m in bank]

# Mistakes that no call tells apart: (function, one, other). There are none.
EQUIVALENT: set[tuple[str, str, str]] = set()

# Mistakes that spoil one result of several in the same way; the other results tell them apart.
EQUIVALENT_IN_ONE_RESULT = {
    ("conv2d_backward", "dw", "averaged-over-batch", "dw-averaged-over-batch"),
    ("conv2d_backward", "db", "averaged-over-batch", "db-averaged-over-batch"),
    ("conv_transpose2d_backward", "dx", "dx-with-turned-kernel", "flipped-kernel"),
    ("conv_transpose2d_backward", "dx", "stride-forgotten-in-dx", "stride-not-in-index"),
    ("conv_transpose2d_backward", "dw", "dw-turned-round", "flipped-kernel"),
    ("conv_transpose2d_backward", "dw", "stride-forgotten-in-dw", "stride-not-in-index"),
    ("rnn_step_backward", "dx", "dx-without-tanh", "tanh-not-differentiated"),
    ("rnn_step_backward", "dh_prev", "dh-prev-without-tanh", "tanh-not-differentiated"),
    ("rnn_step_backward", "dWx", "all-averaged-over-batch", "weights-averaged-over-batch"),
    ("rnn_step_backward", "dWh", "all-averaged-over-batch", "weights-averaged-over-batch"),
    ("rnn_step_backward", "db", "all-averaged-over-batch", "db-averaged-over-batch"),
    ("rnn_backward", "dh_prev", "dh-prev-without-tanh", "tanh-not-differentiated"),
    ("rnn_backward", "dh_prev", "dh0-one-step-short", "first-step-left-out"),
    ("rnn_backward", "dWx", "all-averaged-over-batch", "weights-averaged-over-batch"),
    ("rnn_backward", "dWh", "all-averaged-over-batch", "weights-averaged-over-batch"),
    ("rnn_backward", "dWh", "first-step-left-out", "h0-taken-for-zero"),
    ("rnn_backward", "db", "all-averaged-over-batch", "db-averaged-over-batch"),
}
RESULTS = {
    "conv2d_backward": ("dx", "dw", "db"),
    "conv_transpose2d_backward": ("dx", "dw", "db"),
    "rnn_step_backward": ("dx", "dh_prev", "dWx", "dWh", "db"),
    "rnn_backward": ("dx", "dh_prev", "dWx", "dWh", "db"),
}

# n, c, f, h, w, kh, kw, stride, padding
CONVOLUTIONS = [
    (2, 3, 4, 5, 6, 2, 3, 1, 0),
    (3, 2, 4, 6, 5, 3, 2, 1, 1),
    (2, 3, 5, 7, 9, 3, 5, 2, 0),
    (3, 2, 5, 9, 6, 5, 4, 2, 2),
    (2, 4, 3, 8, 5, 2, 2, 3, 0),
    (3, 4, 2, 5, 8, 3, 3, 2, 1),
    (4, 2, 3, 7, 7, 2, 3, 1, 2),
    (2, 3, 4, 6, 7, 1, 3, 2, 0),
    (2, 3, 4, 7, 6, 3, 1, 2, 1),
    (3, 2, 4, 8, 9, 3, 2, 2, 0),
    (2, 5, 3, 9, 7, 2, 4, 3, 2),
    (1, 3, 2, 6, 8, 4, 2, 2, 1),
    (3, 1, 2, 5, 7, 3, 2, 1, 1),
    (2, 3, 1, 7, 5, 2, 3, 2, 2),
    (2, 3, 4, 5, 4, 1, 1, 2, 1),
    (2, 3, 4, 4, 6, 2, 2, 2, 0),
    (3, 2, 2, 8, 6, 3, 3, 1, 0),
    (2, 2, 3, 4, 7, 3, 3, 3, 2),
    (3, 2, 4, 9, 9, 4, 4, 2, 1),
    (2, 3, 2, 8, 7, 2, 3, 2, 3),
]  # fmt: skip

# n, c, h, w, pool, stride, padding, ceil_mode, ties
POOLINGS = [
    (2, 3, 4, 6, 2, None, 0, False, False),
    (3, 2, 6, 8, (3, 2), None, 0, False, False),
    (2, 3, 7, 9, 3, 2, 0, False, False),
    (2, 3, 7, 9, 3, 2, 0, False, True),
    (3, 2, 5, 8, 2, 1, 0, False, False),
    (2, 4, 7, 6, 2, 1, 1, False, False),
    (2, 3, 8, 5, (2, 3), 2, 1, False, False),
    (2, 3, 6, 9, (4, 2), 1, 1, False, False),
    (3, 2, 5, 7, (2, 3), 1, 0, False, True),
    (2, 3, 8, 7, 3, 2, 1, True, False),
    (2, 3, 6, 8, 2, 3, 0, True, False),
    (2, 3, 5, 7, 3, 3, 0, True, False),
    (3, 2, 8, 10, (3, 4), 3, 1, True, False),
    (2, 3, 9, 6, 4, 2, 2, True, True),
    (1, 3, 5, 6, 2, 2, 1, True, False),
    (2, 1, 7, 8, (2, 3), None, 1, True, False),
    (2, 3, 7, 5, (1, 3), 2, 0, False, False),
    (2, 3, 5, 7, 1, 2, 0, True, False),
    (3, 2, 9, 11, (3, 2), 2, 1, False, False),
    (2, 2, 8, 8, 2, 2, 1, True, False),
    (2, 3, 7, 5, (3, 4), 1, 1, False, True),
    (3, 2, 8, 7, 3, 2, 0, False, False),
    (2, 3, 6, 9, (3, 2), 2, 1, False, False),
]  # fmt: skip

# n, t, d, h
SEQUENCES = [
    (2, 4, 3, 5), (3, 5, 2, 4), (4, 2, 3, 3), (2, 3, 5, 5), (3, 3, 2, 4), (1, 4, 3, 2), (2, 1, 4, 3), (3, 6, 4, 2),
    (5, 2, 3, 4), (2, 2, 3, 3), (4, 3, 2, 2), (3, 4, 5, 1), (2, 5, 1, 3), (1, 1, 2, 3), (2, 7, 3, 4), (6, 3, 4, 5),
    (3, 2, 5, 4), (2, 6, 4, 4), (4, 5, 3, 2), (5, 4, 2, 3),
]  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One call of a function, and the right answer to it."""

    arrays: tuple[Any, ...]
    options: dict[str, Any]
    right: tuple[Tensor, ...]


def answers(result: Any) -> tuple[Tensor, ...]:
    return result if isinstance(result, tuple) else (result,)


def gradients(
    function: Callable[..., Tensor], inputs: dict[str, Tensor], upstream: Tensor, **options: Any
) -> tuple[Tensor, ...]:
    return tuple(vjp(function, inputs, tuple(inputs), (upstream,), **options).values())


def convolution_calls(draw: Callable[..., Tensor]) -> dict[str, list[Call]]:
    calls: dict[str, list[Call]] = {"pad2d": [], "im2col": [], "conv2d_forward": [], "conv2d_backward": []}
    for n, c, f, h, w, kh, kw, stride, padding in CONVOLUTIONS:
        options = {"stride": stride, "padding": padding}
        inputs = {"x": draw(n, c, h, w), "w": draw(f, c, kh, kw), "b": draw(f)}
        x, weights, _ = inputs.values()
        out = conv2d_forward(*inputs.values(), **options)
        dout = draw(*out.shape)
        right = gradients(conv2d_forward, inputs, dout, **options)
        calls["pad2d"].append(Call((x, padding), {}, (pad2d(x, padding),)))
        calls["im2col"].append(Call((x, kh, kw), options, (im2col(x, kh, kw, **options),)))
        calls["conv2d_forward"].append(Call(tuple(inputs.values()), options, (out,)))
        calls["conv2d_backward"].append(Call((dout, x, weights), options, right))
    return calls


def pooling_calls(draw: Callable[..., Tensor]) -> dict[str, list[Call]]:
    calls: dict[str, list[Call]] = {"max_pool2d_forward": [], "max_pool2d_backward": []}
    for n, c, h, w, pool, stride, padding, ceil_mode, ties in POOLINGS:
        options: dict[str, Any] = dict(pool=pool, stride=stride, padding=padding, ceil_mode=ceil_mode)
        x = draw(n, c, h, w).round() if ties else draw(n, c, h, w)
        out = max_pool2d_forward(x, **options)
        dout = draw(*out.shape)
        calls["max_pool2d_forward"].append(Call((x,), options, (out,)))
        right = gradients(max_pool2d_forward, {"x": x}, dout, **options)
        calls["max_pool2d_backward"].append(Call((dout, x), options, right))
    return calls


def transposed_calls(draw: Callable[..., Tensor]) -> dict[str, list[Call]]:
    calls: dict[str, list[Call]] = {"conv_transpose2d_forward": [], "conv_transpose2d_backward": []}
    for n, c, f, h, w, kh, kw, stride, padding in CONVOLUTIONS:
        options = {"stride": stride, "padding": min(padding, 1), "output_padding": (n + f) % stride}
        inputs = {"x": draw(n, c, h, w), "w": draw(c, f, kh, kw), "b": draw(f)}
        x, weights, _ = inputs.values()
        out = conv_transpose2d_forward(*inputs.values(), **options)
        dout = draw(*out.shape)
        calls["conv_transpose2d_forward"].append(Call(tuple(inputs.values()), options, (out,)))
        right = gradients(conv_transpose2d_forward, inputs, dout, **options)
        calls["conv_transpose2d_backward"].append(Call((dout, x, weights), options, right))
    sizes = [(factor, channels) for factor in range(1, 6) for channels in (1, 2, 3)]
    calls["bilinear_kernel"] = [Call(size, {}, (bilinear_kernel(*size),)) for size in sizes]
    return calls


def averaging_calls(draw: Callable[..., Tensor]) -> dict[str, list[Call]]:
    """Windows that tile or not, whole images of zeros, numbers whose powers no float can hold."""
    calls: dict[str, list[Call]] = {}
    for number, (n, c, h, w, pool, stride, *_) in enumerate(POOLINGS):
        options: dict[str, Any] = {"pool": pool, "stride": stride}
        x, p = draw(n, c, h, w), (1, 1.5, 2, 3, 4, 100)[number % 6]
        x = x * 2.0 ** (14 if p == 100 else 0)
        x[0, 0] = x[0, 0] if number % 4 else 0.0
        for name, function, plain in (("avg", avg_pool2d_forward, ()), ("lp", lp_pool2d_forward, (p,))):
            out = function(x, *plain, **options)
            dout = draw(*out.shape)
            calls.setdefault(f"{name}_pool2d_forward", []).append(Call((x, *plain), options, (out,)))
            right = gradients(lambda x, f=function, a=plain, o=options: f(x, *a, **o), {"x": x}, dout)
            calls.setdefault(f"{name}_pool2d_backward", []).append(Call((dout, x, *plain), options, right))
        calls.setdefault("global_avg_pool", []).append(Call((x,), {}, (global_avg_pool(x),)))
    for n, k, m in ((2, 3, 4), (3, 2, 2), (1, 4, 3), (4, 2, 5), (2, 1, 3), (3, 5, 1)):
        z, dout = draw(n, k * m), draw(n, m)
        calls.setdefault("maxout_forward", []).append(Call((z, k), {}, (maxout_forward(z, k),)))
        right = gradients(lambda z, k=k: maxout_forward(z, k), {"z": z}, dout)
        calls.setdefault("maxout_backward", []).append(Call((dout, z, k), {}, right))
    return calls


def recurrence_calls(draw: Callable[..., Tensor]) -> dict[str, list[Call]]:
    calls: dict[str, list[Call]] = {}
    for n, t, d, h in SEQUENCES:
        weights = {"Wx": draw(d, h), "Wh": draw(h, h) / h, "b": draw(h)}
        for kind, function, x in (
            ("rnn_step", rnn_step_forward, draw(n, d)),
            ("rnn", rnn_forward, draw(n, t, d)),
        ):
            inputs = {"x": x, "h_prev": draw(n, h) / 2} | weights
            out = function(*inputs.values())
            upstream = draw(*out.shape)
            right = gradients(function, inputs, upstream)
            calls.setdefault(f"{kind}_forward", []).append(Call(tuple(inputs.values()), {}, (out,)))
            given = (upstream, x, inputs["h_prev"], out, weights["Wx"], weights["Wh"])
            calls.setdefault(f"{kind}_backward", []).append(Call(given, {}, right))
        for k in sorted({1, t // 2, t - 1, t + 1} - {0}):  # given is now that of the sequence
            right = gradients(lambda *a, k=k: rnn_windows(*a, k), inputs, upstream)
            calls.setdefault("rnn_backward_truncated", []).append(Call((*given, k), {}, right))
    return calls


@cache
def all_calls() -> dict[str, list[Call]]:
    draw = partial(torch.randn, dtype=torch.float64, generator=torch.Generator().manual_seed(20))
    layers = convolution_calls(draw) | transposed_calls(draw)
    return layers | pooling_calls(draw) | averaging_calls(draw) | recurrence_calls(draw)


Outcome = tuple[Tensor, ...] | type[Exception]


def outcome(model: Callable[..., Any], call: Call) -> Outcome:
    """What comes back, or what NumPy code would raise; anything else is an error of ours."""
    copies = [a.clone() if isinstance(a, Tensor) else a for a in call.arrays]
    try:
        return answers(model(*call.arrays, **call.options))
    except (ValueError, IndexError) as error:
        return type(error)
    finally:
        for before, after in zip(copies, call.arrays, strict=True):
            assert torch.equal(torch.as_tensor(before), torch.as_tensor(after)), "an argument was changed"


def same(one: Outcome, other: Outcome) -> bool:
    if isinstance(one, type) or isinstance(other, type):
        return one is other
    return len(one) == len(other) and all(
        a.shape == b.shape and torch.allclose(a, b, rtol=1e-9, atol=1e-9) for a, b in zip(one, other, strict=True)
    )


@cache
def outcomes(unit: str) -> dict[str, dict[str, list[Outcome]]]:
    """Function, then misconception, then what its wrong model makes of each call."""
    found: dict[str, dict[str, list[Outcome]]] = {}
    for misconception in UNITS[unit]:
        for function, model in misconception.wrong.items():
            results = [outcome(model, call) for call in all_calls()[function]]
            found.setdefault(function, {})[misconception.name] = results
    return found


@pytest.mark.parametrize("unit", UNITS)
def test_every_wrong_model_is_wrong_somewhere(unit: str) -> None:
    for function, models in outcomes(unit).items():
        right: Sequence[Outcome] = [call.right for call in all_calls()[function]]
        never_wrong = [name for name, found in models.items() if all(map(same, found, right))]
        assert never_wrong == [], function


@pytest.mark.parametrize("unit", UNITS)
def test_every_wrong_model_returns_something_somewhere_in_the_right_number(unit: str) -> None:
    for function, models in outcomes(unit).items():
        count = len(all_calls()[function][0].right)
        for name, found in models.items():
            returned = [result for result in found if not isinstance(result, type)]
            assert returned, (function, name)
            assert {len(result) for result in returned} == {count}, (function, name)
            assert all(part.dtype == torch.float64 for result in returned for part in result), (function, name)


def alike(models: dict[str, list[Outcome]]) -> set[tuple[str, ...]]:
    return {tuple(sorted(pair)) for pair in combinations(models, 2) if all(map(same, models[pair[0]], models[pair[1]]))}


@pytest.mark.parametrize("unit", UNITS)
def test_wrong_models_can_be_told_apart(unit: str) -> None:
    for function, models in outcomes(unit).items():
        found = {(function, *pair) for pair in alike(models)}
        assert found == {pair for pair in EQUIVALENT if pair[0] == function}


def only(index: int, result: Outcome) -> Outcome:
    return result if isinstance(result, type) else result[index : index + 1]


@pytest.mark.parametrize(("function", "index"), [(f, i) for f, names in RESULTS.items() for i in range(len(names))])
def test_single_results_can_be_told_apart(function: str, index: int) -> None:
    (models,) = (found[function] for found in map(outcomes, UNITS) if function in found)
    right = [only(index, call.right) for call in all_calls()[function]]
    spoilt = {name: [only(index, result) for result in found] for name, found in models.items()}
    spoilt = {name: found for name, found in spoilt.items() if not all(map(same, found, right))}
    result = RESULTS[function][index]
    listed = {tuple(names) for f, r, *names in EQUIVALENT_IN_ONE_RESULT if (f, r) == (function, result)}
    assert alike(spoilt) == listed


@pytest.mark.parametrize("unit", UNITS)
def test_names_and_codes_are_unique(unit: str) -> None:
    names = [m.name for m in UNITS[unit]]
    codes = [m.code for m in UNITS[unit] if m.code]
    assert len(set(names)) == len(names)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("misconception", ALL)
def test_texts(misconception: Misconception) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", misconception.name)
    assert misconception.mistake.startswith(("You ", "Your "))
    assert misconception.mistake.endswith(".")
    assert misconception.hint.endswith(".")


def test_the_known_mistakes_are_there() -> None:
    def codes(prefix: str, last: int, *without: int) -> set[str]:
        return {f"{prefix}{i:02}" for i in range(1, last + 1) if i not in without}

    known = codes("CF", 21, 19, 20) | codes("CB", 16, 15, 16) | codes("MF", 10) | codes("MB", 7)
    known |= codes("CT", 7) | codes("P", 7, 1)
    known |= codes("RB", 13, 10, 11) | {f"RF{i}" for i in range(1, 7)} | {f"TB{i}" for i in range(1, 5)}
    assert {m.code for bank in UNITS.values() for m in bank if m.code} == known
