"""The notebooks: made from tools/lessons, released without answers, run with the solutions and with the stubs."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from students import REPO

from autograder import lessons
from autograder.course import COURSE
from autograder.release import ReleaseError, release, stubs

TOOL = REPO / "tools" / "notebooks.py"
GRADE = {"grade": True, "grade_id": "f", "locked": True, "points": 2, "schema_version": 3, "solution": False}
ANSWER = {"grade": False, "grade_id": "mine", "locked": False, "schema_version": 3, "solution": True}
SOURCE = "x = 0\n### BEGIN SOLUTION\nx = the_answer_itself\n### END SOLUTION\nprint(x)"

IN_A_KERNEL = ("convolution/conv2d", "convnets/pooling", "recurrence/rnn")
RUN = f"""
import os, sys, matplotlib
matplotlib.use("Agg")
sys.path.insert(0, {str(TOOL.parent)!r})
from pathlib import Path
import matplotlib.pyplot as plt
from autograder.course import COURSE
from notebooks import code_of
plt.show = lambda: plt.close("all")
for entry in COURSE:
    path = Path({str(REPO)!r}, "solutions", entry.path + ".ipynb")
    if entry.path not in {IN_A_KERNEL}:
        os.chdir(path.parent)
        sys.path.insert(0, str(path.parent))
        story, checked = code_of(path.read_bytes()).rsplit("\\n\\n", 1)
        assert checked == f'check("{{entry.path}}")'
        exec(compile(story, str(path), "exec"), {{"__name__": entry.name}})
        sys.path.pop(0)
        print(entry.path)
"""


def code(source: str, **marks: object) -> dict:
    metadata = {"nbgrader": marks} if marks else {}
    outputs = [{"name": "stdout", "output_type": "stream", "text": ["forty-two\n"]}]
    cell = {"cell_type": "code", "execution_count": 3, "metadata": metadata, "outputs": outputs, "source": source}
    return cell | {"id": f"c{abs(hash(source)) % 9999}"}


def lesson(*cells: dict) -> bytes:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}, "title": "mine"}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    folder = tmp_path / "solutions" / "warmup"
    folder.mkdir(parents=True)
    (folder / "f.py").write_text("def f():\n    ### BEGIN SOLUTION\n    return the_answer_of_f\n    ### END SOLUTION\n")
    return folder.parent


STALE = """
for entry in COURSE:
    if (LESSONS / f"{entry.path}.py").exists() and make(entry) != (ROOT / f"solutions/{entry.path}.ipynb").read_bytes():
        print(entry.path)
