"""The geometry of the least push, in networks that are small enough to be drawn.

**One hidden neuron, one output neuron** (1-1-1). Two pushes a_1 and a_2 shall put the output right,

    v_2 = w phi(b_1 + a_1) + b_2 + a_2 = target,

so that whatever the hidden neuron is pushed by, the output neuron has to make up for the rest:

    a_2 = e - w (phi(b_1 + a_1) - phi(b_1)),        e: the error of the free state.

These pushes are a curve in the plane of (a_1, a_2), a straight line if phi is linear. Its normal is
(w phi'(v_1), 1), which is J^T at that place. The least push is where the curve comes nearest to 0,
and there it is parallel to the normal: a_1 = phi'(v_1) w a_2.

**Two outputs.** Pushes a with J a = e are to put both right. With effort 1/2 |a|^2 = H they take
the output to all places y with 1/2 y^T JJ^-1 y <= H, JJ = J J^T: an ellipse. The push along
the transpose, a = c J^T e, takes it along JJ e; the least push that reaches e is J^T JJ^-1 e.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....activations import ACTIVATIONS
from ....teaching.remembered import remembered

Array = np.ndarray

#: Of the network 1-1-1: its weight, and the basal drive of its hidden neuron.
WEIGHT, DRIVE = 1.4, 0.4
#: Random feedback to its hidden neuron: it happens to push the wrong way. The output's is 1.
RANDOM = -0.2


def completed(a_1: Array | float, error: float, hidden: str = "tanh") -> Array:
    """The output neuron's push that makes up for the rest of the error, for pushes a_1 (...)."""
    phi = ACTIVATIONS[hidden].rate
    moved = phi(np.asarray(DRIVE + np.asarray(a_1, float))) - phi(np.asarray(DRIVE))
    return np.asarray(error - WEIGHT * moved)


def slope_at(a_1: Array | float, hidden: str = "tanh") -> Array:
    """phi'(v_1) where the hidden neuron is pushed by a_1 (...)."""
    phi = ACTIVATIONS[hidden]
    return np.asarray(phi.slope(phi.rate(np.asarray(DRIVE + np.asarray(a_1, float)))))


@dataclass(frozen=True)
class Way:
    """A push (a_1, a_2) that puts the output right. effort: half its squared length.
    asked: phi'(v_1) w a_2, what the output neuron's push asks of the hidden neuron; at the least
    push it is a_1."""

    a_1: float
    a_2: float
    effort: float
    asked: float

    @property
    def direction(self) -> float:
        """In degrees: 0 is all on the hidden neuron, 90 all on the output neuron."""
        return float(np.degrees(np.arctan2(self.a_2, self.a_1)))


def way(a_1: float, error: float, hidden: str = "tanh") -> Way:
    """The push whose share on the hidden neuron is a_1."""
    a_2 = float(completed(a_1, error, hidden))
    asked = float(slope_at(a_1, hidden)) * WEIGHT * a_2
    return Way(a_1, a_2, (a_1**2 + a_2**2) / 2, asked)


def along(direction: float, error: float, hidden: str = "tanh", far: float = 50.0) -> Way | None:
    """The push in this direction (degrees) that puts the output right; None if it were longer than
    ``far``. phi rises, so that along a ray the output moves one way only for 0 to 90 degrees;
    beyond them the first place counts."""
    cos, sin = np.cos(np.radians(direction)), np.sin(np.radians(direction))
    lengths = np.r_[np.linspace(0, 4, 801), np.geomspace(4.01, far, 400)]
    missing = completed(lengths * cos, error, hidden) - lengths * sin
    crossed = np.flatnonzero(missing <= 0)
    if not len(crossed):
        return None
    high = float(lengths[crossed[0]])
    low = float(lengths[max(crossed[0] - 1, 0)])
    for _ in range(60):
        middle = (low + high) / 2
        if completed(middle * cos, error, hidden) > middle * sin:
            low = middle
        else:
            high = middle
    return way(float(high * cos), error, hidden)


