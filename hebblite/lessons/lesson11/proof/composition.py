"""The steps of T2, chained: from changes of rates to what STDP does on average."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Order
from ....teaching.proofs.theory import Steps, World
from .memory import SPEEDS
from .statement import T2

Array = np.ndarray


@T2.compose("STDP's mean update, from your steps", claim=Order(2, SPEEDS))
def from_changes(steps: Steps, worlds: list[World]) -> list[tuple[Array, Array]]:
    """(predicted, measured) means of STDP's update, in all layers.

    Step T2.3 says how far the memory of each rate lags behind, in each step, and step T2.2 what
    STDP makes of it; step T2.4 says it in one; step T2.5 makes it of the engine's own updates of DH
    and of the contrast. In layer 1, where pre is the input, step T2.6 does.
    """
    pairs = []
    for world in worlds:
        d, E = world["d"], world["E"]
        lags = [
            np.array([steps["T2.3"](d, row) for row in world[name]]) for name in ("dpost", "dpre")
        ]
        pairs.append((np.asarray(steps["T2.2"](d, world["post"], world["pre"], *lags)), E))
        given = (world[name] for name in ("post", "pre", "dpost", "dpre"))
        pairs.append((np.asarray(steps["T2.4"](*given)), E))
        given = (world[name] for name in ("DH", "contrast", "dpost", "dpre"))
        pairs.append((np.asarray(steps["T2.5"](*given)), E))
        if "first" in world:
            first = world["first"]
            made = steps["T2.6"](first["start"], first["end"], first["x"])
            pairs.append((np.asarray(made), first["E"]))
    return pairs
