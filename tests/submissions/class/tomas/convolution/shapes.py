import math


def conv_output_size(n, f, stride=1, padding=0, *, ceil_mode=False, strict=False):
    span = n + 2 * padding - f
    if span < 0 or (strict and span % stride):
        raise ValueError("the filter does not tile the input")
    if not ceil_mode:
        return span // stride + 1
    size = math.ceil(span / stride) + 1
    return size - 1 if (size - 1) * stride >= n + padding else size


def conv_output_shape(in_shape, k, f, stride=1, padding=0):
    c, h, w = in_shape
    return k, conv_output_size(h, f, stride, padding), conv_output_size(w, f, stride, padding)


def count_conv_params(c_in, k, f, bias=True):
    # every filter looks at one channel
    return k * f * f + (k if bias else 0)


def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride in layers:
        size += kernel - 1
        jump *= stride
    return size, jump
