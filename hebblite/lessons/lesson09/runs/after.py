"""What the assumptions of theorem T6 are worth once a network has learned: the same angles as in a
fresh one, in the phases that trained it, and how far from rest and how wide its nudges are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ....analysis import backprop_updates
from ....frameworks import EquilibriumPropagation
from ....network import Network
from ....rules import Contrastive, DifferentialHebbian
from ....stream import fold
from .directions import Layers, degrees, downhill, estimates
from .rest import steps_to_rest
from .stage import PHASES, fresh, some_digits, trained

Array = np.ndarray

LONG = 300  # steps of a nudged phase that has time


@dataclass(frozen=True)
class Kept:
    """How well a network keeps the assumptions, measured with B digits in the phases of training.

    angles: by name, in each layer, (L,), in degrees. not_at_rest: the share of the digits whose
    free phase is not over when it ends. off: how far the estimate from two states of rest is from
    minus the gradient, relative to its length, with the nudge of training: "one-sided" for a nudge
    from 0, and "centred". off_weak: the same with a tenth of that nudge."""

    angles: dict[str, Array]
    not_at_rest: float
    off: dict[str, float]
    off_weak: dict[str, float]


def made(net: Network, x: Array, target: Array, **phases: Any) -> tuple[Layers, Layers]:
    """The updates by the contrast and by DH, with changes of the phases of training."""
    ep = EquilibriumPropagation(**(PHASES | phases))
    native, dh = fold(ep.teach(net, x, target), Contrastive(), DifferentialHebbian())
    return native.weights, dh.weights


def keeps(net: Network, x: Array, target: Array) -> Kept:
    """Measure it, for a network in float64 and inputs (B, n_0) with their targets (B, n_L)."""
    native, dh = made(net, x, target)
    angles = {
        "DH and the contrast": degrees(dh, native),
        "contrast and its own gradient": degrees(native, downhill(net, x, target)),
        "contrast and backprop": degrees(native, backprop_updates(net, x, target).weights),
        "contrast, a longer nudge": degrees(native, made(net, x, target, nudged_steps=LONG)[0]),
    }
    moving = float(np.mean(steps_to_rest(net, x, most=200) > PHASES["free_steps"]))
    nudge = PHASES["nudge"]
    found = estimates(net, x[:16], target[:16], (nudge / 10, nudge))
    weak, off = ({way: float(found[way][k]) for way in ("one-sided", "centred")} for k in (0, 1))
    return Kept(angles, moving, off, weak)


@cache
def before_and_after(seed: int) -> tuple[Kept, Kept]:
    """The same for 64 digits: in the fresh network, and in the one that the contrast trained."""
    x, _, target = some_digits(seed)
    learned = trained("contrastive", seed).net.astype("float64")
    return keeps(fresh(seed), x, target), keeps(learned, x, target)
