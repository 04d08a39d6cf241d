"""category: source
mechanism: imports what is not there
required: 0, No module named 'matplotlib'
hits: all
expect: crashed
says: No module named 'matplotlib'
"""

import matplotlib.pyplot as plt
