"""Mistakes of the convnets assignment."""
