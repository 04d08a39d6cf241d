"""JUnit's XML: a suite for each unit of each student, a case for each check, points as properties."""

import xml.etree.ElementTree as ElementTree
from xml.etree.ElementTree import Element, SubElement

from autograder.exports.graded import Export, Graded, Line, Part
from autograder.exports.text import xml
from autograder.model import Verdict
from autograder.reporting.words import points, score_words

ENDED = {
    Verdict.FAILED: "failure", Verdict.MISSING: "failure", Verdict.CRASHED: "error", Verdict.TIMED_OUT: "error",
    Verdict.UNGRADABLE: "error", Verdict.SKIPPED: "skipped",
}  # fmt: skip
HIDDEN = "hidden checks"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def render(export: Export) -> str:
    """One file for all; of hidden checks it has their points, and not what they are."""
    root = Element("testsuites", name="handgrad")
    for graded in export.graded:
        for part in graded.parts:
            _suite(root, graded, part)
    _count(root)
    ElementTree.indent(root, " ")
    return f"{DECLARATION}\n{ElementTree.tostring(root, encoding='unicode')}\n"


def _suite(root: Element, graded: Graded, part: Part) -> None:
    suite = SubElement(root, "testsuite", name=xml(f"{graded.student}/{graded.assignment}/{part.unit}"))
    classname = f"{graded.assignment}.{part.unit}"
    if graded.failed:
        case = SubElement(suite, "testcase", classname=classname, name="grading", time="0.000")
        SubElement(case, "error", type="grader", message=graded.failed)
    else:
        told = {"student": graded.student, "score": points(part.score), "possible": points(part.possible)}
        _properties(suite, told | ({"bonus": points(part.bonus)} if part.bonus else {}))
        _cases(suite, classname, part)
    _count(suite)


def _cases(suite: Element, classname: str, part: Part) -> None:
    for line in part.lines:
        if not line.hidden:
            _case(suite, classname, line)
    hidden = [line for line in part.lines if line.hidden]
    if hidden:
        _hidden(suite, classname, hidden)


def _case(suite: Element, classname: str, line: Line) -> None:
    case = SubElement(suite, "testcase", classname=classname, name=line.check, time=f"{line.seconds:.3f}")
    kind = "advice" if line.advice else "bonus" if line.bonus else "check"
    _properties(case, {"kind": kind, "points": points(line.earned), "possible": points(line.possible)})
    if line.advice or line.optional:
        SubElement(case, "skipped", message=xml(line.text.partition("\n")[0]))
    elif not line.passed:
        end = SubElement(case, ENDED[line.verdict], type=line.verdict.value, message=xml(line.summary))
        end.text = xml(line.text)


def _hidden(suite: Element, classname: str, lines: list[Line]) -> None:
    earned, possible = sum(line.earned for line in lines), sum(line.possible for line in lines)
    case = SubElement(suite, "testcase", classname=classname, name=HIDDEN, time="0.000")
    _properties(case, {"kind": "hidden", "points": points(earned), "possible": points(possible)})
    if not all(line.passed for line in lines):
        SubElement(case, "failure", type="failed", message=score_words(earned, possible))


def _properties(parent: Element, values: dict[str, str]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=xml(value))


def _count(element: Element) -> None:
    found = list(element.iter("testcase"))
    element.set("tests", str(len(found)))
    for kind in ("failure", "error", "skipped"):
        name = {"failure": "failures", "error": "errors"}.get(kind, kind)
        element.set(name, str(sum(case.find(kind) is not None for case in found)))
    element.set("time", f"{sum(float(case.get('time', 0)) for case in found):.3f}")
