"""The class at a glance: the right counts, nobody named where nobody has to be, and a page that holds thousands."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from command import Command
from exported import CLASS, CRASHED, EVIL, HOSTILE, PARTIAL, RIGHT, conv2d, result

from autograder.exports.results import Stored
from autograder.grading.adjustments import Adjustment
from autograder.grading.store import Store
from autograder.model import Diagnosis, Verdict
from autograder.overview.figures import overview
from autograder.overview.page import render
from autograder.overview.similar import Pair, pairs
from autograder.submission import Submission

NAMED = replace(
    PARTIAL, diagnosis=Diagnosis("You cut.", "exactly when padding = 0", "", ("cut",), ("a", "b", "Do it so."))
)
LONGER = replace(NAMED, counterexample=replace(NAMED.counterexample, setup="x = np.zeros((9, 9))  # longer"))
VOID = {"meta", "rect", "line", "br"}


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(capsys, monkeypatch)


def stored(*results: object) -> list[Stored]:
    return [Stored(each, {"conv2d": float(number)}) for number, each in enumerate(results)]  # type: ignore[arg-type]


class Nested(HTMLParser):
    """Fails where tags are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag


def test_the_figures_of_a_small_class() -> None:
    figures = overview(stored(
        result("ada", conv2d(RIGHT)), result("bela", conv2d(LONGER)), result("chen", conv2d(NAMED)),
        result("dora", conv2d(CRASHED, hidden=False)),
    ))  # fmt: skip
    assert figures.students == 4
    [scores] = figures.distributions
    assert (scores.possible, scores.median, sum(scores.counts), scores.counts[9]) == (10, 8.4, 4, 1)
    [unit] = figures.units
    assert (unit.full, unit.students) == (1, 4)
    plain, rectangular, secret, bonus = unit.checks
    assert plain.counts == {Verdict.PASSED: 1, Verdict.FAILED: 2, Verdict.CRASHED: 1}
    assert rectangular.counts == {Verdict.PASSED: 4}
    assert (secret.hidden, bonus.bonus) == (True, True)
    [mistake] = figures.mistakes
    assert (mistake.name, mistake.students, mistake.hint) == ("cut", 2, "Do it so.")
    assert mistake.example == NAMED.counterexample
    [condition] = figures.conditions
    assert (condition.function, condition.when, condition.students) == ("f", "exactly when padding = 0", 2)
    assert [slow.student for slow in figures.slowest][:2] == ["dora", "chen"]


def test_points_by_hand_count_and_bonus_points_are_told_apart() -> None:
    crashed = replace(CRASHED, earned=2)  # of 4; the bonus makes up for it
    ada, bela, chen = stored(
        *(
            result(name, conv2d(first, bonus=2))
            for name, first in (("ada", crashed), ("bela", CRASHED), ("chen", RIGHT))
        )
    )
    unit = "convolution/conv2d"
    by_hand = replace(
        bela, adjustments={unit: [Adjustment("bela", unit, 1.5, "oral"), Adjustment("bela", unit, -1, "late")]}
    )
    figures = overview([ada, by_hand, chen])
    [scores], [row] = figures.distributions, figures.units
    assert (scores.median, scores.counts[8:], scores.adjusted, round(scores.bonus, 2)) == (10, (1, 2), 1, 1.33)
    assert (row.full, row.filled, row.adjusted, round(row.mean, 2)) == (2, 1, 1, 9.5)
    page = " ".join(render(figures).split())
    assert "median 10, mean 9.5 of 10, 1.33 of it bonus" in page
    assert "2 of 3 have all, 1 of them by bonus points" in page
    assert page.count('<span class="badge neutral">1 score adjusted by hand</span>') == 2
    assert "adjusted by hand" not in render(overview([ada, bela, chen]))


