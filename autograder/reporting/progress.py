"""How far a batch has come: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

EVERY = 25  # submissions between two plain lines


@contextmanager
def following(total: int) -> Iterator[Callable[[object], None]]:
    """A function to call after each submission."""
    console = Console(stderr=True, highlight=False)
    with _bar(console, total) if console.is_terminal else _lines(total) as follow:
        yield follow


@contextmanager
def _bar(console: Console, total: int) -> Iterator[Callable[[object], None]]:
    columns = (
        TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total, rate="")

        def follow(finished: object) -> None:
            progress.advance(task)
            speed = progress.tasks[0].speed
            progress.update(task, rate=f"{speed:.1f}/s" if speed else "")

        yield follow


@contextmanager
def _lines(total: int) -> Iterator[Callable[[object], None]]:
    done = 0

    def follow(finished: object) -> None:
        nonlocal done
        done += 1
        if done % EVERY == 0 or done == total:
            print(f"graded {done} of {total}", file=sys.stderr, flush=True)

    yield follow
