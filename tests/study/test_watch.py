"""Watching, at a real terminal: `handgrad` alone goes on, each save is checked, keys answer, Ctrl-C leaves no trace."""

import json
import shutil
import sys
import threading
from pathlib import Path

import pytest
from students import REPO, SOLUTIONS
from terminal import Terminal

from autograder.study.saves import Saves

END = "q quit"


@pytest.mark.slow
def test_a_learner_at_a_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "convolution"
    shutil.copytree(REPO / "assignments/convolution", folder)
    learner = Terminal(sys.executable, "-m", "autograder.cli", cwd=tmp_path)
    try:
        assert "missing: not implemented yet" in learner.until(END)
        assert learner.mode() != learner.before
        learner.press("\x1b[Ah")  # an arrow means nothing
        learner.until("correlate1d is not written yet: its docstring says what it must do")
        right = (SOLUTIONS / "convolution/signals.py").read_text(encoding="utf-8")
        (folder / "signals.py").write_text(right.replace("def correlate1d", "def correlate"))
        assert "the file does not define correlate1d" in learner.until(END)
        (folder / ".signals.py.new").write_text(right)
        (folder / ".signals.py.new").rename(folder / "signals.py")  # as some editors save
        assert "signals: all checks passed. Next: convolution/shapes (key n)" in learner.until(END)
        learner.press("n")
        assert "watching convolution/shapes.py" in learner.until(END)
        learner.press("l")
        shown = learner.until(END)
        assert "1 of 5 done" in shown
        assert shown.index("shapes") < shown.index("you are here") < shown.index("conv2d")
        learner.press("\x03")
        assert learner.process.wait(30) == 0
        assert learner.mode() == learner.before
    finally:
        learner.close()
    state = json.loads((tmp_path / ".handgrad.json").read_text())
    assert (state["current"], state["marks"]["convolution/signals"]["passed"]) == ("convolution/shapes", True)
    assert not [path.name for path in folder.iterdir() if path.suffix not in (".py", ".md", ".ipynb")]


def test_saves_are_told_by_name_and_the_thread_ends(tmp_path: Path) -> None:
    import select

    before = threading.active_count()
    with Saves(tmp_path) as saves:
        for name in ("a.py", "b.py"):
            for _ in range(100):  # until the watch has begun
                (tmp_path / name).write_text("1")
                if select.select([saves.ready], [], [], 0.1)[0]:
                    break
            assert name in saves.names()
        assert "a.py" not in saves.names()
    assert threading.active_count() == before
