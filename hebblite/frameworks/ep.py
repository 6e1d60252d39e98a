"""Equilibrium Propagation (Scellier & Bengio 2017): a symmetric network relaxes twice, freely and
with its output nudged, and each synapse compares the two states of rest.

    E = sum_l (1/2 |v_l|^2 - r_l^T (W_l r_{l-1} + beta_l)),    r_l = rho(v_l)      (energy)

Activity goes down E + beta C, where C is the loss and beta the nudge: tau dv_l/dt = -d(E + beta
C)/dv_l, or

    tau dv_l/dt = D_l (W_{l+1}^T r_{l+1} + beta_l + W_l r_{l-1}) - v_l,    D_l = diag rho'(v_l)

and the output layer also feels beta D_L e, with e = target - prediction = -dC/dr_L. At rest at the
nudge beta, let F(beta) be the value of E + beta C. Because the state of rest is a minimum, F
depends on a parameter only through E + beta C itself: dF/dbeta = C and dF/dW_l = -r_l r_{l-1}^T.
The two derivatives can be exchanged, so the gradient of the loss of the free state is

    -dC/dW_l = d/dbeta (r_l r_{l-1}^T)   at beta = 0           (theorem T6)

which the contrast of two states of rest, divided by the distance of their nudges, approximates:
from 0 to beta with an error O(beta), from -beta to +beta with O(beta^2) (Laborieux et al. 2021).

The stream runs from the state of rest with the lower nudge to that with the higher one. Its row 0
is thus the free state when beta is switched on ("one-sided"), but with "random" signs a negative
nudge may be switched *off* instead, and "centred" goes from -beta to +beta. Contrastive updates
divided by ``span`` estimate the gradient. Top-down input is at work in the free state as well, so
rules that read soma minus basal drive are not defined here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import check_choice, check_count, check_kind, check_number, check_seed, check_target
from ..network import Network
from ..stream import Block, Lazy, not_kept
from .base import (
    Array,
    Dynamics,
    Framework,
    Layers,
    Moment,
    Phase,
    Tape,
    error_reader,
    greatest,
    march,
    rows_of,
    run,
    runaway_limits,
    unit_and_rates,
)
from .oscillation import Ends, warn_of_swings

NUDGES = ("one-sided", "centred", "random")
STARTS = ("rest", "feedforward", "last")
ADVICE = "Lower step, or scale the weights down: the energy must have a minimum (bounded rates do)."
TO_SETTLE = "Lower step and take more of them, or scale the weights down."


class EquilibriumPropagation(Framework):
    """The layered network with free and nudged phases.

    nudge: beta > 0. kind: one of NUDGES: where the nudged phase leads from and to; random: its
        sign is drawn anew for each batch.
    free_steps, nudged_steps: Euler steps of each relaxation. step: dt / tau, at most 1.
    start: where the free phase starts: rest (all voltages 0), the feedforward pass, or (last) where
        it ended when this input was last seen: the persistent particles of Scellier & Bengio 2017.
    steady: end a phase as soon as no voltage moves by more than ``steady`` per tau.
    tau: seconds, of the neurons; only the time axis depends on it.
    seed: of the random signs. block: steps per Block, or None for as many as
        suit the cache: speed only, never the result.

    DivergenceError if the voltages run away: with unbounded rates the energy may have no minimum.
    Activity goes down the energy for short steps only. Where weights are large, a step of 0.5 goes
    beyond the minimum, back, and so on for ever. That a layer does so at the end of the stream is a
    RuntimeWarning; ``swinging``, set by each stream, is on how many inputs.
    """

    def __init__(
        self,
        nudge: float = 0.5,
        kind: str = "one-sided",
        free_steps: int = 30,
        nudged_steps: int = 10,
        step: float = 0.5,
        start: str = "feedforward",
        steady: float | None = None,
        tau: float = 0.01,
        seed: int = 0,
        block: int | None = None,
    ) -> None:
        self.nudge = check_number("nudge", nudge, above=0)
        self.kind = check_choice("kind", kind, NUDGES)
        self.free_steps = check_count("free_steps", free_steps)
        self.nudged_steps = check_count("nudged_steps", nudged_steps)
        self.step = check_number("step", step, above=0, most=1)
        self.start = check_choice("start", start, STARTS)
        self.steady = None if steady is None else check_number("steady", steady, above=0)
        self.tau = check_number("tau", tau, above=0)
        self.seed = check_seed("seed", seed)
        self.block = None if block is None else check_count("block", block)
        self.swinging = 0
        self.rng = np.random.default_rng(self.seed)
        self._seen: dict[bytes, int] = {}  # input -> its row in _particles, for start="last"
        self._particles = np.zeros((0, 0))

    @property
    def span(self) -> float:
        """How far the nudges at the two ends of the stream lie apart."""
        return self.nudge * (2 if self.kind == "centred" else 1)

    def weights_down(self, net: Network) -> list[Array]:
        """What takes activity from layer l + 1 down to layer l, shaped as W_{l+1}: those very
        weights. A subclass may give others; then nothing goes down E any more."""
        return net.weights[1:]

    def separable(self, net: Network) -> bool:
        return self.steady is None and self.kind != "random" and self.start != "last"

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        check_kind("net", net, Network)
        free_v, free_r = net.feedforward(x)
        target = check_target(target, len(free_r[0]), net.sizes[-1], net.dtype, net.output)
        low, high = {"one-sided": (0.0, self.nudge), "centred": (-self.nudge, self.nudge)}.get(
            self.kind, (-self.nudge, 0.0)
        )
        if self.kind == "random" and self.rng.integers(2):
            low, high = 0.0, self.nudge

        relax = _Relaxation(self, net, free_v, target, voltages)
        rows = rows_of(net, len(target), self.nudged_steps, self.block)
        tape = Tape(net, len(target), rows, {"v": relax.v} if voltages else None)
        now = tape.at[0]
        keys = self._begin(relax, now, net, free_v, free_r[0])
        run(relax.phase(self.free_steps), relax, now)
        if self.start == "last":
            rows_of_v = [self._seen[key] for key in keys]
            self._particles[rows_of_v] = np.concatenate(relax.v, axis=1) / relax.unit
        if low != 0:
            relax.nudge(low, now)
            run(relax.phase(self.nudged_steps), relax, now)
        relax.nudge(high, now)
        relax.watched = True
        yield from self._stream(relax, tape, free_r[0], self.nudged_steps, voltages)

    def relax(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        """The free phase as a stream, for those who want to watch it: ``teach`` shows the nudged
        one. The target moves nothing here; the errors are read against it. An input that has a last
        state (start="last") begins at the feedforward pass as if it had never been seen."""
        check_kind("net", net, Network)
        free_v, free_r = net.feedforward(x)
        target = check_target(target, len(free_r[0]), net.sizes[-1], net.dtype, net.output)
        relax = _Relaxation(self, net, free_v, target, voltages)
        rows = rows_of(net, len(target), self.free_steps, self.block)
        tape = Tape(net, len(target), rows, {"v": relax.v} if voltages else None)
        now = tape.at[0]
        relax.put([np.zeros_like(v) for v in free_v] if self.start == "rest" else free_v, now)
        relax.watched = True
        yield from self._stream(relax, tape, free_r[0], self.free_steps, voltages)

    def _stream(
        self, relax: _Relaxation, tape: Tape, x: Array, steps: int, voltages: bool
    ) -> Iterator[Block]:
        """Relax, and show every step."""
        net = relax.net
        ends = Ends(tape.r)
        for done, s, steady in march(relax.phase(steps), relax, tape):
            seen = slice(0, s + 1)
            ends.see(tape.r, s)
            rates = [np.broadcast_to(x, (s + 1, *x.shape)), *(r[seen] for r in tape.r)]
            yield Block(
                time=np.arange(done, done + s + 1) * (self.step * self.tau),
                rates=rates,
                voltages=[v[seen] for v in tape.copied["v"]] if voltages else not_kept(net.depth),
                basal=relax.basal_drives(rates),
                apical=relax.apical_drives(rates, tape.e[seen]),
                error=tape.e[seen],
                activations=net.activations,
                steady=steady,
                apical_when_free=True,
            )
        self.swinging = ends.swinging()
        if self.swinging:
            warn_of_swings("Equilibrium Propagation", TO_SETTLE)

    def predict(self, net: Network, x: Any) -> Array:
        """Predictions (B, n_L) of the free state, which is not the feedforward pass here."""
        check_kind("net", net, Network)
        free_v, free_r = net.feedforward(x)
        relax = _Relaxation(self, net, free_v, np.zeros_like(free_v[-1]), False)
        now = Tape(net, len(free_r[0]), 1).at[0]
        relax.put([np.zeros_like(v) for v in free_v] if self.start == "rest" else free_v, now)
        run(relax.phase(self.free_steps), relax, now)
        return net.readout(now.r[-1].copy())

    # ------------------------------------------------------------------ where the free phase starts

    def _begin(
        self, relax: _Relaxation, now: Moment, net: Network, free_v: list[Array], x: Array
    ) -> list[bytes]:
        start = [np.zeros_like(v) if self.start == "rest" else v.copy() for v in free_v]
        keys: list[bytes] = []
        if self.start == "last":
            keys = [hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in x]
            self._recall(net, keys, start)
        relax.put(start, now)
        return keys

    def _recall(self, net: Network, keys: list[bytes], v: list[Array]) -> None:
        """Put what is known of these inputs into v, and make room for the others."""
        width = sum(net.sizes[1:])
        if self._particles.shape[1] != width or self._particles.dtype != net.dtype:
            self._seen, self._particles = {}, np.zeros((0, width), net.dtype)
        known = [i for i, key in enumerate(keys) if key in self._seen]
        last = self._particles[[self._seen[keys[i]] for i in known]]
        for v_l, part in zip(v, np.split(last, np.cumsum(net.sizes[1:-1]), 1), strict=True):
            v_l[known] = part
        for key in keys:
            self._seen.setdefault(key, len(self._seen))
        missing = len(self._seen) - len(self._particles)
        if missing > 0:  # grow by halves, so that growing costs little in all
            room = max(missing, len(self._particles) // 2)
            self._particles = np.concatenate([self._particles, np.zeros((room, width), net.dtype)])

    # ------------------------------------------------------------------ checkpoints

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        meta = {"rng": self.rng.bit_generator.state, "seen": [k.hex() for k in self._seen]}
        return meta, {"particles": self._particles[: len(self._seen)]}

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        self.rng.bit_generator.state = meta["rng"]
        self._seen = {bytes.fromhex(key): i for i, key in enumerate(meta["seen"])}
        self._particles = arrays["particles"]


class _Relaxation(Dynamics):
    """The way of a batch down its energy, E + beta C: ``advance`` is the equation above.

    The Euler factor h = dt / tau is contained in the weights, the biases and beta. Voltages that
    nobody reads are in the ``unit`` in which their rates take the fewest passes."""

    def __init__(
        self,
        ep: EquilibriumPropagation,
        net: Network,
        free_v: list[Array],
        target: Array,
        voltages: bool,
    ) -> None:
        self.ep, self.net, self.phis, self.beta = ep, net, net.activations, 0.0
        self.watched = False  # else nobody asks for the error of a phase without a nudge
        self.unit, self.rates = unit_and_rates(net, voltages)
        self.read_error = error_reader(net, target)
        self.limits = [self.unit * limit for limit in runaway_limits(free_v)]
        self.drive_1 = free_v[0]  # the input does not move
        real = net.dtype.type
        self.keep, self.h = 1 - real(ep.step), real(self.unit * ep.step)
        h = self.h
        self.W_up = [np.multiply(W.T, h, order="C") for W in net.weights[1:]]
        self.down = ep.weights_down(net)
        self.W_down = [W * h for W in self.down]
        self.v, self.constant, self.change, self.scratch = (
            Layers(net, len(target)) for _ in range(4)
        )
        for l, beta in enumerate(net.biases):
            self.constant[l][...] = (beta if l else free_v[0]) * h

    def phase(self, steps: int) -> Phase:
        advice = f"This was the {'nudged' if self.beta else 'free'} phase. {ADVICE}"
        return Phase("Equilibrium Propagation", advice, steps, self.ep.steady, self.limits)

    def put(self, v: list[Array], now: Moment) -> None:
        """Set the state, without a nudge."""
        for l, rate in enumerate(self.rates):
            np.multiply(v[l], self.v[l].dtype.type(self.unit), out=self.v[l])
            rate(self.v[l], out=now.r[l])
        self.nudge(0.0, now)

    def nudge(self, beta: float, now: Moment) -> None:
        """Nudge the output with beta from now on."""
        self.beta = beta
        with np.errstate(all="ignore"):  # the softmax may have to shift
            self.read_error(now.r[-1], now.e)

    def advance(self, now: Moment, new: Moment) -> float:
        """One Euler step down E + beta C of all layers at once."""
        v, change, scratch, top = self.v, self.change, self.scratch, len(self.phis) - 1
        for l in range(top):  # tau dv_l/dt = D_l (W_{l+1}^T r_{l+1} ...
            np.matmul(now.r[l + 1], self.W_down[l], out=change[l])
        np.multiply(now.e, self.beta * self.h, out=change[top])  # (at the output beta e)
        change.all += self.constant.all  # ... + beta_l ... (and W_1 r_0, as the input is still)
        for l in range(1, top + 1):  # ... + W_l r_{l-1}) ...
            change[l] += np.matmul(now.r[l - 1], self.W_up[l - 1], out=scratch[l])
        for l, phi in enumerate(self.phis):
            if phi.name != "linear":
                change[l] *= phi.slope(now.r[l], out=scratch[l])
        before = None if self.ep.steady is None else v.all.copy()
        v.all *= self.keep  # ... - v_l
        v.all += change.all
        for l, rate in enumerate(self.rates):  # r_l = rho(v_l)
            rate(v[l], out=new.r[l])
        if self.beta or self.watched:
            self.read_error(new.r[-1], new.e)  # e = target - prediction
        return 0.0 if before is None else greatest(v.all - before) / self.h

    def basal_drives(self, rates: list[Array]) -> Lazy:
        """D_l (W_l r_{l-1} + beta_l)."""
        net, phis = self.net, self.phis

        def make(l: int) -> Array:
            drive = self.drive_1 if l == 0 else rates[l] @ net.weights[l].T + net.biases[l]
            return phis[l].slope(rates[l + 1]) * drive

        return Lazy(len(phis), make)

    def apical_drives(self, rates: list[Array], error: Array) -> Lazy:
        """D_l W_{l+1}^T r_{l+1}, and at the output D_L beta e."""
        phis, beta = self.phis, self.beta

        def make(l: int) -> Array:
            drive = error * beta if l == len(phis) - 1 else rates[l + 2] @ self.down[l]
            return np.asarray(phis[l].slope(rates[l + 1]) * drive)

        return Lazy(len(phis), make)


def energy(net: Network, rates: list[Array], voltages: list[Array]) -> Array:
    """E for each input, from rates r_0..r_L and voltages v_1..v_L, each (..., n_l)."""
    total = np.zeros(voltages[0].shape[:-1])
    for W, beta, v, post, pre in zip(
        net.weights, net.biases, voltages, rates[1:], rates[:-1], strict=True
    ):
        total += np.einsum("...i,...i->...", v, v) / 2
        total -= np.einsum("...i,...i->...", post, pre @ W.T + beta)
    return total
