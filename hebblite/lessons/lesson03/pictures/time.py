"""The neuron in time: its Euler steps, its saturation, and a drive that sets in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....teaching.chart import Panel, Series, chart, decimals
from ....teaching.schematic import Drawing
from ..equations import PHI, sigmoid
from ..runs import voltages
from .neuron import put_state

#: What the axes of ``draw_time`` span for each activation, whatever the sliders say.
RATES = {
    "sigmoid": (-1.05, 1.05), "tanh": (-2.1, 2.1), "relu": (-4.2, 7.2), "linear": (-7.4, 7.4),
}  # fmt: skip


def draw_euler(lengths: tuple[float, ...] = (0.25, 1.0, 1.5, 2.2), tau: float = 10.0) -> str:
    """Euler steps of several lengths (in units of tau) beside the exact voltage: b = 0, a = 1."""
    panels = []
    for some, title, end in (
        (lengths[:2], "Steps up to τ", 6 * tau),
        (lengths[2:], "Longer steps", 13.5 * tau),
    ):
        fine = np.linspace(0, end, 200)
        series = [Series("exact", fine, 1 - np.exp(-fine / tau), colour=0)]
        for i, h in enumerate(some):
            t = np.arange(0, end + 1e-9, h * tau)
            euler = 1 - (1 - h) ** np.arange(len(t))
            series.append(Series(f"dt = {h:g} τ", t, euler, "line+points", colour=i + 1))
        panels.append(Panel(title, "time (ms)", "voltage v", series))
    label = (
        "Two line charts of a voltage that rises from 0 towards 1. Left: Euler steps of "
        f"{lengths[0]:g} tau follow the exact curve from above, one step of 1 tau lands on the "
        f"end at once. Right: steps of {lengths[2]:g} tau overshoot and ring, steps of "
        f"{lengths[3]:g} tau swing further out each time."
    )
    return chart(panels, label)


def draw_saturation(a: float = 1.0, marks: Sequence[tuple[str, float, str]] = ()) -> str:
    """How far one and the same apical drive moves the rate, for every basal drive. marks: what the
    learner said."""
    b = np.linspace(-8, 8, 161)
    r = sigmoid(b)
    moved, foretold = sigmoid(b + a) - r, a * r * (1 - r)
    label = (
        f"Two line charts against the basal drive b from -8 to 8. Left: the sigmoid rate with and "
        f"without an apical drive of {a:g}. Right: the change of rate is {moved.max():.2f} at "
        f"most, near b = {b[moved.argmax()]:.1f}, and less than {moved[-1] + 1e-4:.4f} at b = 8; "
        "the slope times a follows it closely in the middle and is too small in the left tail, "
        f"{foretold[20]:.4f} instead of {moved[20]:.4f} at b = {b[20]:g}."
    )
    panels = [
        Panel("The rate", "basal drive b", "rate r", [
            Series("alone, φ(b)", b, r, colour="basal"),
            Series(f"with a = {a:g}", b, sigmoid(b + a), colour="apical")]),
        Panel("What the advice changes", "basal drive b", "change of rate Δr", [
            Series("measured", b, moved, colour="rate"), Series("φ′(b) a", b, foretold, colour=1)],
            marks=list(marks)),
    ]  # fmt: skip
    return chart(panels, label)


def draw_time(
    basal: float = 0.0, apical: float = 1.5, onset: float = 20.0, tau: float = 10.0,
    activation: str = "sigmoid", moment: float = 100.0,
) -> str:  # fmt: skip
    """One neuron for 100 ms, and how it is at one ``moment``. From ``onset`` on its apical dendrite
    is driven. onset, tau and moment are in milliseconds, as on the sliders."""
    phi, t_ms = PHI[activation], np.arange(0, 100.25, 0.5)
    a = np.where(t_ms >= onset, apical, 0.0)
    v = voltages(1e-3 * t_ms, basal, a, 1e-3 * tau)
    r = phi(v)
    running = np.concatenate([[0.0], np.cumsum(np.diff(r))])
    compared = r - phi(np.full_like(v, basal))
    settled = float(phi(basal + apical) - r[0])
    label = (
        f"Two line charts over 100 milliseconds for a {activation} neuron with basal drive "
        f"{basal:g} and, from {onset:g} milliseconds on, apical drive {apical:g}. Left: the "
        f"voltage goes from {v[0]:.2f} to {v[-1]:.2f}. Right: the rate goes from {r[0]:.3f} to "
        f"{r[-1]:.3f}; the running update ends at {running[-1]:.3f} and lies on the difference "
        "of the compartments all along."
    )
    summary = (
        f"<p style='min-height:3.2em'>A {activation} neuron, τ = {tau:g} ms, onset {onset:g} ms. "
        f"Rate {decimals(r[0])} → {decimals(r[-1])}. Update for pre = 1: "
        f"<b>{decimals(running[-1])}</b> (if the phase never ended: {decimals(settled)}).</p>"
    )
    here = [("x", moment, "")]
    panels = [
        Panel("Drives and voltage", "time (ms)", "drive, voltage", [
            Series("basal b", t_ms, np.full_like(t_ms, basal), colour="basal"),
            Series("apical a", t_ms, a, "steps", colour="apical"),
            Series("voltage v", t_ms, v, colour="voltage")],
            y_range=(-7.4, 7.4), marks=here),
        Panel("Rate and update", "time (ms)", "rate, change of rate", [
            Series("rate r", t_ms, r, colour="rate"),
            Series("DH so far", t_ms, running, colour="dh"),
            Series("φ(v) − φ(b)", t_ms[::10], compared[::10], "points", colour="backprop")],
            y_range=RATES[activation], marks=here),
    ]  # fmt: skip
    now = int(np.argmin(np.abs(t_ms - moment)))
    levels = basal, float(a[now]), float(v[now]), float(r[now])
    words = "basal drive {:g}, apical drive {:g}, voltage {:.2f}, rate {:.2f}".format(*levels)
    d = Drawing(760, 320, f"{label} At {moment:g} milliseconds the neuron beside it has {words}.")
    put_state(d, 110, 170, *levels)
    d.put(chart(panels, label, 510), 248, 6)
    return summary + d.svg()
