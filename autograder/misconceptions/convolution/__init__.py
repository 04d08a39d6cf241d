"""Mistakes of the convolution assignment."""
