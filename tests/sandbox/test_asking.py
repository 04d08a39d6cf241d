"""Questions that go together: the same answers as one by one, whatever the submission does in between."""

import time
from collections.abc import Callable

import pytest
from students import SOLUTIONS

from autograder.course import load
from autograder.errors import BadReply, Died, StudentError, TimedOut
from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.grading.workers import Workers
from autograder.model import Check, Limits, Request, Unit
from autograder.sandbox import student as proxy
from autograder.sandbox.student import SandboxedStudent

pytestmark = pytest.mark.sandbox

FUNCTIONS = ("half", "slow", "third_hangs", "third_dies", "third_raises", "third_babbles", "prints", "counts", "large")
SOURCE = """
import gc, os, time

def half(n):
    return n / 2

def slow(n):
    time.sleep(0.3)
    return n

def third_hangs(n):
    while n == 3:
        pass
    return n

def third_dies(n):
    if n == 3:
        os._exit(0)
    return n

def third_raises(n):
    if n == 3:
        raise KeyError("three")
    return n

def third_babbles(n):
    if n == 3:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b"x" * 40)
            except OSError:
                pass
    return n

def prints(n):
    print("this is", n)
    if n == 3:
        os._exit(0)
    return n

_calls = []

def counts(n):
    _calls.append(n)
    return len(_calls)

def large(n):
    return "x" * (n * 20_000)
"""
UNIT = Unit("tests/asking", "", (Check("asking", "", lambda student, case: None, FUNCTIONS),))

Ask = Callable[[str, bool], tuple[list[object], SandboxedStudent]]


@pytest.fixture
def ask(workers: Workers) -> Ask:
    """Ask a function for 1 to 6, announced or not; what comes of each, and the student."""

    def ask(function: str, announced: bool) -> tuple[list[object], SandboxedStudent]:
        limits = Limits(call_seconds=1.0)
        with workers.worker(UNIT.allowed_packages, limits) as worker:
            student = SandboxedStudent(worker, UNIT, SOURCE, limits=limits)
            student.enter("group", (function,))
            requests = [Request(function, (n,), {}) for n in range(1, 7)]
            if announced:
                student.expect(requests)
            found = [_outcome(student, request) for request in requests]
            steady = student.steady()
            student.begin()
            return [*found, steady], student

    return ask


def _outcome(student: SandboxedStudent, request: Request) -> object:
    try:
        return student.ask(request)
    except StudentError as error:
        return type(error), str(error)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_it_makes_no_difference(ask: Ask, function: str) -> None:
    together, student = ask(function, True)
    alone, other = ask(function, False)
    assert together == alone
    assert student.printed == other.printed


@pytest.mark.parametrize(
    ("function", "error"), [("third_hangs", TimedOut), ("third_dies", Died), ("third_babbles", BadReply)]
)
def test_only_the_third_is_to_blame(ask: Ask, function: str, error: type[StudentError]) -> None:
    found, _ = ask(function, True)
    assert [outcome[0] if isinstance(outcome, tuple) else outcome for outcome in found[:6]] == [1, 2, error, 4, 5, 6]


def test_who_depends_on_earlier_calls_is_not_steady(ask: Ask) -> None:
    assert ask("counts", True)[0] == [1, 2, 3, 4, 5, 6, False]
    assert ask("half", True)[0] == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, True]


def test_they_do_go_together(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    exchange = proxy.Channel.exchange_all

    def counted(channel: proxy.Channel, frames: list[bytes], *how: object) -> list[object]:
        sent.append(len(frames))
        return exchange(channel, frames, *how)  # type: ignore[arg-type]

    monkeypatch.setattr(proxy.Channel, "exchange_all", counted)
    ask("half", True)
    assert sent == [1, 6, 1]  # the file, the six, the first again


def test_no_bet_outlasts_the_submission(workers: Workers) -> None:
    limits = Limits(call_seconds=1.0, submission_seconds=0.5)
    with workers.worker(UNIT.allowed_packages, limits) as worker:
        student = SandboxedStudent(worker, UNIT, SOURCE, limits=limits)
        started = time.monotonic()
        for group in range(4):
            student.enter(f"group {group}", ("slow",))
            requests = [Request("slow", (n,), {}) for n in range(4)]
            student.expect(requests)
            assert [type(_outcome(student, request)) for request in requests][-1] is tuple
        assert time.monotonic() - started < 1.5
        student.begin()


THIRD_TRY = """
import os, sys

_right = conv2d_forward

def more_are_waiting():
    frame = sys._getframe()
    while frame and not getattr(frame.f_locals.get("self"), "unread", None):
        frame = frame.f_back
    return frame is not None

def conv2d_forward(x, w, b, stride=1, padding=0):
    if os.getpid() == 2 and more_are_waiting():
        os._exit(0)
    return _right(x, w, b, stride, padding) + (os.getpid() == 3)
"""


def test_a_bet_that_is_lost_is_no_further_try(workers: Workers) -> None:
    """The first process breaks off, the second is wrong on its own: whatever a third would say, that counts."""
    unit = load("convolution/conv2d")
    source = (SOLUTIONS / "convolution" / "conv2d.py").read_text() + THIRD_TRY
    with workers.worker(unit.allowed_packages, unit.limits) as worker:
        student = SandboxedStudent(worker, unit, source)
        report = grade_unit(unit, student, submission="x", seed=Seed(0), sandbox=workers.name)
    lost = [result.check for result in report.report.results if result.earned < result.points]
    assert lost[:2] == ["conv2d_forward.plain", "conv2d_forward.stride"]
