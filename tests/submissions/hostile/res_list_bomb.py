"""category: resource
mechanism: ten levels of lists, each a hundred times the one below
required: 0, stopped
hits: conv2d_forward
expect: timed out|crashed|failed
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    out = []
    for _ in range(10):
        out = [out] * 100
    return out
