"""What the feedback of trained and untrained networks spends, digit by digit and over epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing

Array = np.ndarray

LOOKS = {"dynamic": "dh", "jacobian": "apical", "transpose": "backprop", "random": "hebb"}


def draw_spending(least: Array, spent: Mapping[str, Array]) -> str:
    """What kinds of feedback spend on each digit against the least effort.

    least: H* of each digit, (N,). spent: by name of the feedback ("dynamic", "jacobian",
    "transpose", "random", or any other) 1/2 sum_l |a_l|^2 at the end of the phase, (N,).
    """
    least = np.asarray(least, float)
    values = [least, *(np.asarray(y, float) for y in spent.values())]
    low = 0.7 * min(float(v[v > 0].min()) for v in values)
    high = 1.4 * max(float(v.max()) for v in values)
    ends = np.array([low, high])
    series = [Series(name, least, np.asarray(y, float), "points", colour=LOOKS.get(name))
              for name, y in spent.items()]  # fmt: skip
    series.append(Series("as little as can be", ends, ends, colour="layer3"))
    times = {name: float(np.median(np.asarray(y) / least)) for name, y in spent.items()}
    said = ", ".join(f"{name} {value:.2g}" for name, value in times.items())
    label = (
        f"Scatter chart of what feedback spends on {len(least)} digits against the least effort, "
        f"which is the diagonal. The medians of their ratio are: {said}."
    )
    panel = Panel(
        "Spent, and needed", "least effort H*", "effort spent", series, x_log=True, y_log=True,
        x_range=(low, high), y_range=(low, high),
    )  # fmt: skip
    return chart([panel], label, 420, 320)


class Digit(NamedTuple):
    """One digit: image (28, 28) or (784,) in [0, 1], the effort it needs, what it is, how it is
    read."""

    image: Array
    H: float
    label: int
    read: int


def draw_digits(digits: Sequence[tuple[Array, float, int, int]], count: int = 6) -> str:
    """A gallery of the digits that need the least and the most push.

    digits: (image, H*, label, prediction) of each, in any order, at least ``count`` of them.
    """
    ordered = sorted((Digit(*each) for each in digits), key=lambda digit: digit.H)
    rows = (("least push", ordered[:count]), ("most push", ordered[-count:]))
    said = "; ".join(f"{name}: " + ", ".join(_said(digit) for digit in row) for name, row in rows)
    size, gap, left = 84.0, 14.0, 20.0
    d = Drawing(max(left + count * (size + gap), 300), 2 * 152.0, f"Two rows of digits. {said}.")
    for k, (name, row) in enumerate(rows):
        top = 152.0 * k
        d.say(left, top + 18, name, bold=True, fixed=True)
        for i, digit in enumerate(row):
            x = left + i * (size + gap)
            d.image(np.asarray(digit.image, float).reshape(28, 28), x, top + 26, size)
            wrong = digit.label != digit.read
            if wrong:
                d.path(f"M{x:.1f},{top + 26:.1f} h{size:g} v{size:g} h{-size:g} Z", "error", 3.5)
            d.say(x + size / 2, top + 126, f"H* {decimals(digit.H, 2)}", "middle", fixed=True)
            words = f"{digit.label} read as {digit.read}" if wrong else f"read as {digit.read}"
            d.say(x + size / 2, top + 142, words, "middle", fixed=True)
    return d.svg()


def _said(digit: Digit) -> str:
    right = "rightly" if digit.label == digit.read else f"and is a {digit.label}"
    return f"read as {digit.read} {right}, needs {digit.H:.2f}"


def draw_epochs(runs: Mapping[tuple[str, str], Mapping[str, Array]]) -> str:
    """Error and least effort over epochs, for both rules and each hidden activation.

    runs: by (rule, hidden), such as ("dh", "tanh") and ("backprop", "sigmoid"), the curves
    {"error": (S, E+1), "H": (S, E+1)} of S seeds over epochs 0..E; (E+1,) for one seed. The mean is
    drawn. Where the mean of H* rises while that of the error falls, the epochs are shaded.
    """
    kinds = list(dict.fromkeys(hidden for _, hidden in runs))
    height = 282.0
    said = [_rises_in_words(rule, hidden, curves) for (rule, hidden), curves in runs.items()]
    d = Drawing(680, height * len(kinds), "Line charts over epochs. " + " ".join(said))
    for k, hidden in enumerate(kinds):
        here = {rule: curves for (rule, kind), curves in runs.items() if kind == hidden}
        d.put(_epochs(hidden, here), 0, height * k)
    return d.svg()


def mean_of(values: Array) -> Array:
    """The mean over seeds, (E+1,)."""
    return np.atleast_2d(np.asarray(values, float)).mean(axis=0)


def rises(curves: Mapping[str, Array]) -> list[int]:
    """The epochs in which the mean of H* rises while that of the error falls."""
    H, e = mean_of(curves["H"]), mean_of(curves["error"])
    return [int(t) + 1 for t in np.flatnonzero((np.diff(H) > 0) & (np.diff(e) < 0))]


def _rises_in_words(rule: str, hidden: str, curves: Mapping[str, Array]) -> str:
    H, e, up = mean_of(curves["H"]), mean_of(curves["error"]), rises(curves)
    where = (
        f"; the effort rises in epoch {', '.join(map(str, up))} although the error falls"
        if up
        else ""
    )
    return (
        f"{rule}, {hidden}: the error goes from {e[0]:.2f} to {e[-1]:.2f}, the least effort from "
        f"{H[0]:.2f} to {H[-1]:.2f}{where}."
    )


def _epochs(hidden: str, here: Mapping[str, Mapping[str, Array]]) -> str:
    names = {"dh": "DH", "backprop": "backprop"}
    looks = {"dh": "dh", "backprop": "backprop"}
    panels = []
    for title, key in ((f"{hidden}: error |e|", "error"), (f"{hidden}: least effort H*", "H")):
        series = [
            Series(names.get(rule, rule), np.arange(float(mean_of(c[key]).size)), mean_of(c[key]),
                   "line+points", colour=looks.get(rule))
            for rule, c in here.items()
        ]  # fmt: skip
        most = max(float(s.y.max()) for s in series)
        up = sorted({t for c in here.values() for t in rises(c)}) if key == "H" else []
        bands = [("x", t - 1.0, float(t), "rises" if t == up[0] else "") for t in up]
        panels.append(Panel(title, "epoch", key if key == "error" else "H*", series,
                            y_range=(0, 1.15 * most), bands=bands))  # fmt: skip
    return chart(panels, hidden, 680, 170)
