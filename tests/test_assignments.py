"""The teacher's side with real nbgrader: hand out, take in, grade, give feedback.

Grading runs notebooks. To keep that short, lessons are cut down here to their exercises and to the
cells that these need; lesson 00 is graded once as a whole as well.
"""

from __future__ import annotations

import ast
import builtins
import copy
import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time

import nbformat
import pytest
from conftest import ROOT
from test_links import SHARED, complaints
from test_release import leaks, text

from hebblite.classroom.commands import main, parser
from hebblite.classroom.feedback import hide_tests
from hebblite.classroom.make import assignment
from hebblite.classroom.settings import CONFIG, LESSON, SECONDS, configure

pytestmark = pytest.mark.grading
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("[0-9][0-9]_*.ipynb"))
V4 = nbformat.v4


@pytest.fixture(scope="module", autouse=True)
def environment():
    """Grading sets variables for the kernels that it starts; other tests must not see them."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


# ---------------------------------------------------------------------- making submissions


def read(path):
    return nbformat.read(path, as_version=4)


def lesson(name):
    return read(ROOT / "solutions" / f"{name}.ipynb")


def names(source):
    """The names that a cell defines, and those that it uses."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    defined = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    defined |= {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            defined |= {(a.asname or a.name).split(".")[0] for a in node.names}
    used = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return defined, used - set(dir(builtins))


def exercises_only(notebook):
    """The exercises, and backwards from them every cell that defines a name which they use."""
    kept, wanted = [], set()
    for cell in reversed(notebook.cells):
        if cell.cell_type != "code":
            continue
        defined, used = names(cell.source)
        if "nbgrader" in cell.metadata or defined & wanted:
            wanted = (wanted - defined) | used
            kept.append(cell)
    short = copy.deepcopy(notebook)
    short.cells = copy.deepcopy(kept[::-1])
    return short


def of_kind(notebook, kind):
    """The cells that nbgrader knows as ``solution`` or ``grade``, by their names."""
    cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get(kind)]
    return {c.metadata.nbgrader.grade_id: c for c in cells}


def exercises(notebook):
    """For each exercise: the names of its solution cells, and of the tests that follow them."""
    groups, before = [], "tests"
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        kind = "solution" if marks.get("solution") else "tests" if marks.get("grade") else None
        if kind is None:
            continue
        if kind == "solution" and before == "tests":
            groups.append(([], []))
        groups[-1][kind == "tests"].append(marks.grade_id)
        before = kind
    return groups


def solve(released, source, which=None):
    """A learner's copy with the right answers in the exercises ``which`` (of ``exercises``)."""
    copy_, answers = copy.deepcopy(released), of_kind(source, "solution")
    for number, (cells, _) in enumerate(exercises(source)):
        if which is None or number in which:
            for name in cells:
                of_kind(copy_, "solution")[name].source = answers[name].source
    return copy_


def points(notebook, which=None):
    """What the exercises ``which`` are worth together."""
    tests = of_kind(notebook, "grade")
    return sum(
        tests[name].metadata.nbgrader.points
        for number, (_, group) in enumerate(exercises(notebook))
        if which is None or number in which
        for name in group
    )


def hand_in(folder, name, submissions):
    """Put notebooks, by student, into an inbox, and collect them."""
    inbox = folder.parent / f"{folder.name}-inbox"
    inbox.mkdir(exist_ok=True)
    for student, notebook in submissions.items():
        nbformat.write(notebook, inbox / f"{student}.ipynb")
    assert main(["collect", str(folder), name, str(inbox)]) == 0


def table(printed):
    """The marks that ``grade`` prints: {student: {column: points}}."""
    lines = printed.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("student "))
    header = re.split(r"\s{2,}", lines[start])
    rows = {}
    for line in lines[start + 1 :]:
        if line.startswith("Feedback"):
            break
        student, *values = re.split(r"\s{2,}", line)
        rows[student] = dict(zip(header[1:], map(float, values), strict=True))
    return rows


