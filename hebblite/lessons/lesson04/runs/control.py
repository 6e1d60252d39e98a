"""A framework that repeats the learner's own step of the loop."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ....frameworks.base import Framework
from ....network import Network
from ....stream import Block

Array = np.ndarray
Layers = list[Array]


class State:
    """All that one step of the loop reads and writes, in the letters of the lesson.

    weights, biases: W_l and beta_l of layers 1..L, in lists from 0. phi: their activations; slopes:
    phi'(v_l) in the free state. r: rates r_0..r_L. v, b, a: voltages, basal and apical drives of
    layers 1..L. e, u, u_int: error, control, its integral. The rest are numbers.
    """

    def __init__(self, net: Network, x: Array, target: Array, settings: dict[str, float]) -> None:
        self.net, self.target = net, target
        self.weights, self.biases, self.phi = net.weights, net.biases, net.activations
        self.depth, self.predict = net.depth, net.readout
        self.v, self.r = net.feedforward(x)
        self.b, self.a = list(self.v), [0 * v_l for v_l in self.v]
        self.slopes = [phi.slope(r_l) for phi, r_l in zip(self.phi, self.r[1:], strict=True)]
        self.e: Array = target - self.predict(self.r[-1])
        self.u, self.u_int = np.zeros_like(self.e), np.zeros_like(self.e)
        self.k_p, self.k_i = settings["k_p"], settings["k_i"]
        self.leak, self.dt = settings["leak"], settings["dt"]
        self.tau, self.tau_u = settings["tau"], settings["tau_u"]

    def now(self) -> State:
        """This moment, which later steps do not change."""
        moment = copy.copy(self)
        moment.r, moment.v = list(self.r), list(self.v)
        moment.b, moment.a = list(self.b), list(self.a)
        return moment


class Control(Framework):
    """Deep Feedback Control whose step is ``step(state)``. The settings are those in the code of
    Aceituno et al. (2023) unless others are given."""

    def __init__(
        self,
        step: Callable[[State], None],
        k_p: float = 2.0,
        k_i: float = 1.0,
        leak: float = 1e-6,
        dt: float = 1e-3,
        steps: int = 500,
    ) -> None:
        self.step, self.steps = step, steps
        self.settings = {"k_p": k_p, "k_i": k_i, "leak": leak, "dt": dt}
        self.settings |= {"tau": 0.0105, "tau_u": 1.0}

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        """One Block for each step; it carries voltages whether they are asked for or not."""
        state = State(net, x, target, self.settings)
        before = state.now()
        for number in range(self.steps):
            self.step(state)
            now = state.now()
            yield _block(number, before, now)
            before = now


def _block(number: int, before: State, now: State) -> Block:
    """The step with this number as a Block of two moments."""
    rates, voltages, basal, apical = (
        [np.stack(both) for both in zip(old, new, strict=True)]
        for old, new in (
            (before.r, now.r), (before.v, now.v), (before.b, now.b), (before.a, now.a),
        )
    )  # fmt: skip
    time = now.dt * np.array([number, number + 1])
    error = np.stack([before.e, now.e])
    return Block(time, rates, voltages, basal, apical, error, now.phi)
