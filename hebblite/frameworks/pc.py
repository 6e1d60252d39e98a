"""Supervised Predictive Coding (Rao & Ballard 1999; Whittington & Bogacz 2017): activity relaxes
until every layer is explained as well as possible by the layer below.

    eps_l = v_l - b_l,    b_l = W_l r_{l-1} + beta_l           (prediction errors)
    F     = 1/2 sum_l pi_l |eps_l|^2                          (energy; pi_l: precision)

Activity goes down the energy, tau dv_l/dt = -dF/dv_l, while the input and the output are held:

    tau dv_l/dt = -pi_l eps_l + D_l W_{l+1}^T pi_{l+1} eps_{l+1}      D_l = diag phi'(v_l)

Divided by pi_l these are the dynamics of all frameworks here, tau dv = -v + b + a, with the apical
drive a_l = D_l W_{l+1}^T (pi_{l+1} eps_{l+1}) / pi_l. At rest eps_l = a_l. Since F depends on W_l
only through eps_l,

    -dF/dW_l = pi_l eps_l r_{l-1}^T                           (theorem T7)

which is the error-based rule, layer by layer up to the factor pi_l. With pi = 1 and the output on
its target, F at rest is the least apical drive that puts it there: H* of theorem T4.

The output is *clamped* to the voltage that predicts the target: the target itself where the output
is linear, phi^-1(target) where it is like the hidden layers, and for a softmax log(target) + c,
with the c, free for each input, that costs the least energy. Or it is *nudged*: with ``nudge`` =
beta the output layer too goes down F + beta C, C being the loss; as beta -> 0, updates / beta tend
to the gradient of C.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import (
    ArgumentError,
    check_count,
    check_flag,
    check_kind,
    check_number,
    check_target,
)
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
    basal_drives,
    error_reader,
    greatest,
    march,
    rows_of,
    runaway_limits,
)

ADVICE = "Lower step, or scale the weights down."


class PredictiveCoding(Framework):
    """Inference by gradient descent on the energy, all layers at once.

    steps: of inference. step: dt / tau of the first one, at most 1. halve: whether an input halves
        its step whenever its energy has risen (as in the code of Whittington & Bogacz 2017). The
        time axis counts whole steps all the same.
    nudge: None: the output is clamped. beta > 0: it is weakly nudged.
    precision: pi_l, one number for all layers or one for each of 1..L. With large ones take a
        small step: rates of change go with pi.
    tau: seconds, of the neurons; only the time axis depends on it.
    steady: stop as soon as no voltage moves by more than ``steady`` per tau.
    block: steps per Block, or None for as many as suit the cache: speed only, never the result.

    Raises ArgumentError if a clamped output cannot predict the target: outside the range of phi,
    or a softmax target of exactly 0. DivergenceError if the voltages run away.
    """

    def __init__(
        self,
        steps: int = 50,
        step: float = 0.1,
        halve: bool = True,
        nudge: float | None = None,
        precision: float | Sequence[float] = 1.0,
        tau: float = 0.01,
        steady: float | None = None,
        block: int | None = None,
    ) -> None:
        self.steps = check_count("steps", steps)
        self.step = check_number("step", step, above=0, most=1)
        self.halve = check_flag("halve", halve)
        self.nudge = None if nudge is None else check_number("nudge", nudge, above=0)
        several = np.iterable(precision) and not isinstance(precision, str)
        values = list(precision) if several else [precision]  # type: ignore[arg-type]
        self.precision = [check_number("precision", p, above=0) for p in values]
        if not self.precision:
            raise ArgumentError("precision", "no numbers", "one, or one for each layer")
        self.tau = check_number("tau", tau, above=0)
        self.steady = None if steady is None else check_number("steady", steady, above=0)
        self.block = None if block is None else check_count("block", block)

    def separable(self, net: Network) -> bool:
        return self.steady is None

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        check_kind("net", net, Network)
        free_v, free_r = net.feedforward(x)
        batch = len(free_r[0])
        target = check_target(target, batch, net.sizes[-1], net.dtype, net.output)
        inference = _Inference(self, net, free_v, target, self._precisions(net.depth))
        rows = rows_of(net, batch, self.steps, self.block)
        tape = Tape(net, batch, rows, {"v": inference.v} if voltages else None)
        inference.begin(tape.at[0], free_r)
        inputs = np.broadcast_to(free_r[0], (rows, *free_r[0].shape))
        limits = runaway_limits(free_v)
        phase = Phase("Predictive Coding", ADVICE, self.steps, self.steady, limits)
        for done, s, steady in march(phase, inference, tape):
            seen, error = slice(0, s + 1), tape.e[: s + 1]
            if self.nudge is None:  # it drove nothing: for the readers of the stream
                np.subtract(target, net.readout(tape.r[-1][1 : s + 1]), out=error[1:])
            rates = [inputs[seen], *(r[seen] for r in tape.r)]
            kept: Sequence[Array] = not_kept(net.depth)
            if voltages:
                kept = [v[seen] for v in tape.copied["v"]]
            basal = basal_drives(net, rates, free_v[0])
            yield Block(
                time=np.arange(done, done + s + 1) * (self.step * self.tau),
                rates=rates,
                voltages=kept,
                basal=basal,
                apical=self._apical_drives(net, rates, kept, basal, error),
                error=error,
                activations=net.activations,
                steady=steady,
            )

    def check_targets(self, net: Network, target: Array) -> None:
        if self.nudge is None:
            clamped_voltage(net, target)

    def _precisions(self, layers: int) -> list[float]:
        if len(self.precision) not in (1, layers):
            raise ArgumentError(
                "precision", f"{len(self.precision)} numbers", f"one, or {layers} for this network"
            )
        return self.precision * (layers // len(self.precision))

    def _apical_drives(
        self,
        net: Network,
        rates: list[Array],
        voltages: Sequence[Array],
        basal: Lazy,
        error: Array,
    ) -> Lazy:
        """a_l = D_l W_{l+1}^T (pi_{l+1} eps_{l+1}) / pi_l, and what holds or nudges the output."""
        pi, phis, L = self._precisions(net.depth), net.activations, net.depth

        def make(l: int) -> Array:
            if l == L - 1:
                if self.nudge is None:
                    return voltages[l] - basal[l]
                return phis[l].slope(rates[l + 1]) * error * (self.nudge / pi[l])
            eps = voltages[l + 1] - basal[l + 1]
            return (eps @ net.weights[l + 1]) * phis[l].slope(rates[l + 1]) * (pi[l + 1] / pi[l])

        def end() -> Lazy:
            kept = voltages.end() if isinstance(voltages, Lazy) else [v[-1:] for v in voltages]
            last = basal_drives(net, [r[-1:] for r in rates], basal[0][-1])
            return self._apical_drives(net, [r[-1:] for r in rates], kept, last, error[-1:])

        return Lazy(L, make, end)


class _Inference(Dynamics):
    """The way of a batch down its energy: ``advance`` goes through the equations above.

    ``eps`` holds pi_l eps_l, which is what the equations ask for. Where the output is clamped, the
    error e drives nothing, and ``teach`` fills it in."""

    def __init__(
        self,
        pc: PredictiveCoding,
        net: Network,
        free_v: list[Array],
        target: Array,
        pi: list[float],
    ) -> None:
        batch, real = len(target), net.dtype.type
        self.pc, self.net, self.phis, self.target = pc, net, net.activations, target
        self.read_error = error_reader(net, target)
        self.clamp = None if pc.nudge is not None else clamped_voltage(net, target)
        self.beta = real(pc.nudge or 0.0)
        self.pi, self.weighted = pi, [(l, real(p)) for l, p in enumerate(pi) if p != 1]
        self.W_T = [np.ascontiguousarray(W.T) for W in net.weights[1:]]
        self.v, self.eps, self.constant, self.change, self.scratch = (
            Layers(net, batch) for _ in range(5)
        )
        for l, beta in enumerate(net.biases):
            self.v[l][...] = free_v[l]
            self.constant[l][...] = beta if l else free_v[0]  # (the input does not move)
        self.eps.all[...] = 0  # the feedforward pass explains everything
        moving = self.v, self.eps, self.change
        if self.clamp is not None:  # the first step shows the jump of the output onto its target
            free = free_v[-1]
            np.subtract(on_clamp(net, self.clamp, free), free, out=self.eps[-1])
            self.eps[-1] *= real(pi[-1])
            # What goes down: a clamped output does not.
            self.going, self.layers = [x.hidden for x in moving], self.change[:-1]
        else:
            self.going, self.layers = [x.all for x in moving], self.change[:]
        self.steps_made, self.energy = 0, np.zeros(batch, net.dtype)
        if pc.halve:
            # An error is as wrong as the voltages are rounded, and F by that times sqrt(2 F).
            size = sum(np.linalg.norm(v, axis=1) for v in free_v) * np.sqrt(max(pi))
            self.rounding = 4 * np.finfo(net.dtype).eps * np.asarray(size)
        # dt / tau: a number, which is faster, until an input halves its own.
        self.step: Any = real(pc.step)

    def begin(self, now: Moment, free_r: list[Array]) -> None:
        super().begin(now, free_r)
        if self.beta:
            self.energy = self.beta * self.net.losses(now.r[-1], self.target)

    def advance(self, now: Moment, new: Moment) -> float:
        moved = self._descend(now)
        self._explain(new)
        if self.pc.halve:
            self._halve(new)
        self.steps_made += 1
        return moved

    def _descend(self, now: Moment) -> float:
        """tau dv_l/dt = -pi_l eps_l + D_l W_{l+1}^T pi_{l+1} eps_{l+1}, all layers at once."""
        (v, eps, change), slope, W = self.going, self.scratch, self.net.weights
        for l, change_l in enumerate(self.layers):
            if l < len(W) - 1:
                np.matmul(self.eps[l + 1], W[l + 1], out=change_l)
            else:  # at a nudged output, D_L beta e
                np.multiply(now.e, self.beta, out=change_l)
            if self.phis[l].name != "linear":
                change_l *= self.phis[l].slope(now.r[l], out=slope[l])
        change -= eps
        moved = float("inf")  # (the first step, onto the clamp, is no way to rest)
        if self.pc.steady is not None and self.steps_made:
            moved = greatest(change) if len(change) else 0.0
        if np.ndim(self.step):
            for change_l in self.layers:
                change_l *= self.step
        else:
            change *= self.step
        v += change
        return moved

    def _explain(self, new: Moment) -> None:
        """r_l = phi(v_l),   b_l = W_l r_{l-1} + beta_l,   eps_l = v_l - b_l."""
        v, r, eps, b, top = self.v, new.r, self.eps, self.scratch, len(self.phis) - 1
        for l in range(top):
            self.phis[l].rate(v[l], out=r[l])
        for l in range(1, top + 1):
            np.matmul(r[l - 1], self.W_T[l - 1], out=b[l])
        if self.clamp is not None:
            predicted = self.constant[top] + b[top] if top else self.constant[0]
            v[top][...] = on_clamp(self.net, self.clamp, predicted)
        self.phis[top].rate(v[top], out=r[top])
        np.subtract(v.all, self.constant.all, out=eps.all)
        for l in range(1, top + 1):
            eps[l] -= b[l]
        for l, pi_l in self.weighted:
            eps[l] *= pi_l
        if self.clamp is None:
            self.read_error(r[top], new.e)

    def _halve(self, new: Moment) -> None:
        """Halve the step of each input whose energy has risen."""
        before, self.energy = self.energy, energy_of(self.eps, [1 / p for p in self.pi])
        if self.beta:
            self.energy += self.beta * self.net.losses(new.r[-1], self.target)
        rose = self.energy - before > 1e-6 * before + self.rounding * np.sqrt(before)
        if (self.beta or self.steps_made) and rose.any():  # (the first step puts it on its clamp)
            if not np.ndim(self.step):
                self.step = np.full((len(rose), 1), self.step)
            self.step[rose] *= 0.5


def energy_of(eps: Sequence[Array], pi: Sequence[float]) -> Array:
    """F = 1/2 sum_l pi_l |eps_l|^2 for each input, from eps_1..eps_L, each (..., n_l)."""
    total = np.zeros(eps[0].shape[:-1], eps[0].dtype)
    for e, p in zip(eps, pi, strict=True):
        total += p / 2 * np.matmul(e[..., None, :], e[..., :, None])[..., 0, 0]  # e^T e, row by row
    return total


def clamped_voltage(net: Network, target: Array) -> Array:
    """The output voltage (B, n_L) whose prediction is the target; for a softmax up to a constant.

    ArgumentError if there is none."""
    if net.output == "softmax":
        if not (target > 0).all():
            raise ArgumentError(
                "target",
                f"{target.min():g}",
                "probabilities > 0, which a softmax can reach: soften the labels (confidence < 1), "
                "or nudge the output instead of clamping it",
            )
        return np.log(target)
    phi = net.activations[-1]
    above = target >= phi.low if phi.name == "relu" else target > phi.low
    if not (above & (target < phi.high)).all():
        raise ArgumentError(
            "target",
            f"values from {target.min():g} to {target.max():g}",
            f"values that {phi.name} can reach, between {phi.low:g} and {phi.high:g}: scale the "
            "targets, or nudge the output instead of clamping it",
        )
    return phi.inverse(target)


def on_clamp(net: Network, clamp: Array, b: Array) -> Array:
    """Where the output is held when its basal drive is b (B, n_L)."""
    if net.output == "softmax":  # log(target) + c, with the c that is nearest to b
        c = (b - clamp) @ np.full((b.shape[-1], 1), 1 / b.shape[-1], b.dtype)  # the mean
        return clamp + c
    return clamp
