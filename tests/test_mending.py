"""Submissions as other tools and ordinary editing leave them, put in order before they are graded.

No kernel runs here: nbgrader's steps up to the run are taken in this process, and the code of the
graded copy is then executed as a kernel would, cell by cell.
"""

from __future__ import annotations

import copy
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import is_grade, is_solution

from hebblite.classroom import mend as mending
from hebblite.classroom.mend import NOTE, mend, notes_of, write_notes
from hebblite.classroom.python_cells import is_half, names, runs
from hebblite.classroom.reading import Unreadable, read

V4 = nbformat.v4


def mark(grade_id, points=0, **more):
    return {
        "grade": bool(points), "solution": not points, "locked": bool(points), "task": False,
        "grade_id": grade_id, "schema_version": 3,
    } | ({"points": points} if points else {}) | more  # fmt: skip


def code(source, id, **metadata):
    return V4.new_code_cell(source, id=id, metadata=metadata)


def lesson():
    """What was handed out: two exercises among cells of the lesson."""
    return V4.new_notebook(
        cells=[
            V4.new_markdown_cell("# A lesson", id="title"),
            code("import math", "imports"),
            code("half = 0.5", "half"),
            code(
                "def double(x):\n    answer = None  # your answer goes here\n    return answer\n"
                "\n\nseen.append(double(2))",
                "exercise-1",
                nbgrader=mark("double"),
            ),
            code("# Your teacher's tests run here", "tests-1", nbgrader=mark("tests-double", 2)),
            V4.new_markdown_cell("The second", id="second"),
            code(
                "def area(r):\n    answer = None  # your answer goes here\n    return answer",
                "exercise-2",
                nbgrader=mark("area"),
            ),
            code("# Your teacher's tests run here", "tests-2a", nbgrader=mark("tests-area", 1)),
            code("# more tests", "tests-2b", nbgrader=mark("tests-area-more", 1)),
            code("drawing = 1 / 0", "after"),
        ]
    )


TESTS = {
    "tests-double": "assert double(3) == 6",
    "tests-area": "assert abs(area(2) - 4 * math.pi) < 1e-9",
    "tests-area-more": "assert area(half) < 1",
}
DOUBLE = "def double(x):\n    answer = 2 * x\n    return answer\n\n\nseen.append(double(2))"
AREA = "def area(r):\n    answer = math.pi * r**2\n    return answer"


def at(notebook, id):
    return next(i for i, cell in enumerate(notebook.cells) if cell.id == id)


def cell(notebook, id):
    return notebook.cells[at(notebook, id)]


def solved():
    notebook = lesson()
    cell(notebook, "exercise-1").source = DOUBLE
    cell(notebook, "exercise-2").source = AREA
    return notebook


def graded(notebook):
    """The points for each cell of tests, as nbgrader would give them, and the notes."""
    notebook, repaired = read(json.dumps(notebook).encode())
    notes = repaired + mend(notebook, lesson())
    nbformat.validate(notebook)
    marks = [c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata]
    expected = [c.metadata.nbgrader for c in lesson().cells if "nbgrader" in c.metadata]
    assert sorted(marks, key=str) == sorted(expected, key=str), "each mark once, and whole"
    points, space = {}, {"seen": []}
    for c in notebook.cells:
        if c.cell_type != "code":
            continue
        tests = is_grade(c) and not is_solution(c)
        name = c.metadata.nbgrader.grade_id if tests else None
        try:
            exec(TESTS[name] if tests else c.source, space)
            result = 1
        except Exception:
            result = 0
        if tests:
            points[name] = result
    return points, notes


ALL = dict.fromkeys(TESTS, 1)


def test_what_is_in_order_is_left_alone():
    for notebook in (lesson(), solved()):
        before = copy.deepcopy(notebook)
        assert mend(notebook, lesson()) == []
        assert notebook == before
    assert graded(solved()) == (ALL, [])
    assert graded(lesson()) == (dict.fromkeys(TESTS, 0), [])


# ---------------------------------------------------------------------- one change at a time


