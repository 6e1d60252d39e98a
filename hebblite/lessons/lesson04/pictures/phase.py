"""A teaching phase: frames of the loop for a player, and a widget with the controller's settings.
Time is logarithmic where it begins with milliseconds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....data import Digits
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....stream import Block
from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ....teaching.player import play
from ..runs.digits import SECONDS, Array, Layers, feedback_weights, some_digits, watch
from .diagram import loop
from .spectra import stacked


def play_phase(recorded: Block, digit: int) -> Any:
    """A player of the phase of the first input: the loop, the error, how far each layer moves."""
    frames, captions = phase_frames(recorded, digit)
    label = (
        f"A teaching phase on a digit {digit}: the error goes round the loop, each layer is pushed "
        "and moves, and the error falls, most of it in the first thirty milliseconds. "
        f"{captions[-1]}"
    )
    return play(frames, label, captions, seconds=8)


def phase_frames(recorded: Block, digit: int, count: int = 60) -> tuple[list[str], list[str]]:
    """The loop and its curves at moments of the phase of the first input, closest at its start."""
    steps = np.geomspace(1, recorded.steps, count).round().astype(int)
    moments = [0, *np.unique(steps).tolist()]
    sizes = Sizes(recorded)
    frames = [phase_frame(sizes, t, digit) for t in moments]
    captions = [
        f"After {sizes.ms[t]:.0f} ms {100 * sizes.error[t] / sizes.error[0]:.0f} % of the error is "
        "left. The darker a layer, the further it has moved: "
        f"{', '.join(f'{m[t]:.2f}' for m in sizes.moved)}."
        for t in moments
    ]
    return frames, captions


class Sizes:
    """How large everything in the loop is at each moment (T,), for the first input."""

    def __init__(self, recorded: Block) -> None:
        self.ms = 1000 * recorded.time
        self.error = np.linalg.norm(recorded.error[:, 0], axis=1)
        self.pushes = [np.linalg.norm(a[:, 0], axis=1) for a in recorded.apical]
        self.control = self.pushes[-1]
        self.moved = [np.linalg.norm(v[:, 0] - v[0, 0], axis=1) for v in recorded.voltages]


def phase_frame(sizes: Sizes, t: int, digit: int) -> str:
    """The loop at moment t above, and below the curves with a mark at t."""
    far, ms = max(float(m.max()) for m in sizes.moved), sizes.ms[t]
    words = ", ".join(f"layer {l + 1} by {m[t]:.2f}" for l, m in enumerate(sizes.moved))
    label = (
        f"The loop {ms:.0f} milliseconds into a teaching phase on a digit {digit}. "
        f"{100 * sizes.error[t] / sizes.error[0]:.0f} percent of the error is left. Voltages have "
        f"moved: {words}. Below, the curves of the error and of these movements over time."
    )
    strongest = max(float(a.max()) for a in sizes.pushes)
    above = loop(
        label,
        sizes.error[t] / sizes.error[0],
        sizes.control[t] / sizes.control.max(),
        [a[t] / strongest for a in sizes.pushes],
        [m[t] / far for m in sizes.moved],
        note=f"{ms:.0f} ms",
    )
    return stacked(label, above.drawing.svg(), phase_curves(sizes, t, label))


def phase_curves(sizes: Sizes, t: int, label: str) -> str:
    """Error and movements over time, with a mark at moment t."""
    ms, axis = sizes.ms[1:], (1.0, float(sizes.ms[-1]))
    now = [("x", max(float(sizes.ms[t]), 1.0), "now")]
    moved = [Series(f"layer {l + 1}", ms, m[1:], colour=layer(l + 1))
             for l, m in enumerate(sizes.moved)]  # fmt: skip
    top = 1.05 * max(float(m.max()) for m in sizes.moved)
    error = [Series("error", ms, sizes.error[1:], colour="error")]
    return chart(
        [
            Panel("Error at the output", "time (ms), logarithmic", "|e|", error, x_log=True,
                  x_range=axis, y_range=(0.0, 1.05 * float(sizes.error.max())), marks=now),
            Panel("How far each layer has moved", "time (ms), logarithmic", "|v(t) − v(0)|", moved,
                  x_log=True, x_range=axis, y_range=(0.0, top), marks=now),
        ],
        label,
    )  # fmt: skip


# ---------------------------------------------------------------------- the widget


def draw_dynamics(
    net: Network, digits: Digits, learned: Layers, number: int, feedback: str, k_p: float,
    k_i: float, dt_ms: float,
) -> str:  # fmt: skip
    """One digit, one controller: error and rates in time, and in words whether it settled."""
    (x, target), label = some_digits(digits, [number]), int(digits.y_test[number])
    _, Q = feedback_weights(feedback, net, x, label, learned)
    dfc = DeepFeedbackControl(
        "random", k_p=k_p, k_i=k_i, dt=dt_ms / 1000, steps=round(1000 * SECONDS / dt_ms)
    )
    dfc.Q = [q.astype(net.dtype) for q in Q]
    recorded, message = watch(dfc, net, x.astype(net.dtype), target)
    ms, error = 1000 * recorded.time, np.linalg.norm(recorded.error[:, 0], axis=1)
    before, after = (int(recorded.rates[-1][t, 0].argmax()) for t in (0, -1))
    stopped = ", when the engine stopped" if message else ""
    sentence = (
        f"A {label}, first read as {before}, under control as {after}. Error |e|: "
        f"{error[0]:.3f} → {error[-1]:.3f}{stopped}. {_verdict(error, message)}"
    )
    words = (
        f"Two line charts over {ms[-1]:.0f} milliseconds, feedback: {feedback}, k_p {k_p:g}, k_i "
        f"{k_i:g}, step {dt_ms:g} ms. Left the output error, right the three rates of layer 1 "
        f"that move most. {sentence}"
    )
    said = f"<p style='min-height:3.6em'>{sentence}</p>"  # so that the picture does not jump
    return said + chart(_dynamics_panels(ms, error, recorded), words)


def _verdict(error: Array, message: str) -> str:
    """Whether the error |e| (T,) shrinks, stays, grows or flips; ``message``: why it stopped."""
    if message:
        return f"⚠ {message}"
    last, previous, earlier = error[-1], error[-2], error[-3]
    if abs(last - previous) > 0.1 * error[0] and (last - previous) * (previous - earlier) < 0:
        return "⚠ The error flips at every step: lower k_p or dt."
    if last > 0.98 * error[0]:
        growing = last > 1.01 * error[len(error) // 2]
        return "The error is not smaller than at the start" + (
            ", and it still grows." if growing else "."
        )
    return "The error shrinks."


def _dynamics_panels(ms: Array, error: Array, recorded: Block) -> list[Panel]:
    """The error |e| (T,) over time, and the three rates of layer 1 that move most."""
    hidden = recorded.rates[1][:, 0]
    movers = np.sort(np.argsort(-np.ptp(hidden, axis=0), kind="stable")[:3])
    axis, later = (1.0, 1000 * SECONDS), ms >= 1
    return [
        Panel("Output error", "time (ms), logarithmic", "|e|",
              [Series("error", ms[later], error[later], colour="error")], x_log=True, x_range=axis,
              y_range=(0.0, 2.0), marks=[("y", float(error[0]), "without control")]),
        Panel("Rates that move most (layer 1)", "time (ms), logarithmic", "rate r",
              [Series(f"neuron {i}", ms[later], hidden[later, i], colour=k)
               for k, i in enumerate(movers)], x_log=True, x_range=axis, y_range=(-1.05, 1.05)),
    ]  # fmt: skip
