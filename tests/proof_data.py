"""Made-up theorems for the tests of the kit, one for each kind of claim, and T3's three steps."""

from __future__ import annotations

import numpy as np

from hebblite import Network, Record, fold
from hebblite.frameworks import DeepFeedbackControl
from hebblite.teaching.proofs import (
    Bound,
    Draw,
    Exact,
    Gradient,
    Mean,
    Order,
    Tends,
    theorem,
    theory,
)


def phases(draw: Draw) -> list:
    """One world for each layer above the first: a teaching phase of DFC, one input."""
    if len(draw.sizes) < 3:
        return []
    net = Network(draw.sizes, hidden=draw.hidden, output="linear", dtype="float64", seed=draw.seed)
    rng = np.random.default_rng([draw.seed, 9])
    x, target = rng.normal(size=(1, draw.sizes[0])), rng.normal(size=(1, draw.sizes[-1]))
    k = 0.2 if "weak" in draw.broken else draw.strength
    feedback = "random" if "aligned" in draw.broken else "jacobian"
    steps = 3 if "rest at the end" in draw.broken else 1500 if "weak" in draw.broken else 80
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


# ---------------------------------------------------------------------- the other kinds


def layer(draw: Draw):
    """Weights, input and target of one layer, and an offset that an assumption forbids."""
    n, m = draw.sizes[1], draw.sizes[0]
    rng = np.random.default_rng([draw.seed, n, m])
    return rng.normal(size=(n, m)), rng.normal(size=m), rng.normal(size=n), rng


def slopes_of_loss(draw: Draw) -> list:
    """A loss that is a function of the weights."""
    W, x, t, _ = layer(draw)
    offset = 0.5 if "no bias" in draw.broken else 0.0

    def loss(weights):
        return 0.5 * np.sum((t - np.tanh(weights @ x + offset)) ** 2)

    return [{"W": W, "x": x, "t": t, "L": loss, "where": "layer 1"}]


T94 = theorem(
    "T94", "backprop in one layer", lesson="93", bench=slopes_of_loss,
    assumptions={"no bias": "the bias is 0", "one layer": "there is nothing above"},
    symbols={"W": "weights, (n, m)", "x": "input, (m,)", "t": "target, (n,)", "L": "the loss"},
)  # fmt: skip


@T94.step(
    "T94.1", "the slope of the loss", left="L", claim=Gradient("L", "W"), uses=("no bias",),
    because="the chain rule goes through the activation", hints=("Chain rule.", "tanh' = 1 - r^2."),
)  # fmt: skip
def slope(W, x, t):
    r = np.tanh(W @ x)
    return -np.outer((t - r) * (1 - r**2), x)


slope.right(lambda W, x, t: np.outer((np.tanh(W @ x) - t) / np.cosh(W @ x) ** 2, x))
slope.right(
    lambda W, x, t: np.einsum("i,j->ij", (np.tanh(W @ x) - t) * (1 - np.tanh(W @ x) ** 2), x)
)
slope.wrong("the slope of the activation is missing.")(
    lambda W, x, t: -np.outer(t - np.tanh(W @ x), x)
)
slope.term("the slope without the activation")(lambda W, x, t: np.outer(t - np.tanh(W @ x), x))


def stretching(draw: Draw) -> list:
    """A symmetric matrix and a vector, which a hill climb may turn."""
    A, _, x, _ = layer(Draw(draw.seed, (draw.sizes[0],) * 2, draw.hidden, draw.strength))
    A = A @ A.T if "symmetric" not in draw.broken else 3 * np.triu(A, 1)

    def world(x):
        if not np.linalg.norm(x):
            return None
        return {"A": A, "x": x, "q": float(x @ A @ x), "point": x, "vary": world}

    eigenvectors = np.linalg.eigh(A)[1]
    return [world(x), world(eigenvectors[:, -1])]


T95 = theorem(
    "T95", "how far a matrix stretches", lesson="93", bench=stretching,
    assumptions={"symmetric": "the matrix is symmetric", "small": "the vector is short"},
    symbols={"A": "a symmetric matrix, (n, n)", "x": "a vector, (n,)", "q": "x A x, a number"},
)  # fmt: skip


@T95.step(
    "T95.1", "no vector is stretched more", left="q", claim=Bound("upper"), uses=("symmetric",),
    because="the eigenvectors span all directions", hints=("Eigenvectors.", "The largest one."),
)  # fmt: skip
def largest(A, x):
    return np.linalg.eigvalsh(A)[-1] * (x @ x)


largest.right(lambda A, x: np.linalg.eigvalsh(A).max() * np.sum(x**2))
largest.right(lambda A, x: -np.linalg.eigvalsh(-A)[0] * np.sum(x**2))
largest.wrong("this is the smallest eigenvalue.")(lambda A, x: np.linalg.eigvalsh(A)[0] * (x @ x))
largest.term("the square of the vector")(lambda x: x @ x)


def spikes(draw: Draw) -> list:
    """Spikes of two trains in one step."""
    rng = np.random.default_rng([draw.seed, 5])
    p, q = rng.uniform(0.2, 0.8, 2)
    copied = "independent" in draw.broken

    def pairs(rng, n):
        one = rng.random(n) < p
        return one * (one if copied else rng.random(n) < q)

    return [{"p": p, "q": q, "both": pairs}]


T96 = theorem(
    "T96", "coincidences", lesson="93", bench=spikes,
    assumptions={"independent": "the trains are independent", "slow": "rates hardly change"},
    symbols={"p": "chance of a spike", "q": "of one in the other train", "both": "both spike"},
)  # fmt: skip


@T96.step(
    "T96.1", "chances multiply", left="both", claim=Mean(20_000), uses=("independent",),
    because="neither train knows of the other", hints=("Independent.", "Multiply."),
)  # fmt: skip
def product(p, q):
    return p * q


product.right(lambda p, q: np.exp(np.log(p) + np.log(q)))
product.right(lambda p, q: 1 - (1 - p) - (1 - q) * p)
product.wrong("they need not both spike.")(lambda p, q: p + q - p * q)
product.term("the chance of the one")(lambda p: p)


def growth(draw: Draw) -> list:
    """The mean growth over a time that tends to 0."""
    rng = np.random.default_rng([draw.seed, 6])
    rate = rng.normal(size=draw.sizes[0])
    time = draw.strength if "short" not in draw.broken else 1.0
    return [{"g": rate, "grown": (np.exp(rate * time) - 1) / time}]


T97 = theorem(
    "T97", "growth begins with its rate", lesson="93", bench=growth, small="time",
    assumptions={"short": "the time is short", "positive": "it grows"},
    symbols={"g": "rate of growth, (n,)", "grown": "growth over the time, (n,)"},
)  # fmt: skip


@T97.step(
    "T97.1", "the rate is the limit", left="grown", claim=Tends(1), uses=("short",),
    because="the exponential begins as 1 + x", hints=("Taylor.", "First term."),
)  # fmt: skip
def rate(g):
    return g


rate.right(lambda g: 1.0 * g)
rate.right(lambda g: (2 * g) / 2)
rate.wrong("the second term does not stay.")(lambda g: g + g**2 / 2)
rate.term("the rate")(lambda g: g)

THEOREMS = (T3, T94, T95, T96, T97)
STEPS = [step for one in THEOREMS for step in one.steps.values()]
for one in THEOREMS:  # they are no lesson's: tests that need them found put them back
    del theory._theorems[one.number]
