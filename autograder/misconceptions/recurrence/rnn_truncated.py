"""Mistakes of recurrence/rnn in truncated backpropagation through time.

TB1 shows as a window that starts from a state of zeros: the states themselves are given here. TB5 and TB6 are about
torch, which this unit does not use.
"""

from collections.abc import Callable
from dataclasses import replace

import torch

from autograder.misconceptions.recurrence.rnn_steps import (
    Given,
    Gradients,
    Windows,
    Wrong,
    added_up,
    in_windows,
    sliding,
    through_time,
    truncated,
    window_gradients,
)
from autograder.model import Misconception


def _windows(windows: Callable[[int, int], Windows]) -> Wrong:
    """Other windows than the right ones, for T steps and k."""
    return truncated(lambda given, k: in_windows(given, windows(given.x.shape[1], k)))


def _spoilt(change: Callable[[Gradients, list[Gradients], int], Gradients]) -> Wrong:
    """The right result, changed; with what each window sends, and k."""

    def model(given: Given, k: int) -> Gradients:
        found = [window_gradients(given, *window) for window in sliding(k)(given.x.shape[1])]
        return change(added_up(given, found), found, k)

    return truncated(model)


def _weights(found: Gradients, other: Gradients) -> Gradients:
    return found._replace(dWx=other.dWx, dWh=other.dWh, db=other.db)


def _divided(found: Gradients, count: int) -> Gradients:
    return found._replace(dWx=found.dWx / count, dWh=found.dWh / count, db=found.db / count)


def _chunks_from_the_end(steps: int, k: int) -> Windows:
    for last in range(steps - 1, -1, -k):
        first = max(0, last - k + 1)
        yield first, last, first


def _from_zeros(given: Given, k: int) -> Gradients:
    """Each window that starts after step 0 takes the state before it for zero."""
    found = []
    for first, last, loss in sliding(k)(given.x.shape[1]):
        h_prev = given.h_prev.clone()
        h_prev[:, first] *= first == 0
        found.append(window_gradients(replace(given, h_prev=h_prev), first, last, loss))
    return added_up(given, found)


def _left_over(given: Given, k: int) -> Gradients:
    """dh0 gets what is left at the end of each window, wherever that is."""
    found = in_windows(given, sliding(k)(given.x.shape[1]))
    left = []
    for first, last, _ in sliding(k)(given.x.shape[1]):
        dh = torch.zeros_like(given.dh)
        dh[:, last] = given.dh[:, last]
        left.append(through_time(replace(given, dh=dh))[first].dh_prev)
    return found._replace(dh_prev=torch.stack(left).sum(0))


def _dx_of_last_windows(given: Given, k: int) -> Gradients:
    """At each step, dx from the last window that has this step in it."""
    steps = given.x.shape[1]
    found = [window_gradients(given, *window) for window in sliding(k)(steps)]
    dx = [found[min(t + k, steps) - 1].dx[:, t] for t in range(steps)]
    return added_up(given, found)._replace(dx=torch.stack(dx, 1))


