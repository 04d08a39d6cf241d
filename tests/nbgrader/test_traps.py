"""What nbgrader would get wrong, or a student would try: each trap that our configuration goes round."""

import copy
import json
import os
import re
import shutil
import stat
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from students import REPO

from autograder.course import COURSE, assignments, entries
from autograder.errors import GraderError
from autograder.model import CheckResult, Report, Result, Verdict
from autograder.release import ReleaseError

pytest.importorskip("nbgrader")

import nbformat
from nbgrader import utils
from nbgrader.nbgraderformat import MetadataValidator
from traitlets.config import Config

from autograder import nbgrader as ours
from autograder.reporting.cells import bonus, report_of
from autograder.reporting.csv import gradebook_table

RELEASED = REPO / "assignments" / "convolution" / "conv2d.ipynb"
ID = re.compile(r"[a-zA-Z0-9_-]+")  # what nbgrader admits as a grade_id


def outcome(check: str, earned: float, points: float = 2, **more: Any) -> CheckResult:
    return CheckResult(check, "it is right", Verdict.PASSED if earned else Verdict.FAILED, earned, points, **more)


def result(*results: CheckResult) -> Result:
    report = Report("ada", "convolution/conv2d", "2-D convolution layer", results, 0, "bubblewrap")
    return Result("ada", "convolution", "key", (report,))


def graded_cell(points: float, *results: CheckResult, grade_id: str = "conv2d") -> Any:
    """A graded cell after `ShowReports`, with whatever a kernel had left in it."""
    marks = {"grade": True, "solution": False, "locked": True, "grade_id": grade_id, "points": points}
    cell = nbformat.v4.new_code_cell("check()", metadata={"nbgrader": marks})
    cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text="a warning, which would cost everything")]
    return ours.ShowReports().preprocess_cell(cell, {"handgrad": result(*results)}, 0)[0]


@pytest.mark.parametrize(
    ("results", "points", "score"),
    [
        ([outcome("f.a", 2)], 2, 2),
        ([outcome("f.a", 2), outcome("f.b", 0)], 4, 2),
        ([outcome("f.a", 2), outcome("f.b", 0)], 1, 0.5),
        ([outcome("f.a", 1 / 3)], 2, 0.333333),
        ([outcome("f.a", 2), outcome("g", 5, 5, bonus=True)], 2, 2),
        ([outcome("f.a", 3)], 2, 2),
        ([outcome("f.a", -1)], 2, 0),
        ([outcome("f.a", float("nan"))], 2, 0),
        ([outcome("f.a", 0, 0)], 2, 0),
        ([outcome("f.a", 0)], 2, 0),
    ],
    ids=["full", "half", "scaled", "a third", "bonus", "too much", "negative", "nan", "worth nothing", "none"],
)
def test_nbgrader_reads_the_score_that_was_meant(results: list, points: float, score: float) -> None:
    cell = graded_cell(points, *results)
    assert utils.determine_grade(cell) == (score, points)
    (output,) = cell.outputs
    assert "2-D convolution layer" in output.data["text/html"]
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_a_cell_of_one_function_or_of_no_check_at_all() -> None:
    checks = outcome("pad2d.a", 0), outcome("conv2d_forward.a", 2)
    assert utils.determine_grade(graded_cell(3, *checks, grade_id="conv2d-conv2d_forward"))[0] == 3
    assert utils.determine_grade(graded_cell(3, *checks, grade_id="conv2d-pad2d"))[0] == 0
    for unknown in ("conv2d-nothing", "pooling"):
        cell = graded_cell(3, *checks, grade_id=unknown)
        assert utils.determine_grade(cell)[0] == 0
        assert f"There is no check called {unknown}." in cell.outputs[0].data["text/html"]


def test_a_unit_of_bonus_points_fills_up_what_others_lack() -> None:
    extra = Report("ada", "convolution/extra", "Extra", (outcome("g.a", 7, 20, bonus=True),), 0, "bubblewrap")
    first = result(outcome("f.a", 4, 10)).reports[0]
    second = replace(result(outcome("f.a", 8, 10)).reports[0], unit="convolution/shapes")
    whole = Result("ada", "convolution", "key", (extra, first, second))
    assert bonus(whole) == {"extra": 0, "conv2d": 6, "shapes": 1}
    cells = {name: ours.graded(report_of(whole, name), points, name, bonus(whole)[name]) for name, points in (
        ("conv2d", 10), ("shapes", 10), ("extra", 0))}  # fmt: skip
    assert sum(float(cell.data["text/plain"]) for cell in cells.values()) == whole.score == 19
    assert "6 points of another unit" in cells["conv2d"].data["text/html"]


