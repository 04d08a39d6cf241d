"""category: control
mechanism: a right solution
required: full marks
hits: all
expect: passed
"""
