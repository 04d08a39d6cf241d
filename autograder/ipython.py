"""`%load_ext autograder` in a notebook: edited files are read anew, what is missing is asked for politely."""

import sys
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from autograder.course import COURSE

UNITS = frozenset(entry.name for entry in COURSE)
Stamp = tuple[str, int, int]


def load(shell: Any) -> None:
    """Called by IPython with its shell."""
    files = Files(shell)
    shell.events.register("pre_run_cell", files.refresh)
    shell.events.register("post_run_cell", files.remember)
    shell.set_custom_exc((NotImplementedError,), _ask_for_it)


class Files:
    """The student's modules that a notebook has imported: executed anew, before a cell, where a file changed.

    IPython's own autoreload patches functions one by one, and leaves out helpers that are new.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._stamps: dict[str, Stamp] = {}

    def remember(self, result: Any = None) -> None:
        """After a cell: note as which version of its file a module was imported."""
        for name, _, stamp in _imported():
            self._stamps.setdefault(name, stamp)

    def refresh(self, info: Any = None) -> None:
        """Before a cell: bring modules, and the names taken from them, up to date."""
        for name, module, stamp in _imported():
            if self._stamps.setdefault(name, stamp) != stamp:
                self._stamps[name] = stamp
                self._execute(module, Path(stamp[0]))

    def _execute(self, module: ModuleType, path: Path) -> None:
        before = dict(vars(module))
        try:
            exec(compile(path.read_bytes(), str(path), "exec"), vars(module))
        except Exception as error:
            print(f"{path.name} cannot be read anew: {type(error).__name__}: {error}")
            return
        fresh = {id(value): getattr(module, name) for name, value in before.items() if callable(value)}
        names = self._shell.user_ns
        names.update({name: fresh[id(value)] for name, value in names.items() if id(value) in fresh})


def _imported() -> list[tuple[str, ModuleType, Stamp]]:
    """The units among the imported modules, and what tells a version of their files from the next."""
    found = []
    for name in UNITS & sys.modules.keys():
        path = getattr(sys.modules[name], "__file__", None)
        if path and Path(path).is_file():
            status = Path(path).stat()
            found.append((name, sys.modules[name], (path, status.st_mtime_ns, status.st_size)))
    return found


def _ask_for_it(
    shell: Any, kind: type[BaseException], error: BaseException, traceback: TracebackType, tb_offset: int | None = None
) -> list[str]:
    """Say which function of a stub is to be written; other errors are shown as ever."""
    place = unwritten(traceback)
    if place is None:
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
    else:
        print(f"Still to be written: {place}. Write it, save the file, and run this cell again.")
    return []


def unwritten(traceback: TracebackType | None) -> str | None:
    """The function that raised, and its file, if that is one of the course's."""
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    if traceback is None:
        return None
    code = traceback.tb_frame.f_code
    path = Path(code.co_filename)
    return f"{code.co_qualname} in {path.name}" if path.suffix == ".py" and path.stem in UNITS else None
