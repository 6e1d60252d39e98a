"""The quantities that the claims are about, each seed by seed, from the outcomes of runs.

What the names in ``claims`` leave open was settled before any verdict was computed: angles are of
all weights taken together (those of a single layer stand on the card beside them), over all epochs
that were looked at, the start included; courses of losses include the start too, as in lesson 07.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ...data.paper import PaperOutcome

Runs = Sequence[PaperOutcome]
#: From seeds to a number.
Values = dict[int, float]


def of(runs: Runs, method: str, surprise: bool = False) -> dict[int, PaperOutcome]:
    """The runs of a method, by seed."""
    return {r.seed: r for r in runs if r.method == method and bool(r.shifted) == surprise}


def paired(a: Values, b: Values) -> Values:
    """a - b, of the seeds that both have."""
    return {seed: a[seed] - b[seed] for seed in sorted(a.keys() & b.keys())}


def accuracies(runs: Runs, method: str) -> Values:
    """Percent of the test digits, after the epoch that validation chose."""
    return {seed: r.accuracy for seed, r in of(runs, method).items()}


def greatest_angle(runs: Runs, pair: str, method: str = "dfc-dh", layer: int = -1) -> Values:
    """Degrees, the greatest over training; ``layer`` -1: of all weights together."""
    found: Values = {}
    for seed, run in of(runs, method).items():
        _, seen = run.at("angles", pair)
        if seen:
            found[seed] = max(a[layer] for a in seen)
    return found


def worst_layer(runs: Runs, pair: str, method: str = "dfc-dh") -> Values:
    """Degrees, the greatest over training of any layer alone."""
    found: Values = {}
    for seed, run in of(runs, method).items():
        _, seen = run.at("angles", pair)
        if seen:
            found[seed] = max(max(a[:-1]) for a in seen)
    return found


def feedback_at_the_change(run: PaperOutcome) -> tuple[float, float]:
    """Feedback for the labels just learned, and for the right ones that come back."""
    record = next(r for r in run.records if r["epoch"] == run.shifted)
    return record["controller"]["feedback"], record["controller of the others"]["feedback"]


def finished(runs: dict[int, PaperOutcome]) -> dict[int, PaperOutcome]:
    """Those runs that went on to the last epoch; a quantity of the end has no meaning else."""
    return {seed: r for seed, r in runs.items() if r.failure is None}


def swinging(run: PaperOutcome) -> dict[int, int]:
    """By epoch, on how many of the digits that were looked at the loop swung: the published
    controller's, or that of the framework itself."""
    looks = run.at("controller", "swinging"), run.at("swinging")
    return {epoch: inputs for look in looks for epoch, inputs in zip(*look, strict=True)}


def jump(runs: Runs, method: str = "dfc-dh") -> Values:
    """Of all runs that came to the change, also of those that ended early after it."""
    every = of(runs, method, True)
    found = {seed: r for seed, r in every.items() if r.records[-1]["epoch"] >= r.shifted}
    pairs = {seed: feedback_at_the_change(run) for seed, run in found.items()}
    return {seed: other / learned for seed, (learned, other) in pairs.items()}


def fall(runs: Runs, method: str = "dfc-dh") -> Values:
    """Of the runs that went on to the end."""
    found = finished(of(runs, method, True))
    return {
        seed: run.records[-1]["controller"]["feedback"] / feedback_at_the_change(run)[1]
        for seed, run in found.items()
    }


def lowest(runs: Runs) -> Values:
    """The least feedback after any epoch since the change, over that for the restored labels then;
    also of runs that ended early or rose again."""
    found: Values = {}
    for seed, run in of(runs, "dfc-dh", True).items():
        later = [r["controller"]["feedback"] for r in run.records if r["epoch"] > run.shifted]
        if later:
            found[seed] = min(later) / feedback_at_the_change(run)[1]
    return found


