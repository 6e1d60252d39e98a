"""What stands in a drawing: its text alternative, its words, and where they have no room.

For the tests of the lessons' pictures, which are SVG as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from hebblite.teaching.placing import Box, clashes, text_box


def parse(drawing: str) -> ET.Element:
    """The drawing as a tree; it must say what it is."""
    root = ET.fromstring(drawing)
    assert root.get("role") == "img" and len(root.get("aria-label", "")) > 30
    return root


def label(drawing: str) -> str:
    """Its text alternative."""
    return parse(drawing).get("aria-label", "")


def words(drawing: str) -> list[str]:
    """All words that are drawn."""
    return [node.text for node in parse(drawing).iter() if node.tag.endswith("text") and node.text]


def ticks(drawing: str) -> list[tuple[str | None, str | None, str | None]]:
    """The numbers at the axes, each with its place."""
    return [
        (node.get("x"), node.get("y"), node.text)
        for node in parse(drawing).iter()
        if node.tag.endswith("text") and re.fullmatch(r"[\d.,−⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", node.text or "")
    ]


def boxes(node: ET.Element, dx: float = 0.0, dy: float = 0.0) -> Iterator[tuple[str, Box]]:
    """The box around each label below a node. A chart within a drawing is moved."""
    tag = node.tag.split("}")[-1]
    if tag == "svg" and "viewBox" in node.attrib:  # a frame's window has its own corner
        left, top = map(float, node.attrib["viewBox"].split()[:2])
        dx, dy = dx + float(node.get("x", 0)) - left, dy + float(node.get("y", 0)) - top
    if tag == "text" and (node.text or "").strip() and not node.get("transform"):
        yield node.text or "", text_box(
            float(node.attrib["x"]) + dx, float(node.attrib["y"]) + dy, node.text or "",
            node.get("text-anchor", "start"), 0.93 * float(node.get("font-size", "12")),
        )  # fmt: skip
    if node.get("opacity") == "0" or "rotate" in node.get("transform", ""):
        return
    for child in node:
        yield from boxes(child, dx, dy)


def collisions(drawing: str) -> list[tuple[str, str]]:
    """Pairs of words of a picture that meet, and words that leave it."""
    root = parse(drawing)
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    assert width <= 700  # as wide as a narrow page
    found = list(boxes(root))
    said, places = [w for w, _ in found], [b for _, b in found]
    return [
        (said[i], said[j] if j >= 0 else "the edge")
        for i, j in clashes(places, Box(-1, -1, width + 1, height + 1))
    ]
