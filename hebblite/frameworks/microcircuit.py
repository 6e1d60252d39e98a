"""Dendritic error backpropagation (Sacramento, Costa, Bengio & Senn 2018): interneurons predict
the top-down input of each apical dendrite, and what they fail to predict is an error.

A pyramidal neuron of layer l has a soma (potential v_l), a basal dendrite that receives layer l-1,
and an apical dendrite that receives layer l+1 and, inhibiting, the layer's interneurons (i_l):

    C dv_l/dt = -g_lk v_l + g_B (v^B_l - v_l) + g_A (v^A_l - v_l),
    v^A_l = Y_l r_{l+1} + Z_l phi(i_l)                        (Y: top-down, Z: lateral weights)

Divided by g = g_lk + g_B + g_A these are the dynamics of all frameworks here, tau dv = -v + b + a,
with tau = C / g, b_l = (g_B / g) v^B_l and a_l = (g_A / g) v^A_l. Alone, the basal dendrite would
drive the soma to b_l: the *dendritic prediction*. W_l and beta_l are meant to contain g_B / g,

    b_l = W_l r_{l-1} + beta_l,    so that at v^A = 0 the free state is the feedforward pass.

Layer l has one interneuron for each neuron of layer l+1. It predicts that neuron from layer l,
while that neuron nudges it with the conductance g_I:

    tau_I di_l/dt = -i_l + (X_l r_l + beta_l^I) + k_I (v_{l+1} - i_l),    k_I = g_I / (g_lk + g_D)

In the *self-predicting state*, X_l = W_{l+1}, beta_l^I = beta_{l+1} and Z_l = -Y_l: without a
teacher i_l = v_{l+1}, and every v^A is 0. The teacher nudges the output,

    tau_L dv_L/dt = -v_L + b_L + k e,    k = g_som / (g_lk + g_B)

and i_l follows v_{l+1} only in part, so that to first order in the nudge

    a_l = gamma Y_l D_{l+1} (v_{l+1} - b_{l+1}),    gamma = g_A / g / (1 + k_I)    (theorem T8)

which with Y_l = W_{l+1}^T is the recursion of backprop. So the error-based update of layer l tends
to k gamma^(L-l) times the gradient's as k -> 0.

The lateral weights can learn this state by themselves: lateral.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import (
    ArgumentError,
    check_choice,
    check_count,
    check_kind,
    check_number,
    check_seed,
    check_target,
)
from ..network import Network
from ..stream import Block, not_kept
from .base import (
    Array,
    Dynamics,
    Layers,
    Moment,
    Phase,
    Tape,
    basal_drives,
    error_reader,
    greatest,
    march,
    rows_of,
    run,
    runaway_limits,
)
from .lateral import LateralWeights
from .oscillation import TAIL, swinging, warn_of_swings

TOP_DOWN = ("transpose", "random")
LATERAL = ("self-predicting", "learned")
ADVICE = "Lower dt or g_som, or scale the weights or the top-down weights down."


class DendriticMicrocircuit(LateralWeights):
    """The three-compartment neurons, their interneurons, and the nudged output.

    g_lk, g_B, g_A, g_D: conductances (relative) of leak, basal, apical and interneuron dendrite.
    g_som: of the nudge on the output and, g_I, on the interneurons.
    top_down: transpose: Y_l = W_{l+1}^T of the present weights; random: fixed random Y_l.
    lateral: self-predicting: exactly in that state, whatever the weights; learned: X and Z start at
        random and learn (``learn_lateral``) before the first batch and before each epoch.
    keep_up: learned only: so many rounds of that before each batch, from its inputs, in the place
        of those before each epoch but the first. Else forward weights may run away from it.
    lateral_rate: of this learning.
    dt, tau: seconds: the Euler step, and C / (g_lk + g_B + g_A), the time constant of a soma.
    steps: of the teaching phase. settle: free steps before it, with learned lateral weights only,
        as the feedforward pass is no state of rest then.
    steady: stop as soon as no soma of the batch moves by more than ``steady`` per tau.
    seed: of random weights. block: steps per Block, or None for as many as suit the
        cache: speed only, never the result.

    Its neurons, the next layer's and the interneurons are a loop, which swings if the weights are
    large. That the output does so at the end of a phase is a RuntimeWarning; ``swinging``, set by
    each phase, is on how many inputs.

    An experiment may set ``left_over`` (per hidden layer, (B, n_l)): constant voltages that are
    added to the apical ones of this batch, for what interneurons do not cancel.
    """

    left_over: list[Array] | None = None

    def __init__(
        self,
        g_lk: float = 0.1,
        g_B: float = 1.0,
        g_A: float = 0.8,
        g_D: float = 1.0,
        g_som: float = 0.8,
        g_I: float = 0.8,
        top_down: str = "transpose",
        lateral: str = "self-predicting",
        dt: float = 1e-3,
        tau: float = 5e-3,
        steps: int = 50,
        settle: int = 30,
        steady: float | None = None,
        seed: int = 0,
        block: int | None = None,
        keep_up: int = 0,
        lateral_rate: float = 0.5,
    ) -> None:
        self.g_lk = check_number("g_lk", g_lk, above=0)
        self.g_B = check_number("g_B", g_B, above=0)
        self.g_A = check_number("g_A", g_A, above=0)
        self.g_D = check_number("g_D", g_D, above=0)
        self.g_som = check_number("g_som", g_som, above=0)
        self.g_I = check_number("g_I", g_I, least=0)
        self.top_down = check_choice("top_down", top_down, TOP_DOWN)
        self.lateral = check_choice("lateral", lateral, LATERAL)
        self.tau = check_number("tau", tau, above=0)
        self.dt = check_number("dt", dt, above=0)
        fastest = self.tau * (g_lk + g_B + g_A) / (g_lk + max(g_B + g_som, g_D + g_I, g_B + g_A))
        if self.dt > fastest:
            expected = f"at most {fastest:g}, the shortest time constant: a longer step overshoots"
            raise ArgumentError("dt", repr(dt), expected)
        self.steps = check_count("steps", steps)
        self.settle = check_count("settle", settle, least=0)
        self.steady = None if steady is None else check_number("steady", steady, above=0)
        self.seed, self.swinging = check_seed("seed", seed), 0
        self.block = None if block is None else check_count("block", block)
        self.keep_up = check_count("keep_up", keep_up, least=0)
        self.lateral_rate = check_number("lateral_rate", lateral_rate, above=0)
        self.rng = np.random.default_rng(self.seed)
        self.X, self.bias, self.Z, self.Y = [], [], [], []

    @property
    def k(self) -> float:
        """Strength of the nudge on the output."""
        return self.g_som / (self.g_lk + self.g_B)

    @property
    def gamma(self) -> float:
        """By how much an error shrinks from one layer to the one below."""
        k_I = self.g_I / (self.g_lk + self.g_D)
        return self.g_A / (self.g_lk + self.g_B + self.g_A) / (1 + k_I)

    def separable(self, net: Network) -> bool:
        ready = self.lateral == "self-predicting" or self._fits(net)
        whole = self.steady is None and self.left_over is None
        return ready and self.top_down == "transpose" and whole

    # ------------------------------------------------------------------ the teaching phase

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        check_kind("net", net, Network)
        free_v, free_r = net.feedforward(x)
        target = check_target(target, len(free_r[0]), net.sizes[-1], net.dtype, net.output)
        if self.lateral == "learned" and not self._fits(net):
            self.learn_lateral(net, free_r[0])
        circuit = _Circuit(self, net, free_v, target)
        rows = rows_of(net, len(target), self.steps, self.block)
        copied = {"v": circuit.v, "a": circuit.a} if voltages else None
        tape = Tape(net, len(target), rows, copied)
        circuit.begin(tape.at[0], free_r)
        if self.lateral == "learned":
            run(circuit.phase(self.settle), circuit, tape.at[0])
        circuit.nudge(self.k, tape.at[0])
        first = tail = tape.e[:1].copy()
        inputs = np.broadcast_to(free_r[0], (rows, *free_r[0].shape))
        for done, s, steady in march(circuit.phase(self.steps), circuit, tape):
            seen = slice(0, s + 1)
            tail = np.concatenate([tail, tape.e[1 : s + 1]])[-TAIL:]
            rates = [inputs[seen], *(r[seen] for r in tape.r)]
            kept: dict[str, Any] = dict.fromkeys("va", not_kept(net.depth))
            kept |= {name: [x[seen] for x in series] for name, series in tape.copied.items()}
            yield Block(
                time=np.arange(done, done + s + 1) * self.dt,
                rates=rates,
                voltages=kept["v"],
                basal=basal_drives(net, rates, free_v[0]),
                apical=kept["a"],
                error=tape.e[seen],
                activations=net.activations,
                steady=steady,
            )
        self.swinging = int(swinging(tail, first[0], greatest(tape.r[-1][s])).sum())
        if self.swinging:
            warn_of_swings("The dendritic microcircuit", "Lower g_som, or scale the weights down.")

    def predict(self, net: Network, x: Any) -> Array:
        """Predictions (B, n_L) of the free state: with learned lateral weights, after settling."""
        check_kind("net", net, Network)
        if self.lateral != "learned" or not self._fits(net):
            return net.predict(x)
        return net.readout(self._settled(net, x, self.settle)[1].r[-1].copy())

    def interneurons(self, net: Network, phase: Block) -> list[Array]:
        """The potentials i_1..i_{L-1} in a phase that this circuit has gone through and ``Record``
        has kept, each (S+1, B, n_{l+1}). They are no part of the stream, but follow from it."""
        settle = self.settle if self.lateral == "learned" else 0
        circuit, _ = self._settled(net, phase.rates[0][0], settle)
        series = [[i.copy()] for i in circuit.i]
        for t in range(1, phase.steps + 1):
            r = [rates[t] for rates in phase.rates[1:]]
            for l, kept in enumerate(series, start=1):
                circuit.v[l][...] = phase.voltages[l][t]
                circuit._advance_interneurons(l, phase.basal[l][t], r, circuit.change[l])
                kept.append(circuit.i[l - 1].copy())
        return [np.stack(kept) for kept in series]

    def _settled(self, net: Network, x: Array, steps: int) -> tuple[_Circuit, Moment]:
        free_v, free_r = net.feedforward(x)
        circuit = _Circuit(self, net, free_v, np.zeros_like(free_v[-1]))
        now = Tape(net, len(free_r[0]), 1).at[0]
        circuit.begin(now, free_r)
        run(circuit.phase(steps), circuit, now)
        return circuit, now


class _Circuit(Dynamics):
    """Somata v, apical drives a of layers 1..L, and interneurons with potentials i and rates p of
    layers 1..L-1: ``advance`` goes through the equations above, divided by their conductances."""

    def __init__(
        self, params: DendriticMicrocircuit, net: Network, free_v: list[Array], target: Array
    ) -> None:
        self.params, self.net, self.phis = params, net, net.activations
        self.read_error, self.limits = error_reader(net, target), runaway_limits(free_v)
        self.k = net.dtype.type(0)  # nobody nudges yet
        self.v, self.a, self.change, self.b = (Layers(net, len(target)) for _ in range(4))
        for v, free in zip(self.v, free_v, strict=True):
            v[...] = free
        self.a.all[...] = 0
        self.b[0][...] = free_v[0]  # the input does not move
        self.W_T = [np.ascontiguousarray(W.T) for W in net.weights[1:]]
        self.beta = [np.repeat(beta[None], len(target), axis=0) for beta in net.biases[1:]]
        self.i = [v.copy() for v in free_v[1:]]
        self.p = [phi.rate(i) for phi, i in zip(self.phis[1:], self.i, strict=True)]
        self.exact = params.lateral == "self-predicting"
        self.Y_T = [np.ascontiguousarray(Y.T) for Y in params._top_down(net)]
        g = params.g_lk + params.g_B + params.g_A
        self.share = params.g_A / g
        self.k_I = params.g_I / (params.g_lk + params.g_D)
        h = params.dt / params.tau  # the somata of the output and of interneurons are slower
        self.h = [h] * (net.depth - 1) + [h * (params.g_lk + params.g_B) / g]
        self.h_I = h * (params.g_lk + params.g_D) / g

    def phase(self, steps: int) -> Phase:
        steady = self.params.steady if self.k else None
        return Phase("The dendritic microcircuit", ADVICE, steps, steady, self.limits)

    def nudge(self, k: float, now: Moment) -> None:
        """Nudge the output with k from now on."""
        self.k = self.net.dtype.type(k)
        with np.errstate(all="ignore"):  # the softmax may have to shift
            self.read_error(now.r[-1], now.e)

    def apical_voltage(self, l: int, r: list[Array], out: Array | None = None) -> Array:
        """v^A of hidden layer l + 1 where rates are r, and p those of the interneurons."""
        if self.exact:  # Z = -Y
            above = np.matmul(r[l + 1] - self.p[l], self.Y_T[l], out=out)
        else:
            above = np.matmul(r[l + 1], self.Y_T[l], out=out)
            above += self.p[l] @ self.params.Z[l].T
        if self.params.left_over is not None:
            above += self.params.left_over[l]
        return above

    def advance(self, now: Moment, new: Moment) -> float:
        v, a, b, change, r, top = self.v, self.a, self.b, self.change, new.r, len(self.v) - 1
        for l in range(top):  # a_l = (g_A / g) v^A_l
            self.apical_voltage(l, now.r, out=a[l])
            a[l] *= self.share
        np.multiply(now.e, self.k, out=a[top])  # and k e at the output
        np.subtract(a.all, v.all, out=change.all)  # tau dv_l/dt = -v_l + a_l ...
        moved = 0.0
        for l, phi in enumerate(self.phis):
            if l > 0:  # b_l = W_l r_{l-1} + beta_l
                np.matmul(r[l - 1], self.W_T[l - 1], out=b[l])
                b[l] += self.beta[l - 1]
            change[l] += b[l]  # ... + b_l
            if self.params.steady is not None:
                moved = max(moved, greatest(change[l]))
            change[l] *= self.h[l]
            v[l] += change[l]
            phi.rate(v[l], out=r[l])  # r_l = phi(v_l)
            if l > 0:
                self._advance_interneurons(l, b[l], r, change[l])
        self.read_error(r[top], new.e)
        return moved

    def _advance_interneurons(self, l: int, b: Array, r: list[Array], pull: Array) -> None:
        """tau_I di_l/dt = -i_l + (X_l r_l + beta_l^I) + k_I (v_{l+1} - i_l), where i_l, which sits
        in layer l, is i[l - 1], and v_{l+1} is v[l]. ``pull`` is memory that is free by now."""
        i, p = self.i[l - 1], self.params
        np.subtract(self.v[l], i, out=pull)
        pull *= self.k_I
        pull += b if self.exact else r[l - 1] @ p.X[l - 1].T + p.bias[l - 1]
        pull -= i
        pull *= self.h_I
        i += pull
        self.phis[l].rate(i, out=self.p[l - 1])
