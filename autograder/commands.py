"""What the commands do, between the command line and the modules that do the work."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.course import COURSE, assignments
from autograder.errors import UsageError
from autograder.reporting.terminal import say

console = Console(highlight=False)


def list_course() -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("unit")
    table.add_column("")
    table.add_column("points", justify="right")
    for entry in COURSE:
        bonus = f" (+{entry.bonus})" if entry.bonus else ""
        table.add_row(entry.path, entry.title, f"{entry.points}{bonus}")
    console.print(table)
    console.print(Text(f"\nhandgrad start {assignments()[0]} copies an assignment's stubs here", "dim"))


def show_findings() -> bool:
    from autograder.doctor import examine

    good = True
    for finding in examine():
        mark, style = ("✓", "green") if finding.good else ("✗", "red")
        console.print(Text.assemble((f"{mark} ", style), (f"{finding.name:18}", "bold"), finding.text))
        good = good and finding.good
    return good


def release_course(root: Path, *, only_check: bool, kit: Path | None = None) -> bool:
    from autograder.handout import build_kit
    from autograder.release import ReleaseError, release, verify

    solutions, target = root / "solutions", root / "assignments"
    if not solutions.is_dir():
        raise UsageError(f"there is no {solutions}; run this in the course's folder or give --root")
    try:
        if only_check:
            problems = verify(solutions, target)
            for problem in problems:
                say(problem, "red")
            return not problems
        for path in build_kit(root, kit) if kit else release(solutions, target):
            console.print(f"wrote {path}")
    except ReleaseError as error:
        for line in str(error).splitlines():
            say(line, "red")
        return False
    return True
