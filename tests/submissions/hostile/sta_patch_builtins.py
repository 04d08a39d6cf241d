"""category: state
mechanism: replaces isinstance, callable, hasattr, len, print, all, any, abs, max
required: 0
hits: conv2d_forward
expect: failed|crashed|missing|timed out
others: any
"""

import builtins

builtins.isinstance = builtins.callable = builtins.hasattr = lambda *a: True
builtins.len = lambda value: 2
builtins.print = lambda *a, **k: None
builtins.all = builtins.any = builtins.abs = builtins.max = lambda *a, **k: 0


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding)
