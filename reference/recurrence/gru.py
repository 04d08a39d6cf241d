"""Oracle for recurrence/gru. The blocks are in PyTorch's order: reset gate, update gate, candidate."""

import torch
from torch import Tensor

Outputs = tuple[Tensor, Tensor]


def gru_step_forward(x: Tensor, h_prev: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Outputs:
    """One step as the lecture has it, x (N, D) and h_prev (N, H) with Wx (D, 3H), Wh (H, 3H), b (3H,).

    The reset gate acts before Wh. Returns the new state (N, H), and the gates after activation (N, 3H).
    """
    size = h_prev.shape[-1]
    a = x @ Wx + b
    r, z = torch.sigmoid(a[:, : 2 * size] + h_prev @ Wh[:, : 2 * size]).chunk(2, -1)
    n = torch.tanh(a[:, 2 * size :] + (r * h_prev) @ Wh[:, 2 * size :])
    return z * h_prev + (1 - z) * n, torch.cat((r, z, n), -1)


def gru_forward(x: Tensor, h0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Outputs:
    """Sequences x (N, T, D) that start from h0 (N, H): all states (N, T, H), and all gates (N, T, 3H)."""
    h, steps = h0, []
    for x_t in x.unbind(dim=1):
        h, gates = gru_step_forward(x_t, h, Wx, Wh, b)
        steps.append((h, gates))
    all_h, all_gates = (torch.stack(part, dim=1) for part in zip(*steps, strict=True))
    return all_h, all_gates


def gru_step_cudnn(x: Tensor, h_prev: Tensor, Wx: Tensor, Wh: Tensor, bx: Tensor, bh: Tensor) -> Tensor:
    """One step as PyTorch and cuDNN have it, with two biases (3H,): the reset gate acts after Wh and its bias."""
    of_x, of_h = (part.chunk(3, -1) for part in (x @ Wx + bx, h_prev @ Wh + bh))
    r, z = (torch.sigmoid(of_x[gate] + of_h[gate]) for gate in (0, 1))
    n = torch.tanh(of_x[2] + r * of_h[2])
    return (1 - z) * n + z * h_prev
