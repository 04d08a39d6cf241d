"""One file a unit: its points, strategies and checks."""
