"""Small random networks with a linear output, whose loop can be seen whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....analysis import jacobians
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....stream import Block
from .digits import Array, Layers, watch

SIZES = (6, 12, 9, 4)
FLIP = np.diag([1.0, 1.0, -1.0, 1.0])  # F: the third output of the controller has a wrong sign


class Toy:
    """A tanh network with linear output, one input, and its Jacobians J_l (n_L, n_l)."""

    def __init__(self, seed: int = 0, sizes: Sequence[int] = SIZES) -> None:
        self.rng = np.random.default_rng([4, seed])
        self.net = Network(sizes, hidden="tanh", output="linear", dtype="float64", seed=seed)
        self.x = self.rng.normal(size=(1, sizes[0]))
        self.J = [J_l[0] for J_l in jacobians(self.net, self.x)]
        self.aligned = [J_l.T for J_l in self.J]
        self.some_error = 1e-3 * self.rng.normal(size=sizes[-1])

    def loop(self, Q: Layers | None = None) -> Array:
        """J Q, (n_L, n_L); J J^T if not given."""
        pairs = zip(self.J, self.aligned if Q is None else Q, strict=True)
        return np.asarray(sum(J_l @ Q_l for J_l, Q_l in pairs))

    def spectrum(self, Q: Layers | None = None) -> Array:
        """The eigenvalues of J Q, complex."""
        return np.asarray(np.linalg.eigvals(self.loop(Q))).astype(complex)

    def scaled(self, last: float) -> Layers:
        """J^T with the third output of the controller multiplied by ``last``; -1 flips it."""
        factors = np.ones(len(self.J[-1]))
        factors[2] = last
        return [q * factors for q in self.aligned]

    def random(self, size: float = 0.5) -> Layers:
        """Feedback that is random in all layers."""
        return [self.rng.normal(0, size, q.shape) for q in self.aligned]

    def settle(
        self,
        Q: Layers,
        e0: Array | None = None,
        tau: float = 0.01,
        dt: float = 0.01,
        steps: int = 150,
        k_p: float = 0.0,
        k_i: float = 1.0,
    ) -> tuple[Block, str]:
        """A phase under integral control (unless k_p is given), as far as it got. With dt = tau
        neurons are fast: each step puts every voltage where its drives want it. tau_u = 1 s."""
        dfc = DeepFeedbackControl(
            "random", k_p=k_p, k_i=k_i, leak=0.0, dt=dt, tau_v=tau, steps=steps
        )
        dfc.Q = Q
        e0 = self.some_error if e0 is None else e0
        return watch(dfc, self.net, self.x, self.net.predict(self.x) + e0)

    def grows(self, Q: Layers, **settings: Any) -> bool:
        """Whether the error has grown at the end of a phase, or the loop diverged."""
        phase, message = self.settle(Q, **settings)
        size = np.linalg.norm(phase.error[:, 0], axis=1)
        return bool(message) or bool(size[-1] > size[0])


def decay_rates(toy: Toy, e0: float = 1e-4) -> tuple[Array, Array]:
    """Predicted rates k_i lambda / tau_u (1/s) of the modes of J J^T, and those that the engine
    simulates over 0.2 s with errors of size e0 in each mode."""
    eigenvalues, modes = np.linalg.eigh(toy.loop())
    start = modes @ toy.rng.choice([-e0, e0], len(eigenvalues))
    phase, _ = toy.settle(toy.aligned, start, tau=1e-3, dt=1e-3, steps=200)
    c = phase.error[:, 0] @ modes
    return eigenvalues, np.log(np.abs(c[0] / c[-1])) / phase.time[-1]


class Rotation(Toy):
    """Feedback that is turned from J^T towards a random direction.

    ``at(degrees)`` is Q at that angle to J^T, all layers read as one vector; its size stays.
    """

    def __init__(self, seed: int = 0, sizes: Sequence[int] = SIZES) -> None:
        super().__init__(seed, sizes)
        good = np.concatenate(self.aligned)
        noise = self.rng.normal(size=good.shape)
        noise -= good * (np.vdot(noise, good) / np.vdot(good, good))
        self.good, self.noise = good, noise * (np.linalg.norm(good) / np.linalg.norm(noise))

    def at(self, degrees: float) -> Layers:
        angle = np.radians(degrees)
        Q = np.cos(angle) * self.good + np.sin(angle) * self.noise
        return np.split(Q, np.cumsum([J_l.shape[1] for J_l in self.J])[:-1])

    def crossing(self) -> float:
        """The first whole degree at which an eigenvalue has left the right half-plane. At 90 their
        sum is 0, so none goes beyond."""
        return next(float(d) for d in range(91) if d == 90 or self.least(d) <= 0)

    def least(self, degrees: float) -> float:
        """The smallest real part at this angle."""
        return float(self.spectrum(self.at(degrees)).real.min())
