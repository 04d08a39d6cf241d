"""Pixel by pixel, in plain Python loops; statistics from running sums."""

import math

import numpy as np


def _pixel(channel, i, j, fill):
    height, width = channel.shape
    if 0 <= i < height and 0 <= j < width:
        return channel[i, j]
    if fill == "nearest":
        return channel[min(max(i, 0), height - 1), min(max(j, 0), width - 1)]
    return fill


def _each(x, value):
    out = np.empty_like(x)
    for n, c, i, j in np.ndindex(*x.shape):
        out[n, c, i, j] = value(x[n, c], i, j)
    return out


def flip_lr(x):
    return _each(x, lambda channel, i, j: channel[i, channel.shape[1] - 1 - j])


def shift(x, dy, dx, fill):
    return _each(x, lambda channel, i, j: _pixel(channel, i - dy, j - dx, fill))


def affine(x, matrix, fill):
    def value(channel, i, j):
        row, column = matrix @ (i, j, 1)
        total = 0
        for r in (math.floor(row), math.floor(row) + 1):
            for c in (math.floor(column), math.floor(column) + 1):
                total += (1 - abs(row - r)) * (1 - abs(column - c)) * _pixel(channel, r, c, fill)
        return total

    return _each(x, value)


def channel_shift(x, offsets, low=0.0, high=255.0):
    out = x.copy()
    for c, offset in enumerate(offsets):
        out[:, c] = np.minimum(np.maximum(out[:, c] + offset, low), high)
    return out


def random_params(rng, config):
    flips, down, right, offsets, matrices = [], [], [], [], []
    for _ in range(config["n"]):
        flips.append(config["horizontal_flip"] and rng.random() < 0.5)
        most = int(config["height_shift"] * config["height"])
        down.append(rng.integers(-most, most, endpoint=True))
        most = int(config["width_shift"] * config["width"])
        right.append(rng.choice(range(-most, most + 1)))
        offsets.append([rng.uniform(-1, 1) * config["channel_shift"] for _ in range(config["channels"])])
        a = math.radians(rng.uniform(-1, 1) * config["rotation"])
        z = 1 + rng.uniform(-1, 1) * config["zoom"]
        row, column = (config["height"] - 1) / 2, (config["width"] - 1) / 2
        cos, sin = z * math.cos(a), z * math.sin(a)
        matrices.append([
            [cos, -sin, row - cos * row + sin * column], [sin, cos, column - sin * row - cos * column],
        ])
    return {
        "matrix": np.array(matrices), "offsets": np.array(offsets), "dx": np.array(right), "dy": np.array(down),
        "flip": np.array(flips, dtype=bool),
    }


def channel_stats(x_train):
    means, stds = [], []
    for c in range(x_train.shape[1]):
        values = [float(v) for v in x_train[:, c].ravel()]
        mean = math.fsum(values) / len(values)
        means.append(mean)
        stds.append(math.sqrt(math.fsum((v - mean) ** 2 for v in values) / len(values)))
    return np.array(means), np.array(stds)


def normalise(x, mean, std):
    out = x.copy()
    for c in range(len(mean)):
        out[:, c] -= mean[c]
        if std[c] > 0:
            out[:, c] /= std[c]
    return out


def tta_average(probabilities):
    total = 0
    for view in probabilities:
        total = total + view
    return total / len(probabilities)
