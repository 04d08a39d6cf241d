"""The stubs that students start from: copied, never overwritten unasked."""

import itertools
import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from autograder.course import Entry, entries
from autograder.errors import GraderError, UsageError


@dataclass(frozen=True, slots=True)
class Started:
    """What `start` did: files written, and files that were there already."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    saved: tuple[Path, ...] = ()


def stubs(assignment: str) -> Path:
    """The folder of an assignment's stubs: in the installed package, or in the checkout."""
    entries(assignment)
    package = Path(str(resources.files("autograder")))
    for root in (package / "assignments", package.parent / "assignments"):
        if (root / assignment).is_dir():
            return root / assignment
    raise GraderError(f"the stubs of {assignment} are missing from this installation; install handgrad again")


def start(assignment: str, folder: Path, *, force: bool = False) -> Started:
    """Copy an assignment's stubs into `folder / assignment`; with `force`, what is in the way is kept as `.1` ..."""
    source, target = stubs(assignment), folder / assignment
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {target}: {error.strerror}") from error
    written, kept, saved = [], [], []
    for path in sorted(source.iterdir()):
        if not path.is_file():
            continue
        there = target / path.name
        if there.exists() and not force:
            kept.append(there)
            continue
        if there.exists():
            saved.append(there.rename(_free_name(there)))
        shutil.copyfile(path, there)
        written.append(there)
    return Started(tuple(written), tuple(kept), tuple(saved))


def fresh(entry: Entry, file: Path) -> Path | None:
    """Put a fresh stub of a unit in the place of `file`, and say as what that is kept: `conv2d.py.1` and so on."""
    source = stubs(entry.assignment) / f"{entry.name}.py"
    kept = file.rename(_free_name(file)) if file.exists() else None
    shutil.copyfile(source, file)
    return kept


def _free_name(path: Path) -> Path:
    """`conv2d.py.1`, or the next number if that is taken: a student's work is never lost."""
    names = (f"{path.name}.{number}" for number in itertools.count(1))
    return next(path.with_name(name) for name in names if not path.with_name(name).exists())
