"""Units in PyTorch: tensors for arrays, and a driver of ours beside the submission, which may be hostile."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import strategies as st
from students import grade_functions

from autograder.errors import BadReply, Died, Missing, Raised, StudentError
from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.grading.workers import Workers
from autograder.judging.driven import driven
from autograder.judging.kinds import STATE
from autograder.judging.layer_case import Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.model import Limits, Misconception, Report, Request, Rng, Unit, Verdict
from autograder.sandbox import student as proxy
from autograder.sandbox.process import Worker
from autograder.sandbox.student import SandboxedStudent

DRIVER = '''
import torch
from torch import nn

def train_probe(student, w, x):
    """Three steps of a small model whose first layer the student freezes: both after them, in one answer."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)).double()
    with torch.no_grad():
        model[0].weight.copy_(w)
        for parameter in (model[0].bias, *model[1].parameters()):
            parameter.fill_(0.25)
    student.freeze(model[0])
    student.check(model)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.SGD(trained, lr=0.1)
    for _ in range(3):
        optimiser.zero_grad()
        _loss(model, x).backward()
        optimiser.step()
    return {"frozen": model[0].weight, "trained": model[1].weight}

def _loss(model, x):
    return (model(x) ** 2).sum()
'''
SOURCE = """
import torch

def freeze(module):
    for parameter in module.parameters():
        parameter.requires_grad_(False)

def check(model):
    pass

def seen(x, labels, mask, n, rng):
    dtypes = [str(value.dtype) for value in (x, labels, mask)]
    return dtypes, list(x.shape), x.is_contiguous(), n, rng.integers(9), torch.get_num_threads()

def results(x):
    return {"a": 2 * x, "b": (x.sum(), [x > 1]), "c": torch.nn.Parameter(x), "n": 3}

def draw():
    return torch.rand(3)

def in_place(x):
    x += 1
    return x

def optimise():
    import sys
    w = torch.ones(3, requires_grad=True)
    optimiser = torch.optim.Adam([w], lr=0.5)
    (w * torch.ones(3)).backward(torch.ones(3))
    optimiser.step()
    return w, "torch._dynamo.eval_frame" in sys.modules

def bomb():
    kept = []
    while True:
        kept.append(torch.ones(1 << 24))

def threads():
    torch.set_num_threads(8)
    return (torch.ones(500, 500) @ torch.ones(500, 500)).sum()
"""
FUNCTIONS = ("seen", "results", "draw", "in_place", "optimise", "bomb", "threads")


def oracle() -> ModuleType:
    """What stands for the reference: the right answers."""
    module = ModuleType("oracle")
    exec(SOURCE, module.__dict__)
    return module


def driver() -> ModuleType:
    module = ModuleType("driver")
    exec(DRIVER, module.__dict__)
    return module


LAYER = Layer.of(
    "train_probe(w, x) -> state", functions=("freeze", "check"), kind=STATE,
    oracle=driven(driver().train_probe, oracle()),
)  # fmt: skip
SMALL = Stratum("small", "two layers", st.builds(lambda n: Sizes({"w": (4, 3), "x": (n, 3)}), st.integers(2, 4)))
NOT_FROZEN = Misconception("not-frozen", "You freeze nothing.", "Say it.", {"freeze": lambda module: module})
UNIT = Unit(
    "vision/made", "Made up", layer_checks(LAYER, forward={SMALL: 3}),
    misconceptions=(NOT_FROZEN,), allowed_packages=("numpy", "torch"), driver="vision/made", limits=Limits(20),
)  # fmt: skip


@pytest.fixture(scope="module")
def worker(workers: Workers) -> Iterator[Worker]:
    """One worker for all that follows; student code runs in its children."""
    with workers.worker(UNIT.allowed_packages, UNIT.limits) as worker:
        yield worker


@pytest.fixture(autouse=True)
def made_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "vision").mkdir()
    (tmp_path / "vision" / "made.py").write_text(DRIVER)
    monkeypatch.setattr(proxy, "DRIVERS", tmp_path)
    yield
    proxy.driver_source.cache_clear()
    proxy.driver_functions.cache_clear()


def asked(worker: Worker, source: str = SOURCE) -> SandboxedStudent:
    checks = tuple(check for check in UNIT.checks)
    more = Layer.of("seen(x) -> y", oracle=lambda x: x, kind=STATE)
    extra = tuple(layer_checks(Layer.of(f"{name}(x) -> y", oracle=more.oracle, kind=STATE), forward={SMALL: 1})[0]
                  for name in FUNCTIONS)  # fmt: skip
    unit = Unit(UNIT.path, "", checks + extra, allowed_packages=UNIT.allowed_packages, driver=UNIT.driver)
    return SandboxedStudent(worker, unit, source, limits=UNIT.limits)


def graded(worker: Worker, source: str) -> Report:
    student = SandboxedStudent(worker, UNIT, source)
    return grade_unit(UNIT, student, submission="", seed=Seed(0), sandbox=worker.name).report


def test_arrays_arrive_as_tensors_and_tensors_return_as_arrays(worker: Worker) -> None:
    student = asked(worker)
    strided = np.arange(12.0).reshape(2, 6)[:, ::2]
    seen = student.call("seen", strided, np.ones(2, np.int32), np.array([True]), 5, Rng(3))
    dtypes = ["torch.float64", "torch.int64", "torch.bool"]
    assert seen == (dtypes, [2, 3], True, 5, np.random.default_rng(3).integers(9), 1)
    assert student.call("seen", np.float32([1]), np.ones(1, np.uint8), np.array([True]), 5, Rng(3))[0][0] == (
        "torch.float32"
    )
    found = student.call("results", np.array([1.0, 2.0]))
    assert np.array_equal(found["a"], [2, 4])
    assert found["b"][0] == 3
    assert found["b"][1][0].tolist() == [False, True]
    assert (found["c"].dtype, found["n"]) == (np.float64, 3)
    first = student.call("draw")
    student.begin()
    assert np.array_equal(student.call("draw"), first), "the seed is the same in every call"
    with pytest.raises(Raised, match="changed in place"):
        student.ask(Request("in_place", (np.ones(2),), read_only=True))
    assert student.call("in_place", np.ones(2)).tolist() == [2, 2]
    after, compiler = student.call("optimise")
    assert np.allclose(after, 0.5)
    assert not compiler, "the compiler's import costs each child 1.5 s"
    assert student.call("threads") == 500**3


def test_a_driver_runs_the_submission_s_functions(worker: Worker) -> None:
    report = graded(worker, SOURCE)
    assert (report.passed, report.score) == (True, 3)
    assert [check.name for check in UNIT.checks] == ["freeze.small"]
    local = grade_functions(UNIT, vars(oracle()) | {"freeze": lambda module: module})
    wrong = graded(worker, SOURCE.replace("requires_grad_(False)", "requires_grad_(True)"))
    for found in (local, wrong):
        assert found.score == 0
        assert [result.diagnosis.misconceptions for result in found.results if result.diagnosis] == [
            ("not-frozen",)
        ]  # fmt: skip
        shown = found.results[0].counterexample
        assert shown
        assert shown.call == "train_probe(made, w, x)"
        assert "from autograder.drivers.vision.made import train_probe" in shown.setup


def test_what_a_driver_misses_is_missing(worker: Worker) -> None:
    with pytest.raises(Missing, match="does not define freeze, but 'freezes'"):
        asked(worker, SOURCE.replace("def freeze(", "def freezes(")).call(
            "train_probe", np.ones((4, 3)), np.ones((2, 3))
        )
    with pytest.raises(Missing, match="check is a int"):
        asked(worker, SOURCE + "\ncheck = 3").call("train_probe", np.ones((4, 3)), np.ones((2, 3)))
    stub = SOURCE.replace("    pass", "    raise NotImplementedError")
    assert {(result.verdict, result.message) for result in graded(worker, stub).results} == {
        (Verdict.MISSING, "not implemented yet")
    }
    liar = (
        SOURCE
        + "\nclass NotDefined(AttributeError): pass\ndef check(model):\n    raise NotDefined('the hidden case')\n"
    )
    assert {result.verdict for result in graded(worker, liar).results} == {Verdict.CRASHED}


ECHO = "lambda student, w, x: {'frozen': w, 'trained': torch.full((2, 4), 0.25).double()}"
HOSTILE = {
    "replaces the driver's function from below": f"""
import sys
def freeze(module):
    sys._getframe(1).f_globals["train_probe"] = {ECHO}
def check(model):
    sys._getframe(1).f_globals["_loss"] = lambda model, x: 0 * model(x).sum()
""",
    "replaces what the worker calls": f"""
import __main__, gc
for found in gc.get_objects():
    if isinstance(found, __main__.Server):
        found.driver.__dict__["train_probe"] = {ECHO}
        found.packed = lambda value: {{name: part.detach().numpy() for name, part in value.items()}}
def freeze(module): pass
def check(model): pass
""",
    "patches torch": """
import torch
torch.optim.SGD.step = lambda self: None
torch.Tensor.detach = lambda self: torch.zeros(())
torch.Tensor.backward = lambda self: None
torch.nn.Module.parameters = lambda self: iter([torch.zeros(1, requires_grad=True)])
def freeze(module): pass
def check(model): pass
""",
    "claims success": """
import os
def freeze(module):
    print("passed")
    os._exit(0)
def check(model): pass
""",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_submissions_get_no_marks(worker: Worker, source: str) -> None:
    report = graded(worker, source)
    assert report.score == 0
    assert graded(worker, SOURCE).score == 3, "and leave nothing behind for the next"


def test_memory_is_held(worker: Worker) -> None:
    student = asked(worker)
    for _ in range(2):
        with pytest.raises(StudentError) as caught:
            student.call("bomb")
        assert isinstance(caught.value, Raised | Died | BadReply)
    assert len(student.call("draw")) == 3


def test_torch_leaves_room_whatever_it_maps(workers: Workers) -> None:
    """Built for CUDA it maps three times the limit, before a submission has an array."""
    source = "import torch\n\ndef check(count):\n    return len(torch.zeros(count, dtype=torch.uint8))\n"
    limits = Limits(memory_bytes=1 << 28)  # less than torch maps in any build
    with workers.worker(UNIT.allowed_packages, limits) as worker:
        student = SandboxedStudent(worker, UNIT, source, limits=limits)
        assert student.call("check", 256 << 20) == 256 << 20
        with pytest.raises(Raised, match="memory"):
            student.call("check", 400 << 20)
