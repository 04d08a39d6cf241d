"""The course: its units in order. Each is loaded when it is asked for, since that brings in the torch reference."""

import functools
import importlib
from dataclasses import dataclass, replace

from autograder.errors import UsageError
from autograder.model import Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the course: enough to list it without loading anything."""

    path: str
    title: str
    points: int
    bonus: int = 0

    @property
    def assignment(self) -> str:
        return self.path.rsplit("/", 1)[0]

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[1]


COURSE = (
    Entry("convolution/signals", "Signals: correlation and convolution", 15),
    Entry("convolution/shapes", "Shapes, parameters and costs", 20),
    Entry("convolution/conv2d", "2-D convolution layer", 45, bonus=5),
    Entry("convolution/filters", "Hand-made filters and Gabor features", 20, bonus=5),
    Entry("convolution/conv_transpose2d", "Transposed convolution", 20),
    Entry("convnets/pooling", "Pooling and maxout", 35),
    Entry("convnets/layers", "Activations, loss, batch norm, dropout", 35),
    Entry("convnets/blocks", "Residual, inception, separable blocks", 15),
    Entry("convnets/lenet", "A small network, trained", 30),
    Entry("convnets/augmentation", "Augmentation and normalisation", 20),
    Entry("recurrence/rnn", "Recurrent layer and BPTT", 45),
    Entry("recurrence/gru", "GRU: two gates, two conventions", 35),
    Entry("recurrence/lstm", "LSTM: cells, gates, peepholes", 50),
    Entry("recurrence/bidirectional", "Two directions, padding, look-ahead", 20),
    Entry("recurrence/attention", "Soft addressing and attention", 20),
    Entry("recurrence/language", "Language detection", 30),
    Entry("recurrence/digit_strips", "Reading strips of digits", 0, bonus=20),
    Entry("vision/transfer", "Transfer learning", 40),
    Entry("vision/adversarial", "Adversarial examples", 15),
    Entry("vision/segmentation", "Segmentation: an FCN with a skip", 15),
    Entry("vision/detection", "Detection: boxes and losses", 25),
    Entry("vision/inspection", "Inspection of a network", 10),
)


@functools.cache
def load(path: str) -> Unit:
    """The unit at `path` ("convolution/conv2d"), with its misconceptions."""
    find_entry(path)
    dotted = path.replace("/", ".")
    unit: Unit = importlib.import_module(f"autograder.units.{dotted}").UNIT
    known = importlib.import_module(f"autograder.misconceptions.{dotted}").MISCONCEPTIONS
    return replace(unit, misconceptions=known)


def find_entry(path: str) -> Entry:
    """The line of a unit; `UsageError` if there is no such unit."""
    for entry in COURSE:
        if entry.path == path:
            return entry
    raise UsageError(f"there is no unit {path!r}; `handgrad list` shows what there is")


def assignments() -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.assignment for entry in COURSE))


def entries(assignment: str) -> tuple[Entry, ...]:
    """The lines of one assignment; `UsageError` if there is no such assignment."""
    found = tuple(entry for entry in COURSE if entry.assignment == assignment)
    if not found:
        names = ", ".join(assignments())
        raise UsageError(f"there is no assignment {assignment!r}; there are: {names}")
    return found