def test_names_of_units_are_grade_ids_and_the_notebooks_valid_for_nbgrader() -> None:
    assert [entry.path for entry in COURSE if not ID.fullmatch(entry.name)] == []
    for entry in COURSE:
        path = REPO / "assignments" / f"{entry.path}.ipynb"
        MetadataValidator().validate_nb(nbformat.read(path, as_version=4))


def test_every_file_that_students_edit_is_kept_from_being_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    config = Config()
    ours.configure(config)
    kept = config.Autograde.exclude_overwriting
    assert set(kept) == set(assignments())
    for assignment in assignments():
        sources = {path.name for path in (REPO / "solutions" / assignment).glob("*.py")}
        assert {f"{entry.name}.py" for entry in entries(assignment)} == set(kept[assignment]) <= sources
    steps = config.Autograde.sanitize_preprocessors + config.Autograde.autograde_preprocessors
    assert not [step for step in steps if "Execute" in step]
    assert shutil.which(Path(sys.executable).name) is not None  # alembic lies beside it
    assert os.environ["PATH"].endswith("/nowhere")


def publish(root: Path) -> Path:
    """Run `PublishStubs` as nbgrader does once it has copied an assignment's files."""
    shutil.copytree(root / "solutions" / "warmup", root / "assignments" / "warmup")
    course = SimpleNamespace(
        source_directory="solutions", release_directory="assignments",
        format_path=lambda step, student, assignment: str(root / step / student / assignment),
    )  # fmt: skip
    step = ours.PublishStubs()
    step.parent = SimpleNamespace(parent=SimpleNamespace(coursedir=course))  # type: ignore[assignment]
    notebook, _ = step.preprocess(None, {"nbgrader": {"assignment": "warmup", "notebook": "f"}})
    (root / "assignments" / "warmup" / "f.ipynb").write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return root / "assignments" / "warmup"


ANSWER = "def f():\n    ### BEGIN SOLUTION\n    return 'the answer'\n    ### END SOLUTION\n"


