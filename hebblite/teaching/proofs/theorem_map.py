"""The map of the theorems: which one uses which, and which assumptions enter where.

What has steps says for itself what it needs. The table below adds the theorems that lessons prove
in their text, and those that are planned: they are drawn pale.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, permutations
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import numpy as np

from ..chart.words import wrapped
from ..course_map import LESSONS
from ..placing import text_width
from ..schematic.drawing import head_of
from ..svg import picture, show, text
from ..words import count, listing
from .registry import theorems
from .theory import Theorem

WIDE, GAP, ROW = 172.0, 14.0, 50.0  # of a node, between nodes, between rows
LINE, TAG, PAD = 14.0, 18.0, 9.0
PALE = "0.55"
MOST_IN_A_ROW = 6  # whose orders are all tried


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
    "T2": Told("STDP averages to 2 DH minus the contrast", "11", ("T1",)),
    "T3": Told("DH is preconditioned gradient descent", "05", ("T1",)),
    "T4": Told("learning lowers the amount of feedback", "06"),
    "T5": Told("learning shortens the latency", "07"),
    "T6": Told("DH in Equilibrium Propagation", "09", ("T1",)),
    "T7": Told("DH in Predictive Coding", "08", ("T3", "T4")),
    "T8": Told("DH in the dendritic microcircuit", "10", ("T1", "T3")),
    "T9": Told("what DH cannot do", "05", ("T3",)),
    "chain": Told("error, feedback and latency fall together", "07", ("T3", "T4", "T5")),
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
    for number in dict.fromkeys([*TOLD, *known]):
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
    """Nodes in rows: each one below all that it uses, and just above what uses it where it uses
    nothing itself."""
    by_number = {node.number: node for node in nodes}

    def depth(number: str, above: tuple[str, ...] = ()) -> int:
        if number not in by_number or number in above:
            return -1
        uses = by_number[number].uses
        return 1 + max([depth(one, (*above, number)) for one in uses], default=-1)

    at = {node.number: depth(node.number) for node in nodes}
    for node in nodes:
        users = [at[one.number] for one in nodes if node.number in one.uses]
        if not node.uses and users:
            at[node.number] = max(at[node.number], min(users) - 1)
    rows = [[node for node in nodes if at[node.number] == k] for k in sorted(set(at.values()))]
    return untangled(rows, direct(nodes))


def untangled(rows: list[list[Node]], arrows: list[tuple[str, Node]]) -> list[list[Node]]:
    """The order within each row in which arrows are short and cross least; one row after the
    other, again and again."""

    def middle(order: list[list[Node]]) -> dict[str, float]:
        return {node.number: k - (len(row) - 1) / 2 for row in order for k, node in enumerate(row)}

    def cost(order: list[list[Node]]) -> float:
        x = middle(order)
        lines = [(x[used], x[user.number]) for used, user in arrows]
        crossed = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(lines, 2))
        return 3 * crossed + sum(abs(a - b) for a, b in lines)

    best = rows
    for k in (0, 1, 2, 1, 0, *range(len(rows))):
        if k < len(best) and len(best[k]) <= MOST_IN_A_ROW:
            tries = [[*best[:k], list(p), *best[k + 1 :]] for p in permutations(best[k])]
            best = min(tries, key=cost)
    return best


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


def theorem_map(theorem: Any = None) -> None:
    """Show the map of all theorems, whichever one is asked for."""
    show(draw_theorem_map())


def draw_theorem_map(nodes: list[Node] | None = None) -> str:
    """The map as a picture."""
    nodes = nodes_of(theorems()) if nodes is None else nodes
    rows = rows_of(nodes)
    width = max(len(row) for row in rows) * (WIDE + GAP) + GAP
    places: dict[str, tuple[float, float, float]] = {}  # left, top, height
    bottoms: dict[str, float] = {}  # of the row that a node is in
    top = 10.0
    for row in rows:
        left = (width - len(row) * (WIDE + GAP) + GAP) / 2
        for k, node in enumerate(row):
            places[node.number] = left + k * (WIDE + GAP), top, height_of(node)
            bottoms[node.number] = top + max(map(height_of, row))
        top += max(map(height_of, row)) + ROW
    svg = picture(width, top - ROW + 40, in_words(nodes))
    arrows = direct(nodes)
    for used, user in arrows:
        x0 = _port(used, [u.number for o, u in arrows if o == used], user.number, places)
        x1 = _port(user.number, [o for o, u in arrows if u.number == user.number], used, places)
        left, start, high = places[used]
        _arrow(svg, (x0, start + high), (x1, places[user.number][1]), bottoms[used], user.there)
    for node in nodes:
        _node(svg, node, *places[node.number])
    _key(svg, width, top - ROW + 18)
    return ET.tostring(svg, encoding="unicode")


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def title_lines(node: Node) -> list[str]:
    return wrapped(capital(node.title), WIDE - 2 * PAD, most=4)


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
    text(group, x, y, capital(node.number), font_weight="bold", font_size="14")
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


def _port(
    number: str, others: list[str], other: str, places: Mapping[str, tuple[float, float, float]]
) -> float:
    """Where along its edge the arrow between a node and another one leaves or arrives: in the
    order of the others, so that arrows of one node do not cross."""
    order = sorted(others, key=lambda one: places[one][0])
    share = (order.index(other) + 1) / (len(order) + 1)
    return places[number][0] + WIDE * (0.2 + 0.6 * share)


def _arrow(
    svg: ET.Element, start: tuple[float, float], end: tuple[float, float], bottom: float,
    there: bool,
) -> None:  # fmt: skip
    """From the lower edge of what is used straight down to the bottom of its row, then over to the
    upper edge of what uses it."""
    (x0, y0), (x1, y1) = start, end
    bow = 0.6 * (y1 - bottom)
    d = f"M{x0:.1f},{y0:.1f} L{x0:.1f},{bottom:.1f} C{x0:.1f},{bottom + bow:.1f} "
    d += f"{x1:.1f},{y1 - bow:.1f} {x1:.1f},{y1 - 5:.1f}"
    look = {"d": d, "fill": "none", "stroke": "currentColor", "stroke-width": "1.6"}
    look |= {"opacity": "0.8"} if there else {"opacity": PALE, "stroke-dasharray": "4 3"}
    ET.SubElement(svg, "path", look)
    head = {"fill": "currentColor", "opacity": "0.8" if there else PALE}
    ET.SubElement(svg, "path", {"d": head_of("arrow", (x1, y1), np.array([0.0, 1.0]), 8), **head})


def _key(svg: ET.Element, width: float, y: float) -> None:
    words = (
        "An arrow leads from a theorem to one that uses it. Shaded tags are assumptions. What is "
        "dashed is planned."
    )
    for k, line in enumerate(wrapped(words, width - 24)):
        text(svg, 12, y + 15 * k, line)


def in_words(nodes: list[Node]) -> str:
    """The map for those who do not see it."""
    said = [f"Map of {count(sum(n.number != 'chain' for n in nodes), 'theorem')}."]
    for node in nodes:
        uses = f" uses {listing(node.uses)}" if node.uses else " uses no other"
        assumes = f" and assumes {listing(node.assumes)}" if node.assumes else ""
        state = "" if node.there else ", which is planned,"
        lesson = f"{capital(node.number)} (lesson {node.lesson}: {node.title}){state}"
        said.append(f"{lesson}{uses}{assumes}.")
    return " ".join(said)