def feedback(folder, name, student):
    """The feedback page, and what a reader of it sees."""
    page = (folder / "feedback" / student / name / f"{name}.html").read_text()
    return page, re.sub(r"<[^>]+>", "", page)


# ---------------------------------------------------------------------- the lessons


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A course with every lesson as it is."""
    folder = tmp_path_factory.mktemp("whole") / "course"
    assert main(["make", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_handed_out_is_the_learners_copy_and_leaks_nothing(whole, name):
    released = read(whole / "release" / name / f"{name}.ipynb")
    assert leaks(lesson(name), released) == []
    ours = [cell[:3] for cell in text(read(ROOT / "course" / f"{name}.ipynb"))]
    assert [cell[:3] for cell in text(released)] == ours
    source = read(whole / "source" / name / f"{name}.ipynb")
    assert any("BEGIN HIDDEN TESTS" in cell.source for cell in source.cells)
    assert not [c for c in source.cells if "model-answer" in c.metadata.get("tags", [])]
    assert not [c for c in source.cells if c.get("outputs")]
    for cell in of_kind(released, "grade").values():
        assert cell.metadata.deletable is False and cell.metadata.editable is False
    # The shared pages are with it; other lessons are handed out on their own.
    dead = complaints(whole / "release" / name / f"{name}.ipynb")
    assert [link for link in dead if not LESSON.match(link)] == []
    assert {page.name for page in (whole / "release" / name).iterdir()} >= {*SHARED}


def test_a_whole_lesson_solved_gets_full_marks(whole, capsys):
    name = "00_start"
    released = read(whole / "release" / name / f"{name}.ipynb")
    hand_in(whole, name, {"ada": solve(released, lesson(name))})
    assert main(["grade", str(whole), name]) == 0
    assert table(capsys.readouterr().out)["ada"]["sum"] == points(lesson(name)) > 0
    graded = read(whole / "autograded" / "ada" / name / f"{name}.ipynb")
    outputs = [out for cell in graded.cells for out in cell.get("outputs", [])]
    assert outputs and not [out for out in outputs if out.output_type == "error"]


@pytest.mark.parametrize("name", LESSONS)
def test_marks_and_feedback_of_a_lesson(name, tmp_path, capsys):
    """Two students share the exercises: each solves what the other leaves as it was."""
    source = exercises_only(lesson(name))
    groups = exercises(source)
    (tmp_path / "solutions").mkdir()
    nbformat.write(source, tmp_path / "solutions" / f"{name}.ipynb")
    folder = tmp_path / "course"
    assert main(["make", str(folder), "--solutions", str(tmp_path / "solutions")]) == 0
    released = read(folder / "release" / name / f"{name}.ipynb")
    solved = {student: set(range(first, len(groups), 2)) for first, student in enumerate("ab")}
    students = {student: solve(released, source, which) for student, which in solved.items()}
    hand_in(folder, name, students)
    assert main(["grade", str(folder), name]) == 0
    marks = table(capsys.readouterr().out)
    assert marks["out of"]["sum"] == points(source) > 0
    tests = of_kind(source, "grade")
    for student, which in solved.items():
        assert marks[student]["sum"] == points(source, which)
        page, seen = feedback(folder, name, student)
        assert "HIDDEN TESTS" not in page
        left, seen_checks = set(range(len(groups))) - which, 0
        for number, (_, cells) in enumerate(groups):
            text = "\n".join(tests[cell].source for cell in cells)
            checked = re.findall(r'(?:check|prove)\("((?:\d\d|T\d+)\.\d+)",.*grading=True', text)
            seen_checks += len(checked)  # (a report has none)
            for exercise in checked:
                assert (f"AssertionError: {exercise}: " in seen) == (number in left)
        assert seen_checks, "no check in the hidden tests"
        theirs = "\n".join(cell.source for cell in students[student].cells)
        hidden = [line for line in secret_lines(source, left) if line in seen]
        assert [line for line in hidden if line not in theirs] == []


def secret_lines(source, which):
    """The lines of the answers to these exercises, and of their hidden tests, that are long enough
    to tell something."""
    groups = exercises(source)
    wanted = {name for number in which for cells in groups[number] for name in cells}
    found = []
    for cell in source.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in wanted:
            inside = re.findall(
                r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END", cell.source, re.DOTALL
            )
            found += [line.strip() for part in inside for line in part.splitlines()]
    public = "\n".join(
        re.sub(r"### BEGIN.*?### END", "", c.source, flags=re.S) for c in source.cells
    )
    return [line for line in found if len(line) > 12 and line not in public]


# ---------------------------------------------------------------------- every kind of submission


def marked(source, name, points=0):
    """A solution cell, or with ``points`` a cell of tests."""
    cell = V4.new_code_cell(source, id=name)
    cell.metadata["nbgrader"] = {
        "grade": bool(points), "solution": not points, "locked": bool(points),
        "grade_id": name, "schema_version": 3, "task": False,
    } | ({"points": points} if points else {})  # fmt: skip
    return cell


PARTS = [
    marked(
        "def relu(v):\n    ### BEGIN SOLUTION\n    answer = np.maximum(v, 0)\n"
        "    ### END SOLUTION\n    return answer",
        "relu",
    ),
    # Partial credit inside an exercise: several cells of tests, each with its points ...
    marked("### BEGIN HIDDEN TESTS\nassert relu(3.0) == 3\n### END HIDDEN TESTS", "relu-up", 1),
    marked("### BEGIN HIDDEN TESTS\nassert relu(-3.0) == 0\n### END HIDDEN TESTS", "relu-down", 2),
    # ... or one cell whose last line is the number of points.
    marked(
        "### BEGIN HIDDEN TESTS\nfloat(sum(relu(v) == max(v, 0.0) for v in (1.0, 2.0, -1.0)))\n"
        "### END HIDDEN TESTS",
        "relu-count",
        3,
    ),
]
RULE = "def my_update(post, pre):\n    return "
SUBMISSIONS = {  # what they wrote into the two exercises; points; what the feedback says
    "solved": (RULE + "np.diff(post, axis=0).T @ pre[:-1]", "relu = lambda v: max(v, 0.0)", 8, ""),
    "untouched": (None, None, 0, "00.1: not solved yet"),
    "second": (None, "relu = lambda v: max(v, 0.0)", 6, "00.1: not solved yet"),
    "sign": (RULE + "-np.diff(post, axis=0).T @ pre[:-1]", None, 0, "00.1: "),
    "partly": (RULE + "np.diff(post, axis=0).T @ pre[:-1]", "relu = abs", 5, "further test"),
    "raises": ("1 / 0", "relu = lambda v: max(v, 0.0)", 6, "ZeroDivisionError"),
    "syntax": ("def my_update(:", "relu = lambda v: max(v, 0.0)", 6, "SyntaxError"),
    "loop": (RULE + "time.sleep(99)", "relu = lambda v: max(v, 0.0)", 6, "it had not finished"),
    "hangs": ("import time\nwhile True:\n    time.sleep(0.1)", "relu = lambda v: max(v, 0.0)", 6,
              "CellTimeoutError"),
    "warns": ("import warnings\n" + RULE + "np.diff(post, axis=0).T @ pre[:-1]",
              "relu = lambda v: warnings.warn('slow') or max(v, 0.0)", 8, ""),
    "reference": ("from hebblite.teaching.exercises import find\n"
                  "my_update = find('00.1').reference",
                  "relu = lambda v: max(v, 0.0)", 6, "the course's own answer"),
    "cheat": ("check = lambda *given, **named: None\n" + RULE + "post[1:].T @ pre[:-1]",
              "relu = lambda v: max(v, 0.0)", 6, "further test"),
}  # fmt: skip
TIMEOUT = 12  # above the 5 seconds that a check gives an answer


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Lesson 00 with a second exercise, all of SUBMISSIONS, one without its tests, one that was
    split, and two that cannot be graded. It is graded as on a machine that takes ``assert`` out of
    Python and whose console knows ASCII only.

    Returns (folder, exit code, marks, what was said on stderr, and on stdout)."""
    top, name = tmp_path_factory.mktemp("graded"), "00_start"
    folder, solutions = top / "course", top / "solutions"
    source = exercises_only(lesson(name))
    source.cells[0].source += "\nimport time"
    source.cells += copy.deepcopy(PARTS)
    solutions.mkdir()
    nbformat.write(source, solutions / f"{name}.ipynb")
    assert main(["make", str(folder), name, "--solutions", str(solutions)]) == 0
    with (folder / CONFIG).open("a") as config:  # a teacher's own setting
        config.write(f"\nc.ExecutePreprocessor.timeout = {TIMEOUT}\n")
    released = read(folder / "release" / name / f"{name}.ipynb")
    submissions = {}
    for student, (rule, relu, _, _) in SUBMISSIONS.items():
        notebook = copy.deepcopy(released)
        cells = of_kind(notebook, "solution")
        cells["exercise-00-1"].source = rule or cells["exercise-00-1"].source
        cells["relu"].source = relu or cells["relu"].source
        submissions[student] = notebook
    tests_gone = solve(released, source)
    tests_gone.cells = [c for c in tests_gone.cells if "relu-" not in str(c.metadata)]
    killer = solve(released, source)
    killer.cells[0].source += "\nimport os\nos._exit(1)"
    more = {"tests-gone": tests_gone, "killer": killer, "Zoë": split(solve(released, source))}
    hand_in(folder, name, submissions | more)
    broken = folder / "submitted" / "torn" / name / f"{name}.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text('{"cells": [')
    command = [sys.executable, "-O", "-m", "hebblite.assignments", "grade", str(folder), name]
    poor = os.environ | {"PYTHONOPTIMIZE": "1", "PYTHONIOENCODING": "ascii"}
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=poor
    )
    return folder, run.returncode, table(run.stdout), run.stderr, run.stdout


