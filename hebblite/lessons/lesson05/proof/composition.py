"""The steps of T3, chained: they predict every layer from the push of the output layer alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Order
from .statement import T3

Array = np.ndarray


@T3.compose("P a, from your steps", claim=Order(2))
def from_the_top(
    steps: Mapping[str, Answer], worlds: list[dict[str, Any]]
) -> list[tuple[Array, Array]]:
    """(predicted, measured) change of voltage for the layers l = 2..L.

    Step T3.3 takes the push of the output layer down to layer 1, where P_1 = I. Step T3.4 makes
    each P_l from P_{l-1}, and step T3.2 takes P_{l-1} a_{l-1} up to the next layer.
    """
    a = [worlds[-1]["a"]]
    for world in reversed(worlds):
        a.insert(0, np.asarray(steps["T3.3"](world["W"], world["D_below"], a[0])))
    P, pairs = np.eye(len(a[0])), []
    for a_below, a_here, world in zip(a, a[1:], worlds, strict=False):
        W, D = world["W"], world["D_below"]
        pairs.append((np.asarray(steps["T3.2"](a_here, W, D, P @ a_below)), world["dv"]))
        columns = [steps["T3.4"](one, W, D, P) for one in np.eye(len(W))]
        P = np.stack([np.asarray(column) for column in columns], axis=1)
    return pairs
