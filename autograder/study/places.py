"""Where a learner's files lie, and which unit comes next."""

from collections.abc import Collection, Mapping
from pathlib import Path

from autograder.course import COURSE, Entry, assignments, find_entry
from autograder.errors import UsageError
from autograder.reporting.escape import terminal
from autograder.study.state import State

Files = Mapping[str, Path]


def home_of(path: Path) -> Path:
    """The folder of a learner's course: the one that holds the assignments' folders."""
    folder = path.absolute() if path.is_dir() else path.absolute().parent
    return folder.parent if folder.name in assignments() else folder


def start_words() -> str:
    return f"`handgrad start {assignments()[0]}` copies the stubs"


def find_units(path: Path) -> list[tuple[Path, Entry]]:
    """The files to check at `path`, with their units; `UsageError` says what is missing."""
    if path.is_dir():
        found = [
            (folder / f"{entry.name}.py", entry)
            for entry in COURSE
            for folder in (path, path / entry.assignment)
            if (folder / f"{entry.name}.py").is_file()
        ]
        if not found:
            raise UsageError(f"{path} holds no file of this course; {start_words()}")
        return found
    file = path if path.exists() else _by_name(str(path))
    if file is None:
        raise UsageError(f"there is no {path}; {start_words()}")
    return [(file, unit_of(file))]


def _by_name(name: str) -> Path | None:
    """The file of a unit ("conv2d", "convolution/conv2d") in the learner's course that one is in, if it is there."""
    path = next((entry.path for entry in COURSE if name in (entry.name, entry.path)), "")
    return files_in(home_of(Path.cwd())).get(path)


def unit_of(path: Path) -> Entry:
    """The unit that a file is of, by its name; `UsageError` if there is none."""
    for entry in COURSE:
        if path.name == f"{entry.name}.py":
            return entry
    names = ", ".join(f"{entry.name}.py" for entry in COURSE)
    raise UsageError(f"{path.name} is not a file of this course; these are: {names}")


def files_in(home: Path) -> dict[str, Path]:
    """The files of a learner's course that are there, by unit, in the order of the course."""
    found: dict[str, Path] = {}
    for entry in COURSE:
        for folder in (home / entry.assignment, home):
            if (folder / f"{entry.name}.py").is_file():
                found.setdefault(entry.path, folder / f"{entry.name}.py")
    return found


def going_on(state: State, units: Collection[str]) -> str:
    """The unit to go on with: the one checked last unless it is done, else the next that is not; "" if all are."""
    return state.current if state.current in units and not state.done(state.current) else following(state, units)


def following(state: State, units: Collection[str], after: str = "") -> str:
    """The next unit that is not done, round to the first; "" if there is none but `after` itself."""
    order = [entry.path for entry in COURSE if entry.path in units]
    after = after or state.current
    start = order.index(after) + 1 if after in order else 0
    left = [path for path in (*order[start:], *order[:start]) if not state.done(path) and path != after]
    return left[0] if left else ""


def not_started(units: Collection[str]) -> str:
    """The first assignment of which no file is there; "" if there is none."""
    begun = {find_entry(path).assignment for path in units}
    return next((assignment for assignment in assignments() if assignment not in begun), "")


def shown(file: Path) -> str:
    """A file as the person at the terminal would name it."""
    here, file = Path.cwd(), file.absolute()
    return terminal(str(file.relative_to(here) if file.is_relative_to(here) else file), keep="")
