"""Hypothesis strategies that units share. They draw sizes and options, small integers only; data come from a seed."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from autograder.judging.layer_case import Sizes

few = st.integers(1, 3)  # samples, channels, filters: distinct sizes for distinct axes are in the edges
small = st.integers(1, 4)  # kernels, windows


def tiled(outputs: int, kernel: int, stride: int, padding: int = 0, left_over: int = 0) -> int:
    """The image size that `outputs` windows tile, with `left_over` (below `stride`) pixels that none covers."""
    return (outputs - 1) * stride + kernel - 2 * padding + left_over


def at_least(least: int) -> SearchStrategy[int]:
    """A number of windows: `least`, or a few more."""
    return st.integers(least, least + 3)


def enough(kernel: int, stride: int, padding: int) -> int:
    """The smallest number of windows whose image has at least one pixel."""
    return 1 + max(0, -(-(1 - kernel + 2 * padding) // stride))


def by_default(sizes: Sizes) -> Sizes:
    """The same sizes, with all options (which must be at their defaults) left out of the call."""
    return replace(sizes, left_out=tuple(sizes.options))
