"""handgrad inside nbgrader, by nbgrader's own configuration: the only file that knows nbgrader.

A notebook is never executed. What students handed in is graded in the sandbox, as `handgrad grade` does; then each
graded cell of the *released* notebook gets one output, which nbgrader reads as points and shows as our report.
"""

import functools
import json
import math
import os
import sys
import warnings
from collections.abc import Iterator
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Int, Unicode

from autograder import release
from autograder.archives import read_file
from autograder.course import assignments, entries
from autograder.errors import GraderError, SubmissionError
from autograder.model import Report, Reveal
from autograder.reporting.cells import bonus, report_of
from autograder.reporting.csv import gradebook_table
from autograder.reporting.escape import code_fence
from autograder.reporting.html import fragment, notice, page
from autograder.submission import take_in_one

if TYPE_CHECKING:
    from autograder.grading.batch import Settings

STOCK, OURS = "nbgrader.preprocessors.", "autograder.nbgrader."
MOST_CELLS, MOST_TEXT = 300, 1 << 17  # of what a student wrote beside the answers: for people to read
HARMLESS = ("text/plain", "image/png", "image/jpeg")

Resources = dict[str, Any]


def configure(config: Any) -> None:
    """Make the folder of `nbgrader_config.py` a course of nbgrader's: call it there with `get_config()`."""
    bin_folder = str(Path(sys.executable).parent)  # nbgrader runs alembic by its bare name
    os.environ["PATH"] = os.pathsep.join([bin_folder, os.environ.get("PATH", os.defpath)])
    warnings.filterwarnings("ignore", "Object of type <Submitted", module="nbgrader")  # hundreds of lines a class
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "assignments"
    config.GenerateAssignment.preprocessors = [OURS + "PublishStubs", STOCK + "SaveCells", STOCK + "CheckCellMetadata"]
    config.Autograde.exporter_class = OURS + "SubmissionExporter"
    config.Autograde.exclude_overwriting = {name: stubs_of(name) for name in assignments()}
    config.Autograde.sanitize_preprocessors = [STOCK + "OverwriteCells", STOCK + "CheckCellMetadata"]
    config.Autograde.autograde_preprocessors = [
        OURS + "GradeIsolated", OURS + "ShowReports", STOCK + "SaveAutoGrades", STOCK + "AssignLatePenalties",
        STOCK + "CheckCellMetadata",
    ]  # fmt: skip
    config.ExportApp.plugin_class = OURS + "GradesExporter"


def stubs_of(assignment: str) -> list[str]:
    """The files that students edit: nbgrader must not put the solutions in their place."""
    return [f"{entry.name}.py" for entry in entries(assignment)]


class PublishStubs(NbGraderPreprocessor):
    """Of `generate_assignment`: what `handgrad release` writes, byte for byte, or an error and nothing at all."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        where, course = resources["nbgrader"], self.parent.parent.coursedir
        source = Path(course.format_path(course.source_directory, ".", where["assignment"]))
        target = Path(course.format_path(course.release_directory, ".", where["assignment"]))
        files = release.checked_stubs(source.parent)
        for path in [path for path in target.rglob("*") if path.is_file() and path.suffix != ".ipynb"]:
            content = files.get(Path(source.name) / path.relative_to(target))
            if content is None:  # nbgrader copies whatever lies there
                path.unlink()
            else:
                path.write_bytes(content)
        text = files[Path(source.name) / f"{where['notebook']}.ipynb"].decode()
        released = nbformat.reads(text, as_version=4)
        _check_grade_cells(released, where["assignment"], where["notebook"])
        return released, resources


def _check_grade_cells(nb: NotebookNode, assignment: str, notebook: str) -> None:
    """A cell whose name is no unit's could never earn its points: say so before students have it."""
    names = {entry.name for entry in entries(assignment)}
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if utils.is_grade(cell) and not utils.is_solution(cell) and grade_id.partition("-")[0] not in names:
            raise GraderError(f"{notebook}.ipynb: the graded cell {grade_id!r} is named after no unit of {assignment}")


