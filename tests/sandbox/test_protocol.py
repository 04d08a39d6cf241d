"""The frames between grader and worker: what goes in comes out, and nothing that comes in does harm."""

import contextlib
import json
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.sandbox import protocol
from autograder.sandbox.protocol import Array, Failure, Opaque, ProtocolError, Rng, decode, encode, lengths

PREFIX = protocol.LENGTHS.size
ARRAYS = npst.arrays(
    st.sampled_from(list(protocol.DTYPES.values())), npst.array_shapes(min_dims=0, max_dims=5, min_side=0)
)
FAILURES = st.builds(
    Failure, st.text(max_size=100), st.text(max_size=2000), st.none() | st.integers(1, 10**9), st.text(max_size=100)
)
PLAIN = (
    st.none() | st.booleans() | st.integers(-(1 << 63) + 1, (1 << 63) - 1) | st.floats() | st.text()
    | ARRAYS | st.builds(Rng, st.integers(0, 1 << 62)) | st.builds(Opaque, st.text(max_size=100))
    | FAILURES
)  # fmt: skip
KEYS = st.none() | st.booleans() | st.integers(-(1 << 60), 1 << 60) | st.text() | st.floats(allow_nan=False)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["array", "tuple", "dict", "rng", "failure", "opaque", "x"]), inner, max_size=2
        )
    ),
    max_leaves=20,
)


def split(frame: bytes) -> tuple[bytes, bytes]:
    header, body = lengths(frame[:PREFIX])
    assert len(frame) == PREFIX + header + body
    return frame[PREFIX : PREFIX + header], frame[PREFIX + header :]


def there_and_back(value: Any) -> Any:
    return decode(*split(encode(value)))


