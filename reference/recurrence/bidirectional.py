"""Oracle for recurrence/bidirectional."""

import torch
from torch import Tensor

from reference.recurrence.rnn import rnn_forward


def reverse_within(x: Tensor, lengths: Tensor) -> Tensor:
    """The first lengths[n] steps of each sequence in x (N, T, D) turned round; the padding after them stays."""
    t = torch.arange(x.shape[1], device=x.device)
    last = _last(x, lengths)[:, None]
    index = torch.where(t <= last, last - t, t)
    return x.take_along_dim(index[:, :, None], dim=1)


def last_valid_state(h: Tensor, lengths: Tensor) -> Tensor:
    """The state of each sequence in h (N, T, H) after its last step: shape (N, H)."""
    return h.take_along_dim(_last(h, lengths)[:, None, None], dim=1).squeeze(1)


def bidirectional_forward(
    x: Tensor, h0f: Tensor, h0b: Tensor, Wxf: Tensor, Whf: Tensor, bf: Tensor, Wxb: Tensor, Whb: Tensor, bb: Tensor,
    lengths: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """For each step of x (N, T, D) a state that has read up to it and one that has read down to it: (N, T, 2H).

    Each sequence ends after its length; from there on the result is 0.
    """
    if lengths is None:
        lengths = torch.full((len(x),), x.shape[1], device=x.device)
    forward = rnn_forward(x, h0f, Wxf, Whf, bf)
    backward = reverse_within(rnn_forward(reverse_within(x, lengths), h0b, Wxb, Whb, bb), lengths)
    valid = torch.arange(x.shape[1], device=x.device) <= _last(x, lengths)[:, None]
    return torch.cat((forward, backward), dim=2).where(valid[:, :, None], x.new_zeros(()))


def lookahead_forward(
    x: Tensor, h0f: Tensor, h0b: Tensor, Wxf: Tensor, Whf: Tensor, bf: Tensor, Wxb: Tensor, Whb: Tensor, bb: Tensor,
    L: int,
) -> Tensor:  # fmt: skip
    """As `bidirectional_forward`, but the backward state at step t starts from h0b and reads x[t + L] to x[t] only."""
    forward = rnn_forward(x, h0f, Wxf, Whf, bf)
    windows = [x[:, t : t + L + 1].flip(1) for t in range(x.shape[1])]
    backward = [rnn_forward(window, h0b, Wxb, Whb, bb)[:, -1] for window in windows]
    return torch.cat((forward, torch.stack(backward, dim=1)), dim=2)


def _last(x: Tensor, lengths: Tensor) -> Tensor:
    """The index of each sequence's last step; no sequence is longer than x."""
    return lengths.clamp(1, x.shape[1]) - 1
