"""Every hostile submission in one batch, with honest ones before and after, through the real grader and sandbox."""

import pytest
from hostile_batches import JOBS, Batch, conv2d_batch
from hostile_cases import CASES, faults, read_cases

from autograder.reporting.csv import grades
from autograder.reporting.escape import terminal

ALL = read_cases(CASES)
MEBIBYTE = 1 << 20

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return conv2d_batch(ALL, tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("name", ALL)
def test_it_gets_what_it_deserves(batch: Batch, name: str) -> None:
    """Verdict, marks, message, page: see `faults`."""
    assert [*faults(ALL[name], batch.reports[name], batch.pages[name])] == []


def test_the_table_is_harmless(batch: Batch) -> None:
    table = grades(batch.results)
    assert table == terminal(table)


def test_honest_submissions_are_unaffected(batch: Batch) -> None:
    assert [report.score for report in batch.controls] == [report.possible for report in batch.controls]
    assert len(batch.controls) == 2


def test_nothing_is_written_outside(batch: Batch) -> None:
    assert batch.traces.changed == []


def test_no_process_is_left(batch: Batch) -> None:
    assert batch.traces.left == []


def test_the_graders_memory_is_where_it_was(batch: Batch) -> None:
    assert len(batch.traces.grown) >= JOBS
    assert max(batch.traces.grown.values()) < 10 * MEBIBYTE


def test_there_are_enough_cases() -> None:
    assert len(ALL) >= 68 + 20


def test_dangerous_cases_keep_their_interlock() -> None:
    for case in ALL.values():
        if "fuse" in case.fields:
            assert b"armed only inside the grading sandbox" in case.source.split(b'"""')[2][:400]