TRUNCATED = (
    Misconception(
        "window-one-step-too-long",
        "Your windows have k + 1 steps.",
        "The step that has the loss counts: the loss of step s goes through s, s - 1, ..., s - k + 1.",
        _windows(lambda steps, k: sliding(k + 1)(steps)),
        "TB2",
    ),
    Misconception(
        "window-one-step-too-short",
        "Your windows have k - 1 steps.",
        "The loss of step s goes through k steps, its own included: range(s, s - k, -1), but not below 0.",
        _windows(lambda steps, k: sliding(k - 1)(steps)),
    ),
    Misconception(
        "window-ignored",
        "You send each loss back to the start of the sequence.",
        "The loss of step s ends at step s - k + 1: this is what truncated means.",
        _windows(lambda steps, k: sliding(steps)(steps)),
    ),
    Misconception(
        "chunks-for-windows",
        "You cut the sequence into chunks of k steps.",
        "The window slides: at every step s it goes from s back to s - k + 1, so windows overlap.",
        _windows(lambda steps, k: [(c, min(c + k, steps) - 1, c) for c in range(0, steps, k)]),
        "TB3",
    ),
    Misconception(
        "chunks-from-the-end",
        "You cut the sequence into chunks of k steps, counted from its end.",
        "The window slides: at every step s it goes from s back to s - k + 1, so windows overlap.",
        _windows(_chunks_from_the_end),
    ),
    Misconception(
        "last-steps-only",
        "You go back through the last k steps of the sequence, and no further.",
        "Every loss has a window of its own, also those of early steps: an outer loop over s, an inner one over t.",
        _windows(lambda steps, k: [(max(0, steps - k), steps - 1, max(0, steps - k))]),
    ),
    Misconception(
        "last-loss-only",
        "You send back the loss of the last step only.",
        "Every step has a loss of its own, dh[:, s], and a window of its own: an outer loop over s.",
        _windows(lambda steps, k: [(max(0, steps - k), steps - 1, steps - 1)]),
    ),
    Misconception(
        "full-windows-only",
        "You leave out the windows that are cut off by the start of the sequence.",
        "The losses of the first k - 1 steps count too: their windows end at step 0.",
        _windows(lambda steps, k: [(last - k + 1, last, last) for last in range(k - 1, steps)]),
    ),
    Misconception(
        "losses-counted-again",
        "You let each window send back all the losses in it, so that most losses count several times.",
        "The window of step s starts with dh[:, s] alone: the losses before it have windows of their own.",
        _windows(lambda steps, k: [(first, last, first) for first, last, _ in sliding(k)(steps)]),
        "TB4",
    ),
    Misconception(
        "windows-from-zeros",
        "You take zeros for the state before each window.",
        "Only gradients are cut. The state before the window is a constant, but it is h[:, t - 1], not 0.",
        truncated(_from_zeros),
        "TB1",
    ),
    Misconception(
        "dh0-zero-when-truncated",
        "You return zeros for dh0.",
        "The windows of the first k steps reach step 0 and send something on to h0.",
        _spoilt(lambda found, parts, k: found._replace(dh_prev=torch.zeros_like(found.dh_prev))),
    ),
    Misconception(
        "dh0-from-all-windows",
        "You add to dh0 what is left at the end of every window.",
        "A window that ends at a later step than 0 hands nothing on: dh0 gets what windows send that reach step 0.",
        truncated(_left_over),
    ),
    Misconception(
        "dh0-from-the-last-window",
        "You overwrite dh0 with what the last window sends.",
        "Several windows reach step 0, and what they send to h0 adds up: += instead of =.",
        _spoilt(lambda found, parts, k: found._replace(dh_prev=parts[min(k, len(parts)) - 1].dh_prev)),
    ),
    Misconception(
        "dx-overwritten-by-windows",
        "You overwrite dx with what the last window sends.",
        "A step lies in up to k windows, and what they send to its input adds up: += instead of =.",
        truncated(_dx_of_last_windows),
    ),
    Misconception(
        "weights-of-last-window",
        "You let each window overwrite dWx, dWh and db.",
        "All windows share the same weights: their gradients add up, W1 collects G11, then G11 + G12, and so on.",
        _spoilt(lambda found, parts, k: _weights(found, parts[-1])),
    ),
    Misconception(
        "weights-divided-by-k",
        "You divide dWx, dWh and db by k.",
        "What the windows send to the weights adds up: a sum, not a mean.",
        _spoilt(lambda found, parts, k: _divided(found, k)),
    ),
    Misconception(
        "weights-divided-by-windows",
        "You divide dWx, dWh and db by the number of windows.",
        "What the windows send to the weights adds up: a sum, not a mean.",
        _spoilt(lambda found, parts, k: _divided(found, len(parts))),
    ),
)
