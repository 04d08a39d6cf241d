"""category: process
mechanism: an exception class whose metaclass lies about __name__, __mro__ and __module__
required: 0
hits: conv2d_forward
expect: crashed
"""

class _Meta(type):
    __name__ = property(lambda self: 10**100)
    __mro__ = property(lambda self: ())
    __module__ = property(lambda self: 1 / 0)


class _Bad(Exception, metaclass=_Meta):
    pass


def conv2d_forward(x, w, b, stride=1, padding=0):
    raise _Bad()
