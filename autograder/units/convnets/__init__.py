"""Checks of the units in assignment convnets."""