"""


def test_each_unit_has_a_notebook_and_it_is_as_its_lesson_says() -> None:
    program = f"import sys; sys.path.insert(0, {str(TOOL.parent)!r})\nfrom notebooks import *\n{STALE}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("", ""), "run python tools/notebooks.py"
    for entry in COURSE:
        cells = lessons.read_lesson((REPO / "solutions" / f"{entry.path}.ipynb").read_bytes())["cells"]
        graded = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
        marks = [(cell["metadata"]["nbgrader"]["grade_id"], cell["metadata"]["nbgrader"]["points"]) for cell in graded]
        assert marks == [(entry.name, entry.points)]
        assert not any(cell.get("outputs") for cell in cells)


def test_a_released_notebook_has_no_answer_no_output_and_locked_cells(solutions: Path) -> None:
    written = lesson(code(SOURCE, **ANSWER), code("check('f')", **GRADE), code("print(1)"))
    (solutions / "warmup" / "f.ipynb").write_bytes(written)
    released = stubs(solutions)[Path("warmup/f.ipynb")]
    assert b"the_answer" not in released
    assert b"forty-two" not in released
    notebook = lessons.read_lesson(released)
    assert "title" not in notebook["metadata"]
    answer, check, other = notebook["cells"]
    assert answer["source"] == "x = 0\n# YOUR CODE HERE\nprint(x)"
    assert answer["metadata"]["deletable"] is False
    assert "editable" not in answer["metadata"]
    assert (check["metadata"]["deletable"], check["metadata"]["editable"]) == (False, False)
    assert other["metadata"] == {}


BAD = [
    (code(SOURCE.replace("### END SOLUTION\n", ""), **ANSWER), "'### BEGIN SOLUTION' without '### END SOLUTION'"),
    (code(SOURCE.replace("###", "##"), **ANSWER), "write '### BEGIN SOLUTION'"),
    (code(SOURCE), "only a solution cell has"),
    (code("x = the_answer_itself", **ANSWER), "a solution cell has markers"),
    (code("### BEGIN HIDDEN TESTS\nassert f() == 3\n### END HIDDEN TESTS", **GRADE), "'HIDDEN TESTS' belongs into"),
    (code("the_answer = f\n# return the_answer_of_f"), "this line of the answer stands in the stub of warmup/f.ipynb"),
]


@pytest.mark.parametrize(("cell", "words"), BAD, ids=[words for _, words in BAD])
def test_a_notebook_that_gives_an_answer_away_is_not_released(solutions: Path, cell: dict, words: str) -> None:
    (solutions / "warmup" / "f.ipynb").write_bytes(lesson(code("import numpy"), cell))
    with pytest.raises(ReleaseError, match=words) as error:
        release(solutions, solutions.parent / "assignments")
    place = "f.py:3: " if "f.ipynb" in words else "f.ipynb:cell 2"
    assert str(error.value).startswith(f"{solutions.as_posix()}/warmup/{place}")
    assert not (solutions.parent / "assignments").exists()


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"cells": 3}', b'{"cells": [{}], "metadata": {}}'])
def test_what_is_no_notebook_is_not_released(solutions: Path, data: bytes) -> None:
    (solutions / "warmup" / "f.ipynb").write_bytes(data)
    with pytest.raises(ReleaseError, match="it is not a notebook of format"):
        stubs(solutions)


@pytest.mark.slow
def test_every_story_runs_with_the_solutions() -> None:
    command = [sys.executable, "-W", "error::RuntimeWarning", "-c", RUN]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) >= {entry.path for entry in COURSE} - set(IN_A_KERNEL)


@pytest.mark.slow
def test_in_one_kernel_stubs_are_asked_for_and_then_answers_read_and_drawn(tmp_path: Path) -> None:
    """Three notebooks up to where stubs stop them; then the files are edited and all cells run, without a restart."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    texts, stopped = [], []
    for path in IN_A_KERNEL:
        shutil.copy(REPO / "assignments" / f"{path}.py", tmp_path)
        cells = lessons.read_lesson((REPO / "assignments" / f"{path}.ipynb").read_bytes())["cells"]
        mine = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        texts += mine
        stopped += [*mine[:3], mine[-1]]
    copies = ((str(REPO / "solutions" / f"{path}.py"), f"{path.rpartition('/')[2]}.py") for path in IN_A_KERNEL)
    edit = "import shutil\n" + "\n".join(f"shutil.copyfile(*{pair})" for pair in copies)
    both = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in (*stopped, edit, *texts)])
    nbclient.NotebookClient(both, timeout=120, allow_errors=True, resources={"metadata": {"path": tmp_path}}).execute()
    before, after = both.cells[: len(stopped)], both.cells[len(stopped) + 1 :]
    assert [output for cell in both.cells for output in cell.outputs if output.output_type == "error"] == []
    for function in ("conv2d_forward in conv2d.py", "max_pool2d_forward in pooling.py", "rnn_forward in rnn.py"):
        assert f"Still to be written: {function}." in shown_in(before, "text")
    assert shown_in(before, "text/plain").count("missing: not implemented yet") >= 3
    assert "Still to be written" not in shown_in(after, "text")
    assert [len(cell.outputs) for cell in after if cell.source.startswith("check(")] == [1] * len(IN_A_KERNEL)
    assert shown_in(after, "text/plain").count("checks passed") == len(IN_A_KERNEL)
    assert shown_in(after, "text/html").count('<section class="handgrad') == len(IN_A_KERNEL)
    assert sum("image/png" in output.get("data", ()) for cell in after for output in cell.outputs) >= 10


def shown_in(cells: list, kind: str) -> str:
    """Everything of one kind in the outputs of cells, a line or more each."""
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return "\n".join(
        output.get("text", "") if kind == "text" else output.get("data", {}).get(kind, "") for output in outputs
    )
