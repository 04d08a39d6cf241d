"""Exports on disk: one file, or many in a folder or an archive; all of it or nothing."""

import io
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import UsageError
from autograder.grading.store import write_atomically

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive, whenever
EXECUTABLE, PLAIN = 0o755, 0o644


def write_one(out: Path, text: str) -> None:
    if out.is_dir():
        raise UsageError(f"{out} is a folder; --out should be a file")
    write_atomically(out, text.encode("utf-8", "backslashreplace"))


def write_many(out: Path, files: Mapping[str, str]) -> None:
    """Files by path: into the archive `out`, or a folder of that name that must be new or empty."""
    contents = {path: text.encode("utf-8", "backslashreplace") for path, text in files.items()}
    if out.suffix == ".zip":
        write_archive(out, contents)
    elif out.suffix == ".json" and len(contents) == 1:
        write_atomically(out, *contents.values())
    elif out.suffix == ".json":
        raise UsageError(f"these are {len(contents)} files, and {out} is one; give a folder or a .zip")
    else:
        _write_folder(out, contents)


def write_archive(out: Path, files: Mapping[str, bytes], executable: frozenset[str] = frozenset()) -> None:
    """Files by path, as an archive; the same files give the same bytes."""
    if out.is_dir():
        raise UsageError(f"{out} is a folder; --out should be a .zip file")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            info = zipfile.ZipInfo(path, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (EXECUTABLE if path in executable else PLAIN) << 16
            archive.writestr(info, content)
    write_atomically(out, data.getvalue())


def _write_folder(out: Path, files: Mapping[str, bytes]) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there already; remove it, or give another name, or one that ends in .zip")
    new = out.with_name(f".{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)  # left by a run that was killed
    try:
        for path, content in files.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(content)
        os.replace(new, out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
