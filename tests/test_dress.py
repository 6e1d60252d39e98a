"""What release adds to a notebook: header, footer, folds, the lesson's picture, hidden answers."""

from __future__ import annotations

import base64
import copy
import re
import types

import nbformat
import pytest
from budget import parts
from conftest import ROOT

from hebblite.classroom import dress as dressing
from hebblite.classroom.dress import GUESS_FIRST, TESTS_LINE, dress, hide_answers, is_tests
from hebblite.classroom.make import assignment
from hebblite.classroom.release import learners_copy
from hebblite.teaching.course_map import lessons_there

v4 = nbformat.v4
GRADE = {"grade": True, "grade_id": "tests-02-1", "locked": True, "points": 1, "solution": False}
MARK = {"schema_version": 3, "task": False}
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2" aria-label="a ball"><g/></svg>'
NEW = lessons_there()
SOURCES = sorted((ROOT / "solutions").glob("*.ipynb"))


def a_lesson():
    """A small lesson 02 as its author writes it."""
    title = "# 02 · Credit assignment\n\n![a ball](attachment:hero.svg)\n\nWhy?"
    tests = "# My tests.\n### BEGIN HIDDEN TESTS\nassert x\n### END HIDDEN TESTS"
    answer = v4.new_code_cell("draw(30)", metadata={"tags": ["answer"]}, id="answer")
    answer.outputs = [v4.new_output("stream", text="30 degrees\n")]
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell(title, id="title"),
            v4.new_code_cell("# Imports\nimport numpy", metadata={"tags": ["fold"]}, id="imports"),
            v4.new_markdown_cell("## ✎ Exercise 02.1: one\n\n### ✎ Exercise 02.2 (optional): two",
                                 id="exercise"),
            v4.new_code_cell(tests, metadata={"nbgrader": GRADE | MARK}, id="tests"),
            answer,
            v4.new_code_cell("x = 1", id="plain"),
        ]
    )  # fmt: skip


@pytest.fixture
def hero(monkeypatch):
    module = types.SimpleNamespace(hero=lambda: DRAWN)
    here = types.SimpleNamespace(import_module=lambda name: module)
    monkeypatch.setattr(dressing, "importlib", here)
    return module


def by_id(notebook):
    return {cell.id: cell for cell in notebook.cells}


def test_every_part_is_there_once_however_often_it_is_dressed(hero):
    once = a_lesson()
    dress(once, "02_credit_assignment")
    assert once.cells[0].id == "header"
    assert [cell.id for cell in once.cells][-2:] == ["progress", "footer"]
    nbformat.validate(once)
    again = copy.deepcopy(once)
    dress(again, "02_credit_assignment")
    assert again == once


def test_header_and_footer_lead_on_and_say_what_waits(hero):
    notebook = a_lesson()
    dress(notebook, "02_credit_assignment")
    cells = by_id(notebook)
    for where in ("header", "footer"):
        links = re.findall(r"\]\((.*?)\)", cells[where].source.split("  \n")[0])
        assert links[0] == "01_spikes_to_rates.ipynb" and links[-1] == "03_apical_dendrite.ipynb"
        assert "index.ipynb" in links
    assert "(notation.ipynb)" in cells["header"].source
    assert "45 minutes" in cells["header"].source
    assert "2 exercises, 1 of them optional" in cells["header"].source
    assert not cells["header"].source.startswith("#")  # the title stays the first heading


@pytest.mark.parametrize("stem, missing", [(NEW[0].stem, "←"), (NEW[-1].stem, "→")])
def test_the_first_and_the_last_lesson_lead_one_way(stem, missing):
    notebook = v4.new_notebook(cells=[])
    dress(notebook, stem)
    assert missing not in by_id(notebook)["header"].source


def test_folds_say_what_they_are_and_open_again(hero):
    notebook = a_lesson()
    dress(notebook, "02_credit_assignment")
    cells = by_id(notebook)
    for name in ("imports", "tests", "progress"):
        assert cells[name].metadata.jupyter == {"source_hidden": True}
        assert cells[name].source.startswith("# ")
    assert cells["tests"].source.splitlines()[0] == TESTS_LINE
    assert "My tests" not in cells["tests"].source and "BEGIN HIDDEN" in cells["tests"].source
    assert "jupyter" not in cells["plain"].metadata and "jupyter" not in cells["answer"].metadata
    cells["imports"].metadata["tags"] = []
    dress(notebook, "02_credit_assignment")
    assert "jupyter" not in by_id(notebook)["imports"].metadata


def test_a_test_without_a_first_line_of_its_own_gets_one(hero):
    notebook = a_lesson()
    by_id(notebook)["tests"].source = "### BEGIN HIDDEN TESTS\nassert x\n### END HIDDEN TESTS"
    dress(notebook, "02_credit_assignment")
    assert by_id(notebook)["tests"].source.startswith(f"{TESTS_LINE}\n### BEGIN HIDDEN TESTS\n")