@pytest.fixture
def warmup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of one unit, f, with a notebook."""
    folder = tmp_path / "solutions" / "warmup"
    (folder / "data").mkdir(parents=True)
    (folder / "f.py").write_text(ANSWER)
    (folder / "data" / "answers.py").write_text("the answer")
    marks = {"grade": True, "grade_id": "f", "locked": True, "points": 2, "schema_version": 3, "solution": False}
    cell = nbformat.v4.new_code_cell("check('f')", metadata={"nbgrader": marks | {"task": False}})
    (folder / "f.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])))
    monkeypatch.setattr(ours, "entries", lambda assignment: [SimpleNamespace(name="f")])
    monkeypatch.setattr(ours.PublishStubs, "parent", None)
    return tmp_path


def test_what_nbgrader_copies_verbatim_is_published_as_stubs_or_not_at_all(warmup: Path) -> None:
    published = publish(warmup)
    files = [path for path in published.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["f.ipynb", "f.py"]
    assert not [path for path in files if b"the answer" in path.read_bytes()]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (ANSWER.replace("### END", "## END"), "f.py:4: write '### BEGIN SOLUTION'"),
        (ANSWER.replace("    ### BEGIN SOLUTION\n", ""), "'### END SOLUTION' without"),
        (ANSWER.replace("### ", "# "), "write '### BEGIN SOLUTION'"),
        ("def f():\n    return 'the answer'\n", "f has a body but no '### BEGIN SOLUTION'"),
    ],
)
def test_a_bad_marker_makes_generate_assignment_fail(warmup: Path, source: str, words: str) -> None:
    (warmup / "solutions" / "warmup" / "f.py").write_text(source)
    with pytest.raises(ReleaseError, match=words):
        publish(warmup)


def test_a_graded_cell_that_is_named_after_no_unit_is_not_published(
    warmup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "entries", lambda assignment: [SimpleNamespace(name="g")])
    with pytest.raises(GraderError, match=r"f\.ipynb: the graded cell 'f' is named after no unit of warmup"):
        publish(warmup)


def handed_in(change: Any, folder: Path) -> Any:
    """The notebook that is graded when a student has changed the released one."""
    released = nbformat.read(RELEASED, as_version=4)
    notebook = json.loads(RELEASED.read_text(encoding="utf-8"))
    change(notebook["cells"])
    path = folder / "conv2d.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    merged = ours.merge(released, ours.read_cells(path))
    nbformat.validate(merged)
    return merged


def is_marked(cell: Any) -> bool:
    return "nbgrader" in cell["metadata"]


CHANGES = {
    "edited": lambda cells: cells[-1].update(source=["print(45)"]),
    "points": lambda cells: cells[-1]["metadata"]["nbgrader"].update(points=1e9, grade=False, solution=True),
    "retyped": lambda cells: cells[-1].update(cell_type="markdown"),
    "deleted": lambda cells: cells.clear(),
    "doubled": lambda cells: cells.extend(copy.deepcopy(cells)),
    "renamed": lambda cells: cells[-1]["metadata"]["nbgrader"].update(grade_id="other"),
    "outputs": lambda cells: cells[-1].update(outputs=[{"output_type": "stream", "name": "stdout", "text": ["45"]}]),
    "no cells": lambda cells: cells.__setitem__(slice(None), [3, None, {"source": 4}, {"source": ["a", 3]}]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_change_to_a_notebook_changes_what_is_graded(change: Any, tmp_path: Path) -> None:
    released = nbformat.read(RELEASED, as_version=4)
    merged = handed_in(change, tmp_path)
    marked = [{**cell, "id": ""} for cell in merged.cells if is_marked(cell)]
    assert marked == [{**cell, "id": ""} for cell in released.cells if is_marked(cell)]
    assert merged.metadata == released.metadata
    assert not any(cell.get("outputs") for cell in merged.cells)


def test_an_answer_is_taken_and_what_was_added_is_shown_as_text(tmp_path: Path) -> None:
    fence = "```\n<script>alert(1)</script> $\\href{javascript:alert(1)}{x}$ [y](javascript:alert(1))"

    def change(cells: list) -> None:
        (answer,) = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
        answer["source"] = ["mine = 3"]
        cells[0]["source"] = fence
        cells[0]["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"}}

    merged = handed_in(change, tmp_path)
    assert next(cell.source for cell in merged.cells if is_marked(cell)) == "mine = 3"
    title, mine = merged.cells[:2]
    assert title.source == nbformat.read(RELEASED, as_version=4).cells[0].source
    assert mine.source == f"````\n{fence}\n````"
    assert "attachments" not in mine


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[1]", b"[" * 100_000, b'{"cells": {}}', b"\xff\xfe", b'{"cells": [9e999]}']
)
def test_what_is_no_notebook_counts_as_the_released_one(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_bytes(data)
    assert list(ours.read_cells(tmp_path / "x.ipynb")) == []


def test_no_link_is_followed_and_no_pipe_waited_for(tmp_path: Path) -> None:
    (tmp_path / "link.ipynb").symlink_to(RELEASED)
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert stat.S_ISFIFO((tmp_path / "pipe.ipynb").stat().st_mode)
    for name in ("link", "pipe", "nothing"):
        assert list(ours.read_cells(tmp_path / f"{name}.ipynb")) == []


KEYS = st.sampled_from(["cells", "source", "cell_type", "metadata", "nbgrader", "grade_id", "id"]) | st.text()
LEAVES = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(LEAVES, lambda each: st.lists(each) | st.dictionaries(KEYS, each))


@settings(max_examples=20)
@given(JSON)
def test_any_json_makes_a_valid_notebook(content: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.ipynb")
        path.write_text(json.dumps({"cells": [content, {"source": content, "metadata": content}]}))
        merged = ours.merge(nbformat.read(RELEASED, as_version=4), ours.read_cells(path))
    nbformat.validate(merged)


def test_outputs_of_a_kernel_keep_no_markup() -> None:
    """For those who put nbgrader's Execute back in."""
    data = {"text/html": "<script>", "application/javascript": "alert(1)", "text/plain": "5", "image/svg+xml": "<svg/>"}
    cell = nbformat.v4.new_code_cell("5")
    cell.outputs = [
        nbformat.v4.new_output("display_data", data),
        nbformat.v4.new_output("display_data", {"text/html": "<script>"}),
        nbformat.v4.new_output("stream", text="printed"),
    ]
    shown = ours.ShowReports().preprocess_cell(cell, {"handgrad": result()}, 0)[0].outputs
    assert [dict(each.get("data", {})) for each in shown] == [{"text/plain": "5"}, {}]


def test_formulas_and_commas_are_harmless_in_the_exported_table() -> None:
    rows = [
        {"student_id": "=cmd()", "last_name": "Lovelace, Ada", "score": 1.5},
        {"student_id": "bo", "convolution/x": 2},
    ]
    assert gradebook_table(rows).split("\n") == [
        "student_id,last_name,score,convolution/x", "'=cmd(),\"Lovelace, Ada\",1.5,", "bo,,,2", "",
    ]  # fmt: skip
