"""np.pad and slices for moves, four shifted copies of a padded image for warps, Fortran order, moments for statistics."""

import numpy as np


def _framed(x, by, fill):
    widths = ((0, 0), (0, 0), (by, by), (by, by))
    return np.pad(x, widths, mode="edge") if fill == "nearest" else np.pad(x, widths, constant_values=fill)


def flip_lr(x):
    return np.asfortranarray(np.fliplr(x.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1))


def shift(x, dy, dx, fill):
    by = max(abs(dy), abs(dx))
    height, width = x.shape[2:]
    return _framed(x, by, fill)[:, :, by - dy:by - dy + height, by - dx:by - dx + width]


def affine(x, matrix, fill):
    height, width = x.shape[2:]
    framed = _framed(x, 2, fill)
    grid = np.stack(np.meshgrid(np.arange(height), np.arange(width), [1], indexing="ij"))[..., 0]
    row, column = np.tensordot(matrix, grid, 1)
    row, column = np.clip(row, -1.5, height + 0.5) + 2, np.clip(column, -1.5, width + 0.5) + 2
    r, c = row.astype(int), column.astype(int)
    v, u = row - r, column - c
    at = framed[:, :, r, c], framed[:, :, r, c + 1], framed[:, :, r + 1, c], framed[:, :, r + 1, c + 1]
    weights = (1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u
    return np.asfortranarray(sum(w * a for w, a in zip(weights, at)))


def channel_shift(x, offsets, low=0.0, high=255.0):
    return np.moveaxis((np.moveaxis(x, 1, -1) + offsets).clip(low, high), -1, 1)


def random_params(rng, config):
    n = config["n"]
    flip = rng.permutation(n) % 2 == 0 if config["horizontal_flip"] else np.zeros(n, bool)
    sides = np.array([config["height"], config["width"]])
    up, left = (sides * [config["height_shift"], config["width_shift"]]).astype(int)
    offsets = (2 * rng.random((n, config["channels"])) - 1) * config["channel_shift"]
    turn = np.exp(1j * np.deg2rad(config["rotation"]) * (2 * rng.random(n) - 1)) * (
        1 + config["zoom"] * (2 * rng.random(n) - 1))
    linear = np.empty((n, 2, 2))
    linear[:, 0, 0] = linear[:, 1, 1] = turn.real
    linear[:, 1, 0] = turn.imag
    linear[:, 0, 1] = -turn.imag
    centre = (sides - 1) / 2
    return {
        "flip": flip, "dy": np.floor(rng.random(n) * (2 * up + 1)).astype(np.int32) - up,
        "dx": np.floor(rng.random(n) * (2 * left + 1)).astype(np.int16) - np.int16(left), "offsets": offsets,
        "matrix": np.dstack([linear, centre - np.einsum("nij,j->ni", linear, centre)]),
    }


def channel_stats(x_train):
    flat = x_train.swapaxes(0, 1).reshape(x_train.shape[1], -1)
    return np.average(flat, axis=1), np.sqrt(np.mean((flat - flat.mean(1, keepdims=True)) ** 2, axis=1))


def normalise(x, mean, std):
    centred = np.moveaxis(x, 1, -1) - mean
    np.divide(centred, std, out=centred, where=std > 0)
    return np.moveaxis(centred, -1, 1)


def tta_average(probabilities):
    return np.einsum("vnk->nk", probabilities) / probabilities.shape[0]
