"""Files from folders and archives that nobody vouches for: found and read, never extracted, never followed.

An archive counts as a folder of the same name. Every size, count and ratio has a limit; what goes past one is reported
as a problem of that file, and the rest goes on.
"""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from autograder.errors import SubmissionError

MAX_FILE = 16 << 20  # bytes of one file: a notebook with pictures
MAX_ARCHIVE = 512 << 20  # bytes of an archive as it lies on disk
MAX_UNPACKED = 1 << 30  # bytes that an archive may unpack to
MAX_RATIO = 200  # times that it may be larger unpacked
MAX_ENTRIES = 100_000
MAX_DEPTH = 8
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
WANTED = (".py", ".ipynb")


@dataclass(frozen=True, slots=True)
class Found:
    """A file, by the parts of its path, with a way to read it; or what is wrong about it."""

    parts: tuple[str, ...]
    read: Callable[[], bytes]
    problem: str = ""

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def where(self) -> str:
        return "/".join(self.parts)


def find(root: Path) -> Iterator[Found]:
    """Every file below a folder, or in an archive, in order; archives inside folders are looked into."""
    if root.is_dir():
        yield from _in_folder(root, ())
    else:
        yield from _in_archive(root, ())


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


def read_file(path: Path, limit: int = MAX_FILE) -> bytes:
    """The bytes of a regular file, not through a link, not more than `limit`; `SubmissionError` says why not."""
    with open_file(path) as file:
        try:
            data = file.read(limit + 1)
        except OSError as error:
            raise SubmissionError(f"it cannot be read: {error.strerror}") from error
    if len(data) > limit:
        raise SubmissionError(f"it is larger than {limit >> 20} MiB")
    return data


def open_file(path: Path) -> IO[bytes]:
    """A regular file, opened without following a link or waiting for a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        link = path.is_symlink()
        why = "it is a symbolic link; hand in the file itself" if link else f"it cannot be opened: {error.strerror}"
        raise SubmissionError(why) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SubmissionError("it is not a regular file")
    return os.fdopen(descriptor, "rb")


def _in_folder(folder: Path, parts: tuple[str, ...]) -> Iterator[Found]:
    if len(parts) > MAX_DEPTH:
        yield _bad(parts, "folders are nested too deeply")
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _bad(parts or (folder.name,), f"it cannot be opened: {error.strerror}")
        return
    for entry in entries:
        path, inside = Path(entry.path), (*parts, entry.name)
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _in_folder(path, inside)
        elif is_archive(entry.name):
            yield from _in_archive(path, inside)
        else:
            yield Found(inside, lambda path=path: read_file(path))  # type: ignore[misc]


def _in_archive(path: Path, parts: tuple[str, ...]) -> Iterator[Found]:
    """The files that an archive holds. What they are read from is in memory or on disk, never unpacked."""
    try:
        with open_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_ARCHIVE:
                raise SubmissionError(f"it is larger than {MAX_ARCHIVE >> 20} MiB")
            members = _zip(file, size) if zipfile.is_zipfile(file) else _tar(file, size)
            for name, data in members:
                inside = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
                if ".." in inside or not inside:
                    yield _bad((*parts, *inside), "its path leads out of the archive")
                elif not any(part.startswith((".", "__MACOSX")) for part in inside):
                    yield Found((*parts, *inside), lambda data=data: data)  # type: ignore[misc]
    except SubmissionError as error:
        yield _bad(parts or (path.name,), str(error))
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, lzma.LZMAError) as error:
        yield _bad(parts or (path.name,), f"it is no readable archive: {error}")
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error) as error:
        yield _bad(parts or (path.name,), f"it is a broken archive: {error}")


def _zip(file: IO[bytes], size: int) -> Iterator[tuple[str, bytes]]:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if len(members) > MAX_ENTRIES:
            raise SubmissionError(f"it holds more than {MAX_ENTRIES} files")
        budget = _budget(size)
        for member in members:
            if member.is_dir() or not member.filename.lower().endswith(WANTED):
                continue
            with archive.open(member) as content:
                data = content.read(min(MAX_FILE, budget) + 1)
            budget = _spend(budget, data)
            yield member.filename, data


def _tar(file: IO[bytes], size: int) -> Iterator[tuple[str, bytes]]:
    file.seek(0)
    unpacked = _Limited(_decompressed(file), _budget(size))
    with tarfile.open(fileobj=unpacked, mode="r|", errorlevel=2) as archive:
        for count, member in enumerate(archive):
            if count > MAX_ENTRIES:
                raise SubmissionError(f"it holds more than {MAX_ENTRIES} files")
            if member.isreg() and member.name.lower().endswith(WANTED):
                content = archive.extractfile(member)
                data = content.read(MAX_FILE + 1) if content else b""
                if len(data) > MAX_FILE:
                    raise SubmissionError(f"it holds a file larger than {MAX_FILE >> 20} MiB")
                yield member.name, data


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    magic = file.read(6)
    file.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]
    if magic.startswith(b"BZh"):
        return bz2.open(file)
    return lzma.open(file) if magic.startswith(b"\xfd7zXZ") else file


def _budget(size: int) -> int:
    """How many bytes may come out of an archive of `size` bytes."""
    return min(MAX_UNPACKED, max(size * MAX_RATIO, 1 << 20))


def _spend(budget: int, data: bytes) -> int:
    if len(data) > min(MAX_FILE, budget):
        raise SubmissionError("it unpacks to far more than it should")
    return budget - len(data)


class _Limited(io.RawIOBase):
    """A stream that ends with an error once more than `budget` bytes have been read from it."""

    def __init__(self, stream: IO[bytes], budget: int) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size if size >= 0 else self._budget + 1)
        self._budget -= len(data)
        if self._budget < 0:
            raise SubmissionError("it unpacks to far more than it should")
        return data


def _bad(parts: tuple[str, ...], problem: str) -> Found:
    return Found(parts, lambda: b"", problem)
