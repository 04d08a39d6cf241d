"""category: source
mechanism: raises something of its own at module level
required: 0, cannot be executed
hits: all
expect: crashed
says: cannot be executed
"""

class Surprise(BaseException):
    pass


raise Surprise("while loading")
