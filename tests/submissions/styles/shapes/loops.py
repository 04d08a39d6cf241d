"""Counts everything one by one, where that takes no longer than it must; lists in place of tuples."""


def conv_output_size(n, f, stride=1, padding=0, *, ceil_mode=False, strict=False):
    start, count, end = -padding, 0, n + padding
    while start + f <= end:
        count, start = count + 1, start + stride
    whole = start - stride + f == end
    if strict and not whole:
        raise ValueError("left over")
    if ceil_mode and not whole and start < n:
        count += 1
    return count


def conv_output_shape(in_shape, k, f, stride=1, padding=0):
    return [k, *(conv_output_size(side, f, stride, padding) for side in in_shape[1:])]


def count_conv_params(c_in, k, f, bias=True):
    return sum(c_in * f ** 2 + (1 if bias else 0) for _ in range(k))


def count_params(spec, bias=True):
    total = 0
    while spec:
        layer = spec.pop()
        match layer["type"]:
            case "conv":
                total += count_conv_params(layer["in"], layer["out"], layer["kernel"], bias)
            case "dense":
                total += (layer["in"] + bias) * layer["out"]
    return total


def _shapes(spec, shape):
    yield shape
    for layer in spec:
        if layer["type"] == "dense":
            shape = (layer["out"],)
        elif layer["type"] == "pool":
            shape = conv_output_shape(shape, shape[0], layer["kernel"], layer["stride"])
        else:
            shape = conv_output_shape(shape, layer["out"], layer["kernel"], layer["stride"], layer["padding"])
        yield shape


def _product(numbers):
    result = 1
    for number in numbers:
        result *= number
    return result


def count_activations(spec, in_shape):
    return sum(map(_product, _shapes(spec, in_shape)))


def count_macs(spec, in_shape):
    total = 0
    for layer, (_, *after) in zip(spec, list(_shapes(spec, in_shape))[1:]):
        if layer["type"] != "pool":
            total += layer["in"] * layer["out"] * layer.get("kernel", 1) ** 2 * _product(after)
    return total


def receptive_field(layers):
    first, last = 0, 0
    apart = 1
    for kernel, stride in reversed(layers):
        first, last = first * stride, last * stride + kernel - 1
        apart *= stride
    return [last - first + 1, apart]
