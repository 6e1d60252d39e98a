"""What layer 1 comes to see, and how alike that is in two networks."""

from __future__ import annotations

import numpy as np

from ....network import Network
from ....rules import Gradient
from ....teaching.remembered import remembered
from .digits import RULES, fresh, learn
from .turned import Turned

Array = np.ndarray

#: Another seed than that of the network, for what is to differ.
OTHER = 500


@remembered
def trained(kind: str, seed: int = 0) -> tuple[Network, Network]:
    """(before, after) learning. kind: "dh" in Deep Feedback Control, or "backprop", both from one
    start; "other order", "other digits", "other start": backprop again with this changed;
    "turned": backprop's updates turned by 60 degrees, another way at each batch."""
    start = seed + OTHER if kind == "other start" else seed
    before, after = fresh(start), fresh(start)
    if kind == "dh":
        learn(after, "dfc", RULES["dh"](seed), seed)
        return before, after
    rule = Turned(Gradient(), 60, "noise", seed) if kind == "turned" else Gradient()
    learn(
        after, "backprop", rule, seed,
        order=seed + OTHER if kind == "other order" else seed,
        data=seed + OTHER if kind == "other digits" else seed,
    )  # fmt: skip
    return before, after


def cosines(a: Array, b: Array) -> Array:
    """The cosine of each row of ``a`` with the same row of ``b``, (n,)."""
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray((a * b).sum(axis=1) / lengths)


def change(kind: str, seed: int = 0, layer: int = 1) -> Array:
    """How the weights into ``layer`` have changed, (n, m)."""
    before, after = trained(kind, seed)
    return after.weights[layer - 1] - before.weights[layer - 1]


def likeness(kind: str, seed: int = 0, layer: int = 1) -> float:
    """The median over neurons of the cosine between their change and that under backprop."""
    return float(np.median(cosines(change(kind, seed, layer), change("backprop", seed, layer))))


#: With whom backprop is compared, by what the picture says.
COMPARED = {
    "backprop, another order": "other order",
    "DH": "dh",
    "backprop, turned by 60°": "turned",
    "backprop, other digits": "other digits",
    "backprop, another start": "other start",
}


def alike(seeds: tuple[int, ...] = (0, 1, 2), layer: int = 1) -> dict[str, Array]:
    """``likeness`` of all COMPARED, (S,) each."""
    return {
        name: np.array([likeness(kind, seed, layer) for seed in seeds])
        for name, kind in COMPARED.items()
    }


def seen(seed: int = 0) -> dict[str, Array]:
    """What the neurons of layer 1 see: the change of their weights, (n, 784)."""
    kinds = {"backprop": "backprop", "DH": "dh", "turned by 60°": "turned"}
    return {name: change(kind, seed) for name, kind in kinds.items()}
