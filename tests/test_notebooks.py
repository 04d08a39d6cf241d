"""Notebooks as submissions: their code cells, without what only IPython understands, graded as a file is."""

import json
import math

import pytest
from classes import CORRECT, notebook
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import load
from autograder.errors import SubmissionError
from autograder.grading.batch import Settings, grade_entry
from autograder.grading.seeds import Seed
from autograder.grading.workers import Workers
from autograder.model import Report, Verdict
from autograder.notebooks import source_of
from autograder.submission import Submission

AROUND = """%matplotlib inline
!pip install numpy
import matplotlib.pyplot as plt
files = !ls
np.pad?
"""
TRIED_OUT = """x = np.random.rand(2, 3, 4, 4)
out, cache = max_pool2d_forward(x, nothing_of_the_kind=1)
plt.imshow(out[0, 0])
assert out.mean() > 100
open("/etc/passwd").read()
raise SystemExit
"""


def lines_of(*cells: str) -> list[str]:
    source = source_of(notebook(*cells))
    compile(source, "notebook", "exec")
    return [line for line in source.split("\n") if line and not line.startswith("#")]


def graded(workers: Workers, *cells: str) -> Report:
    source = source_of(notebook(*cells))
    handed_in = Submission("ada", "convnets", {"pooling": source}, notebooks=frozenset({"pooling"}))
    return grade_entry(handed_in, load("convnets/pooling"), Settings(Seed(), workers.name), workers).report


def test_code_cells_in_order_and_nothing_else() -> None:
    assert lines_of("a = 1", "", "b = 2\nc = 3") == ["a = 1", "b = 2", "c = 3"]


@pytest.mark.parametrize(
    "magic",
    ["%matplotlib inline", "%%time", "!ls -l", "?np.pad", "np.pad?", "np.pad??", "  %load_ext x", "files = !ls",
     "a, b = %cd", "!!ls", "%%capture --no-stderr"],
)  # fmt: skip
def test_magics_become_statements_that_do_nothing(magic: str) -> None:
    indent = magic[: len(magic) - len(magic.lstrip())]
    head = "if True:\n" if indent else ""
    assert lines_of(f"{head}{magic}\n{indent}a = 1")[-2:] == [f"{indent}pass  # {magic.lstrip()}", f"{indent}a = 1"]


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile x.py", "%%javascript", "\n%%latex", "%%unheard_of"])
def test_cells_in_other_languages_are_left_out(magic: str) -> None:
    assert lines_of("a = 1", f"{magic}\n<b>((</b>", "b = 2") == ["a = 1", "b = 2"]


@pytest.mark.parametrize(
    "code",
    ["x = (7\n     % 4)", "x = (7\n     != 4)", "x = 'what?'", "x = 1 if y != 2 else 3", "s = 'a\u2028b'",
     "s = 'a\x0cb'", "x = {'a': '!ls'}", "x %= 3"],
)  # fmt: skip
def test_python_stays_as_it_is(code: str) -> None:
    assert f"\n{code}\n" in source_of(notebook(code))


def test_line_endings_of_any_system() -> None:
    assert lines_of("a = 1\r\nb = 2\rc = 3") == ["a = 1", "b = 2", "c = 3"]


@pytest.mark.sandbox
def test_a_notebook_earns_what_its_functions_are_worth(workers: Workers) -> None:
    """Whatever stands around them: imports that fail, calls that fail, plots, questions to the shell."""
    report = graded(workers, AROUND, CORRECT, TRIED_OUT, "%%bash\nrm -rf /")
    assert report.score == report.possible
    assert report.passed


@pytest.mark.sandbox
def test_a_notebook_with_a_syntax_error_shows_its_line(workers: Workers) -> None:
    report = graded(workers, CORRECT, "def unfinished(:\n    pass")
    assert report.score == 0
    assert "SyntaxError" in report.results[0].message
    assert "def unfinished(:" in report.results[0].message


@pytest.mark.sandbox
def test_a_notebook_without_the_function_says_so(workers: Workers) -> None:
    report = graded(workers, "import numpy as np", "max_pool_forward = 1")
    assert {result.verdict for result in report.results if not result.advice} == {Verdict.MISSING}


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"{", b"[]", b"null", b"{}", b'{"cells": 3}', b'{"worksheets": []}', b"[" * 100_000,
     b'{"cells": ' + b"1" * 5000 + b"}"],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_notebook_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(SubmissionError, match="it is not a notebook"):
        source_of(data)


values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["cell_type", "source", "x"]), inner),
    max_leaves=8,
)
cells = st.lists(st.fixed_dictionaries({"cell_type": st.just("code") | values, "source": values}) | values, max_size=4)


@given(cells | values)
def test_anything_that_json_can_say_is_a_notebook_or_is_not(content: object) -> None:
    for whole in (content, {"cells": content}):
        try:
            text = source_of(json.dumps(whole).encode())
        except SubmissionError:
            continue
        assert isinstance(text, str)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises(SubmissionError):
        source_of(data)


def test_numbers_that_json_does_not_have() -> None:
    assert "# code cell 1" in source_of(json.dumps({"cells": [{"cell_type": "code", "source": math.nan}]}).encode())
