"""What a lesson calls an aside can be skipped: all asides stand behind the main path, so that the
run of the whole lesson shows that the main path needs none of them."""

from __future__ import annotations

import nbformat
import pytest
from budget import parts
from conftest import ROOT

from hebblite.classroom.dress import OWN
from hebblite.teaching.course_map import lessons_there


def without_asides(notebook):
    """The notebook without the cells of its asides."""
    asides = {cell.id for cell in parts(notebook)["asides"].cells}
    kept = [cell for cell in notebook.cells if cell.id not in asides]
    return nbformat.v4.new_notebook(cells=kept, metadata=notebook.metadata)


def stray(notebook):
    """The cells of the main path that stand behind the first aside."""
    found = parts(notebook)
    ids = [cell.id for cell in notebook.cells if cell.id not in OWN]
    first = min((ids.index(cell.id) for cell in found["asides"].cells), default=len(ids))
    return [cell.id for cell in found["main"].cells if ids.index(cell.id) > first]


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
    kept = "".join(cell.source.lstrip("# ") for cell in without_asides(notebook).cells)
    assert kept == "ADFH"
    assert len(stray(notebook)) == 3
    sources = [
        "# A",
        "## Recap",
        "## Asides",
        "### ↷ Aside: B (2 minutes)",
        "text",
        "## References",
    ]
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(source) for source in sources])
    assert len(without_asides(notebook).cells) == 3 and stray(notebook) == []


@pytest.mark.parametrize("one", lessons_there(), ids=lambda one: one.number)
def test_asides_stand_behind_the_main_path(one):
    path = ROOT / "course" / one.file
    notebook = nbformat.read(path, as_version=4)
    assert stray(notebook) == []
