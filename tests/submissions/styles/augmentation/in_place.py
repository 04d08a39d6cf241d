"""Changes its arguments, prints what it does, and returns lists of rows where arrays come of them."""

import numpy as np


def _look(x, rows, columns, fill):
    height, width = x.shape[2:]
    seen = np.take(np.take(x, rows.clip(0, height - 1), axis=2), columns.clip(0, width - 1), axis=3)
    if fill != "nearest":
        seen[:, :, (rows < 0) | (rows >= height)] = fill
        seen[:, :, :, (columns < 0) | (columns >= width)] = fill
    return seen


def flip_lr(x):
    print("flip", x.shape)
    x[:] = x[..., ::-1].copy()
    return x


def shift(x, dy, dx, fill):
    print("shift", dy, dx)
    x[...] = _look(x, np.arange(x.shape[2]) - dy, np.arange(x.shape[3]) - dx, fill)
    return x


def affine(x, matrix, fill):
    """Sums over all pixels of a much larger canvas, each weighted by a hat of width 2."""
    height, width = x.shape[2:]
    i, j = np.mgrid[:height, :width]
    row, column = matrix[:, 0, None, None] * i + matrix[:, 1, None, None] * j + matrix[:, 2, None, None]
    rows = np.arange(int(np.floor(row.min())), int(np.ceil(row.max())) + 2)
    columns = np.arange(int(np.floor(column.min())), int(np.ceil(column.max())) + 2)
    canvas = _look(x, rows, columns, fill)
    down = np.maximum(0, 1 - abs(row[..., None] - rows))
    right = np.maximum(0, 1 - abs(column[..., None] - columns))
    matrix *= 0
    return np.einsum("ijr,ijs,ncrs->ncij", down, right, canvas)


def channel_shift(x, offsets, low=0.0, high=255.0):
    x += offsets.reshape(1, -1, 1, 1)
    x[x < low] = low
    x[x > high] = high
    return x


def random_params(rng, config):
    config = dict(config)
    n = config.pop("n")
    a = rng.uniform(-1, 1, n) * config["rotation"] * np.pi / 180
    z = rng.uniform(-config["zoom"], config["zoom"], n) + 1
    back = np.array([[1, 0, -(config["height"] - 1) / 2], [0, 1, -(config["width"] - 1) / 2], [0, 0, 1]])
    matrices = []
    for angle, zoom in zip(a, z):
        c, s = zoom * np.cos(angle), zoom * np.sin(angle)
        matrices.append((np.linalg.inv(back) @ [[c, -s, 0], [s, c, 0], [0, 0, 1]] @ back)[:2])
    m, k = int(config["height"] * config["height_shift"]), int(config["width"] * config["width_shift"])
    return dict(
        flip=rng.integers(0, 2, n).astype(bool) * config["horizontal_flip"],
        dy=rng.integers(2 * m + 1, size=n) - m, dx=rng.integers(2 * k + 1, size=n) - k,
        offsets=config["channel_shift"] * rng.uniform(-1, 1, (config["channels"], n)).T, matrix=np.array(matrices),
    )


def channel_stats(x_train):
    mean = x_train.mean((0, 2, 3))
    x_train -= mean[None, :, None, None]
    x_train **= 2
    return [mean, np.sqrt(x_train.mean((0, 2, 3)))]


def normalise(x, mean, std):
    std[std == 0] = 1
    x -= mean[:, None, None]
    x /= std[:, None, None]
    return x


def tta_average(probabilities):
    probabilities[0] = probabilities.sum(0)
    probabilities[0] /= len(probabilities)
    return probabilities[0]
