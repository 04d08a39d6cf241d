"""The kit that students get: no answers, no hidden checks, and it works."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from students import REPO

from autograder.course import COURSE
from autograder.handout import build_kit, without_hidden
from autograder.release import ReleaseError

MARKED = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)
LONG = 25  # characters; shorter lines stand in many places


def secrets(path: Path) -> Iterator[str]:
    """The lines between the markers of a file."""
    for _, region in MARKED.findall(path.read_text(encoding="utf-8")):
        yield from (line.strip() for line in region.splitlines() if len(line.strip()) > LONG)


@pytest.mark.slow
def test_the_kit_gives_nothing_away_and_works(kit: Path, tmp_path: Path) -> None:
    (wheel,) = kit.glob("handgrad-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    texts = {name: data.decode() for name, data in held.items() if name.endswith((".py", ".md", ".ipynb"))}
    assert not [name for name, text in texts.items() if re.search(r"^\s*### BEGIN (SOLUTION|HIDDEN)", text, re.M)]
    counted = 0
    for tree, packed in (("autograder/units", "autograder/units"), ("solutions", "autograder/assignments")):
        for path in (REPO / tree).rglob("*.py"):
            name = f"{packed}/{path.relative_to(REPO / tree).as_posix()}"
            left = {line.strip() for line in texts.get(name, "").splitlines()}
            plain = {line.strip() for line in MARKED.sub("", path.read_text(encoding="utf-8")).splitlines()}
            told = {line for line in secrets(path) if line in left and line not in plain}
            assert not told, f"{name} tells {told}"
            counted += sum(1 for _ in secrets(path))
    assert counted > 500
    for path in (REPO / "autograder/misconceptions").rglob("*.py"):
        assert held[path.relative_to(REPO).as_posix()] == path.read_bytes()  # students need the diagnosis
    for entry in COURSE:
        stub = (kit / "assignments" / f"{entry.path}.py").read_bytes()
        assert stub == held[f"autograder/assignments/{entry.path}.py"]
        assert b"raise NotImplementedError" in stub
    assert any("autograder.pytest_plugin" in data.decode() for name, data in held.items() if "entry_points" in name)

    installed = tmp_path / "installed"
    quiet = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(installed), str(wheel))
    subprocess.run([sys.executable, *quiet], check=True, cwd=tmp_path)
    mistaken = REPO / "tests/submissions/class/emil/convnets/pooling.py"
    wrong = handgrad(installed, tmp_path, "check", "--hidden", mistaken)
    assert (wrong.returncode, "smallest failing call" in wrong.stdout, "Traceback" in wrong.stderr) == (1, True, False)
    assert "`handgrad hint` says more" in wrong.stdout  # a mistake was named
    assert "holds no hidden checks" in wrong.stderr


def handgrad(installed: Path, folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "autograder.cli", *map(str, words)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_a_kit_is_written_into_an_empty_folder_only(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    with pytest.raises(ReleaseError, match="not an empty folder; choose another"):
        build_kit(REPO, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_hidden_checks_are_cut_out_with_their_entries() -> None:
    hidden = "    ### BEGIN HIDDEN TESTS\n    B,\n    ### END HIDDEN TESTS\n"
    source = f"A = 1\n### BEGIN HIDDEN TESTS\nB = 2\n### END HIDDEN TESTS\nC = (\n    A,\n{hidden})\n"
    assert without_hidden(source, "u.py") == "A = 1\nC = (\n    A,\n)\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\n", 2),
        ("x\n### END HIDDEN TESTS\n", 2),
        ("x\ny\n### BEGIN HIDDEN TESTS\nz", 3),
        ("# BEGIN HIDDEN TESTS\n", 1),
        ("### begin hidden tests\n", 1),
    ],
    ids=["nested", "stray", "unclosed", "one hash", "lower case"],
)
def test_a_bad_marker_is_refused(source: str, line: int) -> None:
    with pytest.raises(ReleaseError, match=rf"^u\.py:{line}: "):
        without_hidden(source, "u.py")
