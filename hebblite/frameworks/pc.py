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
from ..memory import aligned
from ..network import Network
from ..stream import Block, Lazy, not_kept
from .base import (
    Array,
    Framework,
    basal_drives,
    check_runaway,
    error_reader,
    runaway_limits,
)

ADVICE = "Lower step, or scale the weights down."


class PredictiveCoding(Framework):
    """Inference by gradient descent on the energy, all layers at once.

    steps: of inference. step: dt / tau of the first one, at most 1. halve: whether an input halves
        its step whenever its energy has risen (as in the code of Whittington & Bogacz 2017).
    nudge: None: the output is clamped. beta > 0: it is weakly nudged.
    precision: pi_l, one number for all layers or one for each of 1..L. With large ones take a
        small step: rates of change go with pi.
    tau: seconds, of the neurons; only the time axis depends on it.
    steady: stop as soon as no voltage moves by more than ``steady`` per tau.
    block: steps per Block: speed only, never the result.

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
        block: int = 8,
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
        self.block = check_count("block", block)

    def separable(self, net: Network) -> bool:
        return self.steady is None

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        check_kind("net", net, Network)
        free_v, free_r = net.feedforward(x)
        batch, L, phis, W = len(free_r[0]), net.depth, net.activations, net.weights
        target = check_target(target, batch, net.sizes[-1], net.dtype)
        pi = self._precisions(L)
        beta = self.nudge or 0.0
        clamp = None if self.nudge is not None else clamped_voltage(net, target)
        W_T = [W[0].T, *(np.ascontiguousarray(W_l.T) for W_l in W[1:])]
        # As whole arrays: adding a row to each line takes longer.
        bias = [np.repeat(bias[None], batch, axis=0) for bias in net.biases]
        read_error = error_reader(net, target)
        limits = runaway_limits(free_v)

        rows, dtype = 1 + min(self.block, self.steps), net.dtype

        def buffer(n: int, count: int) -> Array:
            return aligned((count, batch, n), dtype)

        # Without voltages one row of each layer's is enough: v[l][s % len(v[l])] is that of step s.
        v = [buffer(n, rows if voltages else 1) for n in net.sizes[1:]]
        shared = [voltages and phi.name == "linear" for phi in phis]
        r = [v[l] if shared[l] else buffer(net.sizes[l + 1], rows) for l in range(L)]
        e = buffer(net.sizes[-1], rows)
        for l in range(L):
            v[l][0], r[l][0] = free_v[l], free_r[l + 1]
        read_error(r[-1][0], e[0])
        eps, b, down, slope = ([buffer(n, 1)[0] for n in net.sizes[1:]] for _ in range(4))
        for l in range(L):  # (down is -dF/dv_l)
            eps[l][...] = 0  # the feedforward pass explains everything
            b[l][...] = free_v[l]  # b[0] stays: the input does not move
        h = np.full((batch, 1), self.step, dtype)
        step: Any = dtype.type(
            self.step
        )  # a number as long as all inputs share it, which is faster
        energy = np.zeros(batch, dtype)
        inputs = np.broadcast_to(free_r[0], (rows, *free_r[0].shape))

        if clamp is not None:  # the first step shows the jump of the output onto its target
            np.subtract(on_clamp(net, clamp, b[-1]), b[-1], out=eps[-1])

        done, steady = 0, False
        while done < self.steps and not steady:
            s = 0
            with np.errstate(all="ignore"):  # divergence is reported below
                while s < min(rows - 1, self.steps - done) and not steady:
                    moved = 0.0
                    # All layers move at once, so every slope and error is that of step s.
                    for l in range(L):
                        if l == L - 1 and clamp is not None:
                            break
                        if l < L - 1:
                            np.matmul(eps[l + 1], W[l + 1], out=down[l])
                            if pi[l + 1] != 1:
                                down[l] *= pi[l + 1]
                        else:
                            np.multiply(e[s], beta, out=down[l])
                        down[l] *= phis[l].slope(r[l][s], out=slope[l])
                        if pi[l] != 1:
                            eps[l] *= pi[l]
                        down[l] -= eps[l]
                    for l in range(L):
                        old, new = v[l][s % len(v[l])], v[l][(s + 1) % len(v[l])]
                        if l == L - 1 and clamp is not None:
                            # The prediction of step s + 1 is known by now: b[-1] is set below it.
                            new[...] = on_clamp(net, clamp, b[-1])
                        else:
                            if self.steady is not None:
                                moved = max(moved, float(np.abs(down[l]).max()))
                            down[l] *= step
                            np.add(old, down[l], out=new)
                        if not shared[l]:
                            phis[l].rate(new, out=r[l][s + 1])
                        np.subtract(new, b[l], out=eps[l])
                        if l < L - 1:
                            np.matmul(r[l][s + 1], W_T[l + 1], out=b[l + 1])
                            b[l + 1] += bias[l + 1]
                    if clamp is None:
                        read_error(r[-1][s + 1], e[s + 1])
                    s += 1
                    if self.halve:
                        energy, before = energy_of(eps, pi), energy
                        if beta:
                            energy += beta * net.losses(r[-1][s], target)
                        rose = energy > before * (1 + 1e-6)
                        if done + s > 1 and rose.any():  # (step 1 put the output on its target)
                            h[rose] *= 0.5
                            step = h
                    steady = self.steady is not None and moved <= self.steady and done + s > 1
                if clamp is not None:  # nothing was driven by it: for the readers of the stream
                    np.subtract(target, net.readout(r[-1][1 : s + 1]), out=e[1 : s + 1])
            seen = slice(0, s + 1)
            latest = [v_l[seen] if voltages else v_l for v_l in v]
            check_runaway("Predictive Coding", latest, done + s, limits, ADVICE)
            rates = [inputs[seen], *(r_l[seen] for r_l in r)]
            kept: Sequence[Array] = latest if voltages else not_kept(L)
            basal = basal_drives(net, rates, free_v[0])
            yield Block(
                time=np.arange(done, done + s + 1) * (self.step * self.tau),
                rates=rates,
                voltages=kept,
                basal=basal,
                apical=self._apical_drives(net, rates, kept, basal, e[seen]),
                error=e[seen],
                activations=phis,
                steady=steady,
            )
            done += s
            for series in (*(v if voltages else ()), *r, e):
                series[0] = series[s]

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
    low = phi.low if phi.name != "relu" else np.nextafter(0, -1)
    if not ((target > low) & (target < phi.high)).all():
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
