"""One experiment, four theories: neurons whose activity turns a picture.

Some neurons of the recorded layer move the output up (P+), as many move it down (P-), and the rest
do nothing to it (bystanders). The setting is that of Francioni and colleagues 2026, made as small
as it can be; what a mouse does to learn it is not modelled. One observer reads the apical drives
of every theory from the same stream of states.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ....frameworks import (
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    Framework,
    PredictiveCoding,
)
from ....network import Network
from ....teaching.remembered import remembered
from .observer import ApicalObserver, Signals

Array = np.ndarray

SIZES, ASSIGNED, INPUTS = (12, 20, 20, 1), 4, 64
#: The error of an unexpected outcome: how far the target is from what the network does by itself.
UNEXPECTED = 0.3


class Broadcast(DeepFeedbackControl):
    """The control: one number for all. Every neuron of every layer gets the same apical drive, the
    control signal itself, as a global reward signal would give it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(feedback="random", **settings)

    def _draw(self, net: Network) -> list[Array]:
        return [np.ones((n, net.sizes[-1]), net.dtype) for n in net.sizes[1:]]


#: Time constants of the neurons, in seconds, as the frameworks have them.
TAU = {"DFC": 0.0105, "PC": 0.01, "EP": 0.01, "DEB": 0.005, "broadcast": 0.0105}
#: Each theory of the course, and the control, with steps that are fine enough for a picture.
THEORIES: dict[str, Callable[[], Framework]] = {
    "DFC": lambda: DeepFeedbackControl(dt=1e-3, steps=600, tau_u=0.1),
    "PC": lambda: PredictiveCoding(step=0.1, steps=200),
    "EP": lambda: EquilibriumPropagation(free_steps=400, nudged_steps=200, step=0.1),
    "DEB": lambda: DendriticMicrocircuit(dt=5e-4, steps=200),
    "broadcast": lambda: Broadcast(dt=1e-3, steps=600, tau_u=0.1),
}
FOUR = tuple(THEORIES)[:4]


class Task(NamedTuple):
    """A network whose output is read from few neurons of its last hidden layer. role: (n,), 1 for
    P+, -1 for P-, 0 for bystanders. x: (B, n_0), what the animal sees."""

    net: Network
    role: Array
    x: Array


@remembered
def task(seed: int = 0) -> Task:
    """A random network with a random assignment of roles: nothing has been learned."""
    rng = np.random.default_rng([13, seed])
    net = Network(SIZES, "tanh", "linear", dtype="float64", seed=seed)
    role = np.zeros(SIZES[-2])
    role[rng.permutation(len(role))[: 2 * ASSIGNED]] = [1.0] * ASSIGNED + [-1.0] * ASSIGNED
    net.weights[-1][0] = role / ASSIGNED
    return Task(net, role, rng.normal(size=(INPUTS, SIZES[0])))


def outcomes(error: float) -> Array:
    """Errors of the output, (B, 1): of this size, upwards (target above output) for every other
    input and downwards for the rest."""
    return error * np.where(np.arange(INPUTS) % 2, 1.0, -1.0)[:, None]


def listen(framework: Framework, seed: int = 0, error: float = UNEXPECTED) -> Signals:
    """One phase of all inputs: the output should be by ``error`` higher, or lower, than it is."""
    net, _, x = task(seed)
    target = framework.predict(net, x) + outcomes(error)
    found: Signals = ApicalObserver()(framework.teach(net, x, target))
    return found


@remembered
def heard(theory: str, seed: int = 0, error: float = UNEXPECTED) -> Signals:
    """The same for a theory by its name."""
    return listen(THEORIES[theory](), seed, error)
