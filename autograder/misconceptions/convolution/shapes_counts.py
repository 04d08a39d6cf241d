"""Mistakes of convolution/shapes in counts: parameters, activations, multiply-adds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.model import Misconception
from reference.convolution.shapes import (
    Layer,
    Shape,
    count_conv_params,
    count_macs,
    count_params,
    params_of,
    volume,
    walk,
)

Wrong = Mapping[str, Callable[..., Any]]
Spec = Sequence[Layer]


def _conv(count: Callable[[int, int, int, int], int]) -> Wrong:
    """Parameters by one's own formula of channels, filters, size and bias (0 or 1), in whole networks too."""

    def one(c_in: int, k: int, f: int, bias: bool = True) -> int:
        return count(c_in, k, f, int(bias))

    def network(spec: Spec, bias: bool = True) -> int:
        return sum(
            one(layer["in"], layer["out"], layer["kernel"], bias) if layer["type"] == "conv" else params_of(layer, bias)
            for layer in spec
        )

    return {"count_conv_params": one, "count_params": network}


def _params(of: Callable[[Layer, bool], int]) -> Wrong:
    """Parameters of a network by one's own rule for a layer."""
    return {"count_params": lambda spec, bias=True: sum(of(layer, bias) for layer in spec)}


def _skipping(kind: str) -> Wrong:
    return _params(lambda layer, bias: 0 if layer["type"] == kind else params_of(layer, bias))


def _activations(of: Callable[[Layer, Shape, Shape], int], first: Callable[[Shape], int] = volume) -> Wrong:
    """Activations by one's own rule for a layer, from the shapes before and after it, and for the input."""

    def count(spec: Spec, in_shape: Shape) -> int:
        return first(in_shape) + sum(of(*step) for step in walk(spec, in_shape))

    return {"count_activations": count}


def _unless(kind: str) -> Wrong:
    return _activations(lambda layer, before, after: 0 if layer["type"] == kind else volume(after))


def _macs(of: Callable[[Layer, Shape, Shape], int]) -> Wrong:
    """Multiply-adds by one's own rule for a layer, from the shapes before and after it."""
    return {"count_macs": lambda spec, in_shape: sum(of(*step) for step in walk(spec, in_shape))}


def _weights(layer: Layer, bias: bool = False) -> int:
    return params_of(layer, bias)


def _at_input_positions(layer: Layer, before: Shape, after: Shape) -> int:
    positions = before[1] * before[2] if layer["type"] == "conv" else 1
    return _weights(layer) * positions


def _with_pools(layer: Layer, before: Shape, after: Shape) -> int:
    if layer["type"] == "pool":
        return volume(after) * int(layer["kernel"]) ** 2
    return _weights(layer) * after[1] * after[2]


def _as_if_dense(spec: Spec, in_shape: Shape) -> int:
    return sum(
        volume(before) * volume(after) for layer, before, after in walk(spec, in_shape) if layer["type"] != "pool"
    )


