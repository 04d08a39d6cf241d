"""What a worker needs to see of this machine: found by looking at what a probe maps, not by a fixed list of paths."""

import functools
import glob
import json
import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError

PROBE = """
import importlib, importlib.util, json, sys
packages, later = (part.split(",") for part in sys.argv[1:])
for name in packages:
    importlib.import_module(name)
for name in ("bz2", "ctypes", "decimal", "hashlib", "lzma", "sqlite3", "zlib"):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
with open("/proc/self/maps") as maps:
    files = sorted({line.split(maxsplit=5)[5].strip() for line in maps if line.count("/")})
origins = {name: module.__file__ for name, module in list(sys.modules.items())
           if "." not in name and getattr(module, "__file__", None)}
origins |= {name: spec.origin for name in later if name and (spec := importlib.util.find_spec(name))}
torch = sys.modules.get("torch")
level = torch.backends.cpu.get_cpu_capability().lower() if torch else ""
print(json.dumps({"files": files, "origins": origins, "level": level}))
"""
LATER = {"torch": ("sympy", "mpmath")}  # what packages import only when it comes to it
DEVICES = {"torch": "/dev/urandom"}  # it asks for a random number when it is imported
HOME = "/python"  # of the interpreter, inside
INTERPRETER = re.compile(rb"(/[\w./+-]*ld[\w.+-]*\.so[\w.]*)\x00")


@dataclass(frozen=True, slots=True)
class Runtime:
    """The files to show, as pairs of a path on this machine and the path inside, which says nothing of the former."""

    python: tuple[str, str]
    standard_library: tuple[str, str]
    packages: tuple[tuple[str, str], ...]
    libraries: tuple[tuple[str, str], ...]
    loader: str
    devices: tuple[str, ...]
    settings: dict[str, str]


@functools.cache
def runtime(packages: tuple[str, ...]) -> Runtime:
    """Interpreter, standard library, `packages` with what they import, and the C libraries all of these map."""
    python = os.path.realpath(sys.executable)
    library = os.path.realpath(sysconfig.get_path("stdlib"))
    found = _probe(packages)
    shown = _package_paths(found["origins"])
    inside = (library, *(source for source, _ in shown))
    libraries = [path for path in found["files"] if ".so" in Path(path).name and not path.startswith(inside)]
    return Runtime(
        python=(python, f"{HOME}/bin/python3"),
        standard_library=(library, f"{HOME}/{sys.platlibdir}/{os.path.basename(library)}"),
        packages=tuple(shown),
        libraries=tuple((os.path.realpath(path), alias) for path in libraries for alias in _aliases(path)),
        loader=_loader(python),
        settings={"ATEN_CPU_CAPABILITY": found["level"]} if found["level"] else {},  # it would look in /proc
        devices=("/dev/null", *(DEVICES[name] for name in packages if name in DEVICES)),
    )


def _probe(packages: tuple[str, ...]) -> dict[str, Any]:
    later = [name for package in packages for name in LATER.get(package, ())]
    words = ",".join(packages), ",".join(later)
    done = subprocess.run([sys.executable, "-B", "-c", PROBE, *words], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise GraderError(f"cannot import {', '.join(packages)} for the worker: {last}")
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _package_paths(origins: dict[str, str]) -> list[tuple[str, str]]:
    """Where each imported third-party package or module lies, and where it goes inside."""
    shown = {}
    for name, origin in origins.items():
        path = Path(origin)
        if not ({"site-packages", "dist-packages"} & set(path.parts)):
            continue
        source = path.parent if path.name.startswith("__init__.") else path
        for candidate in (source, source.with_name(f"{name}.libs")):
            if candidate.exists() and not name.startswith("_"):
                shown[str(candidate)] = f"/site/{candidate.name}"
    return sorted(shown.items())


def _aliases(path: str) -> list[str]:
    """The names under which the dynamic loader may ask for a library: libz.so.1 for libz.so.1.2.13."""
    stem = os.path.basename(path).split(".so")[0]
    beside = glob.glob(os.path.join(glob.escape(os.path.dirname(path)), f"{glob.escape(stem)}.so*"))
    same = [name for name in beside if os.path.realpath(name) == os.path.realpath(path)]
    return [os.path.basename(name) for name in same] or [os.path.basename(path)]


def _loader(python: str) -> str:
    """The path of the dynamic loader that is written into the interpreter's file."""
    with open(python, "rb") as file:
        match = INTERPRETER.search(file.read(1 << 16))
    return match.group(1).decode() if match else ""
