"""Mistakes that people really make, one file a unit: a sentence, a hint, and wrong models that make them."""
