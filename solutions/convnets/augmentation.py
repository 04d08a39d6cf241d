"""Augmentation and normalisation of images.

A cat that is shifted, turned or darker is still a cat: change the training images a little each time they are used,
and a network learns that by itself. The lecture's generator does so with

    rotation_range=40, width_shift_range=.2, height_shift_range=.2, zoom_range=.2, horizontal_flip=True,
    channel_shift_range=9, fill_mode="nearest"

Here drawing the numbers (`random_params`) and changing the images are functions of their own, so that each can be
looked at. Labels stay what they are.

Rules for all functions here:
- Images are of shape (N, C, H, W): the rows are axis 2, the columns axis 3.
- fill says what lies outside an image: a number, or "nearest", the pixel of the edge that is nearest. Pixels that
  leave the image on one side never come back on the other.
- Positions are (row, column), counted from the centre of the pixel at the top left, which is at (0, 0).
- Pixel values here go from 0 to 255. Whoever divides by 255 does so last.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given.
"""

from typing import Any

import numpy as np

### BEGIN SOLUTION


def _pixels(x: np.ndarray, rows: np.ndarray, columns: np.ndarray, fill: float | str) -> np.ndarray:
    """x at whole rows and columns, which broadcast to (H, W) and may lie outside the image."""
    height, width = x.shape[2:]
    seen = x[:, :, rows.clip(0, height - 1), columns.clip(0, width - 1)]
    if fill == "nearest":
        return seen
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    return np.where(inside, seen, x.dtype.type(fill))


def _about_centre(angle: np.ndarray, zoom: np.ndarray, height: int, width: int) -> np.ndarray:
    """The matrices, of shape (n, 2, 3), that turn and scale about the centre of the image."""
    c, s = zoom * np.cos(angle), zoom * np.sin(angle)
    linear = np.stack([c, -s, s, c], axis=-1).reshape(-1, 2, 2)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    return np.concatenate([linear, (centre - linear @ centre)[:, :, None]], axis=2)


### END SOLUTION


def flip_lr(x: np.ndarray) -> np.ndarray:
    """Exchange left and right.

    Args:
        x: images, of shape (N, C, H, W).

    Returns:
        The mirrored images, of the shape of x.

    >>> flip_lr(np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]))
    array([[[[3., 2., 1.],
             [6., 5., 4.]]]])
    """
    ### BEGIN SOLUTION
    return x[:, :, :, ::-1]
    ### END SOLUTION


def shift(x: np.ndarray, dy: int, dx: int, fill: float | str) -> np.ndarray:
    """Move the images down by dy rows and right by dx columns.

    Args:
        x: images, of shape (N, C, H, W).
        dy: rows to move down; below zero: up.
        dx: columns to move right; below zero: left.
        fill: a number, or "nearest" (rules: top of this file).

    Returns:
        The moved images, of the shape of x.

    >>> x = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> shift(x, 1, 0, 9.0)
    array([[[[9., 9.],
             [1., 2.]]]])
    >>> shift(x, 0, -1, "nearest")
    array([[[[2., 2.],
             [4., 4.]]]])
    """
    ### BEGIN SOLUTION
    height, width = x.shape[2:]
    return _pixels(x, np.arange(height)[:, None] - dy, np.arange(width)[None] - dx, fill)
    ### END SOLUTION


def affine(x: np.ndarray, matrix: np.ndarray, fill: float | str) -> np.ndarray:
    """Turn, scale, shear or move the images, all at once.

    out[n, c, i, j] is the image x[n, c] at the position (row, column) = matrix @ (i, j, 1): for each pixel that goes
    out, the matrix says where to look. A position between pixels takes the mean of its four neighbours, each weighted
    by how near it is (bilinear). Neighbours outside the image count as fill says, one by one.

    Args:
        x: images, of shape (N, C, H, W).
        matrix: of shape (2, 3), the same for all images.
        fill: a number, or "nearest" (rules: top of this file).

    Returns:
        The changed images, of the shape of x.

    Half a column further right each pixel shows the mean of two; beyond the last one lies 0:

    >>> affine(np.array([[[[1.0, 2.0, 4.0]]]]), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.5]]), 0.0)
    array([[[[1.5, 3. , 2. ]]]])
    """
    ### BEGIN SOLUTION
    i, j = np.indices(x.shape[2:])
    row, column = (a * i + b * j + c for a, b, c in matrix)
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = (row - top).astype(x.dtype), (column - left).astype(x.dtype)
    upper = (1 - right) * _pixels(x, top, left, fill) + right * _pixels(x, top, left + 1, fill)
    lower = (1 - right) * _pixels(x, top + 1, left, fill) + right * _pixels(x, top + 1, left + 1, fill)
    return (1 - down) * upper + down * lower
    ### END SOLUTION


def channel_shift(x: np.ndarray, offsets: np.ndarray, low: float = 0.0, high: float = 255.0) -> np.ndarray:
    """Make each channel lighter or darker.

    Args:
        x: images, of shape (N, C, H, W).
        offsets: what to add to each channel, of shape (C,).
        low: no pixel gets less than this.
        high: no pixel gets more than this.

    Returns:
        The changed images, of the shape of x.

    >>> channel_shift(np.array([[[[100.0]], [[250.0]]]]), np.array([-9.0, 9.0])).ravel()
    array([ 91., 255.])
    """
    ### BEGIN SOLUTION
    return np.clip(x + offsets[:, None, None], low, high)
    ### END SOLUTION


