"""Mistakes of convolution/signals in what is built on correlation: averages, matrices, matched filters."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.model import Misconception
from reference.convolution.signals import conv_matrix, correlate1d, cosines, matched_filter, moving_average

Wrong = Mapping[str, Callable[..., Any]]
Scores = Callable[[Tensor, Tensor], Tensor]


def _mean_from(start: Callable[[int], int]) -> Wrong:
    """A moving average that takes its own part of the full result."""
    return {"moving_average": lambda x, k: correlate1d(x, x.new_ones(k) / k, "full")[start(k) :][: len(x)]}


def _mean_of_those_inside(x: Tensor, k: int) -> Tensor:
    return moving_average(x, k) / moving_average(torch.ones_like(x), k)


def _mean_beyond(kind: str) -> Wrong:
    def average(x: Tensor, k: int) -> Tensor:
        continued: Tensor = F.pad(x[None, None], (k // 2, (k - 1) // 2), mode=kind)[0, 0]
        return continued.unfold(0, k, 1).mean(1)

    return {"moving_average": average}


def _indexed_matrix(w: Tensor, n: int, stride: int = 1, padding: int = 0) -> Tensor:
    # M[i, i * stride - padding + k] = w[k] where that is below n: Python takes -1 for the last column.
    rows = (n + 2 * padding - len(w)) // stride + 1
    matrix = w.new_zeros((rows, n))
    for i in range(rows):
        for k in range(len(w)):
            if i * stride - padding + k < n:
                matrix[i, i * stride - padding + k] = w[k]
    return matrix


def _without_stride_in_columns(w: Tensor, n: int, stride: int = 1, padding: int = 0) -> Tensor:
    dense = conv_matrix(w, n, 1, padding)
    return dense[: conv_matrix(w, n, stride, padding).shape[0]]


def _scored(score: Scores, best: Callable[[Tensor], Tensor] = torch.argmax) -> Wrong:
    """A matched filter with its own scores, and its own choice among them."""

    def search(signal: Tensor, template: Tensor) -> tuple[int, float]:
        scores = score(signal, template)
        offset = int(best(scores))
        return offset, float(scores[offset])

    return {"matched_filter": search}


def _moved(by: Callable[[int], int]) -> Wrong:
    """The right window, reported by another of its entries."""

    def search(signal: Tensor, template: Tensor) -> tuple[int, float]:
        offset, score = matched_filter(signal, template)
        return offset + by(len(template)), score

    return {"matched_filter": search}


def _centred(signal: Tensor, template: Tensor) -> Tensor:
    windows: Tensor = signal.unfold(0, len(template), 1)
    windows, template = windows - windows.mean(1, keepdim=True), template - template.mean()
    scores: Tensor = windows @ template / (windows.norm(dim=1) * template.norm())
    return scores


def _products(signal: Tensor, template: Tensor) -> Tensor:
    products: Tensor = signal.unfold(0, len(template), 1) @ template
    return products


def _not_a_number(signal: Tensor, template: Tensor) -> Tensor:
    norms: Tensor = signal.unfold(0, len(template), 1).norm(dim=1)
    scores: Tensor = _products(signal, template) / (norms * template.norm())
    return scores


def _loudest(signal: Tensor, template: Tensor) -> tuple[int, float]:
    offset = int(_products(signal, template).argmax())
    return offset, float(cosines(signal, template)[offset])


def _swapped(signal: Tensor, template: Tensor) -> tuple[float, int]:
    offset, score = matched_filter(signal, template)
    return score, offset


USES = (
    Misconception(
        "mean-of-neighbours-inside",
        "At the ends you divide by the number of neighbours that are inside the signal.",
        "The zeros outside count as neighbours: every output is a sum of k terms divided by k.",
        {"moving_average": _mean_of_those_inside},
    ),
    Misconception(
        "sum-in-place-of-mean",
        "You add the neighbours up and do not divide by their number.",
        "The filter has k entries of 1 / k each.",
        {"moving_average": lambda x, k: k * moving_average(x, k)},
    ),
    Misconception(
        "even-window-looks-ahead",
        "With an even k, your window has one more neighbour after the entry than before it.",
        "k = 2 averages x[t - 1] and x[t].",
        _mean_from(lambda k: k // 2),
        "C103",
    ),
    Misconception(
        "trailing-average",
        "You average each entry with those before it only.",
        "The window is centred: for k = 3 it holds x[t - 1], x[t] and x[t + 1].",
        _mean_from(lambda k: 0),
    ),
    Misconception(
        "average-shrinks",
        "You drop the outputs whose window sticks out of the signal.",
        "The mode is same: the result is as long as x, and outside of x there are zeros.",
        {"moving_average": lambda x, k: correlate1d(x, x.new_ones(k) / k)},
        "C102",
    ),
    Misconception(
        "average-repeats-the-ends",
        "You continue the signal with its first and last entry before you average.",
        "Outside of the signal there are zeros, so the ends are pulled towards zero.",
        _mean_beyond("replicate"),
    ),
    Misconception(
        "average-wraps-around",
        "At one end you average with entries of the other end.",
        "Outside of the signal there are zeros: np.roll and negative indices wrap around.",
        _mean_beyond("circular"),
        "C105",
    ),
    Misconception(
        "matrix-of-the-convolution",
        "The rows of your matrix hold the filter turned round.",
        "M @ x is the correlation: row i reads w[0], w[1], ... from left to right.",
        {"conv_matrix": lambda w, n, **options: conv_matrix(w.flip(0), n, **options)},
        "C101",
    ),
    Misconception(
        "matrix-transposed",
        "You have put the filter into the columns.",
        "M has a row for each output and a column for each entry of the signal.",
        {"conv_matrix": lambda w, n, **options: conv_matrix(w, n, **options).T},
    ),
    Misconception(
        "matrix-without-stride",
        "You build the matrix as if stride were 1.",
        "The stride appears twice: row i starts at column i * stride, and there are fewer rows.",
        {"conv_matrix": lambda w, n, stride=1, padding=0: conv_matrix(w, n, 1, padding)},
    ),
    Misconception(
        "stride-not-in-columns",
        "You use the stride for the number of rows, but each row starts one column after the one above.",
        "Row i starts at column i * stride - padding.",
        {"conv_matrix": _without_stride_in_columns},
    ),
    Misconception(
        "matrix-without-padding",
        "You build the matrix as if padding were 0.",
        "The padding adds rows, and moves the filter to the left: row 0 starts at column -padding.",
        {"conv_matrix": lambda w, n, stride=1, padding=0: conv_matrix(w, n, stride, 0)},
    ),
    Misconception(
        "columns-for-the-padding",
        "Your matrix has columns for the padding too.",
        "M multiplies x, which has n entries: cut off the columns of the zeros around it.",
        {"conv_matrix": lambda w, n, stride=1, padding=0: conv_matrix(w, n + 2 * padding, stride, 0)},
    ),
    Misconception(
        "negative-columns-wrap",
        "What sticks out on the left of a row, you write at its right end.",
        "In Python, column -1 is the last one. Skip what lies outside, on both sides.",
        {"conv_matrix": _indexed_matrix},
    ),
    Misconception(
        "score-not-normalised",
        "Your score is the plain sum of products, which grows with the loudness of the signal.",
        "Divide by the norm of each window and by the norm of the template, then take the best.",
        _scored(_products),
    ),
    Misconception(
        "only-the-template-normalised",
        "You divide by the norm of the template, but not by that of the window.",
        "Loud windows win: each window has a norm of its own to be divided by.",
        _scored(lambda signal, template: _products(signal, template) / template.norm()),
    ),
    Misconception(
        "norm-of-the-whole-signal",
        "You divide by the norm of the whole signal instead of that of each window.",
        "Loud windows win: each window has a norm of its own to be divided by.",
        _scored(lambda signal, template: _products(signal, template) / (signal.norm() * template.norm())),
    ),
    Misconception(
        "normalised-after-the-choice",
        "You look for the largest sum of products, and divide by the norms only there.",
        "Normalise all windows first: which of them is the best depends on it.",
        {"matched_filter": _loudest},
    ),
    Misconception(
        "mean-removed",
        "You subtract the mean from the window and from the template.",
        "The score is <window, template> / (norms) of the numbers as they are.",
        _scored(_centred),
    ),
    Misconception(
        "negative-match-counts",
        "You choose the score that is largest without its sign.",
        "A score of -1 is the opposite of the template: the highest score is asked for.",
        _scored(cosines, lambda scores: scores.abs().argmax()),
    ),
    Misconception(
        "template-turned-round",
        "You turn the template round: you convolve, where correlation looks for what is alike.",
        "template[0] meets signal[offset], template[1] the next entry, and so on.",
        _scored(lambda signal, template: cosines(signal, template.flip(0))),
    ),
    Misconception(
        "centre-for-offset",
        "You return where the middle of the template lies.",
        "The offset is where its first entry lies: signal[offset : offset + K] is the window.",
        _moved(lambda k: k // 2),
    ),
    Misconception(
        "offset-in-the-full-result",
        "You return the index in the full correlation, which starts K - 1 earlier.",
        "The offset is where the template's first entry lies: subtract K - 1, or use the valid part.",
        _moved(lambda k: k - 1),
    ),
    Misconception(
        "score-before-offset",
        "You return the score first and the offset second.",
        "The order is offset, score.",
        {"matched_filter": _swapped},
    ),
    Misconception(
        "silence-divided",
        "Where a window is silent you divide 0 by 0.",
        "A window whose norm is 0 has score 0: see to it before you divide.",
        _scored(_not_a_number),
    ),
    Misconception(
        "merged-in-reverse",
        "You multiply the two projections in the order in which they stand in V.T @ W.T.",
        "V.T @ W.T is the transpose of what is asked for: transposing a product turns its order round.",
        {"merge_linear": lambda W, V: V @ W},
    ),
    Misconception(
        "merged-transposed",
        "You return the transpose of the merged projection.",
        "WV has shape (D, P); it is WV.T that is multiplied with x.",
        {"merge_linear": lambda W, V: (W @ V).T},
    ),
)
