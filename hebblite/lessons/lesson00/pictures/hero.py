"""The film that lesson 00 opens with: a teaching phase of a tiny network, from real numbers."""

from __future__ import annotations

import numpy as np

from ....data import load_digits, one_hot
from ....network import Network
from ....stream import Block
from ....teaching.motion import Timeline
from ....teaching.schematic import Drawing, Layers, connect, digit, layers
from ..exercises import dh_update
from ..runs import teaching_phase

Array = np.ndarray

#: A network small enough to draw, and a digit that it reads wrongly at first.
SIZES, SEED, INDEX = (784, 6, 5, 10), 3, 1
LABEL = (
    "A digit, and a network of two hidden layers and ten outputs beside it. First the rates of the "
    "free state appear from left to right. Then dashed arrows carry feedback from the output back "
    "to both hidden layers, and rates grow or shrink. In the end the lines into neurons whose "
    "rates moved have changed; those that changed most are drawn in another colour."
)


def hero() -> str:
    """Free state, feedback, rates that move, weights that change: five seconds, then a still."""
    digits = load_digits()
    x, y = digits.x_test[INDEX], int(digits.y_test[INDEX])
    net = Network(list(SIZES), hidden="relu", init="he_normal", seed=SEED)
    phase = teaching_phase(net, x[None], one_hot([y], 10, confidence=0.9), k_p=2.0)
    d = Drawing(720, 330, LABEL)
    digit(d, x, 14, 108, 92)
    d.say(60, 222, f"a digit, {article(y)}", "middle", fixed=True)
    free, taught = levels(phase, 0), levels(phase, -1)
    places = layers(d, SIZES[1:], 190, 34, 390, 250, taught, radius=11)
    for l, words in enumerate(("layer 1", "layer 2", "output")):
        d.say(places.at[l][0].x, 300, words, "middle", 11, fixed=True)
    for k, words in enumerate(("disc: rate", "wide: strong", "dashed: negative")):
        d.say(628, 200 + 18 * k, words, size=11, italic=True)
    film = Timeline(d, 5.0)
    for i, at in enumerate(places.at[2]):
        d.say(at.x + 20, at.y + 4, str(i), fixed=True, bold=i == y)
    inputs = d.arrow([(112, 154), (172, 154)], "basal", 3)
    film.appear(inputs, at=0.0, for_=0.3)
    weights(d, film, places, net, phase)
    feedback(d, film, places, y)
    for l, nodes in enumerate(places.nodes):
        for node, before, after in zip(nodes, free[l], taught[l], strict=True):
            sizes = [9 * abs(float(v)) ** 0.5 for v in (0.0, before)]
            film.change(node, "r", sizes, at=0.3 + 0.4 * l, for_=0.4)
            film.change(node, "r", [sizes[1], 9 * abs(float(after)) ** 0.5], at=2.6, for_=0.9)
    stages(d, film)
    return film.svg()


def article(number: int) -> str:
    return f"{'an' if number == 8 else 'a'} {number}"


def levels(phase: Block, t: int) -> list[Array]:
    """Rates of each layer at one moment, in units of the largest rate that it reaches."""
    found = []
    for rates in phase.rates[1:-1]:
        found.append(rates[t, 0] / (rates[:, 0].max() or 1.0))
    out = np.exp(phase.rates[-1][t, 0] - phase.rates[-1][t, 0].max())
    return [*found, out / out.sum()]


def weights(d: Drawing, film: Timeline, places: Layers, net: Network, phase: Block) -> None:
    """The weights between the drawn layers. Those that the rule changes most change last."""
    for l in (1, 2):
        W = net.weights[l]
        dW = dh_update(phase.rates[l + 1][:, 0], phase.rates[l][:, 0])
        share = dW / np.abs(dW).max()
        after = W + 0.9 * np.abs(W).max() * share
        most = max(np.abs(W).max(), np.abs(after).max())
        lines = connect(d, places, l - 1, W / most, "basal", least=0.0, widest=4, opacity=0.45)
        changed = np.abs(share) > 0.25
        shown = np.where(changed, after / most, 0.0)
        new = connect(d, places, l - 1, shown, "dh", least=1e-9, widest=6, opacity=1.0)
        olds = [line for line, moves in zip(lines, changed.ravel(), strict=True) if moves]
        film.vanish(*olds, at=3.6, for_=0.4)
        film.appear(*new, at=3.6, for_=0.9)


def feedback(d: Drawing, film: Timeline, places: Layers, answer: int) -> None:
    """From the right answer, over the network, down to each hidden layer."""
    start, y = places.at[2][answer].right(38), 16.0
    told = d.say(start.x + 6, start.y + 4, "the answer", fixed=True)
    film.appear(told, at=1.5, for_=0.3)
    for k, l in enumerate((1, 0)):
        end = places.at[l][0].up(16)
        points = [(start.x, start.y), (start.x, y), (end.x, y), end]
        film.appear(d.arrow(points, "apical", 3), at=1.7 + 0.3 * k, for_=0.4)


def stages(d: Drawing, film: Timeline) -> None:
    """Four sentences below, which light up one after another."""
    words = ("1  The digit comes in.", "2  Feedback comes down.", "3  Rates move.",
             "4  Weights follow.")  # fmt: skip
    places = zip((14, 196, 418, 556), words, (0.0, 1.6, 2.6, 3.6), strict=True)
    for x, said, at in places:
        film.appear(d.say(x, 318, said, size=13, fixed=True), at=at)
