"""A drawing as a notebook stores it: pictures that any front end shows, with their words.

Front ends that do not trust a notebook throw inline SVG away and leave its words, so a stored
drawing has each ``<svg>`` as an ``<img>``, which all of them keep. Inside an image the page's
colours are out of reach. Each image therefore brings its own ink and paper, for light and for dark
pages: browsers tell it which of the two the page is, and where they are wrong (a page that does not
say ``color-scheme``, under a system that is dark) the picture is still read on its own paper. The
paper is that of JupyterLab's pages, so there it is not seen.

A widget is two outputs: a still, with a line on how to start it, and behind it the view. While the
view lives the still is hidden. When the notebook is opened again and the kernel that made the view
is gone, the still is seen and the view, which would only say that its model is not found, is
hidden. Where a notebook is not trusted only the still is shown at all, and the release of the
course takes the view away.

Inline, in the box of a widget, the same string takes the ink of the page, as it says only
``currentColor``, and has no paper. A drawing that needs the colour of the paper, to cover a line
for example, says ``var(--paper, transparent)``.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VIEW = "application/vnd.jupyter.widget-view+json"

#: Ink and paper where there is no page: JupyterLab's own, light and dark.
THEMES = (
    ":root{color:#212121;--paper:#fff;background:#fff}"
    "@media (prefers-color-scheme:dark){:root{color:#e0e0e0;--paper:#111;background:#111}}"
)
TAG = re.compile(r"<(/?)svg\b[^>]*?(/?)>")
SIZE = re.compile(r"(?:(?:max-)?width|height)\s*:[^;]*;?")


def standalone(svg: str) -> str:
    """One ``<svg>`` string as a file of its own: with ink, paper and size."""
    start, end = next((m.start(), m.end()) for m in TAG.finditer(svg))
    head = re.sub(r'style="([^"]*)"', lambda m: f'style="{SIZE.sub("", m[1])}"', svg[start:end])
    if "xmlns=" not in head:
        head = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    width, height = size(svg)
    if not re.search(r"\swidth=", head):
        head = head.replace("<svg", f'<svg width="{width:g}" height="{height:g}"', 1)
    return f"{head}<style>{THEMES}</style>{svg[end:]}"


def size(svg: str) -> tuple[float, float]:
    """Width and height of an ``<svg>`` string: those of its view box."""
    box = re.search(r'viewBox="([^"]*)"', svg)
    if box is None:
        raise ValueError("svg: expected a viewBox, which says how large the picture is")
    *_, width, height = (float(number) for number in box[1].split())
    return width, height


def as_image(svg: str) -> str:
    """One ``<svg>`` string as an ``<img>`` with its text alternative."""
    label = re.search(r'aria-label="([^"]*)"', svg)
    data = base64.b64encode(standalone(svg).encode()).decode()
    width, _ = size(svg)
    look = f"width:100%;max-width:{width:g}px;height:auto"
    # The attribute stays where a front end strips styles.
    return (
        f'<img alt="{label[1] if label else ""}" width="{width:g}" style="{look}" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def pieces(drawing: str) -> Iterator[tuple[bool, str]]:
    """The drawing cut into (whether it is a picture, text): an svg within an svg is no piece."""
    at = depth = begin = 0
    for tag in TAG.finditer(drawing):
        closes, closed = tag[1], tag[2]
        if not depth and not closes:
            yield False, drawing[at : tag.start()]
            begin = tag.start()
        depth += -1 if closes else 0 if closed else 1
        if not depth:
            at = tag.end()
            yield True, drawing[begin:at]
    yield False, drawing[at:]


class _Words(HTMLParser):
    """The words of a page, a line for each block, with the words for its pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.rules = False  # within a style sheet

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.rules = tag == "style"
        if tag == "img":
            self.said.append("\n" + (dict(attributes).get("alt") or "") + "\n")
        elif tag in ("p", "div", "br", "li", "tr", "table", "figure", "h1", "h2", "h3", "h4"):
            self.said.append("\n")
        elif tag in ("td", "th"):
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.rules:
            self.said.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.rules = False


def words(drawing: str) -> str:
    """What a drawing says to a reader who does not see it."""
    page = _Words()
    for is_picture, piece in pieces(drawing):
        label = re.search(r'aria-label="([^"]*)"', piece) if is_picture else None
        page.feed(f"<p>{label[1] if label else ''}</p>" if is_picture else piece)
    page.close()
    lines = (" ".join(line.split()) for line in "".join(page.said).splitlines())
    return "\n".join(line for line in lines if line)


def bundle(drawing: str, note: str = "") -> dict[str, str]:
    """What a notebook stores of a drawing, by MIME type. note: a sentence below it."""
    page = "".join(as_image(p) if is_picture else p for is_picture, p in pieces(drawing))
    below = f"<p>{html.escape(note)}</p>" if note else ""
    return {
        "text/html": page + below,
        "text/plain": "\n".join(filter(None, (words(drawing), note))),
    }


# In JupyterLab, and whatever shares its outputs: of a still and the view behind it, one is shown.
_OUTPUT, _STILL = ".jp-OutputArea-child", ".jp-OutputArea-child:has(.hebblite-still)"
_GONE = "> .jp-OutputArea-output.jupyter-widgets"  # with nothing but words in it
_ONE_OF_TWO = (
    f"<style>{_STILL}:has(+ {_OUTPUT} > .jp-OutputArea-output.lm-Panel > *),"
    f"{_STILL} + {_OUTPUT}:has({_GONE}):not(:has({_GONE} > *))"
    "{display:none}</style>"
)


def module(name: str) -> str:
    """The JavaScript of a widget, ``name``, with what all of them share (still.js) before it."""
    return "".join((HERE / file).read_text("utf-8") for file in ("still.js", name))


def show_live(widget: Any, drawing: str, note: str) -> None:
    """Display a widget, and what stands for it where its kernel is gone: a drawing and a sentence
    on how to start it. Outside JupyterLab the widget's own module hides the still that stands
    before it, the last ``.hebblite-still`` of the page."""
    from IPython.display import display

    still = bundle(drawing, note)
    still["text/html"] = f'<div class="hebblite-still">{still["text/html"]}</div>{_ONE_OF_TWO}'
    display(still, raw=True)
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    display({VIEW: view}, raw=True)  # without words: a later run is compared by what is stored
