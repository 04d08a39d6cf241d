"""What the commands have in common: how they end, how they are grouped, options that mean the same everywhere."""

from typing import Annotated

import typer

PASSED, FAILED, USAGE, TROUBLE, STOPPED = 0, 1, 2, 3, 130

LEARN, TEACH, WRITE = "To learn", "To teach", "To write the course"  # panels of `handgrad --help`

SandboxOption = Annotated[str, typer.Option("--sandbox", help="auto, bubblewrap or none.", metavar="KIND")]
SeedOption = Annotated[int, typer.Option("--seed", help="Another number draws other cases.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the results as JSON.")]
DeviceOption = Annotated[str, typer.Option("--device", help="Where the reference computes: cpu or cuda.")]
SecondsOption = Annotated[float | None, typer.Option("--seconds", help="Deadline for one call.", min=0.1, max=3600)]
