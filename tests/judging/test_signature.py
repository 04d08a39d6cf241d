"""Signatures as students read them."""

import pytest

from autograder.judging.signature import Signature, written_call


def test_names_come_in_order() -> None:
    signature = Signature.parse("conv2d_backward(dout, x, w) -> dx, dw, db")
    assert signature == Signature("conv2d_backward", ("dout", "x", "w"), ("dx", "dw", "db"))


@pytest.mark.parametrize("text", ["f() -> y", "f(x) -> y", "f(x,  y) ->  a , b"])
def test_spaces_do_not_matter(text: str) -> None:
    signature = Signature.parse(text)
    assert all(name.isidentifier() for name in (*signature.parameters, *signature.results))


@pytest.mark.parametrize(
    "text", ["", "f", "f(x)", "f(x) ->", "f(x) -> ", "f x -> y", "f(x=1) -> y", "f(*x) -> y", "def f(x) -> y"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a signature"):
        Signature.parse(text)


@pytest.mark.parametrize(
    ("options", "written"),
    [({}, "f(x, w)"), ({"stride": 1, "pool": (2, 3), "mode": "a"}, "f(x, w, stride=1, pool=(2, 3), mode='a')")],
)
def test_calls_are_written_as_a_person_would(options: dict[str, object], written: str) -> None:
    assert written_call(Signature.parse("f(x, w) -> y"), options) == written
