"""Inspection: look into a network. What do its layers see, what has it learnt, what does it confuse?

The lectures show the feature maps of Zeiler and Fergus layer by layer, the filters of AlexNet as tiles of one picture,
the top-5 error of ImageNet, and for each class the classes that a network takes it for: a tuna is taken for a gar or
a sturgeon.

Rules for all functions here:
- You get and return PyTorch tensors.
- Results have the dtype and the device of the tensors you are given. Do not change those tensors.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def get_activations(model: nn.Module, x: Tensor, names: Sequence[str]) -> dict[str, Tensor]:
    """What layers of a model return for x.

    A hook (`module.register_forward_hook`) is a function that PyTorch calls with a module, its inputs and its output
    whenever the module has run. Run the model in evaluation mode, without gradients. Whoever looks must leave
    no traces, not even if the model raises an exception: no hooks, and each module in the mode it was in, which may
    differ from one to the next.

    Args:
        model: any model.
        x: what it takes.
        names: of modules in it, as in `model.named_modules()`: "body.0". Each of them runs once.

    Returns:
        The output of each of these modules by its name. A copy of its own: a layer behind it may work in place, as
        ReLU often does.

    >>> model = nn.Sequential(nn.Flatten(), nn.ReLU(inplace=True))
    >>> get_activations(model, torch.tensor([[[-1.0, 2.0]]]), ["0", "1"])
    {'0': tensor([[-1.,  2.]]), '1': tensor([[0., 2.]])}
    >>> model.training, len(model[0]._forward_hooks)
    (True, 0)
    """
    # YOUR CODE HERE
    raise NotImplementedError


def tile_filters(w: Tensor, pad: int = 1) -> Tensor:
    """Filters side by side, as a picture.

    Each filter becomes a tile whose smallest number is 0 and whose largest is 1, over all its channels together;
    a filter whose numbers are all the same becomes 0. The tiles fill a grid row by row. It has as many columns as it
    takes to be square or a little wider than high: the smallest number whose square is at least F; and as many rows
    as are needed. Between tiles, and all around them, are `pad` pixels of 0; places without a tile are 0 too.

    Args:
        w: the filters of a convolution, of shape (F, C, KH, KW). With C = 3 the picture is in colour.
        pad: pixels between tiles and around them.

    Returns:
        The picture, of shape (C, rows * (KH + pad) + pad, columns * (KW + pad) + pad).

    Three filters of one row, two columns, need a grid of 2 x 2:

    >>> tile_filters(torch.tensor([[[[1.0, 5.0]]], [[[0.0, -1.0]]], [[[2.0, 3.0]]]]))
    tensor([[[0., 0., 0., 0., 0., 0., 0.],
             [0., 0., 1., 0., 1., 0., 0.],
             [0., 0., 0., 0., 0., 0., 0.],
             [0., 0., 1., 0., 0., 0., 0.],
             [0., 0., 0., 0., 0., 0., 0.]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def topk_error(logits: Tensor, y: Tensor, k: int) -> Tensor:
    """The share of images whose true class is not among the k that the network finds most likely.

    ImageNet is judged with k = 5: among 1000 classes, five guesses are allowed.

    Args:
        logits: of shape (N, K); no two of a row are equal.
        y: the true classes, of shape (N,).
        k: guesses, from 1 to K.

    Returns:
        A number from 0 to 1, of shape ().

    >>> logits = torch.tensor([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]])
    >>> topk_error(logits, torch.tensor([2, 0]), 1), topk_error(logits, torch.tensor([2, 0]), 2)
    (tensor(0.5000), tensor(0.))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def confusion_set(prob: Tensor, y: Tensor, k: int) -> Tensor:
    """Which classes each class is taken for.

    Average the probabilities over the images of a class. What gets most, apart from the class itself, is what
    the network confuses it with.

    Args:
        prob: probabilities, of shape (N, K).
        y: the true classes, of shape (N,).
        k: how many classes to name, from 1 to K - 1.

    Returns:
        In row c the k classes that images of class c are most taken for, the most likely one first: of shape (K, k),
        int64. A class without images has a row of -1. No two averages are equal.

    Two images of a tuna (class 0), one of a gar (1), one of a sturgeon (2). The tuna is rather taken for a sturgeon:

    >>> prob = torch.tensor([[0.5, 0.4, 0.1], [0.4, 0.1, 0.5], [0.0, 0.7, 0.3], [0.3, 0.1, 0.6]])
    >>> confusion_set(prob, torch.tensor([0, 0, 1, 2]), 1)
    tensor([[2],
            [2],
            [0]])
    """
    # YOUR CODE HERE
    raise NotImplementedError
