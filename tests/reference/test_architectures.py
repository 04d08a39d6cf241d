"""The lectures' networks have the sizes that were published, or that the lectures' errors hide."""

import pytest
import torch

from reference import architectures
from reference.architectures import build, count, counts_of, inception, residual
from reference.convolution import shapes


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("lenet5", 61_706),
        ("keras_lenet", 431_754),
        ("alexnet", 62_378_344),  # without the split into two halves, which the paper's 60 M have
        ("vgg_A", 132_863_336),
        ("vgg_B", 133_047_848),
        ("vgg_C", 133_638_952),
        ("vgg_D", 138_357_544),
        ("vgg_E", 143_667_240),
    ],
)
def test_parameters_are_as_published(name: str, parameters: int) -> None:
    assert counts_of(name).parameters == parameters


def test_vgg16_is_as_the_lecture_has_it_but_for_its_sum() -> None:
    counts = counts_of("vgg_D")
    assert counts.weights == 138_344_128
    assert counts.activations == 15_237_608  # the lecture's 24 M is wrong
    convolutions = build([layer for layer in shapes.vgg("D") if layer["type"] != "dense"])
    assert count(convolutions, (3, 224, 224)).multiply_adds == pytest.approx(15.35e9, rel=1e-3)
    assert counts.multiply_adds == pytest.approx(15.47e9, rel=1e-3)
    assert counts.out_shape == (1000,)


def test_vgg16_without_padding_ends_at_one_pixel() -> None:
    body = build([layer for layer in shapes.vgg("D", padding=0) if layer["type"] != "dense"])
    assert count(body, (3, 224, 224)).out_shape == (512, 1, 1)


def test_the_keras_lenet_is_made_of_the_lectures_layers() -> None:
    sizes = [sum(p.numel() for p in layer.parameters()) for layer in build(shapes.keras_lenet())]
    assert [size for size in sizes if size] == [832, 18_496, 409_856, 2_570]


@pytest.mark.parametrize("name", architectures.NETWORKS)
def test_counting_modules_and_counting_by_formula_agree(name: str) -> None:
    spec, in_shape = architectures.NETWORKS[name]
    counts = counts_of(name)
    assert counts.parameters == shapes.count_params(spec())
    assert counts.weights == shapes.count_params(spec(), bias=False)
    assert counts.activations == shapes.count_activations(spec(), in_shape)
    assert counts.multiply_adds == shapes.count_macs(spec(), in_shape)


def test_resnets_blocks_are_as_published() -> None:
    basic = count(build(residual(64)), (64, 56, 56))
    assert (basic.parameters, basic.multiply_adds, basic.out_shape) == (73_984, 2 * 36_864 * 56 * 56, (64, 56, 56))
    bottleneck = count(build(residual(256, (1, 3, 1), narrow=64)), (256, 56, 56))
    assert (bottleneck.parameters, bottleneck.out_shape) == (70_400, (256, 56, 56))


def test_googlenets_first_block_is_as_published() -> None:
    counts = count(build(inception(192, 64, (96, 128), (16, 32), 32)), (192, 28, 28))
    assert counts.weights == 163_328  # the paper's 159 K are of 1024
    assert counts.multiply_adds == pytest.approx(128e6, rel=1e-3)
    assert counts.out_shape == (256, 28, 28)


def test_nothing_takes_memory() -> None:
    model = build(shapes.vgg("E"))
    assert {parameter.device for parameter in model.parameters()} == {torch.device("meta")}


def test_a_layer_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="no layer of type 'attention'"):
        build([{"type": "attention"}])
