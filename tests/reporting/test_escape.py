"""Hostile text stays text in a terminal, a spreadsheet and Markdown."""

import csv
import io
import re

import pytest
from markdown_it import MarkdownIt

from autograder.reporting.escape import code_fence, csv_cell, markdown, terminal

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</pre></details><h1>100 of 100</h1>",
    "{{7*7}} {% raw %}",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://example.org\x07click\x1b]8;;\x07",
    "\x9b2J \x85 \x7f \x00",
    "file\u202efdp.exe \u2066 \u200f \u061c",
    "a\u200bb\ufeff \u2028 \U000e0041",
    "\ud800 \udfff",
    "=HYPERLINK(1)",
    "# heading\n- list\n1. one\n> quote\n\n    code\n---",
    "[a](javascript:alert(1)) ![b](https://example.org/x.png) <https://example.org> &lt; @all",
    "`a` ``b`` ```\nend\n```",
    "| a | b |\n|---|---|\n| *c* | ~d~ _e_ |",
    "trailing backslash \\",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_terminal_leaves_nothing_that_steers(text: str) -> None:
    shown = terminal(text)
    assert all(character.isprintable() or character in "\n\t" for character in shown)
    shown.encode()  # no surrogates


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[0m", r"\x1b[0m"),
        ("\x9b", r"\x9b"),
        ("\r", r"\x0d"),
        ("\u202e", r"\u202e"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("Zoë × 数 é\n\t", "Zoë × 数 é\n\t"),
    ],
)
def test_terminal_writes_what_it_shows(text: str, shown: str) -> None:
    assert terminal(text) == shown


def test_terminal_can_show_newlines_too() -> None:
    assert terminal("a\n\tb", keep="") == r"a\x0a\x09b"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1", "\n=1", "＝1+1"])
def test_csv_cell_is_never_a_formula(text: str) -> None:
    assert csv_cell(text).startswith("'")


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_cell_is_one_printable_line(text: str) -> None:
    cell = csv_cell(text)
    assert cell.isprintable()
    file = io.StringIO()
    csv.writer(file).writerow([cell, "next"])
    assert list(csv.reader(io.StringIO(file.getvalue()))) == [[cell, "next"]]


def test_csv_cell_leaves_plain_text_alone() -> None:
    assert csv_cell("Ada, 3 of 4") == "Ada, 3 of 4"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("dialect", ["commonmark", "js-default"])  # the second has tables
def test_markdown_means_only_itself(text: str, dialect: str) -> None:
    tokens = MarkdownIt(dialect).parse(markdown(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == terminal(re.sub(r"\s*\n\s*", " ", text))


@pytest.mark.parametrize("text", [*HOSTILE, "", "`" * 7, "~~~\nx\n~~~", "ends in a newline\n"])
def test_code_fence_is_one_block(text: str) -> None:
    (token,) = MarkdownIt("commonmark").parse(code_fence(text))
    assert token.type == "fence"
    assert token.content.rstrip("\n") == terminal(text).rstrip("\n")
