"""The list of units: what it promises, and what it says about units that are not there."""

import pytest

from autograder.course import COURSE, assignments, entries, load
from autograder.errors import UsageError


def test_assignments_come_in_the_order_of_the_course() -> None:
    firsts = [next(i for i, entry in enumerate(COURSE) if entry.assignment == name) for name in assignments()]
    assert firsts == sorted(firsts)
    assert len(set(assignments())) == len(assignments())


def test_entries_are_those_of_the_assignment_in_order() -> None:
    assert [entry for name in assignments() for entry in entries(name)] == sorted(
        COURSE, key=lambda entry: assignments().index(entry.assignment)
    )


def test_units_are_listed_once() -> None:
    names = [entry.name for entry in COURSE]  # names too: `handgrad check conv2d.py` knows a unit by its file's name
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", ["convolution", "convolution/conv3d", "conv2d", "../tests/conftest", ""])
def test_a_unit_that_is_not_listed_is_not_imported(path: str) -> None:
    with pytest.raises(UsageError, match="handgrad list"):
        load(path)


def test_an_unknown_assignment_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'conv'.*convolution, convnets, recurrence"):
        entries("conv")


@pytest.mark.parametrize("entry", COURSE, ids=lambda entry: entry.path)
def test_a_unit_is_loaded_with_its_misconceptions(entry: object) -> None:
    path = entry.path  # type: ignore[attr-defined]
    unit = load(path)
    assert unit.path == path
    assert unit.misconceptions
    assert load(path) is unit
