"""The formats of `handgrad export`, in one table; a format's module is imported when it is asked for."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.exports.graded import Export

    Render = Callable[[Export], str]
    RenderFiles = Callable[[Export], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `module` has `render(export)`, the text of one file, or with `files` many, by path."""

    name: str
    summary: str
    files: bool = False
    grader: bool = False

    @property
    def module(self) -> str:
        return f"autograder.exports.{self.name}"

    def render(self, export: "Export") -> "str | dict[str, str]":
        render: Render | RenderFiles = importlib.import_module(self.module).render
        return render(export)


FORMATS = (
    Format("gradescope", "a results.json for each student", files=True),
    Format("canvas", "a gradebook to import into Canvas"),
    Format("moodle", "an offline grading worksheet of Moodle"),
    Format("classroom50", "a result.json for each student", files=True),
    Format("prairielearn", "a results.json for each student", files=True),
    Format("junit", "test suites in JUnit's XML"),
    Format("nbgrader", "the table that `nbgrader export` writes"),
    Format("gradescope-autograder", "a grader to upload to Gradescope", grader=True),
    Format("classroom50-autograder", "a grader for Classroom 50", grader=True),
    Format("prairielearn-question", "a question with its grader for PrairieLearn", grader=True),
)


def find_format(name: str) -> Format:
    """The format called `name`; `UsageError` lists what there is."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UsageError(f"there is no format {name!r}; there are: {', '.join(each.name for each in FORMATS)}")
