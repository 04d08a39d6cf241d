"""category: source
mechanism: async def: returns a coroutine
required: 0, out is a coroutine (`async def`?)
hits: conv2d_forward
expect: failed
says: a coroutine (`async def`?)
"""

async def conv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding)
