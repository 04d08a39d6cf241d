"""category: process
mechanism: an exception whose __str__, __repr__ and __getattribute__ raise
required: 0, unprintable
hits: conv2d_forward
expect: crashed
says: <unprintable _Bad>
"""

class _Bad(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__

    def __getattribute__(self, name):
        raise MemoryError(name)


def conv2d_forward(x, w, b, stride=1, padding=0):
    raise _Bad()
