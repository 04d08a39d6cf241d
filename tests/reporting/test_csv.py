"""grades.csv: one line for each unit, sorted, and nothing that a spreadsheet would run."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from autograder.model import CheckResult, Report, Result, Verdict
from autograder.reporting.csv import COLUMNS, grades


def result(student: str, *units: str, assignment: str = "convolution", earned: float = 1.5, bonus: float = 0) -> Result:
    checks = (
        CheckResult("f.values", "", Verdict.PASSED, earned, 2),
        CheckResult("f.bonus", "", Verdict.PASSED, bonus, 1, bonus=True),
    )
    reports = tuple(Report(student, f"{assignment}/{unit}", "", checks, 0, "none") for unit in units or ("conv2d",))
    return Result(student, assignment, "key", reports)


def test_a_line_for_each_unit_sorted_by_student_and_assignment() -> None:
    results = [
        result("zoe", bonus=1),
        result("ada", assignment="recurrence", earned=2, bonus=1),
        result("ada", "signals", "conv2d", earned=0.5, bonus=1),
    ]
    by_hand = {("ada", "convolution/signals"): 0.25, ("ada", "convolution/conv2d"): 4}
    assert grades(results, by_hand).splitlines() == [
        "student,assignment,unit,score,possible,bonus",
        "ada,convolution,signals,0.25,2,0.25",
        "ada,convolution,conv2d,4,2,1",
        "ada,recurrence,conv2d,2,2,0",
        "zoe,convolution,conv2d,2,2,0.5",
    ]


def test_of_nobody_only_the_columns_remain() -> None:
    assert grades([]) == ",".join(COLUMNS) + "\n"


def test_whole_points_and_parts_of_them() -> None:
    scores = [
        line.split(",")[3] for line in grades([result("a", earned=e) for e in (0, 1, 0.6, 1 / 3)]).splitlines()[1:]
    ]
    assert scores == ["0", "1", "0.6", "0.333333"]


@given(st.lists(st.text(max_size=8) | st.sampled_from(["=cmd|' C'!A0", "a,b", 'a"b', "a\nb", "@x", "-1", "\ud800"])))
def test_any_id_stays_one_cell_on_one_line(students: list[str]) -> None:
    text = grades(map(result, students))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == len(text.splitlines()) == len(students) + 1
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert not any(row[0].startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows)
    text.encode()
