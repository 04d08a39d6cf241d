"""Layers: a forward and a backward function that are held against the torch reference.

`layer_checks` gives every layer, for free: agreement of the forward pass by strata, of each gradient by strata (with
60 % of the points for a gradient that is right for the student's own wrong forward), and as advice "inputs not
modified" and "float32 in, float32 out".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from autograder.errors import Mismatch
from autograder.judging.agreement import GradientAgrees, OutputAgrees, named, part
from autograder.judging.cases import Cases
from autograder.judging.compare import EXACT, compare, expect_array
from autograder.judging.credit import own_forward_credit
from autograder.judging.kinds import SINGLE, Kind
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.signature import Signature
from autograder.model import Check, Request, Student

SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True, slots=True)
class Stratum:
    """A kind of case, with points of its own: "stride 2 or 3". `edges` are sizes picked by hand that come first."""

    name: str
    summary: str
    sizes: SearchStrategy[Sizes]
    edges: tuple[Sizes, ...] = ()
    hidden: bool = False
    kind: Kind | None = None
    count: int = 8


@dataclass(frozen=True)
class Layer:
    """A forward function, its backward if it has one, and the reference that knows better.

    Signatures are written as the student reads them: `"conv2d_backward(dout, x, w) -> dx, dw, db"`. Options are left
    out; they come from the case and go by keyword. For diagnosis, `axes` names the axes of inputs and outputs
    ("N C H W"), and `conditions` says what else may be worth saying of a case, as functions of its sizes and options.

    Where `forward` is a function of the unit's driver, `functions` are the student's functions that it calls, the one
    that it is about first, and the oracle is `driven(driver.f, reference)`. `single` is the kind of its cases in
    float32, where the usual ones would not do.
    """

    forward: Signature
    oracle: Callable[..., Any]
    kind: Kind
    backward: Signature | None = None
    axes: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, Callable[[Mapping[str, Any]], bool]] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    single: Kind | None = None

    @classmethod
    def of(cls, forward: str, *, oracle: Callable[..., Any], kind: Kind, backward: str = "", **words: Any) -> "Layer":
        return cls(Signature.parse(forward), oracle, kind, Signature.parse(backward) if backward else None, **words)

    def axes_of(self, result: str) -> tuple[str, ...]:
        """The names of a result's axes; a gradient has those of its input."""
        return tuple(self.axes.get(result, self.axes.get(result.removeprefix("d"), "")).split())

    @property
    def wrt(self) -> tuple[str, ...]:
        """The inputs that the backward pass differentiates: dx, dw, db give x, w, b."""
        return tuple(name.removeprefix("d") for name in self.backward.results) if self.backward else ()

    @property
    def differentiable(self) -> tuple[str, ...]:
        """The outputs that get an upstream gradient: those whose d<output> the backward pass takes."""
        taken = self.backward.parameters if self.backward else ()
        return tuple(name for name in self.forward.results if f"d{name}" in taken)

    def run(self, student: Student, case: LayerCase, **changes: Any) -> dict[str, Any]:
        """The student's outputs by name, for the case with some arrays or options changed. For laws."""
        case = case.changed(**changes) if changes else case
        outputs = named(student.ask(case.forward_request), self.forward, case.options)
        for name, expected in case.expected.items():
            if isinstance(expected, np.ndarray):
                expect_array(name, part(outputs, name), expected)
        return outputs

    def run_backward(self, student: Student, case: LayerCase) -> dict[str, Any]:
        """The student's gradients by the input's name: {"x": dx, ...}."""
        assert self.backward is not None
        gradients = named(student.ask(case.backward_request), self.backward, case.options)
        for name in self.wrt:
            expect_array(f"d{name}", gradients[f"d{name}"], case.arrays[name])
        return {name: gradients[f"d{name}"] for name in self.wrt}

    def same(self, name: str, got: Any, expected: Any, bound: float = EXACT) -> None:
        """Raise `Mismatch` unless both are equal: what a law says of two of the student's own answers."""
        compare(name, np.asarray(got), np.asarray(expected), bound)

    def cases(self, stratum: Stratum, direction: str, kind: Kind | None = None, count: int | None = None) -> Cases:
        kind = kind or stratum.kind or self.kind
        return Cases(
            name=f"{self.forward.function}.{direction}.{stratum.name}",
            strategy=st.tuples(stratum.sizes, SEEDS),
            build=lambda drawn: LayerCase(self, kind, *drawn),
            edges=tuple((sizes, index) for index, sizes in enumerate(stratum.edges)),
            again=tuple((sizes, -1) for sizes in stratum.edges[:1]),
            count=count or stratum.count,
        )


Points = Mapping[Stratum, float | Mapping[str, float]]


