"""A teaching phase in slow motion: the network on the left, its curves on the right."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....data import Digits, one_hot
from ....network import Network
from ....stream import Block
from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ....teaching.player import moments, play
from ....teaching.schematic import Drawing, Layers, digit, layers
from ..runs import teaching_phase
from .hero import article

Array = np.ndarray

#: How many neurons of each hidden layer are shown: those that move most.
SHOWN = (7, 6)
FRAMES = 60


def play_phase(net: Network, digits: Digits, index: int, k_p: float = 2.0) -> Any:
    """The player of one teaching phase of ``net``, for a test digit."""
    x, y = digits.x_test[index], int(digits.y_test[index])
    target = one_hot([y], net.sizes[-1], confidence=0.9)
    phase = teaching_phase(net, x[None], target, k_p)
    rows = moments(phase, FRAMES, "change")
    frames = [frame(phase, t, x, y) for t in rows]
    captions = [caption(phase, t) for t in rows]
    label = (
        f"A network reads {article(y)}. While feedback arrives, the rates of neurons in both "
        "hidden layers grow or shrink, quickly at first; the error of the output falls, and the "
        "feedback falls with it."
    )
    return play(frames, label, captions, seconds=6.0)


def movers(phase: Block) -> list[Array]:
    """For each hidden layer the neurons that move most, in order of their numbers."""
    return [
        np.sort(np.argsort(-np.ptp(rates[:, 0], axis=0), kind="stable")[:count])
        for rates, count in zip(phase.rates[1:-1], SHOWN, strict=True)
    ]


def outputs(phase: Block, t: int) -> Array:
    """The probabilities (10,) that the output gives at row t."""
    r = phase.rates[-1][t, 0]
    out = np.exp(r - r.max())
    return out / out.sum()


def caption(phase: Block, t: int) -> str:
    """What a row shows, in words and numbers."""
    error = float(np.linalg.norm(phase.error[t, 0]))
    read = article(int(outputs(phase, t).argmax()))
    return f"{1000 * phase.time[t]:.1f} ms: the output reads {read}; its error is {error:.2f}"


def frame(phase: Block, t: int, x: Array, y: int) -> str:
    """One moment: discs are rates, arrows from above are feedback, lines are the curves so far."""
    d = Drawing(720, 336, f"The network and its curves: {caption(phase, t)}.")
    digit(d, x, 8, 110, 76)
    d.say(46, 206, article(y), "middle", fixed=True)
    hidden = movers(phase)
    rates = [
        r[t, 0, chosen] / (r[:, 0, chosen].max() or 1.0)
        for r, chosen in zip(phase.rates[1:-1], hidden, strict=True)
    ]
    sizes = [*map(len, hidden), 10]
    d.arrow([(92, 148), (118, 148)], "basal", 2.5)
    places = layers(d, sizes, 126, 42, 240, 224, [*rates, outputs(phase, t)], radius=9)
    for i, at in enumerate(places.at[-1]):
        d.say(at.x + 16, at.y + 4, str(i), bold=i == y, fixed=True)
    for l, words in enumerate(("layer 1", "layer 2", "output")):
        d.say(places.at[l][0].x, 288, words, "middle", fixed=True)
    feedback(d, places, phase, t)
    curves = chart([errors(phase, t), drives(phase, t)], "Error and feedback over time.", 320)
    d.put(curves, 398, 10)
    return d.svg()


def feedback(d: Drawing, places: Layers, phase: Block, t: int) -> None:
    """An arrow from the output onto each hidden layer, as wide as its apical drive is large."""
    start = places.at[-1][0].up(13)
    for l in (1, 0):
        size = [float(np.linalg.norm(row[0])) for row in phase.apical[l]]
        width = 0.5 + 6 * size[t] / (max(size) or 1.0)
        end, top = places.at[l][0].up(13), 20.0 - 10 * (1 - l)
        points = [start, (start.x, top), (end.x, top), end]
        d.arrow(points, "apical", width, opacity=0.9)


def errors(phase: Block, t: int) -> Panel:
    """The output error up to row t."""
    ms, size = 1000 * phase.time, np.linalg.norm(phase.error[:, 0], axis=1)
    seen = np.where(np.arange(len(ms)) <= t, size, size[t])
    curve = Series("", np.minimum(ms, ms[t]), seen, colour="error")
    return Panel("Error", "time (ms)", "size |e|", [curve],
                 x_range=(0.0, float(ms[-1])), y_range=(0.0, 1.4))  # fmt: skip


def drives(phase: Block, t: int) -> Panel:
    """The feedback of each layer up to row t."""
    ms = 1000 * phase.time
    sizes = [np.linalg.norm(a[:, 0], axis=1) for a in phase.apical]
    rows = np.arange(len(ms)) <= t
    curves = [
        Series(f"layer {l + 1}", np.minimum(ms, ms[t]), np.where(rows, a, a[t]),
               colour=layer(l + 1))
        for l, a in enumerate(sizes)
    ]  # fmt: skip
    top = 1.05 * max(float(a.max()) for a in sizes)
    return Panel("Feedback", "time (ms)", "size |a|", curves,
                 x_range=(0.0, float(ms[-1])), y_range=(0.0, top or 1.0))  # fmt: skip
