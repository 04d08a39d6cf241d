"""A check's outcome as plain text: what a student controls is made harmless, and kept short."""

import re

from autograder.model import CheckResult, Counterexample, Diagnosis
from autograder.reporting.escape import csv_cell, terminal

MOST = 4000  # characters of one check
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def explain(result: CheckResult) -> str:
    """What went wrong in a check: the mistake if it is known, the message, the smallest failing call."""
    told = [line for line in (*_diagnosis(result.diagnosis), _message(result)) if line]
    return shorten(xml("\n\n".join(["\n".join(told), *_example(result.counterexample)]).strip()))


def _message(result: CheckResult) -> str:
    call = result.counterexample.call if result.counterexample else ""
    return result.message.replace(f"  [{call}]", "") if call else result.message


def _diagnosis(diagnosis: Diagnosis | None) -> list[str]:
    if diagnosis is None:
        return []
    when = f"It fails {diagnosis.when}." if diagnosis.when else ""
    where = f"Where: {diagnosis.where}" if diagnosis.where else ""
    return [diagnosis.what, when, where, *(f"Broken law: {law}" for law in diagnosis.laws)]


def _example(example: Counterexample | None) -> list[str]:
    if example is None:
        return []
    call = f"{example.setup}\n{example.call}".strip()
    compared = f"Yours ({example.result}):\n{example.got}\nShould be:\n{example.expected}"
    return [f"Smallest failing call:\n{call}", *([compared] if example.got or example.expected else [])]


def shorten(text: str, most: int = MOST) -> str:
    return text if len(text) <= most else text[:most] + "\n[the rest is left out]"


def cell(text: str) -> str:
    """`text` for a spreadsheet; a mere dash, by which systems mean "nothing", stays one."""
    return text if text == "-" else csv_cell(text)


def xml(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return NO_XML.sub("�", terminal(text))
