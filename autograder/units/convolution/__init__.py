"""Checks of the units in assignment convolution."""
