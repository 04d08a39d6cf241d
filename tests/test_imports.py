"""Who may import whom: the layers of the design, and what must stay light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from students import REPO

from autograder.course import COURSE, load

STANDARD = set(sys.stdlib_module_names)

# Each layer, and what it may import of ours besides itself and the records (model, errors, versions).
MAY: dict[str, set[str]] = {
    "errors": set(),
    "model": {"judging"},  # for types only
    "versions": set(),
    "course": {"units", "misconceptions"},  # by name, when asked
    "archives": set(),
    "notebooks": set(),
    "submission": {"course", "archives", "notebooks"},
    "hints": set(),
    "kit": {"course"},
    "release": {"course", "lessons"},
    "lessons": set(),
    "ipython": {"course"},
    "checking": {"archives", "course", "doctor", "grading", "reporting", "submission"},
    "nbgrader": {"archives", "course", "doctor", "grading", "release", "reporting", "submission"},
    "doctor": {"sandbox", "grading"},
    "sandbox": set(),
    "judging": {"reference"},
    "drivers": set(),
    "units": {"judging", "reference", "drivers"},
    "misconceptions": {"reference"},
    "given": {"reference"},
    "grading": {"judging", "sandbox", "submission", "course", "reference", "given"},
    "reporting": set(),
    "exports": {"course", "doctor", "grading", "kit", "options", "reference", "reporting", "sandbox", "submission"},
    "handout": {"release"},
    "study": {"archives", "course", "grading", "hints", "kit", "options", "reporting", "submission"},
    "authoring": {"course", "options", "release", "study"},
    "pytest_plugin": {"course", "reporting", "study"},
    "options": set(),
    "overview": {"course", "exports", "kit", "options", "reporting", "submission"},
    "classroom": {"course", "doctor", "exports", "grading", "reporting", "submission"},
    "commands": {"course", "reporting", "kit", "release", "handout", "doctor"},
    "cli": {"authoring", "classroom", "commands", "exports", "options", "overview", "reporting", "study"},
}
RECORDS = {"model", "errors", "versions"}


def modules(folder: str) -> list[Path]:
    return sorted((REPO / folder).rglob("*.py"))


def imported(path: Path, *, typing: bool = True) -> Iterator[str]:
    """The dotted names that a file imports, wherever in it; without `typing`, not those for type checkers only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    blocks = [] if typing else [block for block in ast.walk(tree) if isinstance(block, ast.If) and is_typing(block)]
    skipped = {id(node) for block in blocks for line in block.body for node in ast.walk(line)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_typing(node: ast.If) -> bool:
    return ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def layer(path: Path) -> str:
    """The layer of a file of autograder: its folder there, or its own name."""
    return path.relative_to(REPO / "autograder").with_suffix("").parts[0]


def ours(name: str) -> str | None:
    """The layer that an imported name belongs to; None for other people's packages."""
    top, _, rest = name.partition(".")
    if top == "autograder":
        return rest.split(".")[0] or "__init__"
    return top if top in ("reference", "solutions", "assignments", "tests") else None


FILES = [path for path in modules("autograder") if path != REPO / "autograder" / "__init__.py"]


def test_every_layer_is_listed() -> None:
    assert {layer(path) for path in FILES} - set(MAY) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(REPO).as_posix())
def test_imports_keep_to_the_layers(path: Path) -> None:
    mine = layer(path)
    allowed = MAY[mine] | RECORDS | {mine}
    found = {name: ours(name) for name in imported(path)}
    # `from autograder import course` names the layer last; `import autograder` reads its version or its files
    free = (None, "__init__", "__version__")
    assert {name for name, other in found.items() if other not in free and other not in allowed} == set()


# Those of the reference that read files, and what they read them with.
FILES_TOO = {
    "datasets.py": {"numpy", "scipy", "sklearn", "PIL"}, "languages.py": {"numpy", "babel"},
    "weights.py": {"safetensors"},
}  # fmt: skip


