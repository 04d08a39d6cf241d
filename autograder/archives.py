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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autograder.errors import SubmissionError

MAX_FILE = 16 << 20  # bytes of one file: a notebook with pictures
MAX_ARCHIVE = 64 << 20  # bytes of an archive that a student hands in
MAX_CLASS = 1 << 30  # bytes of an archive that holds a class
MAX_UNPACKED = 1 << 30  # bytes that an archive may unpack to
MAX_RATIO = 200  # times that it may be larger unpacked
MAX_ENTRIES = 100_000
MAX_DEPTH = 8  # folders in folders
MAX_NESTED = 2  # archives in archives
SMALL = 1 << 20  # bytes for which no ratio counts
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
WANTED = (".py", ".ipynb")
LINK = "it is a symbolic link; hand in the file itself"
BOMB = "it unpacks to far more than it should"
SKIPPED = (".", "__MACOSX", "__pycache__")


@dataclass(frozen=True, slots=True)
class Found:
    """A file, by the parts of its path, with a way to read it; or what is wrong about it."""

    parts: tuple[str, ...]
    read: Callable[[], bytes]
    problem: str = ""

    @property
    def name(self) -> str:
        return printable(self.parts[-1])

    @property
    def where(self) -> str:
        return printable("/".join(self.parts))


@dataclass(frozen=True, slots=True)
class _Member:
    """A file of an archive: its path there, and its bytes or what is wrong about it."""

    name: str
    data: bytes = b""
    problem: str = ""


def find(root: Path) -> Iterator[Found]:
    """Every file below a folder, or in an archive, in order; archives inside are looked into.

    Raises `SubmissionError` where `root` itself cannot be read to its end.
    """
    if os.path.isdir(root):
        yield from _in_folder(root, ())
    else:
        yield from _in_archive_file(root, (), MAX_CLASS)


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


def printable(name: str) -> str:
    """A file's name as text; one that is not UTF-8 must not break what is written."""
    return name.encode("utf-8", "backslashreplace").decode()


def read_file(path: Path, limit: int = MAX_FILE) -> bytes:
    """The bytes of a regular file, not through a link, not more than `limit`; `SubmissionError` says why not."""
    with open_file(path) as file:
        try:
            data = file.read(limit + 1)
        except OSError as error:
            raise SubmissionError(f"it cannot be read: {error.strerror}") from error
    if len(data) > limit:
        raise SubmissionError(_too_large(limit))
    return data


