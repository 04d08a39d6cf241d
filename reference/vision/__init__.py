"""Oracles of the vision assignment."""
