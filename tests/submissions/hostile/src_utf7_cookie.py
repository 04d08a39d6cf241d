# -*- coding: utf-7 -*-
"""category: source
mechanism: a coding cookie: people see a comment, Python sees code
required: 0: the cookie is not heeded, so the comment stays one
hits: all
expect: missing
says: does not define
base: none
"""

# harmless comment +AAo-print('LOOT hidden code runs')
