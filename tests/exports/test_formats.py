"""Each format, on results that are partly right, hostile and unfinished: as its system publishes it, and as it was.

The golden files are written anew by `HANDGRAD_WRITE_GOLDEN=1 pytest tests/exports/test_formats.py`; read what changed.
"""

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
from exported import CLASS, EVIL, HOSTILE, SCORES, SECRET, store
from schemas import CLASSROOM50, GRADESCOPE, PRAIRIELEARN

from autograder.exports import canvas
from autograder.exports.classroom50 import whole
from autograder.exports.command import gather
from autograder.exports.formats import FORMATS, find_format
from autograder.exports.graded import Export
from autograder.exports.prairielearn import MAX_BYTES, as_text
from autograder.exports.results import read_results
from autograder.exports.roster import read_roster

GOLDEN = Path(__file__).with_name("golden")
ROSTER = "student,name,email,canvas_id,moodle_id,submission,commit,release,datetime\n" + "".join(
    f'"{name}","{name}, X",{index}@example.org,{100 + index},{200 + index},submit/{index},https://c/{index},'
    f"https://r/{index},2026-06-01T14:32:0{index}Z\n"
    for index, name in enumerate(("ada", "bela", EVIL, "dora", "emil", "zoe"))
)
FORMULA = re.compile(r"\s*[=+@\t\r]|\s*-.")


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("export")
    (folder / "roster.csv").write_text(ROSTER)
    export, joined = gather(read_results(store(folder / "results")), read_roster(folder / "roster.csv"))
    assert (joined.unknown, [person.label for person in joined.absent]) == ((), ["emil"])
    return export


def files(name: str, export: Export) -> dict[str, str]:
    rendered = find_format(name).render(export)
    return {"": rendered} if isinstance(rendered, str) else rendered


@pytest.fixture(autouse=True)
def classroom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLASSROOM", "cs-principles")
    monkeypatch.delenv("ASSIGNMENT", raising=False)


@pytest.mark.parametrize("name", [each.name for each in FORMATS if not each.grader])
def test_it_is_as_it_was_and_tells_no_student_what_is_hidden(name: str, export: Export) -> None:
    rendered = files(name, export)
    text = "".join(f"===== {path}\n{content}" for path, content in rendered.items())
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("HANDGRAD_WRITE_GOLDEN"):
        golden.write_bytes(text.encode())
    assert golden.read_bytes().decode() == text
    assert not {"\x1b", "\u202e", "\0", "\ufffe"} & set(text)
    if name != "gradescope":  # which keeps hidden tests apart itself
        assert SECRET not in text
        assert "4711" not in text.replace("x = np.array([[4711.]])", "")
        assert "g.secret" not in text


