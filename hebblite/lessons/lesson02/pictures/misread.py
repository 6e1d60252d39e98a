"""Pictures of section 1: one misread digit, and how many a single weight repairs."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import Panel, Series, chart, decimals
from ....teaching.schematic import Drawing
from ....teaching.svg import png
from ..runs.misread import TURNS, TURNS_OF_ALL, Repairs, Story, turn_one_weight

Array = np.ndarray

#: The size of a typical weight of layer 1.
TYPICAL = 0.04
#: The weights that the frame of ``draw_one_weight`` shows.
FRAME = (-5.5, 5.5)
NAMES = {
    "blamed": "most blamed", "by_lot": "picked at random", "all": "all a little",
    "random": "random signs",
}  # fmt: skip


def draw_story(story: Story) -> str:
    """The misread digit, and how probable each digit is to the network."""
    p = story.net.predict(story.x)[0]
    label = (
        f"A handwritten {story.label} in grey, which the network reads as {story.guess} with "
        f"probability {p[story.guess]:.2f}; it gives the right answer {p[story.label]:.2f}."
    )
    d = Drawing(560, 194, label)
    ET.SubElement(d.root, "image", {
        "x": "4", "y": "4", "width": "160", "height": "160",
        "href": png(story.x.reshape(28, 28)), "style": "image-rendering:pixelated",
    })  # fmt: skip
    d.say(84, 184, f"a {story.label}, read as {story.guess}", "middle", fixed=True)
    d.say(210, 18, "What the network says", bold=True, fixed=True)
    d.path("M206,150 H546", None, 1)
    for digit, share in enumerate(p):
        x, height = 224 + 34 * digit, 110 * float(share)
        d.path(f"M{x},150 v{-height:.1f}", "rate", 22).set("stroke-linecap", "butt")
        d.say(x, 168, f"{digit}", "middle", bold=digit in (story.label, story.guess), fixed=True)
        d.say(x, 144 - height, f"{share:.2f}", "middle", size=11, fixed=True)
    d.say(376, 188, "digit, and its probability", "middle", fixed=True)
    return d.svg()


def draw_one_weight(
    stories: Sequence[Story], which: int = 1, rank: int = 1, reach: float = 4.0
) -> str:
    """Loss and prediction as one synapse of layer 1 is turned by up to ``reach`` either way.

    which: the misread digit, from 1. rank: the neuron, from 1, whose most blamed weight it is."""
    story = stories[which - 1]
    i, j = story.synapse(rank - 1)
    w, update = story.net.weights[0][i, j], story.blame.weights[0][i, j]
    values = w + np.linspace(-reach, reach, 121)
    loss, p = turn_one_weight(story, i, j, values)
    tangent = loss[60] - update * (values - w)
    right, wrong = p[:, story.label], p[:, story.guess]
    repaired = bool((p.argmax(axis=1) == story.label).any())
    verdict = "somewhere it is read right" if repaired else "within this reach it is read wrong"
    label = (
        f"Two line charts over the weight from pixel {j} to neuron {i} of layer 1, from "
        f"{values[0]:.2f} to {values[-1]:.2f}. The loss goes between {loss.min():.3f} and "
        f"{loss.max():.3f}; its slope at the weight's own value {w:.3f} is {-update:.4f}. The "
        f"probability of the right answer stays between {right.min():.2f} and {right.max():.2f}: "
        f"{verdict}."
    )
    here = [("x", float(w), "as it is")]
    panels = [
        Panel("Turn one weight", f"weight W₁[{i}, {j}]", "loss (nats)",
              [Series("loss", values, loss, colour="error"),
               Series("slope at w", values, tangent, colour="layer2")],
              x_range=FRAME, y_range=(0.0, 4.0), marks=here),
        Panel("What the network says", f"weight W₁[{i}, {j}]", "probability",
              [Series(f"that it is a {story.label}", values, right, colour="rate"),
               Series(f"that it is a {story.guess}", values, wrong, colour="apical")],
              x_range=FRAME, y_range=(-0.02, 1.02), marks=here),
    ]  # fmt: skip
    summary = (
        f"<p style='min-height:2.6em'>A {story.label} read as {story.guess}. For the most blamed "
        f"weight of neuron {i}, the loss has the slope {decimals(-update, 4)}. Turned by "
        f"±{reach:.2g}, it brings the loss from {loss[60]:.2f} to {loss.min():.2f} at best: "
        f"{verdict}.</p>"
    )
    return summary + chart(panels, label)


def draw_repairs(found: Sequence[Repairs], guess: float | None = None) -> str:
    """How many misread digits are repaired, a dot for each network, and how far weights have to be
    turned for it. guess: what the learner said of the most blamed weight, in percent."""
    shares = [each.shares() for each in found]
    x = np.repeat(np.arange(len(NAMES)), len(found)).astype(float)
    y = np.array([100 * share[name] for name in NAMES for share in shares])
    dots = [Series("a network", x, y, "dots", colour="layer2")]
    said = [] if guess is None else [("y", float(guess), f"you said {guess:g}")]
    curves = [
        Series("most blamed", TURNS, within(found, "blamed", TURNS), colour="apical"),
        Series("picked at random", TURNS, within(found, "by_lot", TURNS), colour="backprop"),
        Series("all a little", TURNS_OF_ALL, within(found, "all", TURNS_OF_ALL), colour="basal"),
    ]
    told = ", ".join(
        f"{words}: {min(100 * s[name] for s in shares):.0f} to "
        f"{max(100 * s[name] for s in shares):.0f}"
        for name, words in NAMES.items()
    )
    label = (
        f"Left: dots, one for each of {len(found)} networks: of 100 misread digits so many are "
        f"repaired by turning {told}. Right: the share repaired against how far the weight that "
        f"moves most is turned, on a logarithmic axis. All weights together repair nearly "
        f"everything within 0.01, far to the left of a typical weight of {TYPICAL}; one weight "
        "needs turns far to the right of it."
    )
    panels = [
        Panel("Who can repair a misread digit?", "", "repaired (of 100)", dots,
              x_names=list(NAMES.values()), y_range=(-3, 103), marks=said),
        Panel("How far must a weight be turned?", "largest change of a weight",
              "repaired (of 100)", curves, x_log=True, x_range=(TURNS_OF_ALL[0], TURNS[-1]),
              y_range=(-3, 103), marks=[("x", TYPICAL, "a typical weight")]),
    ]  # fmt: skip
    return chart(panels, label, width=760)


def within(found: Sequence[Repairs], name: str, turns: Array) -> Array:
    """Of 100 digits of all networks, how many are repaired within each of the turns."""
    values = np.concatenate([getattr(each, name) for each in found])
    return 100 * np.mean(values[:, None] <= turns, axis=0)