def split_inside(notebook):
    """JupyterLab's split: both halves carry the mark, the second has a new id."""
    i = at(notebook, "exercise-1")
    first, second = copy.deepcopy(notebook.cells[i]), notebook.cells[i]
    lines = DOUBLE.splitlines(keepends=True)
    first.source, second.source = "".join(lines[:2]).rstrip("\n"), "".join(lines[2:])
    first.id = "new"
    notebook.cells.insert(i, first)


def split_so_that_both_halves_run(notebook):
    """IPython would take the indentation off the second half and run it."""
    i = at(notebook, "exercise-1")
    first, second = copy.deepcopy(notebook.cells[i]), notebook.cells[i]
    first.source = "def double(x):\n    x = 2 * x"
    second.source, second.id = "    y = 7\n    return x", "new"
    notebook.cells.insert(i + 1, second)
    notebook.cells[i] = first


def split_without_its_mark(notebook):
    """Other front ends: the second half is a plain new cell."""
    split_inside(notebook)
    i = at(notebook, "new")
    del notebook.cells[i + 1].metadata["nbgrader"]
    notebook.cells[i].id, notebook.cells[i + 1].id = "exercise-1", "new"


def split_with_the_mark_below(notebook):
    split_inside(notebook)
    del cell(notebook, "new").metadata["nbgrader"]


def split_in_three(notebook):
    split_inside(notebook)
    i = at(notebook, "exercise-1")
    third = copy.deepcopy(notebook.cells[i])
    third.source, third.id = "seen.append(double(2))", "third"
    notebook.cells[i].source = "    return answer"
    notebook.cells.insert(i + 1, third)


def split_behind_the_function(notebook):
    i = at(notebook, "exercise-1")
    below = copy.deepcopy(notebook.cells[i])
    notebook.cells[i].source, below.source = DOUBLE.split("\n\n\n")
    below.id = "new"
    notebook.cells.insert(i + 1, below)


def copied_and_the_copy_is_empty(notebook):
    i = at(notebook, "exercise-1")
    spare = copy.deepcopy(cell(lesson(), "exercise-1"))
    spare.id = "spare"
    notebook.cells.insert(i + 1, spare)


def copied_above_as_a_draft(notebook):
    draft = copy.deepcopy(cell(notebook, "exercise-1"))
    draft.source, draft.id = "def double(x):\n    return x", "draft"
    notebook.cells.insert(at(notebook, "exercise-1"), draft)


def copied_behind_the_tests(notebook):
    """The answer in the second copy, at the end; the first one wrong."""
    better = copy.deepcopy(cell(notebook, "exercise-1"))
    better.id = "better"
    cell(notebook, "exercise-1").source = "def double(x):\n    return x"
    notebook.cells.append(better)


def whole_notebook_twice(notebook):
    again = copy.deepcopy(notebook.cells)
    for number, c in enumerate(again):
        c.id = f"again-{number}"
    notebook.cells += again


def answered_elsewhere(notebook):
    """The marked cell untouched; the answer in a cell of their own, below the tests."""
    cell(notebook, "exercise-1").source = cell(lesson(), "exercise-1").source
    notebook.cells.append(code(DOUBLE, "own"))


def answered_above(notebook):
    cell(notebook, "exercise-1").source = cell(lesson(), "exercise-1").source
    notebook.cells.insert(at(notebook, "exercise-1"), code(DOUBLE, "own"))


def marked_cell_replaced(notebook):
    notebook.cells[at(notebook, "exercise-1")] = code(DOUBLE, "own")


def tried_out_below(notebook):
    """A draft under a right answer does not count."""
    notebook.cells.append(code("def double(x):\n    return x", "draft"))


def no_marks(notebook):
    for c in notebook.cells:
        c.metadata.clear()


def no_marks_no_ids(notebook):
    no_marks(notebook)
    for number, c in enumerate(notebook.cells):
        c.id = f"random-{number}"


def half_marks(notebook):
    """Some front ends keep the name only, or write values of their own."""
    for c in notebook.cells:
        if "nbgrader" in c.metadata:
            c.metadata["nbgrader"] = {"grade_id": c.metadata.nbgrader.grade_id, "checksum": None}


