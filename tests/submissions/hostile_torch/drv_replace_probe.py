"""category: driver
unit: vision/transfer
mechanism: finds the driver's namespace by gc and puts an echo in the place of a probe
required: 0: the echo has not moved what should train
hits: freeze
expect: failed
"""

import gc

for _found in gc.get_objects():
    if type(_found) is dict and callable(_found.get("freeze_probe")):
        _found["freeze_probe"] = lambda student, state, x, y, **options: {"returns the module": True, **state}
