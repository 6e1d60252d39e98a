"""Deep Feedback Control (Meulemans et al. 2021, 2022): a controller moves every layer until the
output is right.

    tau_u du_int/dt = k_i e - leak u                   (integrator)
    u   = k_p e + u_int                                (control signal)
    a_l = Q_l u                                        (apical drive)
    tau_v dv_l/dt = -v_l + a_l + beta_l + W_l r_{l-1},     r_l = phi(v_l)
    e   = target - prediction                          (minus the loss gradient at r_L)

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
    check_choice,
    check_count,
    check_kind,
    check_number,
    check_seed,
    check_target,
)
from ..network import Network
from ..stream import Block, not_kept
from .adaptive import adaptive_states
from .base import (
    Array,
    Dynamics,
    Layers,
    Moment,
    Phase,
    Tape,
    apical_drives,
    basal_drives,
    error_reader,
    greatest,
    march,
    rows_of,
    runaway_limits,
    unit_and_rates,
)
from .feedback import FEEDBACK, FeedbackWeights
from .oscillation import TAIL, check_oscillation

ADVICE = "Lower k_p or dt, or scale the weights or the feedback down."


class DeepFeedbackControl(FeedbackWeights):
    """The controller and its clock.

    feedback: one of FEEDBACK: jacobian, dynamic, gauss-newton, transpose, random, learned.
    k_p, k_i: proportional and integral gain (no unit). leak: alpha of the integrator.
    dt, tau_v, tau_u: seconds: the Euler step, the time constant of the neurons, of the integrator.
    steps: Euler steps of a teaching phase. steady: if given, stop as soon as no voltage of the
        batch moves by more than ``steady`` per tau_v, after ``steps`` at the latest. (The neurons
        are at rest then; a slow integrator may still move.)
    noise: standard deviation of Gaussian noise on the stationary voltage of a free neuron.
    seed: of the noise, of random feedback and of learning it.
    block: steps per Block, or None for as many as suit the cache: speed only, never the result.
    adaptive: if given, take steps as long as this relative tolerance allows (0.003 is a good one)
        over the same ``steps * dt`` seconds; ``steps_taken``, ``error_estimate`` (the estimated
        relative error of an update) and ``swinging`` (how many inputs' errors swing and do not
        settle) tell afterwards how it went.

    Raises ArgumentError for values it cannot use, among them dt > tau_v: an Euler step that long
    overshoots even without feedback. DivergenceError if the loop runs away. OscillationError, at
    the end of the stream, if it swings and does not settle: with adaptive steps a RuntimeWarning,
    with noise not looked for.
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
        block: int | None = None,
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
        self.block = None if block is None else check_count("block", block)
        self.adaptive = None
        if adaptive is not None:
            self.adaptive = check_number("adaptive", adaptive, above=0, most=0.1)
            if self.noise or self.steady is not None or feedback == "dynamic":
                # Long steps foretell the control signal, but not noise or slopes that change.
                got = f"{adaptive} with noise, steady or dynamic feedback"
                raise ArgumentError("adaptive", got, "a tolerance, without any of these")
        #: Of the last stream with ``adaptive``: see hebblite/frameworks/adaptive.py.
        self.error_estimate, self.steps_taken, self.swinging = float("nan"), 0, 0
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
        batch = len(free_r[0])
        target = check_target(target, batch, net.sizes[-1], net.dtype, net.output)
        if self.adaptive is not None:
            send = self._feedback_path(net, free_r, 0)
            yield from adaptive_states(self, net, free_v, free_r, target, send, voltages)
            return
        loop = _Loop(self, net, free_v, free_r, target, voltages)
        rows = rows_of(net, batch, self.steps, self.block)
        tape = Tape(net, batch, rows, {"v": loop.v} if voltages else None)
        loop.begin(tape.at[0], free_r)
        inputs = np.broadcast_to(free_r[0], (rows, *free_r[0].shape))
        limits = [loop.unit * limit for limit in runaway_limits(free_v)]
        phase = Phase("Deep Feedback Control", ADVICE, self.steps, self.steady, limits)
        first = tail = tape.e[:1].copy()
        for done, s, steady in march(phase, loop, tape):
            seen = slice(0, s + 1)
            rates = [inputs[seen], *(r[seen] for r in tape.r)]
            tail = np.concatenate([tail, tape.e[1 : s + 1]])[-TAIL:]
            yield Block(
                time=np.arange(done, done + s + 1) * self.dt,
                rates=rates,
                voltages=[v[seen] for v in tape.copied["v"]] if voltages else not_kept(net.depth),
                basal=basal_drives(net, rates, free_v[0]),
                apical=apical_drives(net, loop.send, tape.u[seen], rates),
                error=tape.e[seen],
                activations=net.activations,
                steady=steady,
            )
        if not self.noise:
            size = greatest(tape.r[-1][s])
            check_oscillation(phase.what, tail, first[0], net.depth, done + s, ADVICE, size)


