"""The weights of the dendritic microcircuit beside the network's own: lateral ones, onto and from
the interneurons, and top-down ones.

The lateral weights learn the self-predicting state by themselves, without a teacher, from what is
at the synapse (Sacramento et al. 2018):

    dX_l = rate (phi(i_l) - phi(X_l r_l + beta_l^I)) r_l^T,    dZ_l = -rate v^A_l phi(i_l)^T

``lateral_rounds`` yields what each round of this learning sees, for a curve of it, and
``without_teacher`` looks on without learning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import check_batch, check_count, check_kind, check_number
from ..lanes import one_thread
from ..network import Network
from .base import Array, Framework, Phase, check_layers


@dataclass(frozen=True)
class Unnudged:
    """The circuit at rest without a teacher: what interneurons and apical dendrites see.

    rates: r_1..r_L, each (B, n_l). The others have an entry for each of the layers 1..L-1.
    interneurons: phi(i_l), (B, n_{l+1}). predicted: phi(X_l r_l + beta_l^I), what their input from
    their own layer alone would make of them, (B, n_{l+1}). apical: v^A_l, (B, n_l). Y: top-down
    weights, (n_l, n_{l+1})."""

    rates: list[Array]
    interneurons: list[Array]
    predicted: list[Array]
    apical: list[Array]
    Y: list[Array]

    @property
    def surprise(self) -> list[Array]:
        """phi(i_l) - phi(X_l r_l + beta_l^I), each (B, n_{l+1}): what X learns from."""
        return [p - own for p, own in zip(self.interneurons, self.predicted, strict=True)]

    @property
    def top_down(self) -> list[Array]:
        """Y_l r_{l+1}, each (B, n_l): what comes from above and is to be cancelled."""
        return [r @ Y.T for r, Y in zip(self.rates[1:], self.Y, strict=True)]

    @property
    def residual(self) -> list[float]:
        """By how much v^A_l is not silent yet: its root mean square over that of what comes from
        above. 0 in the self-predicting state, 1 without interneurons."""
        return [_rms(v) / _rms(above) for v, above in zip(self.apical, self.top_down, strict=True)]


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


class LateralWeights(Framework):
    """What the microcircuit has beside its dynamics. It sets the settings and ``rng``,
    and the lists below, empty until they are needed."""

    top_down: str
    lateral: str
    keep_up: int
    lateral_rate: float
    settle: int
    seed: int
    rng: np.random.Generator
    X: list[Array]  # lateral weights onto the interneurons of layers 1..L-1,
    bias: list[Array]  # their biases,
    Z: list[Array]  # lateral weights from them,
    Y: list[Array]  # and random top-down weights

    def _settled(self, net: Network, x: Array, steps: int) -> tuple[Any, Any]:
        """The circuit of inputs x (B, n_0) after so many steps without a teacher, and its rates."""
        raise NotImplementedError

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

    @one_thread()
    def learn_lateral(
        self, net: Network, x: Any, rate: float = 0.5, rounds: int = 200, batch_size: int = 64
    ) -> None:
        """Let the lateral weights learn the self-predicting state from inputs x (N, n_0), without
        a teacher. rate: of learning, shared among the presynaptic neurons of each synapse.
        rounds: batches of ``batch_size`` drawn from x."""
        for _ in self.lateral_rounds(net, x, rate, rounds, batch_size):
            pass

    def lateral_rounds(
        self, net: Network, x: Any, rate: float = 0.5, rounds: int = 200, batch_size: int = 64
    ) -> Iterator[Unnudged]:
        """The same round by round: yields what each round saw before it changed the weights. A
        later call goes on with the weights and draws of this one."""
        check_kind("net", net, Network)
        x = check_batch("x", x, net.sizes[0], net.dtype)
        rate = check_number("rate", rate, above=0)
        rounds, batch_size = check_count("rounds", rounds), check_count("batch_size", batch_size)
        self._draw_lateral(net)
        limits, advice = [1e6] * (2 * len(self.Z)), "Lower the rate of learn_lateral."
        phase = Phase("Learning of the lateral weights", advice, rounds, None, limits)
        for done in range(1, rounds + 1):
            with one_thread():
                rows = self.rng.integers(len(x), size=batch_size)
                seen = self._unnudged(net, x[rows])
                self._learn_from(seen, rate / batch_size)
                check_layers(phase, [*self.X, *self.Z], done)
            yield seen

    def without_teacher(self, net: Network, x: Any) -> Unnudged:
        """The circuit of inputs x (B, n_0) after ``settle`` steps without a teacher. Learned
        lateral weights that have not learned yet are random."""
        check_kind("net", net, Network)
        x = check_batch("x", x, net.sizes[0], net.dtype)
        if self.lateral == "learned":
            self._draw_lateral(net)
        return self._unnudged(net, x)

    def _draw_lateral(self, net: Network) -> None:
        """X, Z and biases at random, unless there are some for this network."""
        if self._fits(net):
            return
        rng, shapes = np.random.default_rng([self.seed, 2]), [W.shape for W in net.weights[1:]]
        self.X = [rng.normal(0, m**-0.5, (n, m)).astype(net.dtype) for n, m in shapes]
        self.Z = [rng.normal(0, n**-0.5, (m, n)).astype(net.dtype) for n, m in shapes]
        self.bias = [np.zeros(n, net.dtype) for n, _ in shapes]

    def _unnudged(self, net: Network, x: Array) -> Unnudged:
        circuit, now = self._settled(net, x, max(self.settle, 1))
        exact = self.lateral == "self-predicting"
        X, bias = (net.weights[1:], net.biases[1:]) if exact else (self.X, self.bias)
        rows = zip(net.activations[1:], now.r[:-1], X, bias, strict=True)
        return Unnudged(
            rates=now.r,
            interneurons=circuit.p,
            predicted=[phi.rate(r @ X_l.T + beta) for phi, r, X_l, beta in rows],
            apical=[circuit.apical_voltage(l, now.r) for l in range(net.depth - 1)],
            Y=self._top_down(net),
        )

    def _learn_from(self, seen: Unnudged, step: float) -> None:
        """One change of X, Z and biases; step: the rate over the size of the batch."""
        for l, surprise in enumerate(seen.surprise):
            r, p, v_A = seen.rates[l], seen.interneurons[l], seen.apical[l]
            self.X[l] += (step / r.shape[1]) * (surprise.T @ r)
            self.bias[l] += (step / r.shape[1]) * surprise.sum(axis=0)
            self.Z[l] -= (step / p.shape[1]) * (v_A.T @ p)

    def begin_epoch(self, net: Network, x: Array) -> None:
        """Learned lateral weights follow the forward weights: once an epoch, or, with ``keep_up``,
        before the first one and then ..."""
        if self.lateral == "learned" and not (self.keep_up and self._fits(net)):
            self.learn_lateral(net, x, self.lateral_rate)

    def begin_batch(self, net: Network, x: Array) -> None:
        """... before each batch, from its inputs."""
        if self.lateral == "learned" and self.keep_up:
            self.learn_lateral(net, x, self.lateral_rate, self.keep_up, len(x))

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
