"""Grading a unit again after it was corrected: what would change is known before anything is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.errors import UsageError
from autograder.grading.batch import Done, Job, Settings, make_job
from autograder.grading.store import Store
from autograder.model import Report, Result
from autograder.submission import Submission


@dataclass(frozen=True, slots=True)
class Regraded:
    """A result as it was, and as it is with some units graded again."""

    before: Result
    after: Result
    times: dict[str, float]

    @property
    def changed(self) -> bool:
        return self.before.reports != self.after.reports

    @property
    def difference(self) -> float:
        return round(self.after.score - self.before.score, 6)


def regrade(
    submissions: Sequence[Submission],
    settings: Settings,
    store: Store,
    run: Callable[[Sequence[Job]], Iterator[Done]],
) -> Iterator[Regraded]:
    """Grade the units in `settings.only` again, for whoever has a result; nothing is stored."""
    known = {(each.student, each.assignment): store.load(each.student, each.assignment) for each in submissions}
    jobs = [make_job(each, settings) for each in submissions if known[each.student, each.assignment]]
    for done in run(jobs) if jobs else ():
        before = known[done.result.student, done.result.assignment]
        assert before is not None
        yield Regraded(before, merged(before, done.result), done.times)


def merged(before: Result, again: Result) -> Result:
    """The earlier result with the new reports in it, in their places. Its key stays: a whole run is not misled."""
    fresh = {report.unit: report for report in again.reports}
    for report in before.reports:
        _expect_same_seed(before.student, report, fresh.get(report.unit))
    kept = tuple(fresh.pop(report.unit, report) for report in before.reports)
    return replace(before, key=before.key if again.key else "", reports=(*kept, *fresh.values()))


def _expect_same_seed(student: str, old: Report, new: Report | None) -> None:
    if new is not None and old.seed != new.seed:
        raise UsageError(
            f"{student} was graded with --seed {old.seed}; give the same seed, or scores change for no reason"
        )


def keep(regraded: Regraded, store: Store, page: Callable[[Result], str]) -> None:
    """Store the new result, and the earlier one beside it as `convolution.json.1` and so on."""
    store.keep_earlier(regraded.before.student, regraded.before.assignment)
    store.save(regraded.after, regraded.times, page(regraded.after))
