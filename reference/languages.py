"""Phrases in eight languages, made at first use from the names that Babel's CLDR data have for countries, languages,
currencies, months and days. Nothing is downloaded. `DataError` says what is missing.
"""

import functools
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.datasets import DataError

LANGUAGES = {
    "de": "German", "en": "English", "fi": "Finnish", "fr": "French",
    "hu": "Hungarian", "pl": "Polish", "tr": "Turkish", "vi": "Vietnamese",
}  # fmt: skip
SHORTEST, LONGEST = 4, 14  # letters of a name
FEWEST = 100  # names of a language
NAMES = 4  # in a phrase
HELD_OUT = 5  # one in so many names is kept for phrases that nobody trains on


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases such as "dänisch, montag, kenia, wallisisch", and for each its place among LANGUAGES, of shape (N,)."""

    texts: tuple[str, ...]
    labels: NDArray[np.int64]


@functools.cache
def names() -> dict[str, tuple[str, ...]]:
    """By language, names in small letters that no other of the eight has, in alphabetical order."""
    found = {code: _names(code) for code in LANGUAGES}
    languages = Counter(name for own in found.values() for name in own)
    return {code: tuple(sorted(name for name in own if languages[name] == 1)) for code, own in found.items()}


def phrases(seed: int, count: int) -> tuple[Phrases, Phrases]:
    """`count` phrases of each language to train on, and a fifth as many of names that are in none of those."""
    rng = np.random.default_rng(seed)
    kept = {code: rng.permutation(len(own)) % HELD_OUT == 0 for code, own in names().items()}
    return _phrases(rng, count, {code: ~held for code, held in kept.items()}), _phrases(rng, count // 5, kept)


def _phrases(rng: np.random.Generator, count: int, chosen: dict[str, NDArray[np.bool_]]) -> Phrases:
    """Names drawn from those chosen; the languages in random order."""
    labels = rng.permutation(np.repeat(np.arange(len(LANGUAGES)), count))
    pools = [np.array(own)[chosen[code]] for code, own in names().items()]
    return Phrases(tuple(", ".join(rng.choice(pools[label], NAMES, replace=False)) for label in labels), labels)


def _names(code: str) -> set[str]:
    locale = _locale(code)
    dates = (*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values())
    found = (*locale.territories.values(), *locale.languages.values(), *locale.currencies.values(), *dates)
    names = {name.lower() for name in found if SHORTEST <= len(name) <= LONGEST and _is_plain(name)}
    if len(names) < FEWEST:
        raise DataError(f"Babel has {len(names)} names in {LANGUAGES[code]}, but {FEWEST} are needed: its data are cut")
    return names


def _is_plain(name: str) -> bool:
    """Whether a name is letters throughout, with spaces, hyphens or apostrophes."""
    return all(sign.isalpha() or sign in " -'’" for sign in name)


def _locale(code: str) -> Any:
    try:
        import babel
    except ImportError:
        raise DataError("the names come from the package babel, which is not installed: pip install babel") from None
    try:
        return babel.Locale(code)
    except babel.UnknownLocaleError:
        raise DataError(
            f"this Babel has no data for {LANGUAGES[code]} ({code}): install it anew, from a wheel"
        ) from None
