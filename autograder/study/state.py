"""What is remembered of a learner: one small file in the folder of their course, `.handgrad.json`.

It only spares work: whatever becomes of it, `handgrad check` finds again what is right. So a file that cannot be
read is set aside with a word, and a folder that cannot be written to is no reason to stop.
"""

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from autograder.model import Report, Verdict

NAME = ".handgrad.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """How a unit ended when it was last checked; `hidden` if its hidden checks were passed as well.

    `bonus` is how much of the score is bonus.
    """

    score: float
    possible: float
    passed: bool
    hidden: bool = False
    bonus: float = 0


@dataclass(frozen=True, slots=True)
class State:
    """`current` is the unit checked last; `hints` counts the steps told, by unit and mistake."""

    format: int = FORMAT
    current: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    hints: Mapping[str, int] = field(default_factory=dict)

    def done(self, unit: str) -> bool:
        return unit in self.marks and self.marks[unit].passed

    def checked(self, report: Report) -> "State":
        """With the result of a check."""
        mark = mark_of(report)
        before = self.marks.get(report.unit)
        if before and before.hidden and mark.passed and not mark.hidden:  # this check ran the others only
            mark = before
        return replace(self, current=report.unit, marks={**self.marks, report.unit: mark})

    def told(self, hint: str, step: int) -> "State":
        return replace(self, hints={**self.hints, hint: step})

    def forgotten(self, unit: str) -> "State":
        """Without anything about a unit, which begins anew."""
        marks = {path: mark for path, mark in self.marks.items() if path != unit}
        hints = {key: step for key, step in self.hints.items() if not key.startswith(f"{unit}:")}
        return replace(self, current=unit, marks=marks, hints=hints)


def mark_of(report: Report) -> Mark:
    """The mark for a report. In a unit that is a bonus as a whole, all of the bonus counts: there is nothing else."""
    results = [result for result in report.results if not result.advice]
    hidden = any(result.hidden for result in results)
    if report.possible:
        return Mark(report.score, report.possible, report.passed, report.passed and hidden, report.bonus)
    passed = all(result.verdict is Verdict.PASSED for result in results)
    earned, points = (sum(getattr(result, name) for result in results) for name in ("earned", "points"))
    return Mark(earned, points, passed, passed and hidden, earned)


class Memory:
    """The state of one course's folder. `trouble` says, once, why nothing is known or kept."""

    def __init__(self, home: Path) -> None:
        self.path = home / NAME
        self.trouble = ""
        self._frozen = False

    def read(self) -> State:
        try:
            data = self.path.read_bytes()
        except OSError:
            return State()
        try:
            format = msgspec.json.decode(data, type=dict[str, msgspec.Raw])["format"]
            if msgspec.json.decode(format, type=int) > FORMAT:
                self._frozen = True
                self.trouble = f"{self.path.name} comes from a newer handgrad: nothing is read from it or written to it"
                return State()
            return msgspec.json.decode(data, type=State)
        except (msgspec.DecodeError, UnicodeDecodeError, KeyError) as error:
            self._set_aside("no format" if isinstance(error, KeyError) else str(error))
            return State()

    def change(self, changed: Callable[[State], State]) -> State:
        """Read, change, write: at once, so that a watch and a command beside it do not undo each other's work."""
        from autograder.grading.store import write_atomically

        state = changed(self.read())
        if not self._frozen:
            with contextlib.suppress(OSError):
                write_atomically(self.path, msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n")
        return state

    def _set_aside(self, why: str) -> None:
        broken = self.path.with_name(f"{NAME}.broken")
        self.trouble = (
            f"{NAME} cannot be read ({why}); it is kept as {broken.name}. "
            "What was done is forgotten, your files are not: `handgrad check` finds out again"
        )
        with contextlib.suppress(OSError):
            os.replace(self.path, broken)
