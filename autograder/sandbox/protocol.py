"""Values that cross the pipe, and the frames that carry them.

A frame is twelve bytes of lengths, a JSON header, and a body: the raw bytes of every array, one after the other. A
value is null, bool, int, float, str, list, tuple, dict, an array, `Rng` (a seed that becomes a generator), or
`Failure` (what the student's code raised), or `Opaque` (something that cannot cross, by its type's name).

Both sides use this file: the grader imports it, the worker finds it beside itself in the sandbox. So it needs the
standard library and NumPy only. Whatever comes in is untrusted: every length, depth and type is checked before
anything is allocated, and the only exception is `ProtocolError`.
"""

import json
import math
import struct
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

LENGTHS = struct.Struct("<IQ")  # of the header, of the body
MAX_HEADER = 1 << 17
MAX_BODY = 1 << 28
MAX_DEPTH = 12
MAX_NODES = 5_000
MAX_NDIM = 16
MAX_TEXT = 2_000
NAMES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128"
DTYPES = {name: np.dtype(name) for name in NAMES.split()}
LAYOUTS = ("C", "F", "strided")


class ProtocolError(Exception):
    """These bytes are not a frame, or not one that may cross."""


@dataclass(frozen=True, slots=True)
class Array:
    """An array to send in a given memory layout ("C", "F" or "strided"), read-only or not."""

    data: "np.ndarray[Any, Any]"
    layout: str = "C"
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Rng:
    """A seed that the worker turns into a `numpy.random.Generator`."""

    seed: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What the student's code raised: the nearest built-in exception type, its text, the student's own line."""

    exception: str
    text: str
    line: int | None
    shown: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A call that a submission makes of a function given to it: the grader answers, and the submission goes on."""

    function: str
    arguments: list[Any]
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that cannot cross: only the name of its type does."""

    type_name: str


def encode(value: Any) -> bytes:
    """The frame for `value`. Anything that is not a value crosses as `Opaque`."""
    body: list[bytes] = []
    header = json.dumps(_pack(value, body, 0), separators=(",", ":")).encode("utf-8", "backslashreplace")
    size = sum(map(len, body))
    if len(header) > MAX_HEADER or size > MAX_BODY:
        raise ProtocolError(f"too large to cross: {len(header)} bytes of header and {size} of arrays")
    return b"".join((LENGTHS.pack(len(header), size), header, *body))


def _pack(value: Any, body: list[bytes], depth: int) -> Any:
    if depth >= MAX_DEPTH:
        return {"opaque": "nested too deeply"}
    kind = type(value)
    if value is None or kind in (bool, float) or (kind is int and abs(value) < 1 << 63):
        return value
    if kind is str:
        return _clean(value)
    if kind is list:
        return [_pack(item, body, depth + 1) for item in value]
    if kind is np.ndarray and value.dtype.name in DTYPES:
        return _pack_array(value, body, [])
    if kind is tuple:
        return {"tuple": [_pack(item, body, depth + 1) for item in value]}
    if kind is dict:
        return {"dict": [[_pack(key, body, depth + 1), _pack(item, body, depth + 1)] for key, item in value.items()]}
    return _pack_other(value, body)


def _pack_other(value: Any, body: list[bytes]) -> Any:
    if isinstance(value, Array):
        return _pack_array(value.data, body, [value.layout, value.read_only])
    if isinstance(value, np.ndarray | np.generic) and np.asarray(value).dtype.name in DTYPES:
        return _pack_array(np.asarray(value), body, [])
    if isinstance(value, Rng):
        return {"rng": value.seed}
    if isinstance(value, Failure):
        return {"failure": [value.exception, value.text[:MAX_TEXT], value.line, value.shown[:100]]}
    if isinstance(value, Ask):
        content = _pack(value.arguments, body, 1), _pack(value.options, body, 1)
        return {"ask": [value.function[:100], *content]}
    if isinstance(value, Opaque):
        return {"opaque": value.type_name[:100]}
    if isinstance(value, np.ndarray):
        return {"opaque": f"ndarray of dtype {value.dtype}"[:100]}
    return {"opaque": type(value).__name__[:100]}


def _pack_array(data: "np.ndarray[Any, Any]", body: list[bytes], extra: list[Any]) -> dict[str, Any]:
    if data.nbytes > MAX_BODY:  # before copying: a broadcast array may claim any size
        return {"opaque": f"ndarray of shape {data.shape}, which is too large"[:100]}
    native = data if data.dtype.isnative else data.astype(data.dtype.newbyteorder("="))
    body.append(native.tobytes())
    return {"array": [data.dtype.name, data.shape, *extra]}


def lengths(prefix: bytes | bytearray, limit: int = MAX_BODY) -> tuple[int, int]:
    """The lengths of header and body announced by a frame's first bytes, if they are within bounds."""
    header, body = LENGTHS.unpack(prefix)
    if header > MAX_HEADER:
        raise ProtocolError(f"a header of {header} bytes is announced, more than {MAX_HEADER}")
    if body > min(limit, MAX_BODY):
        raise ProtocolError(f"{body} bytes of arrays are announced, more than {min(limit, MAX_BODY)}")
    return header, body


