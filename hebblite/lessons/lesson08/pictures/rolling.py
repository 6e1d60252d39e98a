"""Inference as descent: the hidden voltage of a 1-1-1 network rolls down its energy."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing, Frame, put_chart
from ....teaching.schematic.drawing import broken
from .smallest import START, Smallest, Way

Array = np.ndarray
BEGAN = Smallest(weight=1.5, target=1.0)  # the sliders' start: its energy stays as a ghost
VOLTAGES, ENERGIES, ERRORS = (-1.6, 1.8), (0.0, 5.5), (-4.8, 4.8)
LONGEST = 4.0  # of inference, in tau
BALL = 7.0


def draw_rolling(
    target: float = 1.0, weight: float = 1.5, precision: float = 1.0, time: float = LONGEST
) -> str:
    """The energy over the hidden voltage with its two parts, a ball that has rolled for ``time``
    (in tau), and beside it the two errors over time. The output is clamped to ``target``.

    For ``explore``: target -1.2 to 1.2, weight 0.5 to 2, precision (of the output's error) 0.25 to
    2, time 0 to 4.
    """
    net = Smallest(weight, target, precision)
    way = net.inference(LONGEST)
    t = int(np.searchsorted(way.time, time - 1e-9).clip(0, len(way.time) - 1))
    d = Drawing(700, 316, _label(net, way, t))
    slope, errors = put_chart(d, [_slope(net), _errors(net, way, t)], 0, 0, 700, 196)
    _ball(d, net, way, t, slope)
    low, high = errors.at(way.time[t], ERRORS[0]), errors.at(way.time[t], ERRORS[1])
    d.path(f"M{low.x:.1f},{low.y:.1f} V{high.y:.1f}", None, 1.2, opacity=0.6)
    now = (way.hidden[t] - START, net.precision * (target - net.predicted(way.hidden[t])))
    for value, look in zip(now, ("layer1", "layer2"), strict=True):
        d.circle(*errors.at(way.time[t], float(value)), 4.5, None, look, width=1)
    whole = float(net.parts(way.hidden[t]).sum())
    d.say(slope.right, 18, f"F = {decimals(whole, 2)}", "end", bold=True, fixed=True)
    return d.svg()


def _label(net: Smallest, way: Way, t: int) -> str:
    first, now = net.parts(way.hidden[0]), net.parts(way.hidden[t])
    return (
        "The energy of a network with one hidden neuron, over the hidden voltage, and a ball on "
        f"it. It starts at the feedforward pass, {START:g}, with an energy of {first.sum():.2f}, "
        f"all of it at the output. After {way.time[t]:.1f} times tau it is at "
        f"{way.hidden[t]:.2f} with {now.sum():.2f}, of which the hidden layer has {now[0]:.2f} and "
        f"the output {now[1]:.2f}."
    )


def _slope(net: Smallest) -> Panel:
    """The energy and its parts, and the energy that the sliders began with."""
    v = np.linspace(*VOLTAGES, 120)
    parts = net.parts(v)
    ghost = Series(
        "before you moved", v, BEGAN.parts(v).sum(axis=1), colour="voltage", ghost=True
    )  # fmt: skip
    return Panel(
        "Energy", "hidden voltage v₁", "energy F",
        [Series("hidden layer", v, parts[:, 0], colour="layer1"),
         Series("output", v, parts[:, 1], colour="layer2"),
         Series("both", v, parts.sum(axis=1), colour="voltage"), ghost],
        x_range=VOLTAGES, y_range=ENERGIES,
    )  # fmt: skip


def _errors(net: Smallest, way: Way, t: int) -> Panel:
    """The errors over time, up to now."""
    at_output = net.precision * (net.target - net.predicted(way.hidden))
    name = "ε₂" if net.precision == 1 else "π ε₂"
    both = (("ε₁", way.hidden - START, "layer1"), (name, at_output, "layer2"))
    so_far = [Series(name, way.time[: t + 1], y[: t + 1], colour=look) for name, y, look in both]
    return Panel("Errors", "time (τ)", "error", so_far, x_range=(0.0, LONGEST), y_range=ERRORS)


def _ball(d: Drawing, net: Smallest, way: Way, t: int, frame: Frame) -> None:
    """The ball, its trail, where it came from, and where it comes to rest."""

    def place(v: float) -> tuple[float, float]:
        at = frame.at(v, min(float(net.parts(v).sum()), ENERGIES[1]))
        return at.x, at.y

    start, now, end = (float(way.hidden[k]) for k in (0, t, -1))
    d.path(broken([place(float(v)) for v in np.linspace(start, now, 40)]), None, 3, opacity=0.55)
    d.circle(*place(start), BALL, None, width=1.6).set("stroke-dasharray", "2 2")
    x, y = place(end)
    rest = d.path(f"M{x:.1f},{frame.bottom:.1f} V{y + BALL:.1f}", None, 1.4)
    rest.set("stroke-dasharray", "3 3")
    x, y = place(now)
    d.circle(x, y - BALL, BALL, None, "rate", width=1.6)