def old_marks(notebook):
    for c in notebook.cells:
        if "nbgrader" in c.metadata:
            c.metadata["nbgrader"] |= {"schema_version": 1, "comment": "extra", "points": 99}


def strange_marks(notebook):
    cell(notebook, "imports").metadata["nbgrader"] = mark("of-another-lesson")
    cell(notebook, "half").metadata["nbgrader"] = {"grade_id": "cell-1", "solution": False}
    cell(notebook, "title").metadata["nbgrader"] = {}
    cell(notebook, "exercise-2").metadata["nbgrader"]["grade_id"] = 7


def turned_to_raw(notebook):
    for id in ("exercise-1", "tests-1", "imports"):
        c = cell(notebook, id)
        notebook.cells[at(notebook, id)] = V4.new_raw_cell(c.source, metadata=c.metadata, id=id)


def turned_to_markdown(notebook):
    for id in ("exercise-2", "tests-2a", "half"):
        c = cell(notebook, id)
        notebook.cells[at(notebook, id)] = V4.new_markdown_cell(
            c.source, metadata=c.metadata, id=id
        )


def grading_before_answers(notebook):
    for id in ("tests-1", "tests-2b", "tests-2a"):
        notebook.cells.insert(0, notebook.cells.pop(at(notebook, id)))


def answer_moved_to_the_end(notebook):
    notebook.cells.append(notebook.cells.pop(at(notebook, "exercise-1")))


def exercises_swapped(notebook):
    i = at(notebook, "second")
    notebook.cells = notebook.cells[:2] + notebook.cells[i:9] + notebook.cells[2:i]


def grading_deleted(notebook):
    notebook.cells = [c for c in notebook.cells if not c.id.startswith("tests")]


def grading_edited(notebook):
    for c in notebook.cells:
        if c.id.startswith("tests"):
            c.source = "pass  # full marks, please"
            c.metadata.nbgrader.points = 1000


def answered_in_the_tests(notebook):
    """Where the front end lets them."""
    cell(notebook, "exercise-1").source = cell(lesson(), "exercise-1").source
    cell(notebook, "tests-1").source = DOUBLE


def grading_copied(notebook):
    i = at(notebook, "tests-1")
    again = copy.deepcopy(notebook.cells[i])
    again.id = "again"
    notebook.cells.insert(i, again)


def grading_renamed(notebook):
    cell(notebook, "tests-1").metadata.nbgrader.grade_id = "my-tests"
    cell(notebook, "tests-1").id = "my-tests"


def imports_deleted(notebook):
    notebook.cells = [c for c in notebook.cells if c.id not in ("imports", "half")]


def imports_emptied(notebook):
    cell(notebook, "imports").source = " "


def imports_merged_into_the_answer(notebook):
    i = at(notebook, "exercise-1")
    merged = notebook.cells[i]
    merged.source = "import math\n\nhalf = 0.25\nhalf = 0.5\n" + merged.source
    notebook.cells = [c for c in notebook.cells if c.id not in ("imports", "half")]


def only_the_answers(notebook):
    notebook.cells = [code(DOUBLE + "\n\n" + AREA, "everything")]


def same_id_everywhere(notebook):
    for c in notebook.cells:
        c.id = "same"


