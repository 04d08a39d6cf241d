"""category: process
unit: vision/inspection
mechanism: compiles its function, for which a compiler would have to be started
required: no program runs; the rest of the file is right
hits: tile_filters
expect: crashed|timed out|failed|passed
"""

_right = tile_filters


def tile_filters(w, pad=1):
    return torch.compile(lambda w: w * 1.0)(_right(w, pad))
