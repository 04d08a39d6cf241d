"""Every hostile submission in one batch, with honest ones before and after, through the real grader and sandbox.

Run as a script with a folder, it writes the cases there as a class.
"""

import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile import Case, children, footprints, function_of, graded, left_over, read_case, resident, sandboxes

from autograder.course import load
from autograder.grading.batch import Done, Job, Settings, grade_all, run_job
from autograder.grading.seeds import Seed
from autograder.grading.store import Store
from autograder.model import Report, Verdict
from autograder.reporting.csv import grades
from autograder.reporting.escape import terminal
from autograder.reporting.html import render
from autograder.submission import Submission, take_in

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "submissions" / "hostile"
HONEST = "_honest.py"
SETTINGS = Settings(Seed(0), "bubblewrap", seconds=1.0, only=("convolution/conv2d",))
JOBS = 3  # one more than two cores: much of the time is spent waiting for deadlines
ORDINARY = ("a_honest", "cmp_infinite", "cmp_mutate_inputs", "res_fd_exhaust", "sta_call_counter", "src_int_dtype")
MEBIBYTE = 1 << 20


ALL = {path.stem: read_case(path) for path in sorted(CASES.glob("[!_]*.py"))}


def write_class(folder: Path) -> None:
    """The cases as a class, with an honest submission before and one after them."""
    honest = (CASES / HONEST).read_bytes()
    sources = {"a_honest": honest, "z_honest": honest, **{name: submitted(case) for name, case in ALL.items()}}
    for name, source in sources.items():
        target = folder / name / "convolution" / "conv2d.py"
        target.parent.mkdir(parents=True)
        target.write_bytes(source)


@dataclass(frozen=True)
class Batch:
    """What came of the batch, and of the machine."""

    reports: dict[str, Report]
    pages: dict[str, str]
    table: str
    grown: dict[int, int]
    changed: list[str]
    left: list[str]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    root = tmp_path_factory.mktemp("hostile")
    write_class(root / "class")
    (root / "canary").mkdir()
    (root / "canary" / "file").write_text("untouched")
    submissions = take_in(root / "class").submissions
    before, processes = footprints(root / "canary", root / "class", folders=(CASES, HERE)), sandboxes()
    load("convolution/conv2d")
    with ProcessPoolExecutor(JOBS, multiprocessing.get_context("fork")) as executor:
        warm = [each for each in submissions if each.student in ORDINARY]
        for number in range(3):
            run(warm * JOBS, root / f"warm{number}", executor)
        sizes = {pid: resident(pid) for pid in children()}
        done = run(submissions, root / "results", executor)
        grown = {pid: resident(pid) - size for pid, size in sizes.items()}
    return Batch(
        reports={each.result.student: each.result.reports[0] for each in done},
        pages={each.result.student: render(each.result.student, "convolution", each.result.reports) for each in done},
        table=grades([each.result for each in done]),
        grown=grown,
        changed=sorted(before ^ footprints(root / "canary", root / "class", folders=(CASES, HERE))),
        left=sorted(left_over(processes)),
    )


def run(submissions: Sequence[Submission], out: Path, executor: Executor) -> list[Done]:
    """Through one pool for all batches, so that its processes can be watched: whatever kills one breaks the pool."""

    def runner(jobs: Sequence[Job]) -> Iterator[Done]:
        for future in as_completed([executor.submit(run_job, job) for job in jobs]):
            yield future.result()

    return list(grade_all(submissions, SETTINGS, Store(out), runner))


def hits(case: Case) -> set[str]:
    return set(case.fields["hits"].replace("all", "pad2d conv2d_forward conv2d_backward").split())


def submitted(case: Case) -> bytes:
    alone = case.fields.get("base") == "none"
    return case.source if alone else (CASES / HONEST).read_bytes() + b"\n\n" + case.source


pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("name", ALL)
def test_it_gets_its_verdict(batch: Batch, name: str) -> None:
    case, report = ALL[name], batch.reports[name]
    hit = [result for result in graded(report) if function_of(result) in hits(case)]
    verdicts = {result.verdict.value for result in hit}
    assert verdicts <= case.expected
    assert case.expected == {"passed"} or verdicts != {"passed"}
    assert all(result.earned == 0 for result in hit if result.verdict is not Verdict.PASSED)


@pytest.mark.parametrize("name", ALL)
def test_what_it_does_not_hit_keeps_full_marks(batch: Batch, name: str) -> None:
    case = ALL[name]
    if case.fields.get("others") == "any":
        pytest.skip("this attack costs the other functions their marks too")
    others = [result for result in graded(batch.reports[name]) if function_of(result) not in hits(case)]
    assert [result for result in others if result.earned < result.points] == []


@pytest.mark.parametrize("name", ALL)
def test_the_message_is_honest(batch: Batch, name: str) -> None:
    failures = [result for result in graded(batch.reports[name]) if result.verdict is not Verdict.PASSED]
    shown = [result.message for result in failures if not result.hidden]
    assert all(shown)
    assert ALL[name].fields.get("says", "") in "\n".join(shown)
    assert all(len(message) < 3000 for message in shown)
    assert not any("the grader failed" in message or "cannot be judged" in message for message in shown)


@pytest.mark.parametrize("name", ALL)
def test_hidden_checks_tell_nothing(batch: Batch, name: str) -> None:
    for result in graded(batch.reports[name]):
        if result.hidden and result.verdict not in (Verdict.PASSED, Verdict.UNGRADABLE):
            assert len(result.message) < 120
            assert result.counterexample is None
            assert "exit code" not in result.message


@pytest.mark.parametrize("name", ALL)
def test_it_gets_hold_of_nothing(batch: Batch, name: str) -> None:
    report = batch.reports[name]
    texts = [report.output, *(result.message.split(" in line ")[0] for result in report.results)]
    assert not any("LOOT" in text for text in texts)


@pytest.mark.parametrize("name", ALL)
def test_reports_hold_no_control_characters(batch: Batch, name: str) -> None:
    page = batch.pages[name]
    assert page == terminal(page)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_table_is_harmless(batch: Batch) -> None:
    assert batch.table == terminal(batch.table)


@pytest.mark.parametrize("name", ["a_honest", "z_honest"])
def test_honest_submissions_are_unaffected(batch: Batch, name: str) -> None:
    report = batch.reports[name]
    assert report.score == report.possible


def test_nothing_is_written_outside(batch: Batch) -> None:
    assert batch.changed == []


def test_no_process_is_left(batch: Batch) -> None:
    assert batch.left == []


def test_the_graders_memory_is_where_it_was(batch: Batch) -> None:
    assert len(batch.grown) >= JOBS
    assert max(batch.grown.values()) < 10 * MEBIBYTE


def test_there_are_enough_cases() -> None:
    assert len(ALL) >= 68 + 20


def test_dangerous_cases_keep_their_interlock() -> None:
    for case in ALL.values():
        if "fuse" in case.fields:
            assert b"armed only inside the grading sandbox" in case.source.split(b'"""')[2][:400]


if __name__ == "__main__":
    write_class(Path(sys.argv[1]))
