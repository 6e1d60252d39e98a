"""What every released notebook gets beside its author's cells: header, footer, folds, its picture.

``dress(notebook, stem)`` does it for ``solutions/`` and ``course/`` alike, and may be done again:

- *header* (id ``header``): previous, map, next; minutes; how many exercises. It stands above the
  title, whose ``#`` heading stays the first one.
- *footer* (ids ``progress``, ``footer``): what is solved of this lesson and where to go on, and the
  same links again.
- *folds*: a code cell with the tag ``fold``, and every cell of a teacher's tests, has its source
  collapsed. Lab then shows its first line, so that line should say what the cell is for: begin with
  a comment.
- *table*: the index has one of all lessons, made from the map (id ``lessons``).
- *hero*: ``![what is seen](attachment:hero.svg)`` becomes the picture that
  ``hebblite.lessons.lessonNN.hero()`` draws.

``hide_answers(notebook)`` is for the learner's copy alone: cells with the tag ``answer`` have their
outputs collapsed until they are run. Lab shows the first line of what is collapsed, which would
give the answer away; so a line that says what to do goes before it. Running the cell replaces both.

Where the picture is kept. JupyterLab (4.6) does not show attachments of the type image/svg+xml: it
knows bitmaps only there. What it shows, trusted or not, and moving, is an address with the data in
it; nbconvert does too. So the author writes ``attachment:hero.svg``, release makes that a link by
reference, ``![...][hero]``, and puts the address, which is long, into the last line of the cell,
out of the reader's way. A later release replaces that line. Light and dark come from
``still.standalone``, as in every stored picture.
"""

from __future__ import annotations

import base64
import importlib
import re
import xml.etree.ElementTree as ET
from typing import Any

from ..teaching.course_map import (
    INDEX,
    LESSONS,
    Lesson,
    lesson,
    lessons_table,
    minutes_of,
    neighbours,
    path_in_words,
    shortest_path,
)
from ..teaching.still import standalone

#: The first line of a teacher's cell: what is seen of it when it is folded.
TESTS_LINE = "# For teachers: tests that give points. On your own, you need not open or run this."
#: What stands before a hidden answer.
GUESS_FIRST = "The answer is folded. Make your guess, then run this cell."
PAGES = {"notation": "notation", "glossary": "glossary", "references": "references"}
OWN = ("header", "progress", "footer")
TABLE = "lessons"  # the id of the cell of the index that is made from the map
SHORTEST = (
    f"The shortest path to the main result is {path_in_words()}, "
    f"{sum(lesson(number).minutes for number in shortest_path())} minutes in all."
)
HERO = re.compile(r"\]\(attachment:hero\.svg\)|\]\[hero\]")
HERO_DATA = re.compile(r"\n*^\[hero\]: data:\S*$", re.MULTILINE)
EXERCISE = re.compile(r"^#+ (?:✎ |Aside: )?[Ee]xercise \d\d\.\d+(.*)$", re.MULTILINE)
STEP = re.compile(r"^#+ ✎ Step T\d+\.\d+(.*)$", re.MULTILINE)


