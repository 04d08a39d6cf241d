"""The commands for authors of the course, as they are typed: `handgrad dev ...`."""

import time
from pathlib import Path
from typing import Annotated

import typer

import autograder
from autograder.errors import UsageError
from autograder.options import FAILED, PASSED

dev = typer.Typer(name="dev", help="New units, and the proof that all are right.", no_args_is_help=True)

RootOption = Annotated[Path, typer.Option("--root", help="The course's folder.")]


@dev.command()
def new(
    path: Annotated[str, typer.Argument(metavar="ASSIGNMENT/UNIT", help="Such as convolution/dilated.")],
    title: Annotated[str, typer.Option("--title", help="The line that students read.")] = "",
    root: RootOption = Path("."),
) -> None:
    """Write a small unit that works at its path in every tree, and its line in the course."""
    from rich.console import Console

    from autograder.authoring.scaffold import new_unit

    console = Console(highlight=False, soft_wrap=True)
    for file in new_unit(_course(root), path, title):
        console.print(f"wrote {file}", markup=False)
    console.print(f"\nNow: handgrad release, then handgrad dev check {path}; then make it yours", markup=False)


@dev.command()
def check(
    units: Annotated[list[str] | None, typer.Argument(metavar="[UNIT]...", help="Only these units.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave the wrong models out.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes; 0: one for each core.", min=0)] = 0,
    root: RootOption = Path("."),
) -> None:
    """Prove the course: paths match, stubs unsolved, solutions full, wrong models named, no file unlisted."""
    from rich.console import Console
    from rich.text import Text

    from autograder.authoring.proof import prove

    console, started, bad = Console(highlight=False, soft_wrap=True), time.perf_counter(), 0
    for proof in prove(_course(root), units or [], mistakes=not quick, jobs=jobs):
        mark, style = ("✗", "red") if proof.problems else ("✓", "green")
        console.print(Text.assemble((f"{mark} ", style), (f"{proof.of:30}", "bold"), ", ".join(proof.holds)))
        for problem in proof.problems:
            console.print(Text(f"    {problem}", "red"))
        bad += len(proof.problems)
    seconds = time.perf_counter() - started
    console.print(
        Text(f"\n{bad or 'no'} problem{'s' if bad != 1 else ''} ({seconds:.0f} s)", "red" if bad else "green")
    )
    raise typer.Exit(FAILED if bad else PASSED)


def _course(root: Path) -> Path:
    """The checkout of the course; `UsageError` if the handgrad that runs belongs to another."""
    if not (root / "solutions").is_dir() or not (root / "autograder" / "course.py").is_file():
        raise UsageError(f"{root} is no checkout of the course; run this in its folder or give --root")
    ours = Path(autograder.__path__[0]).parent
    if ours.resolve() != root.resolve():
        raise UsageError(f"this handgrad belongs to {ours}; use the one of {root} (`make setup`, .venv/bin/handgrad)")
    return root