def split(notebook):
    """The first answer cut in two, as JupyterLab does it: both halves carry its mark."""
    index = next(
        i
        for i, c in enumerate(notebook.cells)
        if c is of_kind(notebook, "solution")["exercise-00-1"]
    )
    above, below = copy.deepcopy(notebook.cells[index]), notebook.cells[index]
    lines = below.source.splitlines(keepends=True)
    above.source, above.id = "".join(lines[:2]), "new"
    below.source = "".join(lines[2:])
    notebook.cells.insert(index, above)
    return notebook


@pytest.mark.parametrize("student", SUBMISSIONS)
def test_every_submission_is_graded(graded, student):
    folder, _, marks, *_ = graded
    _, _, expected, said = SUBMISSIONS[student]
    assert marks["out of"]["sum"] == 8
    assert marks[student]["sum"] == expected
    page, seen = feedback(folder, "00_start", student)
    assert said in seen and "HIDDEN TESTS" not in page
    assert "20_261" not in seen and "relu(-3.0)" not in seen, "shows the hidden tests"


def test_parts_of_an_exercise_have_their_own_points(graded):
    marks = graded[2]["partly"]
    assert (marks["relu-up"], marks["relu-down"], marks["relu-count"]) == (1, 0, 2)


def test_feedback_names_the_likely_mistake(graded):
    _, seen = feedback(graded[0], "00_start", "sign")
    assert re.search(r"AssertionError: 00\.1: .*(sign|falls|wrong way)", seen)


