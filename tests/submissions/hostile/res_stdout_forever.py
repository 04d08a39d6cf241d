"""category: resource
mechanism: prints without end
required: 0, timed out; the log is cut
hits: conv2d_forward
expect: timed out|crashed
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    while True:
        print("spam" * 16000)
