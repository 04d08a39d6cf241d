"""A class's results, made up: what is right, what is partly right, what is hostile, and what the grader failed on."""

from pathlib import Path

from autograder.grading.store import Store
from autograder.model import CheckResult, Counterexample, Diagnosis, Report, Result, Verdict

EVIL = "=cmd|'calc'!A0"
HOSTILE = f"{EVIL} <script>alert(1)</script> **bold** [x](javascript:1) \x1b[2J\u202e\ufffe\x00 ]]> `` | end"
SECRET = "only the hidden case says 4711"
VERSIONS = {"python": "3.12.0", "handgrad": "0.1.0", "numpy": "2.4.6"}

EXAMPLE = Counterexample("f(x, pad=0)", "x = np.array([[4711.]])", "dx", "[[1.]]", "[[2.]]")
PRINTED = {"bela": "dx is\x1b[31m [[1.]]\n"}


def check(name: str, verdict: Verdict, earned: float, points: float, message: str = "", **more: object) -> CheckResult:
    return CheckResult(name, f"{name} is right", verdict, earned, points, message, **more)  # type: ignore[arg-type]


def conv2d(first: CheckResult, bonus: float = 0, hidden: bool = True) -> tuple[CheckResult, ...]:
    """A unit of 10 points: one check of 4, one of 3, a hidden one of 3; a bonus of 2, and advice."""
    verdict = Verdict.PASSED if hidden else Verdict.FAILED
    told = {"message": f"the values are wrong: {SECRET}", "counterexample": EXAMPLE} if not hidden else {}
    missing = Verdict.PASSED if bonus else Verdict.MISSING
    return (
        first,
        check("g.rectangular", Verdict.PASSED, 3, 3),
        check("g.secret", verdict, 3 if hidden else 0, 3, hidden=True, **told),
        check("h.bonus", missing, bonus, 2, "" if bonus else "not implemented yet", bonus=True),
        check("f.inputs", Verdict.FAILED, 0, 0, "x was changed", advice=True),
    )


def result(student: str, *units: tuple[CheckResult, ...], assignment: str = "convolution", key: str = "k") -> Result:
    names = ("conv2d", "signals")
    reports = tuple(
        Report(
            student, f"{assignment}/{name}", name.title(), checks, 0, "bubblewrap", VERSIONS, PRINTED.get(student, "")
        )
        for name, checks in zip(names, units, strict=False)
    )
    return Result(student, assignment, key, reports)


RIGHT = check("f.plain", Verdict.PASSED, 4, 4)
PARTIAL = check(
    "f.plain", Verdict.FAILED, 2.4, 4, "dx is wrong  [f(x, pad=0)]", counterexample=EXAMPLE,
    diagnosis=Diagnosis("You cut the frame off.", "exactly when padding = 0", "dx, last column", laws=("Linear.",)),
)  # fmt: skip
CRASHED = check("f.plain", Verdict.CRASHED, 0, 4, f"RuntimeError: {HOSTILE} in line 3")
UNREADABLE = tuple(
    check(name, Verdict.UNGRADABLE, 0, points, f"f.py cannot be graded: {HOSTILE}", hidden=name == "g.secret")
    for name, points in (("f.plain", 4), ("g.rectangular", 3), ("g.secret", 3))
)

CLASS = (
    result("ada", conv2d(RIGHT, bonus=2)),
    result("bela", conv2d(PARTIAL, bonus=1, hidden=False)),
    result(EVIL, conv2d(CRASHED)),
    result("dora", conv2d(RIGHT), key=""),
    result("zoe", UNREADABLE),
)
SCORES = {"ada": 10.0, "bela": 6.4, EVIL: 6.0, "zoe": 0.0}  # dora's is nobody's to say


def store(folder: Path, results: tuple[Result, ...] = CLASS) -> Path:
    """A folder of results, as `handgrad grade` leaves it."""
    there = Store(folder)
    for each in results:
        times = {f"conv2d.{check.check}": 0.25 for report in each.reports for check in report.results}
        there.save(each, times, "<p>page</p>")
    (folder / "grades.csv").write_text("student,assignment,unit,score,possible,bonus\n")
    return folder
