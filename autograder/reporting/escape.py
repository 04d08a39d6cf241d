"""Text that a student controls, made harmless for the place where it is shown.

HTML is escaped by the templates; they show control characters by `terminal` too.
"""

import re
import string
import unicodedata

__all__ = ["code_fence", "csv_cell", "markdown", "terminal"]

# Control (ESC, C1), format (bidi, zero-width), surrogate, line separator, paragraph separator.
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
FORMULA = tuple("=+-@\t\r＝＋－＠")
PUNCTUATION = str.maketrans({mark: f"\\{mark}" for mark in string.punctuation})


def terminal(text: str, *, keep: str = "\n\t") -> str:
    """`text` with every character that steers a terminal, or hides, written as `\\x1b`, `\\u202e` and so on."""
    return text if text.isascii() and text.isprintable() else "".join(_shown(each, keep) for each in text)


def _shown(character: str, keep: str) -> str:
    if character in keep or unicodedata.category(character) not in UNSHOWN:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def csv_cell(text: str) -> str:
    """`text` on one line, and with a ' before what a spreadsheet would take for a formula."""
    formula = text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
    return ("'" if formula else "") + terminal(text, keep="")


def markdown(text: str) -> str:
    """`text` as one paragraph of Markdown that means nothing but itself."""
    one_line = re.sub(r"[ \t\n]+", " ", text).strip(" ")
    return terminal(one_line).translate(PUNCTUATION)


def code_fence(text: str) -> str:
    """`text` as a fenced block of Markdown, which nothing inside can close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = terminal(text)
    return f"{fence}\n{body}{'' if body.endswith(chr(10)) else chr(10)}{fence}"