def random_params(rng: np.random.Generator, config: dict[str, Any]) -> dict[str, np.ndarray]:
    """Draw what is to be done to each of n images, from rng alone.

    Args:
        rng: the source of all randomness. Nothing else is to be used, so that the same seed draws the same numbers.
        config: a dict with
            "n": the number of images;
            "height", "width", "channels": their sizes;
            "horizontal_flip": whether images may be mirrored;
            "height_shift", "width_shift": the largest move, as a share of height and of width;
            "channel_shift": the largest offset, in pixel values;
            "rotation": the largest angle, in degrees;
            "zoom": the largest change of scale: 0.2 draws factors from 0.8 to 1.2.

    Returns:
        A dict of arrays, in which each image has a row of its own, drawn independently:
            "flip", of shape (n,): bool, True for every second image on average (never, unless horizontal_flip);
            "dy", "dx", of shape (n,): integers from -m to m, all equally likely, where m is
            int(height_shift * height) for dy and int(width_shift * width) for dx;
            "offsets", of shape (n, channels): uniform between -channel_shift and channel_shift;
            "matrix", of shape (n, 2, 3): for `affine`, a rotation by an angle uniform between -rotation and rotation,
            times a factor uniform between 1 - zoom and 1 + zoom, which leaves the centre of the image,
            ((height - 1) / 2, (width - 1) / 2), where it is:
            [[z * cos(a), -z * sin(a), t_row], [z * sin(a), z * cos(a), t_column]].

    The lecture's generator, but for the shear, on five images of 32 by 24 pixels in colour:

    >>> config = {"n": 5, "height": 32, "width": 24, "channels": 3, "horizontal_flip": True, "height_shift": 0.2,
    ...           "width_shift": 0.2, "channel_shift": 9.0, "rotation": 40.0, "zoom": 0.2}
    >>> params = random_params(np.random.default_rng(0), config)
    >>> {name: params[name].shape for name in ("flip", "dy", "dx", "offsets", "matrix")}
    {'flip': (5,), 'dy': (5,), 'dx': (5,), 'offsets': (5, 3), 'matrix': (5, 2, 3)}
    >>> bool((abs(params["dy"]) <= 6).all() and (abs(params["dx"]) <= 4).all())
    True
    """
    ### BEGIN SOLUTION
    n, height, width = config["n"], config["height"], config["width"]
    up, left = int(config["height_shift"] * height), int(config["width_shift"] * width)
    angle = np.deg2rad(rng.uniform(-config["rotation"], config["rotation"], n))
    zoom = rng.uniform(1 - config["zoom"], 1 + config["zoom"], n)
    return {
        "flip": (rng.random(n) < 0.5) & config["horizontal_flip"],
        "dy": rng.integers(-up, up + 1, n),
        "dx": rng.integers(-left, left + 1, n),
        "offsets": rng.uniform(-config["channel_shift"], config["channel_shift"], (n, config["channels"])),
        "matrix": _about_centre(angle, zoom, height, width),
    }
    ### END SOLUTION


def channel_stats(x_train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each channel, over all training images and all their pixels.

    Args:
        x_train: the training images, of shape (N, C, H, W).

    Returns:
        (mean, std), each of shape (C,). std is the root of the mean squared deviation (divided by the number of
        pixels, not by one less).

    >>> mean, std = channel_stats(np.array([[[[1.0, 3.0]]], [[[5.0, 7.0]]]]))
    >>> mean, std**2
    (array([4.]), array([5.]))
    """
    ### BEGIN SOLUTION
    return x_train.mean(axis=(0, 2, 3)), x_train.std(axis=(0, 2, 3))
    ### END SOLUTION


def normalise(x: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Subtract the mean of each channel and divide by its standard deviation.

    Training and test images alike take the statistics of the *training* images, which is why they are arguments.

    Args:
        x: images, of shape (N, C, H, W).
        mean: of shape (C,), from `channel_stats`.
        std: of shape (C,), from `channel_stats`. Where it is 0 (a channel that was constant), only the mean is
            subtracted.

    Returns:
        The normalised images, of the shape of x.

    >>> normalise(np.array([[[[8.0]], [[8.0]]]]), np.array([4.0, 7.0]), np.array([2.0, 0.0])).ravel()
    array([2., 1.])
    """
    ### BEGIN SOLUTION
    divisor = np.where(std == 0, std.dtype.type(1), std)
    return (x - mean[:, None, None]) / divisor[:, None, None]
    ### END SOLUTION


def tta_average(probabilities: np.ndarray) -> np.ndarray:
    """Combine what a network says about several views of the same images (test-time augmentation).

    Args:
        probabilities: of shape (V, N, K): for each of V views (patches, mirror images) of N images, the
            probabilities of K classes.

    Returns:
        The mean over the views, of shape (N, K). Whoever wants a class takes the largest, afterwards.

    Two views are undecided between the classes, a third is sure of the second:

    >>> tta_average(np.array([[[0.625, 0.375]], [[0.625, 0.375]], [[0.25, 0.75]]]))
    array([[0.5, 0.5]])
    """
    ### BEGIN SOLUTION
    return probabilities.mean(axis=0)
    ### END SOLUTION
