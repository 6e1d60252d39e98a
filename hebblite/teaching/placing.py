"""Where words go in a picture: how wide they are, whether they collide, and where there is room.

Pure functions on boxes (left, top, right, bottom). Widths are upper estimates: a browser may use
another font, and a label that is thought a little too wide never runs into its neighbour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

from ..errors import ArgumentError

SMALLEST = 11.0  # pixels: no text of a picture is smaller at its natural size
GAP = 2.0  # pixels between two labels

#: Widths in parts of the font size, by letter, of the widest usual font; all others are WIDE.
WIDTHS = (
    ("ijl'", 0.29),
    (" .,:;!|·", 0.34),
    ("ft()[]/-r", 0.42),
    ("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ⁺⁻ₗ", 0.46),
    ("cszLJI", 0.57),
    ("mwMWQO%@&→←↔…+=<>≈−±×", 0.98),
    ("ABCDEFGHKNPRSTUVXYZΣΔΩ", 0.76),
)
WIDE = 0.64


class Box(NamedTuple):
    """A rectangle of the page; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two share a point, or come nearer than ``gap``."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def inside(self, other: Box) -> bool:
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


def text_width(words: str, size: float = 12.0, bold: bool = False) -> float:
    """How wide a line of sans-serif text is, in pixels, or a little less than that."""
    total = 0.0
    for letter in words:
        total += next((width for letters, width in WIDTHS if letter in letters), WIDE)
    return total * size * (1.1 if bold else 1.0)


def text_box(
    x: float, y: float, words: str, anchor: str = "start", size: float = 12.0, bold: bool = False
) -> Box:
    """The box around words whose baseline is at (x, y). anchor: "start", "middle" or "end"."""
    width = text_width(words, size, bold)
    shift = {"start": 0.0, "middle": -width / 2, "end": -width}[anchor]
    return Box(x + shift, y - 0.8 * size, x + shift + width, y + 0.25 * size)


def clashes(boxes: Sequence[Box], page: Box) -> list[tuple[int, int]]:
    """Pairs of boxes (i, j) that meet, and (i, -1) for each that leaves the page. Empty: all is
    well."""
    found = [(i, -1) for i, box in enumerate(boxes) if not box.inside(page)]
    pairs = combinations(range(len(boxes)), 2)
    return found + [(i, j) for i, j in pairs if boxes[i].meets(boxes[j])]


def free_place(box: Box, taken: Iterable[Box], page: Box, step: float = 4.0) -> tuple[float, float]:
    """The smallest move (dx, dy) that brings ``box`` to where nothing is: up or down before
    sideways. ArgumentError where the page is full."""
    taken = list(taken)

    def free(there: Box) -> bool:
        return there.inside(page) and not any(there.meets(other, GAP) for other in taken)

    if free(box):
        return 0.0, 0.0
    for dx, dy in _moves(page.right - page.left, page.bottom - page.top, step):
        if free(box.moved(dx, dy)):
            return dx, dy
    raise ArgumentError("label", "no free place in the picture", "a larger picture or fewer labels")


@cache
def _moves(width: float, height: float, step: float) -> Sequence[tuple[float, float]]:
    """Moves within a page in order of their length, where a move sideways counts double."""
    down, right = int(height / step) + 1, int(width / step) + 1
    moves = [(step * i, step * j) for i in range(-right, right + 1) for j in range(-down, down + 1)]
    return sorted(moves, key=lambda m: (4 * m[0] ** 2 + m[1] ** 2, m[1], m[0]))


def spread(wanted: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Places for labels on one line, as near as can be to where they are wanted, at least
    ``height`` apart and within [low, high]. Their order is kept. More labels than fit are set
    closer, evenly."""
    count = len(wanted)
    if count == 0:
        return []
    room = (high - low) / max(count - 1, 1)
    height = min(height, room) if count > 1 else height
    order = sorted(range(count), key=lambda i: wanted[i])
    groups: list[list[float]] = []  # sum of (wanted - offset), size: pooled where they would meet
    for k, i in enumerate(order):
        groups.append([wanted[i] - k * height, 1])
        while len(groups) > 1 and groups[-1][0] / groups[-1][1] < groups[-2][0] / groups[-2][1]:
            total, size = groups.pop()
            groups[-1] = [groups[-1][0] + total, groups[-1][1] + size]
    placed, k = [0.0] * count, 0
    top = high - (count - 1) * height
    for total, size in groups:
        start = min(max(total / size, low), max(top, low))
        for _ in range(int(size)):
            placed[order[k]] = start + k * height
            k += 1
    return placed
