"""One secret and one number decide every case."""

import os
import stat
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.grading.seeds import Seed, own_secret, read_secret

SECRET = "0123456789abcdef"


def test_another_name_number_or_secret_is_another_seed() -> None:
    seeds = [
        Seed(number, secret).of(unit, cases)
        for number in (0, 1, 10, -1, 10**30) for secret in (b"one", b"two")
        for unit, cases in (("a", "b"), ("a", "c"), ("b", "b"), ("ab", ""), ("", "ab"))
    ]  # fmt: skip
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 1 << 64 for seed in seeds)


def test_the_same_seed_stays_the_same_for_ever() -> None:
    """Other numbers here would change every score that has been given."""
    assert Seed(0).of("convolution/conv2d", "forward") == 5918559153742243622
    assert Seed(7, SECRET.encode()).of("recurrence/rnn", "step") == 15437443450358066953


def test_a_secret_s_white_space_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"\n {SECRET}\r\n")
    assert read_secret(tmp_path / "secret") == SECRET.encode()


@pytest.mark.parametrize("content", ["", "short", "\n" * 40, SECRET[:15] + "\n\n"])
def test_a_short_secret_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content)
    with pytest.raises(UsageError, match="shorter than 16 bytes"):
        read_secret(tmp_path / "secret")


def test_a_missing_secret_file_says_how_to_make_one(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(UsageError, match="head -c 32 /dev/urandom"):
            read_secret(path)


def test_the_own_secret_is_made_once_and_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    secret, path, new = own_secret()
    assert (new, len(secret) >= 32) == (True, True)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert own_secret() == (secret, path, False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert own_secret()[1] == tmp_path / ".config/handgrad/secret"
    assert own_secret()[0] != secret
