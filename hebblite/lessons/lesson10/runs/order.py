"""Theorem T8, measured: how far apical drives are from first order, over the nudge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....frameworks import DendriticMicrocircuit
from ....network import Network
from ....stream import Record

Array = np.ndarray

NUDGES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)


def problem(seed: int) -> tuple[Network, Array, Array]:
    """A random network of three layers, tanh or sigmoid, linear or softmax, and one batch."""
    rng = np.random.default_rng([108, seed])
    sizes = [int(size) for size in rng.integers((5, 4, 4, 3), (12, 12, 12, 8))]
    hidden, output = ("tanh", "sigmoid")[seed % 2], ("linear", "softmax")[seed // 2 % 2]
    net = Network(sizes, hidden, output, dtype="float64", seed=seed)
    x, labels = rng.normal(size=(4, sizes[0])), rng.integers(sizes[-1], size=4)
    return net, x, np.eye(sizes[-1])[labels]


def first_order(net: Network, x: Array, target: Array, deb: DendriticMicrocircuit) -> list[Array]:
    """a_1..a_L to first order in the nudge: k e at the output, and gamma W_{l+1}^T D_{l+1} a_{l+1}
    below, with the slopes of the free state. Each (B, n_l)."""
    rates = net.feedforward(x)[1]
    a = [deb.k * (target - net.predict(x))]
    for l in range(net.depth - 1, 0, -1):
        slope = net.activations[l].slope(rates[l + 1])
        a.insert(0, deb.gamma * (slope * a[0]) @ net.weights[l])
    return a


def order(seed: int = 0, nudges: Sequence[float] = NUDGES) -> dict[str, Array]:
    """nudge: (K,), the values of k. relative: (L-1, K), |a_l - first order| / |first order|."""
    net, x, target = problem(seed)
    rows = []
    for k in nudges:
        plain = DendriticMicrocircuit()
        g_som = k * (plain.g_lk + plain.g_B)
        deb = DendriticMicrocircuit(g_som=g_som, dt=2.5e-3, steps=2000, steady=1e-13)
        taught = Record()(deb.teach(net, x, target)).apical[:-1]
        expected = first_order(net, x, target, deb)[:-1]
        pairs = zip(taught, expected, strict=True)
        rows.append([np.linalg.norm(a[-1] - first) / np.linalg.norm(first) for a, first in pairs])
    return {"nudge": np.array(nudges), "relative": np.array(rows).T}


def slope(found: dict[str, Array]) -> float:
    """The least slope of the relative errors on a log-log plot, over the layers."""
    log = np.log(found["nudge"])
    return float(min(np.polyfit(log, np.log(row), 1)[0] for row in found["relative"]))
