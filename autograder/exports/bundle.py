"""Graders for other systems: an archive with our wheel, its pinned versions, and the scripts that the system runs."""

import json
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Entry, assignments, entries
from autograder.errors import UsageError
from autograder.exports.files import to_json
from autograder.exports.formats import Format
from autograder.exports.systems import FAILED, system_named
from autograder.exports.wheel import constraints, wheel
from autograder.exports.writing import write_archive
from autograder.grading.seeds import own_secret, read_secret
from autograder.kit import stubs

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("setup.sh", "run_autograder", "run_grader")
SECRET = ("gradescope-autograder", "prairielearn-question")  # what runs the hidden checks too
MEMORY_MB = 320  # of address space for a submission: the grader itself needs 370 of the 768 that Gradescope gives
SECONDS = 540  # of the 600 that Gradescope and PrairieLearn give
PLACES = {
    "gradescope": {
        "SYSTEM": "Gradescope",
        "SUBMISSION": "/autograder/submission",
        "SETTINGS": "/autograder/source/handgrad.json",
        "RESULTS": "/autograder/results/results.json",
    },
    "prairielearn": {
        "SYSTEM": "PrairieLearn",
        "SUBMISSION": "/grade/student",
        "SETTINGS": "/grade/tests/handgrad.json",
        "RESULTS": "/grade/results/results.json",
    },
}


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for on the command line."""

    format: Format
    out: Path
    assignments: tuple[str, ...]
    units: tuple[str, ...] = ()
    seed: int = 0
    secret_file: Path | None = None
    wheel: Path | None = None
    image: str = "handgrad"


def export_grader(order: Order) -> None:
    """Write the archive, and say what to do with it."""
    if order.out.suffix != ".zip":
        raise UsageError(f"{order.out}: a grader is a .zip archive")
    wanted = _units(order)
    layout, advice = LAYOUTS[order.format.name]
    files = layout(order, wanted)
    scripts = frozenset(path for path in files if path.rpartition("/")[2] in SCRIPTS)
    write_archive(order.out, files, scripts)
    names = ", ".join(entry.name for entry in wanted)
    points = f", {sum(entry.points for entry in wanted)} points" if order.format.name in SECRET else ""
    print(f"wrote {order.out}: {wanted[0].assignment} ({names}){points}", file=sys.stderr)
    print(advice.format(image=order.image), file=sys.stderr)


def _units(order: Order) -> tuple[Entry, ...]:
    if len(order.assignments) != 1:
        raise UsageError(f"a grader is of one --assignment; there are: {', '.join(assignments())}")
    course = entries(order.assignments[0])
    odd = [unit for unit in order.units if unit not in [entry.path for entry in course]]
    if odd:
        paths = ", ".join(entry.path for entry in course)
        raise UsageError(f"--unit {odd[0]!r} is not of {order.assignments[0]}, which has {paths}")
    return tuple(entry for entry in course if not order.units or entry.path in order.units)


def _gradescope(order: Order, wanted: tuple[Entry, ...]) -> dict[str, bytes]:
    return {
        **_installer(order),
        "run_autograder": _runner("gradescope"),
        "handgrad.json": _settings(order, wanted, "gradescope"),
        "secret": _secret(order),
    }


def _prairielearn(order: Order, wanted: tuple[Entry, ...]) -> dict[str, bytes]:
    """An image to build once, and a question to copy into a course."""
    assignment = wanted[0].assignment
    question = f"questions/handgrad-{assignment}"
    image = {"Dockerfile": _template("prairielearn/Dockerfile"), **_installer(order)}
    given = {f"clientFilesQuestion/{entry.name}.py": _stub(entry) for entry in wanted}
    files = {
        "info.json": to_json(_info(order, assignment)).encode(),
        "question.html": _question(wanted).encode(),
        "tests/run_grader": _runner("prairielearn"),
        "tests/handgrad.json": _settings(order, wanted, "prairielearn"),
        "tests/secret": _secret(order),
        **given,
    }
    return {f"image/{name}": data for name, data in image.items()} | {
        f"{question}/{name}": data for name, data in files.items()
    }


def _classroom50(order: Order, wanted: tuple[Entry, ...]) -> dict[str, bytes]:
    """What belongs into CLASSROOM/autograders/ASSIGNMENT/. Students can read it, so there is no secret in it."""
    if order.secret_file:
        raise UsageError("students can read what Classroom 50 grades with: no secret goes there; without --secret-file "
                         "its grader runs the visible checks, and `handgrad grade` all of them")  # fmt: skip
    name, data = wheel(order.wheel)
    return {
        "autograder.py": _template("classroom50/autograder.py"),
        "runtime.json": _template("classroom50/runtime.json"),
        "handgrad.json": _settings(order, wanted, "classroom50"),
        "constraints.txt": constraints(),
        name: data,
    }


def _installer(order: Order) -> dict[str, bytes]:
    name, data = wheel(order.wheel)
    return {"setup.sh": _template("setup.sh"), "constraints.txt": constraints(), name: data}


def _settings(order: Order, wanted: tuple[Entry, ...], system: str) -> bytes:
    settings = {
        "system": system,
        "assignment": wanted[0].assignment,
        "units": [entry.path for entry in wanted],
        "seed": order.seed,
        "hidden": system != "classroom50",
        "memory_mb": MEMORY_MB,
        "seconds": SECONDS,
    }
    return (json.dumps(settings, indent=1) + "\n").encode()


def _secret(order: Order) -> bytes:
    if order.secret_file:
        return read_secret(order.secret_file) + b"\n"
    secret, path, new = own_secret()
    if new:
        print(f"made a secret in {path}: keep it, it decides the hidden cases", file=sys.stderr)
    return secret + b"\n"


def _template(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


def _runner(system: str) -> bytes:
    """The script that grades, for a system whose places are in `PLACES`."""
    text = _template("run_grader").decode()
    failure = to_json(system_named(system).failure(FAILED)).strip().replace("\n", "")
    for name, value in {**PLACES[system], "FAILURE": failure}.items():
        text = text.replace(f"@{name}@", value)
    return text.encode()


def _stub(entry: Entry) -> bytes:
    return (stubs(entry.assignment) / f"{entry.name}.py").read_bytes()


def _info(order: Order, assignment: str) -> dict[str, object]:
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"handgrad/{assignment}/{'+'.join(order.units)}")),
        "title": f"Hand-written gradients: {assignment}",
        "topic": "Deep learning",
        "type": "v3",
        "gradingMethod": "External",
        "singleVariant": True,
        "externalGradingOptions": {
            "enabled": True,
            "image": order.image,
            "entrypoint": "/grade/tests/run_grader",
            "timeout": 600,
            "enableNetworking": False,
        },
    }


def _question(wanted: tuple[Entry, ...]) -> str:
    names = ",".join(f"{entry.name}.py" for entry in wanted)
    downloads = "\n".join(
        f'    <li><pl-file-download file-name="{entry.name}.py" directory="clientFilesQuestion">{entry.name}.py'
        f"</pl-file-download>: {entry.title}, {entry.points} points</li>"
        for entry in wanted
    )
    return _template("prairielearn/question.html").decode().replace("@NAMES@", names).replace("@LIST@", downloads)


Layout = Callable[[Order, tuple[Entry, ...]], dict[str, bytes]]

LAYOUTS: dict[str, tuple[Layout, str]] = {
    "gradescope-autograder": (
        _gradescope,
        "upload it as the autograder of a programming assignment; base image: Ubuntu 24.04 (it needs Python 3.11)",
    ),
    "prairielearn-question": (
        _prairielearn,
        "docker build -t {image} image/ and push it, then copy questions/ into the course",
    ),
    "classroom50-autograder": (
        _classroom50,
        "unpack it into CLASSROOM/autograders/ASSIGNMENT/ and give the assignment runtime.json\n"
        "it runs the visible checks only, since students can read all that it has",
    ),
}
