"""The other layers of a convolutional network, forward and backward.

Activations, the dense layer, softmax with cross-entropy, batch normalisation and dropout. Each backward pass takes
the gradient with respect to what its forward pass returned, and the inputs of that forward pass.

Rules for all functions here:
- Stable: finite and right for numbers of size 1e4, where a bare exp overflows.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
- Arrays are passed by position, and so are labels, training, p, rng and the arguments beside them; alpha, momentum and
  eps by keyword.
"""

import numpy as np


def relu_forward(x: np.ndarray) -> np.ndarray:
    """The lecture's Output = Max(zero, Input), elementwise, for x of any shape.

    >>> relu_forward(np.array([-2.0, 3.0]))
    array([0., 3.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def relu_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Gradient with respect to x, of its shape: dout where x is positive, 0 where it is negative.

    At exactly 0 either is accepted.

    >>> relu_backward(np.array([10.0, 20.0]), np.array([-2.0, 3.0]))
    array([ 0., 20.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def leaky_relu_forward(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """x where it is positive, alpha * x where it is negative: a unit that never gets stuck.

    >>> leaky_relu_forward(np.array([-2.0, 3.0]), alpha=0.5)
    array([-1.,  3.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def leaky_relu_backward(dout: np.ndarray, x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Gradient with respect to x, of its shape.

    >>> leaky_relu_backward(np.array([10.0, 20.0]), np.array([-2.0, 3.0]), alpha=0.5)
    array([ 5., 20.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def sigmoid_forward(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), elementwise.

    >>> sigmoid_forward(np.array([-1e4, 0.0, 1e4]))
    array([0. , 0.5, 1. ])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def sigmoid_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Gradient with respect to x, of its shape. x is what went in, not the sigmoid of it.

    >>> sigmoid_backward(np.array([4.0, 4.0]), np.array([0.0, 1e4]))
    array([1., 0.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def tanh_forward(x: np.ndarray) -> np.ndarray:
    """The hyperbolic tangent, elementwise.

    >>> tanh_forward(np.array([-1e4, 0.0, 1e4]))
    array([-1.,  0.,  1.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def tanh_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Gradient with respect to x, of its shape. x is what went in, not the tanh of it.

    >>> tanh_backward(np.array([2.0, 2.0]), np.array([0.0, 1e4]))
    array([2., 0.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def dense_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A fully connected layer: x (N, D) times w (D, M), plus b (M,), of shape (N, M).

    The lecture's [4 5 6] and [1 2 3]:

    >>> dense_forward(np.array([[4.0, 5.0, 6.0]]), np.array([[1.0], [2.0], [3.0]]), np.zeros(1))
    array([[32.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def dense_backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """dx, dw and db, of the shapes of x, w and b, given dout of shape (N, M). Divide by nothing.

    >>> dense_backward(np.array([[10.0]]), np.array([[4.0, 5.0]]), np.array([[1.0], [2.0]]))
    (array([[10., 20.]]), array([[40.],
           [50.]]), array([10.]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def softmax_cross_entropy(logits: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Softmax over the classes and cross-entropy, averaged over the batch.

    Args:
        logits: scores before the softmax, of shape (N, C); a gap of 1e4 between two of them must do no harm.
        y: the right classes, integers of shape (N,).

    Returns:
        loss: the mean of -log(probability of the right class), a number.
        dlogits: the gradient of that loss with respect to logits, of shape (N, C).

    Two classes that seem equally likely cost log 2:

    >>> loss, dlogits = softmax_cross_entropy(np.array([[7.0, 7.0]]), np.array([1]))
    >>> round(float(loss), 6), dlogits
    (0.693147, array([[ 0.5, -0.5]]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def batchnorm2d_forward(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normalise each channel, then scale it by gamma and shift it by beta.

    In training each channel is normalised by its own mean and variance over N, H and W; in evaluation by the
    running ones. out = gamma * (x - mean) / sqrt(var + eps) + beta.

    Args:
        x: images, of shape (N, C, H, W); in training N * H * W is at least 2.
        gamma, beta, running_mean, running_var: one number a channel, of shape (C,).
        training: whether this is the training pass.
        momentum: share of the new statistics: running = (1 - momentum) * running + momentum * new, as in PyTorch.
        eps: added to the variance, under the root.

    Returns:
        out, of the shape of x, and the new running_mean and running_var; in evaluation they stay as they were.
        What is normalised with is the variance divided by n = N * H * W; what goes into running_var is the unbiased
        one, divided by n - 1, as in PyTorch.

    >>> x, one, zero = np.array([[[[-1.0, 1.0]]]]), np.ones(1), np.zeros(1)
    >>> batchnorm2d_forward(x, 3 * one, one, zero, zero, True, momentum=0.5, eps=0.0)
    (array([[[[-2.,  4.]]]]), array([0.]), array([1.]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def batchnorm2d_backward(
    dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of the training pass: mean and variance depend on x too.

    Args:
        dout: gradient of the loss with respect to out, of shape (N, C, H, W).
        x, gamma, eps: as in the forward pass.

    Returns:
        dx, dgamma and dbeta, of the shapes of x, gamma and beta.

    A gradient that is the same for a whole channel only moves its mean, and that is taken off again:

    >>> batchnorm2d_backward(np.ones((1, 1, 1, 2)), np.array([[[[-1.0, 1.0]]]]), np.ones(1))
    (array([[[[0., 0.]]]]), array([0.]), array([2.]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def dropout_forward(x: np.ndarray, p: float, training: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Inverted dropout: drop each entry with probability p, and divide those that are kept by 1 - p.

    Args:
        x: any array.
        p: probability to drop, 0 <= p < 1.
        training: in evaluation nothing is dropped, and nothing is divided.
        rng: draw from this generator, for each entry on its own, and from no other.

    Returns:
        out, of the shape of x, and mask, of the same shape: 1 (or True) where an entry was kept, 0 where it was
        dropped; in evaluation 1 everywhere.

    >>> out, mask = dropout_forward(np.full(1000, 3.0), 0.25, True, np.random.default_rng(0))
    >>> np.unique(out), bool(700 < mask.sum() < 800)
    (array([0., 4.]), True)
    """
    # YOUR CODE HERE
    raise NotImplementedError


def dropout_backward(dout: np.ndarray, mask: np.ndarray, p: float) -> np.ndarray:
    """Gradient of the training pass with respect to x, of its shape, for the mask that it returned.

    >>> dropout_backward(np.array([3.0, 3.0]), np.array([1.0, 0.0]), 0.25)
    array([4., 0.])
    """
    # YOUR CODE HERE
    raise NotImplementedError
