"""The map of the theorems: which one uses which, and which assumptions enter where.

What has steps says for itself what it needs. The table below adds the theorems that lessons prove
in their text, and those that are planned: they are drawn pale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np

from ..chart.words import wrapped
from ..course_map import LESSONS
from ..placing import text_width
from ..schematic.drawing import bend, head_of
from ..svg import picture, show, text
from ..words import count, listing
from .registry import theorems
from .theory import Theorem

WIDE, GAP, ROW = 174.0, 14.0, 50.0  # of a node, between nodes, between rows
LINE, TAG, PAD = 14.0, 18.0, 9.0
PALE = "0.55"


class Told(NamedTuple):
    """A theorem: a short title, its lesson, what it uses, and what its text assumes where it has
    no steps."""

    title: str
    lesson: str
    uses: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()


TOLD = {
    "T1": Told("a sum of small changes is the whole change", "03", (),
               ("constant pre", "rest at the start", "teacher still on")),
    "T2": Told("STDP averages to differential Hebb", "01", (), ("constant pre",)),
    "T3": Told("DH is preconditioned gradient descent", "05", ("T1",)),
    "T4": Told("learning lowers the amount of feedback", "06"),
    "T5": Told("learning shortens the latency", "07"),
    "T6": Told("DH in Equilibrium Propagation", "09", ("T1",)),
    "T7": Told("DH in Predictive Coding", "08", ("T3", "T4")),
    "T8": Told("DH in the dendritic microcircuit", "10", ("T1", "T3")),
    "T9": Told("what DH cannot do", "05", ("T3",)),
}  # fmt: skip


class Node(NamedTuple):
    """A theorem as it is drawn. there: its lesson can be opened. steps: how many there are to
    write."""

    number: str
    title: str
    lesson: str
    uses: tuple[str, ...]
    assumes: tuple[str, ...]
    steps: int
    there: bool


def nodes_of(known: Mapping[str, Theorem]) -> list[Node]:
    """All theorems: those that have steps say what these need and use."""
    there = {one.number for one in LESSONS if one.is_there}
    found = []
    for number in sorted({*TOLD, *known}, key=lambda n: (len(n), n)):
        said = TOLD.get(number, Told("", ""))
        one = known.get(number)
        steps = list(one.steps.values()) if one else []
        needs = {need.split(".")[0] for step in steps for need in step.needs} - {number}
        used = [name for name in (one.assumptions if one else ())
                if any(name in step.uses for step in steps)]  # fmt: skip
        lesson = one.lesson if one else said.lesson
        title = said.title or (one.title if one else "")
        found.append(Node(
            number, title, lesson, tuple(sorted({*said.uses, *needs})),
            tuple(used or said.assumes), len(steps), bool(steps) or lesson in there,
        ))  # fmt: skip
    return found


def rows_of(nodes: list[Node]) -> list[list[Node]]:
    """Nodes in rows: each one below all that it uses."""
    by_number = {node.number: node for node in nodes}

    def depth(number: str, above: tuple[str, ...] = ()) -> int:
        if number not in by_number or number in above:
            return -1
        uses = by_number[number].uses
        return 1 + max([depth(one, (*above, number)) for one in uses], default=-1)

    rows: dict[int, list[Node]] = {}
    for node in nodes:
        rows.setdefault(depth(node.number), []).append(node)
    return [rows[k] for k in sorted(rows)]


def direct(nodes: list[Node]) -> list[tuple[str, Node]]:
    """Pairs (used, who uses it), without those that others lead to: T1, T3, T4 is one line."""
    by_number = {node.number: node for node in nodes}

    def all_of(number: str, seen: frozenset[str] = frozenset()) -> set[str]:
        uses = set(by_number[number].uses if number in by_number else ()) - seen
        return uses.union(*(all_of(one, seen | {number}) for one in uses))

    return [
        (used, node) for node in nodes for used in node.uses
        if used in by_number
        and not any(used in all_of(other) for other in node.uses if other != used)
    ]  # fmt: skip


def theorem_map() -> None:
    """Show the map of all theorems."""
    show(draw_theorem_map())


def draw_theorem_map(nodes: list[Node] | None = None) -> str:
    """The map as a picture."""
    nodes = nodes_of(theorems()) if nodes is None else nodes
    rows = rows_of(nodes)
    width = max(len(row) for row in rows) * (WIDE + GAP) + GAP
    places: dict[str, tuple[float, float, float]] = {}  # left, top, height
    top = 10.0
    for row in rows:
        left = (width - len(row) * (WIDE + GAP) + GAP) / 2
        for k, node in enumerate(row):
            places[node.number] = left + k * (WIDE + GAP), top, height_of(node)
        top += max(map(height_of, row)) + ROW
    svg = picture(width, top - ROW + 54, in_words(nodes))
    for used, user in direct(nodes):
        _arrow(svg, places[used], places[user.number], user.there, places)
    for node in nodes:
        _node(svg, node, *places[node.number])
    _key(svg, width, top - ROW + 18)
    return ET.tostring(svg, encoding="unicode")


def title_lines(node: Node) -> list[str]:
    return wrapped(node.title[:1].upper() + node.title[1:], WIDE - 2 * PAD, most=4)


def tag_rows(node: Node) -> list[list[str]]:
    """The assumptions, in rows that fit."""
    rows: list[list[str]] = []
    for name in node.assumes:
        wide = sum(text_width(each, 11) + 18 for each in (*(rows[-1] if rows else ()), name))
        if rows and wide <= WIDE - 2 * PAD + 4:
            rows[-1].append(name)
        else:
            rows.append([name])
    return rows


def height_of(node: Node) -> float:
    """Of the frame: number, title, lesson, tags."""
    lines = 2 + len(title_lines(node))
    return 2 * PAD + LINE * lines + (TAG + 2) * len(tag_rows(node)) - 2


def _node(svg: ET.Element, node: Node, left: float, top: float, height: float) -> None:
    group = ET.SubElement(svg, "g", {"data-theorem": node.number})
    frame = {"x": f"{left:.1f}", "y": f"{top:.1f}", "width": f"{WIDE}", "height": f"{height:.1f}"}
    look = {"rx": "6", "fill": "var(--paper, transparent)", "stroke": "currentColor"}
    look |= {"stroke-width": "1.8"} if node.there else {
        "stroke-width": "1.2", "stroke-dasharray": "4 3", "opacity": PALE
    }  # fmt: skip
    ET.SubElement(group, "rect", {**frame, **look})
    x, y = left + PAD, top + PAD + 10
    text(group, x, y, node.number, font_weight="bold", font_size="14")
    lesson = f"lesson {node.lesson}" + ("" if node.there else ", planned")
    text(group, left + WIDE - PAD, y, lesson, text_anchor="end", font_size="11")
    for line in title_lines(node):
        y += LINE
        text(group, x, y, line)
    y += LINE
    steps = count(node.steps, "step") + " that you write" if node.steps else (
        "in the text" if node.there else ""
    )  # fmt: skip
    text(group, x, y, steps, font_size="11", font_style="italic")
    y += 6
    for row in tag_rows(node):
        at = x
        for name in row:
            wide = text_width(name, 11) + 12
            tag = {
                "x": f"{at:.1f}",
                "y": f"{y:.1f}",
                "width": f"{wide:.1f}",
                "height": f"{TAG - 2}",
            }
            around = {"rx": "8", "fill": "currentColor", "fill-opacity": "0.1"}
            ET.SubElement(group, "rect", {**tag, **around})
            text(group, at + 6, y + 12, name, font_size="11")
            at += wide + 6
        y += TAG + 2


def _arrow(
    svg: ET.Element, start: tuple[float, float, float], end: tuple[float, float, float],
    there: bool, places: Mapping[str, tuple[float, float, float]],
) -> None:  # fmt: skip
    """From the lower edge of what is used to the upper edge of what uses it; where another node is
    between them, past it."""
    x0, y0 = start[0] + WIDE / 2, start[1] + start[2]
    x1, y1 = end[0] + WIDE / 2, end[1]
    shift = 12 if x1 > x0 + 1 else -12 if x1 < x0 - 1 else 0
    x1 -= shift * (1 + (abs(x1 - x0) > WIDE * 1.5))
    x0 += shift
    points = [(x0, y0), (x0 + 0.1 * (x1 - x0), y0 + 20), (x1 - 0.1 * (x1 - x0), y1 - 24), (x1, y1)]
    between = [p for p in places.values() if y0 < p[1] < y1 - 1]
    crossed = [p for p in between if p[0] - 6 < max(x0, x1) and p[0] + WIDE + 6 > min(x0, x1)]
    if crossed:
        free = _lane(x0, x1, between)
        low, high = min(p[1] for p in between), max(p[1] + p[2] for p in between)
        points = [(x0, y0), (free, low - 10), (free, high + 8), (x1, y1 - 10), (x1, y1)]
    look = {"fill": "none", "stroke": "currentColor", "stroke-width": "1.6"}
    look |= {"opacity": "0.8"} if there else {"opacity": PALE, "stroke-dasharray": "4 3"}
    ET.SubElement(svg, "path", {"d": bend([*points[:-1], (x1, y1 - 5)]), **look})
    head = {"fill": "currentColor", "opacity": "0.8" if there else PALE}
    ET.SubElement(svg, "path", {"d": head_of("arrow", (x1, y1), np.array([0.0, 1.0]), 8), **head})


def _lane(x0: float, x1: float, between: list[tuple[float, float, float]]) -> float:
    """The place between or beside nodes that is nearest to both ends."""
    edges = [p[0] - GAP / 2 for p in between] + [p[0] + WIDE + GAP / 2 for p in between]
    free = [e for e in edges if not any(p[0] < e < p[0] + WIDE for p in between)]
    return min(free, key=lambda e: abs(e - x0) + abs(e - x1))


def _key(svg: ET.Element, width: float, y: float) -> None:
    words = (
        "An arrow leads from a theorem to one that uses it. Shaded tags are assumptions. What is "
        "dashed is planned."
    )
    for k, line in enumerate(wrapped(words, width - 24)):
        text(svg, 12, y + 15 * k, line)


def in_words(nodes: list[Node]) -> str:
    """The map for those who do not see it."""
    said = [f"Map of {count(len(nodes), 'theorem')}."]
    for node in nodes:
        uses = f" uses {listing(node.uses)}" if node.uses else " uses no other"
        assumes = f" and assumes {listing(node.assumes)}" if node.assumes else ""
        state = "" if node.there else ", which is planned,"
        lesson = f"{node.number} (lesson {node.lesson}: {node.title}){state}"
        said.append(f"{lesson}{uses}{assumes}.")
    return " ".join(said)
