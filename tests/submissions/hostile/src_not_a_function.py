"""category: source
mechanism: a number where a function should be
required: 0, missing: it is a float
hits: conv2d_forward
expect: missing
says: conv2d_forward is a float, not a function
"""

conv2d_forward = 3.0