class SubmissionExporter(NotebookExporter):
    """Of `autograde`: reads what was handed in as the released notebook with the student's answers put in.

    So nothing that a student does to a notebook changes what is graded: cells edited, doubled or deleted, metadata,
    broken JSON, no notebook at all. Text is all that is taken, and shown as text.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.parent, Autograde):
            self._add_missing(self.parent)

    def _add_missing(self, converter: Any) -> None:
        """Let nbgrader grade a submission without its notebooks too: it would leave it out."""
        course = converter.coursedir
        for folder in glob(course.format_path(course.submitted_directory, course.student_id, course.assignment_id)):
            wanted = Path(course.format_path(course.release_directory, ".", Path(folder).name))
            names = [path.name for path in sorted(wanted.glob(f"{course.notebook_id}.ipynb"))]
            known = converter.assignments.get(folder, [])
            missing = [path for name in names if (path := os.path.join(folder, name)) not in known]
            if missing:
                converter.assignments = {**converter.assignments, folder: [*known, *missing]}

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        converter: Any = self.parent
        if not converter._sanitizing:
            return super().from_filename(filename, resources, **kwargs)
        course, where = converter.coursedir, resources["nbgrader"]
        folder = Path(course.format_path(course.release_directory, ".", where["assignment"]))
        released = nbformat.read(folder / f"{where['notebook']}.ipynb", as_version=4)
        return self.from_notebook_node(merge(released, read_cells(Path(filename))), resources, **kwargs)


Written = tuple[str, str, str]  # a cell as a student handed it in: which cell it claims to be, its kind, its text


def read_cells(path: Path) -> Iterator[Written]:
    """The cells of a notebook that nobody vouches for; none if it cannot be read."""
    try:
        cells = json.loads(read_file(path).decode("utf-8-sig"))["cells"]
    except (SubmissionError, ValueError, KeyError, TypeError, RecursionError):
        return
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict):
            source = cell.get("source")
            parts = source if isinstance(source, list) else [source]
            text = "".join(part for part in parts if isinstance(part, str))
            yield _claimed(cell), str(cell.get("cell_type")), text.encode("utf-8", "replace").decode()[:MOST_TEXT]


def _claimed(cell: Any) -> str:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return str((marks.get("grade_id") if isinstance(marks, dict) else None) or cell.get("id") or "")


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id)


def merge(released: NotebookNode, written: Iterator[Written]) -> NotebookNode:
    """The released notebook with a student's answers, and behind each of its cells what they added or changed there."""
    own = {_name(cell): cell for cell in released.cells}
    texts = {name: cell.source for name, cell in own.items()}
    added: dict[str, list[NotebookNode]] = {}
    seen, last = set[str](), ""
    for name, kind, text in written:
        first = name in own and name not in seen
        seen.add(name)
        last = name if first else last
        if first and utils.is_solution(own[name]):
            own[name].source = text if own[name].cell_type == "code" or text == texts[name] else code_fence(text)
        elif text not in texts.values() and len(seen) < MOST_CELLS:
            added.setdefault(last, []).append(new_code_cell(text) if kind == "code" else _shown(text))
    cells = [*added.get("", []), *(each for cell in released.cells for each in (cell, *added.get(_name(cell), [])))]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    released.cells = cells
    return released


def _shown(text: str) -> NotebookNode:
    """A student's text as text: rendered, its HTML, its links and its formulas would run in the grader's browser."""
    return new_markdown_cell(code_fence(text))


