"""Checks of the units in assignment vision."""
