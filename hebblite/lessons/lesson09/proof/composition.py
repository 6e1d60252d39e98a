"""The steps of T6, chained: they predict minus the gradient of the free state's loss."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Tends, World
from .statement import T6

Array = np.ndarray


@T6.compose("minus the gradient, from your steps", claim=Tends(1))
def from_two_states(steps: Mapping[str, Answer], worlds: list[World]) -> list[tuple[Array, Array]]:
    """(predicted, measured) minus the gradient for the layers l = 1..L, in three ways.

    T6.3 in the free state and in the nudged one: how dF/dW changes with the nudge. T6.5 on the same
    two states. T6.7 on the two ends of the engine's phase, divided by the nudge."""
    pairs = []
    for world in worlds:
        nudge, measured = world["nudge"], world["downhill"]
        free, nudged, start, end = (
            (world[f"r_{name}"], world[f"r_{name}_below"])
            for name in ("free", "nudged", "start", "end")
        )
        by_value = (np.asarray(steps["T6.3"](*free)) - steps["T6.3"](*nudged)) / nudge
        by_rest = np.asarray(steps["T6.5"](*free, *nudged, nudge))
        by_phase = np.asarray(steps["T6.7"](*start, *end)) / nudge
        pairs += [(found, measured) for found in (by_value, by_rest, by_phase)]
    return pairs
