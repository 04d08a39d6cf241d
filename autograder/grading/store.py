"""Results on disk: one JSON file for each submission of an assignment, written whole or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from autograder.errors import UsageError
from autograder.model import RESULT_FORMAT, Result


class Store:
    """The folder of results: `<student>/<assignment>.json`, the times beside it in a file of their own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if root.exists() and not root.is_dir():
            raise UsageError(f"{root} is a file; results need a folder")

    def path(self, student: str, assignment: str, suffix: str) -> Path:
        return self.root / student / f"{assignment}{suffix}"

    def load(self, student: str, assignment: str) -> Result | None:
        """The stored result, or None if there is none that this version understands."""
        try:
            data = self.path(student, assignment, ".json").read_bytes()
            result = msgspec.json.decode(data, type=Result)
        except (OSError, msgspec.DecodeError):
            return None
        return result if result.format == RESULT_FORMAT else None

    def save(self, result: Result, times: dict[str, float]) -> None:
        data = msgspec.json.format(msgspec.json.encode(result), indent=1)
        self.write(result.student, result.assignment, ".times.json", msgspec.json.encode(times))
        self.write(result.student, result.assignment, ".json", data + b"\n")

    def write(self, student: str, assignment: str, suffix: str, data: bytes) -> None:
        write_atomically(self.path(student, assignment, suffix), data)


def write_atomically(path: Path, data: bytes) -> None:
    """Write to a temporary name and rename, so that a reader, or a kill, never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def key(*parts: object) -> str:
    """A hash of everything that a result depends on."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode("utf-8", "backslashreplace")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
