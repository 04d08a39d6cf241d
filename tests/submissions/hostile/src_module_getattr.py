"""category: source
mechanism: its module becomes a class that gives another function at each access
required: 0
hits: conv2d_forward
expect: failed|crashed|missing
"""

import sys
import types

_calls = [0]


class _Shifting(types.ModuleType):
    def __getattribute__(self, name):
        if name == "__dict__":
            _calls[0] += 1
            return {"conv2d_forward": lambda *a, **k: np.zeros(_calls[0]), "pad2d": pad2d, "conv2d_backward": conv2d_backward}
        return types.ModuleType.__getattribute__(self, name)


sys.modules[__name__].__class__ = _Shifting
