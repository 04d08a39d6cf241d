"""Checks of the units in assignment recurrence."""
