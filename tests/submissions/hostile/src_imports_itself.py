"""category: control
mechanism: imports itself by name, and everything of it
required: full marks: its module is there
hits: all
expect: passed
"""

import conv2d
from conv2d import *  # noqa: F403

assert conv2d.conv2d_forward is conv2d_forward
