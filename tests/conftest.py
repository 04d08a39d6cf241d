"""What tests share: the sandbox of this machine, and workers in it."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from students import REPO

from autograder.course import COURSE
from autograder.grading.workers import Workers
from autograder.handout import build_kit
from autograder.sandbox import bubblewrap

# Test files whose fixtures are dear: each group is run by one process, so that they are made once.
TOGETHER = {
    "tests/exports/test_graders.py": "graders",
    "tests/grading/test_hostile.py": "hostile",
    "tests/grading/test_hostile_torch.py": "hostile_torch",
    "tests/grading/test_killed.py": "killed",
    "tests/nbgrader/test_course.py": "nbgrader",
    "tests/test_docs.py": "kit",
    "tests/test_handout.py": "kit",
    "tests/test_packaging.py": "packaging",
}


# The longest files, and those that wait: begun with, in this order, so that at the end there are only short tests left
# to share out. The first two are begun at once: deadlines of seconds are kept beside the second, not beside the third.
DEAREST = (
    "tests/grading/test_hostile.py",
    "tests/test_docs.py",
    "tests/grading/test_hostile_torch.py",
    "tests/nbgrader/test_course.py",
    "tests/test_mistakes.py",
    "tests/grading/test_killed.py",
    "tests/grading/test_cluster.py",
    "tests/test_benchmarks.py",
    "tests/test_lessons.py",
    "tests/exports/test_graders.py",
    "tests/test_packaging.py",
)


def group_of(nodeid: str) -> str:
    """Which tests one process runs: those of a dear fixture, and those of a unit, whose cases it draws only once."""
    file, parameters = nodeid.partition("::")[0], nodeid.partition("[")[2]
    if file in TOGETHER:
        return TOGETHER[file]
    of_a_unit = (e.path for e in COURSE if e.path in parameters or parameters.startswith(f"{e.name}/"))
    return next(of_a_unit, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Groups together, others as they come. (`--dist loadgroup` would do, but its marks get lost with pytest 9.2.)"""
    from xdist.scheduler import LoadScopeScheduling

    class Grouping(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False  # not the group of the most tests first, but as they are sorted here
    return Grouping(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {file: number for number, file in enumerate(DEAREST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(DEAREST)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is imported and collected stays: no use in looking through it for garbage again and again."""
    gc.collect()
    gc.freeze()


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
    """What students get: the folder that `handgrad release --kit` writes. Dear: see `TOGETHER`."""
    out = tmp_path_factory.mktemp("kit")
    build_kit(REPO, out)
    return out