@remembered
def least(error: float, hidden: str = "tanh") -> Way:
    """The push with the least effort: the nearest of a fine grid, then Newton's steps on
    g(a_1) = a_1 - phi'(v_1) w a_2, whose slope is taken by differences."""
    grid = np.linspace(-1, 4, 2001)
    a_1 = float(grid[np.argmin(grid**2 + completed(grid, error, hidden) ** 2)])
    for _ in range(20):
        ahead, behind = (way(a_1 + h, error, hidden) for h in (1e-5, -1e-5))
        slope = ((ahead.a_1 - ahead.asked) - (behind.a_1 - behind.asked)) / 2e-5
        here = way(a_1, error, hidden)
        a_1 -= (here.a_1 - here.asked) / slope
    return way(a_1, error, hidden)


def transposed(error: float, hidden: str = "tanh") -> Way | None:
    """The push along J^T of the free state, (w phi'(b_1), 1), as long as it needs to be."""
    slope = WEIGHT * float(slope_at(0.0, hidden))
    return along(float(np.degrees(np.arctan2(1.0, slope))), error, hidden)


def at_random(error: float, hidden: str = "tanh") -> Way | None:
    """The push along the random feedback (RANDOM, 1), as long as it needs to be."""
    return along(float(np.degrees(np.arctan2(1.0, RANDOM))), error, hidden)


def over_voltage(
    hidden: str, drive: float = 0.9, goal: float = -1.2, points: int = 301
) -> tuple[Array, Array]:
    """Voltages v_1 of the hidden neuron from -1.5 to 1.5, (points,), and the effort there,

        H = 1/2 (v_1 - drive)^2 + 1/2 (goal - w phi(v_1))^2,

    with the output neuron making up for the rest. goal: target minus b_2. Here it is lower than a
    silent relu can make the output, so that the least effort of a relu lies on its kink."""
    v = np.linspace(-1.5, 1.5, points)
    a_2 = goal - WEIGHT * ACTIVATIONS[hidden].rate(v)
    return v, np.asarray(((v - drive) ** 2 + a_2**2) / 2)


# ---------------------------------------------------------------------- two outputs


@dataclass(frozen=True)
class TwoOutputs:
    """Pushes of a linear network 2-3-2 (J: (2, 5)) for the error e (2,). Each a_ is (5,).

    least: J^T JJ^-1 e. back: the push along J^T e with the effort of the least. random: that of the
    random feedback Q which puts the output right, Q (J Q)^-1 e."""

    J: Array
    Q: Array
    e: Array
    least: Array
    back: Array
    random: Array

    @property
    def H(self) -> float:
        """The effort of the least push."""
        return float(self.least @ self.least) / 2

    @property
    def H_random(self) -> float:
        """What random feedback spends."""
        return float(self.random @ self.random) / 2

    def edge(self, Q: Array, points: int = 181) -> Array:
        """Where pushes a = Q u with the effort of the least one take the output, (points, 2). With
        Q = J^T this is as far as any push of this effort can take it."""
        turn = np.linspace(0, 2 * np.pi, points)
        circle = np.stack([np.cos(turn), np.sin(turn)])
        half = np.linalg.cholesky(Q.T @ Q)  # |Q u| = |half^T u|
        u = np.linalg.solve(half.T, circle) * np.sqrt(2 * self.H)
        return np.asarray((self.J @ Q @ u).T)

    def path(self, Q: Array, times: Array) -> Array:
        """Where integral control with fast neurons takes the output, (T, 2):
        y(t) = (1 - exp(-J Q t)) e."""
        lam, V = np.linalg.eig(self.J @ Q)
        c = np.linalg.solve(V, self.e.astype(complex))
        return np.real(self.e - (np.exp(-np.outer(times, lam)) * c) @ V.T)


def two_outputs(angle: float, stretch: float, size: float = 1.0, seed: int = 30) -> TwoOutputs:
    """Error of length ``size`` at ``angle`` degrees; J with J J^T = JJ, whose long axis lies at 30
    degrees and is ``stretch`` times as long as the short one. seed: of the random feedback."""
    rng = np.random.default_rng(seed)
    turn = np.radians(30.0)
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    basis = np.linalg.qr(rng.normal(size=(5, 5)))[0][:, :2]
    J = axes @ np.diag([np.sqrt(stretch), 1 / np.sqrt(stretch)]) @ basis.T
    Q = J.T + rng.normal(size=(5, 2))
    e = size * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    found = J.T @ np.linalg.solve(J @ J.T, e)
    back = J.T @ e
    back *= np.linalg.norm(found) / np.linalg.norm(back)
    return TwoOutputs(J, Q, e, found, back, Q @ np.linalg.solve(J @ Q, e))
