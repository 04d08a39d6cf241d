"""category: source
unit: vision/transfer
mechanism: calls a function that PyTorch has not for integers, a NotImplementedError
required: 0, crashed with PyTorch's own words: it is no stub
hits: class_weights
expect: crashed
says: not implemented for 'Long'
"""

def class_weights(counts):
    return torch.softmax(counts, 0)
