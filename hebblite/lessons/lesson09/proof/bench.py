"""The bench of theorem T6: a small random network that goes down its energy, its states of rest
without a nudge and with one, and a nudged phase of the engine from the one to the other.

A world is one layer of it, the output layer included. The nudge is ``draw.strength``. States of
rest are found to the last digit (see ``circuit``); the phase is ``EquilibriumPropagation``'s. Each
assumption is a switch:

    symmetric     broken: other random weights take activity down
    at rest       broken: relaxation ends after three steps, and so does the nudged phase
    same valley   broken: a network with two valleys, whose states of rest are taken from both
    small         broken: a nudge of 0.5, whatever ``draw.strength`` says
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ....errors import ArgumentError
from ....frameworks import EquilibriumPropagation
from ....network import Network
from ....rules import DifferentialHebbian
from ....stream import Block, Record, fold
from ....teaching.proofs import Draw, World
from .circuit import FAR, FEW, NEAR, STEP, Circuit

Array = np.ndarray

#: How strongly neurons keep each other up (see ``circuit.loop``): one valley, or two.
ONE_VALLEY, TWO_VALLEYS = 0.6, 2.5
#: How far the any-voltages lie from the free state, and the target from its output.
SPREAD, ERROR = 0.7, 0.7
#: The nudge that is not small.
LARGE = 0.5
#: What is left of rounding in a state of rest, divided by the weakest nudge.
EXACT = 2e-13
#: Rounding of a product of two rates, which is then divided by the nudge.
NOISE = 1e-15
#: The nudge of a central difference.
TURNED = 1e-3
#: The engine's steps of a phase that ends at rest, at most, and the speed that counts as rest.
STEPS, STEADY = 2000, 1e-14


def nudged(draw: Draw) -> list[World]:
    """The worlds of one draw: its layers, from below."""
    case = Case(draw)
    return [case.world(l) | seen for l, seen in enumerate(case.phase())]


class Case:
    """One network, one input, one target, and the nudge."""

    def __init__(self, draw: Draw) -> None:
        self.broken = draw.broken
        rng = np.random.default_rng([46, draw.seed])
        net, x = any_network(draw, rng)
        target = np.zeros(draw.sizes[-1])
        down = None
        if "symmetric" in self.broken:
            down = tuple(np.std(W) * rng.normal(size=W.shape) + W / 2 for W in net.weights[1:])
        self.valleys = valleys(Circuit(net, x, target, down), "same valley" in self.broken)
        free = self.valleys[0]
        output = free[-len(target) :] + ERROR * rng.normal(size=len(target))
        self.circuit = Circuit(net, x, net.activations[-1].rate(output), down)
        self.nudge = LARGE if "small" in self.broken else draw.strength
        self.any = free + SPREAD * rng.normal(size=len(free))
        self.across = [rng.normal(size=W.shape) for W in net.weights]
        self.rest = functools.cache(self.state)
        self.value = functools.cache(self._value)
        self.dr = self._by_nudge()

    # ------------------------------------------------------------------ states

    def state(self, nudge: float | None, other: bool = False) -> Array:
        """Where the circuit comes to rest, without a nudge or with one; if that is broken, what it
        reaches early, or, if ``other``, the other valley."""
        if "at rest" in self.broken:
            return self.circuit.early(nudge)
        return self.circuit.rest(nudge or 0.0, self.valleys[-1 if other else 0])

    def changed(self, circuit: Circuit, nudge: float | None, other: bool) -> Array:
        """The same in a circuit that is a little different."""
        if "at rest" in self.broken:
            return circuit.early(nudge)
        return circuit.near(nudge or 0.0, self.rest(nudge, other))

    def _by_nudge(self) -> list[Array]:
        """How fast the rates r_0..r_L of rest move with the nudge, at the nudge 0."""
        circuit, free = self.circuit, self.rest(None)
        if "at rest" in self.broken:
            dv = (circuit.early(TURNED) - circuit.early(-TURNED)) / (2 * TURNED)
            free = circuit.early(0.0)
        else:
            dv = circuit.by_nudge(free)
        slopes = circuit.slopes(circuit.rates(free))
        moved = [D * dv[place] for D, place in zip(slopes, circuit.places, strict=True)]
        return [np.zeros_like(circuit.x), *moved]

    # ------------------------------------------------------------------ functions

    def _value(self, nudge: float) -> float:
        """F: E + beta_nudge * loss at rest."""
        return self.circuit.value(self.rest(nudge, other=nudge > self.nudge), nudge)

    def value_by_weights(self, l: int) -> Callable[[Array], float]:
        """F as a function of W_{l+1}."""

        def F(W: Array) -> float:
            circuit = self.circuit.with_weights(l, W)
            return circuit.value(self.changed(circuit, self.nudge, self._beyond(l, W)), self.nudge)

        return F

    def loss_by_weights(self, l: int) -> Callable[[Array], float]:
        """The loss of the free state as a function of W_{l+1}."""

        def loss(W: Array) -> float:
            circuit = self.circuit.with_weights(l, W)
            return circuit.loss(self.changed(circuit, None, self._beyond(l, W)))

        return loss

    def _beyond(self, l: int, W: Array) -> bool:
        """On which side of the present weights these ones are."""
        return float(np.vdot(W - self.circuit.net.weights[l], self.across[l])) > 0

    def energy_by_voltages(self, l: int) -> Callable[[Array], float]:
        """E + beta_nudge * loss as a function of v_{l+1}, all other voltages held."""

        def E(v: Array) -> float:
            voltages = self.any.copy()
            voltages[self.circuit.places[l]] = v
            return self.circuit.value(voltages, self.nudge)

        return E

    # ------------------------------------------------------------------ the engine's phase

    def phase(self) -> list[World]:
        """What the engine's nudged phase shows of each layer."""
        settings = {"free_steps": 1, "nudged_steps": STEPS, "steady": STEADY, "step": self._step()}
        begin: Array | None = self.valleys[-1]
        if "at rest" in self.broken:
            begin = None
            settings = {"free_steps": FEW, "nudged_steps": FEW, "step": STEP}
        circuit = self.circuit
        ep = Begun(begin, circuit, nudge=self.nudge, **settings)
        blocks = ep.teach(circuit.net, circuit.x[None], circuit.target[None])
        if "same valley" in self.broken:
            blocks = coming_from(circuit.rates(self.valleys[0]), blocks)
        phase, DH, both = fold(
            blocks, Record(), DifferentialHebbian(), DifferentialHebbian(symmetric=True)
        )
        ends = [(r[0, 0], r[-1, 0]) for r in phase.rates]
        return [
            {
                "r_start": ends[l + 1][0], "r_start_below": ends[l][0],
                "r_end": ends[l + 1][1], "r_end_below": ends[l][1],
                "DH": DH.weights[l], "DH_sym": both.weights[l],
            }
            for l in range(circuit.net.depth)
        ]  # fmt: skip

    def _step(self) -> float:
        """dt / tau with which the engine comes to rest soon."""
        pull = np.abs(np.linalg.eigvals(self.circuit.jacobian(self.valleys[0], self.nudge)))
        return float(min(1.0, 1.9 / (pull.min() + pull.max())))

    # ------------------------------------------------------------------ the worlds

    def world(self, l: int) -> World:
        """Layer l + 1, with everything that T6 speaks of but the phase."""
        circuit, net, nudge = self.circuit, self.circuit.net, self.nudge
        free = [circuit.x, *circuit.rates(self.rest(None))]
        made: World = {
            "where": f"layer {l + 1}", "net": net, "rates": free,
            "rounding": EXACT, "noise": NOISE * max(1.0, np.abs(circuit.x).max()) / nudge,
            "places": {"from_below": l + 1, "from_above": l + 1},
            "W": net.weights[l].copy(), "nudge": nudge, "e": circuit.error(self.rest(nudge)),
            "downhill": -circuit.loss_by_weights(self.valleys[0], l),
            "E_of_v": self.energy_by_voltages(l),
            "F_of_nudge": lambda beta: self.value(float(beta)),
            "F_of_W": self.value_by_weights(l),
            "L_of_W": self.loss_by_weights(l),
        }  # fmt: skip
        states = {
            "r": self.rest(nudge), "r_free": self.rest(None), "r_nudged": self.rest(nudge, True),
            "r_plus": self.rest(nudge, True), "r_minus": self.rest(-nudge),
        }  # fmt: skip
        for name, v in states.items():
            rates = [circuit.x, *circuit.rates(v)]
            made |= {name: rates[l + 1], f"{name}_below": rates[l]}
        return made | {"dr": self.dr[l + 1], "dr_below": self.dr[l]} | self._any(l)

    def _any(self, l: int) -> World:
        """Layer l + 1 at any voltages."""
        circuit, net = self.circuit, self.circuit.net
        hidden = circuit.rates(self.any)
        down = net.weights[1:] if circuit.down is None else circuit.down
        top = l == net.depth - 1
        return {
            "v": self.any[circuit.places[l]],
            "D": circuit.slopes(hidden)[l],
            "from_below": net.weights[l] @ [circuit.x, *hidden][l] + net.biases[l],
            "from_above": self.nudge * circuit.error(self.any) if top else hidden[l + 1] @ down[l],
        }


