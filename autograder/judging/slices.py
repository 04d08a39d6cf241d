"""Where is it wrong? The part of a result that differs, in words: "the last column", "time steps before the last"."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.compare import distance
from autograder.judging.evidence import Evidence
from autograder.judging.layer_case import LayerCase
from autograder.judging.wrong_models import bound_of, reference

WORDS = {
    "N": "sample", "C": "channel", "F": "filter", "T": "time step", "H": "row", "W": "column", "KH": "kernel row",
    "KW": "kernel column", "H'": "row", "W'": "column", "D": "feature",
}  # fmt: skip
LEAST = 3  # length of an axis on which "the last" means something


def where(evidence: Evidence) -> str:
    """Which entries of the result are wrong in the largest failing case, if they make up a slice."""
    for trial in evidence.largest_failing():
        error = trial.error
        if not isinstance(error, Mismatch) or error.kind not in ("values", "not finite"):
            continue
        expected = reference(trial.case, evidence.result)
        got = error.got
        if not isinstance(expected, np.ndarray) or not isinstance(got, np.ndarray) or got.shape != expected.shape:
            continue
        off = ~(distance(got, expected) <= bound_of(trial.case, evidence.result))
        return _slice(
            evidence.result, off, [_word(name, trial.case) for name in trial.case.layer.axes_of(evidence.result)]
        )
    return ""


def _slice(result: str, off: NDArray[np.bool_], words: Sequence[str]) -> str:
    if off.all():
        return f"{result}: every entry"
    if len(words) != off.ndim:
        return ""
    parts = []
    for axis, name in enumerate(words):
        others = tuple(other for other in range(off.ndim) if other != axis)
        part = _part(np.asarray(off.any(axis=others)), name)
        if part:
            parts.append(part)
    return f"{result}: {' and '.join(parts)} only" if parts else ""


def _word(axis: str, case: LayerCase) -> str:
    """What one entry along an axis is called; H are rows of an image, or hidden units."""
    return "unit" if axis == "H" and "W" not in case.variables else WORDS.get(axis, axis)


def _part(wrong: NDArray[np.bool_], word: str) -> str:
    """What of one axis is wrong: the first, the last, all but one of these; empty for everything or no pattern."""
    size = len(wrong)
    if size < LEAST or wrong.all():
        return ""
    at = set(np.flatnonzero(wrong).tolist())
    everything = set(range(size))
    patterns = {
        f"the first {word}": {0},
        f"the last {word}": {size - 1},
        f"the first and the last {word}": {0, size - 1},
        f"all {word}s but the first": everything - {0},
        f"all {word}s but the last": everything - {size - 1},
        f"all {word}s but the first and the last": everything - {0, size - 1},
        f"every second {word}": set(range(1, size, 2)),
    }
    return next((text for text, pattern in patterns.items() if at == pattern), "")
