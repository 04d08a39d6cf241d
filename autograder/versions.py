"""The versions that decide a score: they stand in every report."""

import functools
import platform
from importlib import metadata

DECISIVE = ("handgrad", "numpy", "torch", "hypothesis")


@functools.cache
def versions() -> dict[str, str]:
    """Python's version and those of the packages in `DECISIVE`, as installed."""
    found = {"python": platform.python_version()}
    for name in DECISIVE:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
