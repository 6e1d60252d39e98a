"""A wrong answer beside the right one, for the smallest case in which they differ."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ..extras import MissingExtra
from .attempt import Attempt
from .boxes import Picture, Piece, Table, Words
from .chart import decimals
from .comparing import Array, close, described
from .numerals import rounded
from .svg import ink_on, picture, png, signed, text

MOST = 12  # numbers in a table
LARGEST = 60  # rows or columns of a map


def side_by_side(attempt: Attempt) -> list[Piece]:
    """Yours, expected and their difference: as maps where they are matrices, else as a table.
    Nothing where the shapes differ, or where there is too much to see."""
    wrong = [
        (min(a.shape, default=1) < 2, sum(x.size for x in e), i, k)  # rather a matrix
        for i, (r, e) in enumerate(zip(attempt.results, attempt.expected, strict=True))
        for k, (a, b) in enumerate(zip(r, e, strict=True))
        if a.shape == b.shape and a.size and not close(a, b, attempt.tolerance)
    ]
    if not wrong:
        return []
    endless = [w for w in wrong if not np.isfinite(attempt.results[w[2]][w[3]]).all()]
    *_, i, k = min(endless or wrong)  # where there is NaN, that is what is spoken of
    yours, expected = attempt.results[i][k], attempt.expected[i][k]
    case = attempt.cases[i]
    given = ", ".join(
        f"`{name}` {described((value,))}" for name, value in zip(attempt.names, case, strict=False)
    )
    which = part(attempt, k, len(attempt.expected[i]))
    said = Words(f"The smallest case in which it differs{which}: {given}." if given else "")
    with np.errstate(all="ignore"):
        shown = maps(yours, expected) if min(yours.shape, default=0) > 1 else rows(yours, expected)
    return [*([said] if given else []), shown] if shown else []


def part(attempt: Attempt, k: int, count: int) -> str:
    """Which of several things is shown."""
    names = attempt.exercise.parts
    if count == 1:
        return ""
    return f" ({names[k]})" if k < len(names) else f" (item {k})"


def rows(yours: Array, expected: Array) -> Piece | None:
    """A number or a vector, at most so long."""
    if max(yours.shape, default=1) != yours.size or yours.size > MOST:
        return None
    mine, right = yours.ravel(), expected.ravel()
    return Table([
        (name, [rounded(v, 4) for v in values])
        for name, values in (("yours", mine), ("expected", right), ("difference", mine - right))
    ])  # fmt: skip


def maps(yours: Array, expected: Array) -> Piece | None:
    """Three matrices as heat maps beside each other."""
    if yours.ndim != 2 or max(yours.shape) > LARGEST or not np.isfinite(yours).all():
        return None
    difference = yours - expected
    n, m = yours.shape
    row, column = np.unravel_index(np.abs(difference).argmax(), difference.shape)
    most = rounded(abs(difference[row, column]), 3)
    label = (
        f"Your matrix, the expected one and their difference, {n} by {m}. The largest difference "
        f"is {most}, in row {row} and column {column}."
    )
    cell = min(200 / m, 180 / n, 44)
    wide, high = cell * m, cell * n
    svg = picture(3 * (wide + 24), high + 30, label)
    scale = max(np.abs(yours).max(), np.abs(expected).max()) or 1.0
    try:
        for i, (title, values, top) in enumerate(
            (("yours", yours, scale), ("expected", expected, scale),
             ("yours − expected", difference, np.abs(difference).max() or 1.0))
        ):  # fmt: skip
            one_map(svg, values, top, title, (i * (wide + 24) + 2, 22, wide, high))
    except MissingExtra:
        return None
    return Picture(ET.tostring(svg, encoding="unicode"))


def one_map(
    svg: ET.Element, values: Array, scale: float, title: str, box: tuple[float, float, float, float]
) -> None:
    """One map, with its numbers where they have room."""
    x, y, width, height = box
    n, m = values.shape
    text(svg, x, y - 8, title, font_weight="bold")
    at = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}"}
    pixels = signed(np.vstack([values, np.full(m, scale)]))[:-1]  # all on one scale
    image = {"href": png(pixels), "preserveAspectRatio": "none"}
    ET.SubElement(svg, "image", {**at, **image, "style": "image-rendering:pixelated"})
    ET.SubElement(svg, "rect", {**at, "fill": "none", "stroke": "currentColor", "opacity": "0.4"})
    cell = width / m
    own = float(np.abs(values).max()) or scale
    if cell < 32 or height / n < 18 or not 0.01 <= own < 10_000:
        return
    digits = int(np.clip(1 - np.floor(np.log10(own)), 0, 3 if cell > 40 else 2))
    for (i, j), value in np.ndenumerate(values):
        text(
            svg, x + (j + 0.5) * cell, y + (i + 0.5) * height / n + 4, decimals(value, digits),
            text_anchor="middle", font_size="11px", fill=ink_on(pixels[i, j]),
        )  # fmt: skip
