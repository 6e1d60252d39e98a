"""What is looked at after each epoch of a run: accuracies, losses, angles, the controller's error
over time. All on the same 128 validation digits, which no run learns from."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ...analysis import angles, backprop_updates, common_share, total_angle
from ...errors import OscillationError
from ...frameworks import DeepFeedbackControl, DendriticMicrocircuit, EquilibriumPropagation
from ...losses import ErrorOverTime, FeedbackAmount, all_losses
from ...network import Network
from ...rules import STDP, DifferentialHebbian, ErrorBased, Rule
from ...stream import Block, fold

Array = np.ndarray

#: Frameworks whose own loop may swing.
Looping = EquilibriumPropagation | DendriticMicrocircuit
#: Methods whose network is looked at through the controller; the others only for their accuracy.
LOOKED_AT = ("bp", "dfc-error-based", "dfc-dh", "dfc-stdp")
#: Digits that are looked at, and those of them whose losses are (H* is slow).
PROBES, LOSSES = 128, 32
#: The controller as published, and with the coarser equal steps that spikes are drawn at.
PUBLISHED: dict[str, Any] = {"k_p": 2.0, "dt": 1e-3, "steps": 500}
COARSE: dict[str, Any] = {"k_p": 2.0, "dt": 5e-3, "steps": 60}
#: Milliseconds at which the controller's error is kept.
TIMES = (0, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500)


class Watched:
    """The states of a teaching phase to their end, also of a loop that swings there; ``swinging``:
    how many inputs did. Looking must not end a run whose training goes on."""

    def __init__(self, states: Iterable[Block]) -> None:
        self.states, self.swinging = states, 0

    def __iter__(self) -> Iterator[Block]:
        try:
            yield from self.states
        except OscillationError as error:
            self.swinging = error.inputs


def losses_of(net: Network, x: Array, target: Array) -> dict[str, float]:
    """The means of ``all_losses`` over the first inputs."""
    return {k: round(v, 6) for k, v in all_losses(net, x[:LOSSES], target[:LOSSES]).means().items()}


def controller(net: Network, x: Array, target: Array) -> dict[str, Any]:
    """Mean |e| at TIMES, the feedback at the end, and how many inputs swing there, under the
    published controller."""
    states = Watched(DeepFeedbackControl(**PUBLISHED).teach(net, x, target, False))
    (size, _), feedback = fold(states, ErrorOverTime(), FeedbackAmount())
    return {
        "error": [round(float(size[t].mean()), 5) for t in TIMES],
        "feedback": round(float(np.mean(feedback)), 6),
        "swinging": states.swinging,
    }


def own_swings(framework: Looping, net: Network, x: Array, target: Array) -> dict[str, int]:
    """On how many inputs the framework that trains swings; of Equilibrium Propagation also in steps
    half as long and twice as many: are they what swings, or does the network? (In copies, as a look
    must not change what comes.)"""
    framework = copy.deepcopy(framework)
    seen = {"swinging": swings_of(framework, net, x, target)}
    if isinstance(framework, EquilibriumPropagation):
        framework.step /= 2
        framework.free_steps, framework.nudged_steps = (
            2 * framework.free_steps, 2 * framework.nudged_steps,
        )  # fmt: skip
        seen["swinging in half steps"] = swings_of(framework, net, x, target)
    return seen


def swings_of(framework: Looping, net: Network, x: Array, target: Array) -> int:
    with warnings.catch_warnings():  # that they do is what is asked
        warnings.simplefilter("ignore", RuntimeWarning)
        for _ in framework.teach(net, x, target, voltages=False):
            pass
    return framework.swinging


def update_angles(net: Network, x: Array, target: Array, seed: int) -> dict[str, list[float]]:
    """Degrees between the updates of backprop, error-based, DH, the expectation of STDP and 16
    trains of it, for each layer and, last, for all weights together."""
    rules: dict[str, Rule] = {
        "error-based": ErrorBased(), "dh": DifferentialHebbian(),
        "stdp-expected": STDP(expected=True), "stdp": STDP(population=16, seed=seed),
    }  # fmt: skip
    states = Watched(DeepFeedbackControl(**COARSE).teach(net, x, target, True))
    made = dict(zip(rules, fold(states, *rules.values()), strict=True))
    made["bp"] = backprop_updates(net, x, target)
    pairs = [
        ("dh", "bp"), ("error-based", "bp"), ("stdp-expected", "bp"), ("stdp", "bp"),
        ("dh", "error-based"), ("stdp-expected", "dh"), ("stdp", "dh"),
    ]  # fmt: skip
    return {
        f"{a} {b}": [
            *(round(float(v), 2) for v in angles(made[a], made[b])),
            round(float(total_angle(made[a], made[b])), 2),
        ]
        for a, b in pairs
    }


def common_to_outputs(net: Network, x: Array, target: Array) -> dict[str, float]:
    """Which share of the norm is in the mean over the output neurons, of DH's update of their
    weights and of these weights: 1 if all outputs have the same, 0 if the mean is none."""
    states = Watched(DeepFeedbackControl(**COARSE).teach(net, x, target, False))
    update = DifferentialHebbian()(states).weights[-1]
    return {
        "update": round(common_share(update), 4),
        "weights": round(common_share(net.weights[-1]), 4),
    }


def euler_error(net: Network, x: Array, target: Array, settings: dict[str, Any]) -> list[float]:
    """How far DH's update with the steps of a run is from that with 500 Euler steps of 1 ms, in
    float64: |difference| / |update| of each layer's weights."""
    net = net.astype("float64")
    rule = DifferentialHebbian()
    ours = rule(DeepFeedbackControl(**settings).teach(net, x, target, False))
    published = rule(Watched(DeepFeedbackControl(**PUBLISHED).teach(net, x, target, False)))
    return [
        round(float(np.linalg.norm(a - b) / np.linalg.norm(b)), 6)
        for a, b in zip(ours.weights, published.weights, strict=True)
    ]
