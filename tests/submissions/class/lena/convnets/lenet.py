import numpy as np


def he_init(rng, shape):
    fan_in = int(np.prod(shape[1:])) if len(shape) == 4 else shape[0]
    return rng.normal(0, np.sqrt(1 / fan_in), shape)


def sgd_momentum(params, grads, state, lr, mu=0.9):
    new, moved = {}, {}
    for name in params:
        v = mu * state.get(name, 0) + (1 - mu) * grads[name]
        moved[name] = v
        new[name] = params[name] - lr * v
    return new, moved
