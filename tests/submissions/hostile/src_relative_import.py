"""category: source
mechanism: from . import utils
required: 0, the ImportError is told
hits: all
expect: crashed
says: ImportError: attempted relative import
"""

from . import utils
