"""Hostile submissions of units in PyTorch, and of units that borrow functions from the grader, in one batch."""

import pytest
from hostile_batches import Batch, torch_batch
from hostile_cases import TORCH_CASES, faults, read_cases

from autograder.course import COURSE, load
from autograder.reporting.csv import grades
from autograder.reporting.escape import terminal

ALL = read_cases(TORCH_CASES)
MOST_GROWTH = 400 << 20  # bytes at the worst moment: the grader's own work for one call that it lends, and then some

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return torch_batch(ALL, tmp_path_factory.mktemp("hostile"))


def test_hostile_submissions_get_what_they_deserve(batch: Batch) -> None:
    found = {name: [*faults(case, batch.reports[name], batch.pages[name])] for name, case in ALL.items()}
    assert [f"{name}: {problem[:300]}" for name, problems in found.items() for problem in problems] == []
    table = grades(batch.results)
    assert table == terminal(table)


def test_nobody_else_and_nothing_is_affected(batch: Batch) -> None:
    assert len(batch.controls) == 2 * len({case.unit for case in ALL.values()})
    assert [(report.unit, report.score) for report in batch.controls if report.score < report.possible] == []
    assert batch.traces.changed == []
    assert batch.traces.left == []
    assert max(batch.traces.grown.values()) < MOST_GROWTH


def test_there_are_enough_cases() -> None:
    torch = [name for name, case in ALL.items() if case.unit.startswith("vision/")]
    assert len(torch) >= 30
    assert len(ALL) - len(torch) >= 10


def test_no_unit_borrows_what_it_asks_for() -> None:
    for entry in COURSE:
        unit = load(entry.path)
        assert not set(unit.borrows) & set(unit.functions), entry.path
