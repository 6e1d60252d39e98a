"""STDP against DH over the number of samples, layer by layer, with the bias that remains.

A network is trained by dfc-dh for plans.SAMPLES_AFTER epochs. Then one batch of validation digits
goes through the controller, and 1,024 independent runs of the spikes are drawn on the same states.
The average of the first n of them is what STDP with n samples would do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from ...analysis import cosine
from ...frameworks import DeepFeedbackControl
from ...rules import STDP, DifferentialHebbian
from ...rules.base import Updates
from ...stream import Block, fold
from . import looks
from .plans import SAMPLES_AFTER, PaperRun, paper_run
from .training import Training, targets

#: Seeds of it at each scale, and the numbers of trains that are looked at.
SEEDS = {"full": 3, "small": 2}
TRAINS = tuple(2**k for k in range(11))
#: Trains that are drawn in one pass through the states.
AT_ONCE = 16


def samples_run(seed: int, scale: str = "full") -> PaperRun:
    """The run of one seed."""
    planned = paper_run("dfc-dh", seed, scale)
    return replace(
        planned, method="samples", training=replace(planned.training, epochs=SAMPLES_AFTER)
    )


def cosines(one: Updates, other: Updates) -> list[float]:
    """Of each layer's weights, and of all together."""
    a, b = ([W.ravel() for W in u.weights] for u in (one, other))
    pairs = [*zip(a, b, strict=True), (np.concatenate(a), np.concatenate(b))]
    return [round(float(cosine(*pair)), 6) for pair in pairs]


class Samples(Training):
    """Training, and then the spikes."""

    def go(self) -> dict[str, Any]:
        made = super().go()
        if made["failure"] is None:
            made["records"] = [*made["records"], *self.draw()]
        return made

    def states(self) -> Iterable[Block]:
        """What the spikes are drawn from: the same each time."""
        rows = slice(0, looks.PROBES)
        x, target = self.x_choose[rows], targets(self.run, self.y_choose[rows])
        return looks.Watched(DeepFeedbackControl(**looks.COARSE).teach(self.net, x, target))

    def draw(self) -> list[dict[str, Any]]:
        """A record for each number of trains, and one for the expectation."""
        dh, expected = fold(self.states(), DifferentialHebbian(), STDP(expected=True))
        total: Updates | None = None
        records, drawn, first = [], 0, TRAINS[-1] * self.run.training.seed
        while drawn < TRAINS[-1]:
            rules = [STDP(seed=first + drawn + k) for k in range(AT_ONCE)]
            for found in fold(self.states(), *rules):
                total = found if total is None else plus(total, found)
                drawn += 1
                if drawn in TRAINS:
                    records.append(self.record(drawn, total, dh, expected))
        records.append(self.record("expected", expected, dh, expected))
        return records

    def record(
        self, trains: int | str, found: Updates, dh: Updates, expected: Updates
    ) -> dict[str, Any]:
        return {
            "epoch": self.run.training.epochs, "trains": trains, "cosine": cosines(found, dh),
            "cosine with expected": cosines(found, expected),
        }  # fmt: skip


def plus(a: Updates, b: Updates) -> Updates:
    """The sum: of which way it points is all that is asked."""
    return Updates(
        [x + y for x, y in zip(a.weights, b.weights, strict=True)],
        [x + y for x, y in zip(a.biases, b.biases, strict=True)],
    )
