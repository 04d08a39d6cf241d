"""Every command in docs/ is run: see "Commands in docs/" in CONTRIBUTING.md."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest
from students import REPO

BLOCK = re.compile(r"^```console(?P<options>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
FOLDER = re.compile(r"<!-- commands run in: (?P<name>empty|course|kit) -->")
ELSEWHERE = re.compile(r"run by `(?P<test>tests/[\w/]+\.py)`")
MARK = "--handgrad-docs--"
PAGES = sorted((REPO / "docs").glob("*.md"))
OURS = [page for page in PAGES if FOLDER.search(page.read_text(encoding="utf-8"))]
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "demo-results", "shared")


@dataclass(frozen=True)
class Step:
    """A command of a page, how it must end, and what it must print."""

    command: str
    code: int
    output: str


def steps(page: str) -> list[Step]:
    found = []
    for block in BLOCK.finditer(page):
        exits = dict(option.split("=") for option in block["options"].split())
        commands = re.split(r"^\$ ", block["body"], flags=re.MULTILINE)
        assert not commands[0].strip(), f"a block must begin with a command: {block[0]}"
        for number, text in enumerate(commands[1:], 1):
            lines = text.split("\n")
            more = next(index for index, line in enumerate([*lines[1:], ""], 1) if not line.startswith("> "))
            command = "\n".join([lines[0], *(line[2:] for line in lines[1:more])])
            code = int(exits.get("exit", 0)) if number == len(commands) - 1 else 0
            found.append(Step(command, code, "\n".join(lines[more:])))
    return found


def matches(expected: str, printed: str) -> bool:
    """Whether what is printed holds what is expected, in order; `...` stands for anything, blanks count as one."""
    parts = re.split(r" ?\.\.\. ?", " ".join(expected.split()))
    return re.search(".*".join(map(re.escape, parts)), " ".join(printed.split())) is not None


def run(steps: list[Step], folder: Path, environment: dict[str, str]) -> list[tuple[int, str]]:
    """The exit codes and outputs of commands, in one shell."""
    script = "\n".join(f"{step.command}\nprintf '\\n{MARK} %d\\n' $?" for step in steps)
    done = subprocess.run(
        ["bash", "--norc"], input=script, cwd=folder, env=environment, text=True, timeout=300,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    parts = re.split(rf"\n{MARK} (\d+)\n", done.stdout)
    return [(int(code), output) for output, code in zip(parts[::2], parts[1::2], strict=False)]


def folder_of(page: str, request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Where a page's commands run, and in what environment: empty, a copy of the course, or of the students' kit."""
    found, folder = FOLDER.search(page), tmp_path / "page"
    assert found
    paths = [sysconfig.get_path("purelib")]  # for environments that a page makes; a .pth file there is not read
    if found["name"] == "course":
        shutil.copytree(REPO, folder, ignore=NOT_COPIED)
        paths.insert(0, str(folder))
    elif found["name"] == "kit":
        shutil.copytree(request.getfixturevalue("kit"), folder)
    else:
        folder.mkdir()
        paths.insert(0, str(REPO))
    environment = {
        **os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "100", "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1", "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }  # fmt: skip
    return folder, environment


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("page", OURS, ids=lambda page: page.stem)
def test_the_commands_of_a_page(page: Path, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    todo = steps(text)
    done = run(todo, *folder_of(text, request, tmp_path))
    for step, (code, printed) in zip(todo, done, strict=True):
        assert (code, matches(step.output, printed)) == (step.code, True), f"$ {step.command}\n{printed}\n[{code}]"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_is_run_somewhere(page: Path) -> None:
    """In console blocks, which are run here or by the test that the page names."""
    text = page.read_text(encoding="utf-8")
    if BLOCK.search(text) and page not in OURS:
        assert (found := ELSEWHERE.search(text)), "say where its commands run: see CONTRIBUTING.md"
        assert (REPO / found["test"]).is_file()
    for block in re.finditer(r"^```(\w*)[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        shell = block[1] in ("sh", "bash", "shell") or re.search(r"^\$ ", block[2], re.MULTILINE)
        assert block[1] == "console" or not shell, block[0]


def test_how_blocks_are_read() -> None:
    page = "```console exit=1\n$ echo a\na\n$ cat <<E\n> b ...\n> E\nb\n```\n```text\n$ not run\n```\n"
    assert steps(page) == [Step("echo a", 0, "a\n"), Step("cat <<E\nb ...\nE", 1, "b\n")]
    assert run(steps(page), REPO, dict(os.environ)) == [(0, "a\n"), (0, "b ...\n")]
    assert matches("a ... c", "x a\n b  c")
    assert not matches("a ... c", "c a")
