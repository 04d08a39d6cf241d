"""What is wrong about an answer, in which order it is said, and in which words."""

from typing import Any

import numpy as np
import pytest

from autograder.errors import Mismatch
from autograder.judging.compare import EXACT, compare, describe, entry, share
from autograder.sandbox.protocol import Opaque

CALL = "conv2d_backward(dout, x, w, stride=1, padding=0)"
EXPECTED = np.arange(6.0).reshape(2, 3)


def mismatch(got: Any, expected: np.ndarray = EXPECTED, bound: Any = EXACT, call: str = "") -> Mismatch:
    with pytest.raises(Mismatch) as caught:
        compare("dx", got, expected, bound, call)
    return caught.value


def changed(**entries: float) -> np.ndarray:
    got = EXPECTED.copy()
    for name, value in entries.items():
        got.flat[int(name[1:])] = value
    return got


@pytest.mark.parametrize(
    ("got", "message"),
    [
        (np.zeros((2, 3, 0, 0)), "dx.shape=(2, 3, 0, 0), but should be (2, 3)"),
        (np.zeros((2, 3), int), "dx.dtype=int64, but should be float64"),
        (np.zeros((2, 3), bool), "dx.dtype=bool, but should be float64"),
        (np.zeros((2, 3), complex), "dx.dtype=complex128, but should be float64"),
        (changed(_1=np.nan), "dx[0, 1] is nan, but should be 1 (1 of 6 entries is not finite)"),
        (changed(_3=-np.inf, _5=np.inf), "dx[1, 0] is -inf, but should be 3 (2 of 6 entries are not finite)"),
        (changed(_4=4.25), "dx[1, 1] is 4.25, but should be 4 (1 of 6 entries is wrong)"),
        (-EXPECTED, "dx[0, 1] is -1, but should be 1 (5 of 6 entries are wrong)"),
        (None, "dx is None (is a `return` missing?), but should be an array of shape (2, 3)"),
        ([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], "dx is a list of 2, but should be an array of shape (2, 3)"),
        ((EXPECTED,), "dx is a tuple of 1, but should be an array of shape (2, 3)"),
        (3, "dx is the number 3, but should be an array of shape (2, 3)"),
        (True, "dx is the number True, but should be an array of shape (2, 3)"),
        ("abc", "dx is a str, but should be an array of shape (2, 3)"),
        ({}, "dx is a dict, but should be an array of shape (2, 3)"),
    ],
)  # fmt: skip
def test_messages(got: Any, message: str) -> None:
    assert str(mismatch(got)) == message
    assert str(mismatch(got, call=CALL)) == f"{message}  [{CALL}]"


def test_the_order_is_shape_then_dtype_then_finite_then_values() -> None:
    everything = np.array([["nan"] * 2] * 2)
    assert mismatch(everything).kind == "shape"
    assert mismatch(np.full((2, 3), True)).kind == "dtype"
    assert mismatch(changed(_0=7, _5=np.nan)).kind == "not finite"
    assert mismatch(changed(_0=7)).kind == "values"
    assert mismatch("nan").kind == "type"


def test_a_mismatch_carries_what_was_compared() -> None:
    got = changed(_4=0, _5=0)
    found = mismatch(got)
    assert (found.result, found.index) == ("dx", (1, 1))
    assert found.got is got
    assert found.expected is EXPECTED


@pytest.mark.parametrize("shape", [(1, 3), (2, 1), (1, 1), (), (1, 2, 3), (3, 2), (6,)])
def test_nothing_is_broadcast(shape: tuple[int, ...]) -> None:
    same = np.ones((2, 3))
    assert mismatch(np.ones(shape), same).kind == "shape"
    assert mismatch(same, np.ones(shape)).kind == "shape"


@pytest.mark.parametrize("bound", [EXACT, np.inf, 1e300, np.full((2, 3), np.inf)])
def test_nan_never_passes(bound: Any) -> None:
    assert mismatch(changed(_2=np.nan), bound=bound).kind == "not finite"
    assert mismatch(np.full((2, 3), np.nan), np.full((2, 3), np.nan), bound).kind == "not finite"


@pytest.mark.filterwarnings("ignore:invalid value")
def test_nan_in_the_bound_or_the_reference_lets_nothing_pass() -> None:
    assert mismatch(EXPECTED, bound=np.nan).kind == "values"
    assert mismatch(EXPECTED, expected=changed(_2=np.nan)).kind == "values"