CHANGES = {  # the change; what a note says
    split_inside: "double: put together from 2 cells",
    split_so_that_both_halves_run: "double: put together from 2 cells",
    split_without_its_mark: "double: put together from 2 cells",
    split_with_the_mark_below: "double: put together from 2 cells",
    split_in_three: "double: put together from 3 cells",
    split_behind_the_function: "double: 2 cells",
    copied_and_the_copy_is_empty: "double: a copy with nothing written into it",
    copied_above_as_a_draft: "double: 2 cells; all were run in their order",
    copied_behind_the_tests: "tests-double: moved behind",
    whole_notebook_twice: None,
    answered_elsewhere: "double: the answer was found in a cell that is not marked",
    answered_above: "double: the answer was found in a cell that is not marked",
    marked_cell_replaced: "double: the answer was found in a cell that is not marked",
    tried_out_below: None,
    no_marks: None,
    no_marks_no_ids: "double: the answer was found",
    half_marks: None,
    old_marks: None,
    strange_marks: "of-another-lesson: not of this lesson",
    turned_to_raw: "double: it had become raw",
    turned_to_markdown: "area: it had become markdown",
    grading_before_answers: "tests-double: moved behind what they test",
    answer_moved_to_the_end: "tests-double: moved behind what they test",
    exercises_swapped: "tests-area-more: moved behind what they test",
    grading_deleted: "tests-double: they were gone and were put back",
    grading_edited: "tests-double: put back as they were handed out",
    answered_in_the_tests: "double: the answer was found in a cell that is not marked",
    grading_copied: None,
    grading_renamed: "my-tests: not of this lesson",
    imports_deleted: "a cell of the lesson was gone and was put back: `import math`",
    imports_emptied: "put back: `import math`",
    imports_merged_into_the_answer: None,
    only_the_answers: "area: the answer was found in a cell that is not marked",
    same_id_everywhere: None,
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_learners_code_counts_whatever_became_of_the_cells(change):
    notebook, says = solved(), CHANGES[change]
    change(notebook)
    points, notes = graded(notebook)
    assert points == ALL
    if says is None:
        assert notes == []
    else:
        assert any(says in note for note in notes), notes


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_mended_once_stays(change):
    """nbgrader reads its own copy again before it runs it, and teachers grade twice."""
    notebook = solved()
    change(notebook)
    write_notes(notebook, notes := mend(notebook, lesson()))
    assert notes_of(notebook) == notes
    once = copy.deepcopy(notebook)
    mend(notebook, lesson())
    assert notebook.cells == [c for c in once.cells if c.id != NOTE]


def test_what_is_wrong_stays_wrong():
    for change in CHANGES:
        notebook = lesson()
        cell(notebook, "exercise-1").source = "def double(x):\n    return 3 * x"
        change(notebook)
        if any("2 * x" in c.source for c in notebook.cells):
            continue  # the change itself writes a right answer
        assert sum(graded(notebook)[0].values()) == 0, change


def test_a_deleted_answer_costs_its_own_points_only():
    notebook = solved()
    notebook.cells.pop(at(notebook, "exercise-1"))
    notebook.cells.pop(at(notebook, "tests-1"))  # nbgrader: KeyError
    points, notes = graded(notebook)
    assert points == ALL | {"tests-double": 0} and "double: the cell was gone" in notes


@pytest.mark.parametrize("cells", [[], [code("print('another lesson')", "imports")]])
def test_an_empty_or_a_wrong_notebook_gets_no_points_and_says_so(cells):
    points, notes = graded(V4.new_notebook(cells=cells))
    assert points == dict.fromkeys(TESTS, 0) and len(notes) == 1
    assert "is it the right file?" in notes[0]


def test_no_code_of_a_student_is_thrown_away():
    """Whatever is done: each line that somebody wrote is still there, once at least."""
    for change in CHANGES:
        notebook = solved()
        change(notebook)
        before = {line.strip() for c in notebook.cells for line in c.source.splitlines()}
        mend(notebook, lesson())
        after = {line.strip() for c in notebook.cells for line in c.source.splitlines()}
        handed_out = {line.strip() for c in lesson().cells for line in c.source.splitlines()}
        assert before - after - handed_out == set(), change


def test_a_cell_graded_by_hand_is_kept():
    handed_out = lesson()
    question = V4.new_markdown_cell("Why? Answer here.", id="why")
    question.metadata["nbgrader"] = mark("why", 3, solution=True, locked=False)
    handed_out.cells.insert(5, question)
    notebook = copy.deepcopy(handed_out)
    i = at(notebook, "why")
    below = copy.deepcopy(notebook.cells[i])
    notebook.cells[i].source, below.source, below.id = "Because", "of that.", "new"
    notebook.cells.insert(i + 1, below)
    assert mend(notebook, handed_out) == ["why: put together from several cells"]
    mended = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "why"]
    assert [c.source for c in mended] == ["Because\n\nof that."]
    notebook.cells = [
        c for c in notebook.cells if c.metadata.get("nbgrader") != mended[0].metadata.nbgrader
    ]
    assert mend(notebook, handed_out) == ["why: the cell was gone"]


