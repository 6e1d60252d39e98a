"""What stands on a card beside its verdict: numbers that are not judged, and what flips it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from .flips import tried
from .quantities import Runs, Values, accuracies, correlation, fall, jump, lowest, of, worst_layer
from .quantities import latency_left as left


@dataclass(frozen=True)
class Remark:
    """kind: "beside" (a number that is not judged) or "flip"."""

    kind: str
    text: str


def _mean(values: Values) -> float:
    return statistics.fmean(values.values())


def remarks(name: str, runs: Runs, flips: Runs = ()) -> Iterator[Remark]:
    """All there is to say from these runs."""
    for text in _beside(name, runs):
        yield Remark("beside", text)
    for flip in tried(flips, name):
        yield Remark("flip", flip.text())


def _beside(name: str, runs: Runs) -> Iterator[str]:
    if name == "angles":
        for pair, what in (
            ("dh error-based", "DH to error-based"), ("dh bp", "DH to bp"),
            ("stdp-expected dh", "expected STDP to DH"), ("stdp dh", "16 trains of STDP to DH"),
        ):  # fmt: skip
            found = worst_layer(runs, pair)
            if found:
                yield f"{what}, the greatest angle of any single layer: {_mean(found):.0f} degrees"
        found = worst_layer(runs, "dh error-based", "bp")
        if found:
            yield (
                "control: in networks that backprop trains, the greatest angle of DH to "
                f"error-based of any single layer is {_mean(found):.0f} degrees"
            )
        gains = []
        for method in ("dfc-dh", "bp"):
            seen = [run.at("losses", "gain")[1] for run in of(runs, method).values()]
            if any(seen):
                first, last = (statistics.fmean(g[at] for g in seen if g) for at in (0, -1))
                gains.append(f"with {method} from {first:.1f} to {last:.1f}")
        if gains:
            yield (
                "loop gain (mean eigenvalue of J Q on 32 digits), start to end of training: "
                + ", ".join(gains)
            )
    if name == "surprise":
        least = lowest(runs)
        if least:
            yield (
                f"the least feedback after any epoch since the change: {_mean(least):.3f} times "
                "that at the change"
            )
        for method in ("bp", "dfc-error-based"):
            up, down = jump(runs, method), fall(runs, method)
            if up:
                yield (
                    f"control: in networks that {method} trains, the feedback jumps "
                    f"{_mean(up):.1f} times and falls to {_mean(down):.2f} of it"
                )
    if name == "latency":
        found = left(runs, "bp")
        if found:
            yield f"control: under backprop it falls to {_mean(found):.2f} times"
    if name == "together":
        for loss in ("latency", "feedback", "least"):
            found = correlation(runs, loss, "bp")
            if found:
                label = {"least": "H*"}.get(loss, loss)
                yield f"control: under backprop {label} has a correlation of {_mean(found):.3f}"
    if name == "dfc":
        found = accuracies(runs, "bp")
        if found:
            yield f"backprop itself reaches {_mean(found):.2f} %"
