"""Motion without a kernel: an SVG that plays once, for a few seconds, and ends on its last frame.

    d = Drawing(...)
    dot = d.circle(...)
    film = Timeline(d, seconds=4.0)
    film.appear(words, at=0.5)
    film.travel(dot, [(100, 50), (300, 50)], at=1.0, for_=1.5)
    film.change(line, "stroke-width", [1.0, 4.0], at=2.5, for_=1.0)
    hero = film.svg()

**The picture without its motion is the last frame.** What you draw is how it ends; a Timeline says
how it came about. So a still, an export, and a renderer that moves nothing show the same as the end
of the film. It is CSS inside the SVG, which runs in an ``<img src="data:...">``, in a Markdown
attachment and in a README, trusted or not. Browsers may ignore ``prefers-reduced-motion`` inside an
``<img>`` (Chromium does), so a film takes at most ``LONGEST`` seconds and never repeats: that needs
no button to stop it (WCAG 2.2.2).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Protocol
from xml.etree import ElementTree as ET

import numpy as np

from ..errors import ArgumentError, check_number

LONGEST = 5.0  # seconds
#: What ``change`` can change: attributes that are properties of CSS too. Those in pixels say so.
PIXELS = ("stroke-width", "stroke-dashoffset", "cx", "cy", "r", "x", "y", "width", "height")
OTHERS = ("opacity", "fill", "fill-opacity", "stroke", "stroke-opacity", "d", "transform")


class Rooted(Protocol):
    """What has a picture, such as a ``schematic.Drawing``."""

    root: ET.Element


class Timeline:
    """What happens to the elements of a drawing, and when. seconds: how long the film is."""

    def __init__(self, drawing: Rooted | ET.Element, seconds: float = 4.0) -> None:
        self.root = drawing if isinstance(drawing, ET.Element) else drawing.root
        self.seconds = check_number("seconds", seconds, above=0, most=LONGEST)
        self._frames: dict[tuple[int, str], tuple[ET.Element, list[tuple[float, str]]]] = {}

    def appear(self, *elements: ET.Element, at: float, for_: float = 0.5) -> None:
        """Fade in, from nothing to as they are drawn."""
        for element in elements:
            self.change(element, "opacity", [0.0, element.get("opacity", "1")], at, for_)

    def vanish(self, *elements: ET.Element, at: float, for_: float = 0.5) -> None:
        """Fade out. The element is drawn invisible (opacity 0), since the last frame lacks it."""
        for element in elements:
            before = element.get("opacity", "1")
            element.set("opacity", "0")
            self.change(element, "opacity", [before, 0.0], at, for_)

    def draw(self, *strokes: ET.Element, at: float, for_: float = 1.0) -> None:
        """Let lines grow from their start to their end: a path, or a group such as ``arrow``
        returns, whose heads appear as the line arrives."""
        for stroke in strokes:
            for part in stroke.iter("path"):
                if part.get("fill") == "none":
                    length = path_length(part.get("d", ""))
                    self._keys(
                        part,
                        "stroke-dasharray",
                        _during(at, min(at + for_, 0.998 * self.seconds), f"{length:.0f}", part),
                    )
                    self.change(part, "stroke-dashoffset", [length, 0.0], at, for_)
                    self.appear(part, at=at, for_=0.01)  # a round end would be seen before
                else:
                    self.appear(part, at=at + 0.8 * for_, for_=0.2 * for_)

    def travel(
        self,
        element: ET.Element,
        points: Sequence[tuple[float, float]],
        at: float,
        for_: float = 1.0,
        leave: bool = True,
    ) -> None:
        """Move an element through points; it must be drawn where it ends, at the last point. leave:
        it appears when it starts and is gone when it arrives (a pulse), and in the last frame."""
        x, y = points[-1]
        steps = [f"translate({a - x:.1f}px,{b - y:.1f}px)" for a, b in points]
        self.change(element, "transform", steps, at, for_)
        if leave:
            element.set("opacity", "0")
            short = 0.02 * self.seconds
            self._keys(element, "opacity", [
                (at - short, "0"), (at, "1"), (at + for_, "1"), (at + for_ + short, "0"),
            ])  # fmt: skip

    def change(
        self,
        element: ET.Element,
        attribute: str,
        values: Sequence[float | str],
        at: float,
        for_: float = 1.0,
    ) -> None:
        """Change an attribute through ``values``, evenly over ``for_`` seconds from ``at`` on.
        Before it has the first value. The last should be the one that is drawn."""
        if attribute not in PIXELS + OTHERS:
            names = ", ".join(PIXELS + OTHERS)
            raise ArgumentError("attribute", repr(attribute), f"one of {names}")
        if len(values) < 2:
            raise ArgumentError("values", f"{len(values)} of them", "at least two")
        step = for_ / (len(values) - 1)
        keys = [(at + k * step, css(attribute, value)) for k, value in enumerate(values)]
        self._keys(element, attribute, keys)

    def svg(self) -> str:
        """The film as a string, for ``show`` and for a hero."""
        body = ET.tostring(self.root, encoding="unicode")
        stem = "m" + hashlib.sha256(body.encode()).hexdigest()[:6]
        rules: list[str] = []
        names: dict[int, tuple[ET.Element, list[str]]] = {}
        for k, ((_, attribute), (element, keys)) in enumerate(self._frames.items()):
            name = f"{stem}-{k}"
            rules.append(f"@keyframes {name}{{{self._rule(attribute, keys)}}}")
            names.setdefault(id(element), (element, []))[1].append(name)
        moving = []
        for j, (element, animations) in enumerate(names.values()):
            element.set("class", f"{stem}-e{j}")
            each = ",".join(f"{n} {self.seconds:g}s linear backwards" for n in animations)
            moving.append(f".{stem}-e{j}{{animation:{each}}}")
        style = ET.Element("style")
        style.text = "".join(rules) + (
            "@media (prefers-reduced-motion:no-preference){" + "".join(moving) + "}"
        )
        self.root.insert(0, style)
        made = ET.tostring(self.root, encoding="unicode")
        self.root.remove(style)
        return made

    # ------------------------------------------------------------------ inside

    def _keys(self, element: ET.Element, attribute: str, keys: list[tuple[float, str]]) -> None:
        last = keys[-1][0]
        if keys[0][0] < -1e-9 or last > self.seconds + 1e-9:
            raise ArgumentError(
                "at", f"{keys[0][0]:g} to {last:g} s", f"within 0 to {self.seconds:g} s"
            )
        _, found = self._frames.setdefault((id(element), attribute), (element, []))
        found.extend(keys)
        found.sort(key=lambda key: key[0])

    def _rule(self, attribute: str, keys: list[tuple[float, str]]) -> str:
        """Keyframes: the first value from the start on, the last until the end."""
        keys = [(0.0, keys[0][1]), *keys, (self.seconds, keys[-1][1])]
        return "".join(f"{100 * t / self.seconds:.2f}%{{{attribute}:{value}}}" for t, value in keys)


def path_length(d: str) -> float:
    """The length of a path of M, L, H, V and C pieces in whole coordinates, in pixels; a piece of
    another kind counts as straight."""
    total, here = 0.0, np.zeros(2)
    for command, words in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", words)]
        if command in "HV":
            numbers = [
                n for v in numbers for n in ((v, here[1]) if command == "H" else (here[0], v))
            ]
        places = np.array(numbers[: len(numbers) // 2 * 2]).reshape(-1, 2)
        if command == "C":
            s = np.linspace(0, 1, 20)[:, None]
            for c1, c2, end in places.reshape(-1, 3, 2):
                curve = (1 - s) ** 3 * here + 3 * s * (1 - s) ** 2 * c1
                curve = curve + 3 * s**2 * (1 - s) * c2 + s**3 * end
                total += float(np.hypot(*np.diff(curve, axis=0).T).sum())
                here = end
            continue
        for k, place in enumerate(places):
            total += 0.0 if command == "M" and k == 0 else float(np.hypot(*(place - here)))
            here = place
    return total


def _during(at: float, end: float, value: str, element: ET.Element) -> list[tuple[float, str]]:
    """Dashes while a line grows, and then the line's own."""
    own = element.get("stroke-dasharray", "none")
    return [(at, value), (end, value), (end + 0.002, own)]