def test_a_unit_that_is_a_bonus_as_a_whole_has_no_points_of_nothing() -> None:
    alone = [each for each in conv2d(RIGHT, bonus=2) if each.bonus]
    page = render(overview(stored(result("ada", tuple(alone)), result("bela", (replace(alone[0], earned=1),)))))
    assert 'mean 1.5 bonus points;</span> <span class="points">1 of 2 have all</span>' in page


def test_two_names_for_one_failure_count_for_neither() -> None:
    both = replace(NAMED, diagnosis=replace(NAMED.diagnosis, misconceptions=("cut", "other")))
    assert overview(stored(result("ada", conv2d(both)))).mistakes == ()


def test_the_page_is_whole_names_nobody_needlessly_and_runs_nothing() -> None:
    page = render(
        overview(stored(*CLASS, result("chen", conv2d(NAMED)))), [Pair("convolution/conv2d", EVIL, "zoe", 0.9)]
    )
    nested = Nested()
    nested.feed(page)
    assert nested.open == []
    assert nested.seen.count("script") == 0
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "\x1b" not in page
    assert "\u202e" not in page
    before_the_lists = page.split('id="ungraded"')[0]
    assert "chen" not in before_the_lists
    assert "zoe" not in before_the_lists
    assert page.count('role="img" aria-label="Students by score: ') == 1
    assert HOSTILE not in page


def test_a_page_for_3000_students_stays_small() -> None:
    many = [replace(each, student=f"{each.student} {number}") for number in range(600) for each in CLASS]
    assert len(many) == 3000
    assert len(render(overview(stored(*many))).encode()) < 3_000_000


def test_the_command_writes_it_and_says_what_is_wrong(tmp_path: Path, command: Command) -> None:
    store = Store(tmp_path / "results")
    for each in (result("ada", conv2d(RIGHT)), result("bela", conv2d(NAMED))):
        store.save(each, {})
    out = tmp_path / "class.html"
    ended = command("report", tmp_path / "results", "--out", out)
    assert (ended.code, ended.out) == (0, f"wrote {out}: 2 students, 1 known mistake\n")
    assert "You cut." in out.read_text()
    rows = "student,unit,points,reason\nada,convolution/conv2d,-3,late\nzoe,convolution/conv2d,1,oral\n"
    (tmp_path / "results" / "adjustments.csv").write_text(rows)
    ended = command("report", tmp_path / "results", "--out", out)
    assert "; adjustments.csv: 1 adjustment for which there is no result" in ended.out
    assert "1 score adjusted by hand" in out.read_text()
    assert command("report", tmp_path / "nowhere", "--out", out).code == 2
    assert "is a folder" in command("report", tmp_path / "results", "--out", tmp_path).line


LOOPS = """
def conv2d_forward(x, w, b, stride=1, padding=0):
    out = np.zeros((n, f, h, wd))
    for i in range(h):
        for j in range(wd):
            window = xp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, :, i, j] = np.tensordot(window, w, ((1, 2, 3), (1, 2, 3))) + b
    return out
"""
EINSUM = (
    LOOPS.split("    for i")[0]
    + """
    view = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    total = np.einsum("ncijkl,fckl->nfij", view, w, optimize=True)
    total += b[None, :, None, None]
    assert total.shape == out.shape and total.dtype == out.dtype and not np.isnan(total).any()
    return total
"""
)


def of(student: str, source: str) -> Submission:
    return Submission(student, "convolution", {"conv2d": source})


def test_renamed_and_reformatted_code_is_alike_and_other_code_is_not() -> None:
    pytest.importorskip("datasketch", reason="needs the extra `similar`")
    disguised = LOOPS.replace("window", "patch").replace("out", "y").replace("    for", "    # loops\n    for", 1)
    found = pairs([of("ada", LOOPS), of("bela", disguised), of("chen", EINSUM), of("dora", "def (")], {})
    assert [(pair.one, pair.other, pair.share) for pair in found] == [("ada", "bela", 1.0)]
    assert pairs([of("ada", LOOPS), of("bela", disguised)], {"convolution/conv2d": LOOPS}) == []
