"""Worlds in which T4 is tried: random networks whose output is held, and their least effort.

A world is one hidden layer of one network for one input. Two states of the hidden voltages are
looked at: any one, drawn at random, and the one of the least effort, which has a star: a_star. The
engine's ``least_control`` finds it, in float64.

Assumptions and how they are broken:

    least      the way down H ends after three steps, long before the least effort
    smooth     relu, and in each hidden layer a neuron at its kink
    on target  the output is held where only two fifths of the error are gone
    small      the error is 1.5, however small a draw wants it
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from ....analysis import jacobians
from ....losses import least_control
from ....network import Network
from ....teaching.proofs import Draw, World

Array = np.ndarray
Layers = list[Array]

#: How far the any-voltages lie from the free state; the drive of a neuron that is to meet its kink.
SPREAD, NUDGE = 0.7, 0.05
#: Neurons that are to stay off their kink are at least so far from it.
CLEAR, TRIES = 0.03, 40
#: Where the way down ends (in units of tau), and so how exact the pushes are.
REST, EXACT = 1e-14, 1e-13
EARLY, RATE = 3, 0.2  # of a way down that is broken off
LARGE = 1.5
WEAK = 0.05  # below this strength a kink is met in the free state


def held(draw: Draw) -> list[World]:
    """The worlds of one draw: its hidden layers, from below."""
    kinked = "smooth" in draw.broken
    for attempt in range(TRIES if kinked else 1):
        rng = np.random.default_rng([draw.seed, 4, attempt])
        for sign in (1.0, -1.0):
            case = Case(draw, rng, sign)
            if not kinked or case.meets_a_kink():
                return case.worlds()
    return []


def pushes(net: Network, x: Array, v: Layers, top: Array) -> Layers:
    """a_l = v_l - W_l r_{l-1} - beta_l for l = 1..L, for one input with its output held at top."""
    rates = [x, *(phi.rate(v_l) for phi, v_l in zip(net.activations, v, strict=False))]
    rows = zip([*v, top], net.weights, rates, net.biases, strict=True)
    return [v_l - W @ r - beta for v_l, W, r, beta in rows]


def effort(a: Layers) -> float:
    """H = 1/2 sum_l |a_l|^2."""
    return float(sum(a_l @ a_l for a_l in a) / 2)


class Case:
    """One network, one input, and where its output is held."""

    def __init__(self, draw: Draw, rng: np.random.Generator, sign: float) -> None:
        self.draw, self.kinked = draw, "smooth" in draw.broken
        hidden = "relu" if self.kinked else draw.hidden
        seed = int(rng.integers(2**31))
        net = Network(draw.sizes, hidden=hidden, output="linear", dtype="float64", seed=seed)
        net.biases = [rng.normal(0, 0.3, n) for n in draw.sizes[1:]]
        if self.kinked:  # neuron 0 of each hidden layer has a drive of its own choice
            for W, beta in zip(net.weights[:-1], net.biases[:-1], strict=True):
                W[0], beta[0] = 0.0, 0.0 if draw.strength < WEAK else NUDGE
        self.net, self.x = net, rng.normal(size=draw.sizes[0])
        self.free = [v_l[0] for v_l in net.feedforward(self.x[None])[0]]
        self.J = [J_l[0] for J_l in jacobians(net, self.x[None])]
        self.JJ = np.asarray(sum(J_l @ J_l.T for J_l in self.J))
        size = LARGE if "small" in draw.broken else draw.strength
        drawn = rng.normal(size=draw.sizes[-1])
        self.e = sign * size * drawn / np.linalg.norm(drawn)
        part = 0.4 if "on target" in draw.broken else 1.0
        self.top = self.free[-1] + part * self.e
        self.any = [v_l + SPREAD * rng.normal(size=v_l.shape) for v_l in self.free[:-1]]
        if self.kinked:
            for v_l in self.any:
                v_l[0] = 0.0
        self.star = self.voltages(net)

    def voltages(self, net: Network, tolerance: float = REST) -> Layers:
        """The hidden voltages of the least effort, or, if that is broken, on the way to it."""
        if "least" in self.draw.broken:
            return self._on_the_way(net)
        apical = [
            a_l[0] for a_l in least_control(net, self.x[None], self.top[None], tolerance).apical
        ]
        v, r = [], self.x
        rows = zip(apical, net.weights, net.biases, net.activations, strict=True)
        for a_l, W, beta, phi in list(rows)[:-1]:
            v.append(a_l + W @ r + beta)
            if phi.name == "relu":  # what rests on a kink rests there exactly
                v[-1][np.abs(v[-1]) < 1e-12] = 0.0
            r = phi.rate(v[-1])
        return v

    def _on_the_way(self, net: Network) -> Layers:
        v = [v_l[0] for v_l in net.feedforward(self.x[None])[0][:-1]]
        for _ in range(EARLY):
            a, slopes = pushes(net, self.x, v, self.top), self.slopes(v)
            v = [
                v_l - RATE * (a[l] - slopes[l] * (net.weights[l + 1].T @ a[l + 1]))
                for l, v_l in enumerate(v)
            ]
        return v

    def slopes(self, v: Layers) -> Layers:
        """phi' of the hidden layers."""
        return [phi.slope(phi.rate(v_l)) for phi, v_l in zip(self.net.activations, v, strict=False)]

    def meets_a_kink(self) -> bool:
        """Whether some neuron 0 is where the broken assumption wants it and all others are clear of
        their kinks. In the free state: it is pushed to the right. Else it rests at 0, pushed."""
        clear = all((np.abs(v_l[1:]) > CLEAR).all() for v_l in (*self.any, *self.star))
        if self.draw.strength < WEAK:
            clear = all((np.abs(v_l[1:]) > CLEAR).all() for v_l in self.free[:-1])
            return clear and any(v_l[0] > 0 for v_l in self.star)
        a = pushes(self.net, self.x, self.star, self.top)
        rests = [
            # H rises to both sides: by -a_l to the left, and to the right by what is asked less.
            v_l[0] == 0 and a[l][0] < -NUDGE / 2 and a[l][0] - a[l + 1] @ W[:, 0] > CLEAR
            for (l, v_l), W in zip(enumerate(self.star), self.net.weights[1:], strict=True)
        ]
        off = all(abs(v_l[0]) > CLEAR or at for v_l, at in zip(self.star, rests, strict=True))
        return clear and off and any(rests)

    def worlds(self) -> list[World]:
        """One for each hidden layer."""
        return [self.world(l) for l in range(self.net.depth - 1)]

    def world(self, l: int) -> World:
        """Layer l + 1, with everything that T4 speaks of."""
        net, W = self.net, self.net.weights[l]
        made: World = {"where": f"layer {l + 1}", "net": net, "W": W.copy(), "rounding": EXACT}
        made |= {"W_above": net.weights[l + 1].copy(), "J": self.J[l], "JJ": self.JJ, "e": self.e}
        for star, v in (("", self.any), ("_star", self.star)):
            a = pushes(net, self.x, v, self.top)
            below = self.x if l == 0 else net.activations[l - 1].rate(v[l - 1])
            made |= {f"a{star}": a[l], f"a{star}_above": a[l + 1], f"D{star}": self.slopes(v)[l]}
            made |= {f"r{star}_below": below, f"v{star}": v[l]}
        made["H_star"] = effort(pushes(net, self.x, self.star, self.top))
        made |= {"H_of_v": self._by_voltage(l), "H_of_W": self._by_weights(l, again=False)}
        made["H_star_of_W"] = self._by_weights(l, again=True)
        return made | quadratic(self.JJ, self.e)

    def _by_voltage(self, l: int) -> Callable[[Array], float]:
        """H as a function of the voltages of layer l + 1, all others held."""

        def H(v: Array) -> float:
            return effort(
                pushes(self.net, self.x, [*self.any[:l], v, *self.any[l + 1 :]], self.top)
            )

        return H

    def _by_weights(self, l: int, again: bool) -> Callable[[Array], float]:
        """H as a function of W_{l+1}: with the voltages held, or with those of the least effort,
        which is looked for again."""

        def H(W: Array) -> float:
            net = copy.copy(self.net)
            net.weights = [*net.weights[:l], np.array(W, float), *net.weights[l + 1 :]]
            v = self.voltages(net, 1e-8) if again else self.any  # (H is flat there: it is as exact)
            return effort(pushes(net, self.x, v, self.top))

        return H


def quadratic(JJ: Array, e: Array) -> World:
    """H of small errors, 1/2 e^T JJ^-1 e; what a climb may vary, the error; and the worlds in which
    an error of this length lies along one of the axes of JJ."""
    length, axes = np.linalg.norm(e), np.linalg.eigh(JJ)[1].T
    return {
        "H_small": _effort_of(JJ, e),
        "point": e,
        "vary": lambda point: _elsewhere(JJ, point),
        "same_length": [_elsewhere(JJ, length * axis) for axis in axes],
    }


def _effort_of(JJ: Array, e: Array) -> float:
    return float(e @ np.linalg.solve(JJ, e) / 2)


def _elsewhere(JJ: Array, e: Array) -> World:
    """The same network with another error."""
    return {"where": "the output", "JJ": JJ, "e": e, "H_small": _effort_of(JJ, e)}
