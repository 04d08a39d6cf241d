"""Does a CUDA device pay for the reference, and are scores the same with it?

Three tables: one case, from the size of a check's to large ones; all the answers that the checks of a unit need, and
many large ones; and the sample class, graded by `handgrad grade --device ...`, its results compared check by check.

A time is that of answers that have arrived: arrays go to the device and come back as arrays, which waits until it is
done. Each size is computed once on each device before it is measured, since the first call sets things up. The CPU is
one thread of it, as it is for each of the grader's processes.

`--devices cpu cpu:0` tries the script without CUDA: the second is the CPU by another name.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from common import ROOT, load_unit, median, milliseconds, scratch, table

from autograder.course import COURSE
from autograder.errors import UsageError
from autograder.judging.cases import draw
from autograder.judging.driven import Driven
from autograder.judging.layer_case import LayerCase, Sizes, use_device

CLASS = ROOT / "tests" / "submissions" / "class"
CONV = ((2, 3, 8), (8, 16, 32), (16, 32, 56), (16, 64, 64))  # images, channels, pixels a side; 3 x 3 filters
RNN = ((2, 4, 4), (16, 16, 64), (64, 32, 256), (64, 64, 512))  # sequences, steps, numbers in an input and in a state
MANY = 50  # cases of the second size

Build = Callable[[], LayerCase]


def conv(images: int, channels: int, side: int) -> tuple[str, Build]:
    arrays = {"x": (images, channels, side, side), "w": (channels, channels, 3, 3), "b": (channels,)}
    return f"conv2d {images} x {channels} x {side} x {side}", builder(
        "convolution/conv2d", "conv2d_forward", Sizes(arrays, {"stride": 1, "padding": 1})
    )


def rnn(sequences: int, steps: int, width: int) -> tuple[str, Build]:
    square = (width, width)
    arrays = {"x": (sequences, steps, width), "h0": (sequences, width), "Wx": square, "Wh": square, "b": (width,)}
    return f"rnn {sequences} x {steps} x {width}", builder("recurrence/rnn", "rnn_forward", Sizes(arrays))


def builder(path: str, function: str, sizes: Sizes) -> Build:
    """Makes cases of one size for a function, with numbers of its own kind."""
    given = next(check.given for check in load_unit(path).checks if check.functions == (function,) and check.given)
    model = draw(given, 0)[0]
    return lambda: LayerCase(model.layer, model.kind, sizes, 0)


def seconds(case: LayerCase) -> float:
    """For the outputs and all gradients of a case; upstream gradients are drawn in between."""
    started = time.perf_counter()
    _ = case.expected
    forward = time.perf_counter() - started
    if not case.layer.backward:
        return forward
    _ = case.upstream
    started = time.perf_counter()
    _ = case.gradients
    return forward + time.perf_counter() - started


def on_each(devices: Sequence[str], measure: Callable[[], float], runs: int) -> list[float]:
    """Median seconds on each device, after a first time."""
    found = []
    for device in devices:
        use_device(device)
        measure()
        found.append(median(measure, runs))
    return found


def gain(times: Sequence[float]) -> str:
    return f"{times[0] / times[1]:.2f}" if len(times) > 1 else "-"


def columns(devices: Sequence[str]) -> list[str]:
    return [*(f"{device}, ms" for device in devices), f"cpu / {devices[1]}" if len(devices) > 1 else "gain"]


def by_size(devices: Sequence[str], sizes: int, runs: int) -> None:
    rows = []
    for label, build in (*(conv(*size) for size in CONV[:sizes]), *(rnn(*size) for size in RNN[:sizes])):
        times = on_each(devices, lambda build=build: seconds(build()), runs)  # type: ignore[misc]
        rows.append([label, *map(milliseconds, times), gain(times)])
    table(("one case, forward and backward", *columns(devices)), rows)


def by_number(devices: Sequence[str], units: Sequence[str], sizes: int, runs: int) -> None:
    """All answers of units, and many of a larger size."""
    rows = []
    for path in units:
        if builds := [*builders(path)]:
            rows.append(number_row(path, builds, devices, runs))
    for of_size, known in ((conv, CONV), (rnn, RNN)):
        for size in known[1:sizes][:1]:
            label, build = of_size(*size)
            rows.append(number_row(label, [build] * MANY, devices, runs))
    table(("answers", "cases", *columns(devices)), rows)


def number_row(label: str, builds: Sequence[Build], devices: Sequence[str], runs: int) -> list[object]:
    times = on_each(devices, lambda: sum(seconds(build()) for build in builds), runs)
    return [label, len(builds), *map(milliseconds, times), gain(times)]


def builders(path: str) -> Iterator[Build]:
    """The cases of a unit's checks, each to be made anew; those of drivers stay on the CPU."""
    seen = set()
    for check in load_unit(path).checks:
        if check.given and check.given not in seen:
            seen.add(check.given)
            for case in draw(check.given, 0):
                if isinstance(case, LayerCase) and not isinstance(case.layer.oracle, Driven) and has_answer(case):
                    yield lambda case=case: case.changed()  # type: ignore[misc]


