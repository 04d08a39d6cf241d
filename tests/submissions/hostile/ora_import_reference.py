"""category: oracle
mechanism: imports reference, solutions, hidden tests; takes any conv2d_forward that is not its own
required: 0; there are no such modules in the sandbox
hits: conv2d_forward
expect: failed
"""

import importlib
import sys


def _find():
    for name in ("reference", "reference.convolution.conv2d", "solutions", "autograder", "answer", "hidden_tests", "torch"):
        try:
            importlib.import_module(name)
            print("LOOT module", name)
        except ImportError:
            pass
    for module in list(sys.modules.values()):
        function = getattr(module, "conv2d_forward", None)
        if callable(function) and getattr(function, "__code__", None) is not conv2d_forward.__code__:
            return function


def conv2d_forward(x, w, b, stride=1, padding=0):
    function = _find()
    return function(x, w, b, stride, padding) if function else _zeros(x, w, stride, padding)
