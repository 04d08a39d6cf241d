"""What is special in recurrence/rnn and recurrence/gru: the two experiments, and laws that mistakes break."""

from collections.abc import Callable
from typing import Any

from students import LocalStudent, cases_of, fails, mistaken, solution

from autograder.course import load
from autograder.errors import Mismatch
from autograder.model import Check, Misconception

RNN, GRU = "recurrence/rnn", "recurrence/gru"
LAWS = {
    (RNN, "rnn_forward.starts-from-h0"): "h0-ignored",
    (RNN, "rnn_forward.odd"): "sigmoid-for-tanh",
    (RNN, "rnn_forward.causal"): "forward-in-time",
    (RNN, "rnn_forward.full-with-a-wide-window"): "window-one-step-too-short",
    (RNN, "rnn_forward.blind-beyond-the-window"): "window-one-step-too-long",
    (RNN, "rnn_forward.each-window-is-a-sequence-of-its-own"): "windows-from-zeros",
    (RNN, "clip_grad_norm.no-longer-than-max-norm"): "clipped-one-by-one",
    (RNN, "leaky_unit.continues"): "mu0-ignored",
    (GRU, "gru_step_forward.keeps-the-state"): "update-gate-the-other-way-round",
    (GRU, "gru_step_forward.starts-afresh"): "reset-gate-forgotten",
    (GRU, "gru_step_forward.a-plain-recurrent-step"): "sigmoid-candidate",
    (GRU, "gru_step_forward.hands-the-gradient-on"): "kept-state-not-in-dh-prev",
    (GRU, "gru_forward.starts-from-h0"): "h0-ignored",
    (GRU, "gru_forward.causal"): "forward-in-time",
    (GRU, "gru_step_cudnn.the-lectures-step-where-nothing-mixes"): "pytorch-step-in-order-z-r-n",
}


def check_of(path: str, name: str) -> Check:
    return next(check for check in load(path).checks if check.name == name)


def known(path: str, name: str) -> Misconception:
    return next(mistake for mistake in load(path).misconceptions if mistake.name == name)


def test_each_law_is_broken_by_a_mistake_and_by_no_right_answer() -> None:
    laws = {(path, check.name) for path in (RNN, GRU) for check in load(path).checks if check.law}
    assert laws == set(LAWS)
    for (path, name), mistake in LAWS.items():
        check = check_of(path, name)
        assert fails(load(path), check, LocalStudent(mistaken(path, known(path, mistake)))), name
        assert not fails(load(path), check, LocalStudent(solution(path))), name


def verdict(name: str, **wrong: Callable[..., Any]) -> str:
    """What an experiment says of the solution with some functions replaced."""
    check = check_of(RNN, name)
    [case] = cases_of(load(RNN), check)
    try:
        check.test(LocalStudent({**solution(RNN), **wrong}), case)
    except Mismatch as error:
        return str(error)
    return ""


def with_windows(change: int) -> Callable[..., Any]:
    right = solution(RNN)["rnn_backward_truncated"]
    return lambda *arguments: right(*arguments[:-1], arguments[-1] + change)


def test_the_echo_is_learnt_with_windows_of_five_steps_and_not_of_four() -> None:
    echo = "rnn_backward_truncated.echo-experiment"
    assert verdict(echo) == ""
    assert verdict(echo, rnn_backward_truncated=with_windows(-1)).startswith("trained with k = 5, ")
    assert verdict(echo, rnn_backward_truncated=with_windows(1)).startswith("trained with k = 4, ")


def test_gradients_that_fade_or_grow_otherwise_than_they_should_are_seen() -> None:
    """An orthogonal Wh has the same norms as its transpose, and tanh is straight there: other checks see those."""
    norm = "rnn_backward.gradient-norm-experiment"
    for mistake, seen in (
        ("nothing-through-time", True), ("dh-prev-without-weights", True), ("carried-gradient-piles-up", True),
        ("wh-not-transposed", False), ("tanh-not-differentiated", False),
    ):  # fmt: skip
        wrong = mistaken(RNN, known(RNN, mistake))["rnn_backward"]
        assert ("changes by a factor of" in verdict(norm, rnn_backward=wrong)) == seen, mistake
