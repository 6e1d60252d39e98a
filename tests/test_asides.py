"""What a lesson calls an aside can be skipped: its main path runs without the cells of asides."""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import ROOT

from hebblite.classroom.release import execute

LESSONS = sorted((ROOT / "course").glob("[0-9][0-9]_*.ipynb"))
HEADING = re.compile(r"^(#+) (.*)", re.MULTILINE)


def main_path(notebook):
    """The notebook without the cells of asides: from a heading "Aside: ..." to the next one of its
    level or above that is none."""
    kept, level = [], 0
    for cell in notebook.cells:
        heading = HEADING.search(cell.source) if cell.cell_type == "markdown" else None
        if heading and (not level or len(heading[1]) <= level):
            level = len(heading[1]) if heading[2].startswith("Aside:") else 0
        if not level:
            kept.append(cell)
    return nbformat.v4.new_notebook(cells=kept, metadata=notebook.metadata)


def test_asides_are_told_from_the_main_path():
    v4 = nbformat.v4
    sources = [
        "# A",
        "## Aside: B",
        "### C",
        "## D",
        "### Aside: E",
        "### F",
        "### Aside: G",
        "## H",
    ]
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(source) for source in sources])
    kept = "".join(cell.source.lstrip("# ") for cell in main_path(notebook).cells)
    assert kept == "ADFH"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_main_path_runs_without_the_asides(path):
    notebook = nbformat.read(path, as_version=4)
    without = main_path(notebook)
    if len(without.cells) == len(notebook.cells):
        return  # it has none: the whole lesson is run elsewhere
    execute(without, path.parent)  # raises on the first error
