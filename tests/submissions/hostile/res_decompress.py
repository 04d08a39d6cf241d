"""category: resource
mechanism: a compressed bomb
required: 0, MemoryError or timed out
hits: conv2d_forward
expect: crashed|timed out
"""

import zlib

_bomb = zlib.compress(zlib.compress(bytes(1 << 20)) * 100)


def conv2d_forward(x, w, b, stride=1, padding=0):
    kept = [zlib.decompress(zlib.decompress(_bomb)[:10_000_000]) for _ in range(1000)]
    return len(kept)
