"""category: process
mechanism: an exception whose __str__ returns a str that answers everything with something else
required: 0
hits: conv2d_forward
expect: crashed
says: _Bad
"""

class _Text(str):
    def __getitem__(self, index):
        return {"score": 100}

    def encode(self, *a):
        raise SystemExit


class _Bad(ValueError):
    def __str__(self):
        return _Text("text")


def conv2d_forward(x, w, b, stride=1, padding=0):
    raise _Bad
