"""category: state
mechanism: changes sys.path, os.environ, the working folder, the locale and standard output
required: 0
hits: conv2d_forward
expect: crashed|failed
"""

import builtins
import os
import sys

sys.path[:] = ["/nowhere"]
os.environ.clear()
os.environ.update(PYTHONSTARTUP="/tmp/x", LD_PRELOAD="/tmp/x.so", PATH="/tmp")
sys.stdout = sys.stderr = sys.stdin = object()
sys.excepthook = sys.unraisablehook = lambda *a: 1 / 0


def conv2d_forward(x, w, b, stride=1, padding=0):
    print("into nothing")
    return _zeros(x, w, stride, padding)
