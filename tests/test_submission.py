"""Intake: whatever a learning platform hands over becomes source text by student, assignment and unit."""

import os
import zipfile
from pathlib import Path

import pytest
from classes import notebook, tarred, write, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import submission
from autograder.errors import UsageError
from autograder.submission import Intake, take_in

CODE = "x = 1\n"
NBGRADER = {"ada/convolution/conv2d.py": CODE, "ada/recurrence/rnn.py": CODE, "bela/convolution/conv2d.py": CODE}
PER_STUDENT = {"ada/conv2d.py": CODE, "ada/rnn.py": CODE, "bela/conv2d.py": CODE}
CANVAS = {
    "lovelaceada_12_345_conv2d.py": CODE,
    "lovelaceada_12_346_rnn-1.py": CODE,
    "bartokbela_LATE_13_350_conv2d-2.py": CODE,
}
MOODLE = {
    "Ada Lovelace_12_assignsubmission_file_/conv2d.py": CODE,
    "Ada Lovelace_12_assignsubmission_file_/rnn.py": CODE,
    "Béla Bartók_13_assignsubmission_file_/conv2d.py": CODE,
}
LAYOUTS = {
    "nbgrader": (NBGRADER, "ada", "bela"),
    "wrapped nbgrader": ({f"submitted/{name}": CODE for name in NBGRADER}, "ada", "bela"),
    "per student": (PER_STUDENT, "ada", "bela"),
    "wrapped per student": ({f"class/{name}": CODE for name in PER_STUDENT}, "ada", "bela"),
    "Canvas": (CANVAS, "lovelaceada_12", "bartokbela_13"),
    "wrapped Canvas": ({f"submissions/{name}": CODE for name in CANVAS}, "lovelaceada_12", "bartokbela_13"),
    "Moodle": (MOODLE, "Ada Lovelace_12", "Béla Bartók_13"),
}
PACKED = ["folder", "zip", "tar", "tar.gz", "tar.bz2", "tar.xz"]


def taken(root: Path, files: dict[str, str | bytes]) -> Intake:
    return take_in(write(root / "class", files))


def by_name(intake: Intake) -> dict[str, list[str]]:
    """Units with a source, by student and assignment."""
    return {f"{each.student}/{each.assignment}": sorted(each.sources) for each in intake.submissions}


def problem(intake: Intake, student: str = "ada", unit: str = "conv2d") -> str:
    found = [each.problems[unit] for each in intake.submissions if each.student == student and unit in each.problems]
    assert len(found) == 1, intake
    return found[0]


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_in_every_packing(tmp_path: Path, layout: str, packed: str) -> None:
    files, ada, bela = LAYOUTS[layout]
    root = tmp_path / f"class.{packed}"
    if packed == "folder":
        write(root, files)
    else:
        root.write_bytes(zipped(files) if packed == "zip" else tarred(files, packed.partition(".")[2]))
    intake = take_in(root)
    both = {f"{ada}/convolution": ["conv2d"], f"{ada}/recurrence": ["rnn"], f"{bela}/convolution": ["conv2d"]}
    assert by_name(intake) == both
    assert intake.ignored == ()


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("lovelaceada_12_345_homework.zip", "lovelaceada_12"),
        ("lovelaceada_LATE_12_345_home_work-1.zip", "lovelaceada_12"),
        ("Ada Lovelace_12_assignsubmission_file_/homework.zip", "Ada Lovelace_12"),
        ("ada/convolution/homework.zip", "ada"),
        ("ada.zip", "ada"),
        ("ada.lovelace.zip", "ada.lovelace"),
    ],
)
@pytest.mark.parametrize("inside", ["conv2d.py", "convolution/conv2d.py"])
@pytest.mark.parametrize("outer", [False, True])
def test_an_archive_per_student(tmp_path: Path, name: str, student: str, inside: str, outer: bool) -> None:
    """Also inside the archive that the platform makes of the whole class."""
    files = {name: zipped({inside: CODE, "__MACOSX/._conv2d.py": b"\0"}), "zoe/convolution/conv2d.py": CODE}
    if outer:
        root = tmp_path / "class.zip"
        root.write_bytes(zipped(files))
    else:
        root = write(tmp_path / "class", files)
    assert by_name(take_in(root)) == {f"{student}/convolution": ["conv2d"], "zoe/convolution": ["conv2d"]}


def test_an_archive_with_a_folder_around_it_all_is_still_its_student_s(tmp_path: Path) -> None:
    files = {"ada_12_345_hw.zip": zipped({"hw/convolution/conv2d.py": CODE}), "bela_13_346_conv2d.py": CODE}
    assert by_name(taken(tmp_path, files)) == {"ada_12/convolution": ["conv2d"], "bela_13/convolution": ["conv2d"]}


