"""What the stored runs at full size say, in sentences: as many runs as there are by now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....data import stored_paper
from ....teaching.words import count
from .courses import METHODS, of

Runs = Sequence[Any]


def said(values: Sequence[float], digits: int = 0) -> str:
    """A number, or the least and the greatest of several."""
    ends = sorted({f"{value:.{digits}f}" for value in (min(values), max(values))}, key=float)
    return " to ".join(ends)


def greatest(runs: Runs, layer: int) -> list[float]:
    """Of each run the greatest angle of DH to backprop over training (deg), in one layer, -1 for
    the output."""
    return [max(a[:-1][layer] for a in run.at("angles", "dh bp")[1]) for run in runs]


def gains(runs: Runs) -> list[float]:
    """Of each run the loop gain when last looked at: the mean eigenvalue of J Q."""
    return [run.at("losses", "gain")[1][-1] for run in runs]


def full_size(runs: Runs | None = None, surprise: Runs | None = None) -> list[str]:
    """What became of DH's update in each kind of network, and how many runs fell at the end: that
    diverged, or lost what they had learned. runs: those that are stored, if not given; surprise:
    those with shifted labels."""
    runs = stored_paper() if runs is None else runs
    surprise = stored_paper(surprise=True) if surprise is None else surprise
    lines = []
    for method, name in METHODS.items():
        looked = [run for run in of(runs, method) if run.at("angles", "dh bp")[1]]
        if looked:
            lines += [
                f"trained by {name}, {count(len(looked), 'seed')}:",
                f"  DH's update of the output layer: at most {said(greatest(looked, -1))}° off",
                f"  and of the layer below it: at most {said(greatest(looked, -2))}° off",
                f"  loop gain at the end: {said(gains(looked), 1)}",
                f"  test digits: {said([run.accuracy for run in looked], 2)} %",
            ]
    for method, name in METHODS.items():
        own = [*of(runs, method), *of(surprise, method)]
        if own:
            fell = sum(run.failure is not None or run.lost for run in own)
            lines.append(f"fell at the end: {fell} of {count(len(own), 'run')} by {name}")
    return lines


def expected_by_layer(runs: Runs | None = None) -> list[str]:
    """The cosine of STDP's expectation with DH in each layer, run by run."""
    found = []
    for run in stored_paper("samples") if runs is None else runs:
        rows = [r["cosine"][:-1] for r in run.records if r.get("trains") == "expected"]
        layers = ", ".join(f"{c:.3f}" for c in rows[0])
        found.append(f"seed {run.seed}, from layer 1 to the output: {layers}")
    return found