class GradeIsolated(NbGraderPreprocessor):
    """Of `autograde`: grades the untouched `submitted/` folder, or finds that `handgrad grade` has done so already."""

    results = Unicode("results", help="The folder of `handgrad grade --out`.").tag(config=True)
    seed = Int(0, help="As --seed.").tag(config=True)
    secret_file = Unicode("", help="As --secret-file.").tag(config=True)
    sandbox = Enum(["auto", "bubblewrap", "none"], "auto", help="As --sandbox.").tag(config=True)
    reveal = Enum([str(each) for each in Reveal], str(Reveal.KIND), help="As --reveal.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        from autograder.grading.batch import grade_all  # torch: nbgrader reads its configuration with every command
        from autograder.grading.runners import in_process
        from autograder.grading.store import Store

        where, course = resources["nbgrader"], self.parent.parent.coursedir
        names = where["student"], where["assignment"]
        submission = take_in_one(Path(course.format_path(course.submitted_directory, *names)), *names)
        store = Store(Path(course.root) / self.results)
        show = functools.partial(page, reveal=Reveal(self.reveal))
        (done,) = grade_all([submission], self._settings(), store, in_process, show)
        if not done.result.key:
            raise GraderError(f"the grader failed on {'/'.join(names)}, see {self.results}; run it again")
        resources["handgrad"] = done.result
        return nb, resources

    def _settings(self) -> "Settings":
        from autograder.grading.batch import Settings
        from autograder.grading.seeds import Seed, own_secret, read_secret
        from autograder.grading.workers import choose_sandbox

        sandbox = choose_sandbox(self.sandbox, trusted=False)
        secret = read_secret(Path(self.secret_file)) if self.secret_file else own_secret()[0]
        for missing in _tested(sandbox):
            self.log.warning("a layer of the sandbox is missing: %s", missing)
        return Settings(Seed(self.seed, secret), sandbox, reveal=Reveal(self.reveal))


@functools.cache
def _tested(sandbox: str) -> list[str]:
    from autograder.doctor import self_test

    return self_test(sandbox)


class ShowReports(NbGraderPreprocessor):
    """Of `autograde`, after anything that may have run cells: scores and reports in the place of their outputs."""

    def preprocess_cell(self, cell: NotebookNode, resources: Resources, index: int) -> tuple[NotebookNode, Resources]:
        if cell.cell_type != "code":
            return cell, resources
        if utils.is_grade(cell) and not utils.is_solution(cell):
            marks = cell.metadata.nbgrader
            found = report_of(resources["handgrad"], marks["grade_id"])
            more = bonus(resources["handgrad"]).get(marks["grade_id"], 0.0)
            cell.outputs = [graded(found, float(marks["points"]), marks["grade_id"], more)]
        else:
            cell.outputs = [output for each in cell.outputs if (output := _harmless(each))]
        cell.execution_count = None
        return cell, resources


def graded(report: Report | None, points: float, grade_id: str, more: float = 0.0) -> NotebookNode:
    """The one output that nbgrader reads right: no output, or one that is no plain number, would earn everything."""
    share = (report.score + more) / report.possible if report and report.possible else 0.0
    score = round(min(max(points * share, 0.0), points), 6) if math.isfinite(share) else 0.0
    shown = fragment(report) if report else notice(f"There is no check called {grade_id}.")
    if more:
        shown += notice(f"{more:g} points of another unit's bonus are added here.")
    data = {"text/plain": repr(score), "text/html": shown}
    return new_output("execute_result", data, execution_count=None)


def _harmless(output: NotebookNode) -> NotebookNode | None:
    """An output of a cell that a student wrote, without what a browser would run."""
    if "data" in output:
        output.data = NotebookNode({kind: data for kind, data in output.data.items() if kind in HARMLESS})
        return output if output.data else None
    return output


class GradesExporter(ExportPlugin):
    """Of `export`: nbgrader's columns, quoted as CSV wants it and safe in a spreadsheet, and one for each unit."""

    def export(self, gradebook: Gradebook) -> None:
        wanted = [each for each in gradebook.assignments if not self.assignment or each.name in self.assignment]
        students = [each for each in gradebook.students if not self.student or each.id in map(str, self.student)]
        rows = [_row(gradebook, assignment, student) for assignment in wanted for student in students]
        target = Path(self.to or "grades.csv")
        target.write_text(gradebook_table(rows), encoding="utf-8")
        self.log.info("Exported %d grades to %s", len(rows), target)


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
    row = {
        "assignment": assignment.name, "duedate": assignment.duedate, "timestamp": None, "student_id": student.id,
        "last_name": student.last_name, "first_name": student.first_name, "email": student.email,
        "raw_score": 0.0, "late_submission_penalty": 0.0, "score": 0.0, "max_score": assignment.max_score,
    }  # fmt: skip
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row
    penalty = submission.late_submission_penalty or 0.0
    units = {f"{assignment.name}/{notebook.name}": notebook.score for notebook in submission.notebooks}
    raw = {"timestamp": submission.timestamp, "raw_score": submission.score, "late_submission_penalty": penalty}
    return {**row, **raw, "score": max(0.0, submission.score - penalty), **units}
