"""Apical drives of three kinds of neurons, in every theory, as one observer saw them."""

from __future__ import annotations

from collections.abc import Mapping

from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing

#: Of the figure: where columns are, how long a bar of size 1 is, and how tall a row.
NAMES, FIRST, COLUMN, LONGEST, ROW, TOP = 96.0, 196.0, 204.0, 84.0, 48.0, 52.0
GROUPS = {"P+": "P+ (push it up)", "P-": "P− (push it down)", "bystanders": "bystanders"}
Ends = Mapping[str, Mapping[str, tuple[float, float]]]


def draw_apical(found: Mapping[str, Ends]) -> str:
    """The mean apical drive of each kind of neurons in the taught state, where the outcome is as
    expected (pale), and where the output has to go up (full).

    found: ``{theory: {"expected" | "unexpected": {"P+" | "P-" | "bystanders": (free, taught)}}}``,
    each theory in units of its largest drive.
    """
    bottom = TOP + ROW * len(found)
    d = Drawing(700, bottom + 40, _label(found))
    for k, words in enumerate(GROUPS.values()):
        x = FIRST + COLUMN * k
        d.say(x, 22, words, "middle", bold=True, fixed=True)
        d.say(x - LONGEST, TOP - 10, "−", "middle", fixed=True)
        d.say(x + LONGEST, TOP - 10, "+", "middle", fixed=True)
        d.path(f"M{x:.1f},{TOP - 4:.1f} V{bottom:.1f}", None, 1, opacity=0.5)
    for row, (theory, ends) in enumerate(found.items()):
        y = TOP + ROW * row
        if row:
            d.path(f"M10,{y:.1f} H690", None, 0.8, opacity=0.25)
        d.say(12, y + ROW / 2 + 4, theory, bold=True, fixed=True)
        for k, group in enumerate(GROUPS):
            x = FIRST + COLUMN * k
            _bar(d, x, y + 9, ends["expected"][group][1], pale=True)
            _bar(d, x, y + 26, ends["unexpected"][group][1], pale=False)
    for x, pale, words in ((NAMES, True, "as expected"), (NAMES + 150, False, "output must go up")):
        _bar(d, x, bottom + 16, 0.3, pale)
        d.say(x + 34, bottom + 27, words, fixed=True)
    d.say(690, bottom + 27, "a dot: silent", "end", fixed=True)
    return d.svg()


def _bar(d: Drawing, x: float, y: float, size: float, pale: bool) -> None:
    """A bar from x to the right or the left; a dot where there is nothing to see."""
    if abs(size) < 5e-3:
        d.circle(x, y + 6, 2.5, "apical", "apical", 0.15 if pale else 1.0)
        return
    shape = f"M{x:.1f},{y:.1f} h{LONGEST * size:.1f} v12 h{-LONGEST * size:.1f} Z"
    d.path(shape, "apical", 1.5, "apical", 0.15 if pale else 0.9)


def _label(found: Mapping[str, Ends]) -> str:
    """What is seen, with the numbers."""
    said = []
    for theory, ends in found.items():
        parts = []
        for outcome, words in (("expected", "as expected"), ("unexpected", "output must go up")):
            each = ", ".join(f"{group} {decimals(ends[outcome][group][1], 2)}" for group in GROUPS)
            parts.append(f"{words}: {each}")
        said.append(f"{theory}: {'; '.join(parts)}")
    return (
        "Mean apical drives of three kinds of neurons in the taught state, each theory in units "
        f"of its largest drive. {'. '.join(said)}."
    )
