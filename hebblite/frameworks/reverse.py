"""Predictive Coding in reverse: from a target to an input that predicts it.

Where the input is held, the activity of all other layers goes down the energy F. Nothing in F
forbids that the input goes down it too:

    tau dr_0/dt = -pi_0 (r_0 - start) + W_1^T pi_1 eps_1

which is inference in a network with one layer more at the bottom: linear, predicted by the start,
with the identity for its weights. Its prediction error eps_0 = r_0 - start costs 1/2 pi_0
|eps_0|^2, so pi_0 says how strongly the input is drawn back to where it began.

    net_0 = with_free_input(net)
    pc = PredictiveCoding(steps=500, precision=[0.01, 1, 1, 1])     # pi_0 first
    states = pc.teach(net_0, start, target)                         # rates[1] is the input
"""

from __future__ import annotations

import numpy as np

from ..activations import ACTIVATIONS, Activation
from ..errors import check_kind
from ..network import Network


class FreeInput(Network):
    """``with_free_input`` makes it. Layer 1 is the input of the network that it was made of."""

    def __init__(self, net: Network) -> None:
        sizes = (net.sizes[0], *net.sizes)
        super().__init__(sizes, net.hidden, net.output, "zeros", net.dtype, net.seed)
        n = net.sizes[0]
        self.weights = [np.eye(n, dtype=net.dtype), *(W.copy() for W in net.weights)]
        self.biases = [np.zeros(n, net.dtype), *(beta.copy() for beta in net.biases)]

    @property
    def activations(self) -> list[Activation]:
        return [ACTIVATIONS["linear"], *super().activations[1:]]


def with_free_input(net: Network) -> FreeInput:
    """A network of its own that predicts what ``net`` predicts, and whose input layer can move: its
    layer 1, with as many neurons as ``net`` has inputs."""
    check_kind("net", net, Network)
    return FreeInput(net)
