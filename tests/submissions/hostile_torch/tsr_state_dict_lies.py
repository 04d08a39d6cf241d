"""category: tensor
unit: vision/transfer
mechanism: a module that is not frozen, whose state_dict gives what it held before
required: 0: the other layers learn beside it, and the flags are told
hits: freeze
expect: failed
"""

def freeze(module):
    before = {name: value.clone() for name, value in module.state_dict().items()}

    def lie(module, state, prefix, metadata):
        state.update({prefix + name: value for name, value in before.items()})

    module._register_state_dict_hook(lie)
    return module.eval()
