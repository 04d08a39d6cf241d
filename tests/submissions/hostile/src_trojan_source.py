"""category: source
mechanism: bidirectional controls make the text read other than it runs
required: the values count; reports show escapes
hits: conv2d_forward
expect: crashed
says: ValueError: seen
"""

is_admin = "user‮ ⁦# check⁩ ⁦"


def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError("seen") if is_admin == "user‮ ⁦# check⁩ ⁦" else ""
