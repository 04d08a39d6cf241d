"""What tests share: the sandbox of this machine, and workers in it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from students import REPO

from autograder.grading.workers import Workers
from autograder.handout import build_kit
from autograder.sandbox import bubblewrap


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of the sandbox are skipped where it cannot run; in continuous integration they must run."""
    if item.get_closest_marker("sandbox") and bubblewrap.problem():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(bubblewrap.problem())


@pytest.fixture(scope="session")
def sandbox_kind() -> str:
    """The best sandbox that this machine has: "bubblewrap" or "none"."""
    return "none" if bubblewrap.problem() else "bubblewrap"


@pytest.fixture(scope="session")
def workers(sandbox_kind: str) -> Iterator[Workers]:
    """Workers for submissions, in the best sandbox that this machine has."""
    workers = Workers(sandbox_kind)
    yield workers
    workers.close()


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What students get: the folder that `handgrad release --kit` writes. Dear: mark tests `xdist_group("kit")`."""
    out = tmp_path_factory.mktemp("kit")
    build_kit(REPO, out)
    return out
