"""Sizes of recurrent layers: one step, and a sequence."""

from autograder.judging.layer_case import Sizes


def step(n: int, d: int, h: int, *, blocks: int = 1) -> Sizes:
    """The sizes of one step, in the order N, D, H; gated layers have several `blocks` of H columns."""
    return Sizes({"x": (n, d), "h_prev": (n, h), **_weights(d, h, blocks)})


def sequence(n: int, t: int, d: int, h: int, *, blocks: int = 1) -> Sizes:
    """The sizes of a sequence, in the order N, T, D, H."""
    return Sizes({"x": (n, t, d), "h0": (n, h), **_weights(d, h, blocks)})


def _weights(d: int, h: int, blocks: int) -> dict[str, tuple[int, ...]]:
    return {"Wx": (d, blocks * h), "Wh": (h, blocks * h), "b": (blocks * h,)}
