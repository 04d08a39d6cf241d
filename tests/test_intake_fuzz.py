"""Intake on whatever may lie in a folder: only the declared exceptions, and nothing is followed, run or kept open."""

import contextlib
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError, UsageError
from autograder.submission import MAX_SOURCE, decode_source, read_source, take_in

FRESH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.binary(min_size=1, max_size=20).map(lambda name: name.replace(b"/", b"_").replace(b"\0", b"_")).filter(
    lambda name: name not in (b".", b"..")
)  # fmt: skip
LIKELY = st.sampled_from(
    [b"ada", b"convolution", b"conv2d.py", b"convnets", b"pooling.py", b"x.zip", b"x.tar.gz", b"conv2d.ipynb"]
)


def _file(path: bytes) -> None:
    Path(os.fsdecode(path)).write_bytes(b"x = 1\n")


def _fifo(path: bytes) -> None:
    os.mkfifo(path)


def _socket(path: bytes) -> None:
    where = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(f"/proc/self/fd/{where}/".encode() + os.path.basename(path))
    finally:
        os.close(where)


def _link_outside(path: bytes) -> None:
    os.symlink("/etc/hostname", path)


def _link_to_itself(path: bytes) -> None:
    os.symlink(os.path.basename(path), path)


def _link_to_folder(path: bytes) -> None:
    os.symlink("/", path)


def _unreadable(path: bytes) -> None:
    _file(path)
    os.chmod(path, 0)


def _huge(path: bytes) -> None:
    with open(path, "wb") as file:
        file.truncate(1 << 40)


def _folder(path: bytes) -> None:
    os.mkdir(path)


MAKERS = (_file, _fifo, _socket, _link_outside, _link_to_itself, _link_to_folder, _unreadable, _huge, _folder)


@given(st.binary(max_size=2000) | st.binary(max_size=50).map(lambda data: b"\xef\xbb\xbf" + data))
def test_decoding_refuses_politely(data: bytes) -> None:
    try:
        text = decode_source(data)
    except SubmissionError:
        return
    assert "\0" not in text
    assert "\r" not in text
    text.encode("utf-8")


def test_decoding_refuses_what_is_too_large() -> None:
    with pytest.raises(SubmissionError, match="larger"):
        decode_source(b" " * (MAX_SOURCE + 1))


@pytest.mark.parametrize("make", MAKERS[1:], ids=lambda make: make.__name__.strip("_"))
def test_only_regular_files_are_read(tmp_path: Path, make: object) -> None:
    path = tmp_path / "conv2d.py"
    make(os.fsencode(path))  # type: ignore[operator]
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    if make is _unreadable and os.geteuid() == 0:
        read_source(path)
    else:
        with pytest.raises(SubmissionError):
            read_source(path)
    if before:
        assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty", "/dev/full", "/nowhere/at/all", "x" * 5000])
def test_devices_and_impossible_paths_are_refused(device: str) -> None:
    with pytest.raises(SubmissionError):
        read_source(Path(device))


def _plant(folder: bytes, parts: list[bytes], make: Callable[[bytes], None]) -> None:
    for part in parts[:-1]:
        folder = os.path.join(folder, part)
        if not os.path.lexists(folder):
            os.mkdir(folder)
    path = os.path.join(folder, parts[-1])
    if stat.S_ISDIR(os.lstat(folder).st_mode) and not os.path.lexists(path):
        make(path)


@given(st.lists(st.tuples(st.lists(LIKELY | NAMES, min_size=1, max_size=4), st.sampled_from(MAKERS)), max_size=8))
@FRESH
def test_any_tree_is_taken_in_or_refused(tmp_path_factory: pytest.TempPathFactory, tree: list) -> None:
    root = tmp_path_factory.mktemp("tree")
    for parts, make in tree:
        with contextlib.suppress(OSError):  # a file is in the way, or this machine cannot make such a thing
            _plant(os.fsencode(root), parts, make)
    before = sorted(str(path) for path in root.rglob("*"))
    try:
        intake = take_in(root)
    except UsageError as error:
        str(error).encode("utf-8", "surrogateescape")
    else:
        for submission in intake.submissions:
            submission.student.encode("utf-8")
            assert set(submission.sources.values()) <= {"x = 1\n"}
        "\n".join(intake.ignored).encode("utf-8")
    assert sorted(str(path) for path in root.rglob("*")) == before


@pytest.mark.parametrize("path", ["/nowhere", "x" * 5000, "/dev/null", "/proc/self/mem"])
def test_what_is_no_folder_is_refused(path: str) -> None:
    with pytest.raises(UsageError):
        take_in(Path(path))


def test_folders_that_may_not_be_read_are_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "ada" / "convolution").mkdir(parents=True)
    (tmp_path / "ada" / "convolution" / "conv2d.py").write_text("")
    for name in ("bob", "cleo"):
        (tmp_path / name / "convolution").mkdir(parents=True)
    (tmp_path / "bob").chmod(0)
    (tmp_path / "cleo" / "convolution").chmod(0)
    intake = take_in(tmp_path)
    assert {submission.student for submission in intake.submissions} >= {"ada"}
