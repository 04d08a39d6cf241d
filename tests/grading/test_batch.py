"""A batch: what has changed is graded, what has not is not, and nothing that happens to one stops the others."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from classes import CORRECT, FULL, SECRET, STUB, WRONG, report_of

from autograder.errors import GraderError
from autograder.grading import batch
from autograder.grading.batch import Done, Job, Settings, given_up, grade_all, make_job, run_job
from autograder.grading.seeds import Seed
from autograder.grading.store import Store
from autograder.model import Result, Reveal, Verdict
from autograder.submission import Submission

SETTINGS = Settings(Seed(0, SECRET), "none")
CLASS = {"ada": CORRECT, "bela": WRONG, "carl": STUB}


def submissions(sources: dict[str, str]) -> list[Submission]:
    return [Submission(student, "convnets", {"pooling": source}) for student, source in sources.items()]


@pytest.fixture
def run() -> Iterator[Any]:
    """Runs jobs in this process, and keeps account of whose."""

    def runner(jobs: Sequence[Job]) -> Iterator[Done]:
        for job in jobs:
            runner.graded.append(job.submission.student)
            yield run_job(job)

    runner.graded = []
    yield runner
    batch.close_workers()


def results(
    store: Store, run: Any, sources: dict[str, str] = CLASS, settings: Settings = SETTINGS
) -> dict[str, Result]:
    run.graded.clear()
    return {done.result.student: done.result for done in grade_all(submissions(sources), settings, store, run)}


def test_a_class_is_graded_once_and_then_only_what_changed(tmp_path: Path, run: Any) -> None:
    store = Store(tmp_path)
    first = results(store, run)
    assert [first[name].score for name in CLASS] == [FULL, first["bela"].score, 0]
    assert 0 < first["bela"].score < FULL
    assert run.graded == list(CLASS)
    assert results(store, run) == first
    assert run.graded == []
    changed = results(store, run, CLASS | {"carl": CORRECT, "dora": STUB})
    assert run.graded == ["carl", "dora"]
    assert changed == first | {"carl": changed["carl"], "dora": changed["dora"]}
    assert changed["carl"].score == FULL


def test_a_damaged_result_is_graded_again(tmp_path: Path, run: Any) -> None:
    store = Store(tmp_path)
    first = results(store, run)
    (tmp_path / "ada/convnets.json").write_text("{")
    (tmp_path / "bela/convnets.json").unlink()
    (tmp_path / "carl/convnets.times.json").write_text("damaged, and nobody minds")
    assert results(store, run) == first
    assert run.graded == ["ada", "bela"]


def test_the_key_changes_with_everything_that_decides_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = Submission("ada", "convnets", {"pooling": "x"})
    others = [
        replace(ada, student="bela"), replace(ada, assignment="recurrence"), replace(ada, sources={"pooling": "y"}),
        replace(ada, sources={}), replace(ada, problems={"pooling": "x"}), replace(ada, sources={"padding": "x"}),
        replace(ada, notebooks=frozenset({"pooling"})),
    ]  # fmt: skip
    changes: list[dict[str, Any]] = [
        {"seed": Seed(1, SECRET)}, {"seed": Seed(0, SECRET + b".")}, {"sandbox": "bubblewrap"}, {"hidden": False},
        {"reveal": Reveal.ALL}, {"reveal": Reveal.DIAGNOSIS}, {"seconds": 2.0},
    ]  # fmt: skip
    keys = [make_job(each, SETTINGS).key for each in (ada, *others)]
    keys += [make_job(ada, replace(SETTINGS, **change)).key for change in changes]
    monkeypatch.setattr(batch, "versions", lambda: {"numpy": "0"})
    keys.append(make_job(ada, SETTINGS).key)
    monkeypatch.setattr(batch, "code_digest", lambda: "other code")
    keys.append(make_job(ada, SETTINGS).key)
    assert len(set(keys)) == len(keys) == 17
    monkeypatch.undo()
    assert make_job(replace(ada), SETTINGS).key == keys[0]


def test_the_code_s_digest_is_that_of_grader_and_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = [batch.code_digest.__wrapped__()]
    for content in ("a = 1", "a = 2"):
        (tmp_path / "unit.py").write_text(content)
        monkeypatch.setattr(batch.reference, "__path__", [str(tmp_path)])
        digests.append(batch.code_digest.__wrapped__())
    assert len(set(digests)) == 3


def test_a_fault_of_the_grader_costs_one_submission_and_is_tried_again(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = batch.grade_entry

    def faulty(submission: Submission, *arguments: Any, **options: Any) -> Any:
        if submission.student == "bela":
            raise ZeroDivisionError("a bug of ours")
        return real(submission, *arguments, **options)

    store = Store(tmp_path)
    monkeypatch.setattr(batch, "grade_entry", faulty)
    first = results(store, run)
    report = report_of(first["bela"])
    assert {result.verdict for result in report.results} == {Verdict.UNGRADABLE}
    assert report.notes == ("the grader failed, which is not the student's fault: ZeroDivisionError: a bug of ours",)
    assert (first["ada"].score, first["carl"].score, first["bela"].score) == (FULL, 0, 0)
    assert not first["bela"].key
    monkeypatch.undo()
    again = results(store, run)
    assert run.graded == ["bela"]
    assert again["bela"].score > 0


def test_a_sandbox_that_does_not_start_is_a_fault_of_the_grader(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any) -> Any:
        raise GraderError("the worker did not start (bubblewrap): no space")

    monkeypatch.setattr(batch.Workers, "_start", refuse)
    assert "did not start" in report_of(results(Store(tmp_path), run)["ada"]).notes[0]


def test_what_was_given_up_says_so_and_is_tried_again() -> None:
    job = make_job(Submission("ada", "convnets", {"pooling": CORRECT}, problems={"x": "y"}), SETTINGS)
    done = given_up(job)
    assert "killed each time" in report_of(done.result).notes[0]
    assert (done.result.key, done.result.score) == ("", 0)
    assert done.result.problems == {"x": "y"}


def test_what_cannot_be_graded_and_what_is_missing_have_their_reasons(tmp_path: Path, run: Any) -> None:
    handed_in = [
        Submission("ada", "convnets", problems={"pooling": "pooling.py cannot be graded: it is not UTF-8"}),
        Submission("bela", "convnets"),
    ]
    done = {each.result.student: each.result for each in grade_all(handed_in, SETTINGS, Store(tmp_path), run)}
    assert {result.verdict for result in report_of(done["ada"]).results} == {Verdict.UNGRADABLE}
    assert report_of(done["ada"]).notes == ("pooling.py cannot be graded: it is not UTF-8",)
    assert {result.verdict for result in report_of(done["bela"]).results} == {Verdict.MISSING}
    assert report_of(done["bela"]).notes == ("no pooling.py was handed in",)
    assert [report_of(done[name]).possible for name in done] == [FULL, FULL]


def test_the_page_is_stored_with_the_result_and_not_made_again(tmp_path: Path, run: Any) -> None:
    made = []

    def page(result: Result) -> str:
        made.append(result.student)
        return f"<p>{result.score:g}</p>"

    for _ in range(2):
        list(grade_all(submissions({"ada": CORRECT}), SETTINGS, Store(tmp_path), run, page))
    assert made == ["ada"]
    assert (tmp_path / "ada/convnets.html").read_text() == f"<p>{FULL:g}</p>"


def test_another_deadline_for_calls_leaves_the_rest(tmp_path: Path, run: Any) -> None:
    endless = CORRECT.replace("    ### BEGIN", "    while True: pass\n    ### BEGIN", 1)
    assert endless != CORRECT
    found = results(Store(tmp_path), run, {"ada": endless}, replace(SETTINGS, seconds=0.3))["ada"]
    assert any("within 0.3 seconds" in result.message for result in report_of(found).results)
