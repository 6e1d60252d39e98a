"""The least effort, found by letting go: voltages slide down H while the output is held."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing
from ..runs.descent import Descent, example

Array = np.ndarray
GROUND, HIGH = 122.0, 76.0  # of the bars: their zero line, and the longest one
LEFT, APART, WIDE = 16.0, 222.0, 54.0  # of the layers; of one neuron's pair of bars
EQUAL = 0.02


def descent_film(made: Descent | None = None) -> dict[str, Any]:
    """What ``player.play`` wants: a frame and a caption for each step of a descent, and a label."""
    made = made or example()
    rows = range(len(made.H))
    first, last = made.parts[0], made.parts[-1]
    return {
        "frames": [draw_descent(made, t) for t in rows],
        "captions": [_caption(made, t) for t in rows],
        "label": "Bars of what each neuron is pushed by and of what the layer above asks of it. "
        f"At first the output layer is pushed alone and pays {first[-1]:.2f}. Then the hidden "
        f"voltages move, the effort spreads and falls to {last.sum():.2f}, of which the output "
        f"layer pays {last[-1]:.2f}. In the end the two bars of every hidden neuron are as good as "
        "equal.",
    }


def gap(made: Descent, t: int) -> float:
    """The largest difference between a hidden neuron's push and what is asked of it."""
    pairs = zip(made.a, made.asked, strict=False)
    return max(float(np.abs(a[t] - asked[t]).max()) for a, asked in pairs)


def _caption(made: Descent, t: int) -> str:
    cost = f"Step {t}: the pushes cost {made.H[t]:.2f}."
    if t == 0:
        return f"{cost} The output layer is pushed alone."
    if gap(made, t) <= EQUAL:
        return f"{cost} Every hidden neuron is pushed by what it is asked for."
    return f"{cost} Hidden neurons that are asked for more are still moving."


def draw_descent(made: Descent, t: int = -1) -> str:
    """One moment: pairs of bars for each neuron above, effort by layer over the steps below."""
    t = range(len(made.H))[t]
    d = Drawing(680, 434, _label(made, t))
    scale = HIGH / max(float(np.abs(v).max()) for v in (*made.a, *made.asked))
    for l, a in enumerate(made.a):
        asked = made.asked[l][t] if l < len(made.asked) else None
        left = LEFT + APART * l
        output = " (output, held)" if asked is None else ""
        d.say(left, 18, f"layer {l + 1}{output}", bold=True, fixed=True)
        d.say(left, 35, f"pays {decimals(made.parts[t, l], 2)}", fixed=True)
        _pairs(d, left, scale * a[t], None if asked is None else scale * asked)
    _key(d)
    d.put(_over_steps(made, t), 0, 226)
    return d.svg()


def _label(made: Descent, t: int) -> str:
    shares = ", ".join(f"{part:.2f}" for part in made.parts[t])
    return (
        f"After {t} steps the pushes cost {made.H[t]:.2f} (the least is {made.least:.2f}): by "
        f"layer {shares}. A hidden neuron's push and what is asked of it differ by at most "
        f"{gap(made, t):.2f}."
    )


def _pairs(d: Drawing, left: float, a: Array, asked: Array | None) -> None:
    """For each neuron of a layer what it is pushed by, and what is asked of it."""
    d.path(f"M{left:.1f},{GROUND:.1f} h{WIDE * len(a) + 4:.1f}", None, 1, opacity=0.5)
    for i, push in enumerate(a):
        x = left + 8 + WIDE * i
        _bar(d, x, float(push), "apical", 0.85)
        if asked is not None:
            _bar(d, x + 20, float(asked[i]), "backprop", 0.25)


def _bar(d: Drawing, x: float, height: float, colour: str, level: float) -> ET.Element:
    outline = f"M{x:.1f},{GROUND:.1f} V{GROUND - height:.1f} h18 V{GROUND:.1f} Z"
    return d.path(outline, colour, 1.8, colour, level)


def _key(d: Drawing) -> None:
    y = GROUND + HIGH + 20
    for x, colour, level, words in (
        (LEFT, "apical", 0.85, "pushed by aₗ"),
        (150.0, "backprop", 0.25, "asked for by the layer above, Dₗ Wₗ₊₁ᵀ aₗ₊₁"),
    ):
        d.path(f"M{x:.1f},{y - 10:.1f} h14 v12 h-14 Z", colour, 1.8, colour, level)
        d.say(x + 20, y, words, fixed=True)


def _over_steps(made: Descent, t: int) -> str:
    """The effort of the layers, one on top of the other, over the steps so far; pale: all."""
    steps, so_far = np.arange(float(len(made.H))), slice(0, t + 1)
    tops = np.cumsum(made.parts[:, ::-1], axis=1)  # the output layer at the bottom
    depth = tops.shape[1]
    series = [Series("", steps, made.H, ghost=True, colour="apical")]
    for k in range(depth):
        low = tops[so_far, k - 1] if k else np.zeros(t + 1)
        name = f"layer {depth - k}"
        look = layer(depth - k)
        series.append(Series(name, steps[so_far], tops[so_far, k], "band", low, colour=look))
        series.append(Series("", steps[so_far], tops[so_far, k], colour=look))
    series.append(Series("", steps[t : t + 1], made.H[t : t + 1], "points", colour="apical"))
    panel = Panel(
        "Effort H = ½ Σ |aₗ|², layer on layer", "step of descent", "effort", series,
        x_range=(0, steps[-1]), y_range=(0, 1.1 * float(made.H.max())),
        marks=[("y", made.least, "least effort H*")],
    )  # fmt: skip
    return chart([panel], "effort over the steps", 680, 116)
