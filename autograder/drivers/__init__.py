"""What runs in the worker beside a submission in PyTorch: torch, NumPy and the standard library only."""
