"""Mistakes of recurrence/language: characters as numbers here, the networks beside this file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.recurrence.language_networks import NETWORKS
from autograder.misconceptions.recurrence.language_training import TRAINING
from autograder.model import Misconception
from reference.recurrence.language import FIRST, PADDING, UNKNOWN, build_vocab, encode_batch

Wrong = Mapping[str, Callable[..., Any]]
Texts = Sequence[str]


def _numbered(characters: Callable[[str], Sequence[str]], first: int = FIRST) -> Wrong:
    """A vocabulary of other characters, or with other numbers."""

    def vocabulary(texts: Texts) -> dict[str, int]:
        return {character: first + place for place, character in enumerate(characters("".join(texts)))}

    return {"build_vocab": vocabulary}


def _words(texts: Texts) -> dict[str, int]:
    return {word: FIRST + place for place, word in enumerate(sorted({word for text in texts for word in text.split()}))}


def _by_number_of_times(joined: str) -> list[str]:
    return sorted(set(joined), key=lambda character: (-joined.count(character), character))


VOCABULARY = (
    Misconception(
        "numbers-from-0",
        "You number the characters from 0, which is the number of padding.",
        "0 is padding and 1 is what the vocabulary does not have: its own characters start at 2.",
        _numbered(lambda joined: sorted(set(joined)), 0),
    ),
    Misconception(
        "numbers-from-1",
        "You number the characters from 1, which stands for the unknown.",
        "0 is padding and 1 is what the vocabulary does not have: its own characters start at 2.",
        _numbered(lambda joined: sorted(set(joined)), 1),
        "LI2",
    ),
    Misconception(
        "numbers-by-appearance",
        "You number the characters in the order in which they appear.",
        "Sort them first, so that the same characters always have the same numbers.",
        _numbered(lambda joined: list(dict.fromkeys(joined))),
    ),
    Misconception(
        "numbers-by-frequency",
        "You number the characters by how often they occur.",
        "Sort them as Python sorts characters, however often they occur.",
        _numbered(_by_number_of_times),
    ),
    Misconception(
        "capitals-lowered",
        "You turn capitals into small letters.",
        "E and e are two characters here, each with a number of its own.",
        _numbered(lambda joined: sorted(set(joined.lower()))),
    ),
    Misconception(
        "spaces-left-out",
        "You leave spaces out of the vocabulary.",
        "A space is a character like any other: where words end says a lot about a language.",
        _numbered(lambda joined: sorted(set(joined) - {" "})),
    ),
    Misconception(
        "letters-only",
        "You leave out whatever is not a letter.",
        "Spaces, commas and hyphens are characters too.",
        _numbered(lambda joined: sorted(filter(str.isalpha, set(joined)))),
    ),
    Misconception(
        "words-for-characters",
        "You number whole words.",
        "The scanner reads characters: set(text) has those of a text.",
        {"build_vocab": _words},
    ),
)


def _own_lengths(rows: list[list[int]]) -> list[int]:
    return [*map(len, rows)]


def _filled(
    rows: Callable[[str, Mapping[str, int]], list[int]], *, filler: int = PADDING, left: bool = False,
    lengths: Callable[[list[list[int]]], list[int]] = _own_lengths,
) -> Wrong:  # fmt: skip
    """A batch of other rows, filled up otherwise, or with other lengths."""

    def encode(texts: Texts, vocab: Mapping[str, int]) -> tuple[Tensor, Tensor]:
        found = [rows(text, vocab) for text in texts]
        gaps = [[filler] * (max(map(len, found)) - len(row)) for row in found]
        pairs = zip(found, gaps, strict=True)
        return torch.tensor([gap + row if left else row + gap for row, gap in pairs]), torch.tensor(lengths(found))

    return {"encode_batch": encode}


def _row(text: str, vocab: Mapping[str, int]) -> list[int]:
    return [vocab.get(character, UNKNOWN) for character in text]


def _cut(texts: Texts, vocab: Mapping[str, int]) -> tuple[Tensor, Tensor]:
    shortest = min(map(len, texts))
    return encode_batch([text[:shortest] for text in texts], vocab)


def _times_by_texts(texts: Texts, vocab: Mapping[str, int]) -> tuple[Tensor, Tensor]:
    ids, lengths = encode_batch(texts, vocab)
    return ids.T, lengths


def _own_vocabulary(texts: Texts, vocab: Mapping[str, int]) -> tuple[Tensor, Tensor]:
    return encode_batch(texts, build_vocab(texts))


BATCHES = (
    Misconception(
        "padded-on-the-left",
        "You put the padding on the left.",
        "A text starts in column 0; padding follows on the right.",
        _filled(_row, left=True),
    ),
    Misconception(
        "padded-with-the-unknown",
        "You fill up with 1, which stands for an unknown character.",
        "Padding is 0.",
        _filled(_row, filler=UNKNOWN),
    ),
    Misconception(
        "unknown-as-padding",
        "You turn unknown characters into 0, which is padding.",
        "What the vocabulary does not have is 1: it is a character of the text, and counts in its length.",
        _filled(lambda text, vocab: [vocab.get(character, PADDING) for character in text]),
    ),
    Misconception(
        "unknown-dropped",
        "You leave unknown characters out.",
        "What the vocabulary does not have becomes 1, and counts in the length.",
        _filled(lambda text, vocab: [vocab[character] for character in text if character in vocab] or [PADDING]),
    ),
    Misconception(
        "unknown-raises",
        "You look characters up that the vocabulary does not have.",
        "Texts that come later bring new characters: vocab.get(character, 1).",
        _filled(lambda text, vocab: [vocab[character] for character in text]),
        "LI2",
    ),
    Misconception(
        "vocabulary-of-the-batch",
        "You number the characters of the batch anew.",
        "The networks have learnt the numbers in vocab: look characters up there.",
        {"encode_batch": _own_vocabulary},
        "LI2",
    ),
    Misconception(
        "lengths-of-the-longest",
        "You give all texts the length of the longest.",
        "lengths has the number of characters of each text, before padding.",
        _filled(_row, lengths=lambda rows: [max(map(len, rows))] * len(rows)),
    ),
    Misconception(
        "lengths-less-one",
        "You return the places of the last characters, which are one less than the lengths.",
        "A text of three characters has length 3.",
        _filled(_row, lengths=lambda rows: [len(row) - 1 for row in rows]),
    ),
    Misconception(
        "cut-to-the-shortest",
        "You cut all texts to the length of the shortest.",
        "The tensor is as wide as the longest text: the others are filled up.",
        {"encode_batch": _cut},
    ),
    Misconception(
        "characters-by-texts",
        "You return ids of shape (T, N).",
        "Batch first: a row for each text, a column for each character.",
        {"encode_batch": _times_by_texts},
    ),
)

MISCONCEPTIONS = (*VOCABULARY, *BATCHES, *NETWORKS, *TRAINING)
