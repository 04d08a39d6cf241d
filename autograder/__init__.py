"""handgrad: hand-written gradients, graded.

`check` judges your own code from a script, a REPL or a notebook, `grade` a folder of submissions. The records are for
authors of units and for tools; see `docs/design.md`. Names are loaded when they are asked for: torch takes seconds.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.checking import check as check
    from autograder.checking import grade as grade
    from autograder.errors import GraderError as GraderError
    from autograder.model import Check as Check
    from autograder.model import CheckResult as CheckResult
    from autograder.model import Misconception as Misconception
    from autograder.model import Report as Report
    from autograder.model import Result as Result
    from autograder.model import Unit as Unit
    from autograder.model import Verdict as Verdict

__version__ = "0.1.0"

_HOME = {"check": "checking", "grade": "checking", "GraderError": "errors"} | dict.fromkeys(
    ("Check", "CheckResult", "Misconception", "Report", "Result", "Unit", "Verdict"), "model"
)
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name == "load_ipython_extension":  # what `%load_ext autograder` calls
        return importlib.import_module("autograder.ipython").load
    if name not in _HOME:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    return getattr(importlib.import_module(f"autograder.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
