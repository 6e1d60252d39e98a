"""Charts that compare rules: angles, accuracy, and what populations do for spikes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ....teaching.numerals import minus

Array = np.ndarray

#: How what is compared looks, by what stands in its name, the first that fits. The contrastive
#: rule is symmetrised DH, so the two share a look.
LOOKS = {
    "stdp": "stdp", "spike": "stdp", "symmetrised": "voltage", "dh": "dh", "contrast": "voltage",
    "backprop": "backprop", "hebb": "hebb",
}  # fmt: skip


def look_of(name: str, k: int) -> str | int:
    """The look of a name, or that of the curve with this number."""
    return next((look for part, look in LOOKS.items() if part in name.lower()), k)


def draw_angles(angles: Mapping[str, Array], guess: float | None = None) -> str:
    """Angles between pairs of updates in each layer: a dot for each draw, and their median where
    there are several.

    angles: by the name of the pair, (N, L) degrees: N draws, L layers. guess: the learner's, of the
    first pair.
    """
    names = list(angles)
    draws, depth = np.asarray(angles[names[0]]).shape
    series, said = [], []
    kind = "dots" if draws > 1 else "points"  # a median would hide the only dot
    for k, name in enumerate(names):
        rows = np.asarray(angles[name], float)
        at = np.arange(depth) * (len(names) + 1.0) + k
        x, y = np.tile(at, len(rows)), rows.ravel()
        series.append(Series(name, x, y, kind, colour=_apart(names, k)))
        middle = ", ".join(f"{a:.1f}" for a in np.median(rows, axis=0))
        said.append(f"{name}: {middle} degrees in layers 1 to {depth}")
    marks = [] if guess is None else [("y", float(guess), f"you said {guess:g}°")]
    top = max(float(np.max(v)) for v in angles.values())
    bands = [
        ("x", l * (len(names) + 1.0) - 0.8, l * (len(names) + 1.0) + len(names) - 0.2,
         f"layer {l + 1}")
        for l in range(depth)
    ]  # fmt: skip
    panel = Panel(
        f"Angles between updates{', a dot for each draw' if draws > 1 else ''}", "", "angle (°)",
        series, marks=marks,
        x_range=(-1.0, depth * (len(names) + 1.0) - 1.0), x_names=(" ",), bands=bands,
        y_range=(-0.06 * max(top, 1.0), 1.25 * max(top, 1.0)),
    )  # fmt: skip
    return chart([panel], minus(f"Dots of angles between updates. {'; '.join(said)}."), 680, 220)


def _apart(names: list[str], k: int) -> str | int:
    """The look of a pair, or a number of its own where an earlier one has that look."""
    looks: list[str | int] = []
    for i, name in enumerate(names):
        look = look_of(name, i)
        looks.append(look if look not in looks else 6 - i)
    return looks[k]


def draw_population(
    found: Mapping[str, Array | Mapping[str, Array]], guess: float | None = None
) -> str:
    """The cosine of an update made of spikes with its expectation over the size of the population
    that carries each rate: a dot for each seed, and the median.

    found: ``population`` (T,), and ``cosine``: (S, T), or such an array by name, e.g. of a layer.
    guess: the learner's number of neurons.
    """
    size = np.asarray(found["population"], float)
    cosine = found["cosine"]
    tables = cosine if isinstance(cosine, Mapping) else {"all layers": cosine}
    series, said, lowest = [], [], 0.0
    for k, (name, rows) in enumerate(tables.items()):
        rows = np.atleast_2d(np.asarray(rows, float))
        colour = "stdp" if len(tables) == 1 else layer(k + 1)
        middle, lowest = np.median(rows, axis=0), min(lowest, float(rows.min()))
        every = (np.tile(size, len(rows)), rows.ravel())
        series.append(Series("", *every, "points", colour=colour))
        series.append(Series(f"{name}, median", size, middle, colour=colour))
        said.append(f"{name}: {middle[0]:.2f} with {size[0]:g}, {middle[-1]:.2f} with {size[-1]:g}")
    said_so = [] if guess is None else [("x", float(guess), f"you said {guess:g}")]
    panel = Panel(
        "More neurons for each rate, less noise", "neurons for each rate",
        "cosine with the expectation", series, x_log=True, y_range=(1.1 * lowest - 0.02, 1.08),
        marks=[("y", 1.0, "no noise"), ("y", 0.0, "unrelated"), *said_so],
    )  # fmt: skip
    label = (
        f"Cosine of spike updates with their expectation over neurons a rate. {'; '.join(said)}."
    )
    return chart([panel], minus(label), 600, 230)


def draw_accuracy(
    runs: Mapping[str, Array], chance: float | None = None, guess: float | None = None
) -> str:
    """Accuracy of networks by what trained them: a dot for each seed and their median; a bar where
    there is one seed each.

    runs: by name the accuracies in percent, (S,). chance: drawn as a line, and then on the axis.
    guess: the learner's.
    """
    names, seeds = list(runs), max(np.size(y) for y in runs.values())
    series, said, under = [], [], []
    for k, name in enumerate(names):
        y = np.ravel(np.asarray(runs[name], float))
        kind = "dots" if seeds > 1 else "bars"
        # Bars of several series stand side by side: each is brought back above its name.
        aside = 0.0 if seeds > 1 else 0.4 - 0.4 * (2 * k + 1) / len(names)
        x = np.full(len(y), k + aside)
        series.append(Series("", x, y, kind, colour=look_of(name, k)))
        said.append(f"{name} {np.median(y):.1f} percent ({y.min():.1f} to {y.max():.1f})")
        under.append(f"{name}: {np.median(y):.1f}")
    marks = [] if chance is None else [("y", chance, f"chance, {chance:g} %")]
    marks += [] if guess is None else [("y", guess, f"you said {guess:g} %")]
    panel = Panel(
        f"Test digits read rightly{', a dot for each seed' if seeds > 1 else ''}", "",
        "accuracy (%)", series, marks=marks, x_names=under, x_range=(-0.6, len(names) - 0.4),
        y_range=None if seeds > 1 else (0.0, 104.0),
    )  # fmt: skip
    how = f"Dots of accuracy, up to {seeds} seeds each" if seeds > 1 else "Bars of accuracy"
    return chart([panel], f"{how}: {'; '.join(said)}.", 600, 220)
