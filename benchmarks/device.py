"""Does a CUDA device pay for the reference? Its time by the size of cases, on both, and whether scores agree."""

import argparse
import sys
import time
from collections.abc import Sequence

from common import ROOT, load_unit, median, milliseconds, table

from autograder.errors import UsageError
from autograder.judging.cases import draw
from autograder.judging.layer_case import LayerCase, Sizes, use_device

SIZES = ((2, 3, 8), (8, 16, 32), (16, 32, 56))  # images, channels, pixels a side; 3 x 3 filters
UNITS = ("convolution/conv2d", "convnets/pooling", "recurrence/rnn")


def answer(layer: object, kind: object, sizes: Sizes) -> float:
    """Seconds for the forward answer and all gradients of one case, there and back."""
    case = LayerCase(layer, kind, sizes, 0)
    started = time.perf_counter()
    _ = case.expected, case.gradients
    return time.perf_counter() - started


def by_size(devices: list[str], shapes: Sequence[tuple[int, int, int]], runs: int) -> None:
    layer = next(check.given for check in load_unit(UNITS[0]).checks if check.functions == ("conv2d_forward",))
    model = draw(layer, 0)[0]
    rows = []
    for images, channels, side in shapes:
        arrays = {"x": (images, channels, side, side), "w": (channels, channels, 3, 3), "b": (channels,)}
        sizes = Sizes(arrays, {"stride": 1, "padding": 1})
        times = []
        for device in devices:
            use_device(device)
            answer(model.layer, model.kind, sizes)  # the first call on a device sets it up
            times.append(median(lambda sizes=sizes: answer(model.layer, model.kind, sizes), runs))
        gain = f"{times[0] / times[1]:.2f}" if len(times) > 1 else "-"
        rows.append([f"{images} x {channels} x {side} x {side}", *map(milliseconds, times), gain])
    table(("conv2d, forward and backward", *(f"{device}, ms" for device in devices), "cpu / cuda"), rows)


def scores(devices: list[str], units: Sequence[str]) -> None:
    """The model answers' scores, graded in this process with the reference on each device."""
    sys.path.insert(0, str(ROOT / "tests" / "helpers"))
    from students import grade_functions, solution

    rows = []
    for path in units:
        row: list[object] = [path]
        for device in devices:
            use_device(device)
            forget_cases()
            started = time.perf_counter()
            report = grade_functions(load_unit(path), solution(path))
            row += [f"{report.score:g}", f"{time.perf_counter() - started:.2f}"]
        rows.append(row)
    table(("unit", *(word for device in devices for word in (f"{device}: score", "s"))), rows)


def forget_cases() -> None:
    """Forget drawn cases, so that each device answers for itself."""
    from autograder.judging import cases

    for cached in (cases.draw, cases.built, cases.drawn_values):
        cached.cache_clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many of the sizes, from the smallest")
    parser.add_argument("--units", nargs="*", default=UNITS, help="units to be graded with each")
    options = parser.parse_args()
    devices = ["cpu"]
    try:
        use_device("cuda")
        devices.append("cuda")
    except UsageError:
        print("There is no CUDA device here: the columns for it are missing.\n")
    by_size(devices, SIZES[: options.sizes], options.runs)
    scores(devices, options.units)
    use_device("cpu")


if __name__ == "__main__":
    main()
