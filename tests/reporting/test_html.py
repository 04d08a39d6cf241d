"""The HTML report: what it shows and in which order, and that nothing a student writes becomes part of the page."""

import dataclasses
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from autograder.model import CheckResult, Counterexample, Diagnosis, Report, Verdict
from autograder.reporting import html
from autograder.reporting.html import compared, earned, fragment, heat_map, render, unit_view

CSS = (Path(html.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
VOID = {"meta"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</pre></details></section></main><h1>100 of 100</h1>",
    '" onmouseover="alert(1)" x=\'',
    "</style><style>*{display:none}</style>",
    "</title><base href=//example.org>",
    "{{7*7}} {% include 'style.css' %} {#",
    "\x1b[31mred\x1b[0m \x1b]8;;https://example.org\x07click\x1b]8;;\x07 \x9b \x00",
    "file\u202efdp.exe \u2066 \u200f",
    "\ud800",
    "=HYPERLINK(1)",
]

EXAMPLE = Counterexample(
    call="f(x, stride=2)",
    setup="import numpy as np\nx = np.zeros(3)",
    result="dx",
    got="[[1. 2.]\n [3. -0.]]",
    expected="[[1. 5.]\n [3. 0.]]",
    index=(0, 1),
    errors=[[0.0, 3.0], [0.0, -1.0]],
    errors_of="dx[0, :, :]",
)
DIAGNOSIS = Diagnosis(
    what="You flip the kernel.",
    when="exactly when stride > 1",
    where="dx, last column",
    misconceptions=("flipped-kernel",),
    hints=("first hint", "second hint", "third hint"),
    laws=("<conv(x), y> equals <x, dx>",),
)


def result(check: str, verdict: Verdict = Verdict.PASSED, **changes: Any) -> CheckResult:
    points = changes.pop("points", 2)
    full = points if verdict is Verdict.PASSED else 0
    return replace(CheckResult(check, f"{check} is right", verdict, full, points), **changes)


def failed(check: str, **changes: Any) -> CheckResult:
    return result(check, Verdict.FAILED, **changes)


def report(*results: CheckResult, **changes: Any) -> Report:
    base = Report("ada", "convolution/conv2d", "2-D convolution", results, 7, "bubblewrap", {"numpy": "2.4.6"})
    return replace(base, **changes)


def everything() -> Report:
    """A report in which every field and every section is filled."""
    return report(
        result("pad.zeros"),
        failed(
            "f.one",
            message="dx[0, 1] is 2, but should be 5  [f(x, stride=2)]",
            earned=1.2,
            counterexample=EXAMPLE,
            diagnosis=DIAGNOSIS,
        ),
        failed("f.two", message="other", diagnosis=DIAGNOSIS),
        failed("f.three", message="third", counterexample=EXAMPLE),
        failed("f.secret", message="the values are wrong", hidden=True),
        result("g.bonus", Verdict.MISSING, message="not implemented yet", bonus=True),
        result("h.skipped", Verdict.SKIPPED, message="not run"),
        failed("f.float32", message="float64 for float32", advice=True, points=0),
        output="epoch 1\n",
        notes=("Two cells define f.",),
    )


class Page(HTMLParser):
    """What a browser sees: every start tag with its attributes, text, and whether the tags are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text += data

    @property
    def outline(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(attributes)) for tag, attributes in self.tags]

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def filled(value: Any, text: str) -> Any:
    """`value` with `text` in place of every string in it."""
    if isinstance(value, Verdict):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(filled(each, text) for each in value)
    if isinstance(value, dict):
        return {filled(key, text): filled(each, text) for key, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return replace(value, **{name: filled(getattr(value, name), text) for name in names})
    return value


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_no_tag_and_no_attribute(text: str) -> None:
    harmless, hostile = (filled(everything(), each) for each in ("x", text))
    assert Page(render(text, text, [hostile])).outline == Page(render("x", "x", [harmless])).outline
    assert Page(fragment(hostile)).outline == Page(fragment(harmless)).outline


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_with_its_control_characters(text: str) -> None:
    page = render(text, text, [filled(everything(), text)])
    assert all(character.isprintable() or character == "\n" for character in page)
    page.encode()
    assert html.terminal(text) in Page(page).text


def test_template_syntax_in_text_is_not_evaluated() -> None:
    page = render("{{7*7}}", "{{7*7}}", [filled(everything(), "{{7*7}}")])
    assert "{{7*7}}" in page
    assert "49" not in Page(page).text


def test_page_loads_nothing_and_runs_nothing() -> None:
    page = Page(render("ada", "convolution", [everything()]))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "use", "image"}
    assert {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"} in (
        page.named("meta")
    )
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?:", CSS)


def test_page_is_a_document_that_assistive_technology_can_walk() -> None:
    page = Page(render("ada", "convolution", [everything(), everything()]))
    assert page.named("html") == [{"lang": "en"}]
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.tags}
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert [link["href"] for link in page.named("a")] == [f"#{each}" for each in ids]
    assert all(pre["tabindex"] == "0" and pre["aria-label"] for pre in page.named("pre"))


def test_fragment_styles_only_itself_and_has_no_ids() -> None:
    assert not any("id" in attributes for _, attributes in Page(fragment(everything())).tags)
    depth, rules = 0, []
    for line in CSS.splitlines():
        if line and not line.startswith((" ", "}")):
            rules.append(line)
        depth += line.count("{") - line.count("}")
        inside = line.removeprefix("  ")
        if rules[-1:] and rules[-1].startswith("@media") and inside != line and inside[:1] not in (" ", "}"):
            assert inside.startswith(".handgrad")
    assert depth == 0
    assert all(rule.startswith((".handgrad", "@media")) for rule in rules)


def test_a_failure_is_explained_in_order() -> None:
    text = Page(render("ada", "convolution", [everything()])).text
    body = text[text.index("f.one is right") :]
    wanted = [
        "f.one is right", "failed", "1.2 of 2 points (partial credit)", "Fails exactly when stride > 1.",
        "You flip the kernel.", "flipped-kernel", "dx[0, 1] is 2, but should be 5\n", "dx, last column",
        "x = np.zeros(3)\nf(x, stride=2)", "Got dx", "Expected dx",
        "Error in dx[0, :, :]", "<conv(x), y> equals <x, dx>", "first hint", "second hint", "third hint",
    ]  # fmt: skip
    places = [body.find(each) for each in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_sections_follow_each_other() -> None:
    text = Page(fragment(everything())).text
    order = ["3.2 of 12 points", "f.one is right", "f.three is right", "Hidden checks that failed", "Not run"]
    order += ["Bonus, not attempted", "1 check passed", "What the submission printed", "Advice, no points", "seed 7"]
    places = [text.find(each) for each in order]
    assert -1 not in places
    assert places == sorted(places)


def test_empty_fields_leave_no_trace() -> None:
    text = Page(fragment(report(failed("f.one", diagnosis=Diagnosis())))).text
    for word in ("Fails exactly", "Where", "Hint", "breaks", "Smallest", "Got", "Known", "printed", "Advice", "Hidden"):
        assert word not in text


def test_score_and_the_next_step_come_first() -> None:
    text = Page(render("Ada", "convolution", [everything(), report(result("f.one", points=3))])).text
    start = " ".join(text.split())[:200]
    assert "Ada 6.2 of 15 points" in start
    assert "Fix first f: You flip the kernel." in start
    assert "3 of 3 Everything passed." in start


def test_a_bonus_hides_no_points_that_were_lost() -> None:
    bonus = result("g.bonus", points=2, earned=2, bonus=True)
    filled, alone = report(failed("f.one", earned=1, points=3), bonus), report(bonus, title="Extra")
    page = render("ada", "convolution", [filled, alone])
    text = " ".join(Page(page).text.split())
    assert text.count("3 of 3 points, 2 of them bonus") == 2  # at the top and at the unit
    assert "3 of 3, 2 of them bonus" in text
    assert text.count("2 bonus points") == 2
    assert '<div style="width: 33.33%"></div><div class="more" style="width: 66.67%">' in page


def test_failures_of_one_cause_are_shown_once() -> None:
    whole_file = "the file cannot be executed"
    crashed = [result(name, Verdict.CRASHED, message=whole_file) for name in ("f.one", "f.two", "g.one")]
    page = render("ada", "convolution", [report(*crashed)])
    assert "2 more checks end the same way" in page
    assert f"Fix first {whole_file}" in " ".join(Page(page).text.split())


def test_what_is_not_written_yet_is_listed_by_function() -> None:
    missing = [result(name, Verdict.MISSING, message="not implemented yet") for name in ("f.one", "f.two", "g.one")]
    view = unit_view(report(*missing))
    assert [(problem.result.check, len(problem.same)) for problem in view.problems] == [("f.one", 1), ("g.one", 0)]


def test_only_the_first_failure_of_a_function_is_open() -> None:
    view = unit_view(report(*(failed(name, message=name) for name in ("f.one", "f.two", "g.one"))))
    assert [problem.folded for problem in view.problems] == [False, True, False]


def test_a_hidden_check_tells_its_message_and_no_more() -> None:
    secret = report(failed("f.secret", hidden=True, message="wrong", counterexample=EXAMPLE, diagnosis=DIAGNOSIS))
    text = Page(fragment(secret)).text
    assert "hidden" in text
    assert "wrong" in text
    assert not any(each in text for each in ("f(x, stride=2)", "Got", "flip", "hint", "stride"))
    assert "f(x, stride=2)" in fragment(secret, reveal=True)


def test_every_result_is_on_the_page() -> None:
    names = [f"f.{verdict.name}" for verdict in Verdict]
    page = fragment(report(*(result(name, verdict) for name, verdict in zip(names, Verdict, strict=True))))
    assert all(f"{name} is right" in page for name in names)
    assert all(f">{verdict.value}</span>" in page for verdict in Verdict)


def test_no_sandbox_is_announced() -> None:
    for page in (fragment(report(sandbox="none")), render("a", "b", [report(), report(sandbox="none")])):
        assert "Graded without a sandbox." in page
    assert "Graded without a sandbox." not in fragment(report())


def test_footer_tells_seed_sandbox_and_versions_once() -> None:
    text = Page(render("ada", "convolution", [everything(), everything()])).text
    assert text.count("seed 7 · sandbox bubblewrap · numpy 2.4.6") == 1


def test_nothing_to_grade_is_still_a_page() -> None:
    assert "0 of 0 points" in " ".join(Page(render("ada", "convolution", [])).text.split())


def test_heat_map_has_a_text_alternative() -> None:
    page = fragment(report(failed("f.one", counterexample=EXAMPLE)))
    assert '<svg role="img"' in page
    assert "<title>Error in dx[0, :, :]</title>" in page
    assert "<desc>2 of 4 entries are wrong, the largest error is 3, 1 is not finite.</desc>" in page


def test_heat_map_separates_small_large_and_not_finite() -> None:
    found = heat_map(replace(EXAMPLE, errors=[[0, 1e-16, 0.1], [1, -1, 0.55]]))
    assert found is not None
    assert {(cell.row, cell.column): cell.level for cell in found.wrong} == {(0, 2): 1, (1, 0): 5, (1, 1): 0, (1, 2): 3}
    assert found.infinite == 1


@pytest.mark.parametrize("errors", [None, [], [[3.0]]])
def test_no_heat_map_of_less_than_two_entries(errors: list[list[float]] | None) -> None:
    assert heat_map(replace(EXAMPLE, errors=errors)) is None


def test_heat_map_with_nothing_finite() -> None:
    found = heat_map(replace(EXAMPLE, errors=[[-1, -1]]))
    assert found is not None
    assert (found.largest, found.words) == (0, "2 of 2 entries are wrong, 2 are not finite.")


def test_compared_marks_what_differs_and_keeps_the_text() -> None:
    pieces = compared(EXAMPLE.got, EXAMPLE.expected)
    assert "".join(text for text, _ in pieces) == EXAMPLE.got
    assert [text for text, differs in pieces if differs] == ["2."]
    assert compared("shape (2, 2)", "None") == [("shape (2, 2)", False)]


@pytest.mark.parametrize(
    ("given", "points", "words"),
    [(0, 1, "0 of 1 point"), (0.6, 1, "0.6 of 1 point (partial credit)"), (2, 2, "2 of 2 points"), (0, 0, "")],
)
def test_points_in_words(given: float, points: float, words: str) -> None:
    assert earned(failed("f.one", earned=given, points=points)) == words


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", part)) for part in CSS.split("(prefers-color-scheme: dark)")
)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_enough_for_text(theme: dict[str, str]) -> None:
    for name in ("ink", "quiet", "link", "bad", "good"):
        assert contrast(theme[name], theme["paper"]) >= 4.5, name
    for name in ("block", "mark", "notice"):
        assert contrast(theme["ink"], theme[name]) >= 4.5, name


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_heat_map_colours_move_away_from_the_paper(theme: dict[str, str]) -> None:
    steps = [contrast(theme[f"level-{level}"], theme["paper"]) for level in range(1, html.LEVELS + 1)]
    assert all(after > 1.4 * before for before, after in pairwise(steps))
