"""The card as a picture: a line for each check, its sign as a shape and a colour, and under those
that fail the reason."""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree as ET

from ..colours import look
from ..svg import picture, text
from .card import Card, Check

WIDTH, LINE, LEFT, MEASURED = 700.0, 22.0, 44.0, 246.0
#: Letters in a line: of what was measured, of a reason.
SHORT, LONG = 70, 104
#: The colour of each outcome; its sign is the second cue.
PAINT = {
    "passes": "rate", "fails": "apical", "does not apply": "backprop", "not claimed": "backprop",
    "measured": "voltage",
}  # fmt: skip


def draw_card(card: Card) -> str:
    """The card, 700 pixels wide, as high as it has lines. Its label says all that fails, and how
    many checks pass."""
    rows = [(check, *_words(check)) for check in card.checks]
    height = 66 + sum(LINE * max(1, len(short)) + 17 * len(why) for _, short, why in rows) + 40
    svg = picture(WIDTH, height, label(card))
    frame = {"fill": "none", "stroke": "currentColor", "opacity": "0.4", "rx": "6"}
    box = {"x": "1", "y": "1", "width": f"{WIDTH - 2:g}", "height": f"{height - 2:g}"}
    ET.SubElement(svg, "rect", box | frame)
    name = textwrap.shorten(f"{card.kind} {card.name}, {card.setting}", 84, placeholder="…")
    text(svg, 16, 26, name, font_weight="bold", font_size="15")
    said = f"claimed beforehand: {', '.join(card.claims) or 'nothing'}"
    text(svg, 16, 46, said if card.kind == "rule" else "nothing need be claimed of a framework")
    y = 74.0
    for check, short, why in rows:
        _sign(svg, 24, y - 4, check.outcome)
        text(svg, LEFT, y, check.title, font_weight="bold")
        for k, words in enumerate(short):
            text(svg, MEASURED, y + LINE * k, words)
        y += LINE * max(1, len(short))
        for words in why:
            text(svg, LEFT, y - 3, words, font_style="italic")
            y += 17
    y += 8
    failing = f"{len(card.failed)} of {len(card.checks)} checks fail."
    last = failing if card.failed else textwrap.shorten(card.verdict, LONG, placeholder="…")
    text(svg, 16, y, last, font_weight="bold")
    return ET.tostring(svg, encoding="unicode")


def label(card: Card) -> str:
    """What the picture shows, in words."""
    said = f"Card of the {card.kind} {card.name}, {card.setting}. {card.verdict}"
    for check in card.failed:
        said += f" {check.title}: {check.measured or 'fails'}. {check.reason}"
    return said


def _words(check: Check) -> tuple[list[str], list[str]]:
    """Lines of what was measured, and of the reason where one is shown."""
    plain = check.outcome in ("passes", "fails")
    words = check.measured if plain else f"{check.outcome}: {check.measured}".rstrip(": ")
    if check.outcome == "measured":
        words = f"{check.measured} (neither passes nor fails)"
    shown = check.outcome == "fails" or (check.outcome == "does not apply" and not check.measured)
    why = [] if not shown or check.reason.startswith("Not tried") else [check.reason]
    return textwrap.wrap(words, SHORT), [line for each in why for line in textwrap.wrap(each, LONG)]


def _sign(svg: ET.Element, x: float, y: float, outcome: str) -> None:
    """A disc with a tick, a square with a cross, or a ring."""
    colour = look(PAINT[outcome])[0]
    line = {"stroke": "white", "stroke-width": "2", "fill": "none", "stroke-linecap": "round"}
    if outcome == "passes":
        ET.SubElement(svg, "circle", {"cx": f"{x:g}", "cy": f"{y:g}", "r": "8", "fill": colour})
        tick = f"M{x - 4:g},{y:g} l3,3.5 l5,-7"
        ET.SubElement(svg, "path", {"d": tick, **line})
    elif outcome == "fails":
        square = {"x": f"{x - 8:g}", "y": f"{y - 8:g}", "width": "16", "height": "16"}
        ET.SubElement(svg, "rect", {**square, "rx": "2", "fill": colour})
        cross = f"M{x - 4:g},{y - 4:g} l8,8 M{x + 4:g},{y - 4:g} l-8,8"
        ET.SubElement(svg, "path", {"d": cross, **line})
    else:
        ring = {"cx": f"{x:g}", "cy": f"{y:g}", "r": "7", "fill": "none", "stroke": colour}
        ET.SubElement(svg, "circle", {**ring, "stroke-width": "2"})
        if outcome != "not claimed":
            bar = {"d": f"M{x - 3:g},{y:g} h6", "stroke": colour, "stroke-width": "2"}
            ET.SubElement(svg, "path", bar)
