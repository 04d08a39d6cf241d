"""The stubs that students start from: copied, never overwritten unasked."""

from pathlib import Path

import pytest

from autograder import kit
from autograder.course import COURSE, assignments
from autograder.errors import GraderError, UsageError
from autograder.kit import start, stubs


@pytest.mark.parametrize("assignment", assignments())
def test_every_unit_has_its_stub(tmp_path: Path, assignment: str) -> None:
    started = start(assignment, tmp_path)
    names = {path.name for path in started.written}
    assert {f"{entry.name}.py" for entry in COURSE if entry.assignment == assignment} <= names
    for path in started.written:
        assert path.read_bytes() == (stubs(assignment) / path.name).read_bytes()
        assert "BEGIN SOLUTION" not in path.read_text(encoding="utf-8")
    assert (started.kept, started.saved) == ((), ())


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    first = start("recurrence", tmp_path)
    first.written[0].write_text("mine")
    again = start("recurrence", tmp_path)
    assert again.kept == first.written
    assert again.written == again.saved == ()
    assert first.written[0].read_text() == "mine"


def test_force_begins_anew_and_loses_nothing(tmp_path: Path) -> None:
    path = start("recurrence", tmp_path).written[0]
    saved = []
    for number in range(3):
        path.write_text(f"mine {number}")
        saved += [each for each in start("recurrence", tmp_path, force=True).saved if each.name.startswith(path.name)]
    assert [each.name for each in saved] == [f"{path.name}.1", f"{path.name}.2", f"{path.name}.3"]
    assert [each.read_text() for each in saved] == ["mine 0", "mine 1", "mine 2"]


def test_no_such_assignment(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no assignment 'astrology'"):
        start("astrology", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "recurrence").write_text("")
    with pytest.raises(UsageError, match="cannot make the folder"):
        start("recurrence", tmp_path)


def test_an_installation_without_stubs_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit.resources, "files", lambda package: tmp_path)
    with pytest.raises(GraderError, match="install handgrad again"):
        stubs("recurrence")