class Begun(EquilibriumPropagation):
    """Its free phase begins at given voltages (N,), if there are any, and what takes activity down
    is the circuit's."""

    def __init__(self, begin: Array | None, circuit: Circuit, **settings: Any) -> None:
        super().__init__(**settings)
        self.begin, self.circuit = begin, circuit

    def weights_down(self, net: Network) -> list[Array]:
        return net.weights[1:] if self.circuit.down is None else list(self.circuit.down)

    def _begin(self, relax: Any, now: Any, net: Network, free_v: Any, x: Array) -> list[bytes]:
        v = self.circuit.feedforward() if self.begin is None else self.begin
        relax.put([v[place][None] for place in self.circuit.places], now)
        return []


def coming_from(free: list[Array], blocks: Iterator[Block]) -> Iterator[Block]:
    """The same stream, whose first row is another state, with these rates r_1..r_L."""
    first = next(blocks)
    rates = [first.rates[0], *(r.copy() for r in first.rates[1:])]
    for r, r_free in zip(rates[1:], free, strict=True):
        r[0, 0] = r_free
    yield replace(first, rates=rates)
    for block in blocks:
        yield replace(block)


# ---------------------------------------------------------------------- networks


def any_network(draw: Draw, rng: np.random.Generator) -> tuple[Network, Array]:
    """A network with one valley, or with two, and an input."""
    output = ("linear", "same")[draw.seed % 2]
    seed = int(rng.integers(2**31))
    net = Network(draw.sizes, draw.hidden, output, dtype="float64", seed=seed)
    x, two = rng.normal(size=draw.sizes[0]), "same valley" in draw.broken
    loop = Circuit(net, x, np.zeros(draw.sizes[-1])).loop()
    if loop > 0:  # else no layer is above another one
        wanted = TWO_VALLEYS if two else ONE_VALLEY
        net.weights = [net.weights[0], *(wanted / loop * W for W in net.weights[1:])]
    net.biases = [0.4 * rng.normal(size=n) for n in draw.sizes[1:]]
    if two:
        balance(net, x)
    return net, x


def balance(net: Network, x: Array) -> None:
    """Biases with which neither valley is much deeper: where all voltages are 0, what comes to a
    neuron from its two sides almost cancels."""
    zero = [phi.rate(np.zeros(n)) for phi, n in zip(net.activations, net.sizes[1:], strict=True)]
    for l, W in enumerate(net.weights):
        net.biases[l] *= 0.1
        net.biases[l] -= W @ (x if l == 0 else zero[l - 1])
        if l + 1 < net.depth:
            net.biases[l] -= zero[l + 1] @ net.weights[l + 1]


def valleys(circuit: Circuit, two: bool) -> list[Array]:
    """The free state of rest of the only valley, or those of both."""
    if not two:
        return [circuit.rest(0.0, circuit.moved(circuit.feedforward(), 0.0, NEAR))]
    along = np.linalg.eigh(circuit.jacobian(np.zeros(len(circuit.c)), 0.0))[1][:, -1]
    found = [circuit.rest(0.0, circuit.moved(s * along, 0.0, FAR)) for s in (1, -1)]
    if np.abs(found[1] - found[0]).max() < 0.1:
        raise ArgumentError("weights", "one state of rest", "two valleys")
    return found
