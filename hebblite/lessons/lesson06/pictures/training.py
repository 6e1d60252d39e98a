"""What the feedback of trained and untrained networks spends, digit by digit and over epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing

Array = np.ndarray

#: Kinds of feedback, by what stands in their names.
LOOKS = {"dynamic": "voltage", "jacobian": "apical", "transpose": "backprop", "random": "hebb"}
SIZE, GAP, LEFT, ROW = 84.0, 14.0, 20.0, 168.0  # of the gallery


def draw_spending(least: Array, spent: Mapping[str, Array]) -> str:
    """What kinds of feedback spend on each digit against the least effort.

    least: H* of each digit, (N,). spent: by name of the feedback 1/2 sum_l |a_l|^2 at the end of
    the phase, (N,). Names with "dynamic", "jacobian", "transpose" or "random" in them have their
    own looks.
    """
    least = np.asarray(least, float)
    efforts = {name: np.asarray(y, float) for name, y in spent.items()}
    low = 0.7 * min(float(v[v > 0].min()) for v in (least, *efforts.values()))
    high = 1.4 * max(float(v.max()) for v in (least, *efforts.values()))
    ends = np.array([low, high])
    series = [Series(name, least, y, "points", colour=_look_of(name, k))
              for k, (name, y) in enumerate(efforts.items())]  # fmt: skip
    series.append(Series("no more than needed", ends, ends, colour="layer3"))
    said = ", ".join(f"{name} {np.median(y / least):.3g}" for name, y in efforts.items())
    label = (
        f"Scatter chart of what feedback spends on {len(least)} digits against the least effort, "
        f"which is the diagonal. The medians of their ratio are: {said}."
    )
    panel = Panel(
        "What is spent, and what is needed", "least effort H*", "effort spent", series,
        x_log=True, y_log=True, x_range=(low, high), y_range=(low, high),
    )  # fmt: skip
    return chart([panel], label, 420, 320)


def _look_of(name: str, k: int) -> str | int:
    return next((look for kind, look in LOOKS.items() if kind in name), k)


# ---------------------------------------------------------------------- digits


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


def draw_digits(digits: Sequence[tuple[Array, float, int, int]], count: int = 6) -> str:
    """A gallery of the digits that need the least and the most push, each above a bar of its H*.

    digits: (image, H*, label, prediction) of each, in any order, at least ``count`` of them.
    """
    ordered = sorted((Digit(*each) for each in digits), key=lambda digit: digit.H)
    rows = {"least push": ordered[:count], "most push": ordered[-count:]}
    said = "; ".join(f"{name}: {', '.join(map(_said, row))}" for name, row in rows.items())
    label = f"Two rows of digits, of {len(ordered)} those that need the least and the most push. "
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
    d.say(middle, y + 116, f"H* {decimals(digit.H, 2)}", "middle", fixed=True)
    words = f"{digit.label} read as {digit.read}" if digit.wrong else f"read as {digit.read}"
    d.say(middle, y + 131, words, "middle", fixed=True)


def _said(digit: Digit) -> str:
    right = f"and is a {digit.label}" if digit.wrong else "rightly"
    return f"read as {digit.read} {right}, needs {digit.H:.2f}"
