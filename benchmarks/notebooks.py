"""Notebook courses for nbgrader and otter, with the functions and tests of `throughput.py`."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

HELPERS = """\
import numpy as np

def numeric(f, x, dout, h=1e-5):
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        plus = f(x)
        x[index] = old - h
        minus = f(x)
        x[index] = old
        grad[index] = ((plus - minus) * dout).sum() / (2 * h)
    return grad

def naive(x, w, b, s, p):
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    kh, kw = w.shape[2:]
    H, W = (xp.shape[2] - kh) // s + 1, (xp.shape[3] - kw) // s + 1
    out = np.zeros((len(x), len(w), H, W))
    for i in range(H):
        for j in range(W):
            window = xp[:, :, i * s:i * s + kh, j * s:j * s + kw]
            out[:, :, i, j] = np.tensordot(window, w, ((1, 2, 3), (1, 2, 3))) + b
    return out

rng = np.random.default_rng(0)
x, w, b = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(2, 3, 3, 3)), rng.normal(size=2)
"""
TESTS = {
    "forward": """\
out = conv2d_forward(x, w, b, stride=2, padding=1)
assert out.shape == (2, 2, 3, 3)
assert np.allclose(out, naive(x, w, b, 2, 1))
""",
    "backward": """\
dout = rng.normal(size=(2, 2, 3, 3))
dx, dw, db = conv2d_backward(dout, x, w, stride=2, padding=1)
assert np.allclose(dx, numeric(lambda x: naive(x, w, b, 2, 1), x, dout), rtol=1e-6, atol=1e-7)
assert np.allclose(dw, numeric(lambda w: naive(x, w, b, 2, 1), w, dout), rtol=1e-6, atol=1e-7)
assert np.allclose(db, numeric(lambda b: naive(x, w, b, 2, 1), b, dout), rtol=1e-6, atol=1e-7)
""",
    "pooling": """\
image = rng.permutation(64.0 * np.arange(2 * 2 * 4 * 4)).reshape(2, 2, 4, 4)
maxima = lambda x: x.reshape(2, 2, 2, 2, 2, 2).max((3, 5))
assert np.allclose(max_pool2d_forward(image, pool=2), maxima(image))
upstream = rng.normal(size=(2, 2, 2, 2))
dx = max_pool2d_backward(upstream, image, pool=2)
assert np.allclose(dx, numeric(maxima, image, upstream), rtol=1e-6, atol=1e-7)
""",
}
ANSWER = "raise NotImplementedError"


def cell(name: str, source: str, *, grade: bool = False, solution: bool = False, locked: bool = False) -> Any:
    """A code cell with nbgrader's metadata."""
    marks: dict[str, Any] = {"grade": grade, "grade_id": name, "locked": locked, "schema_version": 3}
    marks |= {"solution": solution, "task": False, **({"points": 1} if grade else {})}
    return {
        "cell_type": "code", "id": name, "metadata": {"nbgrader": marks}, "source": source,
        "execution_count": None, "outputs": [],
    }  # fmt: skip


def notebook(cells: list[Any]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def graded_notebook(answer: str, tests: dict[str, str]) -> str:
    """The student's code, and test cells that stand by themselves."""
    cells = [cell("answer", answer, solution=True), cell("helpers", HELPERS, locked=True)]
    return notebook(cells + [cell(name, text, grade=True, locked=True) for name, text in tests.items()])


def answer_of(files: dict[str, Path]) -> str:
    return "\n\n".join(path.read_text(encoding="utf-8") for path in files.values())


def nbgrader_course(folder: Path, python: str, students: list[dict[str, Path]]) -> None:
    """A course with one assignment, released, and handed in by every student."""
    source = folder / "source" / "homework"
    source.mkdir(parents=True)
    stub = f"### BEGIN SOLUTION\n{ANSWER}\n### END SOLUTION"
    (source / "homework.ipynb").write_text(graded_notebook(stub, TESTS), encoding="utf-8")
    _run([python, "-m", "nbgrader", "generate_assignment", "homework", f"--CourseDirectory.root={folder}"], folder)
    for number, files in enumerate(students):
        target = folder / "submitted" / f"student{number:05}" / "homework"
        target.mkdir(parents=True)
        (target / "homework.ipynb").write_text(graded_notebook(answer_of(files), TESTS), encoding="utf-8")


def otter_course(folder: Path, python: str, students: list[dict[str, Path]]) -> Path:
    """Notebooks, and otter's archive of tests; its tests are doctests on the notebook's names."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for name, text in TESTS.items():
        case = {"code": _doctest(text), "hidden": False, "locked": False}
        suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        test = {"name": name, "points": 1, "suites": [suite]}
        (tests / f"{name}.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n", encoding="utf-8")
    for number, files in enumerate(students):
        cells = [cell("answer", answer_of(files)), cell("helpers", HELPERS)]
        (folder / f"student{number:05}.ipynb").write_text(notebook(cells), encoding="utf-8")
    archive = folder / "autograder.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(tests.iterdir()):
            file.write(path, f"tests/{path.name}")
        file.writestr("otter_config.json", json.dumps({"lang": "python", "pdf": False}))
    return archive


def _doctest(text: str) -> str:
    return "\n".join(f">>> {line}" for line in text.strip().splitlines())


def beside(python: str) -> dict[str, str]:
    """The environment in which the commands installed beside that interpreter come first."""
    return {**os.environ, "PATH": f"{Path(python).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env=beside(command[0]), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
