"""`handgrad grade`, killed and interrupted: nothing is lost, nothing is graded twice, nobody is left behind."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from classes import CORRECT, SECRET, class_of, write
from processes import PATIENCE, children, nobody_left_behind, start, wait_for
from processes import run as handgrad

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]

NUMBER = 6
ENDLESS = CORRECT.replace("import numpy as np", "import numpy as np\nwhile True: pass", 1)

Arguments = Callable[..., list[str | Path]]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    (folder / "secret").write_bytes(SECRET)
    return write(folder / "submitted", class_of(NUMBER))


@pytest.fixture(scope="module")
def arguments(handed_in: Path, sandbox_kind: str) -> Arguments:
    def build(out: Path, *more: str, folder: Path = handed_in) -> list[str | Path]:
        secret = handed_in.parent / "secret"
        return ["grade", folder, "--out", out, "--secret-file", secret, "--sandbox", sandbox_kind, *more]

    return build


@pytest.fixture(scope="module")
def undisturbed(arguments: Arguments, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed")
    done = handgrad(*arguments(out, "--jobs", "2"))
    assert done.returncode == 0, done.stderr
    return out


def finished(out: Path) -> dict[Path, int]:
    """When each result was written."""
    return {path: path.stat().st_mtime_ns for path in out.glob("*/convnets.json")}


def contents(out: Path) -> dict[str, bytes]:
    """Everything in a folder of results but the times."""
    paths = [path for path in out.rglob("*") if path.is_file() and not path.name.endswith(".times.json")]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


@pytest.mark.parametrize(("jobs", "stops"), [("1", (2,)), ("2", (0, 2, 3))])
def test_killed_again_and_again_and_then_as_if_nothing_had_been(
    tmp_path: Path, arguments: Arguments, undisturbed: Path, jobs: str, stops: tuple[int, ...]
) -> None:
    known: dict[Path, int] = {}
    for enough in stops:
        with nobody_left_behind():
            grader = start(*arguments(tmp_path, "--jobs", jobs))
            wait_for(lambda enough=enough: len(finished(tmp_path)) >= enough and tmp_path.is_dir(), "there are results")
            grader.kill()
            grader.communicate()
        now = finished(tmp_path)
        assert len(now) < NUMBER
        assert {path: now[path] for path in known} == known
        known = now
    assert not (tmp_path / "grades.csv").exists()
    done = handgrad(*arguments(tmp_path, "--jobs", jobs))
    assert done.returncode == 0, done.stderr
    assert {path: finished(tmp_path)[path] for path in known} == known
    assert contents(tmp_path) == contents(undisturbed)


def test_ctrl_c_stops_at_once_and_says_how_to_go_on(tmp_path: Path, arguments: Arguments) -> None:
    folder = write(tmp_path / "submitted", class_of(6, {3: ENDLESS}))
    with nobody_left_behind():
        grader = start(*arguments(tmp_path / "out", "--jobs", "2", "--seconds", "100", folder=folder))
        wait_for(lambda: len(finished(tmp_path / "out")) >= 3, "there are results")
        os.killpg(grader.pid, signal.SIGINT)
        output, errors = grader.communicate(timeout=20)
    assert grader.returncode == 130
    assert errors == "handgrad: stopped; run the same command again to go on\n"
    assert output == ""


def test_a_killed_process_of_the_pool_costs_a_retry(tmp_path: Path, arguments: Arguments, undisturbed: Path) -> None:
    with nobody_left_behind():
        grader = start(*arguments(tmp_path, "--jobs", "2"))
        wait_for(lambda: len(finished(tmp_path)) >= 2, "there are results")
        victim = max(children(grader.pid))
        os.kill(victim, signal.SIGKILL)
        _, errors = grader.communicate(timeout=PATIENCE)
    assert grader.returncode == 0, errors
    assert len(finished(tmp_path)) == NUMBER
    assert contents(tmp_path) == contents(undisturbed)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    tmp_path: Path, arguments: Arguments, undisturbed: Path
) -> None:
    assert handgrad(*arguments(tmp_path / "same", "--jobs", "1")).returncode == 0
    assert contents(tmp_path / "same") == contents(undisturbed)
    (tmp_path / "secret").write_text("a secret of someone else")
    name = "s02/convnets/pooling.py"
    few = write(tmp_path / "few", {name: class_of(3)[name]})
    for change in (("--seed", "1"), ("--secret-file", str(tmp_path / "secret"))):
        out = tmp_path / change[0]
        assert handgrad(*arguments(out, "--jobs", "1", *change, folder=few)).returncode == 0
        assert (out / "s02/convnets.json").read_bytes() != (undisturbed / "s02/convnets.json").read_bytes()


def test_output_that_nobody_reads_is_no_error(tmp_path: Path, arguments: Arguments) -> None:
    few = write(tmp_path / "few", class_of(1))
    with start(*arguments(tmp_path / "out", folder=few)) as grader:
        assert grader.stdout
        assert grader.stderr
        grader.stdout.close()
        assert "Traceback" not in grader.stderr.read()
    assert (tmp_path / "out/grades.csv").exists()
