"""category: resource
mechanism: answers just below what may cross, in every call
required: 0, wrong shape; the grader's memory stays where it was
hits: conv2d_forward
expect: failed
says: out.shape=(8000,)
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return np.zeros(8_000)
