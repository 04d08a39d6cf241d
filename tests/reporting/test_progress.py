"""How far a batch has come: plain lines where nobody looks, a bar on a terminal."""

import pytest

from autograder.reporting.progress import EVERY, following


def shown(total: int, done: int) -> None:
    with following(total) as follow:
        for number in range(done):
            follow(number)


@pytest.mark.parametrize(
    ("total", "done", "lines"),
    [
        (0, 0, []),
        (1, 1, ["graded 1 of 1"]),
        (EVERY * 2, EVERY * 2, [f"graded {EVERY} of {EVERY * 2}", f"graded {EVERY * 2} of {EVERY * 2}"]),
        (EVERY + 5, EVERY + 5, [f"graded {EVERY} of {EVERY + 5}", f"graded {EVERY + 5} of {EVERY + 5}"]),
        (100, 10, []),
    ],
)
def test_plain_lines_elsewhere(capsys: pytest.CaptureFixture[str], total: int, done: int, lines: list[str]) -> None:
    shown(total, done)
    captured = capsys.readouterr()
    assert captured.err.splitlines() == lines
    assert captured.out == ""


def test_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    shown(40, 40)
    captured = capsys.readouterr()
    assert "40/40" in captured.err
    assert "grading" in captured.err
    assert captured.out == ""


def test_what_goes_wrong_inside_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    def stop() -> None:
        with following(3) as follow:
            follow(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert capsys.readouterr().err == ""
