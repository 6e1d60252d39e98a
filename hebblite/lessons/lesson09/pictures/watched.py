"""Both phases on a digit, watched: the film for the player."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....errors import ArgumentError
from ....network import Network
from ....stream import Block
from ....teaching.chart import Panel, Scale, Series
from ....teaching.chart.panel import LEFT, RIGHT, TOP, chart
from ....teaching.colours import layer
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing, Point, digit
from ....teaching.schematic.network import neuron_dot

Array = np.ndarray

WIDE, CHART, UNDER = 680.0, 130.0, 220.0  # of the page; of the curves' frame; where it begins
SIDE, MOST = 8, 64  # neurons in a row of a layer's square; neurons that are shown of a layer
CURVES = 6  # neurons of the hidden layers whose rate is drawn over time
BAR = 108.0
LEGEND = 68.0  # below the curves
LAYERS = 2  # hidden layers whose neurons are drawn


@dataclass(frozen=True)
class Watched:
    """Both phases of one digit side by side: time (T,) in ms from the start of the free phase, the
    rates of the hidden layers, each (T, n_l), the prediction (T, 10), where the nudge comes on (the
    row, which is the free state of rest), the image and its label."""

    time: Array
    hidden: list[Array]
    said: Array
    on: int
    image: Array
    label: int

    def away(self, l: int, t: int) -> Array:
        """How far the rates of a hidden layer are from the free state of rest, (n_l,)."""
        return np.asarray(self.hidden[l][t] - self.hidden[l][self.on])

    def farthest(self, t: int) -> float:
        """The farthest that a neuron of a layer that is drawn is away within the phase of row t:
        one scale for both layers."""
        phase = slice(0, self.on + 1) if t <= self.on else slice(self.on, None)
        return (
            max(
                float(np.abs(rates[phase] - rates[self.on]).max()) for rates in self.hidden[:LAYERS]
            )
            or 1.0
        )

    @property
    def top(self) -> float:
        """The highest prediction of all."""
        return float(self.said.max())


def watched(free: Block, nudged: Block, image: Array, label: int, net: Network) -> Watched:
    """Two recorded phases of one input, ``free`` (from ``relax``) and then ``nudged`` (from
    ``teach``)."""
    for name, block in (("free", free), ("nudged", nudged)):
        if block.batch != 1:
            raise ArgumentError(name, f"a block of {block.batch} inputs", "a block of one input")
    if not np.allclose(free.rates[-1][-1], nudged.rates[-1][0]):
        raise ArgumentError("nudged", "a phase of its own", "one that begins where free ends")
    rates = [
        np.concatenate([a[:, 0], b[1:, 0]])
        for a, b in zip(free.rates[1:], nudged.rates[1:], strict=True)
    ]
    time = 1000 * np.concatenate([free.time, free.time[-1] + nudged.time[1:]])
    return Watched(
        time, rates[:-1], net.readout(rates[-1]), free.steps, np.ravel(image), int(label)
    )


def phases_film(
    free: Block, nudged: Block, image: Array, label: int, net: Network, count: int = 50
) -> dict[str, Any]:
    """What ``player.play`` wants: both phases of one digit in about ``count`` moments, half of them
    in each phase."""
    seen = watched(free, nudged, image, label, net)
    last, below = len(seen.time) - 1, _over_time(seen)
    rows = np.unique(
        np.concatenate([
            np.linspace(0, seen.on, count // 2), np.linspace(seen.on, last, count - count // 2)
        ]).round().astype(int)
    ).tolist()  # fmt: skip
    return {
        "frames": [draw_moment(seen, t, below) for t in rows],
        "captions": [_caption(seen, t) for t in rows],
        "label": f"The network reads a {seen.label} in two phases. Freely it relaxes for "
        f"{seen.time[seen.on]:.0f} ms and then gives the digit a prediction of "
        f"{seen.said[seen.on, seen.label]:.2f}; nudged, the rates move a little further, and the "
        f"prediction is {seen.said[-1, seen.label]:.2f} at the end.",
        "seconds": 8.0,
    }


def _caption(seen: Watched, t: int) -> str:
    phase = "free phase" if t <= seen.on else "nudged phase"
    value = decimals(seen.said[t, seen.label], 2)
    return f"{seen.time[t]:.0f} ms, {phase}: the prediction for {seen.label} is {value}."


def draw_moment(seen: Watched, t: int = -1, below: str = "") -> str:
    """One moment: the digit, how far the hidden layers are from the free state, the prediction;
    below, rates over time. below: that chart, if it is made already."""
    t = range(len(seen.time))[t]
    d = Drawing(WIDE, UNDER + TOP + CHART + LEGEND, _label(seen, t))
    digit(d, seen.image, 12, 50, 104)
    d.say(64, 36, f"a {seen.label}" if seen.label != 8 else "an 8", "middle", fixed=True)
    count = min(len(seen.hidden), LAYERS)
    for l in range(count):
        _square(d, seen, l, t, 142.0 + 158 * l)
    words = f"full: a rate that is {decimals(seen.farthest(t), 3)} from the free state"
    d.say(142.0 + 62 + 79 * (count - 1), 200, words, "middle", 11, fixed=True)
    _said(d, seen, t, 152.0 + 158 * count)
    d.put(below or _over_time(seen), 0, UNDER)
    _now(d, seen, t)
    return d.svg()


def _label(seen: Watched, t: int) -> str:
    phase = "the free phase" if t <= seen.on else "the nudged phase"
    return (
        f"{seen.time[t]:.0f} ms, in {phase}: a digit, how far the hidden neurons are from the "
        f"free state, and the prediction for each class, {seen.said[t, seen.label]:.2f} for the "
        f"right one, {seen.label}. Below, rates and predictions over time through both phases."
    )


def _square(d: Drawing, seen: Watched, l: int, t: int, left: float) -> None:
    """Neurons of a layer in a square, each with a disc for how far it is from the free state; of
    many, some that are evenly chosen."""
    away, most = seen.away(l, t), seen.farthest(t)
    some = np.unique(np.linspace(0, len(away) - 1, MOST).astype(int))
    d.say(left + 62, 36, f"layer {l + 1}: {len(away)} neurons", "middle", fixed=True)
    for k, i in enumerate(some):
        at = Point(left + 8 + 15.4 * (k % SIDE), 58 + 15.4 * (k // SIDE))
        neuron_dot(d, at, 7.0, float(away[i]) / most, "rate", None)


def _said(d: Drawing, seen: Watched, t: int, left: float) -> None:
    """The prediction for each class, before the nudge as a line, and the nudge."""
    now, free, ground = seen.said[t], seen.said[seen.on], 50 + BAR
    slot = min((WIDE - 92 - left) / len(now), 26.0)
    d.say(left, 36, f"prediction, up to {decimals(seen.top, 2)}", fixed=True)
    for i, y in enumerate(now):
        x, high = left + i * slot, BAR * float(y) / seen.top
        wanted = i == seen.label
        bar = f"M{x + 2:.1f},{ground - high:.2f} h{slot - 4:.1f} v{high:.2f} h{4 - slot:.1f} Z"
        d.path(bar, "rate", 1, "rate", 0.9 if wanted else 0.25)
        d.say(x + slot / 2, ground + 16, str(i), "middle", 11, bold=bool(wanted), fixed=True)
        y_free = ground - BAR * float(free[i]) / seen.top
        mark = d.path(f"M{x:.1f},{y_free:.2f} h{slot:.1f}", None, 1.4)
        mark.set("opacity", "1" if t > seen.on else "0")
    on = d.group(opacity="1" if t > seen.on else "0")
    d.path(f"M{left:.1f},{ground + 28:.1f} h18", None, 1.4, into=on)
    d.say(left + 24, ground + 32, "in the free state", fixed=True, into=on)
    x = left + slot * len(now) + 8
    d.arrow([(x + 62, 104), (x + 6, 104)], "error", 4, dashed=False, into=on)
    d.say(x + 12, 92, "nudge", fixed=True, into=on)


def _over_time(seen: Watched) -> str:
    """Rates of the hidden neurons that move most, and the predictions, over time."""
    end, bands = (
        float(seen.time[-1]),
        [("x", float(seen.time[seen.on]), float(seen.time[-1]), "nudged")],
    )
    moved = [
        (float(np.ptp(rates[:, i])), l, i)
        for l, rates in enumerate(seen.hidden)
        for i in range(rates.shape[1])
    ]
    some = sorted(sorted(moved, reverse=True)[:CURVES], key=lambda one: one[1:])
    first = {l: k for k, (_, l, _) in reversed(list(enumerate(some)))}
    hidden = [
        Series(f"layer {l + 1}" if first[l] == k else "", seen.time, seen.hidden[l][:, i],
               colour=layer(l + 1))
        for k, (_, l, i) in enumerate(some)
    ]  # fmt: skip
    others = [i for i in range(seen.said.shape[1]) if i != seen.label]
    classes = [
        Series("the others" if i == others[0] else "", seen.time, seen.said[:, i], colour="layer3",
               ghost=True)
        for i in others
    ]  # fmt: skip
    right = Series(f"for {seen.label}", seen.time, seen.said[:, seen.label], colour="layer4")
    panels = [
        Panel("Hidden rates that move most", "time (ms)", "rate", hidden, x_range=(0, end),
              y_range=_with_room(hidden), bands=bands),
        Panel("Predictions", "time (ms)", "prediction", [*classes, right],
              x_range=(0, end), y_range=_with_room([*classes, right]), bands=bands),
    ]  # fmt: skip
    return chart(panels, "rates over time", WIDE, CHART)


def _with_room(series: list[Series]) -> tuple[float, float]:
    """Limits of an axis with room for a name above all curves."""
    low, high = (float(f([f(s.y) for s in series])) for f in (np.min, np.max))
    return low - 0.06 * (high - low), high + 0.25 * (high - low)


def _now(d: Drawing, seen: Watched, t: int) -> None:
    """A line at this moment through both charts."""
    for k in range(2):
        left, right = WIDE / 2 * k + LEFT, WIDE / 2 * (k + 1) - RIGHT
        x = float(Scale(0, float(seen.time[-1]), left, right, False)(float(seen.time[t])))
        d.path(f"M{x:.1f},{UNDER + TOP:.1f} v{CHART:.1f}", None, 1.6, opacity=0.8)
