"""Reports in a terminal: what is wrong first, at any width, and nothing of a student's that steers it."""

import io
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from autograder.classroom import brief
from autograder.model import CheckResult, Counterexample, Diagnosis, Report, Result, Verdict
from autograder.reporting.csv import grades
from autograder.reporting.escape import UNSHOWN
from autograder.reporting.terminal import class_line, show_class, show_report

PASSED = CheckResult("pad2d.values", "It pads with zeros.", Verdict.PASSED, 2, 2)
EXAMPLE = Counterexample(
    "conv2d_forward(x, w, b, stride=2)", "x = np.array([[[[1., 2.]]]])", "out", "array([[4., 3.]])", "array([[1., 2.]])"
)
DIAGNOSIS = Diagnosis(
    "You flip the kernel.", "when W > 1", "out, everywhere", ("flipped-kernel",), ("a", "b", "c"), ("It is linear.",)
)
FAILED = CheckResult(
    "conv2d_forward.values", "It computes a convolution layer.", Verdict.FAILED, 1, 4,
    "conv2d_forward: out[0, 0, 0, 0] is 4.0, but should be 1.0", counterexample=EXAMPLE, diagnosis=DIAGNOSIS,
)  # fmt: skip
CRASHED = CheckResult(
    "conv2d_backward.dx", "It gives dx.", Verdict.CRASHED, 0, 4, "ValueError: cannot broadcast in line 7: dx += dout"
)
MISSING = replace(CRASHED, check="im2col.values", verdict=Verdict.MISSING, message="not implemented yet")
ADVICE = replace(CRASHED, check="advice", verdict=Verdict.FAILED, points=0, advice=True, message="float64 came back")
GOLDEN = """
convolution/conv2d  2-D convolution layer  3 of 10 points
  printed:
    hello
  ✗ It computes a convolution layer.  1/4
    You flip the kernel.
    fails when W > 1
    where: out, everywhere
    broken law: It is linear.
    `handgrad hint` says more, one step at a time
    conv2d_forward: out[0, 0, 0, 0] is 4.0, but should be 1.0
    smallest failing call, to paste:
      x = np.array([[[[1., 2.]]]])
      conv2d_forward(x, w, b, stride=2)
    out, yours           should be
    array([[4., 3.]])    array([[1., 2.]])

  ✗ It gives dx.  0/4
    crashed: ValueError: cannot broadcast in line 7: dx += dout

  ✓ 1 of 3 checks passed
  advice, no points: It gives dx.: float64 came back
"""
CONTROL = "\x1b[2J\x07\x9b1m\u202e\ud800\r"


def report(*results: CheckResult, **changes: Any) -> Report:
    return replace(Report("ada", "convolution/conv2d", "2-D convolution layer", results, 0, "bubblewrap"), **changes)


def shown(what: Report | list[Result], width: int = 80, **options: bool) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, highlight=False)
    show_report(console, what, **options) if isinstance(what, Report) else show_class(console, what)
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


@pytest.mark.parametrize("width", [80, 120])
def test_a_report_at_both_widths(width: int) -> None:
    assert shown(report(PASSED, FAILED, CRASHED, ADVICE, output="hello\n"), width) == GOLDEN


def test_all_right_is_said_in_two_lines() -> None:
    assert shown(report(PASSED, PASSED)).splitlines()[1:] == [
        "convolution/conv2d  2-D convolution layer  4 of 4 points", "  ✓ 2 of 2 checks passed"
    ]  # fmt: skip


def test_what_failed_alike_is_said_once() -> None:
    text = shown(report(*(replace(MISSING, check=f"im2col.{n}") for n in range(14))))
    assert text.count("not implemented yet") == 1
    assert "(and 13 more checks)  0/56" in text


def test_after_three_failures_a_line_each_unless_asked() -> None:
    many = report(*(replace(CRASHED, check=f"f{n}.x", message=f"reason {n}") for n in range(5)))
    assert [f"reason {n}" in shown(many) for n in range(5)] == [True] * 3 + [False] * 2
    assert [f"reason {n}" in shown(many, verbose=True) for n in range(5)] == [True] * 5


def test_a_bonus_nobody_tried_is_no_failure() -> None:
    text = shown(report(PASSED, replace(MISSING, bonus=True)))
    assert "bonus, not attempted: It gives dx.  4 points" in text
    assert "✓ 1 of 1 checks passed" in text