PARAMETERS = (
    Misconception(
        "biases-not-counted",
        "You forget the bias.",
        "Don't forget the bias! Each filter has one, and so has each output of a dense layer.",
        {
            "count_conv_params": lambda c_in, k, f, bias=True: count_conv_params(c_in, k, f, False),
            "count_params": lambda spec, bias=True: count_params(spec, False),
        },
        "S05",
    ),
    Misconception(
        "biases-always-counted",
        "You count biases whatever the bias argument says.",
        "With bias=False there are weights only.",
        {
            "count_conv_params": lambda c_in, k, f, bias=True: count_conv_params(c_in, k, f, True),
            "count_params": lambda spec, bias=True: count_params(spec, True),
        },
    ),
    Misconception(
        "depth-of-a-filter-forgotten",
        "You count f * f weights a filter.",
        "A filter is as deep as its input: f x f x c_in.",
        _conv(lambda c, k, f, bias: k * (f * f + bias)),
        "S06",
    ),
    Misconception(
        "bias-for-each-channel",
        "You count a bias for each channel of each filter.",
        "A filter has one bias, which is added after the sum over the channels.",
        _conv(lambda c, k, f, bias: k * c * (f * f + bias)),
    ),
    Misconception(
        "one-bias-for-all",
        "You count a single bias for the whole layer.",
        "Each of the k filters has a bias of its own.",
        _conv(lambda c, k, f, bias: k * c * f * f + bias),
    ),
    Misconception(
        "one-filter-counted",
        "You count the parameters of one filter.",
        "There are k filters, each with its own weights and bias.",
        _conv(lambda c, k, f, bias: c * f * f + bias),
    ),
    Misconception(
        "filter-one-dimensional",
        "You count f weights a channel instead of f * f.",
        "A filter has f rows and f columns.",
        _conv(lambda c, k, f, bias: k * (c * f + bias)),
    ),
    Misconception(
        "pools-have-parameters",
        "You count parameters for pools.",
        "A pool takes a maximum or a mean: there is nothing in it to learn.",
        _params(lambda layer, bias: layer["kernel"] ** 2 if layer["type"] == "pool" else params_of(layer, bias)),
        "S08",
    ),
    Misconception(
        "dense-layers-left-out",
        "You leave out the dense layers.",
        "A dense layer has in * out weights and out biases: most of VGG's parameters.",
        _skipping("dense"),
    ),
    Misconception(
        "convolutions-left-out",
        "You leave out the convolutions.",
        "A convolution has out * in * kernel * kernel weights and out biases.",
        _skipping("conv"),
    ),
    Misconception(
        "dense-biases-not-counted",
        "You forget the biases of the dense layers.",
        "Each output of a dense layer has a bias.",
        _params(lambda layer, bias: params_of(layer, bias and layer["type"] != "dense")),
    ),
    Misconception(
        "dense-biases-by-input",
        "You count a bias for each input of a dense layer.",
        "A bias is added to each output: there are `out` of them.",
        _params(
            lambda layer, bias: (
                layer["in"] * layer["out"] + layer["in"] * bias if layer["type"] == "dense" else params_of(layer, bias)
            )
        ),
    ),
)

ACTIVATIONS = (
    Misconception(
        "input-not-counted",
        "You do not count the input.",
        "The first layer's gradient needs the image: it is kept too.",
        _activations(lambda layer, before, after: volume(after), first=lambda shape: 0),
    ),
    Misconception(
        "pools-not-counted",
        "You do not count the outputs of pools.",
        "The layer after a pool needs what came out of it: every layer's output counts.",
        _unless("pool"),
    ),
    Misconception(
        "dense-outputs-not-counted",
        "You do not count the outputs of dense layers.",
        "Every layer's output counts, a dense layer's `out` numbers too.",
        _unless("dense"),
    ),
    Misconception(
        "last-output-not-counted",
        "You count what goes into each layer, and with it leave out the last output.",
        "The input and every layer's output count, the last one too.",
        _activations(lambda layer, before, after: volume(before), first=lambda shape: 0),
    ),
    Misconception(
        "positions-without-channels",
        "You count the positions of each map once, whatever its channels.",
        "A map has C * H * W numbers.",
        _activations(lambda layer, before, after: after[1] * after[2] if layer["type"] != "dense" else after[0]),
    ),
)

MACS = (
    Misconception(
        "multiplications-and-additions",
        "You count each multiplication and each addition.",
        "A product with its addition counts once.",
        {"count_macs": lambda spec, in_shape: 2 * count_macs(spec, in_shape)},
    ),
    Misconception(
        "biases-as-multiply-adds",
        "You count an operation for each bias.",
        "A bias is added without a product: count the products.",
        _macs(lambda layer, before, after: _weights(layer, True) * after[1] * after[2]),
    ),
    Misconception(
        "macs-without-dense",
        "You leave out the dense layers.",
        "A dense layer multiplies each input with a weight for each output: in * out.",
        _macs(lambda layer, before, after: 0 if layer["type"] == "dense" else _weights(layer) * after[1] * after[2]),
    ),
    Misconception(
        "each-weight-once",
        "You count each weight once.",
        "A filter is used at every position of its output: H' * W' times.",
        _macs(lambda layer, before, after: _weights(layer)),
        "S07",
    ),
    Misconception(
        "input-positions",
        "You multiply by the positions of the input instead of those of the output.",
        "The sum is computed once for each output: H' * W' times.",
        _macs(_at_input_positions),
    ),
    Misconception(
        "pools-as-multiply-adds",
        "You count operations for pools.",
        "A pool multiplies nothing: it is free here.",
        _macs(_with_pools),
    ),
    Misconception(
        "convolutions-as-dense",
        "You count as if each output of a convolution were connected to the whole image.",
        "An output reads one window: in * kernel * kernel numbers.",
        {"count_macs": _as_if_dense},
        "S07",
    ),
)

COUNTS = (*PARAMETERS, *ACTIVATIONS, *MACS)