def results(name: str, export: Export, schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The records by student, each valid."""
    jsonschema.Draft202012Validator.check_schema(schema)
    records = {path: json.loads(text) for path, text in files(name, export).items() if path.endswith(".json")}
    for record in records.values():
        jsonschema.validate(record, schema)
    assert len(records) == len(CLASS)
    return dict(zip(sorted(each.student for each in CLASS), (records[path] for path in records), strict=True))


def test_gradescope_shows_what_a_student_may_see(export: Export) -> None:
    by_student = results("gradescope", export, GRADESCOPE)
    assert {student: by_student[student]["score"] for student in SCORES} == SCORES
    for record in by_student.values():
        shown = [test for test in record["tests"] if test["visibility"] == "visible"]
        hidden = [test for test in record["tests"] if test["visibility"] == "hidden"]
        assert SECRET not in json.dumps(shown) + record["output"]
        assert not any("score" in test or "max_score" in test for test in hidden)
        assert {record[key] for key in ("output_format", "test_output_format", "test_name_format")} == {"text"}
        assert not any("format" in key for test in record["tests"] for key in test)
    bela = {test["name"]: test for test in by_student["bela"]["tests"]}
    assert SECRET in bela["conv2d, hidden: g.secret is right"]["output"]
    assert (bela["conv2d: f.plain is right"]["score"], bela["conv2d: f.plain is right"]["max_score"]) == (2.4, 4)
    assert bela["conv2d: what it printed"]["output"] == "dx is\\x1b[31m [[1.]]"
    assert (by_student["dora"]["score"], by_student["dora"]["tests"]) == (0, [])
    assert "the grader itself failed" in by_student["dora"]["output"]


def test_classroom50_counts_in_whole_points_that_add_up(export: Export) -> None:
    by_student = results("classroom50", export, CLASSROOM50)
    assert {student: by_student[student]["score"] for student in SCORES} == {"ada": 10, "bela": 6, EVIL: 6, "zoe": 0}
    for record in by_student.values():
        assert record["score"] <= record["max-score"] == sum(test["max-score"] for test in record["tests"])
        assert all(test["score"] <= test["max-score"] for test in record["tests"])
        assert record["classroom"] == "cs-principles"
    assert by_student["bela"]["submission"] == "submit/1"
    for values in ([0.5, 0.5], [2.4, 3, 0], [1.2, 1.2, 1.2, 0.4], [], [0.1] * 7):
        assert sum(whole(values)) == int(sum(values) + 0.5)
        assert all(abs(one - other) < 1 for one, other in zip(whole(values), values, strict=True))


def test_prairielearn_takes_no_attempt_for_what_cannot_be_run_and_at_most_a_megabyte(export: Export) -> None:
    by_student = results("prairielearn", export, PRAIRIELEARN)
    assert {student for student, record in by_student.items() if not record["gradable"]} == {"dora", "zoe"}
    for student in ("ada", "bela", EVIL):
        record = by_student[student]
        assert record["score"] == pytest.approx(SCORES[student] / 10)
        assert record["score"] * 10 == pytest.approx(sum(test["points"] for test in record["tests"]), abs=1e-5)
    (bela,) = (each for each in export.graded if each.student == "bela")
    line = replace(bela.parts[0].lines[0], text="ü" * 4000)
    many = replace(bela, parts=(replace(bela.parts[0], lines=(line,) * 500),))
    assert len(as_text(many).encode()) <= MAX_BYTES
    jsonschema.validate(json.loads(as_text(many)), PRAIRIELEARN)


def test_junit_is_read_back_by_a_library(export: Export, tmp_path: Path) -> None:
    (text,) = files("junit", export).values()
    (tmp_path / "junit.xml").write_text(text, encoding="utf-8")
    read = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    suites = {suite.name.partition("/")[0]: suite for suite in read}
    assert sorted(suites) == sorted(each.student for each in CLASS)
    assert (read.tests, read.failures, read.errors) == (sum(suite.tests for suite in suites.values()), 3, 4)
    cases = {case.name: case for case in suites["bela"]}
    assert sorted(cases) == ["f.inputs", "f.plain", "g.rectangular", "h.bonus", "hidden checks"]
    points = {name: {p.name: p.value for p in case.child(junitparser.Properties)} for name, case in cases.items()}
    assert points["f.plain"] == {"kind": "check", "points": "2.4", "possible": "4"}
    assert points["hidden checks"] == {"kind": "hidden", "points": "0", "possible": "3"}
    assert {name: [type(end).__name__ for end in case.result] for name, case in cases.items()} == {
        "f.plain": ["Failure"], "g.rectangular": [], "hidden checks": ["Failure"], "h.bonus": [],
        "f.inputs": ["Skipped"],
    }  # fmt: skip
    assert suites["bela"].properties() is not None
    crashed = next(case for case in suites[EVIL] if case.name == "f.plain")
    assert "<script>" in crashed.result[0].text  # as text: the library has unescaped it
    ElementTree.fromstring(text)


def rows(name: str, export: Export) -> list[dict[str, str]]:
    """The table, read back; every line has every cell, and none is a formula."""
    (text,) = files(name, export).values()
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in read} == {len(read[0])}
    assert len(read) == len(text.splitlines())
    assert not [cell for row in read for cell in row if FORMULA.match(cell)]
    return [dict(zip(read[0], row, strict=True)) for row in read[1:]]


def test_tables_have_everyone_and_no_score_that_nobody_gave(export: Export) -> None:
    by_id = {row["ID"]: row for row in rows("canvas", export)}
    assert {who: row["convolution"] for who, row in by_id.items()} == {
        "": "10.00", "100": "10.00", "101": "6.40", "102": "6.00", "103": "", "104": "", "105": "0.00",
    }  # fmt: skip
    assert by_id[""]["Student"].strip() == "Points Possible"
    assert by_id["102"]["Student"] == f"'{EVIL}, X"
    grades = {row["student_id"].lstrip("'"): row for row in rows("nbgrader", export)}
    given = {who: row["score"] for who, row in grades.items()}
    assert given == {"ada": "10.0", "bela": "6.4", EVIL: "6.0", "dora": "", "emil": "", "zoe": "0.0"}
    assert all(row["raw_score"] == row["score"] and row["max_score"] == "10.0" for row in grades.values())
    worksheet = {row["Identifier"]: row for row in rows("moodle", export)}
    assert [row["Grade"] for row in worksheet.values()] == ["10.00", "6.40", "6.00", "", "", "0.00"]
    assert next(iter(worksheet)) == "Participant 200"


def test_feedback_in_moodle_is_html_that_does_nothing(export: Export) -> None:
    parser = HTMLParser()
    tags: set[str] = set()
    parser.handle_starttag = lambda tag, attributes: tags.add(tag)  # type: ignore[method-assign]
    for row in rows("moodle", export):
        parser.feed(row["Feedback comments"])
    assert tags == {"br"}


def test_a_release_body_shows_hostile_text_in_a_fence(export: Export) -> None:
    bodies = [text for path, text in files("classroom50", export).items() if path.endswith(".md")]
    evil = [text for text in bodies if "script" in text]
    assert len(evil) == 2
    for text in evil:
        assert "script" not in re.sub(r"^(`{3,})$.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
        assert HOSTILE not in text


def test_canvas_headers_are_used_again(export: Export) -> None:
    headers = canvas.chosen_headers(("conv2d (12345)", "convolution=Homework 3 (678)"), export)
    assert headers == {"conv2d": "conv2d (12345)", "convolution": "Homework 3 (678)"}
    assert canvas.chosen_headers(("Homework 3 (678)",), export) == {"convolution": "Homework 3 (678)"}
    assert canvas.creates(headers) == []
    assert canvas.creates(canvas.known_headers(export)) == ["convolution"]
