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

The lateral weights learn this state by themselves, without a teacher, from what is at the synapse:

    dX_l = rate (phi(i_l) - phi(X_l r_l + beta_l^I)) r_l^T,    dZ_l = -rate v^A_l phi(i_l)^T
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import (
    ArgumentError,
    check_batch,
    check_choice,
    check_count,
    check_number,
    check_seed,
    check_target,
)
from ..network import Network
from ..stream import Block, Lazy, not_kept
from .base import Array, Framework, basal_drives, check_runaway, error_reader, runaway_limits

TOP_DOWN = ("transpose", "random")
LATERAL = ("self-predicting", "learned")
ADVICE = "Lower dt or g_som, or scale the weights or the top-down weights down."


class DendriticMicrocircuit(Framework):
    """The three-compartment neurons, their interneurons, and the nudged output.

    g_lk, g_B, g_A, g_D: conductances (relative) of leak, basal, apical and interneuron dendrite.
    g_som: of the nudge on the output and, g_I, on the interneurons.
    top_down: transpose: Y_l = W_{l+1}^T of the present weights; random: fixed random Y_l.
    lateral: self-predicting: exactly in that state, whatever the weights; learned: X and Z start at
        random and learn (``learn_lateral``) before the first batch and before each epoch.
    dt, tau: seconds: the Euler step, and C / (g_lk + g_B + g_A), the time constant of a soma.
    steps: of the teaching phase. settle: free steps before it, with learned lateral weights only,
        as the feedforward pass is no state of rest then.
    steady: stop as soon as no voltage of the batch moves by more than ``steady`` per tau.
    seed: of random weights. block: steps per Block: speed only, never the result.
    """

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
        block: int = 8,
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
        self.seed = check_seed("seed", seed)
        self.block = check_count("block", block)
        self.rng = np.random.default_rng(self.seed)
        self.X: list[Array] = []  # lateral weights onto the interneurons of layers 1..L-1,
        self.bias: list[Array] = []  # their biases,
        self.Z: list[Array] = []  # lateral weights from them,
        self.Y: list[Array] = []  # and random top-down weights

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
        return ready and self.top_down == "transpose" and self.steady is None

    # ------------------------------------------------------------------ the teaching phase

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        free_v, free_r = net.feedforward(x)
        batch, L, phis = len(free_r[0]), net.depth, net.activations
        target = check_target(target, batch, net.sizes[-1], net.dtype)
        limits = runaway_limits(free_v)
        if self.lateral == "learned" and not self._fits(net):
            self.learn_lateral(net, free_r[0])
        circuit = _Circuit(self, net, free_v, free_r, target)
        if self.lateral == "learned":
            for _ in range(self.settle):
                circuit.advance(nudge=0.0)

        rows = 1 + min(self.block, self.steps)
        r = [np.empty((rows, *r_l.shape), net.dtype) for r_l in circuit.r]
        v = [np.empty_like(r_l) for r_l in r] if voltages else []
        a = [np.empty_like(r_l) for r_l in r]
        e = np.empty_like(r[-1])
        inputs = np.broadcast_to(free_r[0], (rows, *free_r[0].shape))

        def keep(row: int) -> None:
            now = [*(circuit.v if voltages else []), *circuit.r, *circuit.a, circuit.e]
            for series, state in zip([*v, *r, *a, e], now, strict=True):
                series[row] = state

        keep(0)
        done, steady = 0, False
        while done < self.steps and not steady:
            s = 0
            with np.errstate(all="ignore"):  # divergence is reported below
                while s < min(rows - 1, self.steps - done) and not steady:
                    moved = circuit.advance(nudge=self.k)
                    s += 1
                    keep(s)
                    steady = self.steady is not None and moved <= self.steady
            check_runaway(
                "The dendritic microcircuit", [u[None] for u in circuit.v], done + s, limits, ADVICE
            )
            seen = slice(0, s + 1)
            rates = [inputs[seen], *(r_l[seen] for r_l in r)]
            apical = [a_l[seen] for a_l in a]
            yield Block(
                time=np.arange(done, done + s + 1) * self.dt,
                rates=rates,
                voltages=[v_l[seen] for v_l in v] if voltages else not_kept(L),
                basal=basal_drives(net, rates, free_v[0]),
                apical=Lazy(L, apical.__getitem__),
                error=e[seen],
                activations=phis,
                steady=steady,
            )
            done += s
            for series in (*v, *r, *a, e):
                series[0] = series[s]

    def predict(self, net: Network, x: Any) -> Array:
        """Predictions (B, n_L) of the free state: with learned lateral weights, after settling."""
        if self.lateral != "learned" or not self._fits(net):
            return net.predict(x)
        free_v, free_r = net.feedforward(x)
        circuit = _Circuit(self, net, free_v, free_r, np.zeros_like(free_v[-1]))
        for _ in range(self.settle):
            circuit.advance(nudge=0.0)
        return net.readout(circuit.r[-1])

    # ------------------------------------------------------------------ other weights

    def _fits(self, net: Network) -> bool:
        shapes = [W.shape for W in net.weights[1:]]
        return [X.shape for X in self.X] == shapes and all(X.dtype == net.dtype for X in self.X)

    def _top_down(self, net: Network) -> list[Array]:
        """Y_1..Y_{L-1}, each (n_l, n_{l+1})."""
        if self.top_down == "transpose":
            return [W.T for W in net.weights[1:]]
        shapes = [W.T.shape for W in net.weights[1:]]
        if [Y.shape for Y in self.Y] != shapes or any(Y.dtype != net.dtype for Y in self.Y):
            rng = np.random.default_rng([self.seed, 1])
            self.Y = [rng.normal(0, m**-0.5, (n, m)).astype(net.dtype) for n, m in shapes]
        return self.Y

    def learn_lateral(
        self, net: Network, x: Any, rate: float = 0.5, rounds: int = 200, batch_size: int = 64
    ) -> None:
        """Let the lateral weights learn the self-predicting state from inputs x (N, n_0), without
        a teacher. rate: of learning, shared among the presynaptic neurons of each synapse.
        rounds: batches of ``batch_size`` drawn from x."""
        x = check_batch("x", x, net.sizes[0], net.dtype)
        rate = check_number("rate", rate, above=0)
        rounds, batch_size = check_count("rounds", rounds), check_count("batch_size", batch_size)
        if not self._fits(net):
            rng, shapes = np.random.default_rng([self.seed, 2]), [W.shape for W in net.weights[1:]]
            self.X = [rng.normal(0, m**-0.5, (n, m)).astype(net.dtype) for n, m in shapes]
            self.Z = [rng.normal(0, n**-0.5, (m, n)).astype(net.dtype) for n, m in shapes]
            self.bias = [np.zeros(n, net.dtype) for n, _ in shapes]
        for _ in range(rounds):
            free_v, free_r = net.feedforward(x[self.rng.integers(len(x), size=batch_size)])
            target = np.zeros_like(free_v[-1])
            circuit = _Circuit(self, net, free_v, free_r, target)
            for _ in range(max(self.settle, 1)):
                circuit.advance(nudge=0.0)
            for l in range(net.depth - 1):
                phi, r = net.activations[l + 1], circuit.r[l]
                predicted = r @ self.X[l].T + self.bias[l]
                surprise = circuit.p[l] - phi.rate(predicted)
                step = rate / batch_size
                self.X[l] += (step / r.shape[1]) * (surprise.T @ r)
                self.bias[l] += (step / r.shape[1]) * surprise.sum(axis=0)
                v_A = circuit.apical_voltage(l)
                self.Z[l] -= (step / circuit.p[l].shape[1]) * (v_A.T @ circuit.p[l])
            check_runaway(
                "Learning of the lateral weights",
                [Z[None] for Z in self.Z],
                1,
                [1e6] * len(self.Z),
                "Lower the rate of learn_lateral.",
            )

    def begin_epoch(self, net: Network, x: Array) -> None:
        """Learned lateral weights follow the forward weights."""
        if self.lateral == "learned":
            self.learn_lateral(net, x)

    # ------------------------------------------------------------------ checkpoints

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        names = {"X": self.X, "b": self.bias, "Z": self.Z, "Y": self.Y}
        arrays = {f"{name}{i}": a for name, group in names.items() for i, a in enumerate(group)}
        return {"rng": self.rng.bit_generator.state}, arrays

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        self.rng.bit_generator.state = meta["rng"]
        self.X, self.bias, self.Z, self.Y = (
            [arrays[f"{name}{i}"] for i in range(sum(key[0] == name for key in arrays))]
            for name in "XbZY"
        )


