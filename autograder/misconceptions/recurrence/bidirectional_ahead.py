"""Mistakes of recurrence/bidirectional in looking ahead."""

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.recurrence.rnn import rnn_forward

Window = Callable[[Tensor, int, int], Tensor]  # the steps that the backward layer reads at step t, in time's order
Weights = tuple[Tensor, Tensor, Tensor]


def _window(x: Tensor, t: int, L: int) -> Tensor:
    return x[:, t : t + L + 1]


def _ahead(window: Window = _window, *, turned: bool = True, same: bool = False) -> dict[str, Callable[..., Tensor]]:
    """A wrong lookahead_forward: with other windows, read forward, or with the forward layer's weights."""

    def function(
        x: Tensor, h0f: Tensor, h0b: Tensor, Wxf: Tensor, Whf: Tensor, bf: Tensor, Wxb: Tensor, Whb: Tensor, bb: Tensor,
        L: int,
    ) -> Tensor:  # fmt: skip
        weights = (Wxf, Whf, bf) if same else (Wxb, Whb, bb)
        windows = [window(x, t, L) for t in range(x.shape[1])]
        states = [_last(part.flip(1) if turned else part, h0b, weights) for part in windows]
        return torch.cat((rnn_forward(x, h0f, Wxf, Whf, bf), torch.stack(states, 1)), 2)

    return {"lookahead_forward": function}


def _last(x: Tensor, h0: Tensor, weights: Weights) -> Tensor:
    return rnn_forward(x, h0, *weights)[:, -1] if x.shape[1] else h0


def _blocks(x: Tensor, t: int, L: int) -> Tensor:
    return x[:, t : t + L + 1 - t % (L + 1)]


def _zeros_after(x: Tensor, t: int, L: int) -> Tensor:
    found = _window(x, t, L)
    return torch.cat((found, x.new_zeros(len(x), L + 1 - found.shape[1], x.shape[2])), 1)


def _last_step_again(x: Tensor, t: int, L: int) -> Tensor:
    found = _window(x, t, L)
    return torch.cat((found, x[:, -1:].expand(-1, L + 1 - found.shape[1], -1)), 1)


AHEAD = (
    Misconception(
        "window-counts-this-step",
        "You look L - 1 steps ahead: your window of L steps starts with x[:, t] itself.",
        "L counts the steps after x[:, t]: the window x[:, t] to x[:, t + L] has L + 1 of them.",
        _ahead(lambda x, t, L: x[:, t : t + L]),
        "BI6",
    ),
    Misconception(
        "one-step-too-far",
        "You look L + 1 steps ahead.",
        "The last step of the window is x[:, t + L].",
        _ahead(lambda x, t, L: x[:, t : t + L + 2]),
    ),
    Misconception(
        "looks-to-the-end",
        "Your backward layer reads the whole rest of the sequence.",
        "It starts from h0b at x[:, t + L], anew for each t: what comes after that is not there yet.",
        _ahead(lambda x, t, L: x[:, t:]),
        "BI7",
    ),
    Misconception(
        "steps-after-this-one-only",
        "You leave x[:, t] out of the window.",
        "The backward layer reads x[:, t + L] first and x[:, t] last.",
        _ahead(lambda x, t, L: x[:, t + 1 : t + L + 1]),
    ),
    Misconception(
        "window-read-forward",
        "You read the window from x[:, t] to x[:, t + L].",
        "The backward layer goes against time: it reads x[:, t + L] first and x[:, t] last.",
        _ahead(turned=False),
    ),
    Misconception(
        "looks-back",
        "Your window holds the L steps before x[:, t].",
        "The window lies ahead: from x[:, t] to x[:, t + L].",
        _ahead(lambda x, t, L: x[:, max(0, t - L) : t + 1]),
    ),
    Misconception(
        "windows-in-blocks",
        "You cut the sequence into blocks of L + 1 steps, and look ahead to the end of a block only.",
        "The window slides: each step t has one of its own, from x[:, t] to x[:, t + L].",
        _ahead(_blocks),
    ),
    Misconception(
        "zeros-after-the-end",
        "You add steps of zeros after the end, so that all windows have L + 1 steps.",
        "Reading a 0 changes the state too: near the end the window is shorter, and starts from h0b at the last step.",
        _ahead(_zeros_after),
    ),
    Misconception(
        "last-step-read-again",
        "You read the last step several times where the window goes beyond the end.",
        "Near the end the window is shorter: it starts from h0b at the last step, and reads that once.",
        _ahead(_last_step_again),
    ),
    Misconception(
        "same-layer-ahead",
        "You look ahead with the weights of the layer that reads forward.",
        "The two layers have parameters of their own: Wxf, Whf and bf, and Wxb, Whb and bb.",
        _ahead(same=True),
    ),
)
