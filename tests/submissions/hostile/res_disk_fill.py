"""category: resource
mechanism: fills every folder
required: 0; nothing is writable
hits: conv2d_forward
expect: failed
fuse: 1 GiB
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

def conv2d_forward(x, w, b, stride=1, padding=0):
    total, block = 0, b"x" * (1 << 20)
    for folder in (".", "/tmp", "/dev/shm", "/dev", "/", "/var/tmp", "/run", "/python", "/site", "/clib", "/handgrad"):
        for number in range(64):
            try:
                with open(os.path.join(folder, f"fill{number}"), "wb") as file:
                    print("LOOT made a file in", folder)
                    while total < 1024:
                        file.write(block)
                        total += 1
            except OSError:
                break
    return _zeros(x, w, stride, padding)
