"""category: tensor
unit: vision/inspection
mechanism: the right numbers as complex ones
required: 0, dtype
hits: tile_filters
expect: failed
says: dtype=complex
"""

_right = tile_filters


def tile_filters(w, pad=1):
    return _right(w, pad) + 0j