class _Circuit:
    """The state of a batch: somata v, r and apical drives a of layers 1..L, interneurons i, p of
    layers 1..L-1, and the output's error e."""

    def __init__(
        self,
        params: DendriticMicrocircuit,
        net: Network,
        free_v: list[Array],
        free_r: list[Array],
        target: Array,
    ) -> None:
        self.params, self.net, self.phis = params, net, net.activations
        self.drive_1 = free_v[0]  # the input does not move
        self.v = [v.copy() for v in free_v]
        self.r = [r.copy() for r in free_r[1:]]
        self.a = [np.zeros_like(v) for v in free_v]
        self.i = [v.copy() for v in free_v[1:]]
        self.p = [r.copy() for r in free_r[2:]]
        self.e = np.empty_like(free_v[-1])
        self.read_error = error_reader(net, target)
        self.read_error(self.r[-1], self.e)
        self.exact = params.lateral == "self-predicting"
        self.Y = params._top_down(net)
        g = params.g_lk + params.g_B + params.g_A
        self.share = params.g_A / g
        self.k_I = params.g_I / (params.g_lk + params.g_D)
        h = params.dt / params.tau  # the somata of the output and of interneurons are slower
        self.h = [h] * (net.depth - 1) + [h * (params.g_lk + params.g_B) / g]
        self.h_I = h * (params.g_lk + params.g_D) / g

    def apical_voltage(self, l: int) -> Array:
        """v^A of hidden layer l + 1 from the present rates above and of the interneurons."""
        if self.exact:  # Z = -Y
            return (self.r[l + 1] - self.p[l]) @ self.Y[l].T
        return self.r[l + 1] @ self.Y[l].T + self.p[l] @ self.params.Z[l].T

    def advance(self, nudge: float) -> float:
        """One Euler step, from the bottom up; the greatest tau |dv/dt|."""
        L, moved = len(self.v), 0.0
        a = [self.share * self.apical_voltage(l) for l in range(L - 1)] + [nudge * self.e]
        self.a = a
        for l in range(L):
            b = self.drive_1 if l == 0 else self.r[l - 1] @ self.net.weights[l].T
            if l > 0:
                b += self.net.biases[l]
            change = b + a[l]
            change -= self.v[l]
            moved = max(moved, float(np.abs(change).max()))
            change *= self.h[l]
            self.v[l] += change
            self.phis[l].rate(self.v[l], out=self.r[l])
            if l > 0:  # the interneurons of layer l, which predict this layer
                i = self.i[l - 1]
                if not self.exact:
                    b = self.r[l - 1] @ self.params.X[l - 1].T + self.params.bias[l - 1]
                pull = self.k_I * (self.v[l] - i)
                pull += b
                pull -= i
                pull *= self.h_I
                i += pull
                self.phis[l].rate(i, out=self.p[l - 1])
        self.read_error(self.r[-1], self.e)
        return moved
