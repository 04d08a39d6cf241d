"""Graders for other systems, run as these run them: their scripts, in a scratch root with their folders, offline."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from classes import write
from schemas import CLASSROOM50, GRADESCOPE, PRAIRIELEARN, PRAIRIELEARN_QUESTION
from students import SOLUTIONS

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

UNIT = "convolution/signals"
CORRECT = (SOLUTIONS / f"{UNIT}.py").read_text(encoding="utf-8")
WRONG = CORRECT + "\n\ndef correlate1d(*arguments, **options):\n    return None\n"
HOSTILE = """
import os

reached = []
for path in ("/autograder/source/secret", "/grade/tests/secret", "/autograder/submission_metadata.json",
             "/grade/data/data.json"):
    try:
        reached.append(open(path).read())
    except OSError:
        pass
for path in ("/autograder/results/results.json", "/grade/results/results.json"):
    try:
        open(path, "w").write('{"score": 1000}')
        reached.append(path)
    except OSError:
        pass

def correlate1d(*arguments, **options):
    raise RuntimeError(f"reached: {reached}")

def convolve1d(*arguments, **options):
    os.kill(os.getppid(), 9)
    os._exit(0)
"""
REACHED = "RuntimeError: reached: []"
SECRET = "a secret for tests of graders only"
MACHINE = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc")
CLASSROOM = {
    "CLASSROOM": "cs-principles", "ASSIGNMENT": "signals", "OWNER": "alice", "SUBMISSION_TAG": "submit/1",
    "COMMIT_URL": "https://c", "RELEASE_URL": "https://r", "RUNNER_TEMP": "/opt",
}  # fmt: skip


@dataclass(frozen=True)
class Scratch:
    """A root of its own: the machine's programs, read-only, and folders of `folder`, which can be written."""

    folder: Path
    mounts: tuple[tuple[str, str], ...]
    without_sandbox: bool = False

    def run(self, *command: str, cwd: str = "/", **environment: str) -> str:
        path = f"{sys.base_prefix}/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        offline = {"PATH": path, "HOME": "/tmp", "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
        argv = ["bwrap", *self._root(), "--chdir", cwd, "--clearenv"]
        for name, value in {**offline, **environment}.items():
            argv += ["--setenv", name, value]
        done = subprocess.run([*argv, "--", *command], capture_output=True, text=True, timeout=300, errors="replace")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def _root(self) -> Iterator[str]:
        rights = ["--cap-add", "ALL"] if os.geteuid() == 0 else []  # bubblewrap wants none for the unprivileged
        yield from (*rights, "--unshare-net", "--unshare-pid", "--die-with-parent")
        yield from ("--tmpfs", "/", "--dev", "/dev", "--proc", "/proc", "--perms", "1777", "--tmpfs", "/tmp")
        shown = dict.fromkeys((*MACHINE, sys.base_prefix, sys.prefix))
        for directory in sorted({str(parent) for path in shown for parent in Path(path).parents} - {"/"}):
            yield from ("--dir", directory)
        for path in shown:
            if Path(path).is_symlink():
                yield from ("--symlink", os.readlink(path), path)
            elif Path(path).exists():
                yield from ("--ro-bind", path, path)
        if self.without_sandbox:  # as in a container that allows none
            yield from ("--ro-bind", "/bin/false", os.path.realpath(shutil.which("bwrap") or ""))
        for source, target in self.mounts:
            yield from ("--bind", str(self.folder / source), target)


