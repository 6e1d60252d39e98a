"""The bench of theorem T8: a dendritic microcircuit of random conductances in a small random
network, taught until nothing moves any more, and what it says about each hidden layer.

``frameworks.DendriticMicrocircuit`` does it, with a nudge k that is ``draw.strength`` times a
factor of the network's own. Each assumption of the theorem is a switch:

    self-predicting      broken: noise on the lateral weights, and all settled before the teacher
    rest at the start    broken: the phase begins when voltages have gone 90 % of their way
    rest at the end      broken: the phase ends after three steps
    weak                 broken: a strength of 1.5, whatever ``draw.strength`` says
    aligned              broken: random top-down weights
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....analysis import jacobians
from ....frameworks import DendriticMicrocircuit
from ....network import Network
from ....rules import DifferentialHebbian, ErrorBased, Updates
from ....stream import Block, Record, fold
from ....teaching.proofs import Draw

Array = np.ndarray
World = dict[str, Any]

#: The strength of the worlds in which exact claims are tried. At less than half of that, nothing is
#: asked about interneurons.
STRENGTH = 0.5
STRONG = 1.5  # that of a nudge that is not weak
EARLY = 3  # steps of a phase that ends too early
SETTLED = 0.9  # of the way to the free state, where the phase begins too early
OFF = 0.1  # noise on lateral weights that are not in the self-predicting state
SETTLE = 150  # steps that these get before the teacher comes
AT_REST = 1e-14  # per tau: no soma moves more than that
EXACT = 3e-14  # and so how exact a state of rest is
NOISE = 3e-16  # what rounding leaves of v - b, which goes with the nudge


def microcircuits(draw: Draw) -> list[World]:
    """The worlds of one draw: its hidden layers, from below."""
    k = STRONG if "weak" in draw.broken else draw.strength
    switches = draw.broken & {"self-predicting", "rest at the end", "aligned"}
    case = taught(draw.seed, draw.sizes, draw.hidden, k, switches)
    begun_early = "rest at the start" in draw.broken
    worlds = [of_a_layer(case, l, begun_early) for l in range(case.net.depth - 1)]
    if draw.strength >= STRENGTH / 2:
        i = potentials(case)
        for l, world in enumerate(worlds):
            world |= of_interneurons(case, i[l], l)
    return worlds


@dataclass(frozen=True, eq=False)
class Case:
    """What the engine did: the circuit, its network, the phase of one input, and the updates:
    error-based ones on rates, and those of DH on voltages."""

    circuit: DendriticMicrocircuit
    net: Network
    phase: Block
    error_based: Updates
    dh: Updates


@functools.lru_cache(maxsize=1024)
def taught(
    seed: int, sizes: tuple[int, ...], hidden: str, k: float, broken: frozenset[str]
) -> Case:
    rng = np.random.default_rng([10, seed, *sizes])
    net = Network(sizes, hidden, "linear", dtype="float64", seed=seed)
    net.biases = [0.3 * rng.normal(size=n) for n in sizes[1:]]
    x = rng.choice([-1, 1], sizes[0]) * rng.uniform(0.3, 1.5, (1, sizes[0]))
    target = net.predict(x) + rng.normal(size=(1, sizes[-1]))
    circuit = circuit_of(net, k, broken, rng)
    phase, error_based, dh = fold(
        circuit.teach(net, x, target), Record(), ErrorBased(), DifferentialHebbian("voltage")
    )
    return Case(circuit, net, phase, error_based, dh)


def circuit_of(
    net: Network, k: float, broken: frozenset[str], rng: np.random.Generator
) -> DendriticMicrocircuit:
    """A circuit with conductances of its own, and as large steps as do not overshoot."""
    g_lk, g_B, g_A, g_D, g_I = rng.uniform([0.05, 0.8, 0.4, 0.8, 0.4], [0.2, 1.2, 1.2, 1.2, 1.2])
    g_som, tau = k * rng.uniform(0.7, 1.3) * (g_lk + g_B), 5e-3
    fastest = (g_lk + g_B + g_A) / (g_lk + max(g_B + g_som, g_D + g_I, g_B + g_A))
    circuit = DendriticMicrocircuit(
        g_lk, g_B, g_A, g_D, g_som, g_I, tau=tau, dt=0.8 * fastest * tau, steady=AT_REST,
        steps=EARLY if "rest at the end" in broken else 10_000, settle=SETTLE, seed=net.seed,
        top_down="random" if "aligned" in broken else "transpose",
        lateral="learned" if "self-predicting" in broken else "self-predicting",
    )  # fmt: skip
    if "self-predicting" in broken:  # it has learned, but not well

        def noisy(exact: Array) -> Array:
            return exact + OFF * rng.normal(size=exact.shape)

        circuit.X = [noisy(W) for W in net.weights[1:]]
        circuit.bias = [noisy(beta) for beta in net.biases[1:]]
        circuit.Z = [noisy(-W.T) for W in net.weights[1:]]
    return circuit


def of_a_layer(case: Case, l: int, begun_early: bool) -> World:
    """Layer l + 1, with everything that T8 speaks of but its interneurons."""
    circuit, net, phase = case.circuit, case.net, case.phase
    v, b, r, e = phase.voltages, phase.basal, phase.rates, phase.error[0, 0]
    g = circuit.g_lk + circuit.g_B + circuit.g_A
    made: World = {
        "where": f"layer {l + 1}", "net": net, "x": r[0][0, 0], "rounding": EXACT, "noise": NOISE,
        "W": net.weights[l].copy(), "W_above": net.weights[l + 1].copy(),
        "Y": np.array(circuit.Y[l] if circuit.Y else net.weights[l + 1].T),
        "k": circuit.k, "k_I": circuit.g_I / (circuit.g_lk + circuit.g_D), "gamma": circuit.gamma,
        "share": circuit.g_A / g, "n": net.depth - l - 1, "n_above": net.depth - l - 2,
        "e": e, "delta": jacobians(net, r[0][0])[l][0].T @ e,
        "D": net.activations[l].slope(r[l + 1][0, 0]),
        "D_above": net.activations[l + 1].slope(r[l + 2][0, 0]),
        "r_free_below": r[l][0, 0], "r_free": r[l + 1][0, 0],
        "a_end": phase.apical[l][-1, 0], "v_A": phase.apical[l][-1, 0] * g / circuit.g_A,
        "v_above": v[l + 1][-1, 0], "b_above": b[l + 1][-1, 0],
        "a_out": v[-1][-1, 0] - b[-1][-1, 0],
        "dW": case.error_based.weights[l], "all DH": case.dh.weights,
        "places": {"a_out": net.depth, "r_inter": None, "i_end": None, "Y": None},
    }  # fmt: skip
    return made | of_the_journey(phase, l, begun_early) | supposed(made, net.seed)


@functools.lru_cache(maxsize=256)
def potentials(case: Case) -> list[Array]:
    """Of the interneurons of all layers, in each step."""
    return case.circuit.interneurons(case.net, case.phase)


def of_interneurons(case: Case, i: Array, l: int) -> World:
    """Those of layer l + 1. What a dendrite feels in a step is made by the rates before that step,
    and so both rates here are those of one step before the end."""
    return {
        "i_end": i[-1, 0],
        "r_inter": case.net.activations[l + 1].rate(i[-2, 0]),
        "r_above": case.phase.rates[l + 2][-2, 0],
    }


def of_the_journey(phase: Block, l: int, begun_early: bool) -> World:
    """How far the voltages of layer l + 1 go, and the rates below."""
    v, phi = [v_l[0, 0] for v_l in phase.voltages], phase.activations
    r = [r_l[0, 0] for r_l in phase.rates]
    if begun_early:
        v = [SETTLED * v_l for v_l in v]
        r[1:] = [phi_l.rate(v_l) for phi_l, v_l in zip(phi, v, strict=True)]
    return {"dv": phase.voltages[l][-1, 0] - v[l], "dr_below": phase.rates[l][-1, 0] - r[l]}


def supposed(world: World, seed: int) -> World:
    """The hypothesis of the induction with *any* vector in the place of what comes to the rates of
    the layer above, and what follows from it for the apical drive by step T8.3."""
    s_above = np.random.default_rng([11, seed, world["n"]]).normal(size=len(world["D_above"]))
    error = world["k"] * world["gamma"] ** world["n_above"] * s_above
    felt = world["Y"] @ (world["D_above"] * error) / (1 + world["k_I"])
    return {"s_above": s_above, "a_supposed": world["share"] * felt}
