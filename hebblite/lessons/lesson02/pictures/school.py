"""Pictures of trainings with other feedback: forward weights that turn, accuracies, tilts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.player import play
from ....teaching.schematic import Drawing
from ....teaching.svg import png, signed
from ..runs.school import Watched
from .dials import dial

Array = np.ndarray

#: What the five kinds of feedback look like; the angle 180° goes up in one layer, down in another.
LOOKS = {
    "transposes": "backprop", "random": "apical", "zero": "hebb", "reversed": "layer3",
    "ψ = 180°": "layer4",
}  # fmt: skip


def play_turning(diary: Watched) -> Any:
    """A player with one frame for each look: the forward weights turn towards the feedback."""
    captions = [
        f"{seen:,} digits: W₂ stands at {two:.0f}° to B₁ᵀ, W₃ at {three:.0f}° to B₂ᵀ; "
        f"{100 * read:.0f} % are read right"
        for seen, (two, three), read in zip(diary.seen, diary.forward, diary.reads, strict=True)
    ]
    (two_0, three_0), (two, three) = diary.forward[0], diary.forward[-1]
    label = (
        f"In {diary.seen[-1]:,} digits the forward weights turn towards the fixed feedback: W2 "
        f"from {two_0:.0f} to {two:.0f} degrees from B1 transposed, W3 from {three_0:.0f} to "
        f"{three:.0f} degrees from B2 transposed. Beside the dials W3 comes to look like B2."
    )
    frames = [draw_turning(diary, k) for k in range(len(diary.seen))]
    return play(frames, label, captions, seconds=5.0)


def draw_turning(diary: Watched, k: int = -1) -> str:
    """The forward weights at one look: how far from the feedback, and W_3 beside B_2^T."""
    k = range(len(diary.seen))[k]
    (two, three), (two_0, three_0) = diary.forward[k], diary.forward[0]
    d = Drawing(680, 240, (
        f"After {diary.seen[k]:,} digits: two dials. The forward weights W2 stand at {two:.0f} "
        f"degrees to the feedback B1 transposed, at the start {two_0:.0f}; W3 at {three:.0f} "
        f"degrees to B2 transposed, at the start {three_0:.0f}. Beside them W3 and B2 transposed "
        "as maps of colours."
    ))  # fmt: skip
    dial(d, 30, 120, 76, two, "layer2", ("W₂ and B₁ᵀ", f"{two:.0f}° apart"), two_0, "apical")
    dial(d, 200, 120, 76, three, "layer3", ("W₃ and B₂ᵀ", f"{three:.0f}° apart"), three_0, "apical")
    _map(d, diary.top[k], 366, 40, "W₃ (learned)")
    _map(d, diary.feedback[1].T, 366, 146, "B₂ᵀ (fixed, random)")
    return d.svg()


def _map(d: Drawing, values: Array, x: float, y: float, title: str) -> None:
    """A matrix as a map of colours."""
    box = {"x": f"{x:g}", "y": f"{y:g}", "width": "300", "height": "76"}
    look = {"preserveAspectRatio": "none", "style": "image-rendering:pixelated"}
    ET.SubElement(d.root, "image", {**box, **look, "href": png(signed(values))})
    frame = {"fill": "none", "stroke": "currentColor", "stroke-opacity": "0.5"}
    ET.SubElement(d.root, "rect", {**box, **frame})
    d.say(x, y - 8, title, bold=True, fixed=True)


def draw_school(
    diaries: Mapping[str, Watched], others: Mapping[str, Sequence[float]] | None = None,
    guesses: Mapping[str, float] | None = None,
) -> str:  # fmt: skip
    """Left: how the updates of the hidden layers come near backprop's, with random feedback. Right:
    what is read right at the end. others: accuracies of other networks, by kind of feedback.
    guesses: what the learner said, in percent, by kind."""
    random = diaries["random"]
    thousands, stand = np.array(random.seen) / 1000, np.array(random.updates)
    reads = {name: 100 * diary.reads[-1] for name, diary in diaries.items()}
    yours = Series("this network", np.arange(len(reads)), np.array([*reads.values()]), "points",
                   colour="apical")  # fmt: skip
    rows = [yours]
    if others:
        x = np.concatenate([np.full(len(others[name]), k + 0.25) for k, name in enumerate(reads)])
        y = 100 * np.concatenate([others[name] for name in reads])
        rows.append(Series("other networks", x, y, "dots", colour="layer2"))
    if guesses:
        said = [(k, guesses[name]) for k, name in enumerate(reads) if name in guesses]
        x, y = np.array(said, float).T
        rows.append(Series("you said", x, y, "points", colour="error"))
    ends = ", ".join(f"{name} {read:.0f} percent" for name, read in reads.items())
    label = (
        f"Left: with random feedback the angle of the update to backprop's goes from "
        f"{stand[0, 0]:.0f} to {stand[-1, 0]:.0f} degrees in layer 1 and from {stand[0, 1]:.0f} to "
        f"{stand[-1, 1]:.0f} in layer 2. Right: dots for the test accuracy at the end: {ends}."
    )
    panels = [
        Panel("Updates with random feedback", "digits seen (thousands)", "angle to backprop (°)",
              [Series("layer 1", thousands, stand[:, 0], colour="layer1"),
               Series("layer 2", thousands, stand[:, 1], colour="layer2")],
              x_range=(0, 30), y_range=(0, 105), marks=[("y", 90.0, "right angle")]),
        Panel("Read right at the end", "", "test accuracy (%)", rows,
              x_names=list(reads), y_range=(0, 100), marks=[("y", 10.0, "blind guess")]),
    ]  # fmt: skip
    return chart(panels, label, width=760)


def draw_tilted(losses: Mapping[str, Sequence[Array]]) -> str:
    """The training loss after the last epoch, over backprop's in the same network: a dot for each
    network. losses: by name, one array of losses for each network."""
    whole = np.array([each[-1] for each in losses["backprop"]])
    names = [name for name in losses if name != "backprop"]
    ratios = {name: np.array([each[-1] for each in losses[name]]) / whole for name in names}
    x = np.repeat(np.arange(len(names)), len(whole)).astype(float)
    y = np.concatenate([ratios[name] for name in names])
    dots = [Series("a network", x, y, "dots", colour="layer2")]
    told = ", ".join(f"{n} {r.min():.2g} to {r.max():.2g}" for n, r in ratios.items())
    label = f"Dots on a logarithmic axis: the loss after training over backprop's. {told}."
    panel = Panel("Tilted updates", "", "training loss / backprop's", dots, y_log=True,
                  x_names=names, y_range=(0.8, 5),
                  marks=[("y", 1.0, "as with backprop")])  # fmt: skip
    return chart([panel], label, width=760, height=200)
