"""One teaching phase of one digit, with all that the neurons of a layer see, from the engine's
recording and the learner's two pieces: the apical voltages (10.1) and the interneurons (10.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....data import one_hot
from ....frameworks import DendriticMicrocircuit
from ....network import Network
from ....stream import Block, Record
from ....teaching.remembered import remembered
from ..exercises import apical_voltages, interneuron_step
from .digits import CONFIDENCE, circuit, drawn, fresh, learn

Array = np.ndarray

BEFORE = 10  # moments without a teacher that are shown
FINE: dict[str, Any] = {"dt": 1e-3, "steps": 50}


@remembered
def trained(seed: int = 0, epochs: int = 2) -> Network:
    """A network that DH has taught for a while, in float64."""
    net = fresh(seed)
    learn(net, "dh", seed, epochs)
    return net.astype("float64")


@remembered
def misread(seed: int = 0) -> int:
    """The first test digit that the network misreads."""
    data, net = drawn(seed), trained(seed)
    wrong = net.predict(data.x_test).argmax(axis=1) != data.labels_test
    return int(np.flatnonzero(wrong)[0])


def recorded(deb: DendriticMicrocircuit, seed: int = 0) -> Block:
    """The whole phase of that digit."""
    data, net, row = drawn(seed), trained(seed), misread(seed)
    x = data.x_test[row : row + 1].astype(float)
    target = one_hot(data.labels_test[row : row + 1], 10, CONFIDENCE, "float64")
    return Record()(deb.teach(net, x, target))


def interneurons(
    block: Block, net: Network, deb: DendriticMicrocircuit, step: Callable[..., Any]
) -> list[Array]:
    """Potentials i_1..i_{L-1} over the phase, each (T+1, B, n_{l+1}), by the learner's step: in the
    self-predicting state, from rates and voltages that the engine recorded."""
    found = []
    k_I = deb.g_I / (deb.g_lk + deb.g_D)
    h = deb.dt / deb.tau * (deb.g_lk + deb.g_D) / (deb.g_lk + deb.g_B + deb.g_A)
    for l in range(1, net.depth):
        W, beta, rows = net.weights[l], net.biases[l], [block.voltages[l][0]]
        for t in range(1, len(block.time)):
            r, above = block.rates[l][t], block.voltages[l][t]
            rows.append(
                step(rows[-1].copy(), r.copy(), W.copy(), beta.copy(), above.copy(), k_I, h)
            )
        found.append(np.array(rows))
    return found


def phase(
    voltages: Callable[..., Any] = apical_voltages,
    step: Callable[..., Any] = interneuron_step,
    layer: int = 2,
    seed: int = 0,
) -> dict[str, Any]:
    """One hidden neuron, the neuron above that it depends on most, and the interneuron that
    predicts the latter. Times before 0 are without a teacher."""
    deb, net, data, row = circuit(**FINE), trained(seed), drawn(seed), misread(seed)
    block = recorded(deb, seed)
    i = interneurons(block, net, deb, step)
    v_A = apical_over_time(block, net, i, voltages)[layer - 1][:, 0]
    j = int(np.abs(v_A[-1]).argmax())
    moved = block.rates[layer + 1][-1, 0] - block.rates[layer + 1][0, 0]
    above = int(np.abs(net.weights[layer][:, j] * moved).argmax())
    courses = {
        "v_A": v_A[:, j], "b": block.basal[layer - 1][:, 0, j], "i": i[layer - 1][:, 0, above],
        "v": block.voltages[layer - 1][:, 0, j], "r": block.rates[layer][:, 0, j],
        "v_above": block.voltages[layer][:, 0, above],
    }  # fmt: skip
    time = np.concatenate([deb.dt * np.arange(-BEFORE, 0), block.time])
    still = {name: np.concatenate([np.repeat(x[:1], BEFORE), x]) for name, x in courses.items()}
    return still | {"time": time, "image": data.x_test[row], "label": int(data.labels_test[row]),
                    "layer": layer, "neuron": j, "above": above}  # fmt: skip


def apical_over_time(
    block: Block, net: Network, i: list[Array], voltages: Callable[..., Any]
) -> list[Array]:
    """v^A_1..v^A_{L-1} over the phase, each (T+1, B, n_l), by the learner's function. The engine's
    apical drive at a moment is made from the rates of the moment before."""
    Y = [W.T.copy() for W in net.weights[1:]]
    rates = [r.copy() for r in block.rates[1:]]
    p = [phi.rate(each) for phi, each in zip(net.activations[1:], i, strict=True)]
    made = [
        voltages([r[t] for r in rates], [q[t] for q in p], Y, [-each for each in Y])
        for t in range(len(block.time))
    ]
    return [np.array([row[l] for row in made]) for l in range(net.depth - 1)]


def off_the_engine(
    voltages: Callable[..., Any] = apical_voltages,
    step: Callable[..., Any] = interneuron_step,
    seed: int = 0,
) -> float:
    """The greatest difference of these apical voltages from the engine's."""
    deb, net = circuit(**FINE), trained(seed)
    block = recorded(deb, seed)
    made = apical_over_time(block, net, interneurons(block, net, deb, step), voltages)
    scale = (deb.g_lk + deb.g_B + deb.g_A) / deb.g_A
    pairs = zip(made, block.apical[:-1], strict=True)
    return max(float(np.abs(ours[:-1] - scale * a[1:]).max()) for ours, a in pairs)
