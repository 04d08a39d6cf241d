"""Oracles of the convnets assignment."""
