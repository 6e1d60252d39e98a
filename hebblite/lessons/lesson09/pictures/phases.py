"""The symmetric network in its two phases, and what a synapse keeps of each."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....losses import settle
from ....network import Network
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing, connect, layers

Array = np.ndarray

NUDGE, TARGET = 0.8, np.array([[0.8, 0.3]])
SIZES = [3, 4, 2]
WIDE, TOP, HIGH = 340.0, 56.0, 160.0
POST, PRE = 0, 1  # of the synapse that is marked: output and hidden neuron


@cache
def two_phases() -> tuple[Network, list[Array], list[Array]]:
    """A small network, its rates at rest freely, and with its output nudged: each a list
    over layers of (n_l,)."""
    net = Network(SIZES, hidden="tanh", output="linear", dtype="float64", seed=6)
    net.weights = [0.75 * W for W in net.weights]
    x = np.array([[0.9, 0.2, 0.6]])
    free = settle(net, x)
    nudged = settle(net, x, TARGET, NUDGE, start=free.voltages)
    return net, [r[0] for r in free.rates], [r[0] for r in nudged.rates]


def draw_phases() -> str:
    """The same network twice: free, and with its output nudged. The weights between free layers
    lead both ways. Below, what the marked synapse keeps of each phase."""
    net, free, nudged = two_phases()
    kept = [float(r[2][POST] * r[1][PRE]) for r in (free, nudged)]
    d = Drawing(
        680, 322,
        "A network of three inputs, four hidden and two output neurons, twice. The connections "
        "between the hidden and the output layer lead both ways, with one weight. On the left the "
        "network is free; on the right each output is nudged towards its target, and the rates of "
        f"all layers above the input move. A synapse keeps post times pre: {kept[0]:.3f} freely, "
        f"{kept[1]:.3f} nudged, and changes by the difference.",
    )  # fmt: skip
    _phase(d, 0.0, "1 · free phase", net, free, None)
    _phase(d, WIDE, "2 · nudged phase", net, nudged, free)
    for k, (sign, value) in enumerate(zip(("−", "+"), kept, strict=True)):
        words = f"{sign} post · pre = {sign} {decimals(value, 3)}"
        d.say(WIDE * k + WIDE / 2, 266, words, "middle", 13, True, fixed=True)
    change = f"change of the marked weight ∝ {decimals(kept[1] - kept[0], 3)} / nudge"
    d.path(f"M{0.5 * WIDE:.1f},278 V290 H{1.5 * WIDE:.1f} V278", None, 1.4, opacity=0.7)
    d.say(WIDE, 312, change, "middle", 13, fixed=True)
    return d.svg()


def _phase(
    d: Drawing,
    left: float,
    words: str,
    net: Network,
    rates: list[Array],
    before: list[Array] | None,
) -> None:
    """One phase. before: the rates of the free phase, shown as rings."""
    d.say(left + 24, 24, words, bold=True, size=14, fixed=True)
    made = layers(d, SIZES, left + 24, TOP, 210, HIGH, rates, radius=14, gap=3.0)
    connect(d, made, 0, net.weights[0], "basal", widest=2.6, opacity=0.8)
    for backward in (False, True):
        lines = connect(d, made, 1, net.weights[1], "layer3", backward, widest=3.2, least=0.0,
                        opacity=0.75)  # fmt: skip
        mark = lines[POST * SIZES[1] + PRE]
        mark[0].set("stroke-width", "6.50")
        mark[0].set("stroke-dasharray", "none")
        for part in mark:
            part.set("stroke", "currentColor")
            if part is not mark[0]:
                part.set("fill", "currentColor")
    for l, column in enumerate(made.at):
        for i, at in enumerate(column):
            if before is not None and l:
                ring = d.circle(*at, 12 * float(before[l][i]) ** 0.5, None, None, width=1.1)
                ring.set("stroke-dasharray", "1.5 2.5")
    for i, at in enumerate(made.at[-1]):
        if before is None:
            continue
        up = TARGET[0, i] > rates[-1][i]
        start = at.right(58)
        d.arrow([start, at.right(20)], "error", 4, dashed=False)
        d.say(start.x + 4, start.y + 4, "up" if up else "down", fixed=True)
    names = ("input", "hidden", "output")
    for l, name in enumerate(names):
        d.say(made.at[l][0].x, TOP + HIGH + 20, name, "middle", fixed=True)
    if before is not None:
        d.say(made.at[-1][0].x + 22, made.at[-1][0].y - 20, "nudge", fixed=True)
        d.say(left + 246, TOP + HIGH + 20, "dotted: before", fixed=True)
