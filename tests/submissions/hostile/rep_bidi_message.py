"""category: report
mechanism: a message that reads other than it is: bidirectional overrides, zero width, line separators
required: 0; shown as escapes
hits: conv2d_forward
expect: crashed
says: gnorw
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError("\u202egnorw\u202c \u2066PASS\u2069 \u200b\ufeff \u2028 \u2029 \x85 \x0b \x0c")
