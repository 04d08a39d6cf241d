"""Intake: from whatever a learning platform hands over to source text by student, assignment and unit.

Understood are nbgrader's layout (`<student>/<assignment>/<unit>.py`), a folder for each student, and the flat
downloads of Canvas (`name_12_345_conv2d.py`) and Moodle (`Name_12_assignsubmission_file_/conv2d.py`), as folders or
archives, with notebooks in place of files. Student ids are data: taken as they are, and never interpreted.
"""

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.archives import ARCHIVES, WANTED, Found, find, is_archive, printable, read_file
from autograder.course import COURSE, Entry, assignments, entries
from autograder.errors import SubmissionError, UsageError
from autograder.notebooks import source_of

MAX_SOURCE = 1 << 20  # bytes; nobody writes a megabyte of homework
MAX_NAME = 200  # bytes of a student's id, which becomes a folder's name
CANVAS = re.compile(r"(?P<student>[^_]+_(?:LATE_)?\d+)_\d+_(?P<file>.+)")
MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)")
AGAIN = re.compile(r"-\d+(?=\.\w+$)")  # Canvas numbers what is handed in again: conv2d-1.py
COMES_ALONG = ("README.md", "timestamp.txt")  # with the stubs, and with what nbgrader collects
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
    if not os.path.exists(path):
        raise UsageError(f"there is no {path}; give a folder or an archive of {FORMS}")
    if not os.path.isdir(path) and not is_archive(path.name):
        raise UsageError(f"{path} is not a folder, and not a .zip or .tar archive; it should hold {FORMS}")
    sorter = _Sorter()
    try:
        for found in find(path):
            sorter.add(found)
    except SubmissionError as error:
        raise UsageError(f"{path} cannot be read: {error}; unpack or download it again, and give the folder") from error
    intake = sorter.intake()
    if not intake.submissions:
        raise UsageError(f"{path} holds no submission; expected {FORMS}; assignments: {', '.join(assignments())}")
    return intake


def take_in_one(folder: Path, student: str, assignment: str) -> Submission:
    """What one student handed in for one assignment, all of it in `folder`; the same as `take_in` makes of it."""
    sorter = _Sorter()
    try:
        for found in find(folder):
            sorter.add(replace(found, parts=(student, assignment, *found.parts)))
    except SubmissionError as error:
        names = [entry.name for entry in entries(assignment)]
        return Submission(student, assignment, problems=dict.fromkeys(names, f"it cannot be read: {error}"))
    submissions = [each for each in sorter.intake().submissions if each.assignment == assignment]
    return submissions[0] if submissions else Submission(student, assignment)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file belongs: the student, the assignment if the path names one, and the file's own name."""

    student: str
    assignment: str
    file: str


def place(parts: tuple[str, ...]) -> _Place | None:
    """What a file's path says about whose it is; None if nothing. The outermost sign counts."""
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        download = MOODLE.fullmatch(part) or ((last or is_archive(part)) and CANVAS.fullmatch(part))
        if download:
            inside = [name for name in parts[index + 1 : -1] if name in assignments()]
            own = AGAIN.sub("", download["file"] if last else parts[-1])
            return _Place(printable(download["student"].replace("_LATE", "")), inside[0] if inside else "", own)
        if index > 0 and not last and part in assignments():
            return _Place(_id(parts[index - 1]), part, parts[-1])
    if len(parts) == 2 and parts[0] not in assignments() and (parts[1].endswith(WANTED) or not parts[1]):
        return _Place(_id(parts[0]), "", parts[1])
    return None


def _id(name: str) -> str:
    """A student's id from the name of a folder, or of an archive."""
    suffix = max((suffix for suffix in ARCHIVES if name.lower().endswith(suffix)), key=len, default="")
    return printable(name[: len(name) - len(suffix)])


