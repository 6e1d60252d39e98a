"""The learner's pieces in the engine: feedback of their own, and a hidden layer with twins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ....frameworks import DeepFeedbackControl
from ....frameworks.base import Send
from ....frameworks.feedback import each_its_own, jacobians_at
from ....network import Network
from ..exercises.twins import twins

Array = np.ndarray


class WithFeedback(DeepFeedbackControl):
    """Deep Feedback Control whose Q_l are made by ``make`` from the J_l of each input."""

    def __init__(self, make: Callable[[list[Array]], Sequence[Array]], **settings: Any) -> None:
        super().__init__(**settings)
        self.make = make

    def _feedback_path(self, net: Network, free_rates: list[Array], uses: int) -> Send:
        J = jacobians_at(net, free_rates[1:])
        Q = [self.make([J_l[i] for J_l in J]) for i in range(len(free_rates[0]))]
        return each_its_own([np.stack([np.asarray(q[l]).T for q in Q]) for l in range(net.depth)])


def with_twins(net: Network, split: float, make: Callable[..., Any] = twins) -> Network:
    """A copy of ``net`` in which each neuron of the last hidden layer has a twin."""
    layers, sizes = net.depth, list(net.sizes)
    sizes[-2] *= 2
    new = Network(
        sizes, hidden=net.activations[0].name, output=net.output, dtype=str(net.dtype), seed=0
    )
    W_in, bias, W_out = make(net.weights[-2], net.biases[-2], net.weights[-1], split)
    new.weights = [*net.weights[: layers - 2], np.asarray(W_in), np.asarray(W_out)]
    new.biases = [*net.biases[: layers - 2], np.asarray(bias), net.biases[-1]]
    return new
