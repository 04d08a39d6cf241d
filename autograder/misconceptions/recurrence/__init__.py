"""Mistakes of the recurrence assignment."""
