"""What a reader who does not see the page, or not well, gets of a stored notebook: headings in
order, and words for every picture. Axe looks at the same notebooks exported (test_stored) and run,
with their widgets (test_browser): at all that is ours, Markdown and outputs, with all its rules.
"""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import nbformat
import pytest
from browser import ROOT

PAGES = sorted((ROOT / "course").glob("*.ipynb"))
NOTEBOOKS = [*PAGES, *sorted((ROOT / "solutions").glob("*.ipynb"))]


def read(path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


# ---------------------------------------------------------------------- the stored notebook


class Outline(HTMLParser):
    """The tags that matter here, in order, with their attributes and the words inside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.pictures = 0  # that are open: an svg within an svg is a part, not a picture
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag != "svg" or not self.pictures:
            self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.pictures += tag == "svg"

    def handle_endtag(self, tag):
        self.pictures -= tag == "svg"

    def handle_data(self, data):
        self.words += data


def rendered(cell) -> Outline:
    from nbconvert.filters import markdown2html_mistune

    return Outline(markdown2html_mistune(cell.source))


def problems_of_headings(notebook) -> list[str]:
    """One h1, at the top, and no level left out on the way down."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    levels = [
        int(tag[1]) for cell in cells for tag, _ in rendered(cell).tags if re.match("h[1-6]", tag)
    ]
    found = [f"h{b} follows h{a}" for a, b in itertools.pairwise(levels) if b > a + 1]
    if levels[:1] != [1] or levels.count(1) != 1:
        found.append(f"one h1 at the top is expected; the levels are {levels}")
    return found


def problems_of_pictures(notebook) -> list[str]:
    """Pictures in Markdown and outputs without words that say what is to be seen."""
    found = []
    for cell in notebook.cells:
        pages = [rendered(cell)] if cell.cell_type == "markdown" else []
        outputs = cell.get("outputs", [])
        for data in (output.get("data", {}) for output in outputs):
            pages += [
                Outline(data[kind]) for kind in ("text/html", "image/svg+xml") if kind in data
            ]
        for name, attributes in (tag for page in pages for tag in page.tags):
            if name == "img" and not re.search(r"\w", attributes.get("alt", "")):
                found.append(f"{cell.id}: an image without alt")
            if name == "svg" and attributes.get("role") != "img":
                found.append(f"{cell.id}: an svg without role=img")
            if name == "svg" and len(attributes.get("aria-label", "")) <= 30:
                found.append(f"{cell.id}: an svg without a label of more than 30 characters")
        # Lab shows a bitmap without any words: they have to stand in an output beside it.
        bitmaps = [o for o in outputs if any(k in o.get("data", {}) for k in BITMAPS)]
        if bitmaps:
            said = "".join(page.words for page in pages)
            said += "".join(output.get("text", "") for output in outputs)
            if len(said.strip()) <= 30:
                found.append(f"{cell.id}: a bitmap without a text alternative beside it")
    return found


BITMAPS = ("image/png", "image/jpeg", "image/gif")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_headings_are_in_order_and_pictures_have_words(path):
    notebook = read(path)
    assert problems_of_headings(notebook) == []
    assert problems_of_pictures(notebook) == []


V4 = nbformat.v4
GOOD_LABEL = "Line chart of test accuracy against epochs, rising from 90 to 94 percent."


def with_output(kind: str, value: str, *more) -> nbformat.NotebookNode:
    output = V4.new_output("display_data", {kind: value, "text/plain": "<Figure size 64x48>"})
    return V4.new_notebook(cells=[V4.new_code_cell("draw()", outputs=[output, *more])])


@pytest.mark.parametrize(
    "notebook",
    [
        with_output("text/html", f'<svg aria-label="{GOOD_LABEL}"></svg>'),
        with_output("text/html", '<svg role="img" aria-label="A chart."></svg>'),
        with_output("text/html", '<p>A digit:</p><img src="x.png" alt="">'),
        with_output("image/png", "aGVsbG8="),
        V4.new_notebook(cells=[V4.new_markdown_cell("See ![](x.png)")]),
        V4.new_notebook(cells=[V4.new_markdown_cell("See ![ ][1]\n\n[1]: x.png")]),
        V4.new_notebook(cells=[V4.new_markdown_cell('<img src="x.png">')]),
    ],
)
def test_a_picture_without_words_is_noticed(notebook):
    assert len(problems_of_pictures(notebook)) == 1


def test_a_picture_with_words_passes():
    words = V4.new_output("stream", text=GOOD_LABEL)
    svg = f'<svg role="img" aria-label="{GOOD_LABEL}"><svg x="1"></svg></svg>'
    assert problems_of_pictures(with_output("text/html", svg)) == []
    assert problems_of_pictures(with_output("text/html", svg + "<svg></svg>")) != []
    assert problems_of_pictures(with_output("image/png", "aGVsbG8=", words)) == []


@pytest.mark.parametrize("text", ["## A", "# A\n\n### B", "# A\n\n## B\n\n# C", "text"])
def test_headings_out_of_order_are_noticed(text):
    assert problems_of_headings(V4.new_notebook(cells=[V4.new_markdown_cell(text)]))


def test_a_comment_in_code_is_no_heading():
    text = "# A\n\n```python\n#### a comment\n```\n\n## B"
    assert problems_of_headings(V4.new_notebook(cells=[V4.new_markdown_cell(text)])) == []
