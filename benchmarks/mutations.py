"""Mutations of the model answers: one small change at a time, made on the syntax tree, as a slip of a student would.

An operator, an index, a sign, an axis, a constant, a name for its neighbour's, a transpose or a step left out.
"""

import ast
import copy
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from common import solution

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Eq: ast.NotEq, ast.Is: ast.IsNot,
}  # fmt: skip
NEIGHBOURS = {
    frozenset(pair)
    for pair in (
        ("i", "j"), ("n", "c"), ("rows", "cols"), ("height", "width"), ("out_height", "out_width"), ("kh", "kw"),
        ("x", "xp"), ("dx", "dxp"), ("Wx", "Wh"), ("x", "h_prev"), ("h", "h_prev"), ("h", "h0"), ("x", "dout"),
        ("dx", "dh_prev"), ("stride", "padding"), ("window", "steps"), ("da", "dh"), ("dh", "h"), ("w", "xp"),
    )
}  # fmt: skip
CALLS = {
    "zeros": "ones", "zeros_like": "ones_like", "max": "min", "argmax": "argmin", "sum": "mean", "tanh": "arctan",
}  # fmt: skip

ALL = 10**9
T = TypeVar("T")


def about(most: int, every: Sequence[T]) -> Sequence[T]:
    """About so many of them, from the first to the last."""
    return every[:: max(1, len(every) // most)]


@dataclass(frozen=True)
class Mutant:
    """A changed source: where it was changed, and how."""

    unit: str
    function: str
    line: int
    change: str
    source: str

    def __str__(self) -> str:
        return f"{self.unit}.py:{self.line} {self.function}: {self.change}"


def mutants(unit: str, functions: Sequence[str] = ()) -> list[Mutant]:
    """Every single change to the bodies of `functions` (none given: of all functions)."""
    source = solution(unit).read_text(encoding="utf-8")
    tree = ast.parse(source)
    found: dict[str, Mutant] = {}
    for index, node in enumerate(tree.body):
        if not isinstance(node, ast.FunctionDef) or (functions and node.name not in functions):
            continue
        for line, changed in _changed_bodies(node):
            whole = copy.copy(tree)
            whole.body = [*tree.body]
            whole.body[index] = changed
            text = ast.unparse(ast.fix_missing_locations(whole))
            change = _difference(ast.unparse(node), ast.unparse(changed))
            found.setdefault(text, Mutant(unit, node.name, line, change, text))
    found.pop(ast.unparse(tree), None)
    return list(found.values())


def _difference(before: str, after: str) -> str:
    pairs = itertools.zip_longest(before.splitlines(), after.splitlines(), fillvalue="(nothing)")
    return next((f"{new.strip()}  (was {old.strip()})" for old, new in pairs if new != old), "nothing")


def _changed_bodies(function: ast.FunctionDef) -> Iterator[tuple[int, ast.FunctionDef]]:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    first = len(function.body) - len(body)
    count = sum(1 for statement in body for _ in ast.walk(statement))
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    names |= {argument.arg for argument in function.args.args}
    for at in range(count):
        for choice in itertools.count():
            changed = copy.deepcopy(function)
            nodes = [node for statement in changed.body[first:] for node in ast.walk(statement)]
            changes = list(_changes(nodes[at], names))
            if choice >= len(changes):
                break
            changes[choice]()
            yield getattr(nodes[at], "lineno", function.lineno), changed


def _changes(node: ast.AST, names: set[str]) -> Iterator[Callable[[], object]]:
    """Ways to change `node` in place, in a function that knows `names`."""
    match node:
        case ast.BinOp(left, op, right):
            if type(op) in OPERATORS:
                yield _set(node, "op", OPERATORS[type(op)]())
            if isinstance(op, ast.MatMult):
                yield lambda: (setattr(node, "left", right), setattr(node, "right", left))
            yield _become(node, left)
        case ast.AugAssign(target, op, value):
            yield _set(node, "op", OPERATORS.get(type(op), ast.Sub)())
            yield lambda: _to_assignment(node, target, value)
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield _set(node, "ops", [COMPARISONS[type(op)]()])
        case ast.IfExp(_, body, orelse):
            yield _become(node, body)
            yield _become(node, orelse)
        case ast.UnaryOp(_, operand):
            yield _become(node, operand)
        case ast.Constant(value):
            yield from _other_constants(node, value)
        case ast.Name(name, ast.Load()):
            others = {other for pair in NEIGHBOURS if name in pair for other in pair - {name}}
            yield from (_set(node, "id", other) for other in sorted(others & names))
        case ast.Tuple(elements, ast.Load()) if len(elements) > 1:
            for i in range(len(elements) - 1):
                yield _set(node, "elts", [*elements[:i], elements[i + 1], elements[i], *elements[i + 2 :]])
            yield _set(node, "elts", elements[:-1])
        case ast.Attribute(value, "T"):
            yield _become(node, value)
        case ast.Attribute(_, name) if name in CALLS:
            yield _set(node, "attr", CALLS[name])
        case ast.Slice():
            yield from (_set(node, part, None) for part in ("lower", "upper", "step") if getattr(node, part))
        case ast.Call(ast.Name("reversed"), [argument]):
            yield _become(node, argument)
        case ast.Call(ast.Name("slice"), [start, stop, _]):
            yield _set(node, "args", [start, stop])
        case ast.Return(ast.Tuple(elements)):
            yield from (lambda i=i: _negate(elements, i) for i in range(len(elements)))


def _other_constants(node: ast.Constant, value: object) -> Iterator[Callable[[], object]]:
    if isinstance(value, bool):
        yield _set(node, "value", not value)
    elif isinstance(value, int):
        yield _set(node, "value", value + 1)
        yield _set(node, "value", value - 1)
    elif isinstance(value, str) and "->" in value:
        inputs, output = value.split("->")
        terms = [*inputs.split(","), output]
        for at, term in enumerate(terms):
            for i in range(len(term) - 1):
                swapped = term[:i] + term[i + 1] + term[i] + term[i + 2 :]
                new = [*terms[:at], swapped, *terms[at + 1 :]]
                yield _set(node, "value", ",".join(new[:-1]) + "->" + new[-1])


def _set(node: ast.AST, field: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, field, value)


def _become(node: ast.AST, other: ast.AST) -> Callable[[], None]:
    """Turn `node` into `other` where it stands."""

    def change() -> None:
        node.__class__ = other.__class__
        node.__dict__ = other.__dict__

    return change


def _to_assignment(node: ast.AugAssign, target: ast.expr, value: ast.expr) -> None:
    _become(node, ast.copy_location(ast.Assign([target], value), node))()


def _negate(elements: list[ast.expr], at: int) -> None:
    elements[at] = ast.UnaryOp(ast.USub(), elements[at])
