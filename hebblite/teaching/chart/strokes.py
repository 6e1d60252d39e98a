"""The pieces that all parts of a chart are drawn with."""

from __future__ import annotations

from xml.etree import ElementTree as ET


def numbers(**values: float) -> dict[str, str]:
    """Places as SVG writes them; a width or height is never negative."""
    return {key: f"{max(value, 0) if key in ('width', 'height') else value:.1f}"
            for key, value in values.items()}  # fmt: skip


def stroke(
    svg: ET.Element,
    ends: tuple[float, float, float, float],
    colour: str,
    dash: str,
    width: float,
    **more: str,
) -> None:
    """A straight line from (x1, y1) to (x2, y2)."""
    place = dict(zip(("x1", "y1", "x2", "y2"), (f"{v:.1f}" for v in ends), strict=True))
    look = {"stroke": colour, "stroke-width": f"{width:g}", "stroke-dasharray": dash}
    ET.SubElement(
        svg,
        "line",
        {**place, **look} | {key.replace("_", "-"): value for key, value in more.items()},
    )


def path(svg: ET.Element, d: str, colour: str, dash: str, width: float) -> None:
    """An outline without filling."""
    look = {"fill": "none", "stroke": colour, "stroke-width": f"{width:g}"}
    ET.SubElement(svg, "path", {"d": d, **look, "stroke-dasharray": dash})
