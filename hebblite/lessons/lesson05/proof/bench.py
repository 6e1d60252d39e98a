"""The bench of theorem T3: one teaching phase of Deep Feedback Control in a small random network,
recorded, and what it says about each layer above the first.

The controller pushes with the gain ``draw.strength`` and without an integral, u = k_p e, until all
is at rest. Each assumption of the theorem is a switch:

    one input            broken: a batch of three; the states are those of its first input
    rest at the start    broken: the phase begins when voltages have gone 90 % of their way
    rest at the end      broken: the phase ends after three fifths of a time constant
    weak                 broken: a gain of order 1, whatever ``draw.strength`` says
    aligned              broken: random feedback weights
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....analysis import jacobians, preconditioners
from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....rules import DifferentialHebbian, Updates
from ....stream import Block, Record, fold
from ....teaching.proofs import Draw
from ..runs.variants import Hurried

Array = np.ndarray
World = dict[str, Any]

TAU = 0.0105  # s, the engine's time constant of a neuron
STRONG = 0.7  # the gain of feedback that is not weak
EARLY = 3  # Euler steps of a phase that ends too early, each of a fifth of TAU
SETTLED = 0.9  # of the way to rest, where the phase begins too early
AT_REST = 1e-14  # per TAU: no voltage moves more than that
CANDIDATES = 64  # inputs among which one is looked for that is far from the kinks of ReLU


def phases(draw: Draw) -> list[World]:
    """A world for each layer l = 2..L: its symbols, measured in one phase."""
    net, x, target = network(draw)
    gain = STRONG if "weak" in draw.broken else draw.strength
    phase, update = teach(net, x, target, gain, draw)
    slopes = [phi.slope(r[0]) for phi, r in zip(net.activations, net.feedforward(x)[1][1:],
                                                strict=True)]  # fmt: skip
    J, P = ([M[0] for M in Ms] for Ms in (jacobians(net, x), preconditioners(net, x)))
    e = target[0] - net.predict(x)[0]
    rng = np.random.default_rng([35, draw.seed])
    worlds = []
    for l in range(1, net.depth):
        world = measured(phase, update, l)
        world |= {"W": net.weights[l], "D_below": slopes[l - 1], "P": P[l], "J": J[l]}
        world |= {"e": e, "k_p": gain, "where": f"layer {l + 1}", "net": net, "x": x[0]}
        A = net.weights[l] * slopes[l - 1]
        world |= supposed(A, world, rng)
        worlds.append(world | stretched(A, world, rng))
    return worlds


def network(draw: Draw) -> tuple[Network, Array, Array]:
    """A network with biases, and inputs (B, n_0) with targets (B, n_L); B = 1 for one input."""
    rng = np.random.default_rng([3, draw.seed, *draw.sizes])
    net = Network(draw.sizes, draw.hidden, "linear", dtype="float64", seed=draw.seed)
    net.weights = [rng.uniform(0.8, 1.6) * W for W in net.weights]
    net.biases = [0.4 * rng.standard_normal(len(beta)) for beta in net.biases]
    x = rng.normal(size=(CANDIDATES, draw.sizes[0]))
    if draw.hidden == "relu":
        x = x[np.argsort(-far_from_kinks(net, x))]
    batch = 3 if "one input" in draw.broken else 1
    return net, x[:batch], net.predict(x[:batch]) + rng.normal(size=(batch, draw.sizes[-1]))


def far_from_kinks(net: Network, x: Array) -> Array:
    """For each input (N,) how far its hidden voltages stay from 0; less where a layer is dead."""
    hidden: list[Array] = net.feedforward(x)[0][:-1]
    nearest = np.min([np.abs(v).min(axis=1) for v in hidden], axis=0)
    dead = np.max([v.max(axis=1) <= 0 for v in hidden], axis=0)
    return np.asarray(nearest - 10 * dead)


def teach(net: Network, x: Array, target: Array, gain: float, draw: Draw) -> tuple[Block, Updates]:
    """The recorded phase, and the update by DH on voltages."""
    # Short enough for the loop: feedback of gain k_p makes it faster by k_p times J Q.
    loop = float(sum(np.linalg.norm(J[0], 2) ** 2 for J in jacobians(net, x)))
    step = 0.2 if "rest at the end" in draw.broken else min(0.5, 1 / (1 + 2 * gain * loop))
    control = DeepFeedbackControl(
        "random" if "aligned" in draw.broken else "jacobian",
        k_p=gain, k_i=0, leak=0, tau_v=TAU, dt=step * TAU, seed=draw.seed,
        steps=EARLY if "rest at the end" in draw.broken else 10_000, steady=AT_REST,
    )  # fmt: skip
    taught = Hurried(control, SETTLED) if "rest at the start" in draw.broken else control
    phase, update = fold(taught.teach(net, x, target), Record(), DifferentialHebbian("voltage"))
    return phase, update


def measured(phase: Block, update: Updates, l: int) -> World:
    """What the phase says about layer l + 1 and the one below it."""
    v, r, a = phase.voltages, phase.rates, phase.apical
    return {
        "a": a[l][-1, 0],
        "a_below": a[l - 1][-1, 0],
        "dv": v[l][-1, 0] - v[l][0, 0],
        "dv_below": v[l - 1][-1, 0] - v[l - 1][0, 0],
        "dr_below": r[l][-1, 0] - r[l][0, 0],
        "r_below": r[l][0, 0],
        "dW": update.weights[l],
    }


def supposed(A: Array, world: World, rng: np.random.Generator) -> World:
    """The hypothesis of the induction with *any* symmetric positive P_{l-1}, and what follows from
    it for the first-order change of the layer (step T3.2). A matrix that is not the true one tells
    the step of the induction from its consequence."""
    m = A.shape[1]
    B = rng.normal(size=(m, m + 1))
    P_below = rng.uniform(0.2, 1) * np.eye(m) + B @ B.T / (m + 1)
    return {"P_below": P_below, "dv_supposed": world["a"] + A @ (P_below @ world["a_below"])}


def stretched(A: Array, world: World, rng: np.random.Generator) -> World:
    """A vector z with its quadratic form under P_l, and what a search for others needs. Where the
    layer is larger than the one below, z is such that A^T sends it to 0."""
    P, z = world["P"], rng.normal(size=len(A))
    rest = z - A @ (np.linalg.pinv(A) @ z)
    z = rest if np.linalg.norm(rest) > 1e-6 else z

    def at(point: Array) -> World:
        return world | {"z": point, "zPz": np.asarray(point @ P @ point)}

    def vary(point: Array) -> World | None:
        return at(point) if np.linalg.norm(point) > 1e-3 else None

    return at(z) | {"point": z, "vary": vary}