def same(one: Any, other: Any) -> bool:
    """Equal, of the same types, with NaN equal to NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    return one == other or (one != one and other != other)


def harmless(header: bytes, body: bytes) -> Any:
    """The decoded value, or None where it is refused, as it must be: with `ProtocolError` and nothing else."""
    try:
        value = decode(header, body)
    except ProtocolError:
        return None
    json.dumps(repr(value)).encode("utf-8")
    encode(value)
    return value


@given(VALUES)
def test_what_goes_in_comes_out(value: Any) -> None:
    assert same(there_and_back(value), value)


@given(ARRAYS, st.sampled_from(protocol.LAYOUTS), st.booleans())
def test_arrays_come_out_in_the_layout_asked_for(array: np.ndarray, layout: str, read_only: bool) -> None:
    got = there_and_back(Array(array, layout, read_only))
    assert same(np.ascontiguousarray(got), np.ascontiguousarray(array))
    assert got.flags.writeable is not read_only
    assert got.flags.f_contiguous or layout != "F"


@given(ARRAYS)
def test_byte_order_does_not_matter(array: np.ndarray) -> None:
    other = array.astype(array.dtype.newbyteorder())
    assert same(there_and_back(other), np.asarray(array, order="C"))


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_arbitrary_bytes_are_refused_politely(header: bytes, body: bytes) -> None:
    harmless(header, body)


@given(st.binary(min_size=PREFIX, max_size=PREFIX), st.integers(0, 1 << 40))
def test_announced_lengths_are_bounded(prefix: bytes, limit: int) -> None:
    try:
        header, body = lengths(prefix, limit)
    except ProtocolError:
        return
    assert header <= protocol.MAX_HEADER
    assert body <= min(limit, protocol.MAX_BODY)


@given(JSON, st.binary(max_size=64))
def test_arbitrary_json_is_refused_politely(packed: Any, body: bytes) -> None:
    harmless(json.dumps(packed).encode(), body)


@given(VALUES, st.data())
@settings(max_examples=200)
def test_mutated_frames_are_refused_politely(value: Any, data: st.DataObject) -> None:
    header, body = split(encode(value))
    changed = bytearray(header)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed)))
        end = at + data.draw(st.integers(0, 3))
        changed[at:end] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"[", b"]", b"{", b"}", b",", b"-", b"9", b'"', b"e9"])
        )
    cut = data.draw(st.integers(0, len(body)))
    harmless(bytes(changed), body)
    harmless(header, body[:cut])
    harmless(header, body + bytes(cut))


@pytest.mark.parametrize(
    "header",
    [
        b"[" * 60_000 + b"]" * 60_000,
        b'{"tuple":' * 10_000 + b"[]" + b"}" * 10_000,
        b"[" + b"[]," * 40_000 + b"[]]",
        b'{"array":["float64",[1099511627776]]}',
        b'{"array":["float64",[268435456,268435456,268435456,268435456]]}',
        b'{"array":["float64",[0,268435456,268435456,268435456,268435456,268435456]]}',
        b'{"array":["float64",[' + b",".join([b"1"] * 64) + b"]]}",
        b'{"array":["object",[1]]}',
        b'{"array":["float64",[true]]}',
        b'{"array":["float64",[1.0]]}',
        b'{"array":["float64",[-1]]}',
        b'{"array":["float64",[1],"C",1,1]}',
        b'{"array":["float64",[1],"X"]}',
        b'{"array":["float64",[1],["C"]]}',
        b"9" * 5000,
        b'{"dict":[[' + b"9" * 100 + b",1]]}",
        b'{"dict":[[[],1]]}',
        b'{"dict":[[{"array":["int8",[1]]},1]]}',
        b'{"dict":{}}',
        b'{"rng":-1}',
        b'{"rng":true}',
        b'{"rng":1e3}',
        b'{"failure":["ValueError","",true,""]}',
        b'{"failure":["ValueError"]}',
        b'{"opaque":[]}',
        b'{"array":["float64",[1]],"tuple":[]}',
        b'"\\ud800',
        b"\xff",
        b"",
    ],
)
def test_what_is_refused(header: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(header, bytes(64))


def test_decoding_takes_no_more_memory_than_the_frame() -> None:
    claims = [
        b'{"array":["float64",[268435455]]}',
        b'{"array":["float64",[268435455,0]]}',
        b'{"array":["int8",[268435456]]}',
    ]
    tracemalloc.start()
    for header in claims:
        harmless(header, bytes(8))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_arrays_are_views_of_the_frame() -> None:
    header, body = split(encode(np.arange(6.0)))
    assert np.shares_memory(decode(header, body), np.frombuffer(body))


@given(st.text(st.characters(codec=None) | st.characters(categories=["Cs"])))
def test_strings_are_valid_unicode(text: str) -> None:
    header = json.dumps([text, {"opaque": text}, {"failure": [text, text, None, text]}]).encode()
    encoded = repr(decode(header, b"")).encode("utf-8")
    plain, opaque, failure = decode(header, b"")
    assert all(part.encode("utf-8") is not None for part in (plain, opaque.type_name, failure.text, failure.shown))
    assert encoded


class _Odd:
    """An object that answers as little as it can."""

    __class__ = np.ndarray  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise RuntimeError


class _Plain(np.ndarray):
    pass


class _Subclass(np.ndarray):
    dtype = property(lambda self: 1 / 0)  # type: ignore[assignment]


def _cycle() -> list[Any]:
    cycle: list[Any] = []
    cycle.append(cycle)
    return cycle


ODD = [
    object(), type, print, json, ..., NotImplemented, 1 << 64, -(1 << 70), 1j, b"bytes", bytearray(3), {1, 2}, range(3),
    (i for i in range(3)), _cycle(), {(1, 2): 3}, {"a": {"b": object()}}, np.array([object()], object),
    np.array(["text"]), np.zeros(2, [("a", "f8")]), np.array("2020-01-01", "datetime64[D]"), np.longdouble(1),
    np.ma.masked_array([1.0, 2.0], [True, False]), np.float16(1), np.str_("text"), "\ud800", {"\udfff": "\ud800"},
    np.broadcast_to(np.zeros(1), (1 << 40,)), memoryview(b"x"), ValueError("x"), lambda: None,
]  # fmt: skip


@pytest.mark.parametrize("value", ODD, ids=lambda value: type(value).__name__)
def test_whatever_a_student_returns_crosses_as_something(value: Any) -> None:
    try:
        frame = encode(value)
    except ProtocolError:
        return
    assert len(frame) < 1 << 20
    harmless(*split(frame))


@pytest.mark.parametrize("value", [_Odd(), np.zeros(2).view(_Subclass)], ids=["class swap", "lying subclass"])
def test_objects_that_raise_are_the_students_fault(value: Any) -> None:
    with contextlib.suppress(AttributeError, ZeroDivisionError):  # the worker tells it as the student's own
        harmless(*split(encode(value)))


def test_a_subclass_crosses_as_its_numbers() -> None:
    assert same(there_and_back(np.zeros((1, 2)).view(_Plain)), np.zeros((1, 2)))


def test_what_is_too_large_is_said_to_be() -> None:
    claim = "ndarray of shape (1099511627776,), which is too large"
    assert there_and_back(np.broadcast_to(np.zeros(1), (1 << 40,))) == Opaque(claim)
    with pytest.raises(ProtocolError, match="too large"):
        encode(["x" * 1000] * 1000)
