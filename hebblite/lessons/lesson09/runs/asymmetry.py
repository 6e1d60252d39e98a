"""What symmetric weights buy: how far the contrast misses the gradient once the weights that lead
down are no longer the transposes of those that lead up."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....analysis import cosine
from ....frameworks import EquilibriumPropagation
from ....network import Network
from ....rules import Contrastive

Array = np.ndarray
Layers = list[Array]

TURNED = (0.0, 30.0, 60.0, 90.0)
#: Sigmoid networks with one valley. A step of all of tau takes them to rest in a few steps.
SIZES, BATCH, STEPS, STEP, H = (4, 5, 4, 3), 6, 15, 1.0, 1e-4


class Turned(EquilibriumPropagation):
    """Equilibrium Propagation whose way down is turned by ``degrees`` from the transposes towards
    random weights of the same size, which stay as they are. Then no energy is left to go down."""

    def __init__(self, degrees: float, seed: int = 0, **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.degrees, self.draw = degrees, seed

    def weights_down(self, net: Network) -> Layers:
        rng, turn = np.random.default_rng([95, self.draw]), np.radians(self.degrees)
        down = []
        for W, n, m in zip(net.weights[1:], net.sizes[2:], net.sizes[1:-1], strict=True):
            R = rng.normal(0, np.sqrt(2 / (n + m)), W.shape).astype(W.dtype)
            down.append(W.dtype.type(np.cos(turn)) * W + W.dtype.type(np.sin(turn)) * R)
        return down


def free_loss(net: Network, ep: EquilibriumPropagation, x: Array, target: Array) -> float:
    """The mean loss of the state in which the network comes to rest without a nudge."""
    prediction = ep.predict(net, x)  # a linear output, so this is its rate
    return float(0.5 * ((target - prediction) ** 2).sum(axis=1).mean())


def downhill(net: Network, ep: EquilibriumPropagation, x: Array, target: Array) -> Layers:
    """Minus the gradient of that loss by all weights but those of the output, by central
    differences."""
    found = []
    for W in net.weights[:-1]:
        slopes = np.zeros(W.shape)
        for place in np.ndindex(W.shape):
            kept, ends = W[place], []
            for h in (H, -H):
                W[place] = kept + h
                ends.append(free_loss(net, ep, x, target))
            W[place] = kept
            slopes[place] = (ends[1] - ends[0]) / (2 * H)
        found.append(slopes)
    return found


@cache
def cosine_when_turned(degrees: float, seed: int) -> float:
    """The cosine of the contrastive update, with a small nudge to both sides, and minus the
    gradient of the loss of the free state: of the weights of all hidden layers together, in a
    random network 4-5-4-3."""
    net = Network(SIZES, hidden="sigmoid", output="linear", dtype="float64", seed=seed)
    rng = np.random.default_rng([96, seed])
    x, target = rng.normal(size=(BATCH, SIZES[0])), rng.normal(size=(BATCH, SIZES[-1]))
    ep = Turned(
        degrees, seed, nudge=0.01, kind="centred", free_steps=STEPS, nudged_steps=STEPS, step=STEP
    )
    made = Contrastive()(ep.teach(net, x, target)).weights[:-1]
    right = downhill(net, ep, x, target)
    return cosine(*(np.concatenate([W.ravel() for W in Ws]) for Ws in (made, right)))


def turned_over_seeds(count: int = 4) -> dict[str, Array]:
    """``turned`` (T,) and ``cosine`` (seeds, T), as ``draw_asymmetry`` draws them."""
    rows = [[cosine_when_turned(t, seed) for t in TURNED] for seed in range(count)]
    return {"turned": np.array(TURNED), "cosine": np.array(rows)}
