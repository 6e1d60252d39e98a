"""How a control signal reaches the layers: the feedback weights Q_l (n_l, n_L) of Deep Feedback
Control, a_l = Q_l u.

    jacobian   Q_l = J_l^T, J_l = d r_L / d v_l at the free state of each input (theorem T3)
    dynamic    Q_l = J_l^T at the present state: at rest on the target, this is the least control
               that puts it there (theorem T4, Meulemans et al. 2022b)
    transpose  Q_l = W_{l+1}^T ... W_L^T of the present weights: the same chain for every input
    random     fixed random Q_l; the output layer keeps Q_L = 1 (feedback alignment)
    learned    Q_l driven by noise towards the average J_l^T (``learn_feedback``)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import check_batch, check_count, check_kind, check_number
from ..network import Network
from .base import Array, Framework, Send

FEEDBACK = ("jacobian", "dynamic", "transpose", "random", "learned")


class FeedbackWeights(Framework):
    """What a framework with feedback weights has beside its dynamics. It sets ``feedback``, one of
    FEEDBACK, ``seed``, and ``rng`` for the noise; ``Q`` is empty until it is needed."""

    feedback: str
    seed: int
    rng: np.random.Generator
    Q: list[Array]  # of random and learned feedback, drawn for the first network

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
        check_kind("net", net, Network)
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
