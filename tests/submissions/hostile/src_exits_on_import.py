"""category: source
mechanism: os._exit at module level
required: 0, the process ended itself
hits: all
expect: crashed
says: the process ended itself (exit code 0)
"""

import os

os._exit(0)