@pytest.mark.parametrize("folder", ["ada/convolution/", "ada/", "ada_1_2_"])
@pytest.mark.parametrize("name", ["conv2d.ipynb", "convolution.ipynb"])
def test_notebooks_by_unit_or_by_assignment(tmp_path: Path, folder: str, name: str) -> None:
    intake = taken(tmp_path, {folder + name: notebook("x = 1")})
    assert [each.assignment for each in intake.submissions if "conv2d" in each.notebooks] == ["convolution"]
    assert "x = 1" in intake.submissions[0].sources["conv2d"]


def test_a_file_counts_before_the_notebook_of_its_assignment(tmp_path: Path) -> None:
    """And the notebook of a unit before that of its assignment."""
    intake = taken(tmp_path, {"ada/convolution.ipynb": notebook("x = 2"), "ada/conv2d.py": CODE})
    assert intake.submissions[0].sources["conv2d"] == CODE
    assert "conv2d" not in intake.submissions[0].notebooks
    intake = taken(
        tmp_path / "2", {"ada/conv2d.ipynb": notebook("x = 3"), "ada/convolution/convolution.ipynb": notebook("")}
    )
    assert "x = 3" in intake.submissions[0].sources["conv2d"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"ada/convolution/conv2d.py": b"\xff\xfe"}, "not UTF-8 (byte 0)"),
        ({"ada/convolution/conv2d.py": "name = 'Zoë'".encode("latin-1")}, "save it as UTF-8"),
        ({"ada/convolution/conv2d.py": "x = '\0'"}, "null character"),
        ({"ada/convolution/conv2d.py": b"#" * ((1 << 20) + 1)}, "larger than 1 MiB"),
        ({"ada/convolution/conv2d.ipynb": b"{"}, "JSON is broken"),
        ({"ada/convolution/conv2d.ipynb": b"[]"}, "no cells"),
        ({"ada/convolution/homework.zip": b"PK\3\4"}, "broken archive"),
        ({"ada_1_2_homework.zip": b""}, "broken archive"),
        ({"ada.tar.gz": tarred(PER_STUDENT, "gz")[:100]}, "broken archive"),
        ({"ada/convolution/my_conv2d.py": CODE}, "my_conv2d.py cannot be graded: it is not a file of convolution"),
        ({"ada_1_2_homework.pdf": b"%PDF"}, "homework.pdf cannot be graded: it is not a file of convolution"),
        ({"ada/convolution/scratch.ipynb": notebook(CODE)}, "it is not a file of convolution"),
        ({"ada/convolution/notes.txt": b""}, "not a file of convolution"),
    ],
)
def test_what_cannot_be_graded_is_listed_and_the_rest_is_graded(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    intake = taken(tmp_path, {"bela/convolution/conv2d.py": CODE} | files)
    student = next(each.student for each in intake.submissions if each.student != "bela")
    assert student in ("ada", "ada_1")
    assert said in problem(intake, student)
    assert intake.submissions[-1].sources == {"conv2d": CODE}


def test_what_is_beside_the_submissions_is_named_and_left_alone(tmp_path: Path) -> None:
    beside = {"grades.xlsx": "", "ada/astrology/stars.py": CODE, "ada/convolution/utils.py": CODE, "README.md": "",
              "ada/convolution/__pycache__/conv2d.pyc": "", ".git/config": "", "ada/notes/a/b.txt": ""}  # fmt: skip
    intake = taken(tmp_path, NBGRADER | beside)
    assert set(by_name(intake)) == {"ada/convolution", "ada/recurrence", "bela/convolution"}
    assert sorted(intake.ignored) == [
        "ada/astrology/stars.py: astrology is no assignment of this course",
        "ada/convolution/utils.py: not a file of convolution",
        "ada/notes/a/b.txt: a is no assignment of this course",
        "grades.xlsx: nothing says whose it is",
    ]


@pytest.mark.parametrize(
    ("files", "student"),
    [
        ({"ada/conv2d.py": CODE, "ada/convolution/conv2d.py": CODE}, "ada"),
        ({"ada_1_2_conv2d.py": CODE, "ada_1_3_conv2d-1.py": CODE}, "ada_1"),
        ({"ada/convolution/conv2d.py": CODE, "again/ada/convolution/conv2d.py": CODE}, "ada"),
        ({"ada/convolution/conv2d.py": CODE, "ada.zip": zipped({"conv2d.py": CODE})}, "ada"),
        ({"ada/convolution/conv2d.ipynb": notebook(CODE), "ada/conv2d.ipynb": notebook(CODE)}, "ada"),
        ({"ada/convolution.ipynb": notebook(CODE), "ada/convolution/convolution.ipynb": notebook(CODE)}, "ada"),
    ],
)
def test_handed_in_twice_is_nobody_s_guess(tmp_path: Path, files: dict[str, str], student: str) -> None:
    intake = taken(tmp_path, files)
    assert [each.sources for each in intake.submissions] == [{}]
    assert problem(intake, student).startswith("conv2d was handed in twice: ")
    assert all(name.split(".zip")[0] in problem(intake, student) for name in files)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_twice_under_one_name_in_one_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ada/conv2d.py", "a = 1")
        archive.writestr("ada/conv2d.py", "a = 2")
    assert "twice" in problem(take_in(tmp_path / "class.zip"))


@pytest.mark.parametrize(
    "student",
    ["a\nb", "=cmd|' C calc'!A0", "-rf", "%s%n", "😀 Zoë 数", "a;rm -rf ~", "$(id)", "<b>", "a\x1b[2J", "x" * 200,
     "{{7*7}}", "s p a c e ", "Con", "convolution2", "a_1_2_b", "nul\u202e"],
)  # fmt: skip
def test_ids_are_data(tmp_path: Path, student: str) -> None:
    root = tmp_path / "class.zip"
    root.write_bytes(zipped({f"{student}/convolution/conv2d.py": CODE}))
    assert by_name(take_in(root)) == {f"{student}/convolution": ["conv2d"]}


@pytest.mark.parametrize("student", ["..", "x" * 201, "é" * 101, "grades.csv", "Grades.CSV"])
def test_ids_that_no_folder_can_have_are_named(tmp_path: Path, student: str) -> None:
    root = tmp_path / "class.zip"
    root.write_bytes(zipped({f"{student}/convolution/conv2d.py": CODE, "bela/convolution/conv2d.py": CODE}))
    intake = take_in(root)
    assert by_name(intake) == {"bela/convolution": ["conv2d"]}
    assert len(intake.ignored) == 1


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/class/z\xeb/convolution"
    os.makedirs(folder)
    for name in (b"conv2d.py", b"n\xff.txt"):
        with open(folder + b"/" + name, "wb") as file:
            file.write(CODE.encode())
    intake = take_in(tmp_path / "class")
    assert by_name(intake) == {r"z\udceb/convolution": ["conv2d"]}
    assert intake.ignored == (r"z\udceb/convolution/n\udcff.txt: not a file of convolution",)


def test_links_and_pipes_cost_their_student_only(tmp_path: Path) -> None:
    root = write(tmp_path / "class", NBGRADER | {"carl/convolution/x.txt": "", "dora/convolution/x.txt": ""})
    os.mkfifo(root / "carl/convolution/conv2d.py")
    (root / "dora/convolution/conv2d.py").symlink_to("/etc/passwd")
    (root / "emil").symlink_to("ada")
    (root / "fay/x").mkdir(parents=True)
    (root / "fay/convolution").symlink_to("../ada/convolution")
    intake = take_in(root)
    assert "not a regular file" in problem(intake, "carl")
    for student in ("dora", "emil", "fay"):
        assert "symbolic link" in problem(intake, student)
    assert by_name(intake)["ada/convolution"] == ["conv2d"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_costs_its_student_only(tmp_path: Path) -> None:
    root = write(tmp_path / "class", NBGRADER)
    (root / "ada/convolution/conv2d.py").chmod(0)
    (root / "bela").chmod(0)
    try:
        intake = take_in(root)
    finally:
        (root / "bela").chmod(0o700)
    assert "Permission denied" in problem(intake, "ada")
    assert "Permission denied" in problem(intake, "bela")


@pytest.mark.parametrize(
    ("files", "path", "said"),
    [
        ({}, "nowhere", "there is no"),
        ({"x.txt": ""}, "x.txt", "is not a folder, and not"),
        ({"empty/.keep": ""}, "empty", "holds no submission"),
        ({"a/b/c/d.py": ""}, "a", "assignments: convolution"),
        ({"ada/convolution/conv2d.py": CODE}, "ada", "holds no submission"),
        ({"class.zip": b""}, "class.zip", "broken archive"),
        ({"class.tar.gz": tarred(NBGRADER, "gz")[:-20]}, "class.tar.gz", "unpack or download it again"),
        ({"class.tar": tarred(NBGRADER)[:1024]}, "class.tar", "its end is missing"),
    ],
)
def test_nothing_to_grade_is_said_in_a_sentence(tmp_path: Path, files: dict[str, str], path: str, said: str) -> None:
    write(tmp_path, files)
    with pytest.raises(UsageError) as error:
        take_in(tmp_path / path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


names = st.sampled_from(["ada", "convolution", "conv2d.py", "rnn.ipynb", "a.zip", "x.tar.gz", "ada_1_2_rnn.py", "..",
                         "\n", "Zoë_1_assignsubmission_file_", "x" * 90, "=1", ".x", "é"])  # fmt: skip
contents = st.one_of(
    st.binary(max_size=50),
    st.sampled_from([zipped(NBGRADER), tarred(PER_STUDENT, "gz"), tarred(CANVAS), notebook("x")]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.dictionaries(st.lists(names, min_size=1, max_size=4).map("/".join), contents, max_size=5))
def test_intake_of_anything_raises_nothing_but_usage_errors(tmp_path: Path, files: dict[str, bytes]) -> None:
    root = tmp_path / "class.zip"
    root.write_bytes(zipped(files))
    try:
        intake = take_in(root)
    except UsageError:
        return
    for each in intake.submissions:
        assert set(each.sources) | set(each.problems)
        assert not set(each.sources) & set(each.problems)
        assert len(each.student.encode()) <= submission.MAX_NAME
