"""Accuracies of methods, a dot for each seed; and two methods seed by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....teaching.chart import Panel, Series, chart, number, ticks
from ....teaching.chart.curves import SHAPES, swarm
from ....teaching.colours import look as look_at
from ....teaching.numerals import decimals, signed
from ....teaching.schematic import Drawing
from ....teaching.words import count
from .looks import in_words, look_of

Array = np.ndarray

WIDTH, LEFT, RIGHT, ROW = 690.0, 176.0, 600.0, 27.0


def draw_accuracies(
    found: Mapping[str, Array],
    groups: Mapping[str, Sequence[str]] | None = None,
    said: float | None = None,
    x_range: tuple[float, float] | None = None,
) -> str:
    """Accuracies (%) of methods, a row for each and in it a dot for each seed; a stroke marks the
    mean, which stands at the right.

    found: by the method's name, such as "dfc-dh", (S,), or empty where no run is there yet.
    groups: methods that stand together, below a name. said: the learner's guess.
    """
    ordered = groups or {"": list(found)}
    every = np.array([float(v) for values in found.values() for v in np.ravel(values)])
    if x_range is None:
        low, high = (every.min(), every.max()) if every.size else (0.0, 100.0)
        room = max(0.1 * (high - low), 0.2)
        x_range = (float(low - room), float(high + room))
    if said is not None:
        x_range = (min(x_range[0], said - 0.2), max(x_range[1], said + 0.2))
    rows = sum(len(names) for names in ordered.values())
    high = 30 + ROW * rows + 12 * len(ordered)
    d = Drawing(WIDTH, high + 46, _label(found))
    d.say(LEFT, 16, "test digits read (%)", bold=True, fixed=True)
    d.say(RIGHT + 14, 16, "mean", bold=True, fixed=True)

    def at(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * float((value - x_range[0]) / (x_range[1] - x_range[0]))

    for t in ticks(*x_range):
        if x_range[0] <= t <= x_range[1]:
            d.path(f"M{at(t):.1f},26 V{high}", width=0.8, opacity=0.25)
            d.say(at(t), high + 16, number(t), "middle", fixed=True)
    y = 30.0
    for group, names in ordered.items():
        if group:
            d.say(8, y + 0.5 * ROW + 4, group, bold=True, fixed=True)
        for k, name in enumerate(names):
            _row(d, name, np.ravel(np.asarray(found.get(name, ()), float)), y + 0.5 * ROW, k, at)
            y += ROW
        y += 12
        if y < high:
            d.path(f"M8,{y - 6:.1f} H{RIGHT}", width=0.8, opacity=0.3)
    d.path(f"M{LEFT},{high} H{RIGHT}", width=1, opacity=0.6)
    if said is not None:
        line = d.path(f"M{at(said):.1f},26 V{high}", None, 1.4)
        line.set("stroke-dasharray", "5 4")
        d.say(at(said), high + 34, f"you said {said:g} %", "middle", fixed=True)
    return d.svg()


def _row(d: Drawing, name: str, values: Array, y: float, k: int, at: object) -> None:
    assert callable(at)
    d.say(LEFT - 10, y + 4, in_words(name), "end", fixed=True)
    if not values.size:
        d.say(LEFT + 8, y + 4, "no run yet", size=11, fixed=True)
        return
    look = look_at(look_of(name, k))
    places = np.array([at(v) for v in np.sort(values)])
    for x, aside in zip(places, swarm(places, 7.0, 8.0), strict=True):
        dot = d.path(SHAPES[look.shape], look_of(name, k), 0.5, look_of(name, k), 0.85)
        dot.set("transform", f"translate({x:.1f},{y + aside:.1f}) scale(0.85)")
    if values.size > 1:
        d.path(f"M{at(float(values.mean())):.1f},{y - 10:.1f} v20", None, 2.4)
    d.say(RIGHT + 14, y + 4, decimals(float(values.mean()), 2), fixed=True)


def _label(found: Mapping[str, Array]) -> str:
    said = []
    for name, values in found.items():
        y = np.ravel(np.asarray(values, float))
        words = f"{decimals(y.mean(), 2)} ({count(y.size, 'seed')})" if y.size else "not there yet"
        said.append(f"{in_words(name)} {words}")
    return f"Dots of accuracy in per cent, a row for each method: {'; '.join(said)}."


# ---------------------------------------------------------------------- two methods


def half_width(values: Array, quantile: float) -> float:
    """Half the interval of the mean: the quantile of Student's t times the standard error."""
    return float(quantile * np.std(values, ddof=1) / np.sqrt(len(values)))


def draw_paired(pair: Mapping[str, Array], quantile: float = 2.0) -> str:
    """Two methods on the same seeds, joined by lines; and the difference of their means with two
    95 % intervals: one that knows which seeds belong together and one that does not.

    pair: ``{"a": (S,), "b": (S,)}`` in per cent, the same seeds in the same order. quantile: of
    Student's t; both intervals are drawn with it.
    """
    (first, a), (second, b) = ((n, np.ravel(np.asarray(v, float))) for n, v in pair.items())
    lines = [
        Series("", np.array([0.0, 1.0]), np.array([x, y]), colour="layer3", ghost=True)
        for x, y in zip(a, b, strict=True)
    ]
    looks = [look_of(first, 0), look_of(second, 1)]
    if looks[0] == looks[1]:
        looks[1] = 5
    left = Panel(
        "A line for each seed", "", "accuracy (%)",
        [*lines, Series("", 0 * a, a, "points", colour=looks[0]),
         Series("", 0 * b + 1, b, "points", colour=looks[1])],
        x_names=[in_words(first), in_words(second)], x_range=(-0.5, 1.5),
    )  # fmt: skip
    gain = b - a
    mean = float(gain.mean())
    paired = half_width(gain, quantile)
    unpaired = float(np.hypot(half_width(a, quantile), half_width(b, quantile)))
    right = Panel(
        f"{in_words(second)} minus {in_words(first)}", "", "points",
        [Series("", np.zeros(len(gain)), gain, "points", colour="basal"),
         Series("", np.array([1.0]), np.array([mean]), "points", colour="dh",
                error=np.array([paired])),
         Series("", np.array([2.0]), np.array([mean]), "points", colour="backprop",
                error=np.array([unpaired]))],
        x_names=["seeds", "paired", "unpaired"], x_range=(-0.5, 2.5),
        y_range=_around(mean, gain, max(paired, unpaired)), marks=[("y", 0.0, "no difference")],
    )  # fmt: skip
    label = (
        f"Left: accuracies of {in_words(first)} and {in_words(second)} on {count(len(a), 'seed')}, "
        f"joined by lines. Right: their difference is {signed(mean, 2)} points on average, plus or "
        f"minus {decimals(paired, 2)} when seeds are paired and {decimals(unpaired, 2)} when not."
    )
    return chart([left, right], label, 680, 220)


def _around(mean: float, gain: Array, half: float) -> tuple[float, float]:
    low, high = min(mean - half, float(gain.min()), 0.0), max(mean + half, float(gain.max()), 0.0)
    room = 0.1 * (high - low)
    return low - room, high + room
