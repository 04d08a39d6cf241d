"""Oracle for recurrence/rnn."""

from collections.abc import Mapping

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


def rnn_windows(x: Tensor, h0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor, k: int) -> Tensor:
    """The states of `rnn_forward`, each with a memory of its last k steps only: what came before is a constant to it.

    So autograd's gradients of these are those of truncated backpropagation through time.
    """
    states = [h0, *rnn_forward(x, h0, Wx, Wh, b).unbind(dim=1)]
    seen = []
    for last in range(x.shape[1]):
        first = max(0, last - k + 1)
        before = states[first].detach() if first > 0 else h0
        seen.append(rnn_forward(x[:, first : last + 1], before, Wx, Wh, b)[:, -1])
    return torch.stack(seen, dim=1)


def clip_grad_norm(grads: Mapping[str, Tensor], max_norm: float) -> tuple[dict[str, Tensor], Tensor]:
    """All gradients times the one factor that brings their common norm down to max_norm, and the norm before."""
    norm = torch.linalg.vector_norm(torch.cat([grad.flatten() for grad in grads.values()]))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: grad * scale for name, grad in grads.items()}, norm


def leaky_unit(v: Tensor, alpha: float, mu0: float = 0.0) -> Tensor:
    """The running mean mu_t = alpha * mu_{t-1} + (1 - alpha) * v_t of v (T,), which starts from mu0: shape (T,)."""
    means = [torch.full_like(v[0], mu0)]
    for v_t in v:
        means.append(alpha * means[-1] + (1 - alpha) * v_t)
    return torch.stack(means[1:])
