"""Studying on one's own machine: checking on each save, hints, progress, and what is remembered in between."""
