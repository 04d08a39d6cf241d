"""Results on disk: written whole or not at all, and read only if this version understands them."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.errors import UsageError
from autograder.grading import store
from autograder.grading.store import Store, key, write_atomically
from autograder.model import CheckResult, Counterexample, Diagnosis, Report, Result, Verdict

CHECK = CheckResult(
    "conv2d_forward.values", "It computes.", Verdict.FAILED, 0.5, 2, "wrong \ufffd \x1b", 7, hidden=True,
    counterexample=Counterexample("f(x)", "x = 1", "out", "1", "2", (0, 1), [[0.0, 1.5]], "out[0]"),
    diagnosis=Diagnosis("what", "when", "where", ("name",), ("hint",), ("law",)),
)  # fmt: skip
RESULT = Result("Zoë\n=1", "convolution", "k" * 64, (Report("Zoë", "convolution/conv2d", "Conv", (CHECK,), 3, "none"),))


def test_a_result_comes_back_as_it_was_and_its_times_lie_elsewhere(tmp_path: Path) -> None:
    Store(tmp_path).save(RESULT, {"conv2d": 1.5}, "<p>page</p>")
    assert Store(tmp_path).load("Zoë\n=1", "convolution") == RESULT
    folder = tmp_path / "Zoë\n=1"
    assert msgspec.json.decode((folder / "convolution.times.json").read_bytes()) == {"conv2d": 1.5}
    assert (folder / "convolution.html").read_text() == "<p>page</p>"
    assert b"seconds" not in (folder / "convolution.json").read_bytes()
    assert sorted(os.listdir(folder)) == ["convolution.html", "convolution.json", "convolution.times.json"]


@pytest.mark.parametrize(
    "stored",
    [b"", b"{", b"null", b"[]", b'{"student": "ada"}', b"\xff", b'{"student":1,"assignment":"x","key":"","reports":[]}',
     b'{"student":"a","assignment":"x","key":"","reports":[],"format":999}'],
)  # fmt: skip
def test_what_this_version_does_not_understand_is_graded_again(tmp_path: Path, stored: bytes) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada/x.json").write_bytes(stored)
    assert Store(tmp_path).load("ada", "x") is None
    assert Store(tmp_path).load("nobody", "x") is None


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*arguments: Any) -> None:
        raise error

    path = tmp_path / "grades.csv"
    write_atomically(path, b"old")
    monkeypatch.setattr(Path if step == "write_bytes" else os, step, fail)
    with pytest.raises(type(error)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["grades.csv"]


def test_a_kill_in_the_middle_leaves_the_old_file_and_the_next_run_cleans_up(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    write_atomically(path, b"old")
    child = os.fork()
    if child == 0:
        os.replace = lambda *paths: os.kill(os.getpid(), 9)  # type: ignore[assignment]
        write_atomically(path, b"new")
    os.waitpid(child, 0)
    assert path.read_bytes() == b"old"
    write_atomically(path, b"new")
    assert os.listdir(tmp_path) == ["grades.csv"]


def test_where_a_result_is_everything_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result is written last: a kill before it means that the submission is graded again, page and all."""
    written = []
    monkeypatch.setattr(store, "write_atomically", lambda path, data: written.append(path.name))
    Store(tmp_path).save(RESULT, {})
    assert written[-1] == "convolution.json"
    assert sorted(written) == ["convolution.html", "convolution.json", "convolution.times.json"]


def test_results_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file/below"):
        with pytest.raises(UsageError, match="results need a folder"):
            Store(path)


def test_keys_tell_everything_apart() -> None:
    parts = [
        (),
        ("",),
        ("a",),
        ("a", "b"),
        ("ab",),
        (b"a",),
        ("a", ("b",)),
        ("a\0b",),
        ("\ud800",),
        (1,),
        ("1",),
        (1.0,),
    ]
    assert len({key(*each) for each in parts}) == len(parts)
    assert key("a", b"b", 1) == key("a", b"b", 1)
