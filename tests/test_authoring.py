"""New units and the proof of a course: what is refused, and what is found. docs/authors.md runs the whole way."""

from dataclasses import replace
from pathlib import Path

import pytest
from classes import CORRECT, POOLING, write
from students import REPO

from autograder.authoring import proof
from autograder.authoring.scaffold import new_unit
from autograder.course import COURSE, find_entry, load
from autograder.errors import UsageError


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder with the course's list and nothing else."""
    text = (REPO / "autograder/course.py").read_text(encoding="utf-8")
    page = "| a | b |\n|--|--|\n| c | d |\n\nx"
    return write(tmp_path, {"autograder/course.py": text, "solutions/convolution/README.md": page})


def test_a_unit_gets_its_line_its_row_and_its_files(course: Path) -> None:
    written = new_unit(course, "convolution/gain", "")
    lines = (course / "autograder/course.py").read_text().split("\n")
    number = lines.index('    Entry("convolution/gain", "Gain", 10),')
    last = [entry.path for entry in COURSE if entry.assignment == "convolution"][-1]
    assert last in lines[number - 1]
    page = (course / "solutions/convolution/README.md").read_text()
    assert page == "| a | b |\n|--|--|\n| c | d |\n| `gain.py` | `gain_forward`, `gain_backward` |\n\nx"
    assert all(path.is_file() for path in written)
    with pytest.raises(UsageError, match="is there already; nothing was written"):
        new_unit(course, "convolution/gain", "")
    new_unit(course, "astrology/houses", "")
    lines = (course / "autograder/course.py").read_text().split("\n")
    assert lines[lines.index(")") - 1] == '    Entry("astrology/houses", "Houses", 10),'
    for folder in ("reference", "autograder/units", "autograder/misconceptions"):
        assert (course / folder / "astrology/__init__.py").is_file()
    assert "| `houses.py` |" in (course / "solutions/astrology/README.md").read_text()


@pytest.mark.parametrize(
    ("path", "title"),
    [("gain", ""), ("convolution/", ""), ("convolution/Gain", ""), ("convolution/../x", ""), ("convolution/class", ""),
     ("recurrence/conv2d", ""), ("convolution/conv2d_fast", ""), ("convolution/gain", 'a "b"'), ("a/b/c", "")],
)  # fmt: skip
def test_a_bad_name_writes_nothing(course: Path, path: str, title: str) -> None:
    before = sorted(course.rglob("*"))
    with pytest.raises(UsageError):
        new_unit(course, path, title)
    assert sorted(course.rglob("*")) == before


def test_the_proof_finds_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry, unit = find_entry(POOLING), load(POOLING)
    monkeypatch.setattr(proof, "COURSE", (entry,))
    files = {f"{tree}/{POOLING}.py": "" for tree in proof.TREES} | {f"{proof.STYLES}/pooling/loops.py": ""}
    write(tmp_path, files | {"solutions/convnets/README.md": "", "autograder/units/convnets/pooling_max.py": ""})
    assert list(proof.trees(tmp_path)) == []
    write(tmp_path, {"reference/convnets/pooling_max.py": "", "solutions/convnets/extra.py": ""})
    (tmp_path / f"assignments/{POOLING}.py").unlink()
    (tmp_path / f"{proof.STYLES}/pooling/loops.py").unlink()
    found = " ".join(proof.trees(tmp_path))
    for words in (f"assignments/{POOLING}.py is missing", "reference/convnets/pooling_max.py is not listed",
                  "solutions/convnets/extra.py is not listed", "styles/pooling/ holds no"):  # fmt: skip
        assert words in found

    wrong = CORRECT.replace("if not ceil_mode:", "if True:")
    write(tmp_path, {f"solutions/{POOLING}.py": wrong, f"assignments/{POOLING}.py": CORRECT})
    known = next(one for one in unit.misconceptions if one.name == "average-of-window")
    twisted = (replace(known, name="harmless", wrong={}), known, replace(known, name="twin"))
    monkeypatch.setattr(proof, "load", lambda path: replace(unit, title="?", misconceptions=twisted))
    problems = "\n".join(proof.prove_unit(tmp_path, entry, mistakes=False).problems)
    assert "course.py says" in problems
    assert "stub: max_pool2d_forward.plain is passed, but should be missing" in problems
    assert "solution: max_pool2d_forward.ceil: " in problems
    few = tuple(check for check in unit.checks if check.functions == tuple(known.wrong) and not check.hidden)
    passes, *called = proof.unnamed(REPO, replace(unit, checks=few, misconceptions=twisted))
    assert passes == "wrong model harmless passes every check"
    assert [line.partition(" (")[0] for line in called] == [
        f"wrong model {name} is called {' and '.join(sorted((known.name, 'twin')))}" for name in (known.name, "twin")
    ]
