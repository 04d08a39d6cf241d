"""Mistakes of the vision assignment."""
