"""The reference on another device than the CPU: the same answers, and a plain word where there is none."""

from collections.abc import Iterator

import pytest
import torch
from command import Command
from students import REPO, grade_functions, solution

from autograder.course import COURSE, load
from autograder.errors import UsageError
from autograder.judging import cases
from autograder.judging.layer_case import use_device

needs_cuda = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")]


@pytest.fixture
def back_to_the_cpu() -> Iterator[None]:
    yield
    use_device("cpu")
    for cached in (cases.draw, cases.built):
        cached.cache_clear()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cuda", "cuda:3", "abacus"):
        with pytest.raises(UsageError, match=f"no device '{name}' here"):
            use_device(name)
    file = REPO / "solutions" / "convolution" / "signals.py"
    ended = Command(capsys, monkeypatch)("check", file, "--device", "cuda", "--sandbox", "none")
    assert (ended.code, ended.line) == (2, "there is no device 'cuda' here; leave out --device to compute on the CPU")


@pytest.mark.parametrize("path", [pytest.param(entry.path, marks=needs_cuda) for entry in COURSE])
def test_answers_are_the_same_on_cuda(path: str, back_to_the_cpu: None) -> None:
    use_device("cuda")
    report = grade_functions(load(path), solution(path))
    assert report.score == report.possible
