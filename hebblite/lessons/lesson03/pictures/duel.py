"""Two rules under two troubles: what each reads of a look, and what ten neurons learn."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import Panel, Series, chart, decimals
from ....teaching.svg import images, picture, png, signed, text
from ..equations import Array, sigmoid
from ..runs import look


def draw_duel(offset: float = 0.0, drift: float = 0.0, k_p: float = 2.0) -> str:
    """One neuron that should say 0.9 and says 0.38 by itself: what two rules read of a look."""
    b, target, steps = np.array([[-0.5]]), np.array([[0.9]]), 60
    t = 2.0 * np.arange(steps + 1)  # ms
    r, _ = look(b, target, k_p, offset, drift)
    alone, _ = look(b, target, 0.0, offset, drift)
    basal = sigmoid(-0.5 + drift * t / t[-1])
    r, alone = r[:, 0, 0], alone[:, 0, 0]
    temporal, compared, advice = r - r[0], r - basal, r - alone
    label = (
        f"Two line charts over {t[-1]:.0f} milliseconds for a neuron with basal drive -0.5 and "
        f"target 0.9, with a permanent apical offset of "
        f"{offset:g}, a basal drift of {drift:g} and a teacher of strength {k_p:g}. Left: the rate "
        f"with the teacher ends at {r[-1]:.3f}, without at {alone[-1]:.3f}. Right: the temporal "
        f"rule reads {temporal[-1]:.3f} at the end, the comparison of compartments "
        f"{compared[-1]:.3f}; the advice itself changed {advice[-1]:.3f}."
    )
    summary = (
        "<p style='min-height:3.2em'>Basal drive b = −0.5, target 0.9. Changed by the advice: "
        f"<b>{decimals(advice[-1])}</b>. Temporal rule: "
        f"<b>{decimals(temporal[-1])}</b>. Comparison of compartments: "
        f"<b>{decimals(compared[-1])}</b>.</p>"
    )
    panels = [
        Panel("Rates", "time (ms)", "rate", [
            Series("with advice", t, r, colour="apical"),
            Series("without", t, alone, colour="rate"),
            Series("φ(b) of the basal dendrite", t, basal, colour="basal")],
            marks=[("y", 0.9, "target")], y_range=(0.0, 1.0)),
        Panel("What the rules read", "time (ms)", "change of rate", [
            Series("temporal", t, temporal, colour="dh"),
            Series("comparison", t, compared, colour="voltage"),
            Series("truth: with − without advice", t[::4], advice[::4], "points", colour=3)],
            y_range=(-0.8, 0.8)),
    ]  # fmt: skip
    return summary + chart(panels, label)


def draw_accuracies(names: list[str], accuracy: dict[str, list[float]]) -> str:
    """Test accuracy (0 to 1) of several rules, one group of bars for each name."""
    at = np.arange(len(names), dtype=float)
    series = [Series(rule, at, 100 * np.array(y), "bars") for rule, y in accuracy.items()]
    listed = "; ".join(
        f"{rule}: " + ", ".join(f"{n} {100 * v:.0f}" for n, v in zip(names, y, strict=True))
        for rule, y in accuracy.items()
    )
    panel = Panel(
        "Ten neurons learn digits", "condition during learning and test", "test accuracy (%)",
        series, y_range=(0, 100), x_names=names, marks=[("y", 10.0, "blind guess")],
    )  # fmt: skip
    return chart([panel], f"Bar chart of test accuracy in percent. {listed}.", width=640)


def draw_weights(weights: dict[str, Array], digit: int = 3) -> str:
    """The weights (784,) of one neuron after each of several rules, as images around zero."""
    label = (
        f"Weights of the neuron for the digit {digit} as images of 28 by 28, after learning with: "
        + ", ".join(weights)
        + ". Blue weights are positive, orange ones negative. The first two look alike; the plain "
        "Hebbian image is blue wherever digits have ink."
    )
    tiles = [signed(w.reshape(28, 28)) for w in weights.values()]
    most = {name: float(np.abs(w).max()) for name, w in weights.items()}
    largest = [
        f"{name} (±{m:.0f})" if m >= 10 else f"{name} (±{m:.2f})" for name, m in most.items()
    ]
    return images(tiles, largest, label, columns=len(tiles), size=150) + _colour_bar()


def _colour_bar() -> str:
    """What the colours of ``signed`` mean: each image has its own largest weight at the ends."""
    svg = picture(480, 40, "Colour bar: orange is minus the largest weight of each image, white is "
                  "zero, blue is plus the largest weight.")  # fmt: skip
    bar = {"x": "120", "y": "4", "width": "240", "height": "12", "preserveAspectRatio": "none"}
    colours = png(signed(np.linspace(-1, 1, 64)[None]))
    ET.SubElement(svg, "image", {**bar, "href": colours})
    for x, words in ((120, "−largest"), (240, "0"), (360, "+largest (in brackets)")):
        text(svg, x, 32, words, text_anchor="middle")
    return ET.tostring(svg, encoding="unicode")
