"""The wheel of handgrad that a grader elsewhere installs: one that is given, or one built from the checkout."""

import importlib.util
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from autograder.errors import GraderError, UsageError

REPO = Path(__file__).parents[2]
PARTS = ("autograder", "reference", "assignments", "pyproject.toml", "constraints.txt", "LICENSE", "README.md")
BUILD_SECONDS = 300


def wheel(given: Path | None) -> tuple[str, bytes]:
    """Name and bytes of the wheel."""
    if given is None:
        return _build()
    if not given.name.startswith("handgrad-") or given.suffix != ".whl":
        raise UsageError(f"{given} is no wheel of handgrad: its name should be handgrad-VERSION-py3-none-any.whl")
    try:
        return given.name, given.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {given}: {error.strerror}") from error


def constraints() -> bytes:
    """The versions with which handgrad is tested: from the checkout, or as the wheel installed them."""
    for path in (REPO / "constraints.txt", Path(sysconfig.get_path("data")) / "share/handgrad/constraints.txt"):
        if path.is_file():
            return path.read_bytes()
    raise GraderError("constraints.txt is missing from this installation; install handgrad again")


def _build() -> tuple[str, bytes]:
    """Build in a copy: in the checkout, setuptools would pack what an earlier build left."""
    if not (REPO / "pyproject.toml").is_file():
        raise UsageError("this handgrad is no checkout, from which a wheel could be built: give the wheel that it was "
                         "installed from, as --wheel handgrad-VERSION-py3-none-any.whl")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="handgrad-wheel-") as folder:
        copy, built = Path(folder) / "source", Path(folder) / "built"
        copy.mkdir()
        for part in PARTS:
            source = REPO / part
            if source.is_dir():
                shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy)
        _pip_wheel(copy, built)
        (found,) = built.glob("handgrad-*.whl")
        return found.name, found.read_bytes()


def _pip_wheel(source: Path, built: Path) -> None:
    alone = [] if not importlib.util.find_spec("setuptools") else ["--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", *alone]
    try:
        done = subprocess.run(
            [*command, "--wheel-dir", str(built), str(source)], capture_output=True, text=True, timeout=BUILD_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise GraderError(f"the wheel was not built within {BUILD_SECONDS} seconds") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise GraderError(f"the wheel of handgrad could not be built: {last}; `pip install pip setuptools` may help, "
                          "or give a wheel with --wheel")  # fmt: skip