def test_deleted_tests_are_put_back(graded):
    assert graded[2]["tests-gone"]["sum"] == 8


def test_what_cannot_be_graded_is_said_and_stops_nobody(graded):
    folder, code, marks, said, _ = graded
    assert code == 1
    assert set(marks) == {*SUBMISSIONS, "tests-gone", "Zo\\xeb", "out of"}
    lines = [line for line in said.splitlines() if "could not be graded" in line]
    assert sorted(line.split(":")[0] for line in lines) == ["killer", "torn"]
    assert "Kernel died" in lines[0] and "JSON" in lines[1]
    assert "Traceback" not in said
    assert not (folder / "feedback" / "torn").exists()


def test_a_split_answer_counts_and_it_is_said_that_it_was_put_together(graded):
    folder, _, marks, _, printed = graded
    assert marks["Zo\\xeb"]["sum"] == 8, "an ASCII console cannot print ë"
    note = "exercise-00-1: put together from 2 cells, as it had been split"
    assert f"  Zo\\xeb: {note}" in printed.splitlines()
    assert note in feedback(folder, "00_start", "Zoë")[1]
    assert "  tests-gone: relu-up: they were gone and were put back" in printed.splitlines()
    assert "solved" not in printed[printed.index("Put in order") :]


def test_nbgraders_own_commands_work_in_the_folder(graded):
    folder = graded[0]

    def nbgrader(*arguments):
        command = [sys.executable, "-m", "nbgrader", *arguments]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return run.stdout + run.stderr

    nbgrader("export", "--to", "marks.csv")
    rows = list(csv.DictReader((folder / "marks.csv").open()))
    assert {r["student_id"]: float(r["score"]) for r in rows}["partly"] == 5
    nbgrader("generate_feedback", "00_start", "--student", "untouched", "--force")
    page, _ = feedback(folder, "00_start", "untouched")
    assert "HIDDEN TESTS" not in page


