"""Seeds: one secret and one number decide every case of a course, and nobody without the secret can tell them."""

import functools
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError

PUBLIC = b"handgrad: the cases of `handgrad check` are no secret"


@dataclass(frozen=True, slots=True)
class Seed:
    """`of(unit, cases)` is the seed for one set of cases: HMAC of the secret and the names."""

    number: int = 0
    secret: bytes = PUBLIC

    def of(self, unit: str, cases: str) -> int:
        return _derived(self.secret, f"{unit}\0{cases}\0{self.number}".encode())


@functools.cache
def _derived(secret: bytes, message: bytes) -> int:
    return int.from_bytes(hmac.digest(secret, message, hashlib.sha256)[:8], "big")


def read_secret(path: Path) -> bytes:
    """The secret in a file; `UsageError` if there is none."""
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise UsageError(f"cannot read the secret file {path}: {error.strerror}; make one with "
                         f"`head -c 32 /dev/urandom | base64 > {path}`") from error  # fmt: skip
    if len(secret) < 16:
        raise UsageError(f"the secret in {path} is shorter than 16 bytes: anyone could guess it")
    return secret


def own_secret() -> tuple[bytes, Path, bool]:
    """The secret of this machine's user, made on first use: the secret, where it lies, and whether it is new."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    path = home / "handgrad" / "secret"
    if path.exists():
        return read_secret(path), path, False
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(32).encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret + b"\n")
    return secret, path, True
