"""What an instructor hands to students: the stubs and notebooks, and a wheel without answers and hidden checks.

Wrong models stay in the wheel: they hold no answer that could be handed in, and students need the diagnosis.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.release import ReleaseError, stubs, verify

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
PACKAGES = ("autograder", "reference", "assignments")
FILES = ("pyproject.toml", "README.md", "LICENSE", "constraints.txt")
_ALMOST_MARKER = re.compile(r"^#+ *(BEGIN|END)[ _-]*HIDDEN[ _-]*TESTS?\b", re.IGNORECASE)
_BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
_LOAD = """
from autograder.course import COURSE, load
print(sum(check.hidden for entry in COURSE for check in load(entry.path).checks))
"""
PAGE = Path("docs/students.md")
COMMENT = re.compile(r"<!--.*?-->\n", re.DOTALL)


def without_hidden(source: str, filename: str) -> str:
    """A module without what stands between the markers of hidden checks; a bad marker raises ReleaseError."""
    kept: list[str] = []
    begun = 0
    for number, line in enumerate(source.split("\n"), 1):
        marker = _marker(line, f"{filename}:{number}")
        if marker == BEGIN and begun:
            raise ReleaseError(f"{filename}:{number}: '{BEGIN}' inside the hidden tests of line {begun}")
        if marker == END and not begun:
            raise ReleaseError(f"{filename}:{number}: '{END}' without '{BEGIN}'")
        if not (begun or marker):
            kept.append(line)
        begun = number if marker == BEGIN else 0 if marker == END else begun
    if begun:
        raise ReleaseError(f"{filename}:{begun}: '{BEGIN}' without '{END}'")
    return "\n".join(kept)


def _marker(line: str, place: str) -> str:
    text = line.strip()
    if text in (BEGIN, END):
        return text
    if _ALMOST_MARKER.search(text):
        raise ReleaseError(f"{place}: write '{BEGIN}' or '{END}', exactly so, on a line of its own")
    return ""


def build_kit(root: Path, out: Path) -> list[Path]:
    """Write the kit of the course in `root`: the assignments, the wheel, and a page on how to begin."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ReleaseError(f"{out} is there already, and not an empty folder; choose another")
    if problems := verify(root / "solutions", root / "assignments"):
        raise ReleaseError("\n".join(problems))
    files = stubs(root / "solutions")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy_course(root, copy)
        strip_hidden(copy)
        built = _build_wheel(copy)
        look_into(built)
        wheel = out / built.name
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(built, wheel)
    for relative, content in files.items():
        target = out / "assignments" / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    page = out / "README.md"
    page.write_text(COMMENT.sub("", (root / PAGE).read_text(encoding="utf-8")), encoding="utf-8")
    return [page, wheel, *(out / "assignments" / relative for relative in files)]


def _copy_course(root: Path, copy: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info")
    for package in PACKAGES:
        shutil.copytree(root / package, copy / package, ignore=ignored)
    for file in FILES:
        shutil.copyfile(root / file, copy / file)


def strip_hidden(course: Path) -> None:
    """Take the hidden checks out of a copy of the course: in units, their parts, drivers, wherever they are marked."""
    for path in sorted(course.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(course).as_posix()
        stripped = without_hidden(source, name)
        if stripped != source:
            path.write_text(stripped, encoding="utf-8")
        if name.startswith("autograder/units/"):
            for line in _hidden_keywords(stripped, name):
                raise ReleaseError(f"{name}:{line} (of what is left): hidden=True outside '{BEGIN}'")


def _hidden_keywords(source: str, name: str) -> Iterator[int]:
    """Lines that make something hidden."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ReleaseError(f"{name}: {error.msg} once the hidden tests are gone") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "hidden" and ast.unparse(node.value) == "True":
            yield node.value.lineno


def _build_wheel(course: Path) -> Path:
    dist = course / "dist"
    dist.mkdir()
    done = _python(["-c", _BUILD, str(dist)], course)
    built = list(dist.glob("*.whl"))
    if done.returncode or not built:
        why = "install setuptools 77 or newer" if "setuptools" in done.stderr else done.stderr.strip()[-1000:]
        raise ReleaseError(f"the wheel cannot be built: {why}")
    return built[0]


def look_into(wheel: Path) -> None:
    """Raise ReleaseError if a wheel holds a marked answer or a hidden check, or does not work without them."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        for path in sorted(Path(folder).rglob("*.py")):
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                if line.strip().startswith(("### BEGIN SOLUTION", "### BEGIN HIDDEN")):
                    raise ReleaseError(f"{path.relative_to(folder).as_posix()}:{number} would give away what follows")
        done = _python(["-c", _LOAD], Path(folder))
    if done.returncode:
        raise ReleaseError(f"the course does not load without its hidden tests: {done.stderr.strip()[-1000:]}")
    if done.stdout.strip() != "0":
        raise ReleaseError(f"the course has {done.stdout.strip()} hidden checks left in it")


def _python(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run this interpreter in a folder whose packages come before those that are installed."""
    environment = os.environ | {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOURCE_DATE_EPOCH": "315532800",
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