def test_nothing_is_graded_twice_unless_asked_for(graded, capsys):
    folder = graded[0]
    path = folder / "autograded" / "solved" / "00_start" / "00_start.ipynb"
    before = path.stat().st_mtime_ns
    assert main(["grade", str(folder), "00_start", "solved"]) == 0
    assert path.stat().st_mtime_ns == before
    assert table(capsys.readouterr().out)["solved"]["sum"] == 8
    assert main(["grade", str(folder), "00_start", "solved", "--again"]) == 0
    assert path.stat().st_mtime_ns > before


def test_a_run_that_was_killed_is_gone_on_with(made, capsys):
    """Killed in the middle of a submission, it must not leave that student with no points."""
    folder, _ = made
    name = "00_start"
    solved = solve(read(folder / "release" / name / f"{name}.ipynb"), lesson(name))
    solved.cells.insert(0, V4.new_code_cell("import time; time.sleep(3)"))
    hand_in(folder, name, {"ada": solved})
    command = [sys.executable, "-m", "hebblite.assignments", "grade", str(folder), name]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    started = folder / "autograded" / "ada" / name / f"{name}.ipynb"
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    run.kill()
    run.wait()
    assert started.exists() and not (folder / "feedback").exists()
    assert main(["grade", str(folder), name]) == 0
    assert table(capsys.readouterr().out)["ada"]["sum"] == points(lesson(name))


def test_an_interrupt_ends_the_run(made, monkeypatch, capsys):
    """nbgrader reports Ctrl-C as a submission that failed; the others must not be run then."""
    from nbgrader.apps import NbGraderAPI

    folder, _ = made
    released = read(folder / "release" / "00_start" / "00_start.ipynb")
    hand_in(folder, "00_start", {"ada": released, "bob": released})
    seen = []

    def interrupted(self, name, student, **_):
        seen.append(student)
        return {"success": False, "error": "Traceback ...\nKeyboardInterrupt\n"}

    monkeypatch.setattr(NbGraderAPI, "autograde", interrupted)
    assert main(["grade", str(folder), "00_start"]) == 130
    assert seen == ["ada"] and "goes on" in capsys.readouterr().err


def test_without_nbgrader_the_extra_is_named(made, monkeypatch, capsys):
    folder, _ = made
    hand_in(folder, "00_start", {"ada": read(folder / "release" / "00_start" / "00_start.ipynb")})
    monkeypatch.setitem(sys.modules, "nbgrader.apps", None)
    assert "hebblite[instructor]" in refused(capsys, folder, "grade", folder, "00_start")


