"""The weights of the dendritic microcircuit beside the network's own: lateral ones, onto and from
the interneurons, and top-down ones.

The lateral weights learn the self-predicting state by themselves, without a teacher, from what is
at the synapse (Sacramento et al. 2018):

    dX_l = rate (phi(i_l) - phi(X_l r_l + beta_l^I)) r_l^T,    dZ_l = -rate v^A_l phi(i_l)^T
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import check_batch, check_count, check_kind, check_number
from ..lanes import one_thread
from ..network import Network
from .base import Array, Framework, Phase, check_layers


class LateralWeights(Framework):
    """What the microcircuit has beside its dynamics. It sets ``top_down``, ``lateral``,
    ``settle``, ``seed`` and ``rng``, and the lists below, empty until they are needed."""

    top_down: str
    lateral: str
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
        check_kind("net", net, Network)
        x = check_batch("x", x, net.sizes[0], net.dtype)
        rate = check_number("rate", rate, above=0)
        rounds, batch_size = check_count("rounds", rounds), check_count("batch_size", batch_size)
        if not self._fits(net):
            rng, shapes = np.random.default_rng([self.seed, 2]), [W.shape for W in net.weights[1:]]
            self.X = [rng.normal(0, m**-0.5, (n, m)).astype(net.dtype) for n, m in shapes]
            self.Z = [rng.normal(0, n**-0.5, (m, n)).astype(net.dtype) for n, m in shapes]
            self.bias = [np.zeros(n, net.dtype) for n, _ in shapes]
        limits, advice = [1e6] * (2 * len(self.Z)), "Lower the rate of learn_lateral."
        phase = Phase("Learning of the lateral weights", advice, rounds, None, limits)
        for done in range(1, rounds + 1):
            rows = self.rng.integers(len(x), size=batch_size)
            circuit, now = self._settled(net, x[rows], max(self.settle, 1))
            for l in range(net.depth - 1):
                phi, r = net.activations[l + 1], now.r[l]
                predicted = r @ self.X[l].T + self.bias[l]
                surprise = circuit.p[l] - phi.rate(predicted)
                step = rate / batch_size
                self.X[l] += (step / r.shape[1]) * (surprise.T @ r)
                self.bias[l] += (step / r.shape[1]) * surprise.sum(axis=0)
                v_A = circuit.apical_voltage(l, now.r)
                self.Z[l] -= (step / circuit.p[l].shape[1]) * (v_A.T @ circuit.p[l])
            check_layers(phase, [*self.X, *self.Z], done)

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
