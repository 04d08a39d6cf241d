"""Results on disk: one JSON file for each submission of an assignment, written whole or not at all."""

import hashlib
import itertools
import os
from pathlib import Path

import msgspec

from autograder.errors import UsageError
from autograder.model import RESULT_FORMAT, Result


class Store:
    """The folder of results: `<student>/<assignment>.json`, the times beside it in a file of their own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"results need a folder, and {root} cannot be one: {error.strerror}") from error

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

    def keep_earlier(self, student: str, assignment: str) -> Path:
        """Keep the stored result beside, under the next free number: `convolution.json.1`."""
        path = self.path(student, assignment, ".json")
        numbered = (path.with_name(f"{path.name}.{number}") for number in itertools.count(1))
        kept = next(each for each in numbered if not each.exists())
        write_atomically(kept, path.read_bytes())
        return kept

    def save(self, result: Result, times: dict[str, float], page: str = "") -> None:
        """Store a result, its times and its page. The result comes last: where it is, everything is."""
        data = msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n"
        files = {".times.json": msgspec.json.encode(times), ".html": page.encode("utf-8", "replace"), ".json": data}
        for suffix, content in files.items():
            write_atomically(self.path(result.student, result.assignment, suffix), content)


def write_atomically(path: Path, data: bytes) -> None:
    """Write to a temporary name and rename, so that a reader, or a kill, never sees half a file.

    The temporary name is always the same: what a kill leaves behind, the next run overwrites and renames.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def key(*parts: object) -> str:
    """A hash of everything that a result depends on."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode("utf-8", "backslashreplace")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
