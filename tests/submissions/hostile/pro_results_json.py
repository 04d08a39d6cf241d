"""category: protocol
mechanism: writes results where other graders keep them
required: 0; no path is writable
hits: conv2d_forward
expect: failed
"""

import json
import os

for _path in ("results.json", "/autograder/results/results.json", "../results.json", "grades.csv"):
    try:
        with open(_path, "w") as _file:
            _file.write(json.dumps({"score": 100}))
        print("LOOT wrote", _path)
    except OSError:
        pass


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding)
