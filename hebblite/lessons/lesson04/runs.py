"""What lesson 04 simulates: teaching phases that may diverge, feedback of several kinds, and
feedback that is turned away from the transposed Jacobian."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...activations import Activation
from ...analysis import jacobians
from ...errors import ArgumentError, DivergenceError
from ...frameworks import DeepFeedbackControl
from ...network import Network
from ...stream import Block, Record

Array = np.ndarray
Layers = list[Array]


# ---------------------------------------------------------------------- a teaching phase


def watch(dfc: DeepFeedbackControl, net: Network, x: Array, target: Array) -> tuple[Block, str]:
    """The recorded teaching phase, as far as it got, and the engine's words if it diverged."""
    record, message = Record(), ""
    started = False
    try:
        for block in dfc.teach(net, x, target):
            if not started:
                record.start(block)
                started = True
            record.absorb(block)
    except DivergenceError as error:
        message = str(error)
    if not started:
        raise DivergenceError("The very first block", net.depth, 0, message)
    whole: Block = record.finish()
    return whole, message


#: Rates r_0..r_L, voltages, basal and apical drives of layers 1..L, and the error at one moment.
Moment = tuple[Layers, Layers, Layers, Layers, Array]


def one_step(
    step: int, dt: float, before: Moment, now: Moment, activations: list[Activation]
) -> Block:
    """The Block of a single step, number ``step``, between two moments."""
    rates, voltages, basal, apical = (
        [np.stack(both) for both in zip(old, new, strict=True)]
        for old, new in zip(before[:4], now[:4], strict=True)
    )
    time, error = dt * np.array([step, step + 1]), np.stack([before[4], now[4]])
    return Block(time, rates, voltages, basal, apical, error, activations)


FEEDBACK = (
    "transposed Jacobian",
    "transposed weights",
    "learned from noise",
    "random in all layers",
    "Jacobian, label's sign flipped",
)
SECONDS = 0.3


def feedback_weights(
    kind: str, net: Network, x: Array, label: int, learned: Layers
) -> tuple[Layers, Layers]:
    """J_l and Q_l of one input x (1, n_0), by the names of FEEDBACK."""
    if kind not in FEEDBACK:
        raise ArgumentError("kind", repr(kind), f"one of {', '.join(FEEDBACK)}")
    J = [J_l[0] for J_l in jacobians(net, x)]
    aligned = [J_l.T for J_l in J]
    if kind == "transposed Jacobian":
        return J, aligned
    if kind == "transposed weights":
        Q = [np.eye(net.sizes[-1])]
        for W in net.weights[:0:-1]:
            Q.insert(0, W.T @ Q[0])
        return J, Q
    if kind == "learned from noise":
        return J, learned
    if kind == "random in all layers":
        rng = np.random.default_rng(44)
        draws = [rng.normal(size=q.shape) for q in aligned]
        return J, [
            d * np.linalg.norm(q) / np.linalg.norm(d) for d, q in zip(draws, aligned, strict=True)
        ]
    flip = np.ones(net.sizes[-1])
    flip[label] = -1
    return J, [q * flip for q in aligned]


class Rotation:
    """Feedback that is turned from J^T towards a random direction, on one small network.

    ``at(degrees)`` is Q at that angle to J^T, all layers read as one vector; its size stays.
    """

    def __init__(self, seed: int = 0, sizes: Sequence[int] = (6, 12, 9, 4)) -> None:
        rng = np.random.default_rng([4, seed])
        self.net = Network(sizes, hidden="tanh", output="linear", dtype="float64", seed=seed)
        self.x = rng.normal(size=(1, sizes[0]))
        self.target = self.net.predict(self.x) + 1e-3 * rng.normal(size=(1, sizes[-1]))
        self.J = [J_l[0] for J_l in jacobians(self.net, self.x)]
        aligned = np.concatenate([J_l.T for J_l in self.J])
        noise = rng.normal(size=aligned.shape)
        noise -= aligned * (np.vdot(noise, aligned) / np.vdot(aligned, aligned))
        self.aligned, self.noise = (
            aligned,
            noise * (np.linalg.norm(aligned) / np.linalg.norm(noise)),
        )

    def at(self, degrees: float) -> Layers:
        angle = np.radians(degrees)
        Q = np.cos(angle) * self.aligned + np.sin(angle) * self.noise
        return np.split(Q, np.cumsum([J_l.shape[1] for J_l in self.J])[:-1])

    def spectrum(self, degrees: float) -> Array:
        loop = sum(J_l @ Q_l for J_l, Q_l in zip(self.J, self.at(degrees), strict=True))
        return np.asarray(np.linalg.eigvals(loop)).astype(complex)

    def crossing(self) -> float:
        """The first whole degree at which an eigenvalue has left the right half-plane."""
        return next(float(d) for d in range(181) if self.spectrum(d).real.min() <= 0)

    def phase(self, degrees: float, steps: int = 150, dt: float = 0.01) -> tuple[Block, str]:
        """Integral control of fast neurons with the feedback turned by ``degrees``."""
        dfc = DeepFeedbackControl("random", k_p=0.0, leak=0.0, dt=dt, tau_v=dt, steps=steps)
        dfc.Q = self.at(degrees)
        return watch(dfc, self.net, self.x, self.target)