class _Loop(Dynamics):
    """Controller and network for one batch: ``advance`` goes through the equations above.

    One Euler factor h = dt / tau_v is contained in W, in beta, and in the small u that drives.
    Voltages that nobody reads, and their drives, are in the ``unit`` in which their rates take the
    fewest passes."""

    def __init__(
        self,
        control: DeepFeedbackControl,
        net: Network,
        free_v: list[Array],
        free_r: list[Array],
        target: Array,
        voltages: bool,
    ) -> None:
        self.control, self.read_error = control, error_reader(net, target)
        self.send = control._feedback_path(net, free_r, control.steps)
        self.unit, self.rates = unit_and_rates(net, voltages)
        real = net.dtype.type
        self.keep = 1 - real(control.dt / control.tau_v)
        self.h = h = real(self.unit * control.dt / control.tau_v)
        # Of the integrator, in one step: what it gains per e, and what leaks per u.
        self.gained = real(control.dt / control.tau_u * control.k_i)
        self.leaked = real(control.dt / control.tau_u * control.leak)
        self.W_T = [np.multiply(W.T, h, order="C") for W in net.weights[1:]]
        self.v, self.a, self.constant = (Layers(net, len(target)) for _ in range(3))
        # What does not change in time, as a whole array: adding a row to each line takes longer.
        for l, beta in enumerate(net.biases):  # (the input does not move, nor does its drive)
            self.constant[l][...] = (beta if l else free_v[0]) * h
            np.multiply(free_v[l], real(self.unit), out=self.v[l])
        self.u_int = np.zeros_like(target)
        # Noise of a step, such that its deviation is ``noise`` at rest.
        self.jitter = self.unit * control.noise * np.sqrt(1 - self.keep**2)

    def begin(self, now: Moment, free_r: list[Array]) -> None:
        super().begin(now, free_r)
        now.u[...] = 0

    def advance(self, now: Moment, new: Moment) -> float:
        v, a, r = self.v, self.a, new.r
        self.u_int += self.gained * now.e  # tau_u du_int/dt = k_i e - leak u
        self.u_int -= self.leaked * now.u
        np.multiply(now.e, self.control.k_p, out=new.u)  # u = k_p e + u_int
        new.u += self.u_int
        self.send(new.u * self.h, a, now.r)  # a_l = Q_l u
        before = None if self.control.steady is None else v.all.copy()
        v.all *= self.keep  # tau_v dv_l/dt = -v_l + a_l + beta_l ...
        v.all += a.all
        v.all += self.constant.all
        for l, rate in enumerate(self.rates):
            if l > 0:  # ... + W_l r_{l-1}, in the memory of a_l, which is done with
                v[l] += np.matmul(r[l - 1], self.W_T[l - 1], out=a[l])
            if self.jitter:
                v[l] += self.jitter * self.control.rng.standard_normal(v[l].shape, v[l].dtype)
            rate(v[l], out=r[l])  # r_l = phi(v_l)
        self.read_error(r[-1], new.e)  # e = target - prediction
        return 0.0 if before is None else greatest(v.all - before) / self.h
