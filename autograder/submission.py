"""Intake: from files that nobody vouches for to source text. Nothing here runs or imports anything."""

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import assignments, entries
from autograder.errors import SubmissionError, UsageError

MAX_SOURCE = 1 << 20  # bytes; nobody writes a megabyte of homework


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in for one assignment: source text by unit, or why there is none."""

    student: str
    assignment: str
    sources: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intake:
    """All submissions of a folder, and what was found beside them and left alone."""

    submissions: tuple[Submission, ...]
    ignored: tuple[str, ...] = ()


def read_source(path: Path) -> str:
    """The text of a submitted file; `SubmissionError` says why it cannot be graded."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise SubmissionError("it is a symbolic link; hand in the file itself") from error
        raise SubmissionError(f"it cannot be opened: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError("it is not a regular file")
        try:
            return decode_source(file.read(MAX_SOURCE + 1))
        except OSError as error:
            raise SubmissionError(f"it cannot be read: {error.strerror}") from error


def decode_source(data: bytes) -> str:
    """The text of a file's bytes: strict UTF-8, with or without a byte order mark, and not too large."""
    if len(data) > MAX_SOURCE:
        raise SubmissionError(f"it is larger than {MAX_SOURCE >> 20} MiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionError(f"it is not UTF-8 (byte {error.start}); save it as UTF-8 in your editor") from error
    if "\0" in text:
        raise SubmissionError("it holds a null character, so it is not Python source")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def take_in(folder: Path) -> Intake:
    """The submissions in a folder of the form `<student>/<assignment>/<unit>.py`; `UsageError` if there are none."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; give one that holds <student>/<assignment>/<unit>.py")
    found: list[Submission] = []
    ignored: list[str] = []
    for student in _folders(folder, ignored):
        for assignment in _folders(student, ignored):
            if assignment.name in assignments():
                found.append(_submission(student.name, assignment, ignored))
            else:
                ignored.append(f"{student.name}/{assignment.name}: no such assignment")
    if not found:
        known = ", ".join(assignments())
        form = f"{folder}/<student>/<assignment>/<unit>.py"
        raise UsageError(f"{folder} holds no submission; expected {form} with an assignment of: {known}")
    return Intake(tuple(found), tuple(ignored))


def _submission(student: str, folder: Path, ignored: list[str]) -> Submission:
    submission = Submission(student, folder.name)
    units = {f"{entry.name}.py": entry.name for entry in entries(folder.name)}
    for name in sorted(os.listdir(folder)):
        if name not in units:
            ignored.append(f"{student}/{folder.name}/{name}: not a file of this assignment")
            continue
        try:
            submission.sources[units[name]] = read_source(folder / name)
        except SubmissionError as error:
            submission.problems[units[name]] = f"{name} cannot be graded: {error}"
    return submission


def _folders(parent: Path, ignored: list[str]) -> list[Path]:
    """The folders in `parent`, in order; links are not followed, and hidden ones are none of ours."""
    found = []
    for entry in sorted(os.scandir(parent), key=lambda entry: entry.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            found.append(Path(entry.path))
        elif entry.name != "README.md":
            ignored.append(f"{Path(entry.path).relative_to(parent.parent)}: not a folder")
    return found
