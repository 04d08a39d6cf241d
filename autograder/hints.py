"""Hints, one step at a time: which property is broken, which mistake breaks it, which term of the formula to mend.

How far a student has come is kept beside their files, in `.handgrad/hints.json`, by unit and mistake.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Report

FOLDER = ".handgrad"


@dataclass(frozen=True, slots=True)
class Hint:
    """One step of the hints for one failed check."""

    unit: str
    step: int
    steps: int
    text: str


def next_hint(report: Report, folder: Path) -> Hint | None:
    """The next step for the first failure that has hints; from the last step on, the last. None if there are none."""
    for result in report.results:
        diagnosis = result.diagnosis
        if result.advice or not diagnosis or not diagnosis.hints:
            continue
        key = f"{report.unit}:{result.check.split('.')[0]}:{'+'.join(diagnosis.misconceptions)}"
        step = min(max(_told(folder).get(key, 0), 0) + 1, len(diagnosis.hints))
        _remember(folder, key, step)
        return Hint(report.unit, step, len(diagnosis.hints), diagnosis.hints[step - 1])
    return None


def _told(folder: Path) -> dict[str, int]:
    try:
        told = json.loads((folder / FOLDER / "hints.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: step for key, step in told.items() if isinstance(step, int)} if isinstance(told, dict) else {}


def _remember(folder: Path, key: str, step: int) -> None:
    path = folder / FOLDER / "hints.json"
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(_told(folder) | {key: step}, indent=1), encoding="utf-8")
    except OSError:
        pass  # a folder that cannot be written to only means that the first step comes again