def open_file(path: Path) -> IO[bytes]:
    """A regular file, opened without following a link or waiting for a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SubmissionError(LINK if os.path.islink(path) else f"it cannot be opened: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SubmissionError("it is not a regular file")
    return os.fdopen(descriptor, "rb")


def _in_folder(folder: Path, parts: tuple[str, ...]) -> Iterator[Found]:
    if len(parts) > MAX_DEPTH:
        raise SubmissionError("folders are nested too deeply")
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise SubmissionError(f"it cannot be opened: {error.strerror}") from error
    for entry in entries:
        path, inside = Path(entry.path), (*parts, entry.name)
        if entry.name.startswith(SKIPPED):
            continue
        if entry.is_symlink():
            yield Found(inside, lambda: b"", LINK)
        elif entry.is_dir(follow_symlinks=False):
            yield from _or_problem(_in_folder(path, inside), inside)
        elif is_archive(entry.name):
            yield from _or_problem(_in_archive_file(path, inside, MAX_ARCHIVE), inside)
        else:
            yield Found(inside, lambda path=path: read_file(path))  # type: ignore[misc]


def _or_problem(found: Iterator[Found], parts: tuple[str, ...]) -> Iterator[Found]:
    """What is found; where that ends with an error, the error as the problem of the folder or archive itself."""
    try:
        yield from found
    except SubmissionError as error:
        yield Found(parts, lambda: b"", str(error))


def _in_archive_file(path: Path, parts: tuple[str, ...], limit: int) -> Iterator[Found]:
    with open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise SubmissionError(_too_large(limit))
        yield from _in_archive(file, size, parts, 1)


def _in_archive(file: IO[bytes], size: int, parts: tuple[str, ...], nested: int) -> Iterator[Found]:
    """The files that an archive holds, read into memory, never unpacked."""
    try:
        for member in _zip(file, size) if zipfile.is_zipfile(file) else _tar(file, size):
            yield from _found(member, parts, nested)
    except SubmissionError:
        raise
    except Exception as error:  # hostile bytes make the standard library's parsers raise nearly anything
        raise SubmissionError(f"it is a broken archive: {error or type(error).__name__}") from error


def _found(member: _Member, parts: tuple[str, ...], nested: int) -> Iterator[Found]:
    inside = tuple(part for part in member.name.replace("\\", "/").split("/") if part not in ("", "."))
    path = (*parts, *inside)
    if ".." in inside or not inside:
        yield Found(path or (member.name,), lambda: b"", "its path leads out of the archive")
    elif any(part.startswith(SKIPPED) for part in inside):
        return
    elif is_archive(member.name) and not member.problem:
        yield from _or_problem(_nested(member.data, path, nested + 1), path)
    else:
        yield Found(path, lambda: member.data, member.problem)


def _nested(data: bytes, parts: tuple[str, ...], nested: int) -> Iterator[Found]:
    if nested > MAX_NESTED:
        raise SubmissionError("it is an archive in an archive in an archive")
    yield from _in_archive(io.BytesIO(data), len(data), parts, nested)


def _zip(file: IO[bytes], size: int) -> Iterator[_Member]:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if len(members) > MAX_ENTRIES:
            raise SubmissionError(f"it holds more than {MAX_ENTRIES} files")
        budget = _budget(size)
        for member in members:
            if member.is_dir() or not _is_wanted(member.filename):
                continue
            problem = _problem_of_zipped(member)
            data = b"" if problem else archive.read(member)  # never more than the size that the member declares
            budget -= len(data)
            if budget < 0:
                raise SubmissionError(BOMB)
            yield _Member(member.filename, data, problem)


def _problem_of_zipped(member: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(member.external_attr >> 16):
        return LINK
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > MAX_FILE:
        return _too_large(MAX_FILE)
    return BOMB if member.file_size > _budget(member.compress_size) else ""


def _tar(file: IO[bytes], size: int) -> Iterator[_Member]:
    file.seek(0)
    unpacked: Any = _Limited(_decompressed(file), _budget(size))
    with tarfile.open(fileobj=unpacked, mode="r|") as archive:
        for count, member in enumerate(archive):
            if count >= MAX_ENTRIES:
                raise SubmissionError(f"it holds more than {MAX_ENTRIES} files")
            if member.isdir() or not _is_wanted(member.name):
                continue
            problem = _problem_of_tarred(member)
            content = None if problem else archive.extractfile(member)
            yield _Member(member.name, content.read() if content else b"", problem)
        _expect_end(archive.fileobj)


def _problem_of_tarred(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return LINK.replace("symbolic ", "") if member.islnk() else LINK
    if not member.isreg() or member.issparse():
        return "it is not a regular file"
    return _too_large(MAX_FILE) if member.size > MAX_FILE else ""


def _expect_end(stream: Any) -> None:
    """tarfile takes a damaged header for the end. Behind the true end there are zeros, and nothing else."""
    rest = False
    while chunk := stream.read(1 << 16):
        rest = True
        if chunk.strip(b"\0"):
            raise SubmissionError("it is a broken archive: it is damaged in the middle")
    if not rest:
        raise SubmissionError("it is a broken archive: its end is missing")


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    magic = file.read(6)
    file.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]
    if magic.startswith(b"BZh"):
        return bz2.open(file)
    return lzma.open(file) if magic.startswith(b"\xfd7zXZ") else file


def _is_wanted(name: str) -> bool:
    return name.lower().endswith(WANTED) or is_archive(name)


def _budget(size: int) -> int:
    """How many bytes may come out of `size` bytes."""
    return min(MAX_UNPACKED, max(size * MAX_RATIO, SMALL))


def _too_large(limit: int) -> str:
    return f"it is larger than {limit >> 20} MiB"


class _Limited(io.RawIOBase):
    """A stream that ends with an error once more than `budget` bytes have been read from it."""

    def __init__(self, stream: IO[bytes], budget: int) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size if size >= 0 else self._budget + 1)
        self._budget -= len(data)
        if self._budget < 0:
            raise SubmissionError(BOMB)
        return data