def latency_left(runs: Runs, method: str = "dfc-dh") -> Values:
    """Latency when last looked at, over that after the first epoch."""
    found: Values = {}
    for seed, run in finished(of(runs, method)).items():
        epochs, seen = run.at("losses", "latency")
        if epochs and epochs[-1] > 1:
            found[seed] = seen[-1] / seen[epochs.index(1)]
    return found


def correlation(runs: Runs, loss: str, method: str = "dfc-dh") -> Values:
    """Of a loss with |e|, over all epochs that were looked at."""
    found: Values = {}
    for seed, run in of(runs, method).items():
        (_, errors), (_, seen) = run.at("losses", "error"), run.at("losses", loss)
        if len(seen) > 2:
            found[seed] = float(np.corrcoef(errors, seen)[0, 1])
    return found


def cosine_with_dh(runs: Runs, trains: int) -> Values:
    """Of the STDP of so many trains, all weights together."""
    return {
        seed: row["cosine"][-1]
        for seed, run in of(runs, "samples").items()
        for row in run.records
        if row.get("trains") == trains
    }


def least_expected(runs: Runs) -> Values:
    """The cosine of expected STDP with DH in the layer where it is least."""
    return {
        seed: min(row["cosine"][:-1])
        for seed, run in of(runs, "samples").items()
        for row in run.records
        if row.get("trains") == "expected"
    }


class Quantity(NamedTuple):
    """How a quantity is computed, and which runs it is about."""

    values: Callable[[Runs], Values]
    methods: tuple[str, ...] = ("dfc-dh",)
    surprise: bool = False


NAMED: dict[str, Quantity] = {
    "greatest angle of dfc-dh's DH to error-based":
        Quantity(lambda runs: greatest_angle(runs, "dh error-based")),
    "greatest angle of dfc-dh's DH to bp":
        Quantity(lambda runs: greatest_angle(runs, "dh bp")),
    "greatest angle of dfc-dh's expected STDP to DH":
        Quantity(lambda runs: greatest_angle(runs, "stdp-expected dh")),
    "feedback for the restored labels over that for the shifted ones, at the change":
        Quantity(jump, surprise=True),
    "feedback at the end over that for the restored labels at the change":
        Quantity(fall, surprise=True),
    "cosine with DH of 1024 trains minus that of 16, all weights": Quantity(
        lambda runs: paired(cosine_with_dh(runs, 1024), cosine_with_dh(runs, 16)), ("samples",)
    ),
    "least cosine of a layer's expected STDP with its DH": Quantity(least_expected, ("samples",)),
    "latency at the end over that after the first epoch, dfc-dh": Quantity(latency_left),
    "correlation of latency with |e| over epochs, dfc-dh":
        Quantity(lambda runs: correlation(runs, "latency")),
    "correlation of feedback with |e| over epochs, dfc-dh":
        Quantity(lambda runs: correlation(runs, "feedback")),
    "correlation of latency with |e| over epochs of bp minus that of dfc-dh": Quantity(
        lambda runs: paired(correlation(runs, "latency", "bp"), correlation(runs, "latency")),
        ("bp", "dfc-dh"),
    ),
}  # fmt: skip


def quantity(name: str) -> Quantity:
    """A quantity by its name in ``claims``."""
    difference = re.fullmatch(r"accuracy of (\S+) minus (\S+)", name)
    if difference is None:
        return NAMED[name]
    a, b = difference.groups()
    return Quantity(lambda runs: paired(accuracies(runs, a), accuracies(runs, b)), (a, b))


def values_of(name: str, runs: Runs) -> Values:
    """A quantity seed by seed; empty where the runs are not there."""
    return dict(sorted(quantity(name).values(runs).items()))


def about(name: str, runs: Runs) -> list[PaperOutcome]:
    """The runs that a quantity is about, also those that ended early."""
    wanted = quantity(name)
    return [r for m in wanted.methods for r in of(runs, m, wanted.surprise).values()]
