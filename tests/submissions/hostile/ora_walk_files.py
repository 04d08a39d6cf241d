"""category: oracle
mechanism: walks every folder for files of the course, secrets or other people's work, and follows links
required: 0; only the interpreter, NumPy and C libraries can be seen
hits: conv2d_forward
expect: failed
"""

import os


def conv2d_forward(x, w, b, stride=1, padding=0):
    for folder, folders, files in os.walk("/"):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            if name.startswith(("conv2d", "secret", "hidden", "handgrad.", "id_rsa", "shadow", "passwd", ".env", "torch")):
                print("LOOT", path)
            if os.path.islink(path) and not os.path.realpath(path).startswith(("/python", "/site", "/clib", "/lib")):
                print("LOOT link", path, os.readlink(path))
    return _zeros(x, w, stride, padding)
