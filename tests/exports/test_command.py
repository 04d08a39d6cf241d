"""`handgrad export` as typed: who is missing, what is refused, and that nothing is left half-written."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from command import Command
from exported import CLASS, RIGHT, conv2d, result, store

from autograder.errors import UsageError
from autograder.exports import bundle, command, writing
from autograder.exports import wheel as wheels
from autograder.exports.formats import FORMATS
from autograder.exports.roster import join, read_roster

GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,convolution (678),Lab (9)\n"
    "    Points Possible,,,,,10,1\n"
    '"Lovelace, Ada",11,s-1,ada,A,,1\n'
    '"Stranger, X",13,,stranger,A,,1\n'
    '"Bartók, Béla",12,s-2,b.bartok@example.org,A,,0\n'
)
WORKSHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (grade),Feedback comments\n"
    "Participant 12,Béla Bartók,b@example.org,Submitted,,100.00,Yes,-,\n"
    "Participant 11,Ada Lovelace,a@example.org,Submitted,,100.00,Yes,-,\n"
    "Participant 13,Nobody,n@example.org,No submission,,100.00,Yes,-,\n"
)


@pytest.fixture
def handgrad(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command, in a folder with results of Ada and Béla as a download names them, and rosters."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    store(tmp_path / "results", (result("ada", conv2d(RIGHT)), result("bartokbela_12", conv2d(RIGHT, hidden=False))))
    store(tmp_path / "class")
    (tmp_path / "gradebook.csv").write_text(GRADEBOOK, encoding="utf-8")
    (tmp_path / "worksheet.csv").write_text(WORKSHEET, encoding="utf-8")
    return Command(capsys, monkeypatch)


def test_a_gradebook_of_canvas_gives_ids_and_its_own_header(handgrad: Command) -> None:
    ended = handgrad("export", "canvas", "results", "--out", "grades.csv", "--roster", "gradebook.csv")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.splitlines() == [
        "wrote grades.csv: 2 results of 2 students",
        "in the roster, without a result (1): stranger",
    ]
    assert Path("grades.csv").read_text(encoding="utf-8").splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,convolution (678)",
        "    Points Possible,,,,,10.00",
        '"Bartók, Béla",12,s-2,b.bartok@example.org,A,7.00',
        '"Lovelace, Ada",11,s-1,ada,A,10.00',
        '"Stranger, X",13,,stranger,A,',
    ]


def test_a_worksheet_of_moodle_is_filled_in(handgrad: Command) -> None:
    Path("results/ada").rename("results/lovelace_11")
    stored = Path("results/lovelace_11/convolution.json")
    stored.write_text(stored.read_text().replace('"student": "ada"', '"student": "lovelace_11"'))
    ended = handgrad("export", "moodle", "results", "--out", "filled.csv", "--roster", "worksheet.csv")
    assert ended.code == 0
    assert "Moodle's maximum grade is 100.00, and the assignment has 10 points: set it to 10 in Moodle" in ended.err
    lines = Path("filled.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == WORKSHEET.splitlines()[0].lstrip("\ufeff")
    assert lines[1] == "Participant 12,Béla Bartók,b@example.org,Submitted,7.00,100.00,Yes,-,7 of 10 points"
    assert lines[2].split(",")[4] == "10.00"
    assert lines[3] == WORKSHEET.splitlines()[3]


def test_who_is_missing_is_listed_and_nobody_is_dropped_or_made_up(handgrad: Command) -> None:
    Path("roster.csv").write_text("student,name\nada,Ada\nemil,Emil\n")
    ended = handgrad("export", "nbgrader", "class", "--out", "grades.csv", "--roster", "roster.csv")
    assert ended.code == 1
    assert "in the roster, without a result (1): emil" in ended.err
    assert "NOT in the roster, with a result (4): =cmd|'calc'!A0, bela, dora, zoe" in ended.err
    assert "the grader failed on dora/convolution: no score is given for these; grade again" in ended.err
    assert len(Path("grades.csv").read_text().splitlines()) == 1 + len(CLASS) + 1


def test_many_files_go_into_a_folder_or_an_archive(handgrad: Command) -> None:
    assert handgrad("export", "gradescope", "results", "--out", "folder").code == 0
    assert handgrad("export", "gradescope", "results", "--out", "all.zip").code == 0
    with zipfile.ZipFile("all.zip") as archive:
        for name in archive.namelist():
            assert archive.read(name) == Path("folder", name).read_bytes()
        assert archive.namelist() == ["ada/convolution/results.json", "bartokbela_12/convolution/results.json"]
    ended = handgrad("export", "gradescope", "results", "--out", "folder")
    assert (ended.code, ended.line.split(";")[0]) == (2, "folder is there already")
    ended = handgrad("export", "gradescope", "results", "--out", "one.json")
    assert (ended.code, ended.line) == (2, "these are 2 files, and one.json is one; give a folder or a .zip")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("word", "results"), "there is no format 'word'; there are: gradescope, canvas, moodle, classroom50, "),
        (("canvas", "nowhere"), "nowhere does not exist; `handgrad grade SUBMISSIONS --out nowhere` makes them"),
        (("canvas", "gradebook.csv"), "gradebook.csv is no folder of results; "),
        (("canvas", "empty"), "empty holds no results; "),
        (("canvas", "damaged"), "damaged/ada/convolution.json is not a result of handgrad ("),
        (("canvas", "moved"), "moved/bela/convolution.json is the result of ada/convolution; it has been moved"),
        (("canvas", "results", "--roster", "nowhere.csv"), "cannot read the roster nowhere.csv: No such file"),
        (("canvas", "results", "--assignment", "x=Lab (9)"), "no result is called 'x'; there are: convolution, and"),
        (("moodle", "results"), "moodle needs --roster: the grading worksheet downloaded from Moodle"),
        (("junit", "results", "--assignment", "convnets"), "there is no result of it; there are: convolution"),
        (("junit",), "of which results? handgrad export junit RESULTS --out out"),
        (("classroom50", "results"), "classroom50 needs the environment variable CLASSROOM"),
        (("gradescope-autograder", "results"), "gradescope-autograder is a grader: it takes no results and no roster"),
        (("gradescope-autograder",), "out: a grader is a .zip archive"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line_and_leaves_nothing(
    handgrad: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.delenv("CLASSROOM", raising=False)
    Path("empty").mkdir()
    for folder, student in (("damaged", "ada"), ("moved", "bela")):
        Path(folder, student).mkdir(parents=True)
    Path("damaged/ada/convolution.json").write_text('{"student": "ada"')
    Path("moved/bela/convolution.json").write_bytes(Path("results/ada/convolution.json").read_bytes())
    before = sorted(os.listdir())
    ended = handgrad("export", *arguments, "--out", "out")
    assert (ended.code, said in ended.line) == (2, True), ended.err
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        ("", "is empty; its first line should be a header such as student,name,email"),
        ("name,email\nAda,a@b\n", "the header has no column 'student'; columns are: student, name"),
        ("student,cavnas_id\nada,1\n", "has a column 'cavnas_id', which means nothing here"),
        ("student,name,name\nada,A,B\n", "the header has 'name' twice"),
        ("student,name\nada,A\nbela\n", "line 3: 1 cells, but the header has 2"),
        ("student,name\nada,A\n\nada,B\n", "line 4: ada is in line 2 already"),
        ("student,name\n,A\n", "line 2: nothing says who this is"),
        ("student,name\n", "has a header and nobody below it"),
        ("student,name\nada,\xe9\n", "is not UTF-8 (byte 17): save it as CSV UTF-8"),
        ("student,name\nada,\0\n", "is not a table of people"),
    ],
)
def test_a_roster_that_is_none_says_where(tmp_path: Path, roster: str, said: str) -> None:
    (tmp_path / "roster.csv").write_bytes(roster.encode("latin-1"))
    with pytest.raises(UsageError) as error:
        read_roster(tmp_path / "roster.csv")
    assert said in str(error.value)


def test_people_are_found_by_any_of_their_names_and_never_by_two(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id;first_name;last_name\nada;Ada;Lovelace\n")  # as Excel writes it
    joined = join(["ada", "zoe"], read_roster(tmp_path / "roster.csv"))
    assert (joined.people["ada"].get("last_name"), joined.unknown) == ("Lovelace", ("zoe",))
    (tmp_path / "roster.csv").write_text(GRADEBOOK.replace("s-2", "ada"))
    with pytest.raises(UsageError, match=r"ada may be ada or b\.bartok@example\.org"):
        join(["ada"], read_roster(tmp_path / "roster.csv"))
    (tmp_path / "roster.csv").write_text(GRADEBOOK)
    with pytest.raises(UsageError, match="ada and lovelace_11 are both ada; rename or remove one"):
        join(["ada", "lovelace_11"], read_roster(tmp_path / "roster.csv"))


def test_a_failure_while_writing_leaves_what_was_there(handgrad: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    assert handgrad("export", "canvas", "results", "--out", "grades.csv").code == 0
    old, before = Path("grades.csv").read_bytes(), sorted(os.listdir())
    monkeypatch.setattr(writing.os, "replace", full)
    for name, out in (("canvas", "grades.csv"), ("gradescope", "folder"), ("gradescope", "all.zip")):
        ended = handgrad("export", name, "class", "--out", out)
        assert (ended.code, ended.line) == (3, "the system: No space left on device")
    assert (Path("grades.csv").read_bytes(), sorted(os.listdir())) == (old, before)


def test_names_of_students_cannot_leave_the_folder_or_collide(tmp_path: Path) -> None:
    students = ("..\\..\\x", "..\\..:x", "a\nb", "a\\x0ab")
    export, _ = command.gather(command.read_results(store(tmp_path, tuple(result(s, conv2d(RIGHT)) for s in students))),
                               command.Roster())  # fmt: skip
    (gradescope,) = (each for each in FORMATS if each.name == "gradescope")
    paths = list(gradescope.render(export))
    assert len(set(paths)) == len(students)
    assert not any("\\" in path or "\n" in path or ":" in path for path in paths)


@pytest.mark.parametrize("name", [each.name for each in FORMATS if each.grader])
def test_a_grader_s_archive_holds_what_its_system_asks_for(
    handgrad: Command, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Made with an empty wheel; tests/exports/test_graders.py runs them with a real one."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    Path("handgrad-1-py3-none-any.whl").write_bytes(b"")
    more = ("--wheel", "handgrad-1-py3-none-any.whl", "--unit", "convolution/conv2d")
    ended = handgrad("export", name, "--assignment", "convolution", "--out", "grader.zip", *more)
    assert ended.code == 0, ended.err
    assert "wrote grader.zip: convolution (conv2d)" in ended.err
    with zipfile.ZipFile("grader.zip") as archive:
        names = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
        settings = json.loads(next(archive.read(path) for path in names if path.endswith("handgrad.json")))
    assert (settings["units"], settings["hidden"]) == (["convolution/conv2d"], name != "classroom50-autograder")
    has_secret = any(path.endswith("secret") for path in names)
    assert has_secret == (name != "classroom50-autograder")
    expected = {
        "gradescope-autograder": {"setup.sh", "run_autograder"},
        "classroom50-autograder": {"autograder.py", "runtime.json"},
        "prairielearn-question": {
            "image/Dockerfile", "image/setup.sh", "questions/handgrad-convolution/info.json",
            "questions/handgrad-convolution/question.html", "questions/handgrad-convolution/tests/run_grader",
            "questions/handgrad-convolution/clientFilesQuestion/conv2d.py",
        },
    }[name]  # fmt: skip
    assert expected <= set(names)
    assert all(names[path] & 0o100 for path in names if path.endswith(("setup.sh", "run_autograder", "run_grader")))


def test_what_a_grader_cannot_be_made_of(handgrad: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(*more: str) -> str:
        ended = handgrad("export", "gradescope-autograder", "--out", "grader.zip", *more)
        assert ended.code in (2, 3)
        assert not Path("grader.zip").exists()
        return ended.line

    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    assert said().startswith("a grader is of one --assignment; there are: convolution, ")
    assert "there is no assignment 'x'" in said("--assignment", "x")
    one = ("--assignment", "convolution")
    assert "--unit 'x' is not of convolution, which has" in said(*one, "--unit", "x")
    assert "x.whl is no wheel of handgrad" in said(*one, "--wheel", "x.whl")
    assert "cannot read handgrad-2.whl: No such file" in said(*one, "--wheel", "handgrad-2.whl")
    monkeypatch.setattr(wheels, "REPO", Path("nowhere"))
    assert "this handgrad is no checkout, from which a wheel could be built: give the wheel" in said(*one)
    monkeypatch.setattr(wheels, "REPO", Path(bundle.__file__).parents[2])
    monkeypatch.setattr(wheels, "PARTS", ("LICENSE",))
    assert "the wheel of handgrad could not be built: " in said(*one)
