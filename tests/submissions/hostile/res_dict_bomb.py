"""category: resource
mechanism: a dict of a million entries, and dicts in dicts
required: 0, too large
hits: conv2d_forward
expect: crashed|failed|timed out
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return {number: {number: {number: number}} for number in range(100_000)}
