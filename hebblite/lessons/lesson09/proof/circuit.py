"""One small network as one vector of voltages, and its states of rest to the last digit.

The equation is that of ``frameworks.ep``: all neurons above the input, one after the other, obey

    tau dv/dt = D * (R r + c + beta_nudge e) - v,    r = phi(v),    D = phi'(v)

R (N, N) holds W_2..W_L below its diagonal and what leads down above it; c (N,) the biases and the
drive from the input; e (N,), target minus rate, is 0 but at the output. The engine comes to rest by
going there, step by step; Newton's method takes a few steps only.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ....activations import Activation
from ....errors import DivergenceError
from ....frameworks.ep import energy
from ....network import Network

Array = np.ndarray
Layers = list[Array]

#: Euler steps dt / tau of a way down, and how many are a long way, a part of it, and few.
STEP, FAR, NEAR, FEW = 0.3, 80, 6, 3
#: Newton's steps at most, and the greatest speed at rest, beside one that is rounding.
NEWTON, AT_REST, EXACT = 15, 1e-12, 2e-15
#: A nudge that is stronger is turned on in steps of this size.
TURN = 0.2


@dataclass(frozen=True)
class Circuit:
    """A network with one input x (n_0,) and target (n_L,). down: what leads from layer l + 1 down
    to layer l, as W_{l+1}, if it is not W_{l+1} itself."""

    net: Network
    x: Array
    target: Array
    down: tuple[Array, ...] | None = None

    # ------------------------------------------------------------------ what it is made of

    @cached_property
    def places(self) -> list[slice]:
        """Where the neurons of layers 1..L stand."""
        ends = np.cumsum(self.net.sizes[1:])
        return [
            slice(int(end) - n, int(end)) for end, n in zip(ends, self.net.sizes[1:], strict=True)
        ]

    @cached_property
    def R(self) -> Array:
        """What each rate drives, (N, N)."""
        R = np.zeros((self.places[-1].stop,) * 2)
        down = self.net.weights[1:] if self.down is None else self.down
        for l, (W, W_down) in enumerate(zip(self.net.weights[1:], down, strict=True)):
            R[self.places[l + 1], self.places[l]] = W
            R[self.places[l], self.places[l + 1]] = W_down.T
        return R

    @cached_property
    def c(self) -> Array:
        """Biases and the drive from the input, (N,)."""
        c = np.concatenate(self.net.biases)
        c[self.places[0]] += self.net.weights[0] @ self.x
        return c

    def with_weights(self, l: int, W: Array) -> Circuit:
        """The same with other weights of layer l + 1; they lead down as well, unless others do."""
        net = copy.copy(self.net)
        net.weights = [*net.weights[:l], np.array(W, float), *net.weights[l + 1 :]]
        return Circuit(net, self.x, self.target, self.down)

    # ------------------------------------------------------------------ a state

    @cached_property
    def phis(self) -> list[Activation]:
        return self.net.activations

    def layers(self, v: Array) -> Layers:
        return [v[place] for place in self.places]

    def rates(self, v: Array) -> Layers:
        """r_1..r_L."""
        return [phi.rate(v[place]) for phi, place in zip(self.phis, self.places, strict=True)]

    def slopes(self, rates: Layers) -> Layers:
        """phi' of layers 1..L, from r_1..r_L."""
        return [phi.slope(r) for phi, r in zip(self.phis, rates, strict=True)]

    def error(self, v: Array) -> Array:
        """Target minus output rate, (n_L,)."""
        return np.asarray(self.target - self.rates(v)[-1])

    def loss(self, v: Array) -> float:
        return float(self.net.losses(self.rates(v)[-1], self.target))

    def value(self, v: Array, nudge: float) -> float:
        """E + beta_nudge * loss."""
        E = energy(self.net, [self.x, *self.rates(v)], self.layers(v))
        return float(E) + nudge * self.loss(v)

    # ------------------------------------------------------------------ how it moves

    def velocity(self, v: Array, nudge: float) -> Array:
        """tau dv/dt, (N,)."""
        rates = self.rates(v)
        return np.asarray(np.concatenate(self.slopes(rates)) * self.drive(rates, nudge) - v)

    def drive(self, rates: Layers, nudge: float) -> Array:
        """R r + c + beta_nudge e, (N,)."""
        drive = self.R @ np.concatenate(rates) + self.c
        drive[self.places[-1]] += nudge * (self.target - rates[-1])
        return np.asarray(drive)

    def jacobian(self, v: Array, nudge: float) -> Array:
        """The derivative of the velocity by the voltages, (N, N)."""
        rates = self.rates(v)
        D, top = np.concatenate(self.slopes(rates)), self.places[-1]
        bend = np.concatenate([bends(phi.name, r) for phi, r in zip(self.phis, rates, strict=True)])
        R = self.R.copy()
        R[top, top] -= nudge * np.eye(len(self.target))
        R *= D[:, None] * D
        R.ravel()[:: len(v) + 1] += bend * self.drive(rates, nudge) - 1  # its diagonal
        return R

    def moved(self, v: Array, nudge: float, steps: int) -> Array:
        """The voltages after so many Euler steps."""
        for _ in range(steps):
            v = v + STEP * self.velocity(v, nudge)
        return v

    def feedforward(self) -> Array:
        return np.concatenate([v[0] for v in self.net.feedforward(self.x[None])[0]])

    def loop(self) -> float:
        """How strongly neurons keep each other up, all of them at the voltage 0: the largest
        eigenvalue of D R D. Below 1 there is one valley, and above 1 there may be two."""
        D = np.concatenate(self.slopes(self.rates(np.zeros(len(self.c)))))
        return float(np.linalg.eigvalsh(D[:, None] * self.R * D)[-1])

    # ------------------------------------------------------------------ where it comes to rest

    def rest(self, nudge: float, start: Array) -> Array:
        """The state of rest into which one without a nudge moves as the nudge is turned on; start:
        that one, or voltages near it."""
        v = start
        for part in np.linspace(0, nudge, 2 + int(abs(nudge) / TURN))[1:] if nudge else [0.0]:
            v = self.near(float(part), v)
        return v

    def near(self, nudge: float, v: Array) -> Array:
        """The state of rest near v. Where its valley has come to an end, activity goes down from
        there to another one."""
        found = self._newton(nudge, v)
        if found is None:
            found = self._newton(nudge, self.moved(v, nudge, FAR))
        if found is None:
            raise DivergenceError("Newton's method", 1, NEWTON, "Make the weights smaller.")
        return found

    def _newton(self, nudge: float, v: Array) -> Array | None:
        """The state of rest near v; None if there is none so near."""
        speed = np.inf
        for _ in range(NEWTON):
            g = self.velocity(v, nudge)
            now = float(np.abs(g).max())
            if now < EXACT or (now < AT_REST and not now < speed / 2):  # it gets no better
                return v
            v, speed = v - np.linalg.solve(self.jacobian(v, nudge), g), now
        return None

    def early(self, nudge: float | None) -> Array:
        """The state after a few steps from the feedforward pass; with a nudge, after a few more."""
        free = self.moved(self.feedforward(), 0.0, FEW)
        return free if nudge is None else self.moved(free, nudge, FEW)

    # ------------------------------------------------------------------ how rest moves

    def by_nudge(self, v: Array, nudge: float = 0.0) -> Array:
        """dv/d beta_nudge of the state of rest v, (N,)."""
        push, rates = np.zeros(len(v)), self.rates(v)
        push[self.places[-1]] = self.slopes(rates)[-1] * (self.target - rates[-1])
        return -np.linalg.solve(self.jacobian(v, nudge), push)

    def loss_by_weights(self, v: Array, l: int) -> Array:
        """dL/dW_{l+1} of the free state of rest v, (n, m): each weight is moved by itself, and the
        state that follows is asked for its loss."""
        rates = self.rates(v)
        D, r = self.slopes(rates), [self.x, *rates]
        n, m = self.net.weights[l].shape
        push = np.zeros((len(v), n, m))  # on each neuron, by a change of each weight
        for i in range(n):
            push[self.places[l]][i, i] = D[l][i] * r[l]
        if l > 0 and self.down is None:
            for j in range(m):
                push[self.places[l - 1]][j, :, j] += D[l - 1][j] * r[l + 1]
        dv = -np.linalg.solve(self.jacobian(v, 0.0), push.reshape(len(v), n * m))
        e = self.target - rates[-1]
        return np.asarray(-(e * D[-1]) @ dv[self.places[-1]]).reshape(n, m)


def bends(name: str, r: Array) -> Array:
    """phi'' as a function of the rate."""
    if name == "tanh":
        return np.asarray(-2 * r * (1 - r * r))
    if name == "sigmoid":
        return np.asarray(r * (1 - r) * (1 - 2 * r))
    return np.zeros_like(r)