def test_the_reference_imports_torch_and_nothing_of_ours() -> None:
    for path in modules("reference"):
        tops = {name.split(".")[0] for name in imported(path)}
        assert tops - STANDARD <= {"torch", "reference"} | FILES_TOO.get(path.name, set()), path


@pytest.mark.parametrize("folder", ["solutions", "assignments"])
def test_what_students_see_imports_what_the_unit_allows_and_what_is_given_only(folder: str) -> None:
    for path in modules(folder):
        others = [name for name in imported(path) if not name.startswith("autograder.given.")]
        listed = [entry.path for entry in COURSE if path == REPO / folder / f"{entry.path}.py"]
        allowed = {name for unit in listed for name in load(unit).allowed_packages}
        assert {name.split(".")[0] for name in others} - STANDARD <= (allowed if listed else {"numpy", "torch"}), path


def test_drivers_import_torch_and_numpy_only() -> None:
    for path in modules("autograder/drivers"):
        assert {name.split(".")[0] for name in imported(path)} - STANDARD <= {"torch", "numpy"}, path


def test_what_runs_inside_the_sandbox_imports_nothing_but_numpy() -> None:
    from autograder.sandbox.bubblewrap import FILES as inside

    assert "worker.py" in inside
    siblings = {Path(name).stem for name in inside}
    for name in inside:
        tops = {top.split(".")[0] for top in imported(REPO / "autograder" / "sandbox" / name, typing=False)}
        assert tops - STANDARD <= {"numpy"} | siblings, name


def test_reporting_runs_no_code() -> None:
    banned = {"subprocess", "multiprocessing", "importlib", "runpy", "code", "codeop", "torch", "ctypes"}
    for path in modules("autograder/reporting"):
        assert not {name.split(".")[0] for name in imported(path)} & banned, path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"eval", "exec", "compile", "__import__"}, path


def test_judging_and_units_know_no_files_and_no_terminals() -> None:
    banned = {"os", "io", "pathlib", "shutil", "tempfile", "subprocess", "socket", "rich", "typer", "sys"}
    for folder in ("judging", "units", "misconceptions"):
        for path in modules(f"autograder/{folder}"):
            allowed = {"sys"} if path.name == "driven.py" else set()  # it looks at sys.modules
            assert not {name.split(".")[0] for name in imported(path)} & banned - allowed, path


def test_units_and_misconceptions_do_not_know_each_other() -> None:
    for folder, other in (("units", "misconceptions"), ("misconceptions", "units")):
        for path in modules(f"autograder/{folder}"):
            assert not any(name.startswith(f"autograder.{other}") for name in imported(path)), path


def test_nothing_unpickles() -> None:
    for path in (*modules("autograder"), *modules("reference")):
        assert not {name.split(".")[0] for name in imported(path)} & {"pickle", "marshal", "shelve", "dill"}, path


def test_the_records_import_judging_for_types_only() -> None:
    assert not any(name.startswith("autograder") for name in imported(REPO / "autograder" / "model.py", typing=False))


HEAVY = ("torch", "hypothesis", "numpy", "matplotlib", "sklearn")


COMMAND = (
    "import sys; sys.argv = ['handgrad', {!r}]; from autograder.cli import main\ntry: main()\nexcept SystemExit: pass"
)


@pytest.mark.parametrize(
    ("code", "light"),
    [
        ("import autograder", HEAVY),
        ("import autograder.cli", ("torch", "hypothesis")),
        ("import autograder.commands, autograder.course, autograder.submission", ("torch", "hypothesis")),
        (COMMAND.format("--help"), ("torch", "hypothesis")),
        (COMMAND.format("list"), ("torch", "hypothesis")),
        (COMMAND.format("progress"), ("torch", "hypothesis")),
    ],
    ids=["autograder", "cli", "commands", "--help", "list", "progress"],
)
def test_what_people_wait_for_does_not_import(code: str, light: tuple[str, ...]) -> None:
    ask = f"{code}\nimport sys\nsys.exit(sorted(set({light!r}) & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, timeout=60, cwd=REPO)
    assert (done.returncode, done.stderr) == (0, "")
