"""The learner's notebooks: made from the sources, leaking nothing, whole and clean."""

from __future__ import annotations

import copy
import re

import nbformat
import pytest
from conftest import ROOT

from hebblite.release import learners_copy

SOURCES = sorted((ROOT / "solutions").glob("*.ipynb"))
COPIES = sorted((ROOT / "course").glob("*.ipynb"))
NAMES = [path.stem for path in SOURCES]
HIDDEN = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)


def read(path):
    return nbformat.read(path, as_version=4)


def text(notebook):
    """What an author writes: ids, kinds, sources and metadata of the cells."""
    return [(c.id, c.cell_type, c.source, dict(c.metadata)) for c in notebook.cells]


def secrets(lesson):
    """Lines that only the teacher may see. Short ones (``return``, a bracket) give nothing away."""
    found = []
    for cell in lesson.cells:
        found += [line for m in HIDDEN.finditer(cell.source) for line in m[2].splitlines()]
        if "model-answer" in cell.metadata.get("tags", []):
            found += cell.source.splitlines()
    return [line.strip() for line in found if len(line.strip()) > 15]


def leaks(lesson, released):
    everything = nbformat.writes(released)
    whole = "\n".join(c.source for c in released.cells) + everything
    return [line for line in secrets(lesson) if line in whole]


def test_there_are_lessons_and_each_has_its_copy():
    assert "00_start" in NAMES
    assert [p.name for p in SOURCES] == [p.name for p in COPIES]


@pytest.mark.parametrize("name", NAMES)
def test_course_is_what_the_source_gives(name):
    lesson = read(ROOT / "solutions" / f"{name}.ipynb")
    expected = text(learners_copy(lesson))
    assert text(read(ROOT / "course" / f"{name}.ipynb")) == expected, "run: make release"
    # ... and the test would notice an edit
    changed = copy.deepcopy(lesson)
    changed.cells[1].source += "\n# edited"
    assert text(learners_copy(changed)) != expected


@pytest.mark.parametrize("name", NAMES)
def test_no_solution_leaks(name):
    lesson = read(ROOT / "solutions" / f"{name}.ipynb")
    released = read(ROOT / "course" / f"{name}.ipynb")
    assert secrets(lesson), "a lesson without an exercise?"
    assert leaks(lesson, released) == []
    assert "BEGIN SOLUTION" not in nbformat.writes(released)
    # ... and the test would notice one, in a source or in an output
    planted = copy.deepcopy(released)
    planted.cells[0].source += secrets(lesson)[0]
    assert leaks(lesson, planted)


@pytest.mark.parametrize("path", [*SOURCES, *COPIES], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_notebooks_are_whole_and_clean(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    numbers = [c.execution_count for c in notebook.cells if c.cell_type == "code"]
    assert numbers == list(range(1, len(numbers) + 1)), "not run from top to bottom"
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            assert "Traceback" not in str(output)
            html = output.get("data", {}).get("text/html", "")
            if "<svg" in html:
                assert re.search(r'role="img"', html) and re.search(r'aria-label="[^"]{30,}"', html)
            assert "image/png" not in output.get("data", {}), "a picture without a text alternative"
        for alt in re.findall(r"!\[(.*?)\]\(", cell.source):
            assert alt.strip(), "a picture without a text alternative"
    raw = path.read_text()
    assert not re.search(r"/(home|root|Users|work|tmp)/", raw), "a path of one machine"


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_tests_that_grade(name):
    lesson = read(ROOT / "solutions" / f"{name}.ipynb")
    marks = [c.metadata.nbgrader for c in lesson.cells if "nbgrader" in c.metadata]
    assert any(m.solution for m in marks) and any(m.grade and m.points > 0 for m in marks)
    ids = [m.grade_id for m in marks]
    assert len(ids) == len(set(ids))


def test_the_badge_and_the_make_target_open_a_notebook_that_exists():
    paths = re.findall(r"urlpath=lab/tree/([\w/.]+)", (ROOT / "README.md").read_text())
    paths += re.findall(r"course/\w+\.ipynb", (ROOT / "Makefile").read_text())
    assert len(paths) >= 2 and all((ROOT / path).is_file() for path in paths)


def test_pins_name_no_hosts_and_agree():
    learner = (ROOT / "binder" / "requirements.txt").read_text().splitlines()
    everything = (ROOT / "binder" / "constraints.txt").read_text().splitlines()
    assert not [line for line in learner + everything if "/" in line or line.startswith("-")]
    assert {line.split()[0] for line in learner} <= {line.split()[0] for line in everything}
