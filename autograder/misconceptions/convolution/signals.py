"""Mistakes of convolution/signals: correlation and convolution here, the rest beside it.

C104 (integers that lose what is behind the point) is missing, since its values are right on float64 arrays, and
C106, since nothing here has a dilation.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.convolution.signals_uses import USES
from autograder.model import Misconception
from reference.convolution.signals import convolve1d, correlate1d

Wrong = Mapping[str, Callable[..., Any]]


def _framed(x: Tensor, k: int, mode: str) -> Tensor:
    """x with k - 1 more entries on each side: zeros, or what F.pad's `mode` says."""
    return F.pad(x[None, None], (k - 1, k - 1), mode=mode)[0, 0]


def _part(full: Tensor, size: int, k: int, mode: str) -> Tensor:
    start, length = {"full": (0, size + k - 1), "same": ((k - 1) // 2, size), "valid": (k - 1, size - k + 1)}[mode]
    return full[start : start + length]


def _both(change: Callable[[Tensor, Tensor, str], Tensor]) -> Wrong:
    """A wrong correlate1d(x, w, mode), and the convolve1d that is built on it."""
    return {
        "correlate1d": lambda x, w, mode="valid": change(x, w, mode),
        "convolve1d": lambda x, w, mode="full": change(x, w.flip(0), mode),
    }


def _always(mode: str) -> Wrong:
    return _both(lambda x, w, _: correlate1d(x, w, mode))


def _outside(kind: str) -> Wrong:
    return _both(lambda x, w, mode: _part(correlate1d(_framed(x, len(w), kind), w), len(x), len(w), mode))


def _same_from(start: Callable[[int], int]) -> Wrong:
    """Mode same with its own first index in the full result."""

    def change(x: Tensor, w: Tensor, mode: str) -> Tensor:
        if mode != "same":
            return correlate1d(x, w, mode)
        return correlate1d(x, w, "full")[start(len(w)) :][: len(x)]

    return _both(change)


def _last_dropped(x: Tensor, w: Tensor, mode: str) -> Tensor:
    y = correlate1d(x, w, mode)
    return y if mode == "same" else y[:-1]


def _last_left_zero(x: Tensor, w: Tensor, mode: str) -> Tensor:
    y = correlate1d(x, w, mode)
    return torch.cat([y[:-1], y.new_zeros(1)]) if mode == "valid" else y


MISCONCEPTIONS = (
    Misconception(
        "correlates-instead-of-convolving",
        "You slide the filter as it is: that is correlation, not convolution.",
        "In x[t - k] * w[k] the index of x falls while that of w rises: one of the two is turned round.",
        {"convolve1d": lambda x, w, mode="full": correlate1d(x, w, mode)},
        "C101",
    ),
    Misconception(
        "convolves-instead-of-correlating",
        "You turn the filter round before you slide it: that is convolution, not correlation.",
        "In x[t + k] * w[k] both indices rise together: nothing is turned round.",
        {"correlate1d": lambda x, w, mode="valid": convolve1d(x, w, mode)},
        "C101",
    ),
    Misconception(
        "signal-turned-round",
        "You turn the signal round instead of the filter, so that the result comes out backwards.",
        "y[t] is about the entries of x at t and before: turn w round, and leave x as it is.",
        {"convolve1d": lambda x, w, mode="full": correlate1d(x.flip(0), w, mode)},
    ),
    Misconception(
        "always-valid",
        "You return the valid part whatever the mode.",
        "Write down the length first: T + K - 1 for full, T for same, T - K + 1 for valid.",
        _always("valid"),
        "C102",
    ),
    Misconception(
        "always-same",
        "You return as many entries as x has whatever the mode.",
        "Write down the length first: T + K - 1 for full, T for same, T - K + 1 for valid.",
        _always("same"),
        "C102",
    ),
    Misconception(
        "always-full",
        "You return the full result whatever the mode.",
        "Write down the length first: T + K - 1 for full, T for same, T - K + 1 for valid.",
        _always("full"),
        "C102",
    ),
    Misconception(
        "same-one-late",
        "With an even K, your mode same starts one entry late.",
        "The part starts at (K - 1) // 2 of the full result, not at K // 2: try K = 2.",
        _same_from(lambda k: k // 2),
        "C103",
    ),
    Misconception(
        "same-from-the-start",
        "In mode same you keep the first T entries of the full result.",
        "Keep the middle: (K - 1) // 2 entries are dropped at the start.",
        _same_from(lambda k: 0),
    ),
    Misconception(
        "same-from-the-end",
        "In mode same you keep the last T entries of the full result.",
        "Keep the middle: (K - 1) // 2 entries are dropped at the start, and K // 2 at the end.",
        _same_from(lambda k: k - 1),
    ),
    Misconception(
        "wraps-around",
        "Where the filter sticks out at one end, you let it read the other end of the signal.",
        "Outside of the signal there are zeros: np.roll and negative indices wrap around.",
        _outside("circular"),
        "C105",
    ),
    Misconception(
        "ends-repeated",
        "You continue the signal with its first and last entry instead of with zeros.",
        "Outside of the signal there are zeros: in np.pad that is mode='constant', the default.",
        _outside("replicate"),
    ),
    Misconception(
        "last-output-dropped",
        "You stop one output early.",
        "There are T - K + 1 positions inside the signal, the first and the last both counted; in full T + K - 1.",
        _both(_last_dropped),
    ),
    Misconception(
        "last-output-left-zero",
        "You leave the last output of mode valid at 0.",
        "range(T - K) ends one too early: the last position is T - K itself.",
        _both(_last_left_zero),
    ),
    *USES,
)
