"""The sandbox: bubblewrap with every namespace unshared, nothing writable, and only the worker's runtime to see."""

import functools
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from autograder.errors import GraderError
from autograder.model import Limits
from autograder.sandbox.guard import protect_grader
from autograder.sandbox.plain import SETTINGS, worker_arguments
from autograder.sandbox.process import USERS, Launch
from autograder.sandbox.runtime import HOME, Runtime, runtime

FILES = ("worker.py", "server.py", "protocol.py", "seccomp.py", "tensors.py")
HERE = Path(__file__).parent
INSIDE = "/handgrad"
NOBODY = 65534
FIRST_UID = 1_879_048_192  # a range that no distribution hands out; one user for each worker, so limits are its own

SEPARATE = ("--cap-add", "CAP_SYS_ADMIN")
REMEDIES = {
    "No permissions to create new namespace": "the container forbids it (Docker: --security-opt seccomp=unconfined, "
    "or a profile that allows user namespaces)",
    "setting up uid map: Permission denied": "AppArmor forbids it (Ubuntu 24.04: allow user namespaces for bwrap "
    "with an AppArmor profile, or sysctl kernel.apparmor_restrict_unprivileged_userns=0)",
    "Creating new namespace failed": "the kernel forbids user namespaces (sysctl user.max_user_namespaces)",
}


@functools.cache
def problem() -> str:
    """Why bubblewrap cannot be used here and what to do about it; empty if it can."""
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed: apt-get install bubblewrap (or dnf, pacman, apk ...)"
    done = subprocess.run(
        ["bwrap", *_namespaces(), "--ro-bind", "/", "/", "--", "true"], capture_output=True, text=True, env={}
    )
    if done.returncode == 0:
        return ""
    words = done.stderr.strip()
    remedy = next((remedy for sign, remedy in REMEDIES.items() if sign in words), "see `handgrad doctor`")
    return f"bubblewrap does not run here ({words}): {remedy}"


def launch(packages: tuple[str, ...], limits: Limits) -> Launch:
    """How to start a sandbox; `GraderError` where that is impossible."""
    if problem():
        raise GraderError(problem())
    protect_grader()
    uid = FIRST_UID + (os.getpid() % 4096) * USERS if as_root() else 0
    argv = (*_static(packages), *worker_arguments(packages, limits, uid, separate=_can_separate()))
    return Launch(argv, {}, name="bubblewrap", info_fd=True)


def as_root() -> bool:
    return os.geteuid() == 0


@functools.cache
def _can_separate() -> bool:
    """Whether the parent inside may have the right to give each worker namespaces of its own.

    It keeps CAP_SYS_ADMIN of its own user namespace for that (root: of root's), and the worker gives it up.
    """
    done = subprocess.run(
        ["bwrap", *_namespaces(), *SEPARATE, "--ro-bind", "/", "/", "--", "true"], capture_output=True, env={}
    )
    return done.returncode == 0


@functools.cache
def _static(packages: tuple[str, ...]) -> tuple[str, ...]:
    """All of the command line but what differs from worker to worker."""
    shown = runtime(packages)
    return (
        "bwrap", *_namespaces(), *(SEPARATE if _can_separate() else ()),
        "--hostname", "grader", "--die-with-parent", "--new-session", "--clearenv",
        *_environment(shown), *_mounts(shown), "--chdir", "/", "--remount-ro", "/",
        "--", shown.python[1], "-B", "-S", f"{INSIDE}/worker.py",
    )  # fmt: skip


def _namespaces() -> list[str]:
    """Everything unshared. Root drops to an unprivileged user inside (the worker does, before any student code)."""
    shared = [f"--unshare-{name}" for name in ("pid", "net", "ipc", "uts", "cgroup")]
    if as_root():
        return [*shared, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    user = ["--unshare-user", "--disable-userns", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    return [*shared, *user, "--cap-drop", "ALL"]


def _environment(shown: Runtime) -> Iterator[str]:
    settings = {
        "PYTHONHOME": HOME, "PYTHONPATH": "/site", "PYTHONUNBUFFERED": "1", "LD_LIBRARY_PATH": "/clib",
        "LC_ALL": "C.UTF-8", **SETTINGS, **shown.settings,
    }  # fmt: skip
    for name, value in settings.items():
        yield from ("--setenv", name, value)


def _mounts(shown: Runtime) -> Iterator[str]:
    binds = [shown.standard_library, shown.python, *shown.packages]
    binds += [(source, f"/clib/{alias}") for source, alias in shown.libraries]
    binds += [(str(HERE / name), f"{INSIDE}/{name}") for name in FILES]
    if shown.loader:
        binds.append((os.path.realpath(shown.loader), shown.loader))
    for directory in _parents([*(target for _, target in binds), *shown.devices]):
        yield from ("--dir", directory)  # bubblewrap makes parents that only root may enter
    for source, target in binds:
        yield from ("--ro-bind", source, target)
    source, target = shown.standard_library
    for name in ("site-packages", "dist-packages"):
        if os.path.isdir(f"{source}/{name}"):  # other packages: out of sight
            yield from ("--tmpfs", f"{target}/{name}", "--remount-ro", f"{target}/{name}")
    for device in shown.devices:
        yield from ("--dev-bind", device, device)


def _parents(paths: Iterable[str]) -> list[str]:
    """Every folder above `paths`, outermost first."""
    folders = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    return sorted(folders - {"/"}, key=lambda folder: (folder.count("/"), folder))
