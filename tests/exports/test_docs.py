"""docs/exports.md: each command on it is run, with the files that it shows, and says what stands there."""

import os
import re
import shlex
from pathlib import Path

import pytest
from command import Command
from exported import RIGHT, conv2d, result, store
from students import REPO

from autograder.exports import bundle

DOCUMENT = (REPO / "docs/exports.md").read_text(encoding="utf-8")
FILE = re.compile(r"^`([\w.]+)`[^`\n]*:\n\n```csv\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CLASS = (
    result("ada", conv2d(RIGHT)), result("ada", conv2d(RIGHT), assignment="convnets"),
    result("bela", conv2d(RIGHT, hidden=False)),
)  # fmt: skip
DOWNLOADED = {"Ada Lovelace_11": 0, "Béla Bartók_12": 2}


def commands() -> list[tuple[list[str], str]]:
    """Each command with what it prints."""
    steps = [step for block in CONSOLE.findall(DOCUMENT) for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(shlex.split(line), printed) for line, _, printed in (step.partition("\n") for step in steps)]


def test_each_command_does_what_the_page_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bundle, "wheel", lambda given: ("handgrad-1-py3-none-any.whl", b""))
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    monkeypatch.setattr(bundle, "own_secret", lambda: (b"of sixteen bytes", Path("config"), False))
    store(tmp_path / "results", CLASS)
    store(
        tmp_path / "moodle-results", tuple(result(name, CLASS[i].reports[0].results) for name, i in DOWNLOADED.items())
    )
    for name, content in FILE.findall(DOCUMENT):
        Path(name).write_text(content, encoding="utf-8")
    handgrad = Command(capsys, monkeypatch)
    run = 0
    for words, printed in commands():
        while "=" in words[0]:
            monkeypatch.setenv(*words.pop(0).split("=", 1))
        if words[0] == "cat":
            assert Path(words[1]).read_text(encoding="utf-8") == printed
            continue
        assert words[0] == "handgrad"
        ended = handgrad(*words[1:])
        assert ended.out + ended.err == printed, words
        run += 1
    assert run == len(re.findall(r"^\$ .*handgrad export", DOCUMENT, re.MULTILINE)) >= 10
    assert {"roster.csv", "canvas.csv", "gradescope.zip", "autograder.zip"} <= set(os.listdir())
