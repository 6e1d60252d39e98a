"""What accuracy sees of an update: its angle to backprop's, and which layers it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....analysis import angles, backprop_updates
from ....data import one_hot
from ....network import Network
from ....rules import DifferentialHebbian, Frozen, Gradient, Rule
from ....rules.base import Updates
from ....stream import Block
from ....teaching.remembered import remembered
from .digits import BATCH, CONFIDENCE, EPOCHS, FRAMEWORKS, RULES, drawn, fresh, learn

Array = np.ndarray

#: Degrees by which updates are turned.
ANGLES = (0, 30, 60, 75, 85, 90, 100)
#: How the direction into which they are turned is chosen.
KINDS = ("noise", "mixing")


class Turned(Rule):
    """The weights' updates of another rule, each turned by ``degrees`` at equal length, layer by
    layer, into a direction that has nothing to do with digits.

    kind: "noise" turns it another way at each batch; "mixing" always in the same way: towards a
    copy of the update whose entries are shuffled and have other signs, once and for all. Biases
    are not turned.
    """

    def __init__(self, rule: Rule, degrees: float, kind: str = "noise", seed: int = 0) -> None:
        self.rule, self.degrees, self.kind = rule, degrees, kind
        self.rng = np.random.default_rng([120, seed])
        self.shuffled: dict[int, tuple[Array, Array]] = {}
        self.needs_phase, self.reads_voltages = rule.needs_phase, rule.reads_voltages
        self.separable = False

    def start(self, block: Block) -> None:
        self.rule.start(block)

    def absorb(self, block: Block) -> None:
        self.rule.absorb(block)

    def aside(self, l: int, g: Array) -> Array:
        """A direction for layer l, as ``g``, not yet perpendicular to it."""
        if self.kind == "noise":
            return self.rng.standard_normal(g.shape)
        if l not in self.shuffled:
            signs = self.rng.choice([-1.0, 1.0], g.size)
            self.shuffled[l] = self.rng.permutation(g.size), signs
        places, signs = self.shuffled[l]
        return np.asarray((g.ravel()[places] * signs).reshape(g.shape))

    def finish(self) -> Updates:
        updates: Updates = self.rule.finish()
        c, s = np.cos(np.radians(self.degrees)), np.sin(np.radians(self.degrees))
        for l, g in enumerate(updates.weights):
            length = float(np.linalg.norm(g))
            if length == 0:
                continue
            across = self.aside(l, g)
            across = across - g * float((across * g).sum()) / length**2
            g[...] = c * g + s * length * across / np.linalg.norm(across)
        return updates


@remembered
def turned_by(degrees: float, kind: str = "noise", seed: int = 0) -> float:
    """Accuracy (%) of backprop whose updates are turned."""
    return learn(fresh(seed), "backprop", Turned(Gradient(), degrees, kind, seed), seed)


def turned(seed: int = 0) -> dict[str, Any]:
    """Accuracy (%) over the angle, for both kinds. "angle": (A,) degrees; "noise", "mixing": (A,);
    "rules": {name: (degrees, mean over layers; % read)} of rules in Deep Feedback Control."""
    found: dict[str, Any] = {"angle": np.array(ANGLES, float)}
    for kind in KINDS:
        found[kind] = np.array([turned_by(degrees, kind, seed) for degrees in ANGLES])
    for name in ("dh", "error-based", "stdp"):
        degrees, accuracy = beside(name, seed)
        found.setdefault("rules", {})[name] = float(np.mean(degrees)), accuracy
    return found


@remembered
def beside(rule: str, seed: int = 0) -> tuple[Array, float]:
    """A rule in Deep Feedback Control: the mean angles (deg) of its updates to backprop's, layer by
    layer (L,), on one batch before training and after each epoch; and what it reads (%)."""
    digits, off = drawn(seed), list[list[float]]()
    x = digits.x[:BATCH]
    target = one_hot(digits.labels[:BATCH], 10, CONFIDENCE)
    looks = RULES[rule](seed + 1)

    def look(net: Network, *_: Any) -> None:
        states = FRAMEWORKS["dfc"](seed).teach(net, x, target)
        off.append(angles(looks(states), backprop_updates(net, x, target)))

    net = fresh(seed)
    look(net)
    accuracy = learn(net, "dfc", RULES[rule](seed), seed, callback=look)
    return np.mean(off, axis=0), accuracy


# ---------------------------------------------------------------------- layers that stand still

#: Which layers stand still, as indices of weights.
STILL: dict[str, tuple[int, ...]] = {
    "none": (),
    "output": (2,),
    "layer 2": (1,),
    "layer 1": (0,),
    "layers 1 and 2": (0, 1),
    "all but layer 1": (1, 2),
}


@remembered
def still(layers: str, rule: str = "dh", seed: int = 0, epochs: int = EPOCHS) -> float:
    """Accuracy (%) if some layers keep the weights they were born with. rule: "dh" in Deep
    Feedback Control, or "gradient" under backprop."""
    made: Rule = DifferentialHebbian() if rule == "dh" else Gradient()
    if STILL[layers]:
        made = Frozen(made, STILL[layers])
    return learn(fresh(seed), "dfc" if rule == "dh" else "backprop", made, seed, epochs=epochs)


def layers_still(seeds: Sequence[int] = (0, 1, 2)) -> dict[str, Array]:
    """The same under DH for all of STILL, (S,) each."""
    return {layers: np.array([still(layers, "dh", seed) for seed in seeds]) for layers in STILL}
