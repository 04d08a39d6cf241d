"""Files and archives that nobody vouches for: small bombs, links, ways out, damage."""

import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from classes import tarred, write, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import archives
from autograder.archives import Found, find
from autograder.errors import SubmissionError
from autograder.submission import decode_source, read_source

CODE = "x = 1\n"


def found_in(root: Path) -> dict[str, str]:
    """What is wrong with each file that is found, by path."""
    return {each.where: each.problem or _read(each) for each in find(root)}


def _read(found: Found) -> str:
    try:
        found.read()
    except SubmissionError as error:
        return str(error)
    return ""


def packed(tmp_path: Path, data: bytes, name: str = "class.zip") -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def tar_of(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:  # type: ignore[call-overload]
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 1\n", "x = 1\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
        (b"x = 1\ry = 2", "x = 1\ny = 2"),
        ("s = 'Zoë 数 \u2028'".encode(), "s = 'Zoë 数 \u2028'"),
        (b"", ""),
        (b"#" * (1 << 20), "#" * (1 << 20)),
    ],
)
def test_sources_are_utf8_however_their_lines_end(data: bytes, text: str) -> None:
    assert decode_source(data) == text


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    (tmp_path / "there.py").write_text(CODE)
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "link.py").symlink_to("there.py")
    (tmp_path / "dangling.py").symlink_to("nowhere")
    (tmp_path / "folder.py").mkdir()
    reasons = {
        "pipe": "regular",
        "link": "symbolic link",
        "dangling": "symbolic link",
        "folder": "regular",
        "no": "No such",
    }
    for name, reason in reasons.items():
        with pytest.raises(SubmissionError, match=reason):
            read_source(tmp_path / f"{name}.py")


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_paths_that_lead_out_are_no_paths(tmp_path: Path, pack: Callable[[dict[str, str]], bytes]) -> None:
    bad = ("../evil.py", "ada/../../evil.py", "..\\evil.py", "ada/..", "ada/../bela/conv2d.py")
    data = pack({**dict.fromkeys(bad[:3], CODE), "/etc/ada/rnn.py": CODE, "./ada//conv2d.py": CODE, bad[4]: CODE})
    found = found_in(packed(tmp_path, data, f"class.{'zip' if pack is zipped else 'tar'}"))
    assert {path for path, problem in found.items() if not problem} == {"etc/ada/rnn.py", "ada/conv2d.py"}
    assert {problem for problem in found.values() if problem} == {"its path leads out of the archive"}
    assert sorted(os.listdir(tmp_path)) == [f"class.{'zip' if pack is zipped else 'tar'}"]  # nothing was extracted


def test_links_and_devices_in_a_tar_are_named(tmp_path: Path) -> None:
    kinds = {"a.py": tarfile.SYMTYPE, "b.py": tarfile.LNKTYPE, "c.py": tarfile.FIFOTYPE, "d.py": tarfile.CHRTYPE,
             "e.py": tarfile.BLKTYPE, "f.py": tarfile.GNUTYPE_SPARSE}  # fmt: skip
    members = []
    for name, kind in kinds.items():
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        members.append((member, b""))
    found = found_in(packed(tmp_path, tar_of(*members, (tarfile.TarInfo("z.py"), b"")), "class.tar"))
    assert found.pop("z.py") == ""
    assert {name[0]: problem.split(";")[0] for name, problem in found.items()} == {
        "a": "it is a symbolic link", "b": "it is a link", **dict.fromkeys("cdef", "it is not a regular file")
    }  # fmt: skip


def test_a_link_in_a_zip_is_not_its_target_s_name(tmp_path: Path) -> None:
    member = zipfile.ZipInfo("ada/conv2d.py")
    member.external_attr = 0o120777 << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(member, "/etc/passwd")
    assert "symbolic link" in found_in(packed(tmp_path, data.getvalue()))["ada/conv2d.py"]


def test_an_encrypted_file_is_said_to_be_one(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.py": CODE, "b.py": CODE}))
    entry = data.index(b"PK\1\2")
    data[entry + 8] |= 1  # the flag in the directory
    assert found_in(packed(tmp_path, bytes(data))) == {"a.py": "it is encrypted", "b.py": ""}


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"MAX_FILE": 4096, "SMALL": 1024, "MAX_RATIO": 10, "MAX_ENTRIES": 20, "MAX_UNPACKED": 40_000}
    for name, value in limits.items():
        monkeypatch.setattr(archives, name, value)


NOISE = os.urandom(3000).hex()[:3000]


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_file_that_is_too_large_costs_itself_only(tmp_path: Path, pack: Callable[[dict[str, str]], bytes]) -> None:
    data = pack({"a.py": NOISE * 2, "b.py": CODE})
    found = found_in(packed(tmp_path, data, f"class.{'zip' if pack is zipped else 'tar'}"))
    assert found["a.py"].startswith("it is larger than")
    assert found["b.py"] == ""


