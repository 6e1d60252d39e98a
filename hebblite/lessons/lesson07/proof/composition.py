"""The steps of T5, chained: from the Jacobians to the latency that the engine measures."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Tends
from ....teaching.proofs.theory import Steps, World
from .statement import T5

Array = np.ndarray


@T5.compose("your latency, and the engine's", claim=Tends(1))
def to_the_crossing(steps: Steps, worlds: list[World]) -> list[tuple[Array, Array]]:
    """The rate at which Gauss-Newton feedback puts an error right by T5.1, and the latency by
    T5.2. The engine's errors are small and its neurons fast: both by the strength."""
    world = worlds[0]
    J, k_i, tau_u = world["J"], world["k_i"], world["tau_u"]
    e_0, e_tol, measured = world["run"]()
    dedt = steps["T5.1"](J, np.linalg.pinv(J), e_0, k_i, tau_u)
    lam = -tau_u / k_i * (e_0 @ dedt) / (e_0 @ e_0)
    predicted = steps["T5.2"](e_0, e_tol, lam, k_i, tau_u)
    return [(np.asarray(predicted), np.asarray(measured))]