class _Sorter:
    """Puts files where they belong, and keeps account of those that belong nowhere."""

    def __init__(self) -> None:
        self.submissions: dict[tuple[str, str], Submission] = {}
        self.origins: dict[tuple[str, str, str], str] = {}
        self.notebooks: list[tuple[_Place, Found]] = []
        self.strays: list[tuple[_Place, Found]] = []
        self.loose: list[Found] = []
        self.ignored: list[str] = []

    def add(self, found: Found) -> None:
        where = place(found.parts) or (place((*found.parts, "")) if found.problem else None)  # it may be a folder
        if where is None:
            self.loose += [] if found.parts == ("README.md",) else [found]
        elif not _is_id(where.student):
            self.ignored.append(f"{found.where}: {found.problem or 'this cannot be the id of a student'}")
        elif found.name.endswith(".ipynb") and not found.problem:
            self.notebooks.append((where, found))  # they fill in what files leave open
        elif _unit(where, ".py"):
            self._add_file(where, found)
        else:
            self.strays.append((where, found))

    def intake(self) -> Intake:
        self._unwrap()
        self._add_notebooks()
        self._add_strays()
        self.ignored += [f"{found.where}: {found.problem or _astray(found)}" for found in self.loose]
        ordered = sorted(self.submissions.values(), key=lambda submission: (submission.student, submission.assignment))
        return Intake(tuple(ordered), tuple(self.ignored))

    def _unwrap(self) -> None:
        """A folder around everything else says nothing: the students are the folders in it."""
        wrapped = [found for found in self.loose if len(found.parts) == 3]
        shared, students = ({found.parts[level] for found in wrapped} for level in (0, 1))
        if not self.submissions and len(shared) == 1 and len(students) > 1:
            self.loose = [found for found in self.loose if len(found.parts) != 3]
            for found in wrapped:
                self.add(replace(found, parts=found.parts[1:]))

    def _add_file(self, where: _Place, found: Found) -> None:
        entry = _unit(where, ".py")
        assert entry is not None
        submission = self._submission(where.student, entry.assignment)
        if self._is_second(submission, entry, found):
            return
        try:
            if found.problem:
                raise SubmissionError(found.problem)
            submission.sources[entry.name] = decode_source(found.read())
        except SubmissionError as error:
            submission.problems[entry.name] = f"{found.name} cannot be graded: {error}"

    def _add_notebooks(self) -> None:
        """Those of a unit, then those of a whole assignment, each for units that have nothing of their own yet."""
        whole, files = [], set(self.origins)
        for where, found in self.notebooks:
            entry = _unit(where, ".ipynb")
            if entry is None:
                whole.append((where, found))
            elif (where.student, entry.assignment, entry.name) not in files:  # else it is the lesson beside the file
                self._read_notebook(where, entry, found)
        own = set(self.origins)
        for where, found in whole:
            stem = where.file.removesuffix(".ipynb")
            if stem not in assignments() or where.assignment not in ("", stem):
                self.strays.append((where, found))
                continue
            for entry in entries(stem):
                if (where.student, stem, entry.name) not in own:
                    self._read_notebook(where, entry, found)

    def _read_notebook(self, where: _Place, entry: Entry, found: Found) -> None:
        submission = self._submission(where.student, entry.assignment)
        if self._is_second(submission, entry, found):
            return
        try:
            submission.sources[entry.name] = decode_source(source_of(found.read()).encode("utf-8", "replace"))
        except SubmissionError as error:
            submission.problems[entry.name] = f"{found.name} cannot be graded: {error}"
            return
        key = submission.student, submission.assignment
        self.submissions[key] = replace(submission, notebooks=submission.notebooks | {entry.name})

    def _add_strays(self) -> None:
        """A file of the wrong name, or an archive that cannot be read, is all that some students handed in.

        It costs them what is missing otherwise, and says so; beside what can be graded it is only mentioned.
        """
        there = {student for student, _ in self.submissions}
        given = dict.fromkeys(assignment for _, assignment in self.submissions)
        for where, found in self.strays:
            known = (
                (where.student, where.assignment) in self.submissions if where.assignment else where.student in there
            )
            wanted = [where.assignment] if where.assignment else given
            spoilt = [self._spoil(where.student, each, found) for each in wanted if found.problem or not known]
            if not any(spoilt) and found.name not in COMES_ALONG:
                reason = found.problem or f"not a file of {where.assignment or 'this course'}"
                self.ignored.append(f"{found.where}: {reason}")

    def _spoil(self, student: str, assignment: str, found: Found) -> bool:
        """Give `found` as the reason for every unit that is missing; whether there was one."""
        submission = self._submission(student, assignment)
        reason = found.problem or f"it is not a file of {assignment}"
        missing = [entry.name for entry in entries(assignment) if entry.name not in submission.sources]
        for name in missing:
            submission.problems.setdefault(name, f"{found.name} cannot be graded: {reason}")
        return bool(missing)

    def _submission(self, student: str, assignment: str) -> Submission:
        return self.submissions.setdefault((student, assignment), Submission(student, assignment))

    def _is_second(self, submission: Submission, entry: Entry, found: Found) -> bool:
        """Whether there was one for this unit before: then neither can be graded, since nothing says which counts."""
        key = (submission.student, submission.assignment, entry.name)
        if key not in self.origins:
            self.origins[key] = found.where
            return False
        submission.sources.pop(entry.name, None)
        submission.problems[entry.name] = f"{entry.name} was handed in twice: {self.origins[key]} and {found.where}"
        return True


def _unit(where: _Place, suffix: str) -> Entry | None:
    """The unit that a file is of; only within the assignment, if the path names one."""
    for entry in COURSE:
        if where.file == f"{entry.name}{suffix}" and where.assignment in ("", entry.assignment):
            return entry
    return None


def _astray(found: Found) -> str:
    folder = printable(found.parts[-2]) if len(found.parts) > 2 else ""
    return f"{folder} is no assignment of this course" if folder else "nothing says whose it is"


def _is_id(student: str) -> bool:
    """Whether it can serve as the name of a folder of results."""
    taken = (".", "..", "grades.csv")
    fits = 0 < len(student.encode()) <= MAX_NAME
    return fits and student.casefold() not in taken and "/" not in student and "\0" not in student
