"""category: driver
unit: vision/transfer
mechanism: freezes, and from below replaces the driver's training steps by idle ones
required: 0: the grader's own run trains
hits: freeze
expect: failed
"""

import sys


def freeze(module):
    names = sys._getframe(1).f_globals
    names["_step"] = lambda *arguments: None
    return module.requires_grad_(False)