def test_folds_survive_release_and_grading(hero):
    """The learner's copy and nbgrader's source keep what is folded."""
    notebook = a_lesson()
    dress(notebook, "02_credit_assignment")
    for made in (learners_copy(notebook), assignment(notebook)):
        cells = by_id(made)
        assert cells["imports"].metadata.jupyter.source_hidden
        assert cells["tests"].metadata.jupyter.source_hidden
        assert cells["tests"].metadata.nbgrader.grade_id == "tests-02-1"
        assert cells["tests"].source.splitlines()[0] == TESTS_LINE
        assert "[hero]: data:image/svg+xml;base64," in cells["title"].source


def test_answers_are_hidden_from_learners_alone_and_give_nothing_away(hero):
    notebook = a_lesson()
    dress(notebook, "02_credit_assignment")
    released = learners_copy(notebook)
    by_id(released)["answer"].outputs = copy.deepcopy(by_id(notebook)["answer"].outputs)  # its run
    hide_answers(released)
    answer = by_id(released)["answer"]
    assert answer.metadata.jupyter == {"outputs_hidden": True}
    # JupyterLab shows the first line of what is collapsed.
    assert answer.outputs[0].data["text/plain"] == GUESS_FIRST and len(answer.outputs) == 2
    assert "jupyter" not in by_id(notebook)["answer"].metadata
    assert answer.metadata.tags == ["answer", "nbval-ignore-output"]
    nbformat.validate(released)


def test_the_picture_is_drawn_anew_and_keeps_its_words(hero):
    notebook = a_lesson()
    dress(notebook, "02_credit_assignment")
    title = by_id(notebook)["title"].source
    assert title.startswith("# 02 · Credit assignment\n\n![a ball][hero]\n\nWhy?\n\n[hero]: data:")
    drawn = base64.b64decode(title.split("base64,")[1]).decode()
    assert "a ball" in drawn and "prefers-color-scheme" in drawn
    hero.hero = lambda: DRAWN.replace("a ball", "two balls")
    dress(notebook, "02_credit_assignment")
    title = by_id(notebook)["title"].source
    assert title.count("[hero]:") == 1
    assert "two balls" in base64.b64decode(title.split("base64,")[1]).decode()


@pytest.mark.parametrize(
    "drawn, said",
    [
        (None, "hero is missing"),
        (lambda: "<svg", "no well-formed SVG"),
        (lambda: "<p>hello</p>", "expected one <svg>"),
        (lambda: DRAWN.replace(' aria-label="a ball"', ""), "aria-label"),
    ],
)
def test_a_picture_that_is_not_there_is_told(hero, drawn, said):
    hero.hero = drawn
    with pytest.raises(ValueError, match=said):
        dress(a_lesson(), "02_credit_assignment")


def test_other_cells_and_shared_pages_are_left_alone():
    page = v4.new_notebook(cells=[v4.new_markdown_cell("# Notation\n\n$x$", id="title")])
    dress(page, "notation")
    assert [cell.id for cell in page.cells] == ["header", "title", "footer"]
    assert page.cells[1].source == "# Notation\n\n$x$"
    assert "**notation**" in page.cells[0].source and "(notation.ipynb)" not in page.cells[0].source


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_what_the_map_says_is_what_is_stored(path, monkeypatch):
    """Links, minutes, and the table of the index: the map may have changed since the release."""
    monkeypatch.setattr(dressing, "fill_hero", lambda *_: None)
    stored = nbformat.read(path, as_version=4)
    dressed = copy.deepcopy(stored)
    dress(dressed, path.stem)
    sources = [[cell.source for cell in one.cells] for one in (stored, dressed)]
    assert sources[0] == sources[1], "run: make release"


@pytest.mark.parametrize("folder", ["solutions", "course"])
@pytest.mark.parametrize("one", NEW, ids=lambda one: one.number)
def test_released_lessons_are_dressed(one, folder):
    notebook = nbformat.read(ROOT / folder / one.file, as_version=4)
    cells = by_id(notebook)
    assert notebook.cells[0].id == "header" and notebook.cells[-1].id == "footer"
    for cell in notebook.cells:
        if is_tests(cell) or "fold" in cell.metadata.get("tags", []):
            assert cell.metadata.jupyter.source_hidden
            assert cell.source.startswith("#"), "its first line is what is seen of it"
        if "answer" in cell.metadata.get("tags", []):
            hidden = cell.metadata.get("jupyter", {}).get("outputs_hidden", False)
            assert hidden == (folder == "course")
    assert cells["header"].source.split("  \n")[0] in cells["footer"].source


@pytest.mark.parametrize("one", NEW, ids=lambda one: one.number)
def test_answers_in_words_are_in_the_learners_copy_too(one):
    """No cell is missing there, and the recap's questions have their answers, folded."""
    notebooks = [nbformat.read(ROOT / f / one.file, as_version=4) for f in ("solutions", "course")]
    assert [c.id for c in notebooks[0].cells] == [c.id for c in notebooks[1].cells]
    found = parts(notebooks[1])["main"].cells
    recap = next(k for k, cell in enumerate(found) if cell.source.startswith("## Recap"))
    assert any("<details>" in cell.source for cell in found[recap:])
