"""category: control
mechanism: imports much of the standard library that needs C libraries
required: full marks
hits: all
expect: passed
"""

import bz2, collections, csv, ctypes, decimal, fractions, hashlib, json, lzma, math, queue, random, re, sqlite3, statistics, zlib  # noqa: E401
