"""Intake: from whatever a learning platform hands over to source text by student, assignment and unit.

Understood are nbgrader's layout (`<student>/<assignment>/<unit>.py`), a folder for each student, and the flat
downloads of Canvas (`name_12_345_conv2d.py`) and Moodle (`Name_12_assignsubmission_file_/conv2d.py`), as folders or
archives, with notebooks in place of files. Student ids are data: taken as they are, and never interpreted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.archives import Found, find, is_archive, read_file
from autograder.course import COURSE, Entry, assignments
from autograder.errors import SubmissionError, UsageError
from autograder.notebooks import source_of

MAX_SOURCE = 1 << 20  # bytes; nobody writes a megabyte of homework
MAX_NAME = 120  # characters of a student's id
CANVAS = re.compile(r"(?P<student>[^_]+_(?:LATE_)?\d+)_\d+_(?P<file>.+)")
MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)")
AGAIN = re.compile(r"-\d+(?=\.\w+$)")  # Canvas numbers what is handed in again: conv2d-1.py
FORMS = "<student>/<assignment>/<unit>.py, or a download of Canvas or Moodle"


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in for one assignment: source text by unit, or why there is none."""

    student: str
    assignment: str
    sources: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    notebooks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Intake:
    """All submissions of a folder, and what was found beside them and left alone."""

    submissions: tuple[Submission, ...]
    ignored: tuple[str, ...] = ()


def read_source(path: Path) -> str:
    """The text of a submitted file; `SubmissionError` says why it cannot be graded."""
    return decode_source(read_file(path, MAX_SOURCE))


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


def take_in(path: Path) -> Intake:
    """The submissions in a folder or an archive; `UsageError` if there are none."""
    if not path.exists():
        raise UsageError(f"there is no {path}; give a folder or an archive of {FORMS}")
    if not path.is_dir() and not is_archive(path.name):
        raise UsageError(f"{path} is not a folder, and not a .zip or .tar archive; it should hold {FORMS}")
    sorter = _Sorter()
    for found in find(path):
        sorter.add(found)
    if not sorter.submissions:
        raise UsageError(f"{path} holds no submission; expected {FORMS}; assignments: {', '.join(assignments())}")
    return sorter.intake()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file belongs: the student, the assignment if the path names one, and the file's own name."""

    student: str
    assignment: str
    file: str


def place(parts: tuple[str, ...]) -> _Place | None:
    """What a file's path says about whose it is; None if nothing."""
    for index, part in enumerate(parts[1:-1], 1):
        if part in assignments():
            return _Place(parts[index - 1], part, parts[-1])
    for index, part in enumerate(parts):
        for form in (MOODLE, CANVAS):
            match = form.fullmatch(part)
            if match:
                own = parts[-1] if index < len(parts) - 1 else match["file"]
                return _Place(match["student"].replace("_LATE", ""), "", AGAIN.sub("", own))
    return _Place(parts[0], "", parts[-1]) if len(parts) == 2 else None


class _Sorter:
    """Puts files where they belong, and keeps account of those that belong nowhere."""

    def __init__(self) -> None:
        self.submissions: dict[tuple[str, str], Submission] = {}
        self.origins: dict[tuple[str, str, str], str] = {}
        self.notebooks: list[tuple[_Place, Found]] = []
        self.ignored: list[str] = []

    def add(self, found: Found) -> None:
        where = place(found.parts)
        if where is None or not _is_id(where.student):
            if found.name != "README.md":
                self.ignored.append(f"{found.where}: {found.problem or 'nothing says whose it is'}")
        elif found.problem and not found.name.endswith(".py"):
            self._spoil(where, found)
        elif found.name.endswith(".ipynb"):
            self.notebooks.append((where, found))  # they fill in what files leave open
        else:
            self._add_file(where, found)

    def intake(self) -> Intake:
        for where, found in self.notebooks:
            self._add_notebook(where, found)
        ordered = sorted(self.submissions.values(), key=lambda submission: (submission.student, submission.assignment))
        return Intake(tuple(ordered), tuple(self.ignored))

    def _add_file(self, where: _Place, found: Found) -> None:
        entry = _unit(where, ".py")
        if entry is None:
            self.ignored.append(f"{found.where}: not a file of {where.assignment or 'this course'}")
            return
        submission = self._submission(where.student, entry.assignment)
        if self._is_second(submission, entry, found):
            return
        try:
            if found.problem:
                raise SubmissionError(found.problem)
            submission.sources[entry.name] = decode_source(found.read())
        except SubmissionError as error:
            submission.problems[entry.name] = f"{found.name} cannot be graded: {error}"

    def _add_notebook(self, where: _Place, found: Found) -> None:
        entry = _unit(where, ".ipynb")
        stem = where.file.removesuffix(".ipynb")
        assignment = entry.assignment if entry else where.assignment or (stem if stem in assignments() else "")
        if not assignment:
            self.ignored.append(f"{found.where}: no notebook of this course")
            return
        submission = self._submission(where.student, assignment)
        wanted = [entry] if entry else [e for e in COURSE if e.assignment == assignment]
        for unit in wanted:
            if unit.name not in submission.sources:
                self._read_notebook(submission, unit, found)

    def _read_notebook(self, submission: Submission, entry: Entry, found: Found) -> None:
        if self._is_second(submission, entry, found):
            return
        try:
            submission.sources[entry.name] = decode_source(source_of(found.read()).encode("utf-8", "replace"))
        except SubmissionError as error:
            submission.problems[entry.name] = f"{found.name} cannot be graded: {error}"
            return
        key = submission.student, submission.assignment
        names = submission.notebooks | {entry.name}
        self.submissions[key] = Submission(*key, submission.sources, submission.problems, names)

    def _spoil(self, where: _Place, found: Found) -> None:
        """An archive or a folder that cannot be read costs its student everything in it, and nobody else anything."""
        for assignment in [where.assignment] if where.assignment else self._assignments():
            submission = self._submission(where.student, assignment)
            for entry in COURSE:
                if entry.assignment == assignment and entry.name not in submission.sources:
                    submission.problems[entry.name] = f"{found.name} cannot be graded: {found.problem}"
        if not where.assignment and not self._assignments():
            self.ignored.append(f"{found.where}: {found.problem}")

    def _assignments(self) -> Iterable[str]:
        return list(dict.fromkeys(assignment for _, assignment in self.submissions))

    def _submission(self, student: str, assignment: str) -> Submission:
        student = student.encode("utf-8", "backslashreplace").decode()  # a name that is not UTF-8 must not break output
        return self.submissions.setdefault((student, assignment), Submission(student, assignment))

    def _is_second(self, submission: Submission, entry: Entry, found: Found) -> bool:
        """Whether there was one for this unit before: then neither can be graded, since nothing says which counts."""
        key = (submission.student, submission.assignment, entry.name)
        first = self.origins.setdefault(key, found.where)
        if first == found.where:
            return False
        submission.sources.pop(entry.name, None)
        submission.problems[entry.name] = f"{entry.name} was handed in twice: {first} and {found.where}"
        return True


def _unit(where: _Place, suffix: str) -> Entry | None:
    """The unit that a file is of; only within the assignment, if the path names one."""
    for entry in COURSE:
        if where.file == f"{entry.name}{suffix}" and where.assignment in ("", entry.assignment):
            return entry
    return None


def _is_id(student: str) -> bool:
    """Whether it can serve as the name of a folder of results."""
    return 0 < len(student) <= MAX_NAME and student not in (".", "..") and "/" not in student and "\0" not in student
