"""Digits sorted by the push that they need, and whether those are hard to read that need most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import NamedTuple

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing
from ..runs.digits import Examined, rank_correlation

Array = np.ndarray

SIZE, GAP, LEFT, ROW = 84.0, 14.0, 20.0, 168.0  # of the gallery
PLAIN = 126.0  # of a row that only has letters


class Digit(NamedTuple):
    """One digit: image (28, 28) or (784,) in [0, 1], the effort it needs, what it is, how it is
    read."""

    image: Array
    H: float
    label: int
    read: int

    @property
    def wrong(self) -> bool:
        return self.label != self.read


def short(effort: float) -> str:
    """An effort with two digits: 0.0055, 0.30, 12."""
    return decimals(effort, max(0, 1 - int(np.floor(np.log10(max(effort, 1e-9))))))


def draw_digits(digits: Sequence[tuple[Array, float, int, int]], count: int = 6) -> str:
    """A gallery of the digits that need the least and the most effort, each above a bar of its H*.

    digits: (image, H*, label, prediction) of each, in any order, at least ``count`` of them.
    """
    ordered = sorted((Digit(*each) for each in digits), key=lambda digit: digit.H)
    rows = {"least effort": ordered[:count], "most effort": ordered[-count:]}
    said = "; ".join(f"{name}: {', '.join(map(_said, row))}" for name, row in rows.items())
    label = f"Two rows of digits, of {len(ordered)} those that need the least and the most effort. "
    d = Drawing(max(2 * LEFT + count * (SIZE + GAP), 320), 2 * ROW + 18, label + said + ".")
    for k, (name, row) in enumerate(rows.items()):
        d.say(LEFT, ROW * k + 18, name, bold=True, fixed=True)
        for i, digit in enumerate(row):
            _card(d, LEFT + i * (SIZE + GAP), ROW * k + 26, digit, ordered[-1].H)
    y = 2 * ROW + 8
    d.path(f"M{LEFT:.1f},{y - 10:.1f} h14 v12 h-14 Z", "error", 3)
    d.say(LEFT + 22, y, "read wrongly", fixed=True)
    return d.svg()


def _card(d: Drawing, x: float, y: float, digit: Digit, most: float) -> None:
    d.image(np.asarray(digit.image, float).reshape(28, 28), x, y, SIZE)
    if digit.wrong:
        d.path(f"M{x:.1f},{y:.1f} h{SIZE:g} v{SIZE:g} h{-SIZE:g} Z", "error", 4)
    bar = SIZE * digit.H / most
    d.path(f"M{x:.1f},{y + 92:.1f} h{SIZE:.1f} v9 h{-SIZE:.1f} Z", None, 0.8, opacity=0.4)
    d.path(f"M{x:.1f},{y + 92:.1f} h{bar:.1f} v9 h{-bar:.1f} Z", "apical", 0.8, "apical", 0.85)
    middle = x + SIZE / 2
    d.say(middle, y + 116, f"H* {short(digit.H)}", "middle", fixed=True)
    words = f"{digit.label} read as {digit.read}" if digit.wrong else f"read as {digit.read}"
    d.say(middle, y + 131, words, "middle", fixed=True)


def _said(digit: Digit) -> str:
    right = f"and is a {digit.label}" if digit.wrong else "rightly"
    return f"read as {digit.read} {right}, needs {short(digit.H)}"


# ---------------------------------------------------------------------- are they hard to read?


def draw_twelve(seen: Examined, which: Sequence[int], reveal: bool = False) -> str:
    """Digits with letters, for the learner to say which are hard to read. reveal: with the push
    that each of them needs.

    which: the places of twelve digits, such as ``runs.digits.twelve`` draws.
    """
    shown = [
        Digit(seen.x[i], float(seen.H[i]), int(seen.labels[i]), int(seen.read[i])) for i in which
    ]
    letters, row = ascii_uppercase[: len(shown)], ROW + 18 if reveal else PLAIN
    columns = 6
    if reveal:
        order = sorted(zip(shown, letters, strict=True), key=lambda pair: -pair[0].H)
        said = ", ".join(f"{letter} {short(digit.H)}" for digit, letter in order)
        label = f"{len(shown)} digits with the push that each needs, the most first: {said}."
    else:
        label = (
            f"{len(shown)} handwritten digits, {letters[0]} to {letters[-1]}, to be read by you."
        )
    rows = -(-len(shown) // columns)
    d = Drawing(2 * LEFT + columns * (SIZE + GAP), rows * row + 4, label)
    for i, (digit, letter) in enumerate(zip(shown, letters, strict=True)):
        x, y = LEFT + (i % columns) * (SIZE + GAP), row * (i // columns)
        d.say(x + SIZE / 2, y + 18, letter, "middle", 14, True, fixed=True)
        if reveal:
            _card(d, x, y + 26, digit, max(each.H for each in shown))
        else:
            d.image(np.asarray(digit.image, float).reshape(28, 28), x, y + 26, SIZE)
    return d.svg()


def draw_hardness(seen: Examined, measures: Mapping[str, Array]) -> str:
    """The least effort against measures of how hard a digit is to read, a panel for each; digits
    that are read wrongly have another look.

    measures: by name one number for each digit, (N,), such as ``runs.digits.stand_ins`` makes.
    """
    panels, said = [], []
    for name, values in measures.items():
        rho = rank_correlation(seen.H, values)
        series = [
            Series(words, values[chosen], seen.H[chosen], "points", colour=look)
            for words, chosen, look in (
                ("read rightly", seen.right, "layer3"), ("wrongly", ~seen.right, "error"))
        ]  # fmt: skip
        title = f"rank correlation {decimals(rho, 2)}"
        panels.append(Panel(title, name, "H*", series, y_log=True))
        said.append(f"{name} {rho:.2f}")
    wrong = int((~seen.right).sum())
    label = (
        f"The least effort of {len(seen.H)} digits, of which {wrong} are read wrongly, against "
        f"measures of how hard they are to read. Rank correlations: {', '.join(said)}."
    )
    return chart(panels, label, 700, 170)