@pytest.fixture(scope="module")
def graders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archives of all three systems, unpacked; the wheel is built once, for the first."""
    folder = tmp_path_factory.mktemp("graders")
    (folder / "secret").write_text(SECRET)
    given: list[str] = []
    for name in ("gradescope-autograder", "prairielearn-question", "classroom50-autograder"):
        secret = [] if name.startswith("classroom50") else ["--secret-file", "secret"]
        command = [sys.executable, "-m", "autograder.cli", "export", name, "--assignment", "convolution"]
        command += ["--unit", UNIT, "--out", f"{name}.zip", *given, *secret]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300)
        assert done.returncode == 0, done.stderr
        with zipfile.ZipFile(folder / f"{name}.zip") as archive:
            archive.extractall(folder / name)
        given = ["--wheel", str(next((folder / name).rglob("handgrad-*.whl")))]
    return folder


@pytest.fixture(scope="module")
def root(graders: Path) -> Path:
    """A folder for scratch roots, in which setup.sh has run, as when Gradescope builds its image."""
    source = graders / "gradescope-autograder"
    shutil.copytree(source, graders / "autograder/source")
    (graders / "autograder/submission_metadata.json").write_text('{"users": [{"email": "alice@example.org"}]}')
    site_packages = graders / f"opt/lib/python3.{sys.version_info.minor}/site-packages"
    site_packages.mkdir(parents=True)  # what pip would have fetched: the packages of this environment
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)))
    mounts = (("autograder", "/autograder"), ("opt", "/opt/handgrad"))
    assert "handgrad is installed" in Scratch(graders, mounts).run("bash", "/autograder/source/setup.sh")
    return graders


def gradescope(root: Path, files: dict[str, str], without_sandbox: bool = False) -> tuple[dict[str, Any], str]:
    """What Gradescope gets for a submission, and what it shows the instructor."""
    for name in ("submission", "results"):
        shutil.rmtree(root / "autograder" / name, ignore_errors=True)
        (root / "autograder" / name).mkdir()
    write(root / "autograder/submission", files)
    scratch = Scratch(root, (("autograder", "/autograder"), ("opt", "/opt/handgrad")), without_sandbox)
    said = scratch.run("bash", "/autograder/source/run_autograder", cwd="/autograder")
    results = json.loads((root / "autograder/results/results.json").read_text(encoding="utf-8"))
    jsonschema.validate(results, GRADESCOPE)
    return results, said


def test_gradescope_grades_what_is_right_in_the_sandbox(root: Path) -> None:
    results, said = gradescope(root, {"homework/signals.py": CORRECT})
    possible = sum(test.get("max_score", 0) for test in results["tests"])
    assert results["score"] > possible > 0  # hidden points are in the total only
    assert (results["extra_data"]["sandbox"], "without a sandbox" in said) == ("bubblewrap", False)
    assert {test["status"] for test in results["tests"] if "status" in test} == {"passed"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_gradescope_without_a_sandbox_grades_as_nobody_and_says_so(root: Path) -> None:
    results, said = gradescope(root, {"signals.py": CORRECT + HOSTILE}, without_sandbox=True)
    assert results["extra_data"]["sandbox"] == "user"
    assert "graded without a sandbox, by a user without privileges" in said
    remark = results["tests"][-1]
    assert (remark["name"], remark["visibility"]) == ("For the instructor 1", "hidden")
    assert "graded without a sandbox" in remark["output"]
    assert 0 < results["score"] < 15
    assert "without a sandbox" not in results["output"]
    tried = [test["output"] for test in results["tests"] if "correlate1d" in test["name"] and "max_score" in test]
    assert {output.partition(" in line")[0] for output in tried} == {REACHED}


def test_gradescope_gets_results_when_everything_fails(root: Path) -> None:
    python = root / "opt/bin/python"
    kept = python.rename(python.with_name("kept"))
    try:
        for script in ("kill -9 $$", "exit 3", "rm -f /autograder/results/results.json; exit 137"):
            python.write_text(f"#!/bin/sh\n{script}\n")
            python.chmod(0o755)
            results, said = gradescope(root, {"signals.py": CORRECT})
            assert (results["score"], results["extra_data"]) == (0, {"failed": True})
            assert "The grader itself failed, which is not your fault" in results["output"]
            assert "handgrad: ended with" in said
    finally:
        kept.rename(python)


def test_prairielearn_s_question_grades_in_its_folders(root: Path) -> None:
    question = root / "prairielearn-question/questions/handgrad-convolution"
    jsonschema.validate(json.loads((question / "info.json").read_text()), PRAIRIELEARN_QUESTION)
    for name in ("setup.sh", "constraints.txt"):  # the same image as Gradescope's
        same = root / "gradescope-autograder" / name
        assert (root / "prairielearn-question/image" / name).read_bytes() == same.read_bytes()
    write(root / "grade/student", {"signals.py": CORRECT + HOSTILE})
    write(root / "grade/data", {"data.json": "{}"})
    shutil.copytree(question / "tests", root / "grade/tests")
    scratch = Scratch(root, (("grade", "/grade"), ("opt", "/opt/handgrad")))
    scratch.run("bash", "/grade/tests/run_grader")
    results = json.loads((root / "grade/results/results.json").read_text(encoding="utf-8"))
    jsonschema.validate(results, PRAIRIELEARN)
    assert (results["gradable"], 0 < results["score"] < 1) == (True, True)
    wrong = [test for test in results["tests"] if "correlate1d" in test["name"]]
    assert {test["message"].partition(" in line")[0] for test in wrong} == {REACHED}


def test_classroom50_s_autograder_grades_the_checkout(root: Path) -> None:
    bundle = root / "classroom50-autograder"
    (wheel,) = bundle.glob("handgrad-*.whl")
    home = f"/opt/handgrad-{sha256(wheel.read_bytes()).hexdigest()[:8]}"  # as on a runner that keeps its folder
    write(root / "checkout", {"signals.py": WRONG})
    scratch = Scratch(root, (("checkout", "/checkout"), ("opt", home), (bundle.name, "/bundle")))
    scratch.run("python3", "/bundle/autograder.py", cwd="/checkout", **CLASSROOM)
    result = json.loads((root / "checkout/result.json").read_text(encoding="utf-8"))
    jsonschema.validate(result, CLASSROOM50)
    assert (result["owner"], result["assignment"], result["submission"]) == ("alice", "signals", "submit/1")
    assert 0 < result["score"] < result["max-score"]
    assert "hidden" not in json.dumps(result)
    body = (root / "checkout/release-body.md").read_text(encoding="utf-8")
    assert body.startswith(f"**{result['score']} of {result['max-score']} points**")