def dress(notebook: Any, stem: str) -> None:
    """Give the notebook ``stem`` its header, footer, folds and picture. It is changed in place.

    ValueError if it asks for a picture that its lesson does not draw."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    here = next((one for one in LESSONS if one.stem == stem), None)
    cells = [cell for cell in notebook.cells if cell.id not in OWN]
    links = page_links(stem) if here is None else lesson_links(here)
    facts = "" if here is None else f"  \n{lesson_facts(here, cells)} · {page_links(stem)}"
    cells.insert(0, new_markdown_cell(links + facts, id="header"))
    if here is not None:
        progress = new_code_cell(
            "# Your exercises of this lesson, and where to go on\n"
            "from hebblite.teaching import show_progress\n\n"
            f'show_progress("{here.number}")',
            id="progress",
            metadata={"tags": ["fold", "nbval-ignore-output"]},
        )
        cells.append(progress)
    cells.append(new_markdown_cell(f"---\n\n{links}", id="footer"))
    notebook.cells = cells
    for cell in cells:
        if cell.cell_type == "code":
            fold(cell)
        elif here is not None:
            fill_hero(cell, here.number)
        elif cell.id == TABLE:
            cell.source = f"## The lessons\n\n{lessons_table()}\n\n{SHORTEST}"


def lesson_links(here: Lesson) -> str:
    """Previous, map, next. The arrows stay with their words where a line breaks."""
    before, after = neighbours(here.number) if here.is_there else (None, None)
    parts = [f"[←\u00a0{before.name}]({before.file})"] if before else []
    parts.append(f"[map of the course]({INDEX})")
    parts += [f"[{after.name}\u00a0→]({after.file})"] if after else []
    return " · ".join(parts)


def page_links(stem: str) -> str:
    """The pages that all lessons share, and on these pages the map; no link to itself."""
    own = stem in PAGES or f"{stem}.ipynb" == INDEX
    places = {INDEX.removesuffix(".ipynb"): "map of the course"} if own else {}
    return " · ".join(
        f"**{words}**" if name == stem else f"[{words}]({name}.ipynb)"
        for name, words in (places | PAGES).items()
    )


def lesson_facts(here: Lesson, cells: list[Any]) -> str:
    """Minutes, exercises, steps of a proof: "About 45 minutes ... · 3 exercises, 1 optional"."""
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    said = counted(EXERCISE, text, "exercise", "exercises")
    if STEP.search(text):
        said += " · " + counted(STEP, text, "step of a proof", "steps of a proof")
    return f"{minutes_of(here)} · {said}"


def counted(heading: re.Pattern[str], text: str, one: str, many: str) -> str:
    """How many headings of this kind there are, and how many of them are optional."""
    found = [match[0] for match in heading.finditer(text)]
    optional = sum("optional" in words for words in found)
    said = f"{len(found)} {one if len(found) == 1 else many}"
    return said + f", {optional} of them optional" * bool(optional)


def is_tests(cell: Any) -> bool:
    """Whether a cell is a teacher's: it grades, and is not itself the answer."""
    mark = cell.metadata.get("nbgrader", {})
    return bool(mark.get("grade") and not mark.get("solution"))


def fold(cell: Any) -> None:
    """Collapse the source of a code cell, or open it, as its tags say."""
    if is_tests(cell):
        first, _, rest = cell.source.partition("\n")
        own = first.startswith("#") and "BEGIN" not in first
        cell.source = f"{TESTS_LINE}\n{rest if own else cell.source}"
    mark(cell, "source_hidden", is_tests(cell) or "fold" in cell.metadata.get("tags", []))


def mark(cell: Any, key: str, on: bool) -> None:
    """Set ``metadata.jupyter[key]``, or take it away, and leave no empty dictionary."""
    jupyter = cell.metadata.setdefault("jupyter", {})
    jupyter.pop(key, None)
    if on:
        jupyter[key] = True
    if not jupyter:
        del cell.metadata["jupyter"]


def hide_answers(notebook: Any) -> None:
    """Collapse the outputs of cells with the tag ``answer``, behind a line that says what to do.

    For the learner's copy, before and after it is run. What it shows is compared with no later
    run, since a later run has no such line."""
    from nbformat.v4 import new_output

    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or "answer" not in tags:
            continue
        mark(cell, "outputs_hidden", True)
        if "nbval-ignore-output" not in tags:
            cell.metadata["tags"] = [*tags, "nbval-ignore-output"]
        if cell.outputs:
            cell.outputs.insert(0, new_output("display_data", {"text/plain": GUESS_FIRST}))


def fill_hero(cell: Any, number: str) -> None:
    """Put the lesson's picture where a Markdown cell asks for it; else leave the cell alone."""
    if not HERO.search(cell.source):
        return
    source = HERO_DATA.sub("", HERO.sub("][hero]", cell.source)).rstrip()
    data = base64.b64encode(standalone(hero(number)).encode()).decode()
    cell.source = f"{source}\n\n[hero]: data:image/svg+xml;base64,{data}"
    cell.pop("attachments", None)


def hero(number: str) -> str:
    """The picture of lesson ``number``, drawn anew. ValueError unless it has words."""
    module = f"hebblite.lessons.lesson{number}"
    draw = getattr(importlib.import_module(module), "hero", None)
    if draw is None:
        raise ValueError(
            f"lesson {number} asks for attachment:hero.svg, but {module}.hero is missing"
        )
    drawing = str(draw())
    try:
        root = ET.fromstring(drawing)
    except ET.ParseError as error:
        raise ValueError(f"{module}.hero() is no well-formed SVG: {error}") from None
    if not root.tag.endswith("svg") or not root.get("aria-label") or not root.get("viewBox"):
        raise ValueError(f"{module}.hero(): expected one <svg> with viewBox and aria-label")
    return drawing
