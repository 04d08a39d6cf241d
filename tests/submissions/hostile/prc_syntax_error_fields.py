"""category: process
mechanism: raises a SyntaxError with a line number and a message of its own making
required: 0
hits: conv2d_forward
expect: crashed
says: SyntaxError
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    error = SyntaxError("no such line")
    error.filename, error.lineno, error.msg = "conv2d.py", [{}], {"score": 100}
    raise error
