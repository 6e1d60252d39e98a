"""The bench of theorem T7: inference in a small random network, recorded, and what it says about
each hidden layer.

``frameworks.PredictiveCoding`` does the inference, with its output clamped, and once more with it
nudged by beta = ``draw.strength``. Two kinds of states are looked at: any voltages, drawn at
random, and those at the end of the phase. Each assumption of the theorem is a switch:

    rest at the start    broken: the phase begins when voltages have gone 90 % of their way
    jump counted         broken: the record begins with the output on its target already
    rest at the end      broken: inference ends after three steps
    weak                 broken: a nudge of 1, whatever ``draw.strength`` says
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ....analysis import jacobians
from ....frameworks import PredictiveCoding
from ....losses import least_control
from ....network import Network
from ....rules import DifferentialHebbian, ErrorBased, Updates
from ....stream import Block, Record, fold
from ....teaching.proofs import Draw

Array = np.ndarray
Layers = list[Array]
World = dict[str, Any]

#: The strength of the worlds in which the clamped output is looked at, which it says nothing of.
#: Where it is less than half of that, the nudge alone is asked for.
STRENGTH = 0.3
STRONG = 1.0  # a nudge that is not weak
EARLY, STEP = 3, 0.2  # inference that ends too early, and the length of its steps
SETTLED = 0.9  # of the way to the free state, where the phase begins too early
AT_REST = 1e-14  # per tau: no voltage moves more than that
EXACT = 1e-13  # and so how exact the errors at rest are
SPREAD = 0.7  # how far the any-voltages lie from the free state


def inferences(draw: Draw) -> list[World]:
    """The worlds of one draw: its hidden layers, from below."""
    case = case_of(draw.seed, draw.sizes, draw.hidden)
    early = "rest at the end" in draw.broken
    beta = STRONG if "weak" in draw.broken else draw.strength
    nudged = run_nudged(case, early, beta)
    worlds = [of_the_nudge(case, nudged, beta, l) for l in range(case.net.depth - 1)]
    if draw.strength < STRENGTH / 2:
        return worlds
    ended = run_clamped(case, early)
    journey = ended
    if "rest at the start" in draw.broken:
        journey = begun_early(ended)
    elif "jump counted" in draw.broken:
        journey = without_the_jump(ended)
    whole = of_the_output(case, journey) | of_all_layers(case, ended) | of_the_softmax(case)
    for l, world in enumerate(worlds):
        world |= whole | of_any_voltages(case, l) | of_the_end(case, ended, l)
        world |= {"dr_below": change(journey.rates[l]), "dv": change(journey.voltages[l])}
        world["F_end_of_W"] = at_the_end(case, l, early)
    return worlds


# ---------------------------------------------------------------------- the network


@dataclass(frozen=True, eq=False)
class Case:
    """One network, one input x (1, n_0) and its target (1, n_L)."""

    net: Network
    x: Array
    target: Array
    softmax_target: Array
    lift: float
    spread: Layers

    def any(self) -> Layers:
        """Voltages of all layers, each (n_l,): hidden ones anywhere, the output on its target."""
        free = self.net.feedforward(self.x)[0][:-1]
        return [*(v[0] + s for v, s in zip(free, self.spread, strict=True)), self.target[0]]


@functools.lru_cache(maxsize=512)
def case_of(seed: int, sizes: tuple[int, ...], hidden: str) -> Case:
    rng = np.random.default_rng([8, seed, *sizes])
    net = Network(sizes, hidden, "linear", dtype="float64", seed=seed)
    net.biases = [0.3 * rng.normal(size=n) for n in sizes[1:]]
    x = rng.choice([-1, 1], sizes[0]) * rng.uniform(0.3, 1.5, (1, sizes[0]))
    target = net.predict(x) + 0.8 * rng.normal(size=(1, sizes[-1]))
    probabilities = rng.dirichlet(np.full(sizes[-1], 3.0))[None]
    lift = (-1) ** seed * rng.uniform(3, 5)
    return Case(
        net, x, target, probabilities, lift, [SPREAD * rng.normal(size=n) for n in sizes[1:-1]]
    )


def errors_of(net: Network, x: Array, v: Layers) -> Layers:
    """eps_l = v_l - W_l r_{l-1} - beta_l of all layers, from the voltages of all layers."""
    rates = [x, *rates_of(net, v)]
    rows = zip(v, net.weights, rates[:-1], net.biases, strict=True)
    return [v_l - W @ r - beta for v_l, W, r, beta in rows]


def rates_of(net: Network, v: Layers) -> Layers:
    """r_l = phi(v_l) of the layers 1..L."""
    return [phi.rate(v_l) for phi, v_l in zip(net.activations, v, strict=True)]


def energy(eps: Layers) -> float:
    """F = 1/2 sum_l |eps_l|^2."""
    return float(sum(eps_l @ eps_l for eps_l in eps) / 2)


# ---------------------------------------------------------------------- what the engine does


@functools.lru_cache(maxsize=512)
def run_clamped(case: Case, early: bool) -> Block:
    """The recorded phase with the output on its target."""
    (phase,) = fold(inference(case.net, early).teach(case.net, case.x, case.target), Record())
    return phase


@functools.lru_cache(maxsize=4096)
def run_nudged(case: Case, early: bool, beta: float) -> tuple[Updates, Updates]:
    """The updates of a phase with a nudged output: error-based, and by DH; both on voltages."""
    phase = inference(case.net, early, beta).teach(case.net, case.x, case.target)
    updates: tuple[Updates, Updates] = fold(
        phase, ErrorBased("voltage"), DifferentialHebbian("voltage")
    )
    return updates


def inference(net: Network, early: bool, nudge: float | None = None) -> PredictiveCoding:
    """To rest, in steps that do not overshoot; or ended early."""
    if early:
        return PredictiveCoding(EARLY, STEP, halve=False, nudge=nudge)
    flat = 0.25 if net.hidden == "sigmoid" else 1.0  # the greatest slope of phi
    steepest = (1 + flat * max(float(np.linalg.norm(W, 2)) for W in net.weights[1:])) ** 2
    step = min(0.9, 1.3 / (steepest + (nudge or 0)))
    return PredictiveCoding(20_000, step, halve=False, nudge=nudge, steady=AT_REST)


def begun_early(phase: Block) -> Block:
    """The same with one step before it, from voltages that have not settled to the free state."""

    def before(series: Array, first: Array) -> Array:
        return np.concatenate([first[None], series])

    v = [SETTLED * v_l[0] for v_l in phase.voltages]
    r = [phi.rate(v_l) for phi, v_l in zip(phase.activations, v, strict=True)]
    x = phase.rates[0]
    rates = [before(r_l, first) for r_l, first in zip(phase.rates[1:], r, strict=True)]
    return replace(
        phase, time=before(phase.time, np.array(-1.0)),
        rates=[np.broadcast_to(x[0], (len(x) + 1, *x.shape[1:])), *rates],
        voltages=[before(v_l, first) for v_l, first in zip(phase.voltages, v, strict=True)],
    )  # fmt: skip


def without_the_jump(phase: Block) -> Block:
    """The same as seen by who looks at the output when it is on its target already."""
    output = phase.voltages[-1].copy()
    output[0] = output[1]
    return replace(phase, voltages=[*phase.voltages[:-1], output])


# ---------------------------------------------------------------------- what is measured


def of_the_nudge(case: Case, nudged: tuple[Updates, Updates], beta: float, l: int) -> World:
    """Layer l + 1 where the output is nudged, and in the free state; with all that the chain of the
    steps is compared with."""
    net, (error_based, dh) = case.net, nudged
    r = net.feedforward(case.x)[1]
    free_slopes = slopes(net, [r_l[0] for r_l in r[1:]])
    return {
        "where": f"layer {l + 1}", "net": net, "x": case.x[0], "rounding": EXACT, "beta": beta,
        "W": net.weights[l].copy(), "W_above": net.weights[l + 1].copy(),
        "J": jacobians(net, case.x)[l][0], "e": (case.target - net.predict(case.x))[0],
        "r_free_below": r[l][0], "r_free": r[l + 1][0], "D_free": free_slopes[l],
        "dW_over_beta": error_based.weights[l] / beta,
        "all error-based": error_based.weights, "all DH": dh.weights,
        "places": dict.fromkeys(("b_out", "target", "dW_out"), net.depth)
        | dict.fromkeys(("r_free_last", "r_end_last"), net.depth - 1),
    }  # fmt: skip


def of_any_voltages(case: Case, l: int) -> World:
    """Layer l + 1 at any hidden voltages, and F as a function of what may move there."""
    net, v = case.net, case.any()
    eps, r = errors_of(net, case.x[0], v), rates_of(net, v)
    below = r[l - 1] if l else case.x[0]

    def F(v_l: Array) -> float:
        return energy(errors_of(net, case.x[0], [*v[:l], v_l, *v[l + 1 :]]))

    return {
        "v": v[l], "eps": eps[l], "eps_above": eps[l + 1], "r_below": below,
        "D": slopes(net, r)[l], "F_of_v": F,
        "F_of_W": by_weights(case, l, lambda net: energy(errors_of(net, case.x[0], v))),
    }  # fmt: skip


def of_the_end(case: Case, phase: Block, l: int) -> World:
    """Layer l + 1 at the end of the phase."""
    r = [r_l[-1, 0] for r_l in phase.rates]
    eps = errors_at_the_end(phase)
    return {
        "eps_end": eps[l], "eps_end_above": eps[l + 1], "r_end_below": r[l],
        "D_end": slopes(case.net, r[1:])[l],
    }  # fmt: skip


def of_the_output(case: Case, phase: Block) -> World:
    """The update of the output weights by DH, and the rates that it may have been made with."""
    (update,) = fold(iter([phase]), DifferentialHebbian("voltage"))
    last = [r_l[0] for r_l in case.net.feedforward(case.x)[1]][-2]
    return {
        "dW_out": update.weights[-1], "r_free_last": last, "r_end_last": phase.rates[-2][-1, 0],
    }  # fmt: skip


def of_all_layers(case: Case, phase: Block) -> World:
    """The errors of all layers at the end, and the least effort as T4 finds it."""
    least = least_control(case.net, case.x, case.target)
    return {"eps_all": np.concatenate(errors_at_the_end(phase)), "H_star": float(least.H[0])}


def of_the_softmax(case: Case) -> World:
    """The constant that the output's voltages get where they are to predict probabilities."""
    net = copy.copy(case.net)
    net.output = "softmax"
    net.biases = [*net.biases[:-1], net.biases[-1] + case.lift]  # so that c has either sign
    inferred = PredictiveCoding(EARLY, STEP, halve=False).teach(net, case.x, case.softmax_target)
    (phase,) = fold(inferred, Record())
    target = case.softmax_target[0]
    return {
        "b_out": phase.basal[-1][-1, 0], "target": target,
        "c": float((phase.voltages[-1][-1, 0] - np.log(target))[0]),
    }  # fmt: skip


