"""Phrases in eight languages: made of Babel's names, the same for the same seed, new ones of new names."""

import sys
from collections.abc import Iterator

import babel
import numpy as np
import pytest

from reference import languages
from reference.datasets import DataError


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Names are read anew, before and after."""
    languages.names.cache_clear()
    yield
    languages.names.cache_clear()


def test_new_phrases_share_no_name_with_the_others_and_languages_share_none() -> None:
    known, new = languages.phrases(0, 30)
    assert (len(known.texts), len(new.texts)) == (240, 48)
    assert np.bincount(known.labels).tolist() == [30] * 8
    seen, unseen = ({name for text in part.texts for name in text.split(", ")} for part in (known, new))
    assert seen.isdisjoint(unseen)
    owners = [set(own) for own in languages.names().values()]
    assert sum(map(len, owners)) == len(set.union(*owners)) > 3000
    assert all(set(text.split(", ")) <= owners[label] for text, label in zip(known.texts, known.labels, strict=True))


def test_a_seed_gives_the_same_phrases_again_and_another_seed_others() -> None:
    first, again, other = (languages.phrases(seed, 5)[0].texts for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.usefixtures("forgotten")
def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_data(code: str) -> None:
        raise babel.UnknownLocaleError(code)

    monkeypatch.setattr(babel, "Locale", without_data)
    with pytest.raises(DataError, match=r"no data for German \(de\)"):
        languages.phrases(0, 5)
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(DataError, match="pip install babel"):
        languages.phrases(0, 5)


@pytest.mark.usefixtures("forgotten")
def test_a_language_with_too_few_names_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "LONGEST", 4)
    with pytest.raises(DataError, match="names in German, but 100 are needed"):
        languages.phrases(0, 5)