@st.composite
def edited(draw):
    """A solved copy after some edits of any kind, in any order."""
    notebook = solved()
    for _ in range(draw(st.integers(1, 8))):
        cells = notebook.cells
        if not cells:
            break
        i, j = (draw(st.integers(0, len(cells) - 1)) for _ in range(2))
        kind = draw(st.sampled_from(["delete", "copy", "move", "split", "turn", "forget", "reset"]))
        if kind == "delete":
            del cells[i]
        elif kind == "move":
            cells.insert(j, cells.pop(i))
        elif kind in ("copy", "split"):
            new = copy.deepcopy(cells[i])
            new.id = f"new-{draw(st.integers(0, 99))}" if draw(st.booleans()) else new.id
            if kind == "split":
                lines = new.source.split("\n")
                cut = draw(st.integers(0, len(lines)))
                new.source, cells[i].source = "\n".join(lines[:cut]), "\n".join(lines[cut:])
                j = i
            cells.insert(j, new)
        elif kind == "turn":
            make = draw(st.sampled_from([V4.new_raw_cell, V4.new_markdown_cell, V4.new_code_cell]))
            old = cells[i]
            cells[i] = make(old.source, metadata=old.metadata, id=old.id)
        elif kind == "forget":
            cells[i].metadata.clear()
        else:
            cells[i].source = draw(st.sampled_from(["", "x = 1", "def double(x):", DOUBLE, AREA]))
    return notebook


@given(edited())
def test_after_any_edits_nbgrader_can_grade(notebook):
    """Each mark once, tests behind what they test, and every line that somebody wrote kept."""
    written = {line.strip() for c in notebook.cells for line in c.source.splitlines()}
    result, _ = read(json.dumps(notebook).encode())
    mend(result, lesson())
    nbformat.validate(result)
    assert len({c.id for c in result.cells}) == len(result.cells)
    places = {}
    for place, c in enumerate(result.cells):
        if "nbgrader" in c.metadata:
            name = c.metadata.nbgrader.grade_id
            assert name not in places
            places[name] = place
    assert places.keys() == {"double", "area", *TESTS}
    assert places["tests-double"] > places["double"]
    assert places["tests-area-more"] > places["tests-area"] > places["area"]
    handed_out = {line.strip() for c in lesson().cells for line in c.source.splitlines()}
    after = {line.strip() for c in result.cells for line in c.source.splitlines()}
    assert written - handed_out - after == set()
    once = copy.deepcopy(result)
    mend(result, lesson())
    assert [c.source for c in result.cells] == [c.source for c in once.cells]


# ---------------------------------------------------------------------- reading


def plain():
    return json.loads(nbformat.writes(solved()))


def changed(**top):
    return json.dumps(plain() | top).encode()


def with_cells(change):
    notebook = plain()
    for c in notebook["cells"]:
        change(c)
    return json.dumps(notebook).encode()


def colab(c):
    c["metadata"] |= {"id": c.pop("id"), "colab": {"base_uri": "x"}, "outputId": "1", "tags": None}


def vs_code(c):
    c["metadata"]["vscode"] = {"languageId": "python"}
    c["metadata"]["tags"] = ["a", "a"]


def no_metadata(c):
    mark = c["metadata"].get("nbgrader")
    del c["metadata"]
    if mark:
        c["metadata"] = {"nbgrader": mark}
    c.pop("outputs", None)
    c.pop("execution_count", None)


def without_id(c):
    del c["id"]


def with_outputs(c):
    if c["cell_type"] == "code":
        c["outputs"] = [{"output_type": "error"}, {"nonsense": 1}, 3]
        c["execution_count"] = "seven"


def format_3():
    cells = []
    for c in plain()["cells"]:
        kept = {"cell_type": c["cell_type"], "metadata": c["metadata"]}
        field = "input" if c["cell_type"] == "code" else "source"
        cells.append(kept | {field: c["source"], "language": "python"})
    cells[0] |= {"cell_type": "heading", "level": 1}
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {}}).encode()


