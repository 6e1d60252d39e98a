"""What the lesson's asides simulate on small networks."""

from __future__ import annotations

import numpy as np

from ....analysis import angle
from .digits import Array, Layers
from .toys import Toy


def two_stages(toy: Toy, k_p: float = 2.0) -> tuple[Array, Array, Array]:
    """With Q = J^T and a proportional part: the eigenvalues of J J^T, the share to which each mode
    drops at first, and the rate (1/s) at which it goes on; both as simulated over a second."""
    eigenvalues, modes = np.linalg.eigh(toy.loop())
    e0 = modes @ np.full(len(eigenvalues), 1e-4)
    phase, _ = toy.settle(toy.aligned, e0, tau=0.0105, dt=1e-3, steps=1000, k_p=k_p)
    e = phase.error[:, 0] @ modes
    rate = np.log(e[500] / e[1000]) / 0.5
    return eigenvalues, e[500] * np.exp(rate * 0.5) / e[0], rate  # the way back to t = 0


def worst_mode(toy: Toy, Q: Layers) -> tuple[Array, Array]:
    """The real parts of the eigenvalues of J Q, and a small error along the worst mode."""
    values, vectors = np.linalg.eig(toy.loop(Q))
    return values.real, 1e-4 * vectors[:, values.real.argmin()].real


def trapped(toy: Toy, k_p: float) -> tuple[Array, bool]:
    """One sign turned, and a proportional part: the rates lambda / (1 + k_p lambda) that the
    formula gives, and whether the error grows in fact."""
    Q = toy.scaled(-1)
    values, e0 = worst_mode(toy, Q)
    grows = toy.grows(Q, e0=e0, tau=0.0105, dt=1e-3, steps=1000, k_p=k_p)
    return values / (1 + k_p * values), grows


def runs_away(toy: Toy, tau: float, k_i: float = 200.0) -> bool:
    """Whether integral control with Q = J^T and neurons of ``tau`` seconds runs away in 1 s."""
    return toy.grows(toy.aligned, tau=tau, dt=5e-4, steps=2000, k_i=k_i)


def four_kinds(toy: Toy, draw: int = 0) -> dict[str, Layers]:
    """Feedback of which each answers the two questions of the least push in its own way."""
    rng = np.random.default_rng([44, draw])
    mix = np.eye(len(toy.J[-1])) + 0.3 * rng.normal(size=(len(toy.J[-1]),) * 2)
    hidden = [rng.normal(0, 0.25, q.shape) for q in toy.aligned[:-1]]
    return {
        "transposed Jacobian, mixed by A": [q @ mix for q in toy.aligned],
        "transposed Jacobian, one sign turned": toy.scaled(-1),
        "random, but right at the output": [*hidden, toy.aligned[-1]],
        "random in all layers": [rng.normal(0, 0.5, q.shape) for q in toy.aligned],
    }


def push_of(toy: Toy, Q: Layers) -> tuple[bool, bool, float, float]:
    """Whether the loop settles; whether the columns of Q are right; and the push at rest: its size
    in units of the least one, and its angle (degrees) to that."""
    J, whole = np.hstack(toy.J), np.vstack(Q)
    settles = bool(np.linalg.eigvals(toy.loop(Q)).real.min() > 0)
    right = np.linalg.matrix_rank(np.hstack([J.T, whole])) == len(J)
    least = J.T @ np.linalg.solve(J @ J.T, toy.some_error)
    push = whole @ np.linalg.solve(J @ whole, toy.some_error)
    size = float(np.linalg.norm(push) / np.linalg.norm(least))
    return settles, bool(right), size, angle(push, least)
