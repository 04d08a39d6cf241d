"""What students get: the solutions without their answers."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = ("# YOUR CODE HERE", "raise NotImplementedError")

_ALMOST_MARKER = re.compile(r"\b(BEGIN|END)[ _-]*SOLUTIONS?\b", re.IGNORECASE)
# Lines that every program in PyTorch has, stubs and notebooks too: they give nothing away.
_IDIOMS = frozenset(
    ("super().__init__()", "optimiser.zero_grad()", "optimiser.step()", "loss.backward()", "with torch.no_grad():")
)
_TRIVIAL_LENGTH = 12  # a shorter line ("return dx") may stand in a stub without giving anything away

Function = ast.FunctionDef | ast.AsyncFunctionDef


class ReleaseError(Exception):
    """A solution that must not be released as it is. The message starts with `path:line:`."""


@dataclass(frozen=True, slots=True)
class _Region:
    """Where a solution stands: the indices of its two marker lines, and their indentation."""

    begin: int
    end: int
    indent: str


def strip(source: str, filename: str) -> str:
    """The stub of a solution: each marked region replaced by `raise NotImplementedError`.

    A region without indentation (helpers and imports of the answer) disappears. `filename` is only used
    in the message of the ReleaseError that a nested, stray, unclosed or misspelt marker raises.
    """
    lines = source.split("\n")
    kept: list[str] = []
    position = 0
    for region in _regions(lines, filename):
        kept += lines[position : region.begin]
        position = region.end + 1
        if region.indent:
            kept += [region.indent + line for line in STUB]
        else:
            position = _close_gap(kept, lines, position)
    return "\n".join(kept + lines[position:])


def stubs(solutions: Path) -> dict[Path, bytes]:
    """Every file of the released assignments, by its path inside `assignments/`."""
    files = {}
    for path in _sources(solutions):
        files[path.relative_to(solutions)] = _stub(path)
    return files


def _stub(path: Path) -> bytes:
    """A file as it is released."""
    if path.suffix == ".py":
        return strip(path.read_text(encoding="utf-8"), path.as_posix()).encode()
    return _strip_notebook(path) if path.suffix == ".ipynb" else path.read_bytes()


def _strip_notebook(path: Path) -> bytes:
    def blank(source: str, cell: int) -> str:
        lines = source.split("\n")
        for region in reversed(_regions(lines, f"{path.as_posix()}:cell {cell}")):
            lines[region.begin : region.end + 1] = [region.indent + lessons.STUB]
        return "\n".join(lines)

    try:
        return lessons.strip_lesson(path.read_bytes(), blank)
    except lessons.LessonError as error:
        raise ReleaseError(f"{path.as_posix()}:cell {error.cell}: {error}") from error


def checked_stubs(solutions: Path) -> dict[Path, bytes]:
    """The stubs; `ReleaseError` if a file would give an answer away."""
    files = stubs(solutions)
    if leaks := _leaks(solutions, files):
        raise ReleaseError("\n".join(leaks))
    return files


def release(solutions: Path, assignments: Path) -> list[Path]:
    """Write the assignments, remove generated files that have no source any more, and list what was written.

    Nothing is written if a file would give an answer away: that raises ReleaseError.
    """
    files = checked_stubs(solutions)
    for path in _extra(assignments, files):
        if _is_generated(path):
            path.unlink()
            _remove_if_empty(path.parent)
    for relative, content in files.items():
        target = assignments / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return [assignments / relative for relative in files]


def verify(solutions: Path, assignments: Path) -> list[str]:
    """What is wrong with `assignments/`, in sentences; empty if it is exactly what `release` writes."""
    try:
        files = stubs(solutions)
    except ReleaseError as error:
        return [str(error)]
    problems = _leaks(solutions, files)
    for relative, content in files.items():
        target, source = assignments / relative, (solutions / relative).as_posix()
        if not target.is_file():
            problems.append(f"{target.as_posix()} is missing: `handgrad release` makes it from {source}")
        elif target.read_bytes() != content:
            problems.append(f"{target.as_posix()} is not what `handgrad release` makes from {source}")
    extra = [path.as_posix() for path in _extra(assignments, files)]
    return problems + [f"{path} has no source in {solutions.as_posix()}: remove it" for path in extra]


def _sources(solutions: Path) -> list[Path]:
    return sorted(path for path in solutions.glob("*/*") if path.is_file() and _is_generated(path))


def _is_generated(path: Path) -> bool:
    return path.suffix in (".py", ".ipynb") or path.name == "README.md"


def _extra(assignments: Path, files: Mapping[Path, bytes]) -> list[Path]:
    """Files of the assignments that no source accounts for. What tools leave behind does not count."""
    inside = (path.relative_to(assignments) for path in assignments.rglob("*") if path.is_file())
    return sorted(assignments / path for path in inside if path not in files and not _is_litter(path))


def _is_litter(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _regions(lines: list[str], filename: str) -> list[_Region]:
    regions: list[_Region] = []
    begin: int | None = None
    for index, line in enumerate(lines):
        marker = _marker(line, f"{filename}:{index + 1}")
        if marker == BEGIN and begin is not None:
            raise ReleaseError(f"{filename}:{index + 1}: '{BEGIN}' inside the solution of line {begin + 1}")
        if marker == END and begin is None:
            raise ReleaseError(f"{filename}:{index + 1}: '{END}' without '{BEGIN}'")
        if marker == BEGIN:
            begin = index
        elif marker == END and begin is not None:
            regions.append(_Region(begin, index, _indent(lines[begin])))
            begin = None
    if begin is not None:
        raise ReleaseError(f"{filename}:{begin + 1}: '{BEGIN}' without '{END}'")
    return regions


def _marker(line: str, place: str) -> str | None:
    text = line.strip()
    if text in (BEGIN, END):
        return text
    if _ALMOST_MARKER.search(text):
        raise ReleaseError(f"{place}: write '{BEGIN}' or '{END}', exactly so, on a line of its own")
    return None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _close_gap(kept: list[str], lines: list[str], position: int) -> int:
    """Where a region was cut out, keep the longer run of blank lines around it; say where to read on."""
    before = after = 0
    while kept and not kept[-1].strip():
        kept.pop()
        before += 1
    while position < len(lines) and not lines[position].strip():
        position += 1
        after += 1
    at_end = position == len(lines)
    kept += [""] * (1 if at_end else max(before, after) if kept else 0)
    return position


def _leaks(solutions: Path, files: Mapping[Path, bytes]) -> list[str]:
    """What the stubs would give away: bodies that nobody marked, lines of one answer that stand elsewhere."""
    released = {path: content.decode() for path, content in files.items() if path.suffix == ".py"}
    read = released | {path: lessons.text_of(content) for path, content in files.items() if path.suffix == ".ipynb"}
    leaks: list[str] = []
    for relative, stub in released.items():
        path = solutions / relative
        source = path.read_text(encoding="utf-8")
        try:
            written, published = ast.parse(source), ast.parse(stub)
        except SyntaxError as error:
            leaks.append(f"{path.as_posix()}:{error.lineno}: {error.msg}, here or once the answers are gone")
            continue
        leaks += _unmarked_bodies(path.as_posix(), source, written, published)
        leaks += _copied_lines(path.as_posix(), source, written, read)
    for relative in read.keys() - released.keys():
        for number, text in enumerate(lessons.sources(solutions / relative), 1):
            leaks += _copied_lines(f"{(solutions / relative).as_posix()}:cell {number}", text, ast.Module([], []), read)
    return leaks


def _unmarked_bodies(filename: str, source: str, written: ast.Module, published: ast.Module) -> Iterator[str]:
    begins = [region.begin + 1 for region in _regions(source.split("\n"), filename)]
    places = dict(_functions(written))
    for name, function in _functions(published):
        if _is_empty(function):
            continue
        place = places[name]
        if any(place.lineno <= line <= (place.end_lineno or 0) for line in begins):
            complaint = f"has code outside its '{BEGIN}': it would publish part of the answer"
        else:
            complaint = f"has a body but no '{BEGIN}': it would publish the answer"
        yield f"{filename}:{place.lineno}: {name} {complaint}"


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """All functions and methods, with names such as "Reader.step"."""
    for node in ast.iter_child_nodes(tree):
        name = prefix
        if isinstance(node, Function | ast.ClassDef):
            name = f"{prefix}{node.name}."
        if isinstance(node, Function):
            yield name[:-1], node
        yield from _functions(node, name)


def _is_empty(function: Function) -> bool:
    """Whether a function is its docstring and `raise NotImplementedError`, no more."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return [ast.unparse(statement) for statement in body] == ["raise NotImplementedError"]


def _copied_lines(filename: str, source: str, written: ast.Module, released: Mapping[Path, str]) -> Iterator[str]:
    lines, signatures = source.split("\n"), _signature_lines(written)
    for region in _regions(lines, filename):
        for number in range(region.begin + 2, region.end + 1):
            text = lines[number - 1].strip()
            if len(text) <= _TRIVIAL_LENGTH or text in _IDIOMS or text.startswith("#") or number in signatures:
                continue
            for path, stub in released.items():
                if text in stub:
                    place = path.as_posix()
                    yield f"{filename}:{number}: this line of the answer stands in the stub of {place}"


def _signature_lines(tree: ast.Module) -> set[int]:
    """Line numbers of parameter lists: "x: np.ndarray," on a line of its own is nobody's answer."""
    functions = [function for _, function in _functions(tree)]
    return {line for f in functions for line in range(f.lineno, f.body[0].lineno)}
