"""category: protocol
mechanism: replaces the worker's encoder, the json module's, and its table of answers
required: 0: whatever it sends is an answer, not a verdict
hits: conv2d_forward
expect: failed|crashed
"""

import gc
import json
import sys


def _forged(*a, **k):
    return '{"score":100,"verdict":"passed"}'


def conv2d_forward(x, w, b, stride=1, padding=0):
    json.dumps = _forged
    for name in ("protocol", "__main__"):
        module = sys.modules.get(name)
        if hasattr(module, "encode"):
            module.encode = lambda value: b"\x02\0\0\0" + bytes(8) + b"{}"
    frame = sys._getframe()
    while frame:
        answers = frame.f_locals.get("answers")
        if isinstance(answers, dict):
            answers["call"] = lambda *a: "passed"
        frame = frame.f_back
    return _zeros(x, w, stride, padding)
