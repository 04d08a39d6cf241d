"""Students get the questions, never the answers."""

from pathlib import Path

import pytest

from autograder.release import ReleaseError, release, strip, stubs, verify

ROOT = Path(__file__).parents[1]

SOLUTION = '''"""A unit."""

import numpy as np

### BEGIN SOLUTION
from math import tanh as secret_helper


### END SOLUTION


def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    doubled = x + x
    return doubled
    ### END SOLUTION
'''

STUB = '''"""A unit."""

import numpy as np


def double(x):
    """Twice x."""
    # YOUR CODE HERE
    raise NotImplementedError
'''


@pytest.fixture
def course(tmp_path: Path) -> tuple[Path, Path]:
    """A small course: the folders of its solutions and of its assignments."""
    solutions = tmp_path / "solutions"
    write(solutions / "warmup" / "unit.py", SOLUTION)
    write(solutions / "warmup" / "README.md", "# Warm-up\n")
    return solutions, tmp_path / "assignments"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_strip_leaves_the_question() -> None:
    assert strip(SOLUTION, "unit.py") == STUB


def test_strip_of_a_stub_changes_nothing() -> None:
    assert strip(STUB, "unit.py") == STUB


def test_strip_keeps_the_indentation_of_a_method() -> None:
    method = "class A:\n    def f(self):\n        ### BEGIN SOLUTION\n        return 1\n        ### END SOLUTION\n"
    expected = "class A:\n    def f(self):\n        # YOUR CODE HERE\n        raise NotImplementedError\n"
    assert strip(method, "unit.py") == expected


def test_strip_removes_a_region_at_the_end() -> None:
    assert strip("x = 1\n\n\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION\n", "unit.py") == "x = 1\n"


def test_strip_removes_a_region_at_the_start() -> None:
    assert strip("### BEGIN SOLUTION\ny = 2\n### END SOLUTION\n\nx = 1\n", "unit.py") == "x = 1\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION\n", 2),
        ("x = 1\n### END SOLUTION\n", 2),
        ("### BEGIN SOLUTION\n### END SOLUTION\n### END SOLUTION\n", 3),
        ("x = 1\n### BEGIN SOLUTION\ny = 2\n", 2),
        ("## BEGIN SOLUTION\ny = 2\n### END SOLUTION\n", 1),
        ("### begin solution\ny = 2\n### end solution\n", 1),
        ("### BEGIN SOLUTION\ny = 2  ### END SOLUTION\n", 2),
    ],
    ids=["nested", "stray", "closed twice", "unclosed", "two hashes", "lower case", "after code"],
)
def test_a_bad_marker_is_refused(source: str, line: int) -> None:
    with pytest.raises(ReleaseError, match=rf"^solutions/a/unit\.py:{line}: "):
        strip(source, "solutions/a/unit.py")


def test_stubs_are_keyed_by_their_path_in_the_assignments(course: tuple[Path, Path]) -> None:
    assert stubs(course[0]) == {
        Path("warmup/README.md"): b"# Warm-up\n",
        Path("warmup/unit.py"): STUB.encode(),
    }


def test_release_writes_what_verify_wants(course: tuple[Path, Path]) -> None:
    solutions, assignments = course
    written = release(solutions, assignments)
    assert written == [assignments / "warmup" / "README.md", assignments / "warmup" / "unit.py"]
    assert verify(solutions, assignments) == []


def test_release_removes_what_has_no_source(course: tuple[Path, Path]) -> None:
    solutions, assignments = course
    write(assignments / "old" / "unit.py", "x = 1\n")
    write(assignments / "warmup" / "renamed.py", "x = 1\n")
    release(solutions, assignments)
    assert not (assignments / "old").exists()
    assert verify(solutions, assignments) == []


def test_release_leaves_alone_what_it_does_not_make(course: tuple[Path, Path]) -> None:
    solutions, assignments = course
    write(assignments / "warmup" / "mine.csv", "1,2\n")
    release(solutions, assignments)
    (problem,) = verify(solutions, assignments)
    assert "mine.csv has no source" in problem


def test_verify_names_each_difference(course: tuple[Path, Path]) -> None:
    solutions, assignments = course
    release(solutions, assignments)
    (assignments / "warmup" / "README.md").unlink()
    write(assignments / "warmup" / "unit.py", STUB + "\n")
    write(assignments / "warmup" / "extra.py", "")
    missing, differs, extra = verify(solutions, assignments)
    assert "README.md is missing" in missing
    assert "unit.py is not what" in differs
    assert "extra.py has no source" in extra


def test_verify_reports_a_bad_marker(course: tuple[Path, Path]) -> None:
    solutions, assignments = course
    write(solutions / "warmup" / "unit.py", "### BEGIN SOLUTION\n")
    (problem,) = verify(solutions, assignments)
    assert problem.startswith(f"{(solutions / 'warmup' / 'unit.py').as_posix()}:1: ")


@pytest.mark.parametrize(
    ("leak", "line", "complaint"),
    [
        ('def f(x):\n    """Doc."""\n    return x\n', 1, "f has a body but no '### BEGIN SOLUTION'"),
        ("class A:\n    def f(self):\n        return 1\n", 2, "A.f has a body but no"),
        ("async def f():\n    return 1\n", 1, "f has a body but no"),
        ("if True:\n    def f():\n        return 1\n", 2, "f has a body but no"),
        (
            "def f(x):\n    y = x\n    ### BEGIN SOLUTION\n    return y\n    ### END SOLUTION\n",
            1,
            "f has code outside its '### BEGIN SOLUTION'",
        ),
        (
            "# return x * secret\ndef f(x):\n    ### BEGIN SOLUTION\n    return x * secret\n    ### END SOLUTION\n",
            4,
            "this line of the answer stands in the stub of warmup/leak.py",
        ),
        ("x = (\n### BEGIN SOLUTION\n1)\n### END SOLUTION\n", 1, "was never closed"),
    ],
    ids=["unmarked", "method", "async", "conditional", "half marked", "commented out", "does not parse"],
)
def test_a_leak_is_not_released(course: tuple[Path, Path], leak: str, line: int, complaint: str) -> None:
    solutions, assignments = course
    path = solutions / "warmup" / "leak.py"
    write(path, leak)
    with pytest.raises(ReleaseError) as error:
        release(solutions, assignments)
    assert str(error.value).startswith(f"{path.as_posix()}:{line}: ")
    assert complaint in str(error.value)
    assert not assignments.exists()
    assert str(error.value) in verify(solutions, assignments)


def test_the_same_parameter_list_in_two_places_is_no_leak(course: tuple[Path, Path]) -> None:
    solutions, assignments = course
    parameters = "(\n    first_argument: int,\n) -> int:\n"
    helper = f"### BEGIN SOLUTION\ndef helper{parameters}    return 1\n### END SOLUTION\n"
    answer = f"def f{parameters}    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION\n"
    write(solutions / "warmup" / "unit.py", helper + answer)
    release(solutions, assignments)
    assert verify(solutions, assignments) == []


def test_the_assignments_of_the_repository_are_up_to_date() -> None:
    assert verify(ROOT / "solutions", ROOT / "assignments") == []
