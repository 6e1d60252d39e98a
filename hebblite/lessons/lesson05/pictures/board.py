"""The board of what can be broken: the loop's parts cut one by one, all outcomes side by side."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.schematic import Drawing
from ..runs.breaks import BREAKS, WHOLE
from ..runs.training import Run

WIDE, HIGH, COLUMNS = 170.0, 248.0, 4
XS = (54.0, 84.0, 114.0, 144.0)  # of the layers in a card
TOP, ROW, BACK, CLOCK = 34.0, 66.0, 88.0, 104.0
#: Of the small chart: its left, top, width, height.
CHART = (14.0, 124.0, 110.0, 62.0)


def draw_board(runs: Mapping[str, Run], guess: Mapping[str, float] | None = None) -> str:
    """One card for each cut: the loop with its cut, and how training went. guess: the accuracies
    that the learner foretold, by break."""
    rows = -(-len(BREAKS) // COLUMNS)
    d = Drawing(COLUMNS * WIDE, rows * HIGH, _label(runs))
    for i, name in enumerate(BREAKS):
        left, top = WIDE * (i % COLUMNS), HIGH * (i // COLUMNS)
        _frame(d, left, top)
        d.say(left + 14, top + 20, name, bold=True, fixed=True)
        _loop(d, left, top, name)
        _curve(d, left, top, runs, name, (guess or {}).get(name))
    return d.svg()


def _label(runs: Mapping[str, Run]) -> str:
    last = len(runs[WHOLE].accuracy) - 1
    said = [f"{name} {_outcome(runs[name], last)}" for name in BREAKS]
    ends = "; ".join(said)
    return f"A board of {len(said)} cards, each with a loop and a curve of accuracy: {ends}."


def _outcome(run: Run, last: int) -> str:
    if run.words:
        return "was stopped"
    return f"reads {run.accuracy[: last + 1][-1]:.0f} percent after epoch {last}"


def _frame(d: Drawing, left: float, top: float) -> None:
    box = f"M{left + 4:.1f},{top + 4:.1f} h{WIDE - 8:.1f} v{HIGH - 8:.1f} h{8 - WIDE:.1f} Z"
    d.path(box, None, 1, opacity=0.35)


# ---------------------------------------------------------------------- the loop of a card


def _loop(d: Drawing, left: float, top: float, name: str) -> None:
    """Error, gain, feedback, four layers, the rule, the way back, and the clock below."""
    part, setting = BREAKS[name].part, BREAKS[name].setting

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x, top + y

    gain = {0.5: 2.0, 8.0: 6.0, 24.0: 11.0}[setting.gain]
    d.circle(*at(22, ROW), 8, "error", "error", 0.5)
    d.arrow([at(22, ROW - 10), at(22, TOP), at(XS[-1] + 8, TOP)], "error", gain, "", dashed=False)
    ends = (XS[2], XS[0], XS[3], XS[1]) if part == "feedback" else XS
    for x, end in zip(XS, ends, strict=True):
        d.arrow([at(x, TOP), at(end, ROW - 10)], "apical", 1.8, dashed=part == "feedback")
    for x, after in itertools.pairwise(XS):
        d.arrow([at(x + 8, ROW), at(after - 8, ROW)], "basal", 1.6)
    for l, x in enumerate(XS):
        d.circle(*at(x, ROW), 7, "rate", "rate", 0.35)
        if part == "rule" or (part == "hidden" and l < 3):
            _cross(d, *at(x, ROW + 14))
        else:
            d.path("M{:.1f},{:.1f} h14".format(*at(x - 7, ROW + 13)), "dh", 4)
    d.arrow([at(XS[-1] + 10, ROW), at(XS[-1] + 16, ROW), at(XS[-1] + 16, BACK), at(22, BACK),
             at(22, ROW + 10)], "rate", 1.4)  # fmt: skip
    _clock(d, left, top + CLOCK, part)


def _cross(d: Drawing, x: float, y: float, size: float = 5.0) -> None:
    down = f"M{x - size:.1f},{y - size:.1f} l{2 * size:.1f},{2 * size:.1f}"
    up = f"M{x + size:.1f},{y - size:.1f} l{-2 * size:.1f},{2 * size:.1f}"
    d.path(f"{down} {up}", None, 2.4)


def _clock(d: Drawing, left: float, y: float, part: str) -> None:
    """A line of time: the network settles, the target comes (a tick), the push. Amber: when
    plasticity is on."""
    start, tick, stop = left + 14, left + 62, left + 154
    d.path(f"M{start:.1f},{y:.1f} H{stop:.1f}", None, 1.2, opacity=0.5)
    d.path(f"M{tick:.1f},{y - 6:.1f} v12", None, 1.6)
    on = {"start": (tick - 16, stop), "end": (tick, tick + 14)}.get(part, (tick, stop))
    d.path(f"M{on[0]:.1f},{y:.1f} H{on[1]:.1f}", "dh", 5)
    if part in ("start", "end"):
        _cross(d, {"start": tick - 8, "end": stop - 6}[part], y)


# ---------------------------------------------------------------------- the outcome of a card


def _curve(
    d: Drawing, left: float, top: float, runs: Mapping[str, Run], name: str, guess: Any
) -> None:
    """Accuracy over epochs, pale that of the whole loop; where it ends; the first angles."""
    x0, y0, width, height = left + CHART[0], top + CHART[1], CHART[2], CHART[3]
    last = len(runs[WHOLE].accuracy) - 1

    def line(accuracy: list[float]) -> str:
        places = (f"{x0 + width * t / last:.1f},{y0 + height * (1 - a / 100):.1f}"
                  for t, a in enumerate(accuracy))  # fmt: skip
        return "M" + " L".join(places)

    d.path(f"M{x0:.1f},{y0:.1f} v{height:.1f} h{width:.1f}", None, 1, opacity=0.5)
    if name != WHOLE:
        d.path(line(runs[WHOLE].accuracy), "backprop", 1.5, opacity=0.6)
    run, ends = runs[name], runs[name].accuracy[: last + 1]
    d.path(line(ends), "dh", 2.6)
    if guess is not None:
        y = y0 + height * (1 - guess / 100)
        d.path(f"M{x0:.1f},{y:.1f} h{width:.1f}", None, 1.4).set("stroke-dasharray", "4 3")
        d.say(left + 14, top + HIGH - 12, f"you said {guess:.0f} %", fixed=True)
    y = y0 + height * (1 - ends[-1] / 100)
    words = "stopped" if run.words else f"{ends[-1]:.0f} %"
    if run.words:
        d.say(x0 + 12, y0 + height - 14, words, bold=True, fixed=True)
    else:
        d.say(x0 + width + 5, min(max(y + 4, y0 + 10), y0 + height), words, bold=True, fixed=True)
    if run.angles:
        shown = " ".join("–" if np.isnan(a) else f"{a:.0f}" for a in run.angles[0])
        d.say(left + 14, top + HIGH - 28, f"angles {shown}°", fixed=True)
