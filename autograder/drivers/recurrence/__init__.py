"""Drivers of the recurrence assignment."""
