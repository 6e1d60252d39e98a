"""The steps of T7, chained: from the error of the output to the updates of every layer."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Order
from ....teaching.proofs.theory import Steps, World
from .statement import T7

Array = np.ndarray


@T7.compose("updates of DH and error-based ones, from your steps", claim=Order(2))
def from_the_error(steps: Steps, worlds: list[World]) -> list[tuple[Array, Array]]:
    """(predicted, measured) updates of a phase with a weak nudge, both rules, all layers.

    The error of the output is beta e. Step T7.2 takes it down to layer 1; step T7.5 takes the
    journeys up again, in which a change of rate is the slope times the change of voltage. DH writes
    the journeys times the rates below, the error-based rule minus the slope of step T7.4.
    """
    top, e = worlds[-1], worlds[0]["e"]
    eps = [worlds[0]["beta"] * e]
    for world in reversed(worlds):
        eps.insert(0, np.asarray(steps["T7.2"](eps[0], world["D_free"], world["W_above"])))
    slopes = [np.asarray(world["D_free"]) for world in worlds] + [np.ones_like(e)]
    weights = [world["W"] for world in worlds] + [top["W_above"]]
    rates = [world["r_free_below"] for world in worlds] + [top["r_free"]]
    dr, pairs = np.zeros_like(rates[0]), []
    for l, (W, r, D) in enumerate(zip(weights, rates, slopes, strict=True)):
        dv = np.asarray(steps["T7.5"](eps[l], W, dr))
        pairs.append((np.outer(dv, r), top["all DH"][l]))
        slope = np.asarray(steps["T7.4"](eps[l], r, D))
        pairs.append((-slope, top["all error-based"][l]))
        dr = D * dv
    return pairs
