"""The repository as an nbgrader course: a class from solutions to exported grades, by the commands of docs/."""

import contextlib
import csv
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from students import REPO

from autograder.release import release

pytest.importorskip("nbgrader")
pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

WRONG = ("padding : padding + height, padding : padding + width", "padding:-padding, padding:-padding")
COMMAND = re.compile(r"^\$ (.*)$", re.MULTILINE)
STUDENTS = ("bare", "broken", "half", "hostile", "right")
ATTACK = """
import builtins, os
import numpy as np
builtins.abs = lambda *a: 0
np.allclose = np.array_equal = np.testing.assert_allclose = lambda *a, **k: True
for folder in (".", "..", "{course}"):
    try:
        open(os.path.join(folder, "gradebook.db"), "r+b").write(b"mine now")
        open(os.path.join(folder, "canary"), "w").write("ran")
    except OSError:
        pass
"""
MARKUP = "<script>document.title='owned'</script> <img src=x onerror=document.title='owned'> [a](javascript:x())"
PLANTED = "open('{course}/canary', 'w').write('ran')"


@dataclass(frozen=True)
class Course:
    """The folder of a course."""

    root: Path

    def run(self, command: str) -> None:
        """Run one of our commands or nbgrader's in the course, on a PATH on which neither lies."""
        name, *arguments = shlex.split(command)
        module = {"handgrad": "autograder.cli", "nbgrader": "nbgrader"}[name]
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", module, *arguments],
            cwd=self.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.root), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPO)},
        )  # fmt: skip
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"

    def submitted(self, student: str) -> Path:
        return self.root / "submitted" / student / "convolution"

    def results(self) -> dict[str, bytes]:
        return {each.parent.name: each.read_bytes() for each in self.root.glob("results/*/convolution.json")}

    def autograded(self, student: str, notebook: str = "conv2d") -> list[dict]:
        path = self.root / "autograded" / student / "convolution" / f"{notebook}.ipynb"
        return json.loads(path.read_text(encoding="utf-8"))["cells"]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class that was released to, graded and given feedback, by the commands in docs/instructor.md."""
    root = tmp_path_factory.mktemp("course")
    course = Course(root)
    shutil.copy(REPO / "nbgrader_config.py", root)
    for folder in ("solutions", "assignments"):
        shutil.copytree(REPO / folder / "convolution", root / folder / "convolution")
        for unit in ("shapes", "filters", "conv_transpose2d"):  # two notebooks will do
            (root / folder / "convolution" / f"{unit}.ipynb").unlink()
    commands = COMMAND.findall((REPO / "docs" / "instructor.md").read_text(encoding="utf-8"))
    assert len(commands) == 6
    for command in commands:
        if command.startswith("nbgrader generate_assignment"):
            shutil.rmtree(root / "assignments")
            (root / "solutions" / "convolution" / "notes.txt").write_text("the answers: 42", encoding="utf-8")
        elif command.startswith("handgrad grade"):
            for student in STUDENTS:
                hand_in(course, student)
        elif command.startswith("nbgrader autograde"):
            shutil.move(root / "results" / "half", root / "half")
        course.run(command)
    return course


def hand_in(course: Course, student: str) -> None:
    folder = course.submitted(student)
    shutil.copytree(course.root / "assignments" / "convolution", folder)
    answer = (REPO / "solutions" / "convolution" / "conv2d.py").read_text(encoding="utf-8")
    if student in ("half", "hostile"):
        assert WRONG[0] in answer
        answer = answer.replace(*WRONG)
    if student == "hostile":
        answer += ATTACK.format(course=course.root)
        (folder / "nbgrader_config.py").write_text(PLANTED.format(course=course.root), encoding="utf-8")
        vandalise(folder / "conv2d.ipynb", course.root)
    (folder / "conv2d.py").write_text(answer, encoding="utf-8")
    if student == "bare":
        for notebook in folder.glob("*.ipynb"):
            notebook.unlink()
    elif student == "broken":
        (folder / "conv2d.ipynb").write_text('{"cells": [', encoding="utf-8")


def vandalise(path: Path, root: Path) -> None:
    """Edit the graded cell, its points and its output, double it, delete another cell, plant scripts."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    marks = cells[-1]["metadata"]["nbgrader"]
    marks["points"] = 1000
    cells[-1]["source"] = [PLANTED.format(course=root)]
    full = {"text/plain": "45.0", "text/html": MARKUP}
    cells[-1]["outputs"] = [{"output_type": "execute_result", "data": full, "execution_count": 1, "metadata": {}}]
    del cells[4]
    text = {"id": "mine", "metadata": {}, "source": MARKUP}
    raw = {**text, "cell_type": "raw", "id": "raw", "metadata": {"raw_mimetype": "text/html"}}
    display = [{"output_type": "display_data", "data": {"text/html": MARKUP}, "metadata": {}}]
    code = {**text, "cell_type": "code", "id": "code", "execution_count": 1, "outputs": display}
    notebook["cells"] = [*cells, {**text, "cell_type": "markdown"}, raw, code, cells[-1]]
    notebook["metadata"]["title"] = MARKUP
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_what_is_generated_is_what_handgrad_releases_and_no_answer(course: Course, tmp_path: Path) -> None:
    (course.root / "solutions" / "convolution" / "notes.txt").unlink()
    release(course.root / "solutions", tmp_path)
    generated, released = course.root / "assignments" / "convolution", tmp_path / "convolution"
    names = {path.name for path in released.iterdir()}
    assert {"conv2d.py", "conv2d.ipynb", "README.md"} < names
    assert {path.name: path.read_bytes() for path in generated.iterdir()} == {
        name: (released / name).read_bytes() for name in names
    }
    assert not [path for path in generated.iterdir() if b"BEGIN SOLUTION" in path.read_bytes()]


