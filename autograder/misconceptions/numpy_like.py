"""What wrong models share: failing as NumPy fails."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def numpy_errors() -> Iterator[None]:
    """Where shapes do not fit, torch raises RuntimeError: raise NumPy's ValueError instead.

    >>> with numpy_errors():
    ...     raise RuntimeError("sizes 2 and 3 do not match")
    Traceback (most recent call last):
    ValueError: sizes 2 and 3 do not match
    """
    try:
        yield
    except RuntimeError as error:
        raise ValueError(str(error)) from error
