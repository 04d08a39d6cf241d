"""The oracles: each layer's forward pass on torch tensors, on any device and in any float dtype."""
