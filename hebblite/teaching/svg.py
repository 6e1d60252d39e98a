"""Pictures as inline SVG: quick enough to redraw at every move of a slider, and readable aloud.

Each function is pure: data in, one ``<svg>`` string out, with ``role="img"`` and the given
``label`` as its text alternative. Lines differ in colour (Okabe & Ito's palette, safe for
colour-blind readers) *and* in dashes; text takes the page's own colour, light or dark.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import numpy as np

Array = np.ndarray

#: Okabe & Ito, without the yellow and black that vanish on one of the two themes.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 2")
FONT = "12px sans-serif"


def picture(width: float, height: float, label: str) -> ET.Element:
    """An empty picture that scales with the page and never grows beyond its size."""
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:g} {height:g}",
            "role": "img",
            "aria-label": label,
            "style": f"width:100%;max-width:{width:g}px;height:auto;font:{FONT};"
            "color:var(--jp-content-font-color1, #222)",
        },
    )
    ET.SubElement(svg, "title").text = label
    return svg


def text(parent: ET.Element, x: float, y: float, words: str, **style: str) -> ET.Element:
    """Words at (x, y), in the page's text colour."""
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "fill": "currentColor"}
    attributes |= {key.replace("_", "-"): value for key, value in style.items()}
    node = ET.SubElement(parent, "text", attributes)
    node.text = words
    return node


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers within [low, high], about ``count`` of them."""
    step = 10 ** np.floor(np.log10((high - low) / count))
    step *= next(m for m in (1, 2, 5, 10) if (high - low) / (step * m) <= count)
    return [
        float(t) for t in np.arange(np.ceil(low / step), np.floor(high / step) + 0.5) * step + 0.0
    ]


def limits(values: Sequence[Array]) -> tuple[float, float]:
    """The range of all values with a margin; never empty."""
    low, high = min(float(v.min()) for v in values), max(float(v.max()) for v in values)
    margin = 0.06 * (high - low) or 0.5
    return low - margin, high + margin


def draw_axes(
    svg: ET.Element,
    box: tuple[float, float, float, float],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    x_label: str,
    y_label: str,
    title: str,
) -> None:
    """Frame, ticks and labels around the box (left, top, width, height)."""
    left, top, width, height = box
    rectangle = {"x": left, "y": top, "width": width, "height": height}
    frame = {key: f"{value:g}" for key, value in rectangle.items()}
    ET.SubElement(
        svg, "rect", {**frame, "fill": "none", "stroke": "currentColor", "opacity": "0.4"}
    )
    for t in ticks(*x_range):
        x = left + (t - x_range[0]) / (x_range[1] - x_range[0]) * width
        text(svg, x, top + height + 16, f"{t:g}", text_anchor="middle")
    for t in ticks(*y_range):
        y = top + height - (t - y_range[0]) / (y_range[1] - y_range[0]) * height
        line = {"x1": left, "x2": left + width, "y1": y, "y2": y}
        grid = {key: f"{value:.1f}" for key, value in line.items()}
        ET.SubElement(svg, "line", {**grid, "stroke": "currentColor", "opacity": "0.12"})
        text(svg, left - 6, y + 4, f"{t:g}", text_anchor="end")
    text(svg, left + width / 2, top + height + 34, x_label, text_anchor="middle")
    x, y = left - 44, top + height / 2
    text(svg, x, y, y_label, text_anchor="middle", transform=f"rotate(-90 {x:.1f} {y:.1f})")
    text(svg, left, top - 8, title, font_weight="bold")


Panel = tuple[str, str, dict[str, Array]]


def lines(x: Array, panels: Sequence[Panel], x_label: str, label: str, width: float = 680) -> str:
    """Line charts side by side over one x axis.

    x: (T,). panels: (title, y label with unit, {name: values (T,)}) each. The legend of a panel
    stands below it and shows colour and dash.
    """
    gap, top, height = 66.0, 26.0, 180.0
    each = width / len(panels) - gap - 8
    legend = 18 * max(-(-len(series) // 2) for _, _, series in panels)
    svg = picture(width, top + height + 48 + legend, label)
    x_range = (float(x.min()), float(x.max()) if x.max() > x.min() else float(x.min()) + 1)
    for i, (title, y_label, series) in enumerate(panels):
        left = gap - 8 + i * (each + gap + 8)
        y_range = limits(list(series.values()))
        draw_axes(svg, (left, top, each, height), x_range, y_range, x_label, y_label, title)
        for j, (name, y) in enumerate(series.items()):
            px = left + (x - x_range[0]) / (x_range[1] - x_range[0]) * each
            py = top + height - (y - y_range[0]) / (y_range[1] - y_range[0]) * height
            points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(px, py, strict=True))
            stroke = {
                "fill": "none",
                "stroke": COLOURS[j % len(COLOURS)],
                "stroke-width": "2",
                "stroke-dasharray": DASHES[j % len(DASHES)],
            }
            ET.SubElement(svg, "polyline", {"points": points, **stroke})
            kx = left + (j % 2) * each / 2
            ky = top + height + 50 + 18 * (j // 2)
            ET.SubElement(svg, "polyline", {"points": f"{kx},{ky} {kx + 26},{ky}", **stroke})
            text(svg, kx + 32, ky + 4, name)
    return ET.tostring(svg, encoding="unicode")


def png(pixels: Array) -> str:
    """Grey or colour values in [0, 1], (h, w) or (h, w, 3), as a data URI."""
    import io

    from matplotlib.image import imsave

    buffer = io.BytesIO()
    pixels = np.clip(pixels, 0, 1)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    imsave(buffer, pixels, format="png")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def signed(values: Array) -> Array:
    """Colours (h, w, 3) for values around 0: orange below, white at 0, blue above."""
    scale = np.abs(values).max() or 1.0
    level = (values / scale)[..., None]
    blue, orange = np.array([0, 0.45, 0.70]), np.array([0.84, 0.37, 0])
    return np.where(level > 0, 1 - level * (1 - blue), 1 + level * (1 - orange))


def images(
    tiles: Sequence[Array], captions: Sequence[str], label: str, columns: int = 8, size: int = 76
) -> str:
    """A grid of small images, grey (h, w) or colour (h, w, 3), each with a caption below it."""
    rows = -(-len(tiles) // columns)
    svg = picture(columns * (size + 8), rows * (size + 24), label)
    for i, (tile, caption) in enumerate(zip(tiles, captions, strict=True)):
        x, y = (i % columns) * (size + 8) + 4, (i // columns) * (size + 24)
        square = {"x": f"{x}", "y": f"{y}", "width": f"{size}", "height": f"{size}"}
        ET.SubElement(
            svg, "image", {**square, "href": png(tile), "style": "image-rendering:pixelated"}
        )
        text(svg, x + size / 2, y + size + 14, caption, text_anchor="middle")
    return ET.tostring(svg, encoding="unicode")


def show(drawing: str) -> None:
    """Display an SVG string in a notebook."""
    from IPython.display import HTML, display

    display(HTML(drawing))
