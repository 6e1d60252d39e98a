"""A published program, run: one of its layers is never trained. What that costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart

Array = np.ndarray
#: Rows of training, by what stands at the start of their names; the first that fits.
LOOKS = {"dh, output": "hebb", "dh": "dh", "error-based": "error", "backprop": "backprop"}


def look_of(name: str, k: int) -> str | int:
    """The look of a training by its name, or by its number."""
    return next((look for word, look in LOOKS.items() if name.lower().startswith(word)), k)


def draw_published(curves: Mapping[str, Array], guess: Mapping[str, float] | None = None) -> str:
    """Accuracy over epochs, the mean of the seeds with a band from the least to the greatest, and
    beside it the last epoch with a dot for each seed.

    curves: by name accuracies in %, from epoch 0: (S, E+1), or (E+1,) for one seed. guess: what the
    learner expects in the end, in %, by name.
    """
    found = {name: np.atleast_2d(np.asarray(y, float)) for name, y in curves.items()}
    series: list[Series] = []
    for k, (name, y) in enumerate(found.items()):
        epochs, look = np.arange(float(y.shape[1])), look_of(name, k)
        if len(y) > 1:
            series.append(Series("", epochs, y.max(axis=0), "band", y.min(axis=0), colour=look))
        series.append(Series(name, epochs, y.mean(axis=0), "line+points", colour=look))
    last = [
        Series("", np.full(len(y), float(k)), y[:, -1], "dots", colour=look_of(name, k))
        for k, (name, y) in enumerate(found.items())
    ]
    ends = np.concatenate([y[:, -1] for y in found.values()])
    room = 0.15 * max(float(np.ptp(ends)), 1.0)
    said_so = [
        ("y", guess[name], f"you said {guess[name]:g} for {name}")
        for name in found
        if guess and name in guess
    ]
    whole = np.concatenate([ends, [mark for _, mark, _ in said_so]])
    panels = [
        Panel("While it learns", "epoch", "test accuracy (%)", series, y_range=(0.0, 102.0)),
        Panel("In the end, each seed", "", "test accuracy (%)", last, x_names=list(found),
              y_range=(float(whole.min()) - room, float(whole.max()) + room), marks=said_so),
    ]  # fmt: skip
    said = "; ".join(
        f"{name} {y[:, 0].mean():.1f} % before and {y[:, -1].mean():.1f} % after "
        f"{y.shape[1] - 1} epochs"
        for name, y in found.items()
    )
    seeds = max(map(len, found.values()))
    many = f"Means of {seeds} seeds: " if seeds > 1 else ""
    return chart(panels, f"Test accuracy over epochs. {many}{said}.", 700, 210)
