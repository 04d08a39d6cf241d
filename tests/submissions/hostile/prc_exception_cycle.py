"""category: process
mechanism: an exception that is its own cause and context, in a group of itself
required: 0, ValueError
hits: conv2d_forward
expect: crashed
says: ValueError: round and round
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    error, other = ValueError("round and round"), KeyError("and round")
    error.__cause__, other.__cause__ = other, error
    error.__context__, other.__context__ = other, error
    raise error
