"""Each lesson keeps its budget and its looks: DESIGN's 45 minutes, 2,200 words, 45 cells."""

from __future__ import annotations

import re

import nbformat
import pytest
from budget import LOOKS, MOST, count_words, first_picture_and_equation, main, parts, read
from conftest import ROOT

from hebblite.teaching.course_map import lessons_there

NEW = lessons_there()
each = pytest.mark.parametrize("one", NEW, ids=lambda one: one.number)
v4 = nbformat.v4


def notebook_of(*cells):
    """A notebook of these sources: Markdown, or code where a cell begins with ">>> "."""
    made = [
        v4.new_code_cell(source[4:]) if source.startswith(">>> ") else v4.new_markdown_cell(source)
        for source in cells
    ]
    return v4.new_notebook(cells=made)


@each
def test_the_main_path_and_the_asides_keep_their_budget(one):
    found = read(one.stem)
    most = found["main"]
    assert most.words <= MOST["words"], "shorten it, or make something an aside"
    assert len(most.cells) <= MOST["cells"]
    assert one.minutes <= MOST["minutes"] and one.asides <= MOST["aside minutes"]
    assert most.minutes <= 1.15 * one.minutes, (
        "more than the map promises, by the rule of budget.py"
    )
    assert found["asides"].said_minutes == one.asides


@each
def test_a_picture_comes_before_the_first_equation(one):
    picture, equation = first_picture_and_equation(
        nbformat.read(ROOT / "course" / one.file, as_version=4)
    )
    assert picture < equation


def own_work(words, in_an_aside):
    """The shape and the level of the heading of an exercise, or of a step of a proof."""
    if words.startswith("✎ Step"):
        return r"✎ Step T\d+\.\d+( \(optional\))?: .+", 4 if in_an_aside else 3
    return r"✎ Exercise \d\d\.\d+( \(optional\))?: .+", 4 if in_an_aside else 2


def looks(found):
    """What is wrong with the headings of a lesson's parts."""
    wrong, order = [], [words for part in found.values() for _, words in part.headings]
    main = [words for _, words in found["main"].headings]
    if "Recap" not in main or main[-1] != "Recap":
        wrong.append("the main path ends with ## Recap")
    if order[-1:] != ["References"]:
        wrong.append("the lesson ends with ## References")
    if found["asides"].headings[:1] not in ([], [(2, "Asides")]):
        wrong.append("asides stand in one section, ## Asides, after the recap")
    for name, part in found.items():
        for depth, words in part.headings:
            sign = words[:1] if words[:1] in LOOKS else ""
            if re.match(r"\W*\b(Exercise|Predict|Aside)\b", words) and not sign:
                wrong.append(f"{words}: begins with one of {' '.join(LOOKS)}")
            shape, level = {
                "✎": own_work(words, name == "asides"),
                "◇": (r"◇ Predict: .+", None),
                "↷": (r"↷ Aside: .+ \(\d+ minutes?\)", 3),
            }.get(sign, ("", None))
            if not re.fullmatch(shape or ".*", words):
                wrong.append(f"{words}: expected {shape}")
            if level and depth != level:
                wrong.append(f"{words}: a heading of level {level}")
            if (sign == "↷") and name != "asides":
                wrong.append(f"{words}: an aside on the main path")
    return wrong


@each
def test_headings_have_the_looks_of_every_lesson(one):
    assert looks(read(one.stem)) == []


GOOD = (
    "# 02 · A title",
    "### ◇ Predict: how far?",
    "## ✎ Exercise 02.1: one",
    "### ✎ Step T2.1: one more",
    "## Recap",
    "## Asides",
    "### ↷ Aside: two (4 minutes)",
    "#### ✎ Exercise 02.2 (optional): more",
    "### ↷ Aside: three (1 minute)",
    "## References",
)


def test_the_looks_are_told_apart():
    assert looks(parts(notebook_of(*GOOD))) == []
    for at, bad in (
        (1, "### Predict: how far?"),
        (2, "## Exercise 02.1: one"),
        (2, "### ✎ Exercise 02.1: one"),
        (2, "## ✎ Exercise: one"),
        (3, "## ✎ Step T2.1: one more"),
        (3, "### ✎ Step 1: one more"),
        (4, "## Summary"),
        (5, "## Text"),
        (6, "### ↷ Aside: two"),
        (6, "## ↷ Aside: two (4 minutes)"),
        (7, "## ✎ Exercise 02.2 (optional): more"),
        (9, "## Sources"),
    ):
        cells = [*GOOD[:at], bad, *GOOD[at + 1 :]]
        assert looks(parts(notebook_of(*cells))), bad


def test_a_lesson_is_cut_into_its_parts():
    found = parts(notebook_of(*GOOD))
    assert [len(found[name].cells) for name in ("main", "asides", "rest")] == [5, 4, 1]
    assert found["asides"].said_minutes == 5
    # An aside of the old form, in the middle, ends with its section.
    old = parts(notebook_of("# A", "### Aside: B", "text", "## C", "## References"))
    assert [len(old[name].cells) for name in ("main", "asides", "rest")] == [2, 2, 1]


@pytest.mark.parametrize(
    "text, number",
    [
        ("Two words.", 2),
        ("It isn't 2,200 well-read words.", 5),
        ("See [the map](index.ipynb), `code` too.", 5),
        ("$v$ rises to $v = b + a$", 5),
        ("![what is seen](attachment:hero.svg) one", 1),
        ("![seen][hero]\n\none\n\n[hero]: data:image/svg+xml;base64,AAAA", 1),
        ("<details><summary>Answer</summary>\n\nYes.\n\n</details>", 2),
        ("```python\na = b\n```\nafter", 1),
    ],
)
def test_words_are_counted_as_they_are_read(text, number):
    assert count_words(text) == number


def test_what_is_folded_is_not_shown():
    notebook = notebook_of(">>> a = 1\nb = 2", ">>> c = 3")
    notebook.cells[0].metadata["jupyter"] = {"source_hidden": True}
    assert parts(notebook)["main"].code_lines == 1


def test_the_first_picture_and_the_first_equation_are_found():
    first = first_picture_and_equation
    picture, equation = first(notebook_of("# A\n\n![b][hero]\n\n$$c$$"))
    assert picture < equation
    picture, equation = first(notebook_of("# A\n\n$$c$$\n\n![b][hero]"))
    assert picture > equation
    shown = notebook_of("# A", ">>> show()", "$$c$$")
    shown.cells[1].outputs = [v4.new_output("display_data", {"text/html": "<img alt='b' src=''>"})]
    assert first(shown) == (1, 2)


def test_the_table_has_two_rows_for_each_lesson(capsys):
    assert main(["00", "02"]) == 0
    said = capsys.readouterr().out
    assert "00_start main" in said and "02_credit_assignment main" in said and "01_" not in said
    assert said.count("   asides") == 2
