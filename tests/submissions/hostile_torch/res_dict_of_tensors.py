"""category: resource
unit: vision/inspection
mechanism: a dict of six thousand tensors
required: 0, at once
hits: get_activations
expect: failed|crashed
"""

def get_activations(model, x, names):
    return {f"layer{number}": torch.zeros(1) for number in range(6_000)}
