"""category: driver
unit: vision/transfer
mechanism: replaces what packs answers in the worker: each is the first argument
required: 0, whatever is asked for
hits: all
expect: failed|crashed
"""

import __main__

_asked = []
_decode, _encode = __main__.protocol.decode, __main__.protocol.encode


def _remember(header, body):
    _asked[:] = [_decode(header, body)]
    return _asked[0]


__main__.protocol.decode = _remember
__main__.protocol.encode = lambda value: _encode(_asked[0][2][0] if _asked else value)
