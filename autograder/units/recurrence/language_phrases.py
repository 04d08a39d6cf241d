"""The experiment of recurrence/language: phrases to train on, and new ones to try the networks on."""

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.model import Request, Rng, Student
from reference import languages
from reference.recurrence import language as oracle

Array = NDArray[Any]
PREFIX = 5
COLUMNS = 96  # of the tensor; phrases have 44 characters on average, and 61 at most


@functools.cache
def phrases_to_learn(seed: int) -> tuple[Request, Array]:
    """Training on phrases in eight languages, and the languages of the phrases to try it on."""
    known, new = languages.phrases(seed, 300)
    vocab = oracle.build_vocab(known.texts)
    ids, new_ids = (_columns(oracle.encode_batch(phrases.texts, vocab)[0].numpy()) for phrases in (known, new))
    values = [len(vocab) + oracle.FIRST, 24, 64], len(languages.LANGUAGES), PREFIX, seed
    options = {"epochs": 2, "batch_size": 32, "lr": 0.0125, "rng": Rng(seed)}
    return Request("learn_languages", (ids, known.labels, new_ids, *values), options), new.labels


def _columns(ids: Array) -> Array:
    return np.pad(ids, ((0, 0), (0, max(0, COLUMNS - ids.shape[1]))))


def accuracies(student: Student, case: tuple[Request, Array]) -> tuple[float, float]:
    """The shares of phrases that are recognised, and that are recognised by their first characters."""
    request, labels = case
    found = student.ask(request)
    whole, first = (float((found[name].argmax(1) == labels).mean()) for name in ("logits", "logits of prefixes"))
    return whole, first
