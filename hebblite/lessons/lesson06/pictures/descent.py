"""The least effort, found by letting go: voltages slide down H while the output is held."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ....teaching.schematic import Drawing
from ..runs.descent import Descent, example

Array = np.ndarray
GROUND, HIGH = 120.0, 82.0  # of the bars: their zero line, and the longest one
WIDE = 26.0  # of one neuron's pair of bars


def descent_film(made: Descent | None = None) -> dict[str, Any]:
    """What ``player.play`` wants: a frame and a caption for each step of a descent, and a label."""
    made = made or example()
    rows = list(range(len(made.H)))
    first, last = made.parts[0], made.parts[-1]
    return {
        "frames": [draw_descent(made, t) for t in rows],
        "captions": [f"step {t}: the pushes cost {made.H[t]:.2f}" for t in rows],
        "label": "Bars of what each neuron is pushed by and of what the layer above asks of it. "
        f"At first the output layer is pushed alone and pays {first[-1]:.2f}. Then the hidden "
        f"voltages move, the effort spreads and falls to {last.sum():.2f}, of which the output layer pays "
        f"{last[-1]:.2f}. In the end the two bars of every hidden neuron are equal.",
    }


def draw_descent(made: Descent, t: int = -1) -> str:
    """One moment: pairs of bars for each neuron above, effort by layer over the steps below."""
    t = range(len(made.H))[t]
    d = Drawing(680, 428, _label(made, t))
    scale = HIGH / max(float(np.abs(v).max()) for v in (*made.a, *made.asked))
    x = 16.0
    for l, a in enumerate(made.a):
        asked = made.asked[l][t] if l < len(made.asked) else None
        _layer(d, x, l, len(made.a), scale * a[t], None if asked is None else scale * asked)
        x += 212
    _key(d)
    d.put(_over_steps(made, t), 0, 222)
    return d.svg()


def _label(made: Descent, t: int) -> str:
    shares = ", ".join(f"{part:.2f}" for part in made.parts[t])
    gap = max(float(np.abs(a[t] - q[t]).max()) for a, q in zip(made.a, made.asked, strict=False))
    return (
        f"After {t} steps the pushes cost {made.H[t]:.2f} (the least is {made.least:.2f}): by "
        f"layer {shares}. A hidden neuron's push and what is asked of it differ by at most {gap:.2f}."
    )


def _layer(d: Drawing, left: float, l: int, depth: int, a: Array, asked: Array | None) -> None:
    name = f"layer {l + 1}" + (" (output, held)" if l + 1 == depth else "")
    d.say(left, 20, name, bold=True, fixed=True)
    d.path(f"M{left:.1f},{GROUND:.1f} h{2 * WIDE * len(a) + 8:.1f}", None, 1, opacity=0.5)
    for i, push in enumerate(a):
        x = left + 8 + 2 * WIDE * i
        _bar(d, x, float(push), "apical", 0.85)
        if asked is not None:
            _bar(d, x + 19, float(asked[i]), "rate", 0.25)


def _bar(d: Drawing, x: float, height: float, colour: str, level: float) -> None:
    d.path(f"M{x:.1f},{GROUND:.1f} V{GROUND - height:.1f} h17 V{GROUND:.1f} Z", colour, 1.6, colour,
           level)  # fmt: skip


def _key(d: Drawing) -> None:
    y = GROUND + HIGH + 14
    for x, colour, level, words in (
        (16.0, "apical", 0.85, "pushed by aₗ"),
        (150.0, "rate", 0.25, "asked for by the layer above: Dₗ Wᵀ aₗ₊₁"),
    ):
        d.path(f"M{x:.1f},{y - 10:.1f} h14 v12 h-14 Z", colour, 1.6, colour, level)
        d.say(x + 20, y, words, fixed=True)


def _over_steps(made: Descent, t: int) -> str:
    """The effort of the layers, one on top of the other, over the steps so far; pale: all."""
    steps = np.arange(float(len(made.H)))
    tops = np.cumsum(made.parts[:, ::-1], axis=1)  # the output layer at the bottom
    depth = tops.shape[1]
    series = [Series("", steps, made.H, ghost=True, colour="apical")]
    for k in range(depth):
        low = tops[: t + 1, k - 1] if k else np.zeros(t + 1)
        l = depth - k
        series.append(
            Series(f"layer {l}", steps[: t + 1], tops[: t + 1, k], "band", low, colour=layer(l))
        )
    series.append(Series("", steps[t : t + 1], made.H[t : t + 1], "points", colour="apical"))
    panel = Panel(
        "Effort H = ½ Σ |aₗ|²", "step of descent", "effort", series,
        x_range=(0, steps[-1]), y_range=(0, 1.1 * float(made.H.max())),
        marks=[("y", made.least, "least effort H*")],
    )  # fmt: skip
    return chart([panel], "effort over the steps", 680, 110)
