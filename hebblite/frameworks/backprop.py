"""Backpropagation (Rumelhart, Hinton & Williams 1986): the baseline, without dynamics.

    delta_L = D_L e,    delta_l = D_l W_{l+1}^T delta_{l+1},    -dC/dW_l = delta_l r_{l-1}^T

with e = target - prediction and D_l = diag phi'(v_l). The stream is the free state alone, with
delta where a framework with dynamics has its apical drive: nothing moves, so no rule that needs
a change of activity is defined here, only ``rules.Gradient`` (and plain Hebb, which needs none).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import check_kind, check_target
from ..network import Network
from ..stream import Block
from .base import Array, Framework


def backpropagate(net: Network, rates: list[Array], e: Array) -> list[Array]:
    """delta_1..delta_L, each (B, n_l), from rates r_0..r_L of a free state and e (B, n_L).

    This is e times the Jacobian J_l = d r_L / d v_l for every row: a_l = J_l^T e.
    """
    phis = net.activations
    deltas = [phis[-1].slope(rates[-1]) * e]
    for l in range(net.depth - 1, 0, -1):
        deltas.insert(0, phis[l - 1].slope(rates[l]) * (deltas[0] @ net.weights[l]))
    return deltas


class Backprop(Framework):
    """The gradient of the loss, as a stream of one state."""

    def separable(self, net: Network) -> bool:
        return False  # one pass is over before a second lane has paid for itself

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        check_kind("net", net, Network)
        v, rates = net.feedforward(x)
        target = check_target(target, len(rates[0]), net.sizes[-1], net.dtype, net.output)
        e = target - net.readout(rates[-1])
        deltas = backpropagate(net, rates, e)
        # None adds the time axis: one row, no steps. Without apical dendrites v = b.
        rows = [v_l[None] for v_l in v]
        yield Block(
            time=np.zeros(1),
            rates=[r[None] for r in rates],
            voltages=rows,
            basal=rows,
            apical=[d[None] for d in deltas],
            error=e[None],
            activations=net.activations,
        )
