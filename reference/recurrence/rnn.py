"""Oracle for recurrence/rnn."""

import torch
from torch import Tensor


def rnn_step_forward(x: Tensor, h_prev: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Tensor:
    """One step, x (N, D) and h_prev (N, H) with Wx (D, H), Wh (H, H), b (H,): the new state (N, H)."""
    return torch.tanh(x @ Wx + h_prev @ Wh + b)


def rnn_forward(x: Tensor, h0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Tensor:
    """All states of a sequence x (N, T, D) that starts from h0 (N, H): shape (N, T, H)."""
    states = [h0]
    for x_t in x.unbind(dim=1):
        states.append(rnn_step_forward(x_t, states[-1], Wx, Wh, b))
    return torch.stack(states[1:], dim=1)
