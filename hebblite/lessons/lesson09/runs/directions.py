"""How far the updates of Equilibrium Propagation are from each other, from the gradient of the loss
of the free state, and from backprop."""

from __future__ import annotations

import numpy as np

from ....analysis import angle, backprop_updates
from ....frameworks import EquilibriumPropagation
from ....losses import settle
from ....network import Network
from ....rules import Contrastive, DifferentialHebbian, Rule
from ....stream import fold
from ....teaching.remembered import remembered
from .stage import PHASES, fresh, some_digits

Array = np.ndarray
Layers = list[Array]

NUDGES = (0.03, 0.1, 0.3, 1.0)
#: What moves by less than this, per tau, is at rest.
STILL = 1e-9
#: A nudge so small, to both sides, that what the contrast is off by is far below what is measured.
TINY = 1e-3


def contrast(r: Layers, other: Layers, span: float) -> Layers:
    """The contrast of two states r_0..r_L, each (B, n_l), over the distance of their nudges."""
    rows = zip(r[1:], r[:-1], other[1:], other[:-1], strict=True)
    return [(a.T @ b - c.T @ d) / (len(a) * span) for a, b, c, d in rows]


def at_rest(net: Network, x: Array, target: Array, nudge: float, free: Layers) -> Layers:
    """Rates r_0..r_L at rest with this nudge, in the valley of the free voltages."""
    return list(settle(net, x, target, nudge, start=free).rates)


def downhill(net: Network, x: Array, target: Array) -> Layers:
    """Minus the gradient of the loss of the free state, by theorem T6 with a tiny nudge."""
    free = settle(net, x).voltages
    up, down = (at_rest(net, x, target, nudge, free) for nudge in (TINY, -TINY))
    return contrast(up, down, 2 * TINY)


def estimates(
    net: Network, x: Array, target: Array, nudges: tuple[float, ...] = NUDGES
) -> dict[str, Array]:
    """How far the contrast of two states of rest is from minus the gradient of the loss of the
    free state, relative to its length: for each nudge, (T,), from 0 to the nudge ("one-sided") and
    from minus the nudge ("centred")."""
    right, free = downhill(net, x, target), settle(net, x)
    found: dict[str, list[float]] = {"one-sided": [], "centred": []}
    for nudge in nudges:
        up = at_rest(net, x, target, nudge, free.voltages)
        down = at_rest(net, x, target, -nudge, free.voltages)
        for name, made in (
            ("one-sided", contrast(up, list(free.rates), nudge)),
            ("centred", contrast(up, down, 2 * nudge)),
        ):
            off = np.concatenate([(a - b).ravel() for a, b in zip(made, right, strict=True)])
            length = np.linalg.norm(np.concatenate([b.ravel() for b in right]))
            found[name].append(float(np.linalg.norm(off) / length))
    return {"nudge": np.array(nudges)} | {name: np.array(off) for name, off in found.items()}


def updates(
    net: Network, x: Array, target: Array, *rules: Rule, nudge: float = 1.0, steps: int = 300
) -> list[Layers]:
    """The updates of the weights by each rule, in centred phases of the engine that end when all
    is at rest, or after so many steps."""
    phases = {"nudge": nudge, "free_steps": steps, "nudged_steps": steps, "steady": STILL}
    ep = EquilibriumPropagation(**(PHASES | phases))
    made = fold(ep.teach(net, x, target), *rules)
    return [found.weights for found in made]


def degrees(a: Layers, b: Layers) -> Array:
    """The angle between two updates in each layer, (L,)."""
    return np.array([angle(one, other) for one, other in zip(a, b, strict=True)])


PAIRS = (
    "contrastive and symmetrised DH",
    "contrastive and DH",
    "contrastive and its own gradient",
    "contrastive and backprop",
    "DH and backprop",
)


def angles_of(net: Network, x: Array, target: Array, nudge: float = 1.0) -> dict[str, Array]:
    """The angles of PAIRS in each layer, (L,), in degrees."""
    native, both, one = updates(
        net, x, target, Contrastive(), DifferentialHebbian(symmetric=True), DifferentialHebbian(),
        nudge=nudge,
    )  # fmt: skip
    right, bp = downhill(net, x, target), backprop_updates(net, x, target).weights
    pairs = ((native, both), (native, one), (native, right), (native, bp), (one, bp))
    return {name: degrees(*pair) for name, pair in zip(PAIRS, pairs, strict=True)}


@remembered
def measured_angles(
    seed: int, scale: float = 1.0, nudge: float = 1.0, hidden: str = "sigmoid"
) -> dict[str, Array]:
    """``angles_of`` a fresh network with 64 digits."""
    x, _, target = some_digits(seed)
    return angles_of(fresh(seed, hidden, scale), x, target, nudge)


def angles_over_seeds(
    count: int = 4, scale: float = 1.0, nudge: float = 1.0, pairs: tuple[str, ...] = PAIRS
) -> dict[str, Array]:
    """The same over seeds, each (seeds, L)."""
    found = [measured_angles(seed, scale, nudge) for seed in range(count)]
    return {name: np.stack([one[name] for one in found]) for name in pairs}


@remembered
def hurried(hidden: str, seed: int, steps: int = 40, nudge: float = 0.3) -> float:
    """How many degrees the contrastive update, nudged to one side, is turned if the free phase of
    a fresh network ends after so many steps and not after 1,000."""
    x, _, target = some_digits(seed, 32)
    net = fresh(seed, hidden)
    made = []
    for free_steps in (steps, 1000):
        ep = EquilibriumPropagation(nudge, free_steps=free_steps, nudged_steps=15)
        (found,) = fold(ep.teach(net, x, target), Contrastive())
        made.append(np.concatenate([W.ravel() for W in found.weights]))
    return angle(*made)
