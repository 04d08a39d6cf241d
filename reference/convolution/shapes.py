"""Oracle for convolution/shapes, in plain Python, and the networks of the lectures as specs."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

Layer = dict[str, Any]
Shape = tuple[int, int, int]


def conv_output_size(
    n: int, f: int, stride: int = 1, padding: int = 0, *, ceil_mode: bool = False, strict: bool = False
) -> int:
    """How many windows of f fit on an axis of n."""
    end = n + 2 * padding - f + (stride - 1 if ceil_mode else 0)
    if strict and (n + 2 * padding - f) % stride:
        raise ValueError("the windows do not tile")
    starts = range(0, end + 1, stride)
    return sum(1 for start in starts if not ceil_mode or start == 0 or start < n + padding)


def conv_output_shape(in_shape: Shape, k: int, f: int, stride: int = 1, padding: int = 0) -> Shape:
    """The shape (C', H', W') after k filters of f x f."""
    _, height, width = in_shape
    return k, conv_output_size(height, f, stride, padding), conv_output_size(width, f, stride, padding)


def count_conv_params(c_in: int, k: int, f: int, bias: bool = True) -> int:
    """Weights, and biases, of k filters of f x f over c_in channels."""
    return k * (c_in * f * f + (1 if bias else 0))


def count_params(spec: Sequence[Layer], bias: bool = True) -> int:
    """Weights, and biases, of all layers of a spec."""
    return sum(params_of(layer, bias) for layer in spec)


def params_of(layer: Layer, bias: bool = True) -> int:
    """Weights, and biases, of one layer."""
    if layer["type"] == "pool":
        return 0
    return count_conv_params(layer["in"], layer["out"], layer.get("kernel", 1), bias)


def count_activations(spec: Sequence[Layer], in_shape: Shape) -> int:
    """Numbers in the input and in the output of every layer."""
    return volume(in_shape) + sum(volume(after) for _, _, after in walk(spec, in_shape))


def count_macs(spec: Sequence[Layer], in_shape: Shape) -> int:
    """Multiply-adds of the convolutions and dense layers."""
    return sum(params_of(layer, bias=False) * after[1] * after[2] for layer, _, after in walk(spec, in_shape))


def walk(spec: Sequence[Layer], in_shape: Shape) -> Iterator[tuple[Layer, Shape, Shape]]:
    """Each layer with the shapes of its input and its output; a dense layer is a map of 1 x 1."""
    shape = in_shape
    for layer in spec:
        before, shape = shape, shape_after(layer, shape)
        yield layer, before, shape


def shape_after(layer: Layer, shape: Shape) -> Shape:
    if layer["type"] == "dense":
        return layer["out"], 1, 1
    channels = layer.get("out", shape[0])
    return conv_output_shape(shape, channels, layer["kernel"], layer["stride"], layer.get("padding", 0))


def volume(shape: Sequence[int]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product


def receptive_field(layers: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """How many inputs one output sees, and by how many two neighbours differ, along one axis."""
    size, jump = 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * jump
        jump *= stride
    return size, jump


def conv(c_in: int, c_out: int, kernel: int, stride: int = 1, padding: int = 0) -> Layer:
    return {"type": "conv", "in": c_in, "out": c_out, "kernel": kernel, "stride": stride, "padding": padding}


def pool(kernel: int, stride: int) -> Layer:
    return {"type": "pool", "kernel": kernel, "stride": stride}


def dense(*widths: int) -> list[Layer]:
    """Dense layers one after the other: 400, 120, 84 are two."""
    return [{"type": "dense", "in": a, "out": b} for a, b in pairwise(widths)]


def lenet5() -> list[Layer]:
    """LeNet-5 for images of 1 x 32 x 32."""
    return [conv(1, 6, 5), pool(2, 2), conv(6, 16, 5), pool(2, 2), *dense(400, 120, 84, 10)]


def keras_lenet() -> list[Layer]:
    """The lecture's Keras code of that name, for images of 1 x 28 x 28."""
    return [conv(1, 32, 5), pool(2, 2), conv(32, 64, 3), pool(2, 2), *dense(1600, 256, 10)]


def alexnet() -> list[Layer]:
    """AlexNet without its split into two halves, for images of 3 x 227 x 227."""
    first = [conv(3, 96, 11, 4), pool(3, 2), conv(96, 256, 5, 1, 2), pool(3, 2)]
    last = [conv(256, 384, 3, 1, 1), conv(384, 384, 3, 1, 1), conv(384, 256, 3, 1, 1), pool(3, 2)]
    return [*first, *last, *dense(9216, 4096, 4096, 1000)]


VGG = {  # convolutions between the pools, by their filters; a minus sign stands for 1 x 1
    "A": ((64,), (128,), (256, 256), (512, 512), (512, 512)),
    "B": ((64, 64), (128, 128), (256, 256), (512, 512), (512, 512)),
    "C": ((64, 64), (128, 128), (256, 256, -256), (512, 512, -512), (512, 512, -512)),
    "D": ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3),
    "E": ((64, 64), (128, 128), (256,) * 4, (512,) * 4, (512,) * 4),
}


def vgg(config: str = "D", padding: int = 1, first_dense: int = 512 * 7 * 7) -> list[Layer]:
    """A VGG network for images of 3 x 224 x 224. Taken literally, the lecture's Keras code has no padding."""
    spec, channels = [], 3
    for block in VGG[config]:
        for filters in block:
            kernel = 3 if filters > 0 else 1
            spec.append(conv(channels, abs(filters), kernel, 1, padding if kernel == 3 else 0))
            channels = abs(filters)
        spec.append(pool(2, 2))
    return [*spec, *dense(first_dense, 4096, 4096, 1000)]
