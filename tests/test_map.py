"""The map of the course is true: of the lessons on disk, of what they say, and of its pages."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import nbformat
import pytest
from budget import parts
from conftest import ROOT

from hebblite.classroom.tables import BEGIN, PAGES, for_readers, with_table
from hebblite.teaching.course_map import (
    LESSONS,
    lesson,
    lessons_there,
    neighbours,
    path_in_words,
    shortest_path,
)
from hebblite.teaching.map_picture import draw_map

NEW = lessons_there()


def read(one, folder="course"):
    return nbformat.read(ROOT / folder / one.file, as_version=4)


def test_lessons_on_disk_are_those_that_are_there():
    for folder in ("solutions", "course"):
        on_disk = sorted(path.name for path in (ROOT / folder).glob("[0-9][0-9]_*.ipynb"))
        assert on_disk == [one.file for one in lessons_there()]
    assert [one.number for one in LESSONS] == [f"{k:02}" for k in range(14)]


@pytest.mark.parametrize("one", lessons_there(), ids=lambda one: one.number)
def test_a_lesson_has_the_title_that_the_map_says(one):
    headings = [
        line
        for cell in read(one).cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("# ")
    ]
    assert headings == [f"# {one.name}"]


def test_what_a_lesson_needs_comes_before_it_and_is_on_its_path():
    for one in LESSONS:
        assert all(need < one.number for need in one.needs)
        path = shortest_path(one.number)
        assert path[-1] == one.number and list(path) == sorted(set(path))
        for step in path:
            assert set(lesson(step).needs) <= set(path[: path.index(step)])
        if one.is_there:
            assert all(lesson(need).is_there for need in one.needs)
    assert shortest_path("05") == ("00", "02", "03", "04", "05")
    assert path_in_words() == "00 → 02 → 03 → 04 → 05"


def test_neighbours_lead_through_all_lessons_that_are_there():
    at, seen = lessons_there()[0], []
    while at:
        seen.append(at)
        before, after = neighbours(at.number)
        assert before == (seen[-2] if len(seen) > 1 else None)
        at = after
    assert tuple(seen) == lessons_there()


def minutes_said(notebook):
    """Minutes in the first cells of a lesson, beside the header's: "45 minutes"."""
    start = [c.source for c in notebook.cells[:3] if c.cell_type == "markdown" and c.id != "header"]
    return [int(number) for number in re.findall(r"(\d+)(?:&nbsp;|\s)min", "\n".join(start))]


@pytest.mark.parametrize("one", NEW, ids=lambda one: one.number)
def test_the_minutes_said_in_a_lesson_are_those_of_the_map(one):
    notebook = read(one)
    (header,) = [cell for cell in notebook.cells if cell.id == "header"]
    assert f"{one.minutes} minutes" in header.source
    assert set(minutes_said(notebook)) <= {one.minutes, one.asides, one.minutes + one.asides}
    assert parts(notebook)["asides"].said_minutes == one.asides


@pytest.mark.parametrize("one", NEW, ids=lambda one: one.number)
def test_a_lesson_names_what_it_needs(one):
    start = "\n\n".join(c.source for c in read(one).cells[:4] if c.cell_type == "markdown")
    (said,) = re.findall(r"\*\*You need\*\*(.*?)(?:\n\n|\Z)", start, re.DOTALL)
    assert set(one.needs) <= set(re.findall(r"(?<!\d)\d\d(?!\d)", said))


def test_the_picture_shows_every_lesson_and_says_it():
    svg = ET.fromstring(draw_map({"00": (1, 1), "02": (1, 3)}, here="02"))
    words = [node.text for node in svg.iter() if node.text]
    label = svg.get("aria-label")
    for one in LESSONS:
        assert one.name in words and one.name in label
    assert "●  1 of 1 ✓" in words and "●○○  1 of 3" in words
    assert (
        "02, 03, 04, 05" in label
        and "1 of 3 exercises and steps solved, which is open now" in label
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_tables_of_pages_are_those_of_the_map(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    if name != "README.md":
        assert BEGIN in text
    assert with_table(text, PAGES[name]()) == text, "run: make release"


def test_a_table_is_written_where_a_page_asks_for_it():
    page = "# A\n\n<!-- map: begin -->\nOLD\n<!-- map: end -->\n\nB\n"
    new = with_table(page, for_readers())
    assert new.startswith("# A\n\n<!-- map: begin -->\n| lesson |") and new.endswith("-->\n\nB\n")
    assert "OLD" not in new and with_table(new, for_readers()) == new
    assert with_table("# A\n", for_readers()) == "# A\n"
