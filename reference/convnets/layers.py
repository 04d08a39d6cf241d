"""Oracle for convnets/layers."""

import torch
import torch.nn.functional as F
from torch import Tensor


def relu_forward(x: Tensor) -> Tensor:
    """max(x, 0), elementwise."""
    return F.relu(x)


def leaky_relu_forward(x: Tensor, alpha: float = 0.01) -> Tensor:
    """x where it is positive, alpha * x elsewhere."""
    return F.leaky_relu(x, alpha)


def sigmoid_forward(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x)), elementwise."""
    return torch.sigmoid(x)


def tanh_forward(x: Tensor) -> Tensor:
    """tanh(x), elementwise."""
    return torch.tanh(x)


def dense_forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """x (N, D) times w (D, M), plus b (M,): shape (N, M)."""
    return x @ w + b


def softmax_cross_entropy(logits: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Mean loss of logits (N, C) and labels y (N,), and its gradient by the logits, of shape (N, C)."""
    loss = F.cross_entropy(logits, y.long())
    gradient = F.softmax(logits, 1) - F.one_hot(y.long(), logits.shape[1])
    return loss, gradient / len(logits)


def batchnorm2d_forward(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise each channel of x (N, C, H, W); the rest is (C,). Also the new running mean and variance."""
    mean, var = running_mean.clone(), running_var.clone()
    out = F.batch_norm(x, mean, var, gamma, beta, training, momentum, eps)
    return out, mean, var


def dropout_forward(x: Tensor, p: float, training: bool, rng: object) -> tuple[Tensor, Tensor]:
    """x and a mask of ones: evaluation, where nothing is drawn. In training the draws are the caller's own."""
    if training and p > 0:
        raise NotImplementedError("a mask that is drawn has no right answer to compare with")
    return x.clone(), torch.ones_like(x, dtype=torch.int64)


def dropout_backward(dout: Tensor, mask: Tensor, p: float) -> Tensor:
    """The gradient of dropout in training, dout * mask / (1 - p)."""
    return dout * mask / (1 - p)
