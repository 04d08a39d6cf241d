"""Real data: scikit-learn's digits, MNIST's IDX files, and the 102 flowers; as NumPy arrays, nothing downloaded."""

import functools

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]


@functools.cache
def digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The 1797 digits that come with scikit-learn: images (N, 1, 8, 8) from -1 to 1, and labels (N,)."""
    from sklearn.datasets import load_digits  # type: ignore[import-untyped]

    found = load_digits()
    return found.images[:, None] / 8 - 1, found.target.astype(np.int64)
