import numpy as np


def flip_lr(x):
    return x[:, :, ::-1, :]


def shift(x, dy, dx, fill):
    return np.roll(x, (dy, dx), axis=(2, 3))


def channel_shift(x, offsets, low=0.0, high=255.0):
    return np.clip(x + offsets[0], low, high)


def channel_stats(x_train):
    return x_train.mean(axis=(0, 2, 3)), x_train.var(axis=(0, 2, 3))


def normalise(x, mean, std):
    std = np.where(std == 0, 1, std)
    return (x - mean.reshape(1, -1, 1, 1)) / std.reshape(1, -1, 1, 1)


def tta_average(probabilities):
    return probabilities.sum(axis=0)
