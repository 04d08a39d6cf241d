"""`handgrad doctor`: what this machine can do, and what to install for the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Command

from autograder import commands, doctor
from autograder.doctor import Finding, canary, examine
from autograder.errors import GraderError
from autograder.sandbox import bubblewrap

TEMPTATIONS = ("reading", "writing", "network", "processes", "/proc", "user", "calls", "limits", "files")


@pytest.mark.sandbox
def test_in_the_sandbox_the_canary_can_do_nothing() -> None:
    findings = {finding.name: finding for finding in canary("bubblewrap")}
    assert {f"canary: {name}" for name in TEMPTATIONS} <= set(findings)
    assert [finding for finding in findings.values() if not finding.good] == []


def test_without_one_it_is_told_what_the_canary_can_do() -> None:
    findings = {finding.name: finding for finding in canary("none")}
    assert not findings["canary: reading"].good
    assert "can read /etc/passwd" in findings["canary: reading"].text


@pytest.mark.sandbox
def test_all_is_well_where_the_sandbox_runs() -> None:
    findings = {finding.name: finding for finding in examine()}
    assert [finding for finding in findings.values() if not finding.good] == []
    assert "numpy" in findings["packages"].text
    assert "torch" in findings["packages"].text


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("PATH", str(tmp_path))
    bubblewrap.problem.cache_clear()
    yield
    bubblewrap.problem.cache_clear()


@pytest.mark.usefixtures("no_bubblewrap")
def test_without_bubblewrap_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    ended = Command(capsys, monkeypatch)("doctor")
    assert ended.code == 1
    assert "✗ bubblewrap" in ended.out
    assert "apt-get install bubblewrap" in ended.out


def test_a_worker_that_does_not_start_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise GraderError("the worker did not start (plain): no space")

    monkeypatch.setattr(doctor.plain, "launch", refuse)
    (finding,) = canary("none")
    assert (finding.good, "did not start" in finding.text) == (False, True)


@pytest.mark.parametrize(("good", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_says_whether_all_is_well(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, good: bool, code: int
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: [Finding("a", True, "fine"), Finding("b", good, "so so")])
    assert commands.show_findings() is good
    ended = Command(capsys, monkeypatch)("doctor")
    assert ended.code == code
    assert ("✗" in ended.out) is not good