def css(attribute: str, value: float | str) -> str:
    """A value of an SVG attribute in CSS's words."""
    words = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float | int) else value
    if attribute in PIXELS:
        return f"{words}px"
    if attribute == "transform":  # lengths and angles have units there
        words = re.sub(r"(translate\()([^)]*)", lambda m: m[1] + _with_unit(m[2], "px"), words)
        words = re.sub(r"(rotate\()([^)]*)", lambda m: m[1] + _with_unit(m[2], "deg"), words)
    return f"path('{words}')" if attribute == "d" else words or "none"


def _with_unit(numbers: str, unit: str) -> str:
    """Numbers separated by commas or spaces, each with its unit."""
    parts = re.split(r"[,\s]+", numbers.strip())
    return ",".join(part if part[-1:].isalpha() else part + unit for part in parts)


def film(frames: Sequence[str], seconds: float = 4.0) -> str:
    """Frames of one picture (see ``player.differences``) as one SVG that plays once and ends on the
    last frame. Words and dashes that change show their last state from the start."""
    from .player import SVG, differences

    base, changes = differences(frames)
    root = ET.fromstring(base.replace(f' xmlns="{SVG}"', "", 1))  # else every tag gets a prefix
    root.set("xmlns", SVG)
    elements = list(root.iter())
    timeline = Timeline(root, seconds)
    for index, attributes in changes.items():
        for attribute, values in attributes.items():
            element = elements[index]
            if attribute in PIXELS + OTHERS:
                timeline.change(element, attribute, [v or "" for v in values], 0.0, seconds)
    return timeline.svg()
