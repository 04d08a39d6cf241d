"""Cases: where a check's examples come from, drawn by Hypothesis before any submission is in sight."""

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis.internal.conjecture import providers
from hypothesis.strategies import SearchStrategy

from autograder.errors import StudentError

MAX_NEW_CASES = 150  # a shrink may try so many cases that were not drawn: a number, not a time, so that it reproduces
MAX_SEARCHES = 50  # that are remembered for a stratum: a class makes the same mistakes, not any number of them


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Examples for one or several checks: `edges` picked by hand, `count` drawn from `strategy`, then `again`.

    `again` repeats sizes that came before with other data, so that answers kept from earlier calls are seen.

    What the strategy draws should be small and hashable (sizes, options, a seed); `build` makes the case of it. `name`
    takes part in the seed, so that different checks see different cases.
    """

    name: str
    strategy: SearchStrategy[Any]
    build: Callable[[Any], Any] = field(default=lambda drawn: drawn)
    edges: tuple[Any, ...] = ()
    again: tuple[Any, ...] = ()
    count: int = 8


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest failing case that a shrink came to."""

    case: Any
    error: StudentError


def _neutralise_local_constants() -> None:
    """Keep Hypothesis from mining constants from whatever modules happen to be imported.

    It takes numbers from the source of imported local modules into its draws, so that one seed would give different
    cases depending on what had been imported before.
    """
    nothing = type(providers.GLOBAL_CONSTANTS)()
    providers._get_local_constants = lambda: nothing


_neutralise_local_constants()


def _settings(count: int, *phases: Phase) -> settings:
    return settings(
        max_examples=count,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )


@functools.lru_cache(maxsize=4096)
def drawn_values(cases: Cases, seed: int) -> tuple[Any, ...]:
    """What the strategy draws for `seed`, without repeats: data, the same for every submission and process."""
    values: dict[Any, None] = {}

    @hypothesis_seed(seed)
    @_settings(cases.count, Phase.generate)
    @given(cases.strategy)
    def collect(value: Any) -> None:
        values.setdefault(value)

    collect()
    return tuple(values)


@functools.lru_cache(maxsize=4096)
def draw(cases: Cases, seed: int) -> tuple[Any, ...]:
    """The built cases for `seed`, edges first; computed once a process, so their oracle's answers are too."""
    return tuple(
        built(cases, value) for value in dict.fromkeys((*cases.edges, *drawn_values(cases, seed), *cases.again))
    )


@functools.lru_cache(maxsize=100_000)
def built(cases: Cases, value: Any) -> Any:
    """The case built from a drawn value; the same object each time, so that shrinking recognises it."""
    return cases.build(value)


@dataclass(slots=True)
class _Step:
    """One question of a search for the smallest failure, and what comes next if the answer is wrong or right.

    The engine is deterministic: the same outcomes lead it to the same question. So what one submission's search has
    shown serves every other with the same mistake, and the engine runs only where something new comes up.
    """

    value: Any = None
    ended: bool = False
    searches: int = 0  # that began here and are remembered
    next: dict[bool, "_Step"] = field(default_factory=dict)


@functools.lru_cache(maxsize=4096)
def _first_step(cases: Cases, seed: int, new_cases: int) -> _Step:
    return _Step()


def shrink(cases: Cases, seed: int, outcome: Callable[[Any], StudentError | None]) -> Smallest | None:
    """The smallest case with an `outcome`, searched from the failures among the cases drawn for `seed`.

    The same strategy and seed run again; outcomes of cases drawn before should come from the caller's memory. None if
    only hand-picked edges fail: Hypothesis did not draw those, so it cannot shrink them.
    """
    step, smallest = _first_step(cases, seed, MAX_NEW_CASES), None
    while step.next:
        case = built(cases, step.value)
        error = outcome(case)
        smallest = Smallest(case, error) if error else smallest
        known = step.next.get(error is not None)
        if known is None:
            break
        step = known
    return smallest if step.ended else _search(cases, seed, outcome)


def _search(cases: Cases, seed: int, outcome: Callable[[Any], StudentError | None]) -> Smallest | None:
    """Let the engine search, and remember what it asked."""
    admitted = set(drawn_values(cases, seed))
    budget = len(admitted) + MAX_NEW_CASES
    smallest: Smallest | None = None
    step = _first_step(cases, seed, MAX_NEW_CASES)
    step.searches += 1
    if step.searches > MAX_SEARCHES:
        step = _Step()

    @hypothesis_seed(seed)
    @_settings(cases.count, Phase.generate, Phase.shrink)
    @given(cases.strategy)
    def search(value: Any) -> None:
        nonlocal smallest, step
        if value not in admitted:
            if len(admitted) >= budget:
                return  # past the budget, what is not known counts as passing
            admitted.add(value)
        case = built(cases, value)
        error = outcome(case)
        step.value = value
        step = step.next.setdefault(error is not None, _Step())
        if error is not None:
            smallest = Smallest(case, error)
            raise _Failed

    with contextlib.suppress(_Failed):
        search()
    step.ended = True
    return smallest


class _Failed(Exception):
    """The one failure that Hypothesis sees, so that it never takes two kinds apart."""
