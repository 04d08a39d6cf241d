"""Changes what it is given, prints the loss, steps in place; keeps its layers in a list."""

import numpy as np

from autograder import given


def he_init(rng, shape):
    w = np.empty(shape)
    for index in np.ndindex(*shape[:1]):
        w[index] = rng.normal(size=shape[1:])
    fan_in = w[0].size if w.ndim == 4 else len(w)
    w *= np.sqrt(2.0 / fan_in)
    return w


def convnet_loss(params, x, y):
    steps, h = [], x
    for k in "12":
        padding = params[f"w{k}"].shape[-1] // 2
        a = given.conv2d_forward(h, params[f"w{k}"], params[f"b{k}"], 1, padding)
        r = given.relu_forward(a)
        steps.append((k, h, a, r, padding))
        h = given.max_pool2d_forward(r, 2, 2)
    flat = h.reshape(h.shape[0], -1)
    a3 = given.dense_forward(flat, params["w3"], params["b3"])
    h3 = given.relu_forward(a3)
    loss, d = given.softmax_cross_entropy(given.dense_forward(h3, params["w4"], params["b4"]), y)
    print("loss", loss)
    grads = {}
    d, grads["w4"], grads["b4"] = given.dense_backward(d, h3, params["w4"])
    d *= a3 > 0
    d, grads["w3"], grads["b3"] = given.dense_backward(d, flat, params["w3"])
    d = d.reshape(h.shape)
    for k, into, a, r, padding in reversed(steps):
        d = given.max_pool2d_backward(d, r, 2, 2) * (a > 0)
        d, grads[f"w{k}"], grads[f"b{k}"] = given.conv2d_backward(d, into, params[f"w{k}"], padding=padding)
    return np.float64(loss), {name: np.asfortranarray(grads[name]) for name in sorted(grads)}


def sgd_momentum(params, grads, state, lr, mu=0.9):
    for name, value in params.items():
        if name not in state:
            state[name] = np.zeros_like(value)
        state[name] *= mu
        state[name] += grads[name]
        value -= lr * state[name]
    return params, state


def train(params, x, y, *, epochs, batch_size, lr, rng):
    params = {name: value.copy() for name, value in params.items()}
    state, order = {}, np.arange(len(x))
    for _ in range(epochs):
        rng.shuffle(order)
        for batch in np.split(order, range(batch_size, len(x), batch_size)):
            _, grads = convnet_loss(params, x[batch], y[batch])
            sgd_momentum(params, grads, state, lr)
    return params