# ---------------------------------------------------------------------- nothing is overwritten


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A new course with a short lesson 00."""
    top = tmp_path_factory.mktemp("short")
    (top / "solutions").mkdir()
    nbformat.write(exercises_only(lesson("00_start")), top / "solutions" / "00_start.ipynb")
    nbformat.write(V4.new_notebook(), top / "solutions" / "notation.ipynb")  # no lesson
    assert main(["make", str(top / "course"), "--solutions", str(top / "solutions")]) == 0
    return top


@pytest.fixture
def made(short, tmp_path):
    """A copy of that course: (folder, solutions)."""
    shutil.copytree(short, tmp_path, dirs_exist_ok=True)
    return tmp_path / "course", tmp_path / "solutions"


def everything(folder):
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def refused(capsys, folder, *command):
    """The message of a refusal, which changes nothing."""
    before = everything(folder)
    capsys.readouterr()
    assert main([*map(str, command)]) == 2
    assert everything(folder) == before
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Traceback" not in said
    return said


def test_making_twice_changes_nothing(made, capsys):
    folder, solutions = made
    assert [p.name for p in (folder / "source").iterdir()] == ["00_start"]
    before = everything(folder)
    assert main(["make", str(folder), "--solutions", str(solutions)]) == 0
    assert "there already" in capsys.readouterr().out
    assert everything(folder) == before


def test_an_interrupted_make_is_taken_up(made):
    folder, solutions = made
    before = {p.name for p in everything(folder)}
    shutil.rmtree(folder / "release" / "00_start")
    assert main(["make", str(folder), "--solutions", str(solutions)]) == 0
    assert {p.name for p in everything(folder)} == before


def test_a_teachers_edits_are_kept(made, capsys):
    folder, solutions = made
    source = folder / "source" / "00_start" / "00_start.ipynb"
    notebook = read(source)
    notebook.cells[-1].source += "\n# my own test"
    nbformat.write(notebook, source)
    said = refused(capsys, folder, "make", folder, "--solutions", solutions)
    assert "differs" in said and "generate_assignment 00_start --force" in said
    source.write_text('{"cells": [')  # not finished, and theirs all the same
    assert "differs" in refused(capsys, folder, "make", folder, "--solutions", solutions)


def test_a_folder_with_something_else_is_refused(tmp_path, capsys):
    full = tmp_path / "thesis"
    full.mkdir()
    (full / "chapter.txt").write_text("years of work")
    assert "has files" in refused(capsys, full, "make", full)
    assert "is a file" in refused(capsys, full, "make", full / "chapter.txt")
    (full / CONFIG).write_text("c = get_config()\n")
    assert "of its own" in refused(capsys, full, "make", full)


def test_bad_names_are_refused(made, tmp_path, capsys):
    folder, solutions = made
    said = refused(capsys, folder, "make", folder, "99_none")
    assert "'99_none'" in said and "00_start" in said
    assert "without lessons" in refused(capsys, folder, "make", folder, "--solutions", tmp_path)
    assert "one that was made: 00_start" in refused(capsys, folder, "grade", folder, "notation")
    assert "make FOLDER" in refused(capsys, folder, "grade", solutions, "00_start")
    assert "without submissions" in refused(capsys, folder, "grade", folder, "00_start")
    (folder / CONFIG).write_text("import hebblite.assignments\nraise RuntimeError('my mistake')")
    (folder / "submitted" / "ada" / "00_start").mkdir(parents=True)
    assert "my mistake" in refused(capsys, folder, "grade", folder, "00_start")
    assert "'eve'" in refused(capsys, folder, "grade", folder, "00_start", "eve")


def test_collecting(made, tmp_path, capsys):
    folder, _ = made
    released = folder / "release" / "00_start" / "00_start.ipynb"
    inbox = tmp_path / "inbox"
    assert "STUDENT.ipynb" in refused(capsys, folder, "collect", folder, "00_start", inbox)
    inbox.mkdir()
    assert "without notebooks" in refused(capsys, folder, "collect", folder, "00_start", inbox)
    (inbox / "ada.ipynb").write_bytes(released.read_bytes())
    (inbox / "Bob Ross_17").mkdir()
    (inbox / "Bob Ross_17" / "00_start.ipynb").write_bytes(released.read_bytes())
    command = ["collect", str(folder), "00_start", str(inbox)]
    assert main(command) == 0 == main(command)
    assert "2 new" in (out := capsys.readouterr().out) and "2 there already" in out
    for student in ("ada", "Bob Ross_17"):
        place = folder / "submitted" / student / "00_start" / "00_start.ipynb"
        assert place.read_bytes() == released.read_bytes()
    (inbox / "ada.ipynb").write_bytes(released.read_bytes() + b"\n")
    (inbox / "zoe.ipynb").write_bytes(released.read_bytes())
    assert "ada twice" in refused(capsys, folder, *command)  # and zoe waits
    (inbox / "ada.ipynb").rename(inbox / "a+da.ipynb")
    assert "'a+da'" in refused(capsys, folder, *command)


def test_whatever_lies_in_submitted_is_graded_or_named(made, monkeypatch, capsys):
    """A teacher may fill the folder by hand. No notebook is run here."""
    from nbgrader.apps import NbGraderAPI

    folder, _ = made
    released = (folder / "release" / "00_start" / "00_start.ipynb").read_bytes()
    for place in (
        "ada/00_start/00_start.ipynb",
        "a+b/00_start/00_start.ipynb",
        "misnamed/00_start/00_Start.ipynb",
        "upper/00_START/00_start.ipynb",
        "high/00_start.ipynb",
        "file.ipynb",
        "other/01_spikes/01_spikes.ipynb",
        ".DS_Store",
    ):
        (folder / "submitted" / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / "submitted" / place).write_bytes(released)
    (folder / "submitted" / "empty" / "00_start").mkdir(parents=True)
    seen = []
    failed = {"success": False, "error": "SomeError: not run"}
    monkeypatch.setattr(
        NbGraderAPI, "autograde", lambda _, n, who, **more: seen.append(who) or failed
    )
    assert main(["grade", str(folder), "00_start"]) == 1
    said = capsys.readouterr().err
    assert seen == ["ada"]
    named = {line.split(": ")[0].removeprefix(f"{folder}/") for line in said.splitlines()}
    assert named >= {
        "ada", "a+b", "misnamed", "empty", "submitted/file.ipynb", "submitted/high/00_start.ipynb",
        "submitted/upper/00_START",
    }  # fmt: skip
    assert ".DS_Store" not in said and "01_spikes" not in said


def test_files_of_other_tools_go_through_nbgraders_own_steps(made, capsys):
    """All steps but the run itself, which is left out here."""
    folder, _ = made
    with (folder / CONFIG).open("a") as config:
        config.write(
            "\nc.Autograde.autograde_preprocessors = ["
            "'nbgrader.preprocessors.SaveAutoGrades', 'nbgrader.preprocessors.CheckCellMetadata']\n"
        )
    book = solve(read(folder / "release" / "00_start" / "00_start.ipynb"), lesson("00_start"))
    bare = copy.deepcopy(book)
    for cell in bare.cells:
        cell.metadata.clear()
        del cell["id"]
    files = {
        "bom": b"\xef\xbb\xbf" + nbformat.writes(book).replace("\n", "\r\n").encode(),
        "latin": nbformat.writes(book).encode() + b" " * 9,
        "wide": nbformat.writes(book).encode("utf-16"),
        "old": nbformat.writes(nbformat.convert(copy.deepcopy(book), 3), version=3).encode(),
        "bare": json.dumps(bare | {"nbformat_minor": 2, "metadata": {}}).encode(),
        "empty": json.dumps({"cells": []}).encode(),
        "split": nbformat.writes(split(copy.deepcopy(book))).encode(),
    }
    files["latin"] = files["latin"].replace(b"def my_update", b"# \xe9t\xe9\\ndef my_update")
    inbox = folder.parent / "inbox"
    inbox.mkdir()
    for student, content in files.items():
        (inbox / f"{student}.ipynb").write_bytes(content)
    assert main(["collect", str(folder), "00_start", str(inbox)]) == 0
    assert main(["grade", str(folder), "00_start"]) == 0
    printed = capsys.readouterr()
    assert {*table(printed.out)} == {*files, "out of"} and "could not" not in printed.err
    assert "latin: the file was not UTF-8" in printed.out and "right file?" in printed.out
    for student in {*files} - {"empty"}:
        graded = read(folder / "autograded" / student / "00_start" / "00_start.ipynb")
        assert "np.diff" in str(graded) or "post[1:] - post[:-1]" in str(graded)
        assert set(of_kind(graded, "grade")) == {"tests-00-1"}


def test_a_notebook_that_is_newer_than_its_marks_is_named(graded, capsys):
    folder = graded[0]
    path = folder / "submitted" / "warns" / "00_start" / "00_start.ipynb"
    os.utime(path)
    assert main(["grade", str(folder), "00_start", "warns"]) == 0
    assert "warns: the notebook is newer than its marks" in capsys.readouterr().err


def test_the_course_does_not_start_without_hebblite(made):
    """nbgrader ignores errors of its config file: then its feedback would show hidden tests."""
    folder, _ = made
    blocker = "import sys; sys.modules['hebblite'] = None; from nbgrader.apps.nbgraderapp import "
    command = [sys.executable, "-c", blocker + "main; main()", "generate_feedback", "00_start"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "environment of hebblite" in run.stderr


def test_grading_leaves_the_teachers_progress_alone(monkeypatch, tmp_path):
    from traitlets.config import Config

    monkeypatch.setenv("HEBBLITE_HOME", str(tmp_path))
    monkeypatch.setenv("HEBBLITE_GRADING", "1")
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    c = Config()
    configure(c)
    assert os.environ["HEBBLITE_HOME"] != str(tmp_path) and "HEBBLITE_GRADING" not in os.environ
    assert "PYTHONOPTIMIZE" not in os.environ
    assert c.ExecutePreprocessor.timeout == SECONDS


def test_feedback_keeps_what_students_wrote():
    """Only the tests are cut: an error in a student's own cell is shown in full."""
    error = V4.new_output("error", ename="ValueError", evalue="", traceback=["line 1", "line 2"])
    own, tests = marked("mine()", "mine"), marked("assert False", "tests", 1)
    own.outputs, tests.outputs = [error], [copy.deepcopy(error)]
    shown, _ = hide_tests(V4.new_notebook(cells=[own, tests]), {})
    assert shown.cells[0].outputs[0].traceback == ["line 1", "line 2"]
    assert shown.cells[1].outputs[0].traceback == [
        "ValueError: the answer fails a further test of your teacher."
    ]


