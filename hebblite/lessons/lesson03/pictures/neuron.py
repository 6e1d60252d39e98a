"""The pyramidal neuron, drawn."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ....teaching.colours import COLOURS
from ....teaching.svg import picture, text


def draw_neuron() -> str:
    """A pyramidal neuron with its two dendrites, its soma and its axon."""
    label = (
        "Drawing of a pyramidal neuron. At the top, the tuft of the apical dendrite receives the "
        "apical drive a from higher areas. At the bottom, basal dendrites receive the basal drive "
        "b = W pre + β from the layer below. Both reach the soma in the middle, a triangle with "
        "the voltage v. The axon leaves it to the right with the rate r = φ(v)."
    )
    svg = picture(680, 340, label)
    blue, orange, green = COLOURS[0], COLOURS[1], COLOURS[2]
    _branch(svg, "M250,190 V80", orange, 7)
    for d in (
        "M250,84 C240,60 215,56 190,30",
        "M250,84 C244,58 236,46 230,22",
        "M250,84 C258,58 264,46 272,22",
        "M250,84 C262,60 286,56 312,30",
    ):
        _branch(svg, d, orange, 3.5)
    for d in (
        "M236,226 C212,246 188,262 150,276",
        "M242,228 C228,256 214,272 196,300",
        "M258,228 C272,256 284,272 300,300",
        "M264,226 C288,246 312,258 350,270",
    ):
        _branch(svg, d, blue, 3.5)
    _branch(svg, "M268,222 C330,238 360,214 452,214", green, 2.5)
    ET.SubElement(svg, "path", {"d": "M445,208 l12,6 l-12,6 z", "fill": green})
    soma = {"d": "M250,172 L292,234 H208 Z", "fill": "currentColor", "fill-opacity": "0.14"}
    ET.SubElement(svg, "path", {**soma, "stroke": "currentColor", "stroke-width": "2"})
    text(svg, 250, 223, "v", text_anchor="middle", font_weight="bold", font_size="17")
    for y, title, below in (
        (30, "apical dendrite: advice from above", "apical drive a"),
        (288, "basal dendrites: what the layer below says", "basal drive b = W pre + β"),
    ):
        text(svg, 366, y, title, font_weight="bold")
        text(svg, 366, y + 19, below)
    text(svg, 18, 176, "soma: adds up, and leaks", font_weight="bold")
    text(svg, 18, 195, "τ dv/dt = −v + b + a")
    text(svg, 466, 210, "axon: rate r = φ(v)", font_weight="bold")
    text(svg, 466, 229, "to the next neurons")
    text(svg, 18, 250, "pre: rates of the", font_style="italic")
    text(svg, 18, 266, "neurons below", font_style="italic")
    text(svg, 18, 24, "from higher areas", font_style="italic")
    for x, y in ((150, 276), (196, 300), (300, 300), (350, 270)):
        _dot(svg, x, y, blue)
    for x, y in ((190, 30), (230, 22), (272, 22), (312, 30)):
        _dot(svg, x, y, orange)
    return ET.tostring(svg, encoding="unicode")


def _branch(svg: ET.Element, d: str, colour: str, width: float) -> None:
    look = {"fill": "none", "stroke": colour, "stroke-width": f"{width}", "stroke-linecap": "round"}
    ET.SubElement(svg, "path", {"d": d, **look})


def _dot(svg: ET.Element, x: float, y: float, colour: str) -> None:
    ET.SubElement(svg, "circle", {"cx": f"{x}", "cy": f"{y}", "r": "5", "fill": colour})