TEXT = nbformat.writes(solved())
FILES = {
    "as Jupyter writes it": TEXT.encode(),
    "byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "CRLF in the cells": TEXT.replace("\\n", "\\r\\n").encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "Latin-1": TEXT.replace("A lesson", "Übung für René").encode("latin-1"),
    "one line": json.dumps(plain()).encode(),
    "format 4.2": with_cells(without_id).replace(b'"nbformat_minor": 5', b'"nbformat_minor": 2'),
    "format 4.4": with_cells(without_id).replace(b'"nbformat_minor": 5', b'"nbformat_minor": 4'),
    "format 4.99": changed(nbformat_minor=99),
    "format 5": changed(nbformat=5),
    "no format": changed(nbformat=None, nbformat_minor="x"),
    "format 3": format_3(),
    "no metadata": changed(metadata=None),
    "another kernel": changed(metadata={"kernelspec": {"name": "ir"}, "language": 3}),
    "Colab": with_cells(colab),
    "VS Code": with_cells(vs_code),
    "no metadata in cells": with_cells(no_metadata),
    "strange outputs": with_cells(with_outputs),
    "strange cells": changed(cells=[*plain()["cells"], None, 3, {}, {"cell_type": "sql"}]),
    "half a surrogate": TEXT.replace("A lesson", "\\ud83d").encode(),
    "control characters": TEXT.replace("A lesson", "A\tlesson\x0c").encode(),
    "huge": changed(
        cells=[
            *plain()["cells"],
            {"cell_type": "code", "source": "", "metadata": {}, "id": "big", "execution_count": 1,
             "outputs": [{"output_type": "stream", "name": "stdout", "text": "x" * 30_000_000}]},
        ]
    ),
}  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_notebooks_of_other_tools_are_read(file):
    notebook, notes = read(FILES[file])
    notes += mend(notebook, lesson())
    nbformat.validate(notebook)
    ours = {
        c.metadata.nbgrader.grade_id: c.source for c in notebook.cells if c.metadata.get("nbgrader")
    }
    assert ours["double"] == DOUBLE and ours["area"] == AREA and len(ours) == 5
    assert len(nbformat.writes(notebook)) < 20_000
    said = {"UTF-16": "UTF-16", "Latin-1": "Windows-1252", "strange cells": "no cell"}
    assert [said[file] in note for note in notes] == [True] if file in said else notes == []
    nbformat.writes(notebook).encode()  # can be written
    if file == "Latin-1":
        assert "Übung für René" in notebook.cells[0].source


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \r\n\0\0", "empty"),
        (b'{"cells": [', "not JSON"),
        (b"PK\x03\x04 a zip file", "not JSON"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b'{\n<<<<<<< HEAD\n "cells": []', "conflict marks"),
        (b"[]", "no list of cells"),
        (b"3", "no list of cells"),
        (b'{"cells": {"0": 1}}', "no list of cells"),
        (b"[" * 200_000, "nested"),
        (bytes(range(256)) * 9, "not JSON"),
    ],
)
def test_what_is_no_notebook_is_named(content, says):
    with pytest.raises(Unreadable, match=says):
        read(content)


# ---------------------------------------------------------------------- code cells


def test_cells_are_known_to_be_whole_or_half():
    assert runs("%matplotlib inline\n!ls\nx = await f()\nx?") and runs("")
    assert not runs("def f(:") and not runs("x = (1,")
    assert is_half("    return x") and is_half("else:\n    x = 1") and is_half("def f():")
    assert not is_half("\n\n# comment\nx = 1") and not is_half("  \n")
    assert names("a, (b, *c) = 1, (2, 3)\nd: int = 4\ndef e(): f = 1\nclass G: pass") == set(
        "abcdeG"
    )
    assert names("def f(:") == set() == names("print(x)")


def test_a_name_can_stand_for_no_other_thing():
    assert mending.NOTE not in {c.id for c in lesson().cells}
