"""Each benchmark runs from a checkout, at its smallest, and prints a table."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "benchmarks"
SMALL = {
    "submission_time.py": ["--runs", "1", "--sandbox", "none", "--units", "convnets/pooling"],
    "start_up.py": ["--runs", "1", "--only", "handgrad list", "handgrad check, a wrong", "a worker with numpy,"],
    "device.py": ["--devices", "cpu", "cpu:0", "--runs", "1", "--sizes", "1", "--units", "convolution/signals"],
    "gradient_check.py": [
        "--units", "recurrence/rnn", "--suspects", "8", "--cases", "2", "--most", "1", "--runs", "4", "--others", "1",
    ],
    "detection.py": ["--units", "recurrence/rnn", "--cases", "8", "--mutants", "20"],
    "reproducibility.py": ["--students", "ada", "--units", "convolution/conv2d", "--sandbox", "none"],
    "diagnosis.py": ["--unit", "convolution/conv2d", "--mutants", "4", "--models", "4"],
    "false_alarms.py": ["--runs", "1", "--unit", "convolution/signals"],
    "gradient_norm.py": ["--networks", "2", "--sizes", "0.001"],
    "units.py": ["--unit", "convolution/signals", "--runs", "1"],
    "watch.py": ["--runs", "1", "--units", "convnets/pooling", "--files", "right"],
    "hostile.py": ["--cases", "ok_honest", "cmp_scalar", "--jobs", "1"],
    "throughput.py": ["--sizes", "1", "2", "--jobs", "1", "--sandbox", "none"],
}  # fmt: skip
LONG = {"autograde.py"}  # the commands that it runs are those of tests/nbgrader
PARTS = {"common.py", "gradient_methods.py", "mutations.py", "notebooks.py", "subjects.py"}


def run(name: str, *options: str) -> str:
    command = [sys.executable, str(BENCHMARKS / name), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_script_is_tried() -> None:
    assert {path.name for path in BENCHMARKS.glob("*.py")} == SMALL.keys() | LONG | PARTS


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.sandbox] if name == "hostile.py" else []) for name in SMALL]
)
def test_prints_a_table(name: str) -> None:
    lines = run(name, *SMALL[name]).splitlines()
    rule = next(index for index, line in enumerate(lines) if set(line) <= set("|-: ") and "-" in line)
    assert lines[rule - 1].count("|") == lines[rule].count("|") == lines[rule + 1].count("|")


def test_every_mutant_is_one_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location("mutations", BENCHMARKS / "mutations.py")
    assert spec is not None
    assert spec.loader is not None
    mutations = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "mutations", mutations)
    spec.loader.exec_module(mutations)
    found = mutations.mutants("convolution/conv2d", ["conv2d_backward"])
    assert len(found) > 100
    assert len({mutant.source for mutant in found}) == len(found)
    assert all("(was " in mutant.change for mutant in found)
    for mutant in found:
        compile(mutant.source, "mutant.py", "exec")
