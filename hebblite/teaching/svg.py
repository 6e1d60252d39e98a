"""Pictures as inline SVG: quick enough to redraw at every move of a slider, and readable aloud.

Each function is pure: data in, one ``<svg>`` string out, with ``role="img"`` and the given
``label`` as its text alternative. Text and frames are ``currentColor``: in a widget that is the
page's own colour, in a stored image the one that still.py gives it. Charts with axes are in
chart.py.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import numpy as np

from ..extras import needed_for
from .numerals import decimals, number
from .still import bundle as bundle

Array = np.ndarray

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
            "style": f"width:100%;max-width:{width:g}px;height:auto;font:{FONT}",
        },
    )
    return svg


def text(parent: ET.Element, x: float, y: float, words: str, **style: str) -> ET.Element:
    """Words at (x, y), in the page's text colour."""
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "fill": "currentColor"}
    attributes |= {key.replace("_", "-"): value for key, value in style.items()}
    node = ET.SubElement(parent, "text", attributes)
    node.text = words
    return node


def png(pixels: Array) -> str:
    """Grey or colour values in [0, 1], (h, w) or (h, w, 3), as a data URI."""
    import io

    with needed_for("An image in a picture"):
        from matplotlib.image import imsave

    buffer = io.BytesIO()
    pixels = np.clip(pixels, 0, 1)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    # Without the name of the writer, whose version would change the picture's bytes.
    imsave(buffer, pixels, format="png", metadata={"Software": None})  # type: ignore[dict-item]
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def signed(values: Array) -> Array:
    """Colours (h, w, 3) for values around 0: orange below, white at 0, blue above."""
    scale = np.abs(values).max() or 1.0
    level = (values / scale)[..., None]
    blue, orange = np.array([0, 0.45, 0.70]), np.array([0.84, 0.37, 0])
    return np.where(level > 0, 1 - level * (1 - blue), 1 + level * (1 - orange))


def ink_on(colour: Array) -> str:
    """Black or white, whichever is read better on this colour (3,): at least 4.5 to 1."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    light = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return "#000000" if light > 0.179 else "#ffffff"


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


def matrix(
    values: Array,
    title: str,
    label: str,
    x_label: str = "",
    y_label: str = "",
    x_names: Sequence[str] = (),
    y_names: Sequence[str] = (),
    digits: int | None = None,
    size: float = 300,
) -> str:
    """A matrix (n, m) as a heat map around 0, blue above and orange below, with its scale.

    x_names, y_names: names of columns and rows. digits: print each value with so many decimals,
    for small matrices.
    """
    values = np.atleast_2d(values)
    n, m = values.shape
    cell = size / max(n, m)
    left, top, w, h = 64.0, 26.0, cell * m, cell * n
    svg = picture(max(left + w + 84, left + 7 * len(title)), top + h + 46, label)
    text(svg, left, top - 9, title, font_weight="bold")
    box = {"x": f"{left}", "y": f"{top}", "width": f"{w:.1f}", "height": f"{h:.1f}"}
    pixels = {"href": png(signed(values)), "preserveAspectRatio": "none"}
    ET.SubElement(svg, "image", {**box, **pixels, "style": "image-rendering:pixelated"})
    frame = {"fill": "none", "stroke": "currentColor", "opacity": "0.4"}
    ET.SubElement(svg, "rect", {**box, **frame})
    scale = float(np.abs(values).max()) or 1.0
    if digits is not None:
        colours = signed(values)
        for (i, j), value in np.ndenumerate(values):
            x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell + 4
            ink = ink_on(colours[i, j])
            text(svg, x, y, decimals(value, digits), text_anchor="middle", fill=ink)
    for j, name in enumerate(x_names):
        text(svg, left + (j + 0.5) * cell, top + h + 16, name, text_anchor="middle")
    for i, name in enumerate(y_names):
        text(svg, left - 6, top + (i + 0.5) * cell + 4, name, text_anchor="end")
    text(svg, left + w / 2, top + h + 36, x_label, text_anchor="middle")
    x, y = 14.0, top + h / 2
    text(svg, x, y, y_label, text_anchor="middle", transform=f"rotate(-90 {x:.1f} {y:.1f})")
    bar = {"x": f"{left + w + 16:.1f}", "y": f"{top}", "width": "14", "height": f"{h:.1f}"}
    ramp = {"href": png(signed(np.linspace(1, -1, 64)[:, None])), "preserveAspectRatio": "none"}
    ET.SubElement(svg, "image", {**bar, **ramp})
    for value, y in ((scale, top + 10), (0.0, top + h / 2 + 4), (-scale, top + h)):
        text(svg, left + w + 34, y, number(float(f"{value:.2g}")))
    return ET.tostring(svg, encoding="unicode")


def beside(*drawings: str) -> str:
    """Several drawings in a row, below each other where the page is narrow."""
    boxes = "".join(f"<div style='flex:1 1 300px'>{drawing}</div>" for drawing in drawings)
    return f"<div style='display:flex;flex-wrap:wrap;gap:8px;max-width:760px'>{boxes}</div>"


def show(drawing: str) -> None:
    """Display a drawing in a notebook: as images with their words, which any front end shows."""
    from IPython.display import display

    display(bundle(drawing), raw=True)
