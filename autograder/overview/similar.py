"""Submissions that are the same but for names, comments and layout.

Sources are read as tokens, never executed: comments, strings and layout fall away, and in every run of tokens a name
counts as the n-th new one. datasketch finds pairs that share such runs, less those of the stub, which all share.
"""

import builtins
import hashlib
import io
import keyword
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import UsageError
from autograder.submission import Submission

RUN = 12  # tokens: about a line of code
LEAST = 0.8  # share of runs in common from which a pair is listed
FEWEST = 20  # runs: what is shorter is alike by chance
PERMUTATIONS = 128
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
KEPT = frozenset((*keyword.kwlist, *dir(builtins), "np", "numpy", "torch"))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students whose files for a unit share most of what is not in the stub."""

    unit: str
    one: str
    other: str
    share: float


def pairs(submissions: Iterable[Submission], stubs: dict[str, str]) -> list[Pair]:
    """Pairs of different students, the most alike first."""
    by_unit: dict[str, list[tuple[str, frozenset[bytes]]]] = {}
    for submission in submissions:
        for name, source in submission.sources.items():
            unit = f"{submission.assignment}/{name}"
            own = runs(source) - runs(stubs.get(unit, ""))
            if len(own) >= FEWEST:
                by_unit.setdefault(unit, []).append((submission.student, own))
    found = [pair for unit, files in by_unit.items() for pair in _alike(unit, files)]
    return sorted(found, key=lambda pair: (-pair.share, pair.unit, pair.one, pair.other))


def _alike(unit: str, files: Sequence[tuple[str, frozenset[bytes]]]) -> Iterator[Pair]:
    """Candidates come from datasketch in about linear time; each is then counted exactly."""
    minhash, index = _datasketch()
    index = index(threshold=LEAST - 0.1, num_perm=PERMUTATIONS)
    for place, (student, own) in enumerate(files):
        sketch = minhash(num_perm=PERMUTATIONS, seed=1)
        sketch.update_batch(sorted(own))
        for earlier in sorted(index.query(sketch)):
            name, theirs = files[earlier]
            share = len(own & theirs) / len(own | theirs)
            if share >= LEAST and name != student:
                yield Pair(unit, name, student, share)
        index.insert(place, sketch)


def _datasketch() -> tuple[Any, Any]:
    try:
        from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        raise UsageError("--similar needs one more package: pip install 'handgrad[similar]'") from None
    return MinHash, MinHashLSH


def runs(source: str) -> frozenset[bytes]:
    """Hashes of all runs of `RUN` tokens in a file; of one that is no Python, those before the error."""
    tokens = list(_tokens(source))
    return frozenset(_hash(tokens[start : start + RUN]) for start in range(max(0, len(tokens) - RUN + 1)))


def _hash(run: Sequence[tuple[bool, str]]) -> bytes:
    numbers: dict[str, int] = {}
    words = (f"name {numbers.setdefault(text, len(numbers))}" if named else text for named, text in run)
    return hashlib.blake2b("\0".join(words).encode("utf-8", "backslashreplace"), digest_size=8).digest()


def _tokens(source: str) -> Iterator[tuple[bool, str]]:
    """Tokens, each with whether it is a name that its author chose."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in LAYOUT and token.type != tokenize.STRING:
                yield token.type == tokenize.NAME and token.string not in KEPT, token.string
    except (tokenize.TokenError, SyntaxError):
        return
