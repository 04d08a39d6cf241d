"""Watching: check a unit again each time its file is saved, and answer keys in between."""

import hashlib
import select
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.course import Entry, find_entry
from autograder.hints import next_hint, without_hint
from autograder.model import Report
from autograder.reporting.terminal import say, show_report
from autograder.study.checker import Checker
from autograder.study.course_map import course_line, show_map
from autograder.study.keys import keyboard, pressed
from autograder.study.places import files_in, following, home_of, not_started, shown
from autograder.study.saves import Saves
from autograder.study.state import Memory, mark_of

KEYS = (("h", "hint"), ("n", "next"), ("l", "list"), ("q", "quit"))
DETAILED = 1  # failures shown in full: what comes first should stay on the screen


class Watch:
    """One learner's watch. `unit` is the unit that is shown; the others in its folder are checked when saved."""

    def __init__(self, console: Console, checker: Checker, file: Path, entry: Entry) -> None:
        self.console = console
        self.checker = checker
        self.memory = Memory(home_of(file))
        self.file, self.entry = file, entry
        self.report: Report | None = None
        self.seen: dict[str, bytes] = {}
        self.keys: int | None = None

    def run(self) -> None:
        """Until q or Ctrl-C."""
        try:
            with keyboard() as self.keys:
                while self._in_folder(self.file.absolute().parent):
                    pass
        except KeyboardInterrupt:
            self.console.print()
        finally:
            self.checker.close()

    def _in_folder(self, folder: Path) -> bool:
        """Watch one folder; True if another one is to be watched next."""
        with Saves(folder) as saves:
            self.check()
            while self.file.absolute().parent == folder:
                ready, _, _ = select.select([saves.ready, *([] if self.keys is None else [self.keys])], [], [])
                if saves.ready in ready:
                    self._saved(saves.names())
                elif self.keys is not None and not all(self._answer(key) for key in pressed(self.keys)):
                    return False
        return True

    def _saved(self, names: set[str]) -> None:
        """Check what has changed, if it is of the course."""
        units = {file.name: path for path, file in self._files().items() if file.parent == self.file.absolute().parent}
        units[self.file.name] = self.entry.path
        for name in sorted(names & units.keys(), key=lambda name: name != self.file.name):
            file = self.file.with_name(name)
            if file.is_file() and self.seen.get(units[name]) != _digest(file):
                self.file, self.entry = file, find_entry(units[name])
                self.check()

    def check(self) -> None:
        """Check the unit and show what came out."""
        if self.report is None and self.console.is_terminal:
            say(f"checking {self.entry.path} ...", "dim")
        started = time.perf_counter()
        self.seen[self.entry.path] = _digest(self.file)
        self.report = report = self.checker.check(self.file, self.entry)
        seconds = time.perf_counter() - started
        self.memory.change(lambda state: state.checked(report))
        self.console.clear()
        show_report(self.console, report, detailed=DETAILED)
        self._footer(seconds)
        self.checker.ahead(self.entry)

    def _footer(self, seconds: float) -> None:
        state = self.memory.read()
        self.console.print()
        if self.memory.trouble:
            say(self.memory.trouble, "yellow")
        if self.report and mark_of(self.report).passed:
            self.console.print(self._what_next(), style="bold green")
        self.console.print(course_line(self.console, state))
        self.console.print(Text(f"watching {shown(self.file)}: save it to check again ({seconds:.2f} s)", "dim"))
        self._say_keys()

    def _what_next(self) -> str:
        unit, beyond = self._next(), not_started(self._files())
        key = " (key n)" if self.keys is not None else ""
        if unit:
            return f"{self.entry.name}: all checks passed. Next: {unit}{key}"
        if beyond:
            return f"{self.entry.name}: all checks passed, as in all that is here. Next: handgrad start {beyond}{key}"
        return "All of the course passed. Well done!"

    def _say_keys(self) -> None:
        if self.keys is not None:
            parts = [part for key, word in KEYS for part in ((key, "bold"), f" {word}   ")]
            self.console.print(Text.assemble(*parts))

    def _answer(self, key: str) -> bool:
        """Do what a key asks for; False to end."""
        if key == "h":
            self._hint()
        elif key == "n":
            self._go_on()
        elif key == "l":
            self.console.clear()
            show_map(self.console, self.memory.read(), self._files(), here=self.entry.path)
            self.console.print()
            self._say_keys()
        return key != "q"

    def _hint(self) -> None:
        hint = self.report and next_hint(self.report, self.memory.read().hints)
        self.console.print()
        if hint:
            self.memory.change(lambda state: state.told(hint.key, hint.step))
            self.console.print(Text.assemble((f"hint {hint.step} of {hint.steps}: ", "bold"), hint.text))
        elif self.report:
            self.console.print(without_hint(self.report))

    def _go_on(self) -> None:
        """To the next unit that is not done; where there is none, to the next assignment's."""
        from autograder.kit import start

        unit, beyond = self._next(), not_started(self._files())
        if not unit and beyond:
            start(beyond, self.memory.path.parent)
            unit = self._next()
        if not unit:
            self.console.print("there is no other unit that is not done")
            return
        before = self.file.absolute().parent
        self.file, self.entry = self._files()[unit], find_entry(unit)
        if self.file.parent == before:  # else the new folder's watch begins with a check
            self.check()

    def _next(self) -> str:
        return following(self.memory.read(), self._files(), after=self.entry.path)

    def _files(self) -> dict[str, Path]:
        return files_in(self.memory.path.parent)


def _digest(file: Path) -> bytes:
    try:
        return hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return b""
