"""category: source
mechanism: a file in Latin-1
required: 0, cannot be graded: not UTF-8
hits: all
expect: ungradable
says: not UTF-8
base: none
"""

name = "Universität"