def has_answer(case: LayerCase) -> bool:
    """Whether there is one right answer: not for masks that are drawn."""
    try:
        return bool(case.expected)
    except NotImplementedError:
        return False


def scores(devices: Sequence[str], units: Sequence[str], students: Sequence[str], sandbox: str) -> None:
    """What the sample class gets with the reference on each device."""
    with scratch() as folder:
        hand_in(folder / "submitted", units, students)
        graded = [grade(folder, device, units, sandbox) for device in devices]
    rows: list[list[object]] = []
    for path in units:
        keys = [key for key in graded[0][0] if key[1] == path]
        if not keys:
            continue  # nobody has handed it in
        points = [f"{sum(results[key]['points'] for key in keys):g}" for results, _ in graded]
        same = sum(all(results[key] == graded[0][0][key] for results, _ in graded) for key in keys)
        rows.append([path, len(keys), *points, same])
    rows.append(["seconds, start included", "", *(f"{took:.1f}" for _, took in graded), ""])
    table(("the class", "files", *(f"{device}: points" for device in devices), "the same, check by check"), rows)
    for key, one in graded[0][0].items():
        for device, (results, _) in zip(devices[1:], graded[1:], strict=True):
            if results[key] != one:
                print(f"{' '.join(key)} differs on {device}: {one}, {results[key]}")


def hand_in(folder: Path, units: Sequence[str], students: Sequence[str]) -> None:
    """The files of those units, of all students or some."""
    for path in units:
        for file in sorted(CLASS.glob(f"*/{path}.py")):
            student = file.relative_to(CLASS).parts[0]
            if not students or student in students:
                target = folder / student / f"{path}.py"
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, target)


Results = dict[tuple[str, str], dict[str, Any]]


def grade(folder: Path, device: str, units: Sequence[str], sandbox: str) -> tuple[Results, float]:
    """By student and unit, the points and the verdict of each check; and the seconds of it all, in one process."""
    out = folder / device.replace(":", "-")
    command = [
        sys.executable, "-m", "autograder.cli", "grade", str(folder / "submitted"), "--out", str(out), "--jobs", "1",
        "--sandbox", sandbox, "--device", device, *(word for unit in units for word in ("--unit", unit)),
    ]  # fmt: skip
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    took = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stderr)
    found: Results = {}
    for file in sorted(out.rglob("*.json")):
        for report in json.loads(file.read_text(encoding="utf-8")).get("reports", ()):
            if (folder / "submitted" / report["submission"] / f"{report['unit']}.py").is_file():
                checks = {part["check"]: (part["verdict"], part["earned"]) for part in report["results"]}
                points = sum(part["earned"] for part in report["results"])
                found[report["submission"], report["unit"]] = {"points": points, "checks": checks}
    return found, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", nargs="+", default=["cpu", "cuda"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", type=int, default=len(CONV), help="how many of the sizes, from the smallest")
    parser.add_argument("--units", nargs="*", default=[entry.path for entry in COURSE], help="none: all")
    parser.add_argument("--students", nargs="*", default=[], help="of the sample class; none: all")
    parser.add_argument("--sandbox", default="auto")
    options = parser.parse_args()
    devices = [name for name in options.devices if is_here(name)]
    by_size(devices, options.sizes, options.runs)
    by_number(devices, options.units, options.sizes, options.runs)
    use_device("cpu")
    scores(devices, options.units, options.students, options.sandbox)


def is_here(name: str) -> bool:
    try:
        use_device(name)
    except UsageError:
        print(f"There is no device {name!r} here: its columns are missing.\n")
        return False
    if name.startswith("cuda"):
        print(f"{name} is {torch.cuda.get_device_name(name)}, with torch {torch.__version__}.\n")
    return True


if __name__ == "__main__":
    main()
