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
#: Words that stay on one line.
NO_BREAK = "\N{NO-BREAK SPACE}"


def play_turning(diary: Watched) -> Any:
    """A player with one frame for each look: the forward weights turn towards the feedback."""
    captions = [
        f"{seen:,} digits: W₂ stands at {two:.0f}° to B₁ᵀ, W₃ at {three:.0f}° to B₂ᵀ; "
        f"{100 * read:.0f} % are read right"
        for seen, (two, three), read in zip(diary.seen, diary.forward, diary.reads, strict=True)
    ]
    if not diary.finished:
        captions[-1] += "; training was stopped here"
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
    what is read right at the end, where training came to its end. others: accuracies of other
    networks, by kind of feedback. guesses: what the learner said, in percent, by kind."""
    random, stopped = diaries["random"], _stopped(diaries)
    (one_0, two_0), (one, two) = random.updates[0], random.updates[-1]
    reads = {name: 100 * each.reads[-1] for name, each in diaries.items() if each.finished}
    ends = ", ".join(f"{name} {read:.0f} percent" for name, read in reads.items())
    approach = (
        f"Left: with random feedback the angle of the update to backprop's goes from {one_0:.0f} "
        f"to {one:.0f} degrees in layer 1 and from {two_0:.0f} to {two:.0f} in layer 2. Right: "
    )
    approach = approach if random.count else ""
    label = f"{approach}Dots for the test accuracy at the end: {ends or 'none'}."
    panels = [_approach(random)] if random.count else []
    panels.append(_at_the_end(list(diaries), reads, others or {}, guesses or {}))
    said = f"<p>{stopped}</p>" if stopped else ""
    return said + chart(panels, f"{label} {stopped}".strip(), width=760)


def _stopped(diaries: Mapping[str, Watched]) -> str:
    """Which trainings did not come to their end, in a sentence."""
    missing = [
        f"{name} (after {each.count:,} digits)" if each.count else f"{name} (not trained at all)"
        for name, each in diaries.items()
        if not each.finished
    ]
    if not missing:
        return ""
    return f"Training was stopped, so that there is no dot for {', '.join(missing)}."


def _approach(random: Watched) -> Panel:
    """Angles of the hidden updates to backprop's while a network learns."""
    thousands, stand = np.array(random.seen) / 1000, np.array(random.updates)
    rows = [
        Series("layer 1", thousands, stand[:, 0], colour="layer1"),
        Series("layer 2", thousands, stand[:, 1], colour="layer2"),
    ]
    return Panel("Updates with random feedback", "digits seen (thousands)",
                 "angle to backprop (°)", rows, x_range=(0, 30), y_range=(0, 105),
                 marks=[("y", 90.0, "right angle")])  # fmt: skip


def _at_the_end(
    names: Sequence[str], reads: Mapping[str, float], others: Mapping[str, Sequence[float]],
    guesses: Mapping[str, float],
) -> Panel:  # fmt: skip
    """Test accuracies: of this network, of others, and what the learner said."""
    place = {name: float(k) for k, name in enumerate(names)}
    dots = {
        ("this network", "points", "apical"): [(place[name], reads[name]) for name in reads],
        ("other networks", "dots", "layer2"): [
            (place[name] + 0.25, 100 * read) for name in reads for read in others.get(name, ())
        ],
        ("you said", "points", "error"): [(place[name], guesses[name]) for name in guesses],
    }
    rows = [
        Series(name, np.array(found)[:, 0], np.array(found)[:, 1], kind, colour=colour)
        for (name, kind, colour), found in dots.items()
        if found
    ]
    return Panel("Read right at the end", "", "test accuracy (%)", rows,
                 x_names=[name.replace(" ", NO_BREAK) for name in names],
                 x_range=(-0.5, len(names) - 0.5), y_range=(0, 100),
                 marks=[("y", 10.0, "blind guess")])  # fmt: skip


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
