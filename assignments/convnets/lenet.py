"""A small convolutional network, trained by you from end to end.

The first successful one was LeNet (1989): convolutions that share their weights over the image, pooling, then dense
layers. This one is as small as the images of digits that it reads:

    conv - relu - pool - conv - relu - pool - dense - relu - dense

Rules for all functions here:
- Images are of shape (N, C, H, W), where H and W are multiples of 4; labels of shape (N,), integers from 0.
- params is a dict of arrays: filters w1 (F1, C, K1, K1) and biases b1 (F1,) of the first convolution, w2
  (F2, F1, K2, K2) and b2 (F2,) of the second, w3 (F2 * H/4 * W/4, M) and b3 (M,) of the hidden dense layer, w4 (M, K)
  and b4 (K,) of the last one, for K classes.
- Kernels are of odd size, and the convolutions keep height and width: stride 1, padding K // 2. Pooling takes the
  largest of 2 x 2. Between the convolutions and the dense layers, each image becomes a row: x.reshape(N, -1).
- The layers are given: conv2d_forward, conv2d_backward(dout, x, w, ...), max_pool2d_forward, max_pool2d_backward(dout,
  x), relu_forward, relu_backward(dout, x), dense_forward, dense_backward(dout, x, w), softmax_cross_entropy(logits, y),
  as in the units conv2d, pooling and layers.
- Work in the precision you are given. Do not change the arrays and dicts you are given.
"""

import numpy as np

from autograder.given import (
    conv2d_backward,
    conv2d_forward,
    dense_backward,
    dense_forward,
    max_pool2d_backward,
    max_pool2d_forward,
    relu_backward,
    relu_forward,
    softmax_cross_entropy,
)

Params = dict[str, np.ndarray]


def he_init(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw first weights for a layer with a ReLU after it (He et al. 2015).

    Each output sums fan_in products, and the ReLU loses half of them: with a variance of 2 / fan_in the signal neither
    dies nor explodes on its way through many layers.

    Args:
        rng: the source of all randomness.
        shape: (F, C, KH, KW) for filters, where fan_in is C * KH * KW; (D, M) for a dense layer, where it is D.

    Returns:
        Independent normal numbers of mean 0 and variance 2 / fan_in, of that shape, float64.

    The lecture's ten filters of 5 x 5 on a colour image sum 75 products each:

    >>> w = he_init(np.random.default_rng(0), (10, 3, 5, 5))
    >>> w.shape, bool(abs(w.std() - np.sqrt(2 / 75)) < 0.01)
    ((10, 3, 5, 5), True)
    """
    # YOUR CODE HERE
    raise NotImplementedError


def convnet_loss(params: Params, x: np.ndarray, y: np.ndarray) -> tuple[float, Params]:
    """The loss of the network on a batch, and its gradient with respect to every parameter.

    Args:
        params: the parameters (rules: top of this file).
        x: images, of shape (N, C, H, W).
        y: their labels, of shape (N,).

    Returns:
        (loss, grads): the cross-entropy, averaged over the batch; and a dict with the keys of params, in which each
        array has the shape of its parameter.

    Before it has learnt anything, a network takes ten classes to be equally likely, and its loss is log 10 = 2.303:

    >>> shapes = {"w1": (2, 1, 3, 3), "b1": (2,), "w2": (3, 2, 3, 3), "b2": (3,), "w3": (12, 5), "b3": (5,),
    ...           "w4": (5, 10), "b4": (10,)}
    >>> params = {name: np.zeros(shape) for name, shape in shapes.items()}
    >>> loss, grads = convnet_loss(params, np.ones((4, 1, 8, 8)), np.array([3, 1, 4, 1]))
    >>> round(float(loss), 3), grads["w3"].shape
    (2.303, (12, 5))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def sgd_momentum(params: Params, grads: Params, state: Params, lr: float, mu: float = 0.9) -> tuple[Params, Params]:
    """One step down the gradient, with momentum.

    Each parameter has a velocity. A step makes it mu times what it was, plus the gradient; then the parameter moves by
    lr times the new velocity, against it.

    Args:
        params: the parameters, a dict of arrays with any keys.
        grads: their gradients, with the same keys and shapes.
        state: the velocities that the last step returned; an empty dict before the first step, when they are 0.
        lr: the learning rate.
        mu: the momentum.

    Returns:
        (params, state) after the step: new dicts of new arrays.

    >>> params, state = sgd_momentum({"w": np.array([1.0])}, {"w": np.array([2.0])}, {}, 0.25, mu=0.5)
    >>> params, state
    ({'w': array([0.5])}, {'w': array([2.])})
    >>> sgd_momentum(params, {"w": np.array([2.0])}, state, 0.25, mu=0.5)
    ({'w': array([-0.25])}, {'w': array([3.])})
    """
    # YOUR CODE HERE
    raise NotImplementedError


def train(
    params: Params, x: np.ndarray, y: np.ndarray, *, epochs: int, batch_size: int, lr: float, rng: np.random.Generator
) -> Params:
    """Train the network by stochastic gradient descent with momentum 0.9.

    Args:
        params: the parameters to start from.
        x: training images, of shape (N, C, H, W).
        y: their labels, of shape (N,).
        epochs: how often every image is used. Each epoch takes all images once, in a new random order.
        batch_size: images a step; the last step of an epoch takes what is left.
        lr: the learning rate.
        rng: the source of all randomness.

    Returns:
        The trained parameters, in a new dict; params itself stays as it was.

    >>> train({"b4": np.ones(2)}, np.zeros((1, 1, 4, 4)), np.zeros(1, int), epochs=0, batch_size=1, lr=0.1, rng=None)
    {'b4': array([1., 1.])}
    """
    # YOUR CODE HERE
    raise NotImplementedError