def test_a_bonus_hides_no_points_that_were_lost() -> None:
    bonus = replace(PASSED, check="im2col.values", points=5, earned=5, bonus=True)
    filled, alone, stub = report(PASSED, FAILED, bonus), report(bonus), report(replace(MISSING, bonus=True))
    assert "6 of 6 points, 3 of them bonus" in shown(filled)
    assert "2 of 2 points\n" in shown(report(PASSED, bonus))
    assert ("  5 bonus points" in shown(alone), "  0 bonus points" in shown(stub)) == (True, True)
    assert (filled.passed, alone.passed, stub.passed) == (False, True, False)  # what `handgrad check` exits with
    assert "6/6 (3 bonus)  1 failed" in shown([Result("ada", "convolution", "k", (filled,))])
    together = Result("ada", "convolution", "k", (filled, alone, report(FAILED)))
    assert (together.score, together.possible, together.bonus) == (10, 10, 6)


def test_a_hidden_check_is_called_one_and_a_plain_run_too() -> None:
    assert "hidden check: It gives dx." in shown(report(replace(CRASHED, hidden=True)))
    assert "run without a sandbox" in shown(report(PASSED, sandbox="none"), verbose=True)


def test_long_output_is_cut() -> None:
    printed = "\n".join(map(str, range(100)))
    assert "printed (first 5 of 100 lines):" in shown(report(CRASHED, output=printed))
    assert "99" in shown(report(CRASHED, output=printed), verbose=True)
    assert "printed" not in shown(report(PASSED, output=printed))


@pytest.mark.parametrize("width", [20, 80, 120])
@given(text=st.text(max_size=30) | st.just(CONTROL) | st.just("[bold]x[/bold] [/] :smile:") | st.just("wide 数" * 30))
def test_what_a_student_says_steers_nothing(width: int, text: str) -> None:
    example = replace(EXAMPLE, got=text, expected=text)
    said = replace(FAILED, message=text, counterexample=example, diagnosis=Diagnosis(what=text, when=text, where=text))
    for shown_text in (
        shown(report(said, replace(ADVICE, message=text), output=text), width, verbose=True),
        shown([Result(text or "x", "convolution", "k", (report(replace(said, diagnosis=None)),))], width),
    ):
        assert not any(unicodedata.category(character) in UNSHOWN for character in shown_text.replace("\n", ""))
        assert max(map(cell_len, shown_text.split("\n"))) <= width
        shown_text.encode()


def test_markup_is_text() -> None:
    assert "[bold]x[/bold]" in shown(report(replace(CRASHED, message="[bold]x[/bold]")))


def test_a_wide_table_stays_readable() -> None:
    row = "array([" + ", ".join(["1.25"] * 60) + "])"
    example = replace(EXAMPLE, got=row, expected=row)
    text = shown(report(replace(FAILED, counterexample=example)))
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("1.25") == 120


def handed_in(student: str, *results: CheckResult) -> Result:
    return Result(student, "convolution", "key", (report(*results),))


@pytest.mark.parametrize("width", [80, 120])
def test_a_class_has_a_line_for_each(width: int) -> None:
    results = [handed_in("zoe", PASSED), handed_in("ada", FAILED, CRASHED), handed_in("bela", MISSING)]
    lines = shown(results, width).splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [
        ["ada", "convolution", "1/8"], ["bela", "convolution", "0/4"], ["zoe", "convolution", "2/2"]
    ]  # fmt: skip
    assert lines[1].endswith("1 failed, 1 crashed: flipped-kernel")
    assert lines[2].endswith("1 missing: not implemented yet")


def test_a_long_id_leaves_room_for_the_rest() -> None:
    lines = shown([handed_in("x" * 150, CRASHED), handed_in("ada", CRASHED)]).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.count("x") for line in lines) >= 150
    assert all("0/4" in line for line in lines if "convolution" in line)


@pytest.mark.parametrize(
    ("results", "line"),
    [
        ((PASSED, ADVICE, replace(MISSING, bonus=True)), ""),
        ((MISSING, CRASHED), "1 crashed, 1 missing: ValueError: cannot broadcast in line 7: dx += dout"),
        ((CRASHED, FAILED), "1 failed, 1 crashed: flipped-kernel"),
        (
            (FAILED, replace(MISSING, verdict=Verdict.UNGRADABLE, message="not UTF-8")),
            "1 failed, 1 ungradable: not UTF-8",
        ),
        ((replace(MISSING, message=""),), "1 missing: "),
        ((replace(CRASHED, message="a\nb"),), "1 crashed: a"),
    ],
)
def test_the_reason_that_tells_most(results: tuple[CheckResult, ...], line: str) -> None:
    result = handed_in("ada", *results)
    assert class_line(result).plain == line
    assert class_line(brief(result)).plain == line
    assert grades([brief(result)]) == grades([result])


def test_what_is_kept_of_a_class_is_little() -> None:
    long = replace(FAILED, message="x" * 5000, counterexample=replace(EXAMPLE, setup="y" * 10_000))
    kept = brief(handed_in("ada", long, PASSED)).reports[0].results
    assert [each.counterexample for each in kept] == [None, None]
    assert len(kept[0].message) == 200
    assert kept[0].diagnosis == Diagnosis(misconceptions=("flipped-kernel",))
