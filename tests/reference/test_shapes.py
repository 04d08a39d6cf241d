"""The lectures' numbers, as they are in print or as they should be: the oracle is held against these literals."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F

from reference.convolution.shapes import (
    alexnet,
    conv_output_shape,
    conv_output_size,
    count_activations,
    count_conv_params,
    count_macs,
    count_params,
    keras_lenet,
    lenet5,
    receptive_field,
    vgg,
    walk,
)

VGG_INPUT = (3, 224, 224)


def test_the_exercise_of_the_lecture() -> None:
    assert conv_output_shape((3, 32, 32), 10, 5, stride=1, padding=2) == (10, 32, 32)
    assert count_conv_params(3, 10, 5) == 760


def test_vgg_16() -> None:
    assert count_params(vgg(), bias=False) == 138_344_128
    assert count_params(vgg(), bias=True) == 138_357_544
    assert count_activations(vgg(), VGG_INPUT) == 15_237_608  # not 24 million
    assert count_macs(vgg()[:-3], VGG_INPUT) == 15_346_630_656
    assert count_macs(vgg(), VGG_INPUT) == 15_470_264_320


@pytest.mark.parametrize(("config", "millions"), [*zip("ABCDE", (132.9, 133.0, 133.6, 138.4, 143.7), strict=True)])
def test_vgg_a_to_e(config: str, millions: float) -> None:
    assert round(count_params(vgg(config)) / 1e6, 1) == millions


def test_vgg_without_padding_ends_in_one_pixel() -> None:
    *_, last = [after for _, _, after in walk(vgg(padding=0)[:-3], VGG_INPUT)]
    assert last == (512, 1, 1)


def test_lenets() -> None:
    assert count_params(lenet5()) == 61_706
    assert count_params(keras_lenet()) == 431_754


def test_specs_fit_their_dense_layers() -> None:
    for spec, in_shape in ((lenet5(), (1, 32, 32)), (keras_lenet(), (1, 28, 28)), (alexnet(), (3, 227, 227))):
        for layer, before, _ in walk(spec, in_shape):
            if layer["type"] == "dense":
                assert layer["in"] == before[0] * before[1] * before[2]


def test_alexnet_does_not_tile_224() -> None:
    assert conv_output_size(227, 11, 4, strict=True) == 55
    with pytest.raises(ValueError, match="tile"):
        conv_output_size(224, 11, 4, strict=True)


def test_98_pooled_by_3_is_33_with_ceil_mode_only() -> None:
    assert conv_output_size(98, 3, 3) == 32
    assert conv_output_size(98, 3, 3, ceil_mode=True) == 33


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_sizes_are_those_of_torch(ceil_mode: bool) -> None:
    for n, f, stride in ((n, f, s) for n in range(1, 12) for f in range(1, 6) for s in range(1, 5)):
        for padding in range(f // 2 + 1):
            if n + 2 * padding >= f:
                options: Any = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
                pooled = F.max_pool2d(torch.zeros(1, 1, n, n), f, **options)
                assert conv_output_size(n, f, **options) == pooled.shape[-1], (n, f, options)


def test_receptive_field_of_vgg_16() -> None:
    assert receptive_field([(layer["kernel"], layer["stride"]) for layer in vgg()[:-3]]) == (212, 32)
