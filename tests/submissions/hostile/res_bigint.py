"""category: resource
mechanism: 9**9**8 and its digits: in C, holding the lock
required: 0, timed out
hits: conv2d_forward
expect: timed out|crashed
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return len(str(9**9**8))
