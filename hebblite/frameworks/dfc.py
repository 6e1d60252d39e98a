"""Deep Feedback Control (Meulemans et al. 2021, 2022): a controller moves every layer until the
output is right.

    e   = target - prediction                          (minus the loss gradient at r_L)
    u   = k_p e + u_int,     tau_u du_int/dt = k_i e - leak u
    a_l = Q_l u                                        (apical drive)
    tau_v dv_l/dt = -v_l + W_l r_{l-1} + beta_l + a_l,     r_l = phi(v_l)

One Euler step of length dt goes through these lines from top to bottom. Layers see the rate that
the layer below has *at the same step*, as in the code of Aceituno et al. 2023, whose settings are
the defaults. Feedback weights Q_l (n_l, n_L):

    jacobian   Q_l = J_l^T, J_l = d r_L / d v_l at the free state of each input (theorem T3)
    transpose  Q_l = W_{l+1}^T ... W_L^T of the present weights: the same chain for every input
    random     fixed random Q_l; the output layer keeps Q_L = 1 (feedback alignment)
    learned    Q_l driven by noise towards the average J_l^T (``learn_feedback``)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..errors import (
    ArgumentError,
    DivergenceError,
    check_choice,
    check_count,
    check_number,
    check_seed,
    check_target,
)
from ..network import Network
from ..stream import Block
from .base import Array, Framework

FEEDBACK = ("jacobian", "transpose", "random", "learned")


class DeepFeedbackControl(Framework):
    """The controller and its clock.

    feedback: one of FEEDBACK, see the module's text.
    k_p, k_i: proportional and integral gain (no unit). leak: alpha of the integrator.
    dt, tau_v, tau_u: seconds: the Euler step, the time constant of the neurons, of the integrator.
    steps: Euler steps of a teaching phase. steady: if given, stop as soon as no voltage of the
        batch moves by more than ``steady`` per tau_v, after ``steps`` at the latest.
    noise: standard deviation of Gaussian noise on the stationary voltage of a free neuron.
    seed: of the noise, of random feedback and of learning it.
    block: steps per Block: speed only, never the result.

    Raises ArgumentError for values it cannot use, among them dt > tau_v: an Euler step that long
    overshoots even without feedback. DivergenceError if the loop runs away or oscillates.
    """

    def __init__(
        self,
        feedback: str = "jacobian",
        k_p: float = 2.0,
        k_i: float = 1.0,
        leak: float = 1e-6,
        dt: float = 1e-3,
        tau_v: float = 0.0105,
        tau_u: float = 1.0,
        steps: int = 500,
        steady: float | None = None,
        noise: float = 0.0,
        seed: int = 0,
        block: int = 8,
    ) -> None:
        self.feedback = check_choice("feedback", feedback, FEEDBACK)
        self.k_p = check_number("k_p", k_p, least=0)
        self.k_i = check_number("k_i", k_i, least=0)
        self.leak = check_number("leak", leak, least=0)
        self.tau_v = check_number("tau_v", tau_v, above=0)
        self.tau_u = check_number("tau_u", tau_u, above=0)
        self.dt = check_number("dt", dt, above=0)
        for name, tau in (("tau_v", self.tau_v), ("tau_u", self.tau_u)):
            if self.dt > tau:
                expected = f"at most {name} = {tau:g}: a longer Euler step is unstable"
                raise ArgumentError("dt", repr(dt), expected)
        self.steps = check_count("steps", steps)
        self.steady = None if steady is None else check_number("steady", steady, above=0)
        self.noise = check_number("noise", noise, least=0)
        self.seed = check_seed("seed", seed)
        self.block = check_count("block", block)
        self.rng = np.random.default_rng(self.seed)
        self.Q: list[Array] = []  # of random and learned feedback, drawn for the first network

    # ------------------------------------------------------------------ the teaching phase

    def teach(self, net: Network, x: Any, target: Any) -> Iterator[Block]:
        free_v, free_r = net.feedforward(x)
        batch, layers = len(free_r[0]), range(net.depth)
        target = check_target(target, batch, net.sizes[-1], net.dtype)
        send = self._feedback_path(net, free_r)
        limits = [_runaway(v, l) for l, v in enumerate(free_v)]

        # Row s of a buffer is the state after step s of the block; row 0 ends the block before.
        rows = 1 + min(self.block, self.steps)
        dtype, phis = net.dtype, net.activations
        v = [np.empty((rows, batch, n), dtype) for n in net.sizes[1:]]
        # Where phi is linear the rate *is* the voltage: one buffer serves both.
        r = [v[l] if phis[l].name == "linear" else np.empty_like(v[l]) for l in layers]
        a = [np.zeros_like(v[l]) for l in layers]
        b = [np.empty_like(v[l]) for l in layers]
        e = np.empty_like(v[-1])
        # The input does not move, and neither does the drive it gives: both are stored once.
        inputs = np.broadcast_to(free_r[0], (rows, *free_r[0].shape))
        b[0] = np.broadcast_to(free_v[0], v[0].shape)
        for l in layers:
            v[l][0], r[l][0] = free_v[l], free_r[l + 1]
            if l > 0:
                b[l][0] = free_v[l]
        e[0] = target - net.readout(r[-1][0])
        u = np.zeros((batch, net.sizes[-1]), dtype)
        u_int = np.zeros_like(u)

        h = self.dt / self.tau_v
        sway = self.noise * np.sqrt(1 - (1 - h) ** 2)  # makes the stationary deviation ``noise``
        done, steady, tail = 0, False, e[:1].copy()
        while done < self.steps and not steady:
            s = 0
            with np.errstate(over="ignore", invalid="ignore"):  # divergence is reported below
                while s < min(rows - 1, self.steps - done) and not steady:
                    u_int += (self.dt / self.tau_u) * (self.k_i * e[s] - self.leak * u)
                    np.multiply(e[s], self.k_p, out=u)
                    u += u_int
                    send(u, [a_l[s + 1] for a_l in a])
                    for l in layers:
                        if l > 0:
                            np.matmul(r[l - 1][s + 1], net.weights[l].T, out=b[l][s + 1])
                            b[l][s + 1] += net.biases[l]
                        new, old = v[l][s + 1], v[l][s]
                        np.add(b[l][s + 1], a[l][s + 1], out=new)
                        new -= old
                        new *= h
                        new += old
                        if sway:
                            new += sway * self.rng.standard_normal(new.shape, dtype)
                        if r[l] is not v[l]:
                            phis[l].rate(new, out=r[l][s + 1])
                    np.subtract(target, net.readout(r[-1][s + 1]), out=e[s + 1])
                    s += 1
                    if self.steady is not None:
                        steady = all(
                            np.abs(v[l][s] - v[l][s - 1]).max() <= self.steady * h for l in layers
                        )
            _check_runaway(v, s, done, limits)
            tail = np.concatenate([tail, e[1 : s + 1]])[-3:]
            yield Block(
                time=np.arange(done, done + s + 1) * self.dt,
                rates=[inputs[: s + 1], *(r_l[: s + 1] for r_l in r)],
                voltages=[v_l[: s + 1] for v_l in v],
                basal=[b_l[: s + 1] for b_l in b],
                apical=[a_l[: s + 1] for a_l in a],
                error=e[: s + 1],
                activations=phis,
                steady=steady,
            )
            done += s
            for series in (*v, *(r[l] for l in layers if r[l] is not v[l]), *a, *b[1:], e):
                series[0] = series[s]
        if not self.noise:
            _check_oscillation(tail, target, net.depth, done)

    # ------------------------------------------------------------------ feedback

    def _feedback_path(
        self, net: Network, free_rates: list[Array]
    ) -> Callable[[Array, list[Array]], None]:
        """The function that writes a_l = Q_l u into ``out[l]`` for u (B, n_L)."""
        if self.feedback == "jacobian":
            # J_l^T u without ever forming J: u travels down the chain, as in backprop.
            slopes = [p.slope(r) for p, r in zip(net.activations, free_rates[1:], strict=True)]

            def down(u: Array, out: list[Array]) -> None:
                np.multiply(u, slopes[-1], out=out[-1])
                for l in range(net.depth - 1, 0, -1):
                    np.matmul(out[l], net.weights[l], out=out[l - 1])
                    out[l - 1] *= slopes[l - 1]

            return down

        if self.feedback == "transpose":
            Q = [np.eye(net.sizes[-1], dtype=net.dtype)]
            for W in net.weights[:0:-1]:
                Q.insert(0, W.T @ Q[0])
        else:
            if not self._fits(net):
                self.Q = self._draw(net)
                if self.feedback == "learned":
                    self.learn_feedback(net, free_rates[0])
            Q = self.Q

        def direct(u: Array, out: list[Array]) -> None:
            for Q_l, a_l in zip(Q, out, strict=True):
                np.matmul(u, Q_l.T, out=a_l)

        return direct

    def _fits(self, net: Network) -> bool:
        shapes = [(n, net.sizes[-1]) for n in net.sizes[1:]]
        return [q.shape for q in self.Q] == shapes and all(q.dtype == net.dtype for q in self.Q)

    def _draw(self, net: Network) -> list[Array]:
        """Random Q_l with entries of variance 1 / n_L, so that a_l is about as strong as u."""
        rng, top = np.random.default_rng(self.seed), net.sizes[-1]
        hidden = [rng.normal(0, top**-0.5, (n, top)).astype(net.dtype) for n in net.sizes[1:-1]]
        return [*hidden, np.eye(top, dtype=net.dtype)]

    def learn_feedback(
        self,
        net: Network,
        x: Any,
        sigma: float = 0.05,
        rate: float = 0.02,
        rounds: int = 200,
        batch_size: int = 128,
    ) -> None:
        """Learn Q_l from noise, without reading a forward weight (for feedback="learned").

        Every neuron gets its own noise xi_l (standard deviation ``sigma``), the output answers
        with delta = r_L(noisy) - r_L(free), and each feedback synapse correlates the two, with
        decay:   dQ_l = rate (<xi_l delta^T> / sigma^2 - Q_l).   Since delta = sum_l J_l xi_l +
        O(sigma^2) and the noises are independent, Q_l tends to the average of J_l^T over inputs.
        This is the limit of small noise and fast neurons of the feedback rule of Meulemans et al.
        2021; Akrout et al. 2019 call it a weight mirror.

        x: inputs (N, n_0); ``rounds`` batches of ``batch_size`` rows are drawn from them.
        """
        sigma = check_number("sigma", sigma, above=0)
        rate = check_number("rate", rate, above=0, most=1)
        rounds, batch_size = check_count("rounds", rounds), check_count("batch_size", batch_size)
        if not self._fits(net):
            self.Q = self._draw(net)
        x = np.asarray(x)
        for _ in range(rounds):
            _, free = net.feedforward(x[self.rng.integers(len(x), size=batch_size)])
            noises, r = [], free[0]
            for W, beta, phi in zip(net.weights, net.biases, net.activations, strict=True):
                noises.append(sigma * self.rng.standard_normal((len(r), len(W)), net.dtype))
                r = phi.rate(r @ W.T + beta + noises[-1])
            delta = r - free[-1]
            for Q_l, xi in zip(self.Q, noises, strict=True):
                Q_l += rate * (xi.T @ delta / (len(xi) * sigma**2) - Q_l)

    def begin_epoch(self, net: Network, x: Array) -> None:
        """Learned feedback follows the forward weights: it learns again before each epoch."""
        if self.feedback == "learned":
            self.learn_feedback(net, x)

    # ------------------------------------------------------------------ checkpoints

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        return {"rng": self.rng.bit_generator.state}, {f"Q{i}": q for i, q in enumerate(self.Q)}

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        self.rng.bit_generator.state = meta["rng"]
        self.Q = [arrays[f"Q{i}"] for i in range(len(arrays))]


# ---------------------------------------------------------------------- has the loop run away?

_ADVICE = "Lower k_p or dt, or scale the weights or the feedback down."


def _runaway(free: Array, l: int) -> float:
    """The voltage beyond which layer l + 1 counts as diverged: a million times its free state."""
    size = float(np.abs(free).max())
    if not np.isfinite(size):
        raise DivergenceError(
            "The feedforward pass", l + 1, 0, "The weights are too large: lower the learning rate."
        )
    return 1e6 * (1 + size)


def _check_runaway(v: list[Array], s: int, done: int, limits: list[float]) -> None:
    """Look at the last state of a block; if it ran away, find the first step and layer that did."""
    if all(np.abs(v_l[s]).max() <= limit for v_l, limit in zip(v, limits, strict=True)):
        return  # (a comparison with NaN is false, so NaN does not pass)
    for t in range(1, s + 1):
        for l, (v_l, limit) in enumerate(zip(v, limits, strict=True)):
            if not np.abs(v_l[t]).max() <= limit:
                raise DivergenceError("Deep Feedback Control", l + 1, done + t, _ADVICE)


def _check_oscillation(tail: Array, target: Array, depth: int, done: int) -> None:
    """A saturating network cannot run away, but a loop with too much gain flips between two states
    for ever: the last two changes of the error point in opposite directions and do not shrink.
    Flips below a percent of the target are harmless and let pass."""
    if len(tail) < 3:
        return
    first, last = tail[1] - tail[0], tail[2] - tail[1]
    size = np.linalg.norm(last)
    flips = np.vdot(first, last) < -0.5 * np.linalg.norm(first) * size
    if flips and size >= 0.999 * np.linalg.norm(first) and size > 1e-2 * np.linalg.norm(target):
        raise DivergenceError(
            "Deep Feedback Control (the error flips sign at every step)", depth, done, _ADVICE
        )
