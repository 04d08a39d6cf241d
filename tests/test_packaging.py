"""The wheel as people use it, installed elsewhere with the checkout out of sight; and what set-up refuses."""

import csv
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
FOLDERS = ("autograder", "reference", "assignments", "solutions", "tests")
FILES = ("pyproject.toml", "constraints.txt", "LICENSE", "README.md")
SOLUTION = REPO / "solutions" / "convolution" / "conv2d.py"

OLD_PYTHON = 'case "$2" in *exit*) exit 1 ;; *) echo 3.9 ;; esac'
EMPTY_SHIM = 'echo "no such version" >&2; exit 127'
NO_ENSUREPIP = f'case "$*" in *ensurepip*|*virtualenv*) exit 1 ;; esac; exec "{sys.executable}" "$@"'


def run(*command: str | Path, cwd: Path, status: int = 0, **environ: str) -> str:
    """Run a command free of this process's Python settings; return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "XDG_"))}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=kept | environ,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == status, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: in the checkout, setuptools would pack what an earlier build left."""
    copy = tmp_path_factory.mktemp("copy")
    for folder in FOLDERS:
        shutil.copytree(REPO / folder, copy / folder)
    for file in FILES:
        shutil.copy(REPO / file, copy)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", cwd=copy)
    (built,) = (copy / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a fresh environment that has the wheel, and this environment's packages in reach."""
    fresh = tmp_path_factory.mktemp("fresh")
    venv.create(fresh, symlinks=True)
    pip = (sys.executable, "-m", "pip", "--python", fresh / "bin" / "python")
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=fresh)
    # Python reads no .pth files in a folder that a .pth file names: our editable install stays hidden.
    (site_packages,) = fresh.glob("lib/python*/site-packages")
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)))
    return fresh / "bin"


@pytest.mark.slow
def test_wheel_holds_both_packages_the_stubs_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    stubs = {name for name in names if name.startswith("autograder/assignments/")}
    modules = {
        path.relative_to(REPO).as_posix()
        for package in ("autograder", "reference")
        for path in (REPO / package).rglob("*.py")
    }
    assert names >= modules
    assert "autograder/assignments/convolution/conv2d.py" in stubs
    assert any(name.startswith("autograder/reporting/templates/") for name in names)
    assert any(name.endswith("/share/handgrad/constraints.txt") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"autograder", "reference", "handgrad"}
    assert not [name for name in names if "__pycache__" in name]
    assert not [name for name in stubs if b"BEGIN SOLUTION" in zipfile.Path(wheel, name).read_bytes()]


@pytest.mark.slow
def test_only_the_wheel_is_imported(installed: Path, tmp_path: Path) -> None:
    program = "import autograder, reference; print(autograder.__file__, reference.__file__, sep='\\n')"
    for file in run(installed / "python", "-c", program, cwd=tmp_path).split():
        assert Path(file).is_relative_to(installed.parent)


@pytest.mark.slow
def test_start_then_check_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    handgrad = installed / "handgrad"
    run(handgrad, "start", "convolution", cwd=tmp_path)
    answer = tmp_path / "convolution" / "conv2d.py"
    output = run(handgrad, "check", answer, cwd=tmp_path, status=1, HOME=str(tmp_path))
    assert "not implemented" in output.lower()
    shutil.copy(SOLUTION, answer)
    run(handgrad, "check", answer, cwd=tmp_path, status=0, HOME=str(tmp_path))


@pytest.mark.slow
@pytest.mark.sandbox
def test_grade_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    handed_in = tmp_path / "submitted" / "ada" / "convolution"
    handed_in.mkdir(parents=True)
    shutil.copy(SOLUTION, handed_in)
    command = (installed / "handgrad", "grade", "submitted", "--out", "results", "--seed", "0")
    run(*command, cwd=tmp_path, HOME=str(tmp_path))
    with (tmp_path / "results" / "grades.csv").open(newline="") as file:
        grades = {row["unit"].rpartition("/")[2]: row for row in csv.DictReader(file)}
    row = grades["conv2d"]
    assert (row["student"], row["assignment"]) == ("ada", "convolution")
    assert float(row["score"]) == float(row["possible"]) > 0
    assert (tmp_path / "results" / "ada" / "convolution.html").stat().st_size > 0


def set_up(step: str, commands: dict[str, str], folder: Path, status: int) -> str:
    """What `tools/setup` prints in a folder, on a machine that has these commands only."""
    path = folder / "bin"
    path.mkdir()
    for name, script in commands.items():
        (path / name).write_text(f"#!/bin/sh\n{script}\n")
        (path / name).chmod(0o755)
    return run("/bin/sh", REPO / "tools" / "setup", step, cwd=folder, status=status, PATH=str(path))


def test_set_up_refuses_an_old_python(tmp_path: Path) -> None:
    output = set_up("venv", {"python3.13": EMPTY_SHIM, "python3": OLD_PYTHON}, tmp_path, status=1)
    assert output.startswith("handgrad: needs Python 3.11 or newer, but python3 here is 3.9: ")
    assert output.count("\n") == 1


def test_set_up_says_what_makes_an_environment_possible(tmp_path: Path) -> None:
    output = set_up("venv", {"python3": NO_ENSUREPIP}, tmp_path, status=1)
    debian = f"python3.{sys.version_info.minor}-venv"
    assert output.startswith(f"handgrad: python3 cannot make a virtual environment: install {debian}")
    assert output.count("\n") == 1


def test_set_up_goes_on_without_bubblewrap_and_says_so(tmp_path: Path) -> None:
    output = set_up("bubblewrap", {}, tmp_path, status=0)
    assert output.startswith("handgrad: grading needs bubblewrap, which is missing: install it")
    assert output.count("\n") == 1
