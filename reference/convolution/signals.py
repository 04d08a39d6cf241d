"""Oracle for convolution/signals."""

import torch
import torch.nn.functional as F
from torch import Tensor


def correlate1d(x: Tensor, w: Tensor, mode: str = "valid") -> Tensor:
    """Cross-correlation of x (T,) and w (K,): the full result, its middle T entries, or what needs no zeros."""
    size, k = len(x), len(w)
    full = F.conv1d(x[None, None], w[None, None], padding=k - 1)[0, 0]
    start, stop = {"full": (0, size + k - 1), "same": ((k - 1) // 2, (k - 1) // 2 + size), "valid": (k - 1, size)}[mode]
    return full[start:stop]


def convolve1d(x: Tensor, w: Tensor, mode: str = "full") -> Tensor:
    """True convolution of x (T,) and w (K,)."""
    return correlate1d(x, w.flip(0), mode)


def moving_average(x: Tensor, k: int) -> Tensor:
    """Mean of k neighbours of each entry of x (T,), with zeros outside."""
    return correlate1d(x, x.new_ones(k) / k, "same")


def conv_matrix(w: Tensor, n: int, stride: int = 1, padding: int = 0) -> Tensor:
    """The matrix (n_out, n) that correlates a signal of n entries with w (K,)."""
    identity = torch.eye(n, dtype=w.dtype, device=w.device)
    return F.conv1d(identity[:, None], w[None, None], stride=stride, padding=padding)[:, 0].T


def matched_filter(signal: Tensor, template: Tensor) -> tuple[int, float]:
    """Where template (K,) fits signal (T,) best, and the cosine of the angle between the two there."""
    scores = cosines(signal, template)
    offset = int(scores.argmax())
    return offset, float(scores[offset])


def cosines(signal: Tensor, template: Tensor) -> Tensor:
    """The normalised score at each offset; 0 where a norm is 0."""
    windows = signal.unfold(0, len(template), 1)
    norms = windows.norm(dim=1) * template.norm()
    return torch.where(norms > 0, windows @ template / norms.where(norms > 0, 1.0), 0.0)


def merge_linear(W: Tensor, V: Tensor) -> Tensor:
    """One projection (D, P) in place of W (D, M) followed by V (M, P)."""
    return W @ V