@pytest.mark.usefixtures("small_limits")
def test_a_bomb_in_a_zip_costs_itself_only(tmp_path: Path) -> None:
    found = found_in(packed(tmp_path, zipped({"a.py": "#" * 4000, "b.py": CODE})))
    assert found == {"a.py": archives.BOMB, "b.py": ""}


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("bomb.tar.gz", tarred({f"{n}.py": "#" * 4000 for n in range(4)}, "gz"), archives.BOMB),
        ("bomb.tar.bz2", tarred({f"{n}.py": "#" * 4000 for n in range(4)}, "bz2"), archives.BOMB),
        ("bomb.tar.xz", tarred({f"{n}.py": "#" * 4000 for n in range(4)}, "xz"), archives.BOMB),
        ("unseen.tar.gz", tarred({"data.bin": "#" * 100_000}, "gz"), archives.BOMB),
        ("large.zip", zipped({f"{n}.py": NOISE for n in range(14)}), archives.BOMB),
        ("many.zip", zipped(dict.fromkeys(map(str, range(21)), "")), "more than 20 files"),
        ("many.tar", tarred(dict.fromkeys(map(str, range(21)), "")), "more than 20 files"),
        ("deep.zip", zipped({"1.zip": zipped({"2.zip": zipped({"a.py": CODE})})}), "archive in an archive in"),
        ("cut.zip", zipped({"a.py": CODE})[:-10], "broken archive"),
        ("cut.tar", tarred({"a.py": CODE, "b.py": CODE})[:1500], "broken archive"),
        ("cut_between.tar", tarred({"a.py": CODE, "b.py": CODE})[:2048], "its end is missing"),
        ("cut.tar.gz", tarred({"a.py": CODE}, "gz")[:60], "broken archive"),
        ("cut.tar.bz2", tarred({"a.py": CODE}, "bz2")[:60], "broken archive"),
        ("cut.tar.xz", tarred({"a.py": CODE}, "xz")[:60], "broken archive"),
        ("damaged.tar", tarred({"a.py": CODE, "b.py": CODE}).replace(b"b.py", b"c.py"), "damaged in the middle"),
        ("empty.zip", b"", "broken archive"),
        ("no.tar.gz", b"\x1f\x8b", "broken archive"),
        ("text.zip", b"this is no archive", "broken archive"),
        ("crc.zip", zipped({"a.py": NOISE}).replace(zipped({"a.py": NOISE})[60:70], b"0123456789"), "broken archive"),
    ],
    ids=lambda value: "bytes" if isinstance(value, bytes) else None,
)
def test_what_is_wrong_with_an_archive_is_said_of_it(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    """And the files beside it are found all the same."""
    found = found_in(write(tmp_path, {f"class/ada/{name}": data, "class/bela/conv2d.py": CODE}) / "class")
    assert any(reason in problem for problem in found.values())
    assert "\n" not in "".join(found.values())
    assert found["bela/conv2d.py"] == ""


def test_an_archive_s_size_is_limited_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ARCHIVE", 1 << 20)
    with (write(tmp_path, {"ada.zip": ""}) / "ada.zip").open("wb") as file:
        file.truncate((1 << 20) + 1)
    assert found_in(tmp_path) == {"ada.zip": "it is larger than 1 MiB"}


def test_a_header_that_lies_about_a_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.py": CODE * 100}))
    entry = data.index(b"PK\1\2")
    data[entry + 24 : entry + 28] = struct.pack("<L", 10)
    with pytest.raises(SubmissionError, match="broken archive"):
        found_in(packed(tmp_path, bytes(data)))


def test_folders_are_not_followed_for_ever(tmp_path: Path) -> None:
    deep = tmp_path / "class" / "/".join("abcdefghijk")
    deep.mkdir(parents=True)
    (tmp_path / "class/loop").symlink_to(".")
    found = found_in(tmp_path / "class")
    assert found == {"a/b/c/d/e/f/g/h/i": "folders are nested too deeply", "loop": archives.LINK}


def test_what_systems_leave_behind_is_skipped(tmp_path: Path) -> None:
    files = {
        "ada/__MACOSX/._conv2d.py": "",
        ".DS_Store": "",
        "ada/.git/x.py": "",
        "ada/__pycache__/x.pyc": "",
        "b.py": CODE,
    }
    write(tmp_path / "class", files)
    assert list(found_in(tmp_path / "class")) == ["b.py"]
    assert list(found_in(packed(tmp_path, zipped(files)))) == ["b.py"]


whole = [zipped({"ada/conv2d.py": CODE, "x.zip": zipped({"rnn.py": CODE})}), tarred({"ada/conv2d.py": CODE}),
         *(tarred({"ada/conv2d.py": CODE}, kind) for kind in ("gz", "bz2", "xz"))]  # fmt: skip
edits = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.sampled_from(whole), edits=edits, cut=st.integers(0, 300), more=st.binary(max_size=20))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_damaged_archives_raise_nothing_but_submission_errors(
    tmp_path: Path, data: bytes, edits: list[tuple[int, int]], cut: int, more: bytes
) -> None:
    damaged = bytearray(data)
    for place, value in edits:
        damaged[place % len(damaged)] = value
    root = packed(tmp_path, bytes(damaged[: len(damaged) - cut]) + more)
    try:
        found = list(find(root))
    except SubmissionError:
        return
    for each in found:
        assert each.problem or isinstance(each.read(), bytes)
