"""category: oracle
mechanism: raises an exception whose class is named after the hidden inputs
required: 0; hidden checks name the nearest built-in exception
hits: conv2d_forward
expect: crashed
says: Seen
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    name = ("LOOT" if stride > 1 and padding > 0 else "Seen") + "_".join(map(str, map(abs, map(int, x.flat[:4]))))
    raise type(name, (KeyError,), {"__module__": "builtins"})
