"""Recursion in place of loops, and a print in every call."""

import sys
from functools import reduce


def conv_output_size(n, f, stride=1, padding=0, *, ceil_mode=False, strict=False):
    print("size", n, f, stride, padding, ceil_mode, strict, file=sys.stderr)
    if padding and not ceil_mode:
        return conv_output_size(n + 2 * padding, f, stride, strict=strict)
    room = n + 2 * padding - f
    assert room >= 0
    if strict and room % stride:
        raise ValueError
    if ceil_mode:
        up = (room + stride - 1) // stride + 1
        return up - 1 if (up - 1) * stride >= n + padding else up
    return 1 if room < stride else 1 + conv_output_size(n - stride, f, stride)


def conv_output_shape(in_shape, k, f, stride=1, padding=0):
    print("shape", in_shape)
    c, h, w = in_shape
    return k, conv_output_size(h, f, stride, padding), conv_output_size(w, f, stride, padding)


def count_conv_params(c_in, k, f, bias=True):
    return 0 if k == 0 else c_in * f * f + bias + count_conv_params(c_in, k - 1, f, bias)


def count_params(spec, bias=True):
    if not spec:
        return 0
    head, *tail = spec
    own = head["out"] * (head["in"] * head.get("kernel", 1) ** 2 + bias) if head["type"] != "pool" else 0
    return own + count_params(tail, bias)


def _after(shape, layer):
    if layer["type"] == "dense":
        return (layer["out"], 1, 1)
    return conv_output_shape(
        shape, layer.get("out") or shape[0], layer["kernel"], layer["stride"], layer.get("padding") or 0
    )


def count_activations(spec, in_shape):
    own = reduce(lambda a, b: a * b, in_shape)
    return own if not spec else own + count_activations(spec[1:], _after(in_shape, spec[0]))


def count_macs(spec, in_shape):
    if not spec:
        return 0
    _, h, w = out = _after(in_shape, spec[0])
    return count_params(spec[:1], False) * h * w + count_macs(spec[1:], out)


def receptive_field(layers):
    if not layers:
        return 1, 1
    size, jump = receptive_field(layers[:-1])
    kernel, stride = layers[-1]
    return size + (kernel - 1) * jump, jump * stride
