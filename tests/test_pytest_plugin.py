"""`pytest --handgrad`: one test a check, explained; nothing for those who do not ask for it."""

import subprocess
import sys

import pytest
from classes import CORRECT, STUB

pytest_plugins = ("pytester",)
OURS = ("-p", "no:handgrad", "-p", "autograder.pytest_plugin", "--handgrad")  # installed here or not


def test_one_test_a_check_with_the_explanation(pytester: pytest.Pytester) -> None:
    wrong = CORRECT.replace("cols), dout)", "cols), 2 * dout)") + "\nimport sys; assert 'pytest' not in sys.modules\n"
    pytester.makepyfile(pooling=wrong)
    shown = pytester.inline_run(*OURS, "pooling.py")
    passed, skipped, failed = shown.listoutcomes()
    names = [report.nodeid.partition("::")[2] for report in passed]
    assert "max_pool2d_forward.plain" in names
    assert {report.nodeid.partition("::")[2] for report in failed} >= {"max_pool2d_backward.dx.plain"}
    first = next(report for report in failed if "max_pool2d_backward.dx.plain" in report.nodeid)
    for words in ("max_pool2d_backward returns the right dx", "dx is twice what it should be", "smallest failing call"):
        assert words in first.longreprtext
    assert first.location[1] == wrong.split("\n").index("def max_pool2d_backward(")
    assert not any("ceil" in report.nodeid for report in (*passed, *skipped, *failed))  # hidden
    asked = pytester.inline_run(*OURS, "--handgrad-hidden", "pooling.py", "-k", "forward and ceil")
    asked.assertoutcome(passed=1)


def test_what_is_not_written_and_what_is_not_ours(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(pooling=STUB, test_other="def test_other(): pass")
    shown = pytester.inline_run(*OURS, "-k", "plain or other")
    passed, _, failed = shown.listoutcomes()
    assert [report.nodeid for report in passed] == ["test_other.py::test_other"]
    assert all("missing: not implemented yet" in report.longreprtext for report in failed)
    assert len(failed) == 2


def test_it_costs_nothing_when_it_is_not_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(pooling="def test_x(): pass")
    done = pytester.inline_run(*OURS[:-1], "pooling.py")
    done.assertoutcome(passed=1)
    code = "import pytest, sys; before = set(sys.modules); import autograder.pytest_plugin"
    code += "; print(*sorted(set(sys.modules) - before))"
    new = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert new == ["autograder", "autograder.pytest_plugin"]
