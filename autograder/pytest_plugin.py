"""`pytest --handgrad conv2d.py`: one test for each check of a unit, explained as in the terminal.

Files of the course are not imported: they are checked as `handgrad check` does it. Without `--handgrad`, nothing here
does anything.
"""

import ast
import io
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from autograder.course import Entry
    from autograder.model import CheckResult, Report


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("handgrad", "handgrad: checks of hand-written gradients")
    group.addoption("--handgrad", action="store_true", help="check the course's files: one test for each check")
    group.addoption("--handgrad-hidden", action="store_true", help="the hidden checks too: how they fail, not on what")
    group.addoption("--handgrad-seed", type=int, default=0, metavar="N", help="another number draws other cases")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, Any, Any]:
    """A file of the course is for us alone: others would import it."""
    entry = entry_of(file_path) if parent.config.getoption("handgrad") else None
    if entry is None:
        return (yield)
    yield
    unit = UnitFile.from_parent(parent, path=file_path)
    unit.entry = entry
    return [unit]


def entry_of(path: Path) -> "Entry | None":
    from autograder.course import COURSE

    return next((entry for entry in COURSE if path.name == f"{entry.name}.py"), None)


class UnitFile(pytest.File):
    """A student's file. It is checked once, when the first of its tests runs."""

    entry: "Entry"
    report: "Report | None" = None

    def collect(self) -> Iterator["CheckItem"]:
        from autograder.course import load

        hidden, lines = self.config.getoption("handgrad_hidden"), _lines(self.path)
        for check in load(self.entry.path).checks:
            if not check.law and (hidden or not check.hidden):
                item = CheckItem.from_parent(self, name=check.name)
                item.line = lines.get(check.functions[0], 0)
                yield item

    def result(self, name: str) -> "CheckResult | None":
        from autograder.study.checker import How, check_files

        if self.report is None:
            how = How(seed=self.config.getoption("handgrad_seed"), hidden=self.config.getoption("handgrad_hidden"))
            (self.report,) = check_files([(self.path, self.entry)], how)
        return next((result for result in self.report.results if result.check == name), None)


class CheckItem(pytest.Item):
    """One check of one file; `line` is where the function that it is about begins."""

    line = 0

    def runtest(self) -> None:
        assert isinstance(self.parent, UnitFile)
        result = self.parent.result(self.name)
        if result is None or result.verdict == "skipped":
            pytest.skip("not run: see the other checks")
        if result.verdict == "passed":
            return
        if result.advice:
            pytest.xfail(f"advice, no points: {result.message}")
        if result.bonus and result.verdict == "missing":
            pytest.skip("bonus, not attempted")
        raise CheckFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        error = excinfo.value
        return explanation(error.result) if isinstance(error, CheckFailed) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line, self.name


class CheckFailed(Exception):
    """A check found something wrong."""

    def __init__(self, result: "CheckResult") -> None:
        super().__init__(result.message)
        self.result = result


def explanation(result: "CheckResult") -> str:
    """What `handgrad check` says of it."""
    from rich.console import Console

    from autograder.reporting.terminal import show_check

    text = io.StringIO()
    show_check(Console(file=text, width=100, highlight=False), result)
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().split("\n"))


def _lines(path: Path) -> dict[str, int]:
    """Where each function of a file begins, counted from 0; nothing if it cannot be read."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, ValueError, SyntaxError):
        return {}
    return {node.name: node.lineno - 1 for node in tree.body if isinstance(node, ast.FunctionDef)}
