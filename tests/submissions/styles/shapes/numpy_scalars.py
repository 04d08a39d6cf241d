"""NumPy's integers everywhere, as results too."""

import numpy as np


def conv_output_size(n, f, stride=1, padding=0, *, ceil_mode=False, strict=False):
    steps, rest = np.divmod(np.int64(n + 2 * padding - f), stride)
    if strict and rest != 0:
        raise ValueError(rest)
    return steps + 1 + np.int64(ceil_mode and rest > 0 and (steps + 1) * stride < n + padding)


def conv_output_shape(in_shape, k, f, stride=1, padding=0):
    sides = (np.array(in_shape[1:]) + 2 * padding - f) // stride + 1
    return (np.int32(k), sides[0], sides[1])


def count_conv_params(c_in, k, f, bias=True):
    return np.zeros((k, c_in, f, f)).size + np.zeros(k).size * int(bias)


def _table(spec, in_shape):
    shape, rows = np.array(in_shape), []
    for layer in spec:
        if layer["type"] == "dense":
            shape = np.array([layer["out"], 1, 1])
        else:
            c = layer["out"] if "out" in layer else shape[0]
            shape = np.array(conv_output_shape(shape, c, layer["kernel"], layer["stride"], layer.get("padding", 0)))
        weights = 0 if layer["type"] == "pool" else layer["in"] * layer["out"] * layer.get("kernel", 1) ** 2
        rows.append((np.prod(shape, dtype=np.int64), weights * int(shape[1]) * int(shape[2])))
    return np.array(rows, np.int64).reshape(-1, 2)


def count_params(spec, bias=True):
    weights = [layer["in"] * layer["out"] * layer.get("kernel", 1) ** 2 for layer in spec if "in" in layer]
    return np.sum(np.array(weights, np.int64)) + bias * sum(layer["out"] for layer in spec if "in" in layer)


def count_activations(spec, in_shape):
    return np.prod(in_shape) + _table(spec, in_shape)[:, 0].sum()


def count_macs(spec, in_shape):
    return _table(spec, in_shape)[:, 1].sum()


def receptive_field(layers):
    kernels, strides = np.array(layers).T
    jumps = np.concatenate([[1], np.cumprod(strides)])
    return 1 + (kernels - 1) @ jumps[:-1], jumps[-1]
