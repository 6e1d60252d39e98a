"""How a control signal reaches the layers: the feedback weights Q_l (n_l, n_L) of Deep Feedback
Control, a_l = Q_l u.

    jacobian   Q_l = J_l^T, J_l = d r_L / d v_l at the free state of each input (theorem T3)
    dynamic    Q_l = J_l^T at the present state: at rest on the target, this is the least control
               that puts it there (theorem T4, Meulemans et al. 2022b)
    transpose  Q_l = W_{l+1}^T ... W_L^T of the present weights: the same chain for every input
    gauss-newton  Q_l = J_l^T (sum_k J_k J_k^T)^-1 at the free state: J Q = 1 for every input
    random     fixed random Q_l; the output layer keeps Q_L = 1 (feedback alignment)
    learned    Q_l driven by noise towards the average J_l^T (``learn_feedback``): before the
               first batch on its inputs, and before each epoch of ``fit`` on all
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..errors import ArgumentError, check_batch, check_count, check_kind, check_number
from ..lanes import one_thread
from ..network import Network
from .base import Array, Framework, Send

FEEDBACK = ("jacobian", "dynamic", "gauss-newton", "transpose", "random", "learned")


class FeedbackWeights(Framework):
    """What a framework with feedback weights has beside its dynamics. It sets ``feedback``, one of
    FEEDBACK, ``seed``, and ``rng`` for the noise; ``Q`` is empty until it is needed."""

    feedback: str
    seed: int
    rng: np.random.Generator
    Q: list[Array]  # of random and learned feedback, drawn for the first network

    def _feedback_path(self, net: Network, free_rates: list[Array], uses: int) -> Send:
        """The function that writes a_l = Q_l u into ``out[l]`` for u (..., B, n_L), where the
        rates of layers 1..L are r. uses: how often it will be called, more or less."""
        if self.feedback == "dynamic":
            return down_the_chain(net)
        if self.feedback == "jacobian":
            worth_it = pays(net, uses)
            return (through_jacobians if worth_it else down_the_chain)(net, free_rates[1:])
        if self.feedback == "gauss-newton":
            return each_its_own(inverted(jacobians_at(net, free_rates[1:])))

        Q_T = [np.ascontiguousarray(Q_l.T) for Q_l in self._shared_weights(net, free_rates[0])]

        def send(u: Array, out: list[Array], r: list[Array]) -> None:
            for Q_l_T, a_l in zip(Q_T, out, strict=True):
                np.matmul(u, Q_l_T, out=a_l)

        return send

    def _shared_weights(self, net: Network, x: Array) -> list[Array]:
        """Q_1..Q_L of feedback that is the same for every input."""
        if self.feedback == "transpose":
            Q = [np.eye(net.sizes[-1], dtype=net.dtype)]
            for W in net.weights[:0:-1]:
                Q.insert(0, W.T @ Q[0])
            return Q
        if not self._fits(net):
            self.Q = self._draw(net)
            if self.feedback == "learned":
                self.learn_feedback(net, x)
        return self.Q

    def _fits(self, net: Network) -> bool:
        shapes = [(n, net.sizes[-1]) for n in net.sizes[1:]]
        return [q.shape for q in self.Q] == shapes and all(q.dtype == net.dtype for q in self.Q)

    def _draw(self, net: Network) -> list[Array]:
        """Random Q_l with entries of variance 1 / n_L, so that a_l is about as strong as u."""
        rng, top = np.random.default_rng(self.seed), net.sizes[-1]
        hidden = [rng.normal(0, top**-0.5, (n, top)).astype(net.dtype) for n in net.sizes[1:-1]]
        return [*hidden, np.eye(top, dtype=net.dtype)]

    @one_thread()
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


# ---------------------------------------------------------------------- through the Jacobian


def down_the_chain(net: Network, frozen: list[Array] | None = None) -> Send:
    """a_l = J_l^T u without ever forming J: u travels down the layers, as in backprop,

    a_L = D_L u,    a_l = D_l W_{l+1}^T a_{l+1}

    with the slopes at the rates ``frozen`` of layers 1..L, or at the present ones."""
    slopes = None if frozen is None else slopes_at(net, frozen)

    def send(u: Array, out: list[Array], r: list[Array]) -> None:
        D = slopes_at(net, r) if slopes is None else slopes
        np.multiply(u, D[-1], out=out[-1])
        for l in range(net.depth - 1, 0, -1):
            np.matmul(out[l], net.weights[l], out=out[l - 1])
            out[l - 1] *= D[l - 1]

    return send


def through_jacobians(net: Network, frozen: list[Array]) -> Send:
    """The same with J_l of each input, formed once, for all but the two topmost layers: a product
    with n_L x n_l numbers instead of n_{l+1} x n_l."""
    D = slopes_at(net, frozen)
    lower = each_its_own(jacobians_at(net, frozen)[:-2])

    def send(u: Array, out: list[Array], r: list[Array]) -> None:
        np.multiply(u, D[-1], out=out[-1])
        np.matmul(out[-1], net.weights[-1], out=out[-2])
        out[-2] *= D[-2]
        lower(u, out[:-2], r)

    return send


def each_its_own(J: list[Array]) -> Send:
    """a_l = J_l^T u with a matrix for each input, J_l (B, n_L, n_l)."""

    def send(u: Array, out: list[Array], r: list[Array]) -> None:
        for J_l, a_l in zip(J, out, strict=True):
            np.matmul(u[..., None, :], J_l, out=a_l[..., None, :])

    return send


def slopes_at(net: Network, rates: list[Array]) -> list[Array]:
    """phi' of layers 1..L, where their rates are these."""
    return [phi.slope(r_l) for phi, r_l in zip(net.activations, rates, strict=True)]


@one_thread()
def jacobians_at(net: Network, rates: list[Array]) -> list[Array]:
    """J_l = d r_L / d v_l of each input, (B, n_L, n_l), at the rates of layers 1..L:

    J_L = D_L,    J_l = J_{l+1} W_{l+1} D_l"""
    D = slopes_at(net, rates)
    J = [np.eye(net.sizes[-1], dtype=net.dtype) * D[-1][:, None, :]]
    for l in range(net.depth - 1, 0, -1):
        rows = J[0].reshape(-1, net.sizes[l + 1]) @ net.weights[l]  # one product for all inputs
        J.insert(0, rows.reshape(len(D[-1]), -1, net.sizes[l]))
        J[0] *= D[l - 1][:, None, :]
    return J


@one_thread()
def inverted(J: list[Array]) -> list[Array]:
    """(sum_k J_k J_k^T)^-1 J_l for each input: with Q_l its transpose, J Q = 1."""
    loop = sum(J_l @ J_l.swapaxes(1, 2) for J_l in J)
    try:
        return [np.linalg.solve(loop, J_l) for J_l in J]
    except np.linalg.LinAlgError:
        got, expected = "'gauss-newton' where J J^T has no inverse", "outputs that can all be moved"
        raise ArgumentError("feedback", got, expected) from None


def pays(net: Network, uses: int) -> bool:
    """Whether it pays to form J for each input, which takes half as long again as n_L ways down
    the chain. Each use then reads n_L numbers a neuron of the lower layers, each as slow as ten
    products."""
    n_L, below = net.sizes[-1], net.sizes[1:-1]
    chain = sum(n * m for m, n in itertools.pairwise(below))
    return uses * (chain - 10 * n_L * sum(below[:-1])) > 1.5 * n_L * chain
