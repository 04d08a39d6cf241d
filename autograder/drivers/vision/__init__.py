"""Drivers of the vision assignment."""
