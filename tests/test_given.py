"""What units are given: the functions of earlier units, right in both precisions, and safe to call with anything."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from students import REPO, solution

from autograder import given

PRECISIONS = {np.float32: 1e-4, np.float64: 1e-12}


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


CALLS: dict[str, tuple[str, tuple[np.ndarray, ...], dict[str, Any]]] = {
    "conv2d_forward": (
        "convolution/conv2d", (draw(2, 3, 7, 6), draw(4, 3, 3, 2), draw(4)), {"stride": 2, "padding": 1},
    ),
    "conv2d_backward": (
        "convolution/conv2d", (draw(2, 4, 4, 4), draw(2, 3, 7, 6), draw(4, 3, 3, 2)), {"stride": 2, "padding": 1},
    ),
    "max_pool2d_forward": ("convnets/pooling", (draw(2, 3, 7, 6),), {"pool": (3, 2), "stride": 1, "padding": 1}),
    "max_pool2d_backward": ("convnets/pooling", (draw(2, 3, 3, 3), draw(2, 3, 6, 6, seed=1)), {}),
    "relu_forward": ("convnets/layers", (draw(3, 4),), {}),
    "relu_backward": ("convnets/layers", (draw(3, 4, seed=1), draw(3, 4)), {}),
    "dense_forward": ("convnets/layers", (draw(3, 4), draw(4, 5), draw(5)), {}),
    "dense_backward": ("convnets/layers", (draw(3, 5), draw(3, 4), draw(4, 5)), {}),
    "rnn_step_forward": ("recurrence/rnn", (draw(2, 3), draw(2, 4), draw(3, 4), draw(4, 4), draw(4)), {}),
    "rnn_forward": ("recurrence/rnn", (draw(2, 5, 3), draw(2, 4), draw(3, 4), draw(4, 4), draw(4)), {}),
    "softmax_cross_entropy": ("convnets/layers", (draw(3, 4), np.array([0, 3, 1])), {}),
}  # fmt: skip


def parts(value: Any) -> list[np.ndarray]:
    return [np.asarray(part) for part in value] if isinstance(value, tuple) else [np.asarray(value)]


def test_every_function_that_is_given_is_tried_here() -> None:
    assert set(CALLS) == set(given.__all__)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", PRECISIONS)
def test_they_agree_with_the_model_answers(name: str, dtype: type) -> None:
    unit, arrays, options = CALLS[name]
    arrays = tuple(array.astype(dtype) if array.dtype.kind == "f" else array for array in arrays)
    for array in arrays:
        array.flags.writeable = False
    found = parts(getattr(given, name)(*arrays, **options))
    right = parts(solution(unit)[name](*arrays, **options))
    assert len(found) == len(right)
    for one, other in zip(found, right, strict=True):
        assert one.ndim == 0 or one.dtype == dtype
        np.testing.assert_allclose(one, other, rtol=PRECISIONS[dtype], atol=PRECISIONS[dtype])


X, W, B = draw(2, 3, 7, 6), draw(4, 3, 3, 2), draw(4)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: given.conv2d_forward(X, W[:, :2], B), r"shapes \(2, 3, 7, 6\), \(4, 2, 3, 2\), \(4,\) do not fit"),
        (lambda: given.conv2d_backward(X, X, W), r"upstream gradient should be of shape \(2, 4, 5, 5\)"),
        (lambda: given.conv2d_forward(X, W, B, padding=10**6), "too much work"),
        (lambda: given.conv2d_forward(X, W, B, stride=0), "stride"),
        (lambda: given.conv2d_forward(X, W, B, padding=-5), "padding"),
        (lambda: given.max_pool2d_forward(X, pool=9), "do not fit"),
        (lambda: given.dense_forward(X, W, B), "do not fit"),
        (lambda: given.conv2d_forward(X[:1, :, :1, :1], W[:1, :, :1, :1], B[:1], padding=4000), "too much work"),
        (lambda: given.dense_forward(X[:, :, 0, 0], W[:3, :, 0, 0], draw(2, 4, 3)), r"b should be of shape \(M,\)"),
        (lambda: given.rnn_forward(draw(1, 10_001, 1), *W[:3, :1, :1, 0], B[:1]), "10000 steps at most"),
        (lambda: given.rnn_forward(draw(1, 9, 1), *W[:3, :1, :1, 0], draw(9, 1, 1)), r"b should be of shape \(H,\)"),
        (lambda: given.relu_forward(np.array(["a"])), "real numbers"),
        (lambda: given.relu_forward(np.array([1j])), "real numbers"),
        (lambda: given.softmax_cross_entropy(draw(2, 3), np.array([0, 3])), "integers from 0 to 2"),
        (lambda: given.softmax_cross_entropy(draw(2, 3), np.array([0, -100])), "integers from 0 to 2"),
        (lambda: given.softmax_cross_entropy(draw(2, 3), np.array([0.0, 1.0])), "integers from 0 to 2"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_torch_is_not_imported_before_a_function_is_called() -> None:
    code = "import autograder.given, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=REPO, timeout=60).returncode == 0