def by_weights(case: Case, l: int, F: Callable[[Network], float]) -> Callable[[Array], float]:
    """F as a function of W_{l+1}."""

    def of(W: Array) -> float:
        net = copy.copy(case.net)
        net.weights = [*net.weights[:l], np.array(W, float), *net.weights[l + 1 :]]
        return F(net)

    return of


@functools.lru_cache(maxsize=1024)
def at_the_end(case: Case, l: int, early: bool) -> Callable[[Array], float]:
    """F at the end of an inference, made anew for each W_{l+1}; what was asked for is kept. (F is
    flat where it is least, so the quickest way there is as exact as inference.)"""

    def F(net: Network) -> float:
        if not early:
            return float(least_control(net, case.x, case.target, tolerance=1e-6).H[0])
        inferred = inference(net, early).teach(net, case.x, case.target)
        (phase,) = fold(inferred, Record())
        return energy(errors_at_the_end(phase))

    of_W = by_weights(case, l, F)
    known: dict[bytes, float] = {}

    def of(W: Array) -> float:
        key = W.tobytes()
        if key not in known:
            known[key] = of_W(W)
        return known[key]

    return of


def errors_at_the_end(phase: Block) -> Layers:
    """eps_l = v_l - b_l of all layers."""
    return [v[-1, 0] - b[-1, 0] for v, b in zip(phase.voltages, phase.basal, strict=True)]


def slopes(net: Network, r: Layers) -> Layers:
    """phi' of the layers 1..L with these rates."""
    return [phi.slope(r_l) for phi, r_l in zip(net.activations, r, strict=True)]


def change(series: Array) -> Array:
    """From the first row of a series (S+1, 1, n) to the last."""
    return np.asarray(series[-1, 0] - series[0, 0])
