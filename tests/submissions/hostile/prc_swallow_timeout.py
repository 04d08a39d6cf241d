"""category: process
mechanism: catches whatever the grader might throw into it
required: 0, timed out
hits: conv2d_forward
expect: timed out
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
