"""How long a lesson is: words, cells, code shown and minutes, of its main path and of its asides.

    python tests/budget.py          a table of all lessons
    python tests/budget.py 02 04    of these, by number

The *main path* is everything from the title to the recap. What stands in the section "Asides" is an
aside; references, header and footer are neither. Counted are words that are read: prose with the
alternative texts of pictures left out, a formula as one word for each relation in it, code not at
all. A line of code is *shown* unless its cell is folded; blank lines and comments count, since
they are read, but what learners do not get (solutions, hidden tests) does not.

Minutes are an estimate, to be compared with what the map of the course promises: 200 words a
minute, 5 s for each line of code that is shown, 1 minute for each picture or widget, half a minute
for each prediction, 3 minutes for each step of a proof (one line, and what it needs), and 5 minutes
for each exercise. On how fast these are done there are no measurements of this course; the numbers
are meant to be the same for all lessons.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from hebblite.classroom.dress import HERO_DATA, OWN
from hebblite.teaching.course_map import lessons_there

ROOT = Path(__file__).resolve().parent.parent
HEADING = re.compile(r"^(#+) +(.*?)\s*$", re.MULTILINE)
WORDS_A_MINUTE, CODE_LINE, PICTURE, PREDICTION, STEP, EXERCISE = 200, 5 / 60, 1.0, 0.5, 3.0, 5.0
MOST = {"words": 2_200, "cells": 45, "minutes": 45, "aside minutes": 30}
LOOKS = ("✎", "◇", "↷")


@dataclass
class Part:
    """A part of a lesson, and what is counted of it."""

    cells: list[Any] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(count_words(c.source) for c in self.cells if c.cell_type == "markdown")

    @property
    def code_lines(self) -> int:
        return sum(len(c.source.splitlines()) for c in self.cells if shown(c))

    @property
    def pictures(self) -> int:
        return sum(has_picture(cell) for cell in self.cells)

    def count(self, sign: str) -> int:
        """Headings that begin with this sign."""
        return sum(words.startswith(sign) for _, words in self.headings)

    @property
    def exercises(self) -> int:
        return self.count("✎ Exercise") or self.count("Exercise")

    @property
    def minutes(self) -> float:
        """What it takes, by the rule of this module."""
        return (
            self.words / WORDS_A_MINUTE
            + CODE_LINE * self.code_lines
            + PICTURE * self.pictures
            + PREDICTION * self.count("◇")
            + STEP * self.count("✎ Step")
            + EXERCISE * self.exercises
        )

    @property
    def said_minutes(self) -> int:
        """The minutes that headings give, as in "↷ Aside: title (4 minutes)"."""
        found = [re.search(r"\((\d+) minutes?\)", words) for _, words in self.headings]
        return sum(int(match[1]) for match in found if match)


def shown(cell: Any) -> bool:
    """Whether a reader sees the source of a code cell."""
    folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
    return cell.cell_type == "code" and not folded


def has_picture(cell: Any) -> bool:
    """Whether a cell shows a picture, its own or in what it put out."""
    if cell.cell_type == "markdown":
        return bool(re.search(r"!\[.*?\]", cell.source, re.DOTALL))
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    return any(re.search("<svg|<img", "".join(d.get("text/html", ""))) for d in data) or any(
        "application/vnd.jupyter.widget-view+json" in d for d in data
    )


def count_words(text: str) -> int:
    """Words of Markdown that are read, formulas included."""
    text = HERO_DATA.sub("", text)
    text = re.sub(r"^```.*?^```", " ", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"!\[.*?\](\(.*?\)|\[.*?\])", " ", text, flags=re.DOTALL)
    for formula in (r"\$\$(.*?)\$\$", r"(?<![\\$])\$([^$\n]+)\$"):
        text = re.sub(formula, relations, text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|<[^>]*>|&\w+;", " ", text)
    return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", text))


def relations(formula: re.Match[str]) -> str:
    """A word for each side of a formula."""
    signs = re.findall(r"=|\\approx|\\le|\\ge|\\to|\\propto|<|>", formula[1])
    return " formula" * (1 + len(signs)) + " "


def parts(notebook: Any) -> dict[str, Part]:
    """The lesson in three: "main", "asides" and "rest" (references; not header and footer)."""
    found = {name: Part() for name in ("main", "asides", "rest")}
    now, level = "main", 0
    for cell in notebook.cells:
        if cell.id in OWN:
            continue
        headings = []
        if cell.cell_type == "markdown":
            headings = [(len(m[1]), m[2]) for m in HEADING.finditer(prose(cell.source))]
        if headings:
            depth, words = headings[0]
            if words == "References":
                now, level = "rest", depth
            elif words == "Asides" or is_aside(words):
                if now != "asides":
                    now, level = "asides", depth
            elif depth <= level:
                now, level = "main", 0
        found[now].cells.append(cell)
        found[now].headings += headings
    return found


def is_aside(words: str) -> bool:
    return bool(re.match(r"(↷ )?Aside:", words))


def prose(text: str) -> str:
    """Markdown without blocks of code, whose comments look like headings."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def read(stem: str) -> dict[str, Part]:
    """The parts of a learner's copy."""
    return parts(nbformat.read(ROOT / "course" / f"{stem}.ipynb", as_version=4))


def first_picture_and_equation(notebook: Any) -> tuple[float, float]:
    """In which cell the first picture stands and the first equation on a line of its own; a
    picture counts as half a cell earlier where it stands above the equation in the same cell."""
    picture = equation = float("inf")
    for number, cell in enumerate(notebook.cells):
        source = cell.source if cell.cell_type == "markdown" else ""
        if "$$" in source and equation == float("inf"):
            equation = number + source.index("$$") / (len(source) + 1)
        if has_picture(cell) and picture == float("inf"):
            at = re.search(r"!\[", source)
            picture = number + (at.start() / (len(source) + 1) if at else 0)
    return picture, equation


def row(name: str, part: Part, said: int) -> str:
    signs = f"{part.exercises:3} {part.count('✎ Step'):4} {part.count('◇'):3}"
    return (
        f"{name:32} {part.words:6} {len(part.cells):6} {part.code_lines:6} {part.pictures:5}"
        f" {signs} {part.minutes:8.0f} {said:6}"
    )


def main(numbers: Sequence[str]) -> int:
    """Print the table of these lessons, or of all."""
    print(f"{'':32}  words  cells   code  pict   ✎ Step   ◇  minutes   said")
    for one in lessons_there():
        if numbers and one.number not in numbers:
            continue
        found = read(one.stem)
        print(row(f"{one.stem} main", found["main"], one.minutes))
        print(row("   asides", found["asides"], one.asides))
    most = MOST
    print(f"{'at most, main':32} {most['words']:6} {most['cells']:6}{'':33}{most['minutes']:3}")
    print(f"{'at most, asides':32}{'':51}{most['aside minutes']:3}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
