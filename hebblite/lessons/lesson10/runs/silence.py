"""Interneurons learn to predict, until the apical dendrites are silent; and what a left-over of the
apical voltage does to two rules.

The circuit is at rest without a teacher, as the engine's ``without_teacher`` says. The rule that
changes the lateral weights is the learner's (exercise 10.2) or ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ....analysis import angles, backprop_updates
from ....frameworks import DendriticMicrocircuit
from ....network import Network
from ....rules import Updates
from ..exercises import lateral_rule
from .digits import BATCH, WAYS, circuit, drawn, fresh

Array = np.ndarray

RATE, LOOKED_AT = 7.0, 200
STOPS = (0, 3, 10, 30, 60, 100, 200, 300, 400, 600)


def one_round(deb: DendriticMicrocircuit, net: Network, x: Array, rule: Callable[..., Any]) -> None:
    """One round of lateral learning from inputs x (B, n_0): ``rule(r, p, own, v_A, rate)`` gives
    the changes of X and Z of a layer. The biases of the interneurons follow their surprise."""
    seen = deb.without_teacher(net, x)
    layers = zip(seen.rates[:-1], seen.interneurons, seen.predicted, seen.apical, strict=True)
    for l, (r, p, own, v_A) in enumerate(layers):
        dX, dZ = rule(r.copy(), p.copy(), own.copy(), v_A.copy(), RATE)
        deb.X[l] += np.asarray(dX, net.dtype)
        deb.Z[l] += np.asarray(dZ, net.dtype)
        deb.bias[l] += RATE / r.shape[1] * (p - own).mean(axis=0)


def rounds_of(
    deb: DendriticMicrocircuit,
    net: Network,
    seed: int,
    stops: Sequence[int],
    rule: Callable[..., Any] = lateral_rule,
) -> Any:
    """Yields each of ``stops``, once so many rounds are done on digits that ``seed`` draws."""
    data, rng, done = drawn(seed), np.random.default_rng([101, seed]), 0
    for stop in stops:
        while done < stop:
            one_round(deb, net, data.x[rng.integers(len(data.x), size=BATCH)], rule)
            done += 1
        yield stop


def silence(
    rule: Callable[..., Any] = lateral_rule, seed: int = 0, stops: Sequence[int] = STOPS
) -> dict[str, Array]:
    """rounds: (R,). left: (R, L-1), root mean square of the apical voltages of digits that nobody
    learned from, without a teacher, over that of what comes from above at the time (%)."""
    net, deb = fresh(seed), circuit(seed, lateral="learned")
    x, rows = drawn(seed).x_test[:LOOKED_AT], []
    for _ in rounds_of(deb, net, seed, stops, rule):
        rows.append([100 * part for part in deb.without_teacher(net, x).residual])
    return {"rounds": np.array(stops), "left": np.array(rows)}


def left_over(seed: int = 0, stops: Sequence[int] = STOPS) -> dict[str, Any]:
    """What two rules make of the same phases while the interneurons learn: angles to backprop (deg)
    of an untrained network on LOOKED_AT digits.

    left: (R, L-1), what is left of the apical voltage (%). dh, error-based: (R, L). exact dh, exact
    error-based: (L,), in the self-predicting state. parts: of layer 1 in the end, with some of the
    learned weights replaced, {"what": {"dh": angle, "error-based": angle}}."""
    net, deb, data = fresh(seed), circuit(seed, lateral="learned"), drawn(seed)
    x, target = data.x[:LOOKED_AT], data.target[:LOOKED_AT]
    gradient = backprop_updates(net, x, target)

    def off(framework: DendriticMicrocircuit, way: str) -> list[float]:
        updates: Updates = WAYS[way][1]()(framework.teach(net, x, target))
        return angles(updates, gradient)

    def layer_1() -> dict[str, float]:
        return {way: off(deb, way)[0] for way in ("dh", "error-based")}

    found: dict[str, list[Any]] = {"left": [], "dh": [], "error-based": []}
    for _ in rounds_of(deb, net, seed, stops):
        left = deb.without_teacher(net, data.x_test[:LOOKED_AT]).residual
        found["left"].append([100 * part for part in left])
        for way in ("dh", "error-based"):
            found[way].append(off(deb, way))
    exact = {f"exact {way}": np.array(off(circuit(seed), way)) for way in ("dh", "error-based")}
    made: dict[str, Any] = {name: np.array(rows) for name, rows in found.items()} | exact
    Z, parts = [z.copy() for z in deb.Z], {"as learned": layer_1()}
    deb.Z[:] = [-W.T for W in net.weights[1:]]
    parts["Z perfect, X as learned"] = layer_1()
    deb.X[:], deb.bias[:] = [W.copy() for W in net.weights[1:]], [b.copy() for b in net.biases[1:]]
    parts["both perfect"] = layer_1()
    deb.Z[:] = Z
    parts["X perfect, Z as learned"] = layer_1()
    deb.Z[:] = [0 * z for z in Z]
    parts["without interneurons (Z = 0)"] = layer_1()
    return made | {"parts": parts}


def constant_left_over(seed: int = 0, rounds: int = STOPS[-1]) -> dict[str, dict[str, float]]:
    """Whether it is the left-over that a rule minds: angles (deg) to backprop in layer 1 with
    perfect lateral weights (perfect), and with what learned ones left over without a teacher added
    to the apical voltages as constants, digit by digit (left over)."""
    net, deb, data = fresh(seed), circuit(seed, lateral="learned"), drawn(seed)
    x, target = data.x[:LOOKED_AT], data.target[:LOOKED_AT]
    gradient = backprop_updates(net, x, target)
    for _ in rounds_of(deb, net, seed, (rounds,)):
        pass
    left = [v.copy() for v in deb.without_teacher(net, x).apical]
    deb.Z[:] = [-W.T for W in net.weights[1:]]
    deb.X[:], deb.bias[:] = [W.copy() for W in net.weights[1:]], [b.copy() for b in net.biases[1:]]
    found = {}
    for name, constant in (("perfect", None), ("left over", left)):
        deb.left_over = constant
        found[name] = {
            way: angles(WAYS[way][1]()(deb.teach(net, x, target)), gradient)[0]
            for way in ("dh", "error-based")
        }
    return found
