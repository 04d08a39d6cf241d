"""Oracles of the convolution assignment."""