def test_infinity_is_wrong_even_where_the_reference_is_huge() -> None:
    assert mismatch(np.array([np.inf]), np.array([1e308]), np.inf).kind == "not finite"


@pytest.mark.parametrize("got", [2.0, np.array(2.0), np.array(2.0, np.float32), np.float64(2.0)])
def test_scalars_do_for_0d(got: Any) -> None:
    compare("loss", got, np.array(2.0), EXACT)
    assert str(mismatch(3.0, np.array(2.0))) == "dx is 3, but should be 2 (the only entry is wrong)"


@pytest.mark.parametrize("got", [2, True, None, np.array([2.0]), [2.0]])
def test_what_does_not_do_for_0d(got: Any) -> None:
    assert mismatch(got, np.array(2.0)).kind in ("type", "shape", "dtype")


def test_a_0d_nan_does_not_pass() -> None:
    assert str(mismatch(float("nan"), np.array(2.0), np.inf)).startswith("dx is nan, but should be 2")


def test_empty_arrays_are_right_if_their_shape_is() -> None:
    compare("dx", np.zeros((0, 3)), np.zeros((0, 3)), 0.0)
    assert mismatch(np.zeros((3, 0)), np.zeros((0, 3))).kind == "shape"


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_layout_and_float_type_do_not_matter(dtype: type) -> None:
    got = np.asfortranarray(EXPECTED.astype(dtype))
    compare("dx", got, EXPECTED, 0.0)
    compare("dx", got[::-1, ::-1], EXPECTED[::-1, ::-1], 0.0)
    compare("dx", got * -0.0, EXPECTED * 0, 0.0)


def test_the_bound_is_inclusive_and_goes_entry_by_entry() -> None:
    compare("dx", EXPECTED + 0.5, EXPECTED, 0.5)
    bound = np.zeros((2, 3))
    bound[0, 0] = 1
    compare("dx", changed(_0=1), EXPECTED, bound)
    assert mismatch(changed(_1=1.5), bound=bound).index == (0, 1)


def test_numbers_are_told_apart_with_as_many_digits_as_it_takes() -> None:
    assert "is 1.00000001, but should be 1 " in str(mismatch(np.array([1 + 1e-8]), np.array([1.0]), 1e-12))
    assert "is 1.0000000000000002, but should be 1 " in str(mismatch(np.array([1 + 2**-52]), np.array([1.0]), 0.0))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.ones((2, 3)), "an array of shape (2, 3)"), (1.5, "the number 1.5"), ([], "a list of 0"),
        (Opaque("coroutine"), "a coroutine (`async def`?)"), (Opaque("Tensor"), "a Tensor"), (range(2), "a range"),
    ],
)  # fmt: skip
def test_what_is_not_an_array_is_described(value: Any, words: str) -> None:
    assert describe(value) == words


def test_shares_and_entries_read_well() -> None:
    assert share(np.array([True, False, False])) == "1 of 3 entries is"
    assert share(np.array([[True, True, False]])) == "2 of 3 entries are"
    assert share(np.array([True])) == "the only entry is"
    assert entry("dx", (0, 12)) == "dx[0, 12]"
    assert entry("loss", ()) == "loss"


@pytest.mark.parametrize(
    ("got", "expected"),
    [(np.int64(3), 3), (np.array(3), 3), ([np.int32(1), 2], (1, 2)), ((np.float32(0.5), 1), [0.5, 1]), (True, True)],
)
def test_numpys_scalars_serve_where_plain_values_are_expected(got: Any, expected: Any) -> None:
    compare("size", got, expected, 0.0)


@pytest.mark.parametrize(
    ("got", "expected", "message"),
    [
        (3.0, 3, "size is the number 3.0, but should be the number 3"),
        ((1, 2, 4), (1, 2, 3), "size[2] is 4, but should be 3"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "size['a'][1] is 2, but should be 3"),
        ((1, 2), (1, 2, 3), "size is a tuple of 2, but should be a tuple of 3"),
    ],
)
def test_a_wrong_part_makes_the_whole_wrong(got: Any, expected: Any, message: str) -> None:
    with pytest.raises(Mismatch) as caught:
        compare("size", got, expected, 0.0)
    assert str(caught.value) == message
    assert (caught.value.result, caught.value.got, caught.value.expected) == ("size", got, expected)
