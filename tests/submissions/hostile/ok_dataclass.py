"""category: control
mechanism: postponed annotations, a dataclass, an enum, pickling by name: needs its module in sys.modules
required: full marks
hits: all
expect: passed
"""

import dataclasses
import enum
import pickle
import typing


class _Mode(enum.Enum):
    PLAIN = "plain"


@dataclasses.dataclass
class _Options:
    stride: "int"
    padding: "typing.ClassVar[int]" = 0


_options = pickle.loads(pickle.dumps(_Options(1)))
assert _options == _Options(1) and pickle.loads(pickle.dumps(_Mode.PLAIN)) is _Mode.PLAIN
