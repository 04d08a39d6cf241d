"""Oracle for recurrence/lstm. The gates are in PyTorch's order: input, forget, candidate, output."""

from typing import Literal

import torch
from torch import Tensor

Candidate = Literal["tanh", "sigmoid"]
Outputs = tuple[Tensor, Tensor, Tensor]


def lstm_step_forward(
    x: Tensor, h_prev: Tensor, c_prev: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor, *, candidate: Candidate = "tanh"
) -> Outputs:
    """One step, x (N, D) and h_prev, c_prev (N, H) with Wx (D, 4H), Wh (H, 4H), b (4H,).

    The new h and c (N, H), and the gates after activation (N, 4H). Goodfellow's variant has a sigmoid candidate.
    """
    peephole = h_prev.new_zeros(3, h_prev.shape[1])
    return _step(x, h_prev, c_prev, Wx, Wh, b, peephole, candidate)


def lstm_peephole_step_forward(
    x: Tensor, h_prev: Tensor, c_prev: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor, peephole: Tensor
) -> Outputs:
    """As `lstm_step_forward`, where the gates see the cell too, through weights peephole (3, H): v_i, v_f, v_o."""
    return _step(x, h_prev, c_prev, Wx, Wh, b, peephole, "tanh")


def lstm_forward(x: Tensor, h0: Tensor, c0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Outputs:
    """Sequences x (N, T, D) that start from h0, c0 (N, H): all h and c (N, T, H), and all gates (N, T, 4H)."""
    h, c, steps = h0, c0, []
    for x_t in x.unbind(dim=1):
        h, c, gates = lstm_step_forward(x_t, h, c, Wx, Wh, b)
        steps.append((h, c, gates))
    all_h, all_c, all_gates = (torch.stack(part, dim=1) for part in zip(*steps, strict=True))
    return all_h, all_c, all_gates


def quote_cell() -> Outputs:
    """Weights of one unit, Wx and Wh (1, 4), b (4,), whose h is above 0.5 inside quotes: a mark turns it over."""
    Wx = torch.tensor([[80.0, -80.0, 0.0, 0.0]], dtype=torch.float64)
    Wh = torch.tensor([[0.0, 0.0, -80.0, 0.0]], dtype=torch.float64)
    return Wx, Wh, torch.tensor([-40.0, 40.0, 30.0, 40.0], dtype=torch.float64)


def column_cell() -> Outputs:
    """Weights of one unit, Wx and Wh (1, 4), b (4,), that adds 1/80 to its cell at each step; a mark clears it."""
    Wx = torch.tensor([[-80.0, -80.0, 0.0, 0.0]], dtype=torch.float64)
    step = torch.atanh(torch.tensor(1 / 80, dtype=torch.float64)).item()
    return Wx, torch.zeros(1, 4, dtype=torch.float64), torch.tensor([40.0, 40.0, step, 40.0], dtype=torch.float64)


def _step(
    x: Tensor, h_prev: Tensor, c_prev: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor, peephole: Tensor, candidate: Candidate
) -> Outputs:
    a_i, a_f, a_g, a_o = (x @ Wx + h_prev @ Wh + b).chunk(4, dim=1)
    v_i, v_f, v_o = peephole
    i, f = torch.sigmoid(a_i + v_i * c_prev), torch.sigmoid(a_f + v_f * c_prev)
    g = torch.tanh(a_g) if candidate == "tanh" else torch.sigmoid(a_g)
    c = f * c_prev + i * g
    o = torch.sigmoid(a_o + v_o * c)
    return o * torch.tanh(c), c, torch.cat((i, f, g, o), dim=1)
