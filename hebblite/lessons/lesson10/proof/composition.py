"""The steps of T8, chained: from the teacher's nudge to the updates of every layer."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Order
from ....teaching.proofs.theory import Steps, World
from .statement import T8

Array = np.ndarray


@T8.compose("updates of DH and error-based ones, from your steps", claim=Order(2))
def from_the_nudge(steps: Steps, worlds: list[World]) -> list[tuple[Array, Array]]:
    """(predicted, measured) updates: of DH on voltages in all layers, and error-based ones in the
    hidden layers.

    Step T8.4 says how far the output lies above its basal drive; step T8.3 what of it each dendrite
    feels, layer by layer downward, of which g_A / g reaches the soma; step T8.6 takes the journeys
    up again, in which a change of rate is the slope times the change of voltage. Step T8.7 predicts
    the error-based rule.
    """
    top = worlds[-1]
    a = [np.asarray(steps["T8.4"](top["k"], top["e"]))]
    for world in reversed(worlds):
        error, none = a[0], np.zeros_like(a[0])
        felt = steps["T8.3"](world["Y"], world["D_above"], error, none, world["k_I"])
        a.insert(0, world["share"] * np.asarray(felt))
    weights = [world["W"] for world in worlds] + [top["W_above"]]
    rates = [world["r_free_below"] for world in worlds] + [top["r_free"]]
    slopes = [np.asarray(world["D"]) for world in worlds] + [np.ones_like(top["e"])]
    dr, pairs = np.zeros_like(rates[0]), []
    for l, (a_l, W, r, D) in enumerate(zip(a, weights, rates, slopes, strict=True)):
        dv = np.asarray(steps["T8.6"](a_l, W, dr))
        pairs.append((np.outer(dv, r), top["all DH"][l]))
        dr = D * dv
    for world in worlds:
        given = (world[name] for name in ("k", "gamma", "n", "delta", "r_free_below"))
        pairs.append((np.asarray(steps["T8.7"](*given)), world["dW"]))
    return pairs
