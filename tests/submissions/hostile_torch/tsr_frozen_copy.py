"""category: tensor
unit: vision/transfer
mechanism: freezes a deep copy, and returns that
required: 0: the module itself is not frozen
hits: freeze
expect: failed
"""

def freeze(module):
    module = copy.deepcopy(module)
    module.requires_grad_(False)
    return module.eval()
