"""Made-up theorems for the tests of the kit, one for each kind of claim, and T3's three steps."""

from __future__ import annotations

import numpy as np

from hebblite import Network, Record, fold
from hebblite.frameworks import DeepFeedbackControl
from hebblite.teaching.proofs import Draw, Exact, Order, theorem


def phases(draw: Draw) -> list:
    """One world for each layer above the first: a teaching phase of DFC, one input."""
    if len(draw.sizes) < 3:
        return []
    net = Network(draw.sizes, hidden=draw.hidden, output="linear", dtype="float64", seed=draw.seed)
    rng = np.random.default_rng([draw.seed, 9])
    x, target = rng.normal(size=(1, draw.sizes[0])), rng.normal(size=(1, draw.sizes[-1]))
    k = 0.3 if "weak" in draw.broken else draw.strength
    feedback = "random" if "aligned" in draw.broken else "jacobian"
    steps = 3 if "rest at the end" in draw.broken else 80
    loop = DeepFeedbackControl(feedback, k_p=k, k_i=0, leak=0, dt=0.01, steps=steps, seed=1)
    (phase,) = fold(loop.teach(net, x, target), Record())
    start = [v[0, 0] for v in phase.voltages]
    if "rest at the start" in draw.broken:
        start = [0.9 * v for v in start]
    rates = [phi.rate(v) for phi, v in zip(net.activations, start, strict=True)]
    found = []
    for l in range(1, net.depth):
        free = phase.rates[l][0, 0]
        found.append({
            "a": phase.apical[l][-1, 0], "a_below": phase.apical[l - 1][-1, 0],
            "W": net.weights[l], "D_below": net.activations[l - 1].slope(free),
            "dr_below": phase.rates[l][-1, 0] - rates[l - 1],
            "dv_below": phase.voltages[l - 1][-1, 0] - start[l - 1],
            "dv": phase.voltages[l][-1, 0] - start[l], "where": f"layer {l + 1}", "net": net,
        })  # fmt: skip
    return found


T3 = theorem(
    "T93", "DH is preconditioned gradient descent", lesson="93", bench=phases,
    assumptions={
        "rest at the start": "the phase begins in the free state",
        "rest at the end": "the phase lasts until nothing moves",
        "weak": "the feedback is weak",
        "aligned": "the feedback is the transpose of the Jacobian",
    },
    symbols={
        "a": "apical drive of this layer, (n,)",
        "a_below": "apical drive of the layer below, (m,)",
        "W": "weights between the two, (n, m)",
        "D_below": "slopes of the layer below, (m,)",
        "dr_below": "change of the rates below, (m,)",
        "dv_below": "change of the voltages below, (m,)",
        "dv": "change of the voltages of this layer, (n,)",
    },
)  # fmt: skip


@T3.step(
    "T93.1", "at rest, a change has two sources", left="dv", claim=Exact(),
    uses=("rest at the start", "rest at the end"),
    because="both states are at rest, and subtracting them leaves what differs",
    hints=("Write down the state of rest twice.", "Subtract the two."),
)  # fmt: skip
def two_sources(a, W, dr_below):
    return a + W @ dr_below


two_sources.right(lambda a, W, dr_below: a + (W * dr_below).sum(axis=1))
two_sources.right(lambda a, W, dr_below: a + np.einsum("ij,j->i", W, dr_below))
two_sources.wrong("the layer below moves too, and hands its change up.")(lambda a, W, dr_below: a)
two_sources.wrong("the neuron's own apical drive acts as well.")(
    lambda a, W, dr_below: W @ dr_below
)
two_sources.term("the neuron's own apical drive")(lambda a: a)
two_sources.term("what the layer below hands up")(lambda W, dr_below: W @ dr_below)


@T3.step(
    "T93.2", "small pushes add up linearly", left="dv", claim=Order(2), needs=("T93.1",),
    uses=("rest at the start", "rest at the end", "weak"),
    because="a rate changes by its slope times the change of its voltage",
    hints=("Replace the change of the rates below.", "Its first term is the slope."),
)  # fmt: skip
def linear(a, W, D_below, dv_below):
    return a + W @ (D_below * dv_below)


linear.right(lambda a, W, D_below, dv_below: a + (W * D_below) @ dv_below)
linear.right(lambda a, W, D_below, dv_below: a + W @ np.diag(D_below) @ dv_below)
linear.wrong("a voltage is not handed up: the slope is missing.")(
    lambda a, W, D_below, dv_below: a + W @ dv_below
)
linear.term("the neuron's own apical drive")(lambda a: a)
linear.term("what the layer below hands up")(lambda W, D_below, dv_below: W @ (D_below * dv_below))


@T3.step(
    "T93.3", "aligned feedback closes the chain", left="a_below", claim=Exact(),
    uses=("aligned",), because="the Jacobian of the layer below goes through this one",
    hints=("J_below = J W D.", "Transpose that."),
)  # fmt: skip
def closes(W, D_below, a):
    return (W * D_below).T @ a


closes.right(lambda W, D_below, a: D_below * (W.T @ a))
closes.right(lambda W, D_below, a: np.diag(D_below) @ W.T @ a)
closes.wrong("the slope of the layer below is missing.")(lambda W, D_below, a: W.T @ a)
closes.term("the drive above, sent down")(lambda W, a: W.T @ a)
