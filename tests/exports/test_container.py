"""The grader inside another system's container, in this process: what it makes of trouble, and of too little time."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from classes import write, zipped
from schemas import GRADESCOPE, PRAIRIELEARN
from students import SOLUTIONS

from autograder.errors import GraderError
from autograder.exports import container, protection
from autograder.exports.protection import Protection
from autograder.sandbox import bubblewrap

UNIT = "convolution/signals"
CORRECT = (SOLUTIONS / f"{UNIT}.py").read_text(encoding="utf-8")
WRONG = CORRECT + "\n\ndef correlate1d(*arguments, **options):\n    return 0\n"
ORDER = {"system": "gradescope", "assignment": "convolution", "units": [UNIT], "seconds": 500, "memory_mb": 320}


@pytest.fixture
def grade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Grade files with changed settings: the exit code and the results."""
    monkeypatch.setattr(container, "protect", lambda private, trusted: Protection("none", ("a remark",)))
    (tmp_path / "source").mkdir()
    (tmp_path / "source/secret").write_text("a secret of sixteen bytes and more")

    def grade(files: dict[str, str | bytes], **changes: object) -> tuple[int, dict[str, Any]]:
        write(tmp_path / "submission", files)
        (tmp_path / "source/handgrad.json").write_text(json.dumps(ORDER | changes))
        paths = {"--settings": "source/handgrad.json", "--submission": "submission", "--out": "results/results.json"}
        code = container.main([word for name, path in paths.items() for word in (name, str(tmp_path / path))])
        out = tmp_path / "results/results.json"
        return code, json.loads(out.read_text()) if out.exists() else {}

    return grade


def test_a_submission_is_graded_wherever_it_lies(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, results = grade({"work.zip": zipped({"hw/signals.py": WRONG}), "notes.txt": "x"})
    jsonschema.validate(results, GRADESCOPE)
    assert code == 0
    assert 0 < results["score"] < 15
    assert "handgrad: a remark" in capsys.readouterr().out
    assert results["tests"][-1] == {"name": "For the instructor 1", "output": "a remark", "visibility": "hidden"}
    handed_in_twice = {"a/signals.py": CORRECT, "b/signals.py": CORRECT}
    assert "signals was handed in twice" in str(grade(handed_in_twice)[1])


def test_units_for_which_no_time_is_left_say_so(grade: Any) -> None:
    code, results = grade({"signals.py": CORRECT}, seconds=1)
    jsonschema.validate(results, GRADESCOPE)
    assert (code, results["score"]) == (0, 0)
    assert "not begun: the 1 seconds for all units were used up before" in str(results)


def test_what_cannot_be_run_at_all_costs_no_attempt_in_prairielearn(grade: Any) -> None:
    for files, reason in (
        ({".keep": ""}, "signals: no signals.py was handed in"),
        ({"README.txt": "x"}, "signals: README.txt cannot be graded: it is not a file of convolution"),
        ({"signals.py": "def f(:"}, "signals: the file cannot be executed: SyntaxError: invalid syntax in line 1"),
        ({"signals.py": b"\xff"}, "signals: signals.py cannot be graded: it is not UTF-8 (byte 0)"),
    ):
        code, results = grade(files, system="prairielearn")
        jsonschema.validate(results, PRAIRIELEARN)
        assert (code, results["gradable"]) == (0, False)
        assert results["format_errors"][0].startswith(reason)


def test_memory_is_what_the_container_has(grade: Any) -> None:
    hungry = CORRECT + "\n\nhog = bytearray(600 << 20)\n"
    assert "MemoryError" in str(grade({"signals.py": hungry})[1])
    assert grade({"signals.py": hungry}, memory_mb=900)[1]["score"] > 0


def test_a_fault_of_the_grader_s_own_is_written_down_as_one(
    grade: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: str) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(container, "load", fail)
    assert grade({"signals.py": CORRECT}, system="classroom50") == (3, {})
    for system, schema in (("gradescope", GRADESCOPE), ("prairielearn", PRAIRIELEARN)):
        code, results = grade({"signals.py": CORRECT}, system=system)
        jsonschema.validate(results, schema)
        assert (code, "not your fault" in str(results), "luck" in str(results)) == (3, True, False)
        assert "out of luck" in capsys.readouterr().err


def test_settings_that_are_none_are_the_exit_code_s_matter(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade({"signals.py": CORRECT}, units="all") == (3, {})
    assert "handgrad.json does not say what to grade: Expected `array`, got `str`" in capsys.readouterr().err
    assert grade({"signals.py": CORRECT}, units=["convolution/astrology"]) == (3, {})
    assert "convolution/astrology is not of convolution" in capsys.readouterr().err
    assert grade({"signals.py": CORRECT}, system="word") == (3, {})
    assert "there is no system 'word'; there are: gradescope, " in capsys.readouterr().err


def test_without_a_sandbox_and_without_root_nothing_secret_is_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "problem", lambda: "the container forbids it")
    monkeypatch.setattr(protection.os, "geteuid", lambda: 1000)
    with pytest.raises(
        GraderError, match="the container forbids it; and without a sandbox the grader has to run as root"
    ):
        protection.protect([], trusted=False)
    assert protection.protect([], trusted=True).sandbox == "none"
