"""scikit-learn's handwritten digits: what features are worth to a linear classifier."""

import functools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference import datasets

Features = NDArray[np.float64]

FOLDS = 5
PENALTY = 0.3


@functools.cache
def digits() -> tuple[Features, NDArray[np.int64]]:
    """1797 images of 8 x 8 pixels from 0 to 1, as rows, in an order of ours, and their labels."""
    images, labels = datasets.digits()
    order = np.random.default_rng(0).permutation(len(labels))
    return (images.reshape(len(images), -1)[order] + 1) / 2, labels[order]


def digits_error(features: Features) -> float:
    """The share of digits that logistic regression gets wrong, on features it was not trained on (five folds)."""
    labels = digits()[1]
    scaled = (features - features.mean(0)) / (features.std(0) + 1e-3)
    wrong = sum(_errors(scaled, labels, np.arange(len(labels)) % FOLDS == fold) for fold in range(FOLDS))
    return wrong / len(labels)


def linear_accuracy(
    train: tuple[NDArray[Any], NDArray[Any]], tests: Sequence[tuple[NDArray[Any], NDArray[Any]]]
) -> list[float]:
    """The share of each of `tests`, images and labels, that logistic regression on the pixels of `train` gets right."""
    predict = _classifier(train[0].reshape(len(train[0]), -1), train[1])
    return [float(np.mean(predict(x.reshape(len(x), -1)) == y)) for x, y in tests]


def _errors(features: Features, labels: NDArray[Any], tested: NDArray[np.bool_]) -> int:
    predict = _classifier(features[~tested], labels[~tested])
    return int(np.count_nonzero(predict(features[tested]) != labels[tested]))


def _classifier(features: Features, labels: NDArray[Any]) -> Callable[[Features], NDArray[Any]]:
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it need not converge to the last digit
        return LogisticRegression(C=PENALTY, max_iter=100, tol=1e-3).fit(features, labels).predict  # type: ignore[no-any-return]
