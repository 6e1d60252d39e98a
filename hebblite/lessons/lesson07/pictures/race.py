"""A race of digits: how the error of each falls while the controller works, and when it arrives.
``draw_race`` draws one moment, ``race_film`` makes the film."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series
from ....teaching.schematic import Drawing, digit, put_chart
from ..runs.race import Race
from .axes import zone
from .clock import clock

Array = np.ndarray
WIDTH, CARD = 680.0, 178.0
CHART = 176.0  # height of the frame of the curves
BAR, GOAL = 40.0, 0.9  # pixels for a prediction of 1; the target's confidence


# ---------------------------------------------------------------------- one moment


def draw_race(ran: Race, t: int = -1, last: int = -1) -> str:
    """The race at row ``t``: a card for each digit, below them the errors up to row ``last`` with a
    dot on each at this moment. A digit that has arrived has its clock stopped and a green frame."""
    t, last = (range(len(ran.time))[row] for row in (t, last))
    count = len(ran.labels)
    d = Drawing(WIDTH, CARD + CHART + 66, _label(ran, t))
    for j in range(count):
        _card(d, ran, j, t, float(ran.time[last]), WIDTH / count)
    _curves(d, ran, t, last)
    return d.svg()


def _label(ran: Race, t: int) -> str:
    said = []
    for j, label in enumerate(ran.labels):
        there = ran.time[t] >= ran.latency[j]
        done = f"there since {1000 * ran.latency[j]:.0f} ms" if there else "not there yet"
        said.append(f"{_a(label)} with an error of {ran.size[t, j]:.2f}, {done}")
    return (
        f"{len(said)} digits, {1000 * ran.time[t]:.0f} ms after the controller began, each with "
        f"the network's prediction and a clock. Below, their errors fall towards the tolerance of "
        f"{ran.e_tol:g}: {'; '.join(said)}."
    )


def _card(d: Drawing, ran: Race, j: int, t: int, end: float, width: float) -> None:
    """The digit, its clock, the key to its curve, and a bar for the prediction of each class."""
    left, middle = j * width, (j + 0.5) * width
    there = bool(ran.time[t] >= ran.latency[j])
    passed = min(float(ran.time[t]), float(ran.latency[j]))
    frame = f"M{left + 4:.1f},4 h{width - 8:.1f} v{CARD - 10:.1f} h{8 - width:.1f} Z"
    d.path(frame, "rate" if there else None, 3.0 if there else 1.0, opacity=1 if there else 0.35)
    digit(d, ran.images[j], middle - 54, 14, 56)
    clock(d, middle + 32, 44, 21, passed / end, there)
    words = f"{1000 * passed:.0f} ms{' ✓' if there else ''}"
    d.say(middle + 12, 90, words, "middle", bold=there, fixed=True)
    d.path(f"M{middle - 54:.1f},86 h24", j, 2.4, dashed=True)
    d.circle(middle - 42, 86, 4, None, j, width=1)
    said, slot, ground = ran.said[t, j], (width - 24) / ran.said.shape[-1], 142.0
    for i, y in enumerate(said):
        x, high = left + 12 + i * slot, BAR * float(np.clip(y, -0.15, 1.1))
        wanted = i == ran.labels[j]
        bar = f"M{x + 1:.1f},{ground - high:.2f} h{slot - 2:.1f} v{high:.2f} h{2 - slot:.1f} Z"
        d.path(bar, "rate", 1, "rate", 0.9 if wanted else 0.25)
        d.say(x + slot / 2, 164, str(i), "middle", 11, bold=bool(wanted), fixed=True)
    goal = left + 12 + int(ran.labels[j]) * slot
    d.path(f"M{goal - 2:.1f},{ground - BAR * GOAL:.1f} h{slot + 4:.1f}", None, 1.4)


def _curves(d: Drawing, ran: Race, t: int, last: int) -> None:
    """The error of each digit over time, and where it is now."""
    ms = 1000 * ran.time[: last + 1]
    series = [Series("", ms, ran.size[: last + 1, j], colour=j) for j in range(len(ran.labels))]
    panel = Panel(
        "", "time since the controller began (ms)", "error |e|", series,
        x_range=(0.0, float(ms[-1])), y_range=(0.0, 1.08 * float(ran.size.max())),
    )  # fmt: skip
    frame = put_chart(d, [panel], 0, CARD - 10, WIDTH, CHART)[0]
    zone(d, frame, ran.e_tol, f"below {ran.e_tol:g}: arrived")
    now = frame.at(1000 * float(ran.time[t]), 0.0)
    d.path(f"M{now.x:.1f},{frame.top:.1f} V{frame.bottom:.1f}", None, 1.2, opacity=0.6)
    for j, size in enumerate(ran.size[t]):
        at = frame.at(1000 * float(ran.time[t]), float(size))
        d.circle(*at, 5, None, j)


# ---------------------------------------------------------------------- the film


def race_film(ran: Race, count: int = 60) -> dict[str, Any]:
    """What ``player.play`` wants: the race from the start until a little after the last digit has
    arrived (or to the end of what was recorded), in ``count`` moments."""
    ends = ran.latency[np.isfinite(ran.latency)]
    far = float(ran.time[-1]) if len(ends) < len(ran.latency) else 1.06 * float(ends.max())
    last = min(int(np.searchsorted(ran.time, far)), len(ran.time) - 1)
    rows = np.unique(np.linspace(0, last, count).round().astype(int)).tolist()
    captions = []
    for t in rows:
        done = int((ran.latency <= ran.time[t]).sum())
        captions.append(
            f"{1000 * ran.time[t]:.0f} ms: {done} of {len(ran.labels)} digits are within the "
            "tolerance."
        )
    first, slow = int(ran.latency.argmin()), int(ran.latency.argmax())
    label = (
        "Digits race: the error of each falls while the controller works, and its clock stops when "
        f"the error is within the tolerance of {ran.e_tol:g}. The quickest, "
        f"{_a(ran.labels[first])}, takes {_ms(ran.latency[first])}; the slowest, "
        f"{_a(ran.labels[slow])}, {_ms(ran.latency[slow])}."
    )
    return {
        "frames": [draw_race(ran, t, last) for t in rows],
        "captions": captions,
        "label": label,
        "seconds": 8.0,
    }


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if np.isfinite(seconds) else "longer than was watched"


def _a(label: int) -> str:
    """A digit with its article: "an 8"."""
    return f"{'an' if label == 8 else 'a'} {label}"
