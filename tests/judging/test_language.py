"""Language detection: whoever takes the state after the padding is told so by the lengths, and by the accuracy."""

import pytest
from students import REPO, grade_file, only

from autograder.course import load
from autograder.grading.workers import Workers

WRONG = REPO / "tests/submissions/class/omar/recurrence/language.py"
LENGTHS, ACCURACY = "Scanner.padding-is-invisible", "train_language_id.recognises-languages-experiment"


@pytest.mark.slow
def test_a_state_after_the_padding_is_recognised(workers: Workers) -> None:
    report = grade_file(only(load("recurrence/language"), LENGTHS, ACCURACY), WRONG, workers)
    told = {result.check: result.message for result in report.results}
    assert "states with four more columns of padding" in told[LENGTHS]
    assert "So few come of a state after the padding" in told[ACCURACY]
    assert 8 <= int(told[ACCURACY].split("%")[0]) <= 20
    assert report.score == 0
