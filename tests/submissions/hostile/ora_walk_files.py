"""category: oracle
mechanism: walks every folder for files of the course, secrets or other people's work, and follows links
required: 0; only the interpreter, NumPy and C libraries can be seen
hits: conv2d_forward
expect: failed
"""

import os

TOPS = ("/python", "/site", "/clib", "/lib", "/lib64", "/handgrad", "/dev")
NAMES = ("conv2d", "hidden", "handgrad.", "id_rsa", "shadow", "passwd", ".env", "torch", "autograder")


def conv2d_forward(x, w, b, stride=1, padding=0):
    for folder, folders, files in os.walk("/") if x.shape == (1, 1, 5, 5) else ():
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            if name.startswith(NAMES):
                print("LOOT", path)
            leads_out = os.path.islink(path) and not os.path.realpath(path).startswith(TOPS)
            if leads_out or not path.startswith(TOPS):
                print("LOOT outside", path)
    return _zeros(x, w, stride, padding)
