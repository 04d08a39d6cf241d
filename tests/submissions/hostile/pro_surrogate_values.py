"""category: protocol
mechanism: returns text and dict keys with surrogates
required: 0, out is a dict
hits: conv2d_forward
expect: failed
says: out is a dict
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return {"\ud800": ["\udfff", b"\xff", "\0", "\u202e"], "x" * 10_000: {1: {2: {3: {}}}}}
