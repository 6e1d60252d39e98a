"""Equilibrium Propagation (Scellier & Bengio 2017): a symmetric network relaxes twice, freely and
with its output nudged, and each synapse compares the two states of rest.

    E = sum_l (1/2 |v_l|^2 - r_l^T (W_l r_{l-1} + beta_l)),    r_l = rho(v_l)      (energy)

Activity goes down E + beta C, where C is the loss and beta the nudge: tau dv_l/dt = -d(E + beta
C)/dv_l, or

    tau dv_l/dt = -v_l + D_l (W_l r_{l-1} + beta_l + W_{l+1}^T r_{l+1}),    D_l = diag rho'(v_l)

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
from ..memory import aligned
from ..network import Network
from ..stream import Block, Lazy, not_kept
from .base import Array, Framework, check_runaway, error_reader, in_blocks, runaway_limits

NUDGES = ("one-sided", "centred", "random")
STARTS = ("rest", "feedforward", "last")
ADVICE = "Lower step, or scale the weights down: the energy must have a minimum (bounded rates do)."


class EquilibriumPropagation(Framework):
    """The layered network with free and nudged phases.

    nudge: beta > 0. kind: one of NUDGES: where the nudged phase leads from and to; random: its
        sign is drawn anew for each batch.
    free_steps, nudged_steps: Euler steps of each relaxation. step: dt / tau, at most 1.
    start: where the free phase starts: rest (all voltages 0), the feedforward pass, or (last) where
        it ended when this input was last seen: the persistent particles of Scellier & Bengio 2017.
    steady: end a phase as soon as no voltage moves by more than ``steady`` per tau.
    tau: seconds, of the neurons; only the time axis depends on it.
    seed: of the random signs. block: steps per Block: speed only, never the result.

    DivergenceError if the voltages run away: with unbounded rates the energy may have no minimum.
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
        block: int = 8,
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
        self.block = check_count("block", block)
        self.rng = np.random.default_rng(self.seed)
        self._seen: dict[bytes, int] = {}  # input -> its row in _particles, for start="last"
        self._particles = np.zeros((0, 0))

    @property
    def span(self) -> float:
        """How far the nudges at the two ends of the stream lie apart."""
        return self.nudge * (2 if self.kind == "centred" else 1)

    def separable(self, net: Network) -> bool:
        return self.steady is None and self.kind != "random" and self.start != "last"

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        check_kind("net", net, Network)
        free_v, free_r = net.feedforward(x)
        target = check_target(target, len(free_r[0]), net.sizes[-1], net.dtype)
        limits = runaway_limits(free_v)
        low, high = {"one-sided": (0.0, self.nudge), "centred": (-self.nudge, self.nudge)}.get(
            self.kind, (-self.nudge, 0.0)
        )
        if self.kind == "random" and self.rng.integers(2):
            low, high = 0.0, self.nudge

        relax = _Relaxation(net, free_r[0], free_v[0], target, self)
        keys = self._begin(relax, net, free_v)
        relax.run(0.0, self.free_steps, limits)
        if self.start == "last":
            self._particles[[self._seen[key] for key in keys]] = np.concatenate(relax.v, axis=1)
        if low != 0:
            relax.run(low, self.nudged_steps, limits)
        yield from relax.stream(high, self.nudged_steps, limits, voltages)

    def predict(self, net: Network, x: Any) -> Array:
        """Predictions (B, n_L) of the free state, which is not the feedforward pass here."""
        check_kind("net", net, Network)
        free_v, free_r = net.feedforward(x)
        relax = _Relaxation(net, free_r[0], free_v[0], np.zeros_like(free_v[-1]), self)
        relax.put([np.zeros_like(v) for v in free_v] if self.start == "rest" else free_v)
        relax.run(0.0, self.free_steps, runaway_limits(free_v))
        return net.readout(relax.r[-1])

    # ------------------------------------------------------------------ where the free phase starts

    def _begin(self, relax: _Relaxation, net: Network, free_v: list[Array]) -> list[bytes]:
        if self.start == "rest":
            relax.put([np.zeros_like(v) for v in free_v])
        else:
            relax.put(free_v)
        if self.start != "last":
            return []
        keys = [hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in relax.x]
        width = sum(net.sizes[1:])
        if self._particles.shape[1] != width or self._particles.dtype != net.dtype:
            self._seen, self._particles = {}, np.zeros((0, width), net.dtype)
        new = [i for i, key in enumerate(keys) if key not in self._seen]
        for i in new:
            self._seen.setdefault(keys[i], len(self._seen))
        missing = len(self._seen) - len(self._particles)
        if missing > 0:  # grow by halves, so that growing costs little in all
            room = max(missing, len(self._particles) // 2)
            self._particles = np.concatenate([self._particles, np.zeros((room, width), net.dtype)])
        known = [i for i, key in enumerate(keys) if i not in set(new)]
        if known:
            last = self._particles[[self._seen[keys[i]] for i in known]]
            for v, part in zip(relax.v, np.split(last, np.cumsum(net.sizes[1:-1]), 1), strict=True):
                v[known] = part
            relax.put(relax.v)
        return keys

    # ------------------------------------------------------------------ checkpoints

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        meta = {"rng": self.rng.bit_generator.state, "seen": [k.hex() for k in self._seen]}
        return meta, {"particles": self._particles[: len(self._seen)]}

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        self.rng.bit_generator.state = meta["rng"]
        self._seen = {bytes.fromhex(key): i for i, key in enumerate(meta["seen"])}
        self._particles = arrays["particles"]


class _Relaxation:
    """The state of a batch and its way down the energy: v and r are lists over layers 1..L."""

    def __init__(
        self, net: Network, x: Array, drive: Array, target: Array, ep: EquilibriumPropagation
    ) -> None:
        self.net, self.x, self.ep, self.drive_1 = net, x, ep, drive
        self.phis, self.W = net.activations, net.weights
        self.W_T = [self.W[0].T, *(np.ascontiguousarray(W.T) for W in self.W[1:])]
        self.read_error = error_reader(net, target)
        shapes = [(len(x), n) for n in net.sizes[1:]]
        self.v, self.r, self.down, self.up, self.slope = (
            [aligned(shape, net.dtype) for shape in shapes] for _ in range(5)
        )
        self.errors = [np.zeros(shapes[-1], net.dtype)]  # target minus prediction, as a list too

    def put(self, v: list[Array]) -> None:
        """Set the state."""
        for l, phi in enumerate(self.phis):
            self.v[l][...] = v[l]
            phi.rate(self.v[l], out=self.r[l])
        self.read_error(self.r[-1], self.errors[0])

    def advance(self, beta: float) -> float:
        """One Euler step down E + beta C, all layers at once; the greatest tau |dv/dt|."""
        L, moved = len(self.v), 0.0
        for l in range(L):
            down, up = self.down[l], self.up[l]  # down: tau dv_l/dt in the making
            if l == 0:
                down[...] = self.drive_1
            else:
                np.matmul(self.r[l - 1], self.W_T[l], out=down)
                down += self.net.biases[l]
            if l < L - 1:
                down += np.matmul(self.r[l + 1], self.W[l + 1], out=up)
            elif beta:
                down += np.multiply(self.errors[0], beta, out=up)
            down *= self.phis[l].slope(self.r[l], out=self.slope[l])
            down -= self.v[l]
            if self.ep.steady is not None:
                moved = max(moved, float(np.abs(down).max()))
            down *= self.ep.step
        for l, phi in enumerate(self.phis):
            self.v[l] += self.down[l]
            phi.rate(self.v[l], out=self.r[l])
        self.read_error(self.r[-1], self.errors[0])
        return moved

    def run(self, beta: float, steps: int, limits: list[float]) -> None:
        """Relax without showing it."""
        with np.errstate(all="ignore"):  # divergence is reported below
            done, moved = 0, np.inf
            while done < steps:
                moved = self.advance(beta)
                done += 1
                if self.ep.steady is not None and moved <= self.ep.steady:
                    break
        check_runaway("Equilibrium Propagation", [v[None] for v in self.v], done, limits, ADVICE)

    def stream(
        self, beta: float, steps: int, limits: list[float], voltages: bool
    ) -> Iterator[Block]:
        """Relax and show every step."""
        keep = ("r", "errors", "v") if voltages else ("r", "errors")
        for first, steady, shown in in_blocks(
            "Equilibrium Propagation", self, keep, lambda: self.advance(beta),
            steps, self.ep.block, self.ep.steady, limits, ADVICE,
        ):  # fmt: skip
            (error,) = shown["errors"]
            rates = [np.broadcast_to(self.x, (len(error), *self.x.shape)), *shown["r"]]
            yield Block(
                time=np.arange(first, first + len(error)) * (self.ep.step * self.ep.tau),
                rates=rates,
                voltages=shown["v"] if voltages else not_kept(len(self.v)),
                basal=self._basal_drives(rates),
                apical=self._apical_drives(rates, error, beta),
                error=error,
                activations=self.phis,
                steady=steady,
                apical_when_free=True,
            )

    def _basal_drives(self, rates: list[Array]) -> Lazy:
        """D_l (W_l r_{l-1} + beta_l)."""
        net, phis = self.net, self.phis

        def make(l: int) -> Array:
            drive = self.drive_1 if l == 0 else rates[l] @ net.weights[l].T + net.biases[l]
            return phis[l].slope(rates[l + 1]) * drive

        return Lazy(len(phis), make)

    def _apical_drives(self, rates: list[Array], error: Array, beta: float) -> Lazy:
        """D_l W_{l+1}^T r_{l+1}, and at the output D_L beta e."""
        net, phis = self.net, self.phis

        def make(l: int) -> Array:
            drive = error * beta if l == len(phis) - 1 else rates[l + 2] @ net.weights[l + 1]
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
