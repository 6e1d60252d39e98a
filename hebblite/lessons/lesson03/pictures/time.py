"""The neuron in time: its Euler steps, its saturation, and a drive that sets in."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series, chart, decimals
from ..equations import PHI, sigmoid
from ..runs import voltages


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
        panels.append(Panel(title, "time (ms)", "voltage v (no unit)", series))
    label = (
        "Two line charts of a voltage that rises from 0 towards 1. Left: Euler steps of "
        f"{lengths[0]:g} tau follow the exact curve from above, one step of 1 tau lands on the "
        f"end at once. Right: steps of {lengths[2]:g} tau overshoot and ring, steps of "
        f"{lengths[3]:g} tau swing further out each time."
    )
    return chart(panels, label)


def draw_saturation(a: float = 1.0) -> str:
    """How far one and the same apical drive moves the rate, for every basal drive."""
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
        Panel("The rate", "basal drive b (no unit)", "rate r (no unit)", [
            Series("alone, φ(b)", b, r), Series(f"with a = {a:g}", b, sigmoid(b + a))]),
        Panel("What the advice changes", "basal drive b (no unit)", "change of rate Δr", [
            Series("measured", b, moved), Series("φ′(b) a", b, foretold)]),
    ]  # fmt: skip
    return chart(panels, label)


def draw_time(
    basal: float = 0.0, apical: float = 1.5, onset: float = 20.0, tau: float = 10.0,
    activation: str = "sigmoid",
) -> str:  # fmt: skip
    """One neuron for 100 ms; from ``onset`` (ms) on, its apical dendrite is driven."""
    phi, t = PHI[activation], np.arange(0, 100.25, 0.5)
    a = np.where(t >= onset, apical, 0.0)
    v = voltages(t, basal, a, tau)
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
        f"<p>A {activation} neuron, τ = {tau:g} ms, onset {onset:g} ms. Rate {r[0]:.3f} → "
        f"{r[-1]:.3f}. Update for pre = 1: <b>{decimals(running[-1])}</b> "
        f"(if the phase never ended: {decimals(settled)}).</p>"
    )
    panels = [
        Panel("Drives and voltage", "time (ms)", "no unit", [
            Series("basal b", t, np.full_like(t, basal)), Series("apical a", t, a, "steps"),
            Series("voltage v", t, v)], marks=[("x", onset, "onset")]),
        Panel("Rate and update", "time (ms)", "no unit", [
            Series("rate r", t, r, colour=3), Series("DH so far", t, running, colour=4),
            Series("φ(v) − φ(b)", t[::10], compared[::10], "points", colour=0)]),
    ]  # fmt: skip
    return summary + chart(panels, label)
