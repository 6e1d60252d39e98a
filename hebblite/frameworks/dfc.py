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
    dynamic    Q_l = J_l^T at the present state: at rest on the target, this is the least control
               that puts it there (theorem T4, Meulemans et al. 2022b)
    transpose  Q_l = W_{l+1}^T ... W_L^T of the present weights: the same chain for every input
    random     fixed random Q_l; the output layer keeps Q_L = 1 (feedback alignment)
    learned    Q_l driven by noise towards the average J_l^T (``learn_feedback``)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import (
    ArgumentError,
    DivergenceError,
    check_batch,
    check_choice,
    check_count,
    check_number,
    check_seed,
    check_target,
)
from ..memory import aligned
from ..network import Network
from ..stream import Block, not_kept
from .adaptive import adaptive_states
from .base import (
    Array,
    Framework,
    Send,
    apical_drives,
    basal_drives,
    check_runaway,
    error_reader,
    runaway_limits,
)

FEEDBACK = ("jacobian", "dynamic", "transpose", "random", "learned")


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
    adaptive: if given, take steps as long as this relative tolerance allows (0.003 is a good one)
        over the same ``steps * dt`` seconds; ``steps_taken`` and ``error_estimate``, the estimated
        relative error of an update, tell afterwards how it went.

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
        adaptive: float | None = None,
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
                expected = f"at most {name} = {tau:g}: a longer Euler step overshoots"
                raise ArgumentError("dt", repr(dt), expected)
        self.steps = check_count("steps", steps)
        self.steady = None if steady is None else check_number("steady", steady, above=0)
        self.noise = check_number("noise", noise, least=0)
        self.seed = check_seed("seed", seed)
        self.block = check_count("block", block)
        self.adaptive = None
        if adaptive is not None:
            self.adaptive = check_number("adaptive", adaptive, above=0, most=0.1)
            if self.noise or self.steady is not None or feedback == "dynamic":
                # Long steps foretell the control signal, but not noise or slopes that change.
                got = f"{adaptive} with noise, steady or dynamic feedback"
                raise ArgumentError("adaptive", got, "a tolerance, without any of these")
        #: Of the last stream with ``adaptive``: see hebblite/frameworks/adaptive.py.
        self.error_estimate, self.steps_taken = float("nan"), 0
        self.rng = np.random.default_rng(self.seed)
        self.Q: list[Array] = []  # of random and learned feedback, drawn for the first network

    @classmethod
    def strong(cls, **changes: Any) -> DeepFeedbackControl:
        """Strong control (Meulemans et al. 2022a): feedback through the present Jacobian, without
        leak, for as long as it takes to put the output on its target. The state of rest is then
        the least control that does (theorem T4). ``changes``: of any setting."""
        settings: dict[str, Any] = {"feedback": "dynamic", "k_i": 30.0, "leak": 0.0}
        settings |= {"steps": 20_000, "steady": 1e-6}
        return cls(**(settings | changes))

    def separable(self, net: Network) -> bool:
        ready = self.feedback not in ("random", "learned") or self._fits(net)
        return ready and not self.noise and self.steady is None and self.adaptive is None

    # ------------------------------------------------------------------ the teaching phase

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        free_v, free_r = net.feedforward(x)
        batch, layers = len(free_r[0]), range(net.depth)
        target = check_target(target, batch, net.sizes[-1], net.dtype)
        read_error, phis = error_reader(net, target), net.activations
        send = self._feedback_path(net, free_r)
        if self.adaptive is not None:
            yield from adaptive_states(self, net, free_v, free_r, target, send, voltages)
            return
        # Voltages that nobody reads are kept in a unit that suits phi: v_l is unit[l] times v.
        of_half = [None if voltages else phi.rate_of_half for phi in phis]
        unit = [0.5 if f else 1.0 for f in of_half]
        rate = [f or phi.rate for f, phi in zip(of_half, phis, strict=True)]
        drive = send if voltages else self._feedback_path(net, free_r, unit)
        limits = [c * limit for c, limit in zip(unit, runaway_limits(free_v), strict=True)]

        # Row s of a buffer is the state after step s of the block; row 0 ends the block before.
        rows = 1 + min(self.block, self.steps)
        dtype = net.dtype

        def buffer(n: int, count: int = rows) -> Array:
            return aligned((count, batch, n), dtype)

        # Where phi is linear the rate *is* the voltage: one buffer serves both. Else, without
        # voltages, one row of a layer's is enough: v[l][s % len(v[l])] is that of step s.
        shared = [phi.name == "linear" for phi in phis]
        v = [buffer(net.sizes[l + 1], rows if voltages or shared[l] else 1) for l in layers]
        r = [v[l] if shared[l] else buffer(net.sizes[l + 1]) for l in layers]
        e, u = buffer(net.sizes[-1]), buffer(net.sizes[-1])
        for l in layers:
            v[l][0], r[l][0] = free_v[l] * dtype.type(unit[l]), free_r[l + 1]
        read_error(r[-1][0], e[0])
        u[0] = 0
        u_int = np.zeros_like(u[0])

        # An Euler step is v <- (1 - h) v + h (W r + beta + Q u), h = dt / tau_v. The factor h goes
        # into W and beta once, and into u, which is small, instead of into every drive each time.
        h = dtype.type(self.dt / self.tau_v)
        keep = 1 - h
        into = dtype.type(self.dt / self.tau_u * self.k_i)
        out_of = dtype.type(self.dt / self.tau_u * self.leak)
        h_l = [h * dtype.type(c) for c in unit]
        W = [np.ascontiguousarray(W_l.T) * h_l[l] for l, W_l in enumerate(net.weights)]
        # What does not change in time, as whole arrays: adding a row to each line takes longer.
        constant = [buffer(n, 1)[0] for n in net.sizes[1:]]
        for l in layers:  # the input does not move, and neither does the drive of layer 1
            constant[l][...] = (net.biases[l] if l else free_v[0]) * h_l[l]
        a = [buffer(n, 1)[0] for n in net.sizes[1:]]
        # One scratch for the drives of all layers of a width: it stays in the cache.
        scratch = {n: buffer(n, 1)[0] for n in net.sizes[1:]}
        b = [scratch[n] for n in net.sizes[1:]]
        inputs = np.broadcast_to(free_r[0], (rows, *free_r[0].shape))
        sway = self.noise * np.sqrt(1 - (1 - h) ** 2)  # makes the stationary deviation ``noise``

        done, steady, tail = 0, False, e[:1].copy()
        while done < self.steps and not steady:
            s = 0
            with np.errstate(all="ignore"):  # divergence is reported below
                while s < min(rows - 1, self.steps - done) and not steady:
                    u_int += into * e[s]
                    u_int -= out_of * u[s]
                    np.multiply(e[s], self.k_p, out=u[s + 1])
                    u[s + 1] += u_int
                    drive(u[s + 1] * h, a, [r_l[s] for r_l in r])
                    moved = 0.0
                    for l in layers:
                        old, new = v[l][s % len(v[l])], v[l][(s + 1) % len(v[l])]
                        if self.steady is not None:
                            before = old.copy()
                        np.multiply(old, keep, out=new)
                        new += a[l]
                        new += constant[l]
                        if l > 0:
                            new += np.matmul(r[l - 1][s + 1], W[l], out=b[l])
                        if sway:
                            new += unit[l] * sway * self.rng.standard_normal(new.shape, dtype)
                        if not shared[l]:
                            rate[l](new, out=r[l][s + 1])
                        if self.steady is not None:
                            moved = max(moved, float(np.abs(new - before).max()) / unit[l])
                    read_error(r[-1][s + 1], e[s + 1])
                    s += 1
                    steady = self.steady is not None and moved <= self.steady * h
            seen = slice(0, s + 1)
            rates = [inputs[seen], *(r_l[seen] for r_l in r)]
            latest = [v_l[seen] if voltages else v_l[s % len(v_l)][None] for v_l in v]
            check_runaway("Deep Feedback Control", latest, done + s, limits, ADVICE)
            tail = np.concatenate([tail, e[1 : s + 1]])[-3:]
            yield Block(
                time=np.arange(done, done + s + 1) * self.dt,
                rates=rates,
                voltages=latest if voltages else not_kept(net.depth),
                basal=basal_drives(net, rates, free_v[0]),
                apical=apical_drives(net, send, u[seen], rates),
                error=e[seen],
                activations=phis,
                steady=steady,
            )
            done += s
            for series in (*(v if voltages else ()), *r, e, u):
                series[0] = series[s]
        if not self.noise:
            _check_oscillation(tail, target, net.depth, done)

    # ------------------------------------------------------------------ feedback

    def _feedback_path(
        self, net: Network, free_rates: list[Array], unit: Sequence[float] | None = None
    ) -> Send:
        """The function that writes a_l = Q_l u into ``out[l]`` for u (..., B, n_L), where the
        rates of layers 1..L are r. unit: of the a_l, where it is not 1."""
        unit = [1.0] * net.depth if unit is None else unit
        if self.feedback in ("jacobian", "dynamic"):
            phis, frozen = net.activations, self.feedback == "jacobian"
            steps = [here / above for here, above in zip(unit, [*unit[1:], 1.0], strict=True)]

            def slopes_at(r: list[Array]) -> list[Array]:
                D = [phi.slope(r_l) for phi, r_l in zip(phis, r, strict=True)]
                for D_l, step in zip(D, steps, strict=True):
                    if step != 1:
                        D_l *= step
                return D

            slopes = slopes_at(free_rates[1:])

            def down(u: Array, out: list[Array], r: list[Array]) -> None:
                # J_l^T u without ever forming J: u travels down the chain, as in backprop.
                D = slopes if frozen else slopes_at(r)
                np.multiply(u, D[-1], out=out[-1])
                for l in range(net.depth - 1, 0, -1):
                    np.matmul(out[l], net.weights[l], out=out[l - 1])
                    out[l - 1] *= D[l - 1]

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

        Q_T = [
            np.ascontiguousarray(Q_l.T) * Q_l.dtype.type(c) for Q_l, c in zip(Q, unit, strict=True)
        ]

        def direct(u: Array, out: list[Array], r: list[Array]) -> None:
            for Q_l_T, a_l in zip(Q_T, out, strict=True):
                np.matmul(u, Q_l_T, out=a_l)

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
        x = check_batch("x", x, net.sizes[0], net.dtype)
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

ADVICE = "Lower k_p or dt, or scale the weights or the feedback down."


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
            "Deep Feedback Control (the error flips sign at every step)", depth, done, ADVICE
        )
