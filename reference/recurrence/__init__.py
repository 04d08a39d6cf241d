"""Oracles of the recurrence assignment."""