def decode(header: bytes | bytearray | memoryview, body: bytes | bytearray | memoryview) -> Any:
    """The value in a frame's header and body. Arrays come out in the layout that was asked for."""
    try:
        packed = json.loads(bytes(header).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError("the header is not JSON") from error
    reader = _Reader(memoryview(body))
    value = reader.value(packed, 0)
    if reader.offset != len(body):
        raise ProtocolError(f"{len(body) - reader.offset} bytes belong to no array")
    return value


class _Reader:
    """Walks a packed header and takes each array's bytes off the body in turn."""

    def __init__(self, body: memoryview) -> None:
        self.body = body
        self.offset = 0
        self.nodes = 0

    def value(self, packed: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise ProtocolError("nested too deeply, or too many values")
        kind = type(packed)
        if kind is list:
            return [self.value(item, depth + 1) for item in packed]
        if kind is str:
            return _clean(packed)
        if kind is int and not -(1 << 63) <= packed < 1 << 64:
            raise ProtocolError("a number of more than 64 bits")
        if kind is not dict:
            return packed
        if len(packed) != 1:
            raise ProtocolError("a tagged value has exactly one tag")
        [(tag, content)] = packed.items()
        if type(content) is list:
            return self.tagged_list(tag, content, depth)
        if tag == "rng" and type(content) is int and content >= 0:
            return Rng(content)
        if tag == "opaque" and type(content) is str:
            return Opaque(_clean(content[:100]))
        return self.malformed()

    def tagged_list(self, tag: str, content: list[Any], depth: int) -> Any:
        if tag == "array":
            return self.array(*content) if 2 <= len(content) <= 4 else self.malformed()
        if tag == "tuple":
            return tuple([self.value(item, depth + 1) for item in content])
        if tag == "dict":
            return self.mapping(content, depth)
        if tag == "ask" and len(content) == 3 and type(content[0]) is str:
            arguments, options = (self.value(part, depth + 1) for part in content[1:])
            if type(arguments) is list and type(options) is dict:
                return Ask(content[0][:100], arguments, options)
        match tag, content:
            case "failure", [str(exception), str(text), line, str(shown)] if type(line) is int or line is None:
                return Failure(_clean(exception[:100]), _clean(text[:MAX_TEXT]), line, _clean(shown[:100]))
        return self.malformed()

    def malformed(self) -> NoReturn:
        raise ProtocolError("an unknown or malformed tag")

    def mapping(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        result = {}
        for pair in pairs:
            if not (isinstance(pair, list) and len(pair) == 2):
                raise ProtocolError("a dict is a list of pairs")
            key, item = (self.value(part, depth + 1) for part in pair)
            if not isinstance(key, str | int | float | bool | None):
                raise ProtocolError("a dict's keys are plain values")
            result[key] = item
        return result

    def array(self, name: Any, shape: Any, *extra: Any) -> "np.ndarray[Any, Any]":
        dtype = DTYPES.get(name) if type(name) is str else None
        if (
            dtype is None
            or type(shape) is not list
            or len(shape) > MAX_NDIM
            or not all(type(n) is int and 0 <= n <= MAX_BODY for n in shape)
        ):
            raise ProtocolError("an array of an unknown dtype or impossible shape")
        size = math.prod(shape) * dtype.itemsize
        end = self.offset + size
        if end > len(self.body):
            raise ProtocolError(f"an array of shape {tuple(shape)} reaches past the end of the frame")
        try:
            data = np.ndarray(shape, dtype, self.body, self.offset)
        except (ValueError, TypeError) as error:  # a size of 0 beside others whose product overflows
            raise ProtocolError("an array of impossible shape") from error
        self.offset = end
        return _lay_out(data, *extra) if extra else data


def _clean(text: str) -> str:
    """`text` with lone surrogates written out: they are no Unicode, and no report could be encoded."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _lay_out(data: "np.ndarray[Any, Any]", layout: Any = "C", read_only: Any = False) -> "np.ndarray[Any, Any]":
    """A copy of `data` in the given memory layout."""
    if layout not in LAYOUTS:
        raise ProtocolError("an unknown memory layout")
    if layout == "strided" and data.ndim:
        wide = np.zeros((*data.shape[:-1], 2 * data.shape[-1]), data.dtype)
        wide[..., ::2] = data
        copy = wide[..., ::2]
    else:
        copy = data.copy(order="F" if layout == "F" else "C")
    copy.flags.writeable = not read_only
    return copy
