"""A published program, run: one of its layers is never trained. What that costs."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.schematic import Drawing

Array = np.ndarray
#: Rows of training, by what stands at the start of their names; the first that fits.
LOOKS = {
    "dh, output": "hebb", "dh, layer 1": "layer1", "dh": "dh", "error-based": "error",
    "backprop, output": "layer4", "backprop": "backprop",
}  # fmt: skip
BESIDE, GAP = 4, 12.0  # at most so many stand side by side; else two rows, so far apart


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
    longest = max(y.shape[1] for y in found.values())
    panels = [
        Panel("While it learns", "epoch", "test accuracy (%)", series, y_range=(0.0, 102.0),
              x_names=[f"{t}" for t in range(longest)] if longest < 13 else ()),
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
    label = f"Test accuracy over epochs. {many}{said}."
    if len(found) <= BESIDE:
        return chart(panels, label, 700, 210)
    above, below = (chart([panel], "", 700, 170) for panel in panels)
    d = Drawing(700, tall(above) + GAP + tall(below), label)
    d.put(above, 0, 0)
    d.put(below, 0, tall(above) + GAP)
    return d.svg()


def tall(svg: str) -> float:
    """The height of a picture, in pixels."""
    return float(ET.fromstring(svg).get("viewBox", "0 0 0 0").split()[3])


def draw_cost(costs: Mapping[str, Mapping[int, Array]]) -> str:
    """What an untrained output costs, in points of accuracy, against the number of neurons in the
    layer below it: a dot for each seed, a panel for each method.

    costs: by name of the method and by width (S,) points.
    """
    ends = np.concatenate([np.ravel(v) for by in costs.values() for v in by.values()])
    low, high = min(0.0, float(ends.min())), max(1.0, float(ends.max()))
    room, panels, said = 0.1 * (high - low), [], []
    for k, (name, by) in enumerate(costs.items()):
        points = [np.atleast_1d(np.asarray(v, float)) for v in by.values()]
        at = np.concatenate([np.full(len(v), float(i)) for i, v in enumerate(points)])
        dots = Series("", at, np.concatenate(points), "dots", colour=look_of(name, k))
        panels.append(
            Panel(f"{name}: what it costs", "neurons below the output", "points of accuracy",
                  [dots], x_names=[f"{width}" for width in by],
                  y_range=(low - room, high + room))
        )  # fmt: skip
        medians = zip(by, points, strict=True)
        said += [f"{name}, {width} neurons: {np.median(v):.1f}" for width, v in medians]
    label = f"Points of accuracy that an untrained output costs (medians): {'; '.join(said)}."
    return chart(panels, label, 700 if len(panels) > 1 else 480, 180)
