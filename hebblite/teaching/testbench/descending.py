"""Does the loss fall along the update? Measured on the network itself, not on a formula."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...analysis import angles, backprop_updates
from ...frameworks import Framework
from ...network import Network
from ...rules import Contrastive, Rule, Updates
from ...stream import Block, Record
from .card import Check, layers
from .digits import SIZES, pooled
from .rule_checks import RuleBench, does_not_apply, verdict
from .streams import batch, flat, mean_update, network, update_of

Array = np.ndarray

NETWORKS, DRAWS, INPUTS = 40, 16, 100


class Descent(NamedTuple):
    """Over random networks: how quickly the loss falls along the update, as a share of how it falls
    along backprop's, or, in Equilibrium Propagation, along the contrast of its two states of
    rest; by finite differences."""

    slopes: Array

    @property
    def share(self) -> float:
        return float(np.mean(self.slopes > 0))

    @property
    def words(self) -> str:
        falls = int((self.slopes > 0).sum())
        return f"loss falls in {falls} of {len(self.slopes)} networks, " \
               f"{self.slopes.min():.2f} to {self.slopes.max():.2f} as steeply as it " \
               "can"  # fmt: skip


def random_network(seed: int) -> Network:
    """A network whose depth, sizes, activation and weights the seed draws."""
    rng = np.random.default_rng([17, seed])
    sizes = [int(n) for n in rng.integers(2, 8, size=rng.integers(3, 5))]
    hidden, output = str(rng.choice(["tanh", "sigmoid"])), str(rng.choice(["linear", "softmax"]))
    net = network(seed, sizes, hidden=hidden, output=output)
    for W in net.weights:
        W *= rng.uniform(0.5, 1.2)
    return net


def loss(net: Network, framework: Framework, x: Array, target: Array) -> float:
    """The mean loss of what the framework predicts without a teacher."""
    p = framework.predict(net, x)
    each = -target * np.log(p) if net.output == "softmax" else 0.5 * (target - p) ** 2
    return float(each.sum(axis=1).mean())


def slope_along(
    net: Network, framework: Framework, x: Array, target: Array, direction: Updates
) -> float:
    """d loss / d step along an update of length 1, by central differences."""
    size, h = float(np.linalg.norm(flat(direction))), 1e-5
    if not size:
        return 0.0
    losses = []
    for sign in (1, -1):
        moved = net.copy()
        for p, d in zip(
            (*moved.weights, *moved.biases), (*direction.weights, *direction.biases), strict=True
        ):
            p += sign * h * d / size
        losses.append(loss(moved, framework, x, target))
    return (losses[0] - losses[1]) / (2 * h)


def descent_of(
    rule: Rule, framework: Framework, seed: int, near: float = 1.0, networks: int | None = None
) -> Descent:
    """One random network after the other, each with one input and one target. near: how much of the
    way from its prediction to the target is taught: little is a weak teacher too. networks: how
    many, NETWORKS if not given."""
    found = []
    for k in range(NETWORKS if networks is None else networks):
        net = random_network(1000 * seed + k)
        x, target = batch(net, k, 1)
        p = framework.predict(net, x)
        target = p + near * (target - p)
        states: Block = Record()(framework.teach(net, x, target))
        # Where the free state is no feedforward pass, backprop knows nothing of its loss.
        free = states.apical_when_free
        steep = Contrastive()(iter([states])) if free else backprop_updates(net, x, target)
        down = abs(slope_along(net, framework, x, target, steep))
        found.append(-slope_along(net, framework, x, target, update_of(rule, states)) / down)
    return Descent(np.array(found))


def descent(bench: RuleBench) -> Check:
    """Along the update for one input, taught weakly, the loss of that input must fall."""
    if bench.draws:
        return does_not_apply(
            "descent", "It draws random numbers, whose noise is larger than what a weak teacher "
            "changes. See the angle, which is a mean over many draws.",
        )  # fmt: skip
    found = descent_of(bench.rule, bench.weak, bench.seed, bench.near)
    bench.memory["descent"] = found
    if found.share == 1:
        why = "A small step along the update makes the loss of the input smaller, in each of them."
    elif (found.slopes < 0).all():
        why = "The loss rises in every network: the sign is the wrong way round."
    else:
        rises = int((found.slopes <= 0).sum())
        networks = "1 network" if rises == 1 else f"{rises} networks"
        why = f"In {networks} a small step along the update does not make the loss smaller."
    return verdict("descent", found.share == 1, found.words, why)


def angles_of(rule: Rule, framework: Framework, draws: int, seed: int) -> list[float]:
    """The angle (deg) to backprop in each layer of an untrained network, on digits."""
    net = Network(SIZES, seed=seed, dtype="float64")
    data = pooled()
    x, target = data.x[:INPUTS].astype(float), data.target[:INPUTS].astype(float)
    block = Record()(framework.teach(net, x, target))
    return angles(mean_update(rule, block, draws), backprop_updates(net, x, target))


def angle(bench: RuleBench) -> Check:
    """In each layer, less than 90 degrees from backprop's update."""
    draws = DRAWS if bench.draws else 1
    found = angles_of(bench.rule, bench.framework, draws, bench.seed)
    words = "layers 1 to {}: {}".format(
        len(found), ", ".join("none" if np.isnan(a) else f"{a:.0f}°" for a in found)
    )
    bad = [l + 1 for l, a in enumerate(found) if not a < 90]
    mean = f", as a mean over {draws} draws" if draws > 1 else ""
    if not bad:
        why = f"In every layer it points to backprop's side{mean}. Small is not needed to learn."
    elif np.isnan(found).any():
        where = layers([l + 1 for l, a in enumerate(found) if np.isnan(a)])
        why = f"In {where} it changes nothing, so it points nowhere."
    else:
        why = f"In {layers(bad)} it points away from backprop{mean}."
    return verdict("angle", not bad, words, why)