def test_the_gradebook_has_the_scores_of_handgrad_grade(course: Course) -> None:
    with (course.root / "results" / "grades.csv").open(newline="") as file:
        graded = list(csv.DictReader(file))
    with (course.root / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(STUDENTS)
    for row in graded:
        if row["unit"] in ("signals", "conv2d"):
            assert float(rows[row["student"]][f"convolution/{row['unit']}"]) == float(row["score"])
    totals = {name: sum(float(row["score"]) for row in graded if row["student"] == name) for name in rows}
    assert {name: float(row["score"]) for name, row in rows.items()} == totals
    assert totals["right"] == totals["bare"] == totals["broken"] == 45 > totals["half"] == totals["hostile"] > 0
    assert float(rows["right"]["max_score"]) == 15 + 45


def test_a_result_is_read_from_the_store_or_the_same_when_it_is_not_there(course: Course) -> None:
    assert course.results()["half"] == (course.root / "half" / "convolution.json").read_bytes()
    assert (course.root / "results" / "right" / "convolution.json").stat().st_mtime < (
        course.root / "results" / "half" / "convolution.json"
    ).stat().st_mtime


def test_nothing_of_a_student_s_ran_and_their_file_was_left_as_it_is(course: Course) -> None:
    assert not (course.root / "canary").exists()
    for student in STUDENTS:
        mine = course.submitted(student) / "conv2d.py"
        assert (course.root / "autograded" / student / "convolution" / "conv2d.py").read_bytes() == mine.read_bytes()


def test_the_notebook_is_the_released_one_and_shows_the_report(course: Course) -> None:
    shown = {student: course.autograded(student) for student in STUDENTS}
    assert shown["bare"] == shown["broken"] == shown["right"]
    graded = [cell for cell in shown["hostile"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    assert [cell["source"] for cell in graded] == [['check("convolution/conv2d")']]
    ((output,),) = [cell["outputs"] for cell in graded]
    assert output["data"]["text/plain"] == ["40.0"]
    assert "leaves nothing when padding is 0" in "".join(output["data"]["text/html"])
    added = [cell for cell in shown["hostile"] if "owned" in "".join(cell["source"])]
    assert [cell["cell_type"] for cell in added] == ["markdown", "markdown", "code"]
    assert not any(cell.get("outputs") for cell in added)


def test_feedback_holds_the_report_and_no_script_of_a_student_s(course: Course) -> None:
    page = (course.root / "feedback" / "hostile" / "convolution" / "conv2d.html").read_text(encoding="utf-8")
    assert "Score: 40.0 / 45.0" in page
    assert "leaves nothing when padding is 0" in page
    assert "&lt;script&gt;document.title" in page
    for harm in ("<script>document.title", "<img src=x", 'href="javascript:'):
        assert harm not in page


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SERVER = """
import sys
from jupyter_server.serverapp import ServerApp
extensions = {"nbgrader.server_extensions.formgrader": True}
ServerApp.launch_instance(sys.argv[1:], open_browser=False, allow_root=True, jpserver_extensions=extensions)
"""


@pytest.fixture
def formgrader(course: Course) -> Iterator[str]:
    """The address of a running formgrader."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=", "--ServerApp.port_retries=0"]
    environment = {**os.environ, "HOME": str(course.root), "JUPYTER_PLATFORM_DIRS": "1"}
    command = [sys.executable, "-W", "ignore", "-c", SERVER, *options]
    server = subprocess.Popen(
        command, cwd=course.root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}/formgrader"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/api/assignments", timeout=20):
                break
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def rendered(address: str, folder: Path) -> str:
    """A page's document once its scripts have run."""
    options = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    options += ["--no-sandbox", f"--user-data-dir={folder}", "--virtual-time-budget=8000", "--dump-dom", address]
    done = subprocess.run([str(CHROMIUM), *options], capture_output=True, text=True, timeout=120)
    return done.stdout


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_formgrader_shows_the_report_and_runs_no_script_of_a_student_s(
    course: Course, formgrader: str, tmp_path: Path
) -> None:
    (tmp_path / "control.html").write_text(f"<title>calm</title>{MARKUP}")
    assert "<title>owned</title>" in rendered(f"file://{tmp_path}/control.html", tmp_path), (
        "scripts run in this browser"
    )
    with urllib.request.urlopen(f"{formgrader}/api/submitted_notebooks/convolution/conv2d") as answer:
        (hostile,) = [each["id"] for each in json.load(answer) if each["student"] == "hostile"]
    page = rendered(f"{formgrader}/submissions/{hostile}/?index=0", tmp_path)
    assert "<title>conv2d" in page
    assert "<title>owned" not in page
    assert len(re.findall('<section [^>]*class="handgrad', page)) == 1
    assert "leaves nothing when padding is 0" in page
    assert "&lt;script&gt;document.title" in page