def _forward_checks(layer: Layer, stratum: Stratum, points: Any) -> Iterator[Check]:
    """One check, or, for a function with several results, one for each with its share of the points."""
    given = layer.cases(stratum, "forward")
    if isinstance(points, Mapping):
        for result, share in points.items():
            yield _forward_check(layer, stratum, share, result, given)
    elif len(layer.forward.results) == 1:
        yield _forward_check(layer, stratum, points, layer.forward.results[0], given)
    else:
        raise ValueError(f"{layer.forward.function} has several results: give the points of each")


def layer_checks(
    layer: Layer, *, forward: Points, backward: Points | None = None, bonus: bool = False, advice: bool = True
) -> tuple[Check, ...]:
    """The checks of a layer: `forward` and `backward` map strata to points, for backward one number a gradient."""
    checks = [check for stratum, points in forward.items() for check in _forward_checks(layer, stratum, points)]
    for stratum, shares in (backward or {}).items():
        checks += _backward_checks(layer, stratum, shares)
    if advice and not layer.functions:
        checks += _advice(layer, next(iter(forward)), next(iter(backward)) if backward else None)
    return tuple(replace(check, bonus=bonus) for check in checks)


def _forward_check(layer: Layer, stratum: Stratum, points: float, result: str, given: Cases) -> Check:
    functions = layer.functions or (layer.forward.function,)
    several = len(layer.forward.results) > 1 or "." in result
    says = f": the right {result.replace('_', ' ')}" if layer.functions else f" returns the right {result}"
    return Check(
        name=f"{functions[0]}.{result}.{stratum.name}" if several else f"{functions[0]}.{stratum.name}",
        summary=f"{functions[0]}{says}: {stratum.summary}",
        test=OutputAgrees(result),
        functions=functions,
        result=result,
        given=given,
        points=points,
        hidden=stratum.hidden,
    )


def _backward_checks(layer: Layer, stratum: Stratum, shares: Any) -> Iterator[Check]:
    """One check a gradient; they share their cases, and with them each call of the submission."""
    assert layer.backward is not None
    given = layer.cases(stratum, "backward")
    for result, points in shares.items():
        yield Check(
            name=f"{layer.backward.function}.{result}.{stratum.name}",
            summary=f"{layer.backward.function} returns the right {result}: {stratum.summary}",
            test=GradientAgrees(result),
            functions=(layer.backward.function,),
            result=result,
            given=given,
            points=points,
            hidden=stratum.hidden,
            fallback=own_forward_credit(result.removeprefix("d")),
        )


def _advice(layer: Layer, forward: Stratum, backward: Stratum | None) -> Iterator[Check]:
    bare = replace(forward, edges=())
    both = (layer.forward.function,) + ((layer.backward.function,) if layer.backward else ())
    yield Check(
        name=f"{layer.forward.function}.inputs-unchanged",
        summary=f"{' and '.join(both)} leave{'s' if len(both) == 1 else ''} the inputs as they were",
        test=_RunsOnReadOnly(),
        functions=both,
        given=layer.cases(bare, "read-only", count=2),
        advice=True,
    )
    single = layer.single or SINGLE.get(layer.kind.name)
    if single is None:
        return
    yield Check(
        name=f"{layer.forward.function}.float32",
        summary=f"{layer.forward.function} gives float32 for float32",
        test=_KeepsFloat32(),
        functions=both[:1],
        given=layer.cases(bare, "float32", single, count=2),
        advice=True,
    )


class _RunsOnReadOnly:
    """Read-only arrays make the guilty line raise, if there is one."""

    @staticmethod
    def asks(case: LayerCase) -> tuple[Request, ...]:
        if "read-only" not in case.kept:
            requests = (case.forward_request, case.backward_request) if case.layer.backward else (case.forward_request,)
            case.kept["read-only"] = tuple(replace(request, read_only=True, cache={}) for request in requests)
        return case.kept["read-only"]  # type: ignore[no-any-return]

    def __call__(self, student: Student, case: LayerCase) -> None:
        for request in self.asks(case):
            student.ask(request)


class _KeepsFloat32:
    """What is computed from float32 is float32, and right to its precision."""

    @staticmethod
    def asks(case: LayerCase) -> tuple[Request, ...]:
        return (case.forward_request,)

    def __call__(self, student: Student, case: LayerCase) -> None:
        outputs = named(student.ask(case.forward_request), case.layer.forward, case.options)
        for name, expected in case.expected.items():
            compare(name, outputs[name], expected.astype(np.float32), case.kind.bound(case, name))
            dtype = np.asarray(outputs[name]).dtype
            if dtype != np.float32:
                text = f"{name}.dtype={dtype} for float32 inputs; float32 would save half the memory"
                raise Mismatch(text, kind="dtype", result=name)
