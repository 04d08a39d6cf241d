"""A new unit, at its path in every tree: small, and working as it stands."""

import keyword
import re
from importlib import resources
from pathlib import Path
from string import Template

from autograder.course import COURSE
from autograder.errors import UsageError

NAME = re.compile(r"[a-z][a-z0-9_]*")
POINTS = 10  # what the checks of the template are worth
# Where each template goes.
PLACES = {
    "solution": "solutions/{path}.py",
    "notebook": "solutions/{path}.ipynb",
    "reference": "reference/{path}.py",
    "unit": "autograder/units/{path}.py",
    "misconceptions": "autograder/misconceptions/{path}.py",
    "style": "tests/submissions/styles/{name}/loops.py",
}
PACKAGES = {
    "reference": "Oracles of the {assignment} assignment.",
    "autograder/units": "Checks of the units in assignment {assignment}.",
    "autograder/misconceptions": "Mistakes of the {assignment} assignment.",
}
COURSE_FILE = Path("autograder/course.py")
ENTRY = re.compile(r'    Entry\("(?P<assignment>\w+)/\w+", .*\),$')


def new_unit(root: Path, path: str, title: str) -> list[Path]:
    """Write a new unit and its line in the course; what was written or changed. Nothing is ever overwritten."""
    assignment, name = _names(path)
    title = title or name.replace("_", " ").capitalize()
    words = {"path": path, "dotted": path.replace("/", "."), "name": name, "slug": name.replace("_", "-")}
    words |= {"title": title, "heading": assignment.capitalize()}
    if not title.isprintable() or set(title) & set('"\\$'):
        raise UsageError("a title is a line of plain text, without quotes, backslashes and dollar signs")
    files = {root / place.format(path=path, name=name): template for template, place in PLACES.items()}
    if there := [file for file in files if file.exists()]:
        raise UsageError(f"{there[0]} is there already; nothing was written")
    course = root / COURSE_FILE
    listed = _with_line(course.read_text(encoding="utf-8"), assignment, f'    Entry("{path}", "{title}", {POINTS}),')
    written = _new_assignment(root, assignment, words)
    for file, template in files.items():
        _write(file, _fill(template, words))
    course.write_text(listed, encoding="utf-8")
    page = root / "solutions" / assignment / "README.md"
    page.write_text(
        _with_row(page.read_text(encoding="utf-8"), f"| `{name}.py` | `{name}_forward`, `{name}_backward` |")
    )
    return [*written, *files, course, page]


def _names(path: str) -> tuple[str, str]:
    assignment, slash, name = path.partition("/")
    for part in (assignment, name):
        if not slash or not NAME.fullmatch(part) or keyword.iskeyword(part):
            raise UsageError(f"{path!r} is no ASSIGNMENT/UNIT in small letters, such as convolution/dilated")
    for entry in COURSE:
        if entry.name == name:
            raise UsageError(f"there is a unit {entry.path} already, and names of files are unique in the course")
        if path.startswith(f"{entry.path}_"):
            raise UsageError(f"{name} would read as a part of the checks of {entry.name}; choose another name")
    return assignment, name


def _new_assignment(root: Path, assignment: str, words: dict[str, str]) -> list[Path]:
    """What an assignment needs beside its units: a page, and packages."""
    texts = {root / "solutions" / assignment / "README.md": _fill("readme", words)}
    for folder, docstring in PACKAGES.items():
        texts[root / folder / assignment / "__init__.py"] = f'"""{docstring.format(assignment=assignment)}"""\n'
    missing = {file: text for file, text in texts.items() if not file.exists()}
    for file, text in missing.items():
        _write(file, text)
    return list(missing)


def _fill(template: str, words: dict[str, str]) -> str:
    text = resources.files("autograder") / "authoring" / "templates" / f"{template}.txt"
    return Template(text.read_text(encoding="utf-8")).substitute(words)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _with_line(course: str, assignment: str, line: str) -> str:
    """The course with a line more: after the last of its assignment, or at the end."""
    lines = course.split("\n")
    entries = {number: found["assignment"] for number, text in enumerate(lines) if (found := ENTRY.match(text))}
    if not entries:
        raise UsageError(f"{COURSE_FILE} has no line such as Entry(...): put this there by hand: {line.strip()}")
    own = [number for number, of in entries.items() if of == assignment]
    lines.insert((own or list(entries))[-1] + 1, line)
    return "\n".join(lines)


def _with_row(page: str, row: str) -> str:
    """A page with a row more in its first table, if there is one."""
    lines = page.split("\n")
    start = next((number for number, line in enumerate(lines) if line.startswith("|--")), None)
    if start is None:
        return page
    end = start
    while end + 1 < len(lines) and lines[end + 1].startswith("|"):
        end += 1
    lines.insert(end + 1, row)
    return "\n".join(lines)
