"""Sizes and costs: how large a feature map is, how many parameters a network has, how much it computes.

Nobody draws a network without these numbers: they say whether it fits into memory, and where its time goes.
Everything here is integer arithmetic.

A network is a spec, a list of layers in order; each is a dict with a "type" and these keys, always all of them:

    {"type": "conv", "in": 3, "out": 10, "kernel": 5, "stride": 1, "padding": 2}
    {"type": "pool", "kernel": 2, "stride": 2}
    {"type": "dense", "in": 400, "out": 120}

Kernels and windows are square, strides and paddings the same for both axes, pools have no padding. "in" and "out"
count channels, or numbers in a dense layer, which flattens whatever comes before it. Activation functions are not
listed: they change no size, have no parameters, and work in place.

Rules for all functions here:
- Sizes floor, as in PyTorch: a window that does not fit is dropped.
- Shapes are (C, H, W). What the lectures write as 32x32x3 is (3, 32, 32).
- Answers are ints, not floats.
"""


def conv_output_size(
    n: int, f: int, stride: int = 1, padding: int = 0, *, ceil_mode: bool = False, strict: bool = False
) -> int:
    """How many windows of f pixels there are on an axis of n.

    Args:
        n: length of the axis.
        f: length of the window; it fits, f <= n + 2 * padding.
        stride: step between windows.
        padding: zeros on each side.
        ceil_mode: keep a last window that sticks out at the end too, if it starts inside the axis or in the padding
            before it. A window that would start in the padding after it, or beyond, is dropped, as in PyTorch.
        strict: raise ValueError if the windows do not tile the padded axis.

    Returns:
        The number of windows.

    The lecture's 32x32 image with a 5x5 filter and padding 2; and its 98x98 map, which a 3x3 filter "with no
    overlap" makes 33x33 only if the last, partial window counts:

    >>> conv_output_size(32, 5, stride=1, padding=2)
    32
    >>> conv_output_size(98, 3, stride=3), conv_output_size(98, 3, stride=3, ceil_mode=True)
    (32, 33)

    AlexNet's first layer has 55 positions on 227 pixels. On the 224 of the paper, which the lecture copies, its
    windows do not tile:

    >>> conv_output_size(227, 11, stride=4, strict=True)
    55
    >>> conv_output_size(224, 11, stride=4, strict=True)
    Traceback (most recent call last):
    ValueError: 213 steps cannot be taken 4 at a time
    """
    # YOUR CODE HERE
    raise NotImplementedError


def conv_output_shape(
    in_shape: tuple[int, int, int], k: int, f: int, stride: int = 1, padding: int = 0
) -> tuple[int, int, int]:
    """The output volume of a convolution layer.

    Args:
        in_shape: shape of one image, (C, H, W); it need not be square.
        k: number of filters.
        f: their height and width.
        stride: step between windows.
        padding: zeros on each side.

    Returns:
        (C', H', W'), with a channel for each filter.

    The lecture's exercise: 32x32x3, ten 5x5 filters, stride 1, padding 2, make 32x32x10:

    >>> conv_output_shape((3, 32, 32), 10, 5, stride=1, padding=2)
    (10, 32, 32)
    """
    # YOUR CODE HERE
    raise NotImplementedError


def count_conv_params(c_in: int, k: int, f: int, bias: bool = True) -> int:
    """Trainable parameters of a convolution layer: they do not depend on the size of the image.

    Args:
        c_in: channels of the input.
        k: number of filters.
        f: their height and width.
        bias: whether each filter has a bias. "Don't forget the bias!"

    Returns:
        The number of parameters.

    The same exercise: ten 5x5 filters on 3 channels.

    >>> count_conv_params(3, 10, 5)
    760
    >>> count_conv_params(3, 10, 5, bias=False)
    750
    """
    # YOUR CODE HERE
    raise NotImplementedError


def count_params(spec: list[dict], bias: bool = True) -> int:
    """Trainable parameters of a network.

    The lecture's table for VGG-16 counts weights only, 138 344 128; with biases there are 138 357 544. LeNet-5 as
    published has 61 706 (images of 32 by 32, filters of 5x5); the lecture's Keras code of that name is another
    network, for 28 by 28, with 5x5 and then 3x3 filters, and has 431 754.

    Args:
        spec: the network, a list of layers as described at the top.
        bias: whether convolutions and dense layers have biases: one for each filter, or each output.

    Returns:
        The number of parameters.

    The dense layers of LeNet-5:

    >>> count_params([
    ...     {"type": "dense", "in": 400, "out": 120},
    ...     {"type": "dense", "in": 120, "out": 84},
    ...     {"type": "dense", "in": 84, "out": 10},
    ... ])
    59134
    """
    # YOUR CODE HERE
    raise NotImplementedError


def count_activations(spec: list[dict], in_shape: tuple[int, int, int]) -> int:
    """Numbers that backpropagation must keep in memory for one image: the input and every layer's output, pools too.

    For VGG-16 they are 15 237 608. The lecture's table says "24M", a slip that has been copied for years: its own
    rows add up to 15.2 million. Taken literally, its Keras code is yet another network: without padding the maps
    shrink to 1x1x512, and the first dense layer has 2.1 in place of 102.8 million parameters.

    Args:
        spec: the network, a list of layers as described at the top.
        in_shape: shape of one image, (C, H, W).

    Returns:
        The number of activations.

    16 numbers in, 2 * 16 after the convolution, 2 * 4 after the pool:

    >>> count_activations([
    ...     {"type": "conv", "in": 1, "out": 2, "kernel": 3, "stride": 1, "padding": 1},
    ...     {"type": "pool", "kernel": 2, "stride": 2},
    ... ], (1, 4, 4))
    56
    """
    # YOUR CODE HERE
    raise NotImplementedError


def count_macs(spec: list[dict], in_shape: tuple[int, int, int]) -> int:
    """Multiply-adds for one image, in convolutions and dense layers.

    Each output is a sum of products, and each product with its addition counts once; biases and pools are free.
    The lecture's "15.3B Flops" of VGG-16 are the multiply-adds of its convolutions, 15.35 G; with its dense layers
    there are 15.47 G.

    Args:
        spec: the network, a list of layers as described at the top.
        in_shape: shape of one image, (C, H, W).

    Returns:
        The number of multiply-adds.

    9 for each of the 2 * 16 outputs; then 32 for each of 10:

    >>> count_macs([
    ...     {"type": "conv", "in": 1, "out": 2, "kernel": 3, "stride": 1, "padding": 1},
    ...     {"type": "dense", "in": 32, "out": 10},
    ... ], (1, 4, 4))
    608
    """
    # YOUR CODE HERE
    raise NotImplementedError


def receptive_field(layers: list[tuple[int, int]]) -> tuple[int, int]:
    """How much of the input one output of a stack of layers sees, along one axis.

    Args:
        layers: (kernel, stride) of each convolution or pool, from the input on.

    Returns:
        The number of input pixels that one output depends on, and the jump: by how many input pixels the views of
        two neighbouring outputs are apart.

    Two 3x3 convolutions see as much as one 5x5; with a pool between them, more:

    >>> receptive_field([(3, 1), (3, 1)])
    (5, 1)
    >>> receptive_field([(3, 1), (2, 2), (3, 1)])
    (8, 2)
    """
    # YOUR CODE HERE
    raise NotImplementedError
