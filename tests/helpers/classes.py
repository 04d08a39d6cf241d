"""Classes to grade: files written into folders and archives, as learning platforms hand them over."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from students import SOLUTIONS

from autograder.course import load
from autograder.model import Report, Result

Files = Mapping[str, str | bytes]

CORRECT = (SOLUTIONS / "convnets/pooling.py").read_text(encoding="utf-8")
WRONG = CORRECT.replace("cols), dout)", "cols), 2 * dout)")
assert WRONG != CORRECT
STUB = (SOLUTIONS.parent / "assignments/convnets/pooling.py").read_text(encoding="utf-8")
POOLING = "convnets/pooling"
FULL = load(POOLING).possible  # what pooling earns
SECRET = b"a secret for tests only"


def write(root: Path, files: Files) -> Path:
    """Write files below `root`, by their paths there."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def zipped(files: Files) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def tarred(files: Files, compression: str = "") -> bytes:
    """A tar archive; `compression` is "", "gz", "bz2" or "xz"."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=f"w:{compression}") as archive:
        for name, content in files.items():
            content = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


def notebook(*cells: str) -> bytes:
    """A notebook with a heading and these code cells."""
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(True)} for cell in cells]
    heading = {"cell_type": "markdown", "metadata": {}, "source": ["# Pooling"]}
    return json.dumps({"cells": [heading, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def class_of(number: int, contents: Mapping[int, str] | None = None) -> dict[str, str]:
    """So many submissions of convnets, each a little different; `contents` replaces some."""
    sources = {index: f"{WRONG if index % 3 == 2 else CORRECT}\n# {index}\n" for index in range(number)}
    sources |= contents or {}
    return {f"s{index:02}/convnets/pooling.py": source for index, source in sources.items()}


def report_of(result: Result) -> Report:
    """The report on pooling; other units of the assignment are missing in these classes."""
    return next(report for report in result.reports if report.unit == POOLING)
