"""A teaching phase, as a still picture and as a widget with the controls of the controller."""

from __future__ import annotations

import numpy as np

from ....data import Digits, one_hot
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....stream import Block
from ....teaching.chart import Panel, Series, chart, lines
from ..runs import Array, Layers, feedback_weights, watch


def draw_teaching(recorded: Block, digit: int) -> str:
    """Error, control signal and movement per layer in the phase of the first input."""
    error = np.linalg.norm(recorded.error[:, 0], axis=1)
    control = np.linalg.norm(recorded.apical[-1][:, 0], axis=1)
    moved = {
        f"layer {l + 1}": np.linalg.norm(v[:, 0] - v[0, 0], axis=1)
        for l, v in enumerate(recorded.voltages)
    }
    ms = 1000 * recorded.time
    words = ", ".join(f"{name} by {m[-1]:.2f}" for name, m in moved.items())
    label = (
        f"Two line charts over {ms[-1]:.0f} milliseconds for a digit {digit}. Left: the error goes "
        f"from {error[0]:.3f} to {error[-1]:.3f}; the control jumps to {control.max():.2f} at "
        f"once, falls to {control[control.argmax() :].min():.2f} and ends at {control[-1]:.2f}. "
        f"Right: at the end the voltages have moved, {words}."
    )
    panels = [
        ("Error and control", "size |e|, |u| (no unit)", {"error e": error, "control u": control}),
        ("How far each layer is moved", "|v(t) − v(0)| (no unit)", moved),
    ]
    return lines(ms, panels, "time (ms)", label)


SECONDS = 0.3  # of a teaching phase in the widget


def draw_dynamics(
    net: Network,
    digits: Digits,
    learned: Layers,
    number: int,
    feedback: str,
    k_p: float,
    k_i: float,
    dt_ms: float,
) -> str:
    """One digit, one controller: error and rates in time, and in words whether it settled."""
    x = digits.x_test[number : number + 1].astype(net.dtype)
    label = int(digits.y_test[number])
    target = one_hot(np.array([label]), net.sizes[-1], confidence=0.9)
    _, Q = feedback_weights(feedback, net, x, label, learned)
    steps = round(1000 * SECONDS / dt_ms)
    dfc = DeepFeedbackControl("random", k_p=k_p, k_i=k_i, dt=dt_ms / 1000, steps=steps)
    dfc.Q = [q.astype(net.dtype) for q in Q]
    recorded, message = watch(dfc, net, x, target)
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
    return f"<p>{sentence}</p>" + chart(_dynamics_panels(ms, error, recorded), words)


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
    x_range = (0.0, 1020 * SECONDS)
    return [
        Panel(
            "Output error",
            "time (ms)",
            "|e| (no unit)",
            [Series("error", ms, error)],
            x_range=x_range,
            y_range=(0.0, max(1.3, 1.05 * float(error.max()))),
            marks=[("y", float(error[0]), "without control")],
        ),
        Panel(
            "Rates that move most (layer 1)",
            "time (ms)",
            "rate r (no unit)",
            [Series(f"neuron {i}", ms, hidden[:, i]) for i in movers],
            x_range=x_range,
            y_range=(-1.05, 1.05),
        ),
    ]
