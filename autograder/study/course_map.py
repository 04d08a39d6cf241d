"""The course as a map: what is done, where you are, and how far each unit has come."""

from collections.abc import Collection, Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.course import COURSE, Entry, assignments, entries
from autograder.reporting.words import of_them
from autograder.study.state import Mark, State

BAR = 10  # cells of a unit's bar
WIDE = 24  # and of the course's
FINE = {
    "done": "●", "begun": "◐", "untouched": "○", "branch": "├─", "last": "└─", "full": "█", "empty": "░", "bonus": "▒",
}  # fmt: skip
PLAIN = {
    "done": "#", "begun": "+", "untouched": "-", "branch": "|-", "last": "`-", "full": "#", "empty": ".", "bonus": "+",
}  # fmt: skip


def signs(console: Console) -> dict[str, str]:
    """The characters to draw with: plain ones for a terminal that knows no others."""
    try:
        "".join(FINE.values()).encode(console.encoding)
    except UnicodeEncodeError:
        return PLAIN
    return FINE


def show_map(console: Console, state: State, present: Collection[str], here: str = "") -> None:
    """Draw the whole course. `present` are the units whose files are there, `here` the one to go on with."""
    sign, width = signs(console), max(len(entry.name) for entry in COURSE)
    console.print(course_line(console, state))
    for assignment in assignments():
        units = entries(assignment)
        done = sum(state.done(entry.path) for entry in units)
        started = any(entry.path in present for entry in units)
        beside = f"{done} of {len(units)} done" if started or done else f"handgrad start {assignment}"
        console.print()
        console.print(Text.assemble((assignment, "bold"), "  ", (beside, "dim")))
        table = Table.grid(padding=(0, 1))
        for column in (2, 1, width):
            table.add_column(width=column)
        for entry in units:
            branch = sign["last" if entry == units[-1] else "branch"]
            table.add_row(Text(branch, "dim"), *_station(entry, state, sign, here == entry.path))
        console.print(table)


def course_line(console: Console, state: State) -> Text:
    """One bar for the whole course."""
    done = sum(state.done(entry.path) for entry in COURSE)
    bar = _bar(done / len(COURSE), WIDE, signs(console))
    return Text.assemble(("handgrad  ", "bold"), bar, f"  {done} of {len(COURSE)} units done")


def _station(entry: Entry, state: State, sign: dict[str, str], here: bool) -> Iterable[Text]:
    """A unit's sign, name, bar, points and what else there is to say of it."""
    mark = state.marks.get(entry.path)
    share, bonus = (mark.score / mark.possible, mark.bonus / mark.possible) if mark and mark.possible else (0.0, 0.0)
    kind, colour = ("done", "green") if state.done(entry.path) else ("begun", "yellow") if share else ("untouched", "")
    yield Text(sign[kind], colour)
    yield Text(entry.name, "bold" if here else "")
    yield _bar(share, BAR, sign, bonus)
    yield Text(_points(mark, entry) if mark else "", "dim")
    words = ["you are here"] * here + ["hidden checks too"] * bool(mark and mark.hidden)
    yield Text(", ".join(words), "cyan" if here else "dim")


def _points(mark: Mark, entry: Entry) -> str:
    return f"{mark.score:g} of {mark.possible:g}" + (of_them(mark.bonus) if entry.points else " bonus")


def _bar(share: float, cells: int, sign: dict[str, str], bonus: float = 0.0) -> Text:
    """A bar. The part of it that is bonus looks different: it may stand where points were lost."""
    full = int(share * cells)
    plain = min(full, round((share - bonus) * cells)) if bonus else full
    filled = (sign["full"] * plain, "green"), (sign["bonus"] * (full - plain), "green")
    return Text.assemble(*filled, (sign["empty"] * (cells - full), "dim"))
