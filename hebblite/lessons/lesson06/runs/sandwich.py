"""The least effort between its two bounds, for errors of all sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....analysis import jacobians
from ....losses import least_control
from ....network import Network
from ..exercises import small_errors

Array = np.ndarray
#: The lower bound, H* of small errors and the upper bound, from J_1..J_L, each (n_L, n_l), and e.
Bounds = Callable[[list[Array], Array], Any]

SIZES = np.geomspace(0.01, 3.0, 12)  # of the errors
DIRECTIONS = 6


@dataclass(frozen=True)
class Sandwich:
    """One network and input. squared: |e|^2 of K errors along each of D directions, (K,). H: H*,
    (D, K). low, high: the bounds of small errors, divided by |e|^2."""

    squared: Array
    H: Array
    low: float
    high: float

    @property
    def inside(self) -> Array:
        """Which errors keep both bounds, (D, K)."""
        ratio = self.H / self.squared
        return np.asarray((ratio >= self.low * (1 - 1e-6)) & (ratio <= self.high * (1 + 1e-6)))


def sandwich(
    bounds: Bounds = small_errors, seed: int = 4, hidden: str = "tanh", strength: float = 1.5
) -> Sandwich:
    """Random network number ``seed``, 4-6-6-3 with a linear output, its weights times ``strength``,
    and targets at SIZES from its output in random DIRECTIONS. bounds: the learner's or the
    lesson's; asked once for each direction, at length 1."""
    rng = np.random.default_rng([62, seed])
    net = Network([4, 6, 6, 3], hidden=hidden, output="linear", dtype="float64", seed=seed)
    net.weights = [strength * W for W in net.weights]
    x = rng.normal(size=(1, 4))
    ways = rng.normal(size=(DIRECTIONS, 3))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    errors = (ways[:, None] * SIZES[:, None]).reshape(-1, 3)
    found = least_control(net, np.repeat(x, len(errors), axis=0), net.predict(x) + errors)
    J = [J_l[0] for J_l in jacobians(net, x)]
    ends = [bounds([J_l.copy() for J_l in J], way.copy()) for way in ways]
    low, high = min(float(e[0]) for e in ends), max(float(e[2]) for e in ends)
    return Sandwich(SIZES**2, found.H.reshape(DIRECTIONS, -1), low, high)
