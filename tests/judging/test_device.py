"""The reference on another device than the CPU: the same answers, and a plain word where there is none.

Without CUDA on a device that is only pretended (helpers/pretended.py), which is as particular.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from command import Command
from pretended import DEVICE, needs_cuda, pretended
from students import REPO, grade_functions, mistaken, solution

from autograder.course import COURSE, load
from autograder.errors import UsageError
from autograder.grading import runners
from autograder.grading.batch import Settings, make_job
from autograder.grading.runners import in_processes
from autograder.grading.seeds import Seed
from autograder.judging import cases, layer_case
from autograder.judging.cases import Cases, drawn_values
from autograder.judging.driven import Driven
from autograder.judging.layer_case import LayerCase, use_device
from autograder.model import Verdict
from autograder.submission import Submission, read_source
from reference.convolution.signals import correlate1d

NO_ANSWER = {"dropout_forward.scaled", "dropout_forward.rate"}  # masks that are drawn: nothing is computed for them


@pytest.fixture
def back_to_the_cpu() -> Iterator[None]:
    """The CPU again afterwards; and no answers from before, nor for others."""
    forget()
    yield
    use_device("cpu")
    forget()


def forget() -> None:
    """Forget drawn cases, whose answers are kept with them."""
    for value in vars(cases).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cuda", "cuda:3", "cuda:x", "abacus", DEVICE):
        with pytest.raises(UsageError, match=f"no device '{name}' here"):
            use_device(name)
    file = REPO / "solutions" / "convolution" / "signals.py"
    ended = Command(capsys, monkeypatch)("check", file, "--device", "cuda", "--sandbox", "none")
    assert (ended.code, ended.line) == (2, "there is no device 'cuda' here; leave out --device to compute on the CPU")


def test_cudnn_is_left_out_elsewhere(monkeypatch: pytest.MonkeyPatch, back_to_the_cpu: None) -> None:
    """Its transforms round, and exact answers would be so no longer."""
    monkeypatch.setattr(layer_case, "_device", torch.device)
    for name, enabled in (("cuda", False), ("cpu", True), ("cuda:1", False)):
        use_device(name)
        assert torch.backends.cudnn.enabled == enabled


def layers(path: str) -> Iterator[Cases]:
    """Cases of each of a unit's layers, one for each direction and each set of arguments; and of one driver."""
    seen: set[tuple[object, ...]] = set()
    for given in filter(None, (check.given for check in load(path).checks)):
        name, direction, *_ = f"{given.name}.".split(".")
        if direction in ("forward", "backward"):
            case = given.build(first(given))
            driver = isinstance(case.layer.oracle, Driven)
            key = (driver,) if driver else (name, direction, *case.sizes.arrays)
            if key not in seen and f"{name}.{given.name.split('.')[-1]}" not in NO_ANSWER:
                seen.add(key)
                yield given


def first(given: Cases) -> Any:
    return given.edges[0] if given.edges else drawn_values(given, 0)[0]


def answers(case: LayerCase) -> dict[str, Any]:
    gradients = case.gradients if case.layer.backward else {}
    return {**case.expected, **{f"d{name}": value for name, value in gradients.items()}}


@pytest.mark.parametrize("path", [entry.path for entry in COURSE])
def test_nothing_is_made_on_the_cpu_by_mistake(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each layer's reference, and its gradients: where tensors go in, what comes out is where they are, and the same.

    Drivers get theirs on the CPU, and functions without tensors know of no device.
    """
    came: set[str] = set()
    to_array = layer_case._array

    def noted(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            came.add(value.device.type)
        return to_array(value)

    for given in layers(path):
        case, other = given.build(first(given)), given.build(first(given))
        right = answers(case)
        came.clear()
        with monkeypatch.context() as patch, pretended():
            patch.setitem(layer_case._where, "device", torch.device(DEVICE))
            patch.setattr(layer_case, "_array", noted)
            found = answers(other)
        stays = isinstance(case.layer.oracle, Driven) or not case.arrays
        assert came <= ({"cpu"} if stays else {DEVICE}), given.name
        np.testing.assert_equal(found, right, given.name)


@pytest.mark.parametrize(
    ("path", "function", "mistake"),
    [("convnets/layers", "dense_backward", "dense-db-averaged"), ("recurrence/attention", "content_address", "")],
)
def test_reports_are_the_same(
    path: str, function: str, mistake: str, monkeypatch: pytest.MonkeyPatch, back_to_the_cpu: None
) -> None:
    """Bounds, shrinking and names included."""
    unit = load(path)
    unit = replace(unit, checks=tuple(check for check in unit.checks if function in check.functions))
    known = [known for known in unit.misconceptions if known.name == mistake]
    functions = mistaken(path, known[0]) if known else solution(path)
    right = grade_functions(unit, functions)
    assert (right.score < right.possible) == bool(mistake)
    forget()
    monkeypatch.setitem(layer_case._where, "device", torch.device(DEVICE))
    with pretended():
        assert grade_functions(unit, functions) == right


def test_the_pretended_device_is_as_particular_as_cuda() -> None:
    x = np.arange(6.0)
    with pretended():
        there, here = torch.from_numpy(x).to(DEVICE).requires_grad_(), torch.from_numpy(x)
        assert (there * torch.tensor(2.0) + here[there.argmax().cpu()]).sum().item() == 60
        assert there[torch.tensor([1, 2])].tolist() == [1, 2]
        assert correlate1d(there, there[:2]).device.type == DEVICE
        for mixed in (
            lambda: there + here, lambda: here * there.sum(), lambda: torch.dot(there, here),
            lambda: torch.stack([there.sum(), here.sum()]), lambda: correlate1d(there, here[:2]),
            lambda: torch.nn.functional.embedding(here.long(), there[:, None]), lambda: here[there.long()],
            lambda: torch.rand(2, device=there.device, generator=torch.Generator()), lambda: there.detach().numpy(),
        ):  # fmt: skip
            with pytest.raises(RuntimeError):
                mixed()


@pytest.mark.slow
def test_processes_are_spawned_for_another_device_and_use_it() -> None:
    """Not forked: CUDA does not survive that. "cpu:0" is a device of another name that is there everywhere."""
    source = read_source(REPO / "solutions" / "convolution" / "shapes.py")
    submission = Submission("ada", "convolution", {"shapes": source})
    jobs = [
        make_job(submission, Settings(Seed(0), "none", only=("convolution/shapes",), device=device))
        for device in ("cpu:0", "abacus")
    ]
    assert runners._method(jobs[:1]) == "spawn"
    reports = [done.result.reports[0] for done in in_processes(jobs, 1)]
    assert sorted(report.score / report.possible for report in reports) == [0, 1]
    said = [result.message for report in reports for result in report.results if result.verdict == Verdict.UNGRADABLE]
    assert "there is no device 'abacus' here" in said[0]


@pytest.mark.parametrize("path", [pytest.param(entry.path, marks=needs_cuda) for entry in COURSE])
def test_answers_are_the_same_on_cuda(path: str, back_to_the_cpu: None) -> None:
    use_device("cuda")
    report = grade_functions(load(path), solution(path))
    assert [result.check for result in report.results if result.earned < result.points] == []
