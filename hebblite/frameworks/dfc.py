"""Deep Feedback Control (Meulemans et al. 2021, 2022): a controller moves every layer until the
output is right.

    e   = target - prediction                          (minus the loss gradient at r_L)
    u   = k_p e + u_int,     tau_u du_int/dt = k_i e - leak u
    a_l = Q_l u                                        (apical drive)
    tau_v dv_l/dt = -v_l + W_l r_{l-1} + beta_l + a_l,     r_l = phi(v_l)

One Euler step of length dt goes through these lines from top to bottom. Layers see the rate that
the layer below has *at the same step*, as in the code of Aceituno et al. 2023, whose settings are
the defaults. The feedback weights Q_l, above all Q_l = J_l^T: feedback.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import (
    ArgumentError,
    DivergenceError,
    check_choice,
    check_count,
    check_kind,
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
    apical_drives,
    basal_drives,
    check_runaway,
    error_reader,
    runaway_limits,
)
from .feedback import FEEDBACK, FeedbackWeights


class DeepFeedbackControl(FeedbackWeights):
    """The controller and its clock.

    feedback: one of FEEDBACK: jacobian, dynamic, transpose, random, learned.
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
        self.Q: list[Array] = []

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
        check_kind("net", net, Network)
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
        W = [np.multiply(W_l.T, h_l[l], order="C") if l else W_l.T
             for l, W_l in enumerate(net.weights)]  # fmt: skip
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
            tail = np.concatenate([tail, e[1 : s + 1]])[-9:]
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


# ---------------------------------------------------------------------- has the loop run away?

ADVICE = "Lower k_p or dt, or scale the weights or the feedback down."


def _check_oscillation(last: Array, target: Array, depth: int, done: int) -> None:
    """A saturating network cannot run away, but a loop with too much gain swings for ever. It has
    not settled if over the last steps the error (T, B, n_L) has gone much further than it has come,
    by two percent of the target a step, and as fast in their second half as in the first."""
    changes = np.diff(last, axis=0)
    if len(changes) < 4:
        return
    way = np.linalg.norm(changes, axis=(1, 2))
    half = len(way) // 2
    swings = way.sum() > 2 * np.linalg.norm(last[-1] - last[0])
    lasting = way[-half:].sum() > 0.8 * way[:half].sum()
    if swings and lasting and way.mean() > 0.02 * np.linalg.norm(target):
        flips = np.vdot(changes[-1], changes[-2]) < -0.5 * way[-1] * way[-2]
        how = "flips sign at every step" if flips else "swings and does not settle"
        raise DivergenceError(f"Deep Feedback Control (the error {how})", depth, done, ADVICE)
