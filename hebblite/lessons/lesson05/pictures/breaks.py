"""What happens to a loop in which something is broken, over epochs and over hurried starts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ..runs.breaks import SETTLED
from ..runs.training import Run

Array = np.ndarray


def over_epochs(values: Array | list[float]) -> tuple[Array, Array]:
    """Epochs 0, 1, ... and the values at them."""
    return np.arange(float(len(values))), np.array(values, float)


def by_layer(rows: list[list[float]], kind: str = "line+points") -> list[Series]:
    """One curve over epochs for each layer, from rows of (L,)."""
    return [
        Series(f"layer {l}", *over_epochs(y), kind, colour=layer(l))
        for l, y in enumerate(np.array(rows, float).T, start=1)
    ]


def draw_hurry(settled: int, runs: Mapping[int, Run]) -> str:
    """Left: where training ends for every hurried start. Right: in each layer what the rest of the
    journey adds to the update, beside the push, over the training with ``settled`` percent."""
    percents = np.array(SETTLED, float)
    ends = np.array([runs[p].accuracy[-1] for p in SETTLED])
    run = runs[int(settled)]
    here = np.array([float(settled)])
    rest = [[max(ratio, 1e-9) for ratio in row] for row in run.rest]
    panels = [
        Panel(
            "What the network reads in the end", "settled at the start (%)", "accuracy (%)",
            [Series("after 5 epochs", percents, ends, "line+points", colour="dh"),
             Series("this start", here, ends[percents == settled], "points", colour="voltage")],
            x_range=(89, 101), y_range=(0, 100),
            marks=[("y", 10.0, "a blind guess")],
        ),
        Panel(
            f"Rest of the journey, {settled} % settled", "epoch", "rest of the journey / push",
            by_layer(rest), x_range=(-0.2, 5.2), y_log=True, y_range=(0.003, 300),
            marks=[("y", 1.0, "as large as the push")],
        ),
    ]  # fmt: skip
    said = ", ".join(f"{r:.2g}" for r in run.rest[0]) if run.rest else "nothing in any layer"
    label = (
        f"With {settled} percent of the way gone at the start, training ends at "
        f"{run.accuracy[-1]:.0f} percent. Left: over starts from {SETTLED[0]} to {SETTLED[-1]} "
        f"percent the end rises from {ends[0]:.0f} to {ends[-1]:.0f} percent, most of it in the "
        "last few. Right: at first the rest of the journey, relative to the push, is "
        f"{said} in layers 1 to 4."
    )
    return chart(panels, label, 680)


def draw_patience(runs: Mapping[str, Run]) -> str:
    """Random feedback over many epochs: accuracy of several runs, and the angles of the first."""
    looks = {"DH": "dh", "error-based": "error", "output layer only": "backprop"}
    accuracy = [
        Series(name, *over_epochs(run.accuracy), "line+points", colour=looks.get(name))
        for name, run in runs.items()
    ]
    first = next(iter(runs.values()))
    far = (-0.4, len(first.accuracy) - 0.6)
    panels = [
        Panel("Random feedback, more patience", "epoch", "accuracy (%)", accuracy,
              x_range=far, y_range=(0, 100)),
        Panel("Angle of DH to backprop", "epoch", "angle (°)", by_layer(first.angles),
              x_range=far, y_range=(0, 120), marks=[("y", 90.0, "unrelated")]),
    ]  # fmt: skip
    ends = ", ".join(f"{name} {run.accuracy[-1]:.0f} percent" for name, run in runs.items())
    start, end = (" ".join(f"{a:.0f}" for a in first.angles[i]) for i in (0, -1))
    label = (
        f"Two line charts over {len(first.accuracy) - 1} epochs with random feedback. Left: "
        f"accuracy ends at {ends}. Right: the angles of DH in layers 1 to 4 go from {start} to "
        f"{end} degrees."
    )
    return chart(panels, label, 680)


def draw_own(run: Run, whole: Run) -> str:
    """A run of the learner's beside the one in which nothing is broken: accuracy and angles."""
    most = max(len(run.accuracy), len(whole.accuracy), 2)
    series = [Series("nothing broken", *over_epochs(whole.accuracy), ghost=True)]
    if run.accuracy:
        series.append(Series("yours", *over_epochs(run.accuracy), "line+points", colour="dh"))
    far = (-0.2, most - 0.8)
    angles = by_layer(run.angles) if run.angles else []
    panels = [
        Panel("Does it learn?", "epoch", "accuracy (%)", series, x_range=far, y_range=(0, 100)),
        Panel("Angle to backprop", "epoch", "angle (°)", angles, x_range=far, y_range=(0, 180),
              marks=[("y", 90.0, "unrelated")]),
    ]  # fmt: skip
    last = f"ends at {run.accuracy[-1]:.0f} percent" if run.accuracy else "has no point"
    label = (
        f"Accuracy and angles over epochs. Your run {last}, the one with nothing broken at "
        f"{whole.accuracy[-1]:.0f} percent."
    )
    if run.words:
        label += " Yours was stopped."
    return chart(panels, label, 680)
