"""What checks say, as a box in a notebook and as lines of text everywhere else.

A box has a sign, words, and a coloured edge; it needs no style sheet, so that it looks the same
where a notebook is not trusted, and its words have the page's own colour, light or dark.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from .still import as_image
from .words import say

#: Colour of the edge, and the same as a breath of paint behind the words.
LOOKS = {
    "right": ("#009E73", "rgba(0, 158, 115, 0.1)"),
    "wrong": ("#D55E00", "rgba(213, 94, 0, 0.1)"),
    "open": ("#767676", "rgba(118, 118, 118, 0.1)"),
}
BOX = (
    "border:1px solid {0};border-left:6px solid {0};border-radius:4px;padding:8px 12px;"
    "margin:4px 0;max-width:700px;background-color:{1}"
)
#: What is lowered or raised after a letter or a bracket: one sign, or more in braces.
INDICES = (
    (re.compile(r"(?<![\w`])([A-Za-zΔ])_(?:\{([^{}]+)\}|(max|min|tol|[A-Za-z0-9])(?!\w))"), "sub"),
    (
        re.compile(r"((?<!\w)[A-Za-z]|[)|\]]|</sub>)\^(?:\{([^{}]+)\}|([A-Za-z0-9+\-])(?!\w))"),
        "sup",
    ),
)
CELL = "padding:2px 8px;text-align:right;border:none"


@dataclass
class Fold:
    """Something that opens when it is clicked. words: text; or code, as it is; or what is
    inside."""

    title: str
    words: str = ""
    code: str = ""
    open: bool = False
    inside: Piece | None = None

    def html(self) -> str:
        inside = f"<p style='margin:4px 0'>{marked(self.words)}</p>" if self.words else ""
        if self.code:
            inside += f"<pre style='margin:4px 0;overflow-x:auto'>{html.escape(self.code)}</pre>"
        inside += self.inside.html() if self.inside else ""
        state = " open" if self.open else ""
        return f"<details{state}><summary>{marked(self.title)}</summary>{inside}</details>"

    def plain(self) -> str:
        inside = self.inside.plain() if self.inside else ""
        return "\n".join(filter(None, (f"{self.title}:", self.words, self.code, inside)))


@dataclass
class Table:
    """Rows of numbers with a name before each."""

    rows: Sequence[tuple[str, Sequence[str]]]

    def html(self) -> str:
        body = "".join(
            f"<tr><th scope='row' style='{CELL}'>{html.escape(name)}</th>"
            + "".join(f"<td style='{CELL}'>{html.escape(number)}</td>" for number in numbers)
            + "</tr>"
            for name, numbers in self.rows
        )
        return f"<div style='overflow-x:auto'><table style='margin:4px 0'>{body}</table></div>"

    def plain(self) -> str:
        return "\n".join(f"{name + ':':12}{'  '.join(numbers)}" for name, numbers in self.rows)


@dataclass
class Grid:
    """A table of words, with a name above each column; the first of a row names it."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def html(self) -> str:
        look = "padding:2px 8px;text-align:left;vertical-align:top;border:none;white-space:normal"
        head = "".join(f"<th scope='col' style='{look}'>{marked(c)}</th>" for c in self.columns)
        body = "".join(
            "<tr>"
            + f"<th scope='row' style='{look}'>{marked(name)}</th>"
            + "".join(f"<td style='{look}'>{marked(words)}</td>" for words in rest)
            + "</tr>"
            for name, *rest in self.rows
        )
        return (
            "<div style='overflow-x:auto'><table style='margin:4px 0;border-collapse:collapse'>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def plain(self) -> str:
        return "\n".join(" | ".join(row) for row in (self.columns, *self.rows))


@dataclass
class Picture:
    """A drawing, and its words."""

    svg: str

    def html(self) -> str:
        return as_image(self.svg)

    def plain(self) -> str:
        label = re.search(r'aria-label="([^"]*)"', self.svg)
        return html.unescape(label[1]) if label else ""


@dataclass
class Row:
    """Drawings beside each other, or below each other where the page is narrow."""

    pictures: Sequence[Picture]

    def html(self) -> str:
        each = "".join(f"<div style='flex:1 1 280px'>{p.html()}</div>" for p in self.pictures)
        return f"<div style='display:flex;flex-wrap:wrap;gap:6px;margin:4px 0'>{each}</div>"

    def plain(self) -> str:
        return "\n".join(picture.plain() for picture in self.pictures)


@dataclass
class Words:
    """A sentence of its own."""

    words: str

    def html(self) -> str:
        return f"<p style='margin:6px 0 0'>{marked(self.words)}</p>"

    def plain(self) -> str:
        return self.words


@dataclass
class Tags:
    """Names in small frames, with words before them. pale: dashed frames."""

    title: str
    names: Sequence[str]
    pale: bool = False

    def html(self) -> str:
        look = f"border:1px {'dashed' if self.pale else 'solid'} currentColor;border-radius:9px;"
        look += "padding:0 7px;margin:2px 0;display:inline-block"
        tags = " ".join(f"<span style='{look}'>{html.escape(name)}</span>" for name in self.names)
        return f"<p style='margin:6px 0 0'>{html.escape(self.title)}: {tags}</p>"

    def plain(self) -> str:
        return f"{self.title}: {', '.join(self.names)}."


Piece = Fold | Tags | Table | Grid | Picture | Row | Words


@dataclass
class Box:
    """look: one of LOOKS. head: "✓ 02.1 is right: ..."; line: what a terminal is told, where it
    is more than the head. pieces: what stands below it, in a notebook only."""

    look: str
    head: str
    rest: str = ""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def line(self) -> str:
        return f"{self.head} {self.rest}".rstrip()

    def html(self) -> str:
        edge, paint = LOOKS[self.look]
        head = f"<strong>{marked(self.head)}</strong> {marked(self.rest)}".rstrip()
        below = "".join(piece.html() for piece in self.pieces)
        return f"<div style='{BOX.format(edge, paint)}'><p style='margin:0'>{head}</p>{below}</div>"

    def plain(self) -> str:
        return "\n".join((self.line, *(piece.plain() for piece in self.pieces)))


def put(box: Box) -> None:
    """Show a box in a notebook; say its line anywhere else."""
    if not in_notebook():
        say(box.line)
        return
    from IPython.display import display

    display({"text/html": box.html(), "text/plain": box.plain()}, raw=True)


def put_whole(box: Box) -> None:
    """The same, for a box of which the head alone says little: anywhere else all is said."""
    if in_notebook():
        put(box)
    else:
        say(box.plain())


def in_notebook() -> bool:
    """Whether what runs is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    return hasattr(ipython.get_ipython(), "kernel") if ipython is not None else False


def marked(words: str) -> str:
    """Words as HTML: `code`, *stress*, and indices: a_l, a_{l-1}, W^T, x^2."""
    pieces = re.split(r"`([^`]+)`", words)
    for i, piece in enumerate(pieces):
        safe = html.escape(piece, quote=False)
        if i % 2:
            pieces[i] = f"<code>{safe}</code>"
        else:
            safe = re.sub(r"(?<![\w*])\*(\w[^*]*)\*(?!\*)", r"<em>\1</em>", safe)
            for mark, tag in INDICES:
                safe = mark.sub(rf"\1<{tag} style='line-height:0'>\2\3</{tag}>", safe)
            pieces[i] = safe
    return "".join(pieces)
