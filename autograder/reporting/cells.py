"""A result in the cells of a gradebook, which hold no more than each cell's own points."""

from dataclasses import replace

from autograder.model import Report, Result


def report_of(result: Result, grade_id: str) -> Report | None:
    """The report that a cell shows: of the unit "conv2d", or of "conv2d-pad2d" one function's checks alone."""
    name, _, function = grade_id.partition("-")
    for report in result.reports:
        if report.unit.rsplit("/", 1)[1] == name:
            own = tuple(each for each in report.results if function in ("", each.check.partition(".")[0]))
            return replace(report, results=own) if own else None
    return None


def bonus(result: Result) -> dict[str, float]:
    """By unit, what units of nothing but bonus points add to it: nbgrader has no room for points above a cell's."""
    left, shares = sum(report.score for report in result.reports if not report.possible), {}
    for report in result.reports:
        share = min(left, max(report.possible - report.score, 0.0))
        left -= share
        shares[report.unit.rsplit("/", 1)[1]] = share
    return shares