def test_the_guides_commands_are_understood():
    guide = (ROOT / "solutions" / "INSTRUCTORS.md").read_text() + (ROOT / "README.md").read_text()
    lines = re.findall(r"^python -m hebblite\.assignments ([^#\n]+)", guide, re.MULTILINE)
    assert {parser().parse_args(shlex.split(line)).command for line in lines} == {
        "make", "collect", "grade"
    }  # fmt: skip
    named = {word for line in lines for word in line.split() if LESSON.match(f"{word}.ipynb")}
    assert named and named <= set(LESSONS)
    with pytest.raises(SystemExit) as stop:
        main(["grade"])
    assert stop.value.code == 2


def test_own_hidden_tests_reach_copies_that_are_out_already(made, capsys):
    """A teacher changes the tests after the students have begun."""
    folder, _ = made
    source = folder / "source" / "00_start" / "00_start.ipynb"
    early = read(folder / "release" / "00_start" / "00_start.ipynb")
    notebook = read(source)
    tests = of_kind(notebook, "grade")["tests-00-1"]
    tests.source = tests.source.replace("### END", "assert 'my own' == 0, 'not my sign'\n### END")
    nbformat.write(notebook, source)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "00_start", "--force"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    hand_in(folder, "00_start", {"ada": solve(early, notebook)})
    assert main(["grade", str(folder), "00_start"]) == 0
    assert table(capsys.readouterr().out)["ada"]["sum"] == 0
    assert "AssertionError: not my sign" in feedback(folder, "00_start", "ada")[1]


def test_an_assignment_is_made_from_a_copy():
    notebook = lesson("00_start")
    before = copy.deepcopy(notebook)
    made = assignment(notebook)
    assert notebook == before
    assert any(cell.get("outputs") for cell in notebook.cells)
    assert not any(cell.get("outputs") for cell in made.cells)
