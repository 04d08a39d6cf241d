"""The model answers: right on many shapes and options, in both precisions, and true to their own examples."""

import doctest
import importlib.util
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from numpy.random import Generator

from reference.convnets import layers, pooling
from reference.convolution import conv2d, conv_transpose2d
from reference.gradients import vjp
from reference.recurrence import gru, rnn

SOLUTIONS = Path(__file__).parents[2] / "solutions"
UNITS = sorted(path.relative_to(SOLUTIONS).with_suffix("").as_posix() for path in SOLUTIONS.glob("*/*.py"))
PRECISIONS = {"float64": 1e-12, "float32": 2e-5}

Arrays = dict[str, np.ndarray]
Options = dict[str, Any]


@dataclass(frozen=True)
class Pass:
    """A function of a unit, what it must agree with, and how to draw arguments for both."""

    unit: str
    forward: str
    reference: Callable[..., torch.Tensor]
    draw: Callable[[Generator], tuple[Arrays, Options]]
    backward: str = ""


def load(unit: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(unit.replace("/", "."), SOLUTIONS / f"{unit}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw_image(rng: Generator, kh: int, kw: int) -> np.ndarray:
    n, c, height, width = rng.integers(1, 4, 4) + np.array([0, 0, kh, kw])
    return rng.standard_normal((n, c, height, width))


def draw_conv(rng: Generator) -> tuple[Arrays, Options]:
    f, kh, kw = rng.integers(1, 5, 3)
    x = draw_image(rng, kh, kw)
    arrays = {"x": x, "w": rng.standard_normal((f, x.shape[1], kh, kw)), "b": rng.standard_normal(f)}
    return arrays, {"stride": int(rng.integers(1, 5)), "padding": int(rng.integers(0, 4))}


def draw_pad(rng: Generator) -> tuple[Arrays, Options]:
    return {"x": draw_image(rng, 1, 1)}, {"padding": int(rng.integers(0, 4))}


def draw_im2col(rng: Generator) -> tuple[Arrays, Options]:
    arrays, options = draw_conv(rng)
    kh, kw = arrays["w"].shape[2:]
    return {"x": arrays["x"]}, {"kh": kh, "kw": kw, **options}


def draw_pool(rng: Generator) -> tuple[Arrays, Options]:
    kh, kw = (int(k) for k in rng.integers(1, 5, 2))
    pool = (kh, kw) if rng.random() < 0.6 else kh
    x = draw_image(rng, kh, kh if isinstance(pool, int) else kw) + rng.integers(-3, 3)
    padding = int(rng.integers(0, np.min(pool) // 2 + 1))
    stride = None if rng.random() < 0.3 else int(rng.integers(1, 5))
    return {"x": x}, {"pool": pool, "stride": stride, "padding": padding, "ceil_mode": rng.random() < 0.5}


def draw_conv_transpose(rng: Generator) -> tuple[Arrays, Options]:
    n, c, f, kh, kw, height, width = rng.integers(1, 5, 7)
    arrays = {name: rng.standard_normal(shape) for name, shape in {
        "x": (n, c, height, width), "w": (c, f, kh, kw), "b": (f,),
    }.items()}  # fmt: skip
    stride = int(rng.integers(1, 4))
    padding = int(rng.integers(0, (min(kh, kw) + 1) // 2))
    return arrays, {"stride": stride, "padding": padding, "output_padding": int(rng.integers(0, stride))}


def draw_average(rng: Generator) -> tuple[Arrays, Options]:
    arrays, options = draw_pool(rng)
    return arrays, {"pool": options["pool"], "stride": options["stride"]}


def draw_norm(rng: Generator) -> tuple[Arrays, Options]:
    arrays, options = draw_average(rng)
    return arrays, {"p": float(rng.choice((1.0, 1.5, 2.0, 3.0, 8.0))), **options}


def draw_pieces(rng: Generator) -> tuple[Arrays, Options]:
    n, k, m = (int(size) for size in rng.integers(1, 5, 3))
    return {"z": rng.standard_normal((n, k * m))}, {"k": k}


def draw_one_image(rng: Generator) -> tuple[Arrays, Options]:
    return {"x": 3 * draw_image(rng, 1, 1)}, {}


def draw_leaky(rng: Generator) -> tuple[Arrays, Options]:
    return draw_one_image(rng)[0], {"alpha": float(rng.random())}


def draw_dense(rng: Generator) -> tuple[Arrays, Options]:
    n, d, m = rng.integers(1, 6, 3)
    return {"x": rng.standard_normal((n, d)), "w": rng.standard_normal((d, m)), "b": rng.standard_normal(m)}, {}


def draw_rnn(rng: Generator) -> tuple[Arrays, Options]:
    n, t, d, h = rng.integers(1, 6, 4)
    shapes = {"x": (n, t, d), "h0": (n, h), "Wx": (d, h), "Wh": (h, h), "b": (h,)}
    return {name: 0.5 * rng.standard_normal(shape) for name, shape in shapes.items()}, {}


def draw_step(rng: Generator) -> tuple[Arrays, Options]:
    arrays, _ = draw_rnn(rng)
    x, h_prev = arrays.pop("x"), arrays.pop("h0")
    return {"x": x[:, 0], "h_prev": h_prev, **arrays}, {}


def draw_gru_step(rng: Generator) -> tuple[Arrays, Options]:
    arrays, _ = draw_step(rng)
    wide = {name: np.concatenate([arrays[name], -arrays[name], 2 * arrays[name]], -1) for name in ("Wx", "Wh", "b")}
    return {
        "x": arrays["x"],
        "h_prev": arrays["h_prev"],
        "Wx": wide["Wx"],
        "Wh": wide["Wh"],
        "bx": wide["b"],
        "bh": -wide["b"] / 2,
    }, {}


PASSES = [
    Pass("convolution/conv2d", "pad2d", conv2d.pad2d, draw_pad),
    Pass("convolution/conv2d", "im2col", conv2d.im2col, draw_im2col),
    Pass("convolution/conv2d", "conv2d_forward", conv2d.conv2d_forward, draw_conv, "conv2d_backward"),
    Pass("convnets/pooling", "max_pool2d_forward", pooling.max_pool2d_forward, draw_pool, "max_pool2d_backward"),
    Pass(
        "convolution/conv_transpose2d", "conv_transpose2d_forward", conv_transpose2d.conv_transpose2d_forward,
        draw_conv_transpose, "conv_transpose2d_backward",
    ),
    Pass("convnets/pooling", "avg_pool2d_forward", pooling.avg_pool2d_forward, draw_average, "avg_pool2d_backward"),
    Pass("convnets/pooling", "lp_pool2d_forward", pooling.lp_pool2d_forward, draw_norm, "lp_pool2d_backward"),
    Pass("convnets/pooling", "maxout_forward", pooling.maxout_forward, draw_pieces, "maxout_backward"),
    Pass("convnets/pooling", "global_avg_pool", pooling.global_avg_pool, draw_one_image),
    Pass("convnets/layers", "relu_forward", layers.relu_forward, draw_one_image, "relu_backward"),
    Pass("convnets/layers", "leaky_relu_forward", layers.leaky_relu_forward, draw_leaky, "leaky_relu_backward"),
    Pass("convnets/layers", "sigmoid_forward", layers.sigmoid_forward, draw_one_image, "sigmoid_backward"),
    Pass("convnets/layers", "tanh_forward", layers.tanh_forward, draw_one_image, "tanh_backward"),
    Pass("convnets/layers", "dense_forward", layers.dense_forward, draw_dense, "dense_backward"),
    Pass("recurrence/rnn", "rnn_step_forward", rnn.rnn_step_forward, draw_step, "rnn_step_backward"),
    Pass("recurrence/rnn", "rnn_forward", rnn.rnn_forward, draw_rnn, "rnn_backward"),
    Pass("recurrence/gru", "gru_step_cudnn", gru.gru_step_cudnn, draw_gru_step),
]  # fmt: skip
EACH_PASS = pytest.mark.parametrize("case", PASSES, ids=lambda case: case.forward)


def tensors(arrays: Arrays) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(value.astype(np.float64)) for name, value in arrays.items()}


def agree(got: np.ndarray, expected: torch.Tensor, dtype: str) -> None:
    assert got.dtype == dtype
    assert got.shape == tuple(expected.shape)
    np.testing.assert_allclose(got, expected.numpy(), rtol=PRECISIONS[dtype], atol=PRECISIONS[dtype])


def call_backward(function: Callable[..., Any], known: Mapping[str, Any], options: Options) -> list[np.ndarray]:
    """Call a backward function with what it asks for by name."""
    wanted = [name for name in inspect.signature(function).parameters if name not in options]
    gradients = function(*(known[name] for name in wanted), **options)
    return list(gradients) if isinstance(gradients, tuple) else [gradients]


def cases(case: Pass, dtype: str) -> Iterator[tuple[Generator, Arrays, Options]]:
    """Forty random calls; their arrays may not be written to."""
    rng = np.random.default_rng(0)
    for _ in range(40):
        drawn, options = case.draw(rng)
        yield rng, {name: read_only(value.astype(dtype)) for name, value in drawn.items()}, options


def read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


@EACH_PASS
@pytest.mark.parametrize("dtype", PRECISIONS)
def test_forward_agrees_with_the_reference(case: Pass, dtype: str) -> None:
    forward = getattr(load(case.unit), case.forward)
    for _, arrays, options in cases(case, dtype):
        out = forward(*arrays.values(), **options)
        agree(out, case.reference(*tensors(arrays).values(), **options), dtype)


@pytest.mark.parametrize("case", [case for case in PASSES if case.backward], ids=lambda case: case.backward)
@pytest.mark.parametrize("dtype", PRECISIONS)
def test_backward_agrees_with_the_reference(case: Pass, dtype: str) -> None:
    module = load(case.unit)
    for rng, arrays, options in cases(case, dtype):
        out = getattr(module, case.forward)(*arrays.values(), **options)
        v = read_only(rng.standard_normal(out.shape).astype(dtype))
        known = {**arrays, "h": out, "dout": v, "dh": v}
        got = call_backward(getattr(module, case.backward), known, options)
        upstream = [torch.from_numpy(v.astype(np.float64))]
        expected = vjp(case.reference, tensors(arrays), list(arrays), upstream, **options)
        for gradient, right in zip(got, expected.values(), strict=True):
            agree(gradient, right, dtype)


@pytest.mark.parametrize("unit", UNITS)
def test_the_examples_in_a_solution_are_true(unit: str) -> None:
    results = doctest.testmod(load(unit))
    assert results.attempted > 0
    assert results.failed == 0


@pytest.mark.parametrize("unit", UNITS)
def test_every_function_of_a_solution_has_a_worked_example(unit: str) -> None:
    module = load(unit)
    own = [f for _, f in inspect.getmembers(module, inspect.isfunction) if f.__module__ == module.__name__]
    public = [f for f in own if not f.__name__.startswith("_")]
    assert [f.__name__ for f in public if ">>>" not in (f.__doc__ or "")] == []


def test_whole_numbers_are_convolved_as_floats() -> None:
    module = load("convolution/conv2d")
    x, w, b = np.arange(9).reshape(1, 1, 3, 3), np.ones((1, 1, 2, 2), int), np.array([1])
    out = module.conv2d_forward(x, w, b)
    assert out.dtype == np.float64
    assert out.tolist() == [[[[9, 13], [21, 25]]]]
    gradients = module.conv2d_backward(0.5 * out, x, w)
    assert [gradient.dtype for gradient in gradients] == [np.float64] * 3


def test_tied_maxima_share_one_gradient() -> None:
    module = load("convnets/pooling")
    dx = module.max_pool2d_backward(np.full((1, 1, 1, 1), 3.0), np.ones((1, 1, 2, 2)))
    assert dx.sum() == 3
