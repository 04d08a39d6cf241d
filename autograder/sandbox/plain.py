"""The worker as an ordinary subprocess: for a student's own code on their own machine, where isolation is not needed.

The same worker and protocol as in the sandbox, with the same limits as far as the system knows them.
"""

import os
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

from autograder.model import Limits
from autograder.sandbox.process import Launch

UNPRIVILEGED = 64_321  # nobody's: below 65,536, since a container may know no others
WORKER = Path(__file__).with_name("worker.py")
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",  # submissions compute on the CPU, whatever there is
}  # fmt: skip


def worker_arguments(
    packages: tuple[str, ...], limits: Limits, uid: int = 0, *, separate: bool = False
) -> tuple[str, ...]:
    """The worker's command line, from its memory limit on; `separate`: each worker gets namespaces of its own."""
    seconds = str(int(limits.submission_seconds) + 5)
    return (str(limits.memory_bytes), seconds, str(uid), "separate" if separate else "together", *packages)


def launch(packages: tuple[str, ...], limits: Limits, uid: int = 0) -> Launch:
    """How to start a plain worker with the interpreter that runs the grader; it becomes user `uid`, unless 0."""
    argv = (sys.executable, "-B", "-S", str(WORKER), *worker_arguments(packages, limits, uid))
    paths = dict.fromkeys(sysconfig.get_path(name) for name in ("platlib", "purelib"))
    paths.update(dict.fromkeys(entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))))
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8", **SETTINGS,
    }  # fmt: skip
    return Launch(argv, environment, name="none")


def launch_as_user(packages: tuple[str, ...], limits: Limits) -> Launch:
    """A plain worker that gives up root's rights before any student code: for containers without a sandbox."""
    return replace(launch(packages, limits, UNPRIVILEGED), name="user")
