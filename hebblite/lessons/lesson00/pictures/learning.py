"""Digits, learned weights, and the curves of a teaching phase."""

from __future__ import annotations

import numpy as np

from ....data import Digits, one_hot
from ....network import Network
from ....stream import Block
from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ....teaching.svg import images, png, signed
from ..runs import teaching_phase

Array = np.ndarray


def draw_digits(x: Array, labels: Array) -> str:
    """Images x (N, 784) with their labels (N,)."""
    listed = ", ".join(map(str, labels))
    label = f"{len(x)} handwritten digits in grey. Their labels are {listed}."
    return images([row.reshape(28, 28) for row in x], [str(y) for y in labels], label)


def draw_filters(net: Network, start: Network, units: int = 16) -> str:
    """What learning added to the first-layer weights: ``net`` minus ``start``, as images around
    zero, for the units that changed the most."""
    W = net.weights[0] - start.weights[0]
    strongest = np.argsort(-np.linalg.norm(W, axis=1))[:units]
    tiles = [signed(W[i].reshape(28, 28)) for i in strongest]
    label = (
        f"{len(tiles)} images of 28 by 28 learned weight changes, one for each of the neurons of "
        "the first layer that changed most. Blue weights grew, orange ones shrank. The border, "
        "where no digit has ink, did not change."
    )
    return images(tiles, [f"neuron {i}" for i in strongest], label)


def draw_mistakes(net: Network, x: Array, y: Array, count: int = 16) -> str:
    """The misread digits about which the network was most certain."""
    p = net.predict(x)
    guess = p.argmax(axis=1)
    wrong = np.flatnonzero(guess != y)
    wrong = wrong[np.argsort(-p[wrong, guess[wrong]])][:count]
    captions = [f"{y[i]} read as {guess[i]}" for i in wrong]
    label = f"{len(wrong)} misread digits: " + ", ".join(captions) + "."
    return images([x[i].reshape(28, 28) for i in wrong], captions, label)


STRONGEST = 4.0  # the gain that the axes of the picture are made for


def draw_phase(net: Network, digits: Digits, index: int, k_p: float) -> str:
    """One teaching phase: rates of three hidden neurons, feedback per layer, output error.

    Neurons and axes are those of the strongest gain, so that they stay as the gain changes.
    Feedback and error have the same axes for all digits, so that digits can be compared.
    """
    x, y = digits.x_test[index], int(digits.y_test[index])
    target = one_hot([y], net.sizes[-1], confidence=0.9)
    phase, widest = (teaching_phase(net, x[None], target, k) for k in (k_p, max(k_p, STRONGEST)))
    ms, error = 1000 * phase.time, np.linalg.norm(phase.error[:, 0], axis=1)
    rates, shift = _rates_that_move(ms, phase, widest)
    feedback, most = _feedback(ms, phase, widest)
    panels = [
        rates,
        feedback,
        Panel("Output error", "time (ms)", "size |e|", [Series("", ms, error, colour="error")],
              y_range=(0.0, 1.4)),
    ]  # fmt: skip
    guess = int(phase.rates[-1][0, 0].argmax())
    label = (
        f"Three line charts over {ms[-1]:.0f} milliseconds for a digit {y} that the network "
        f"first reads as {guess}, with gain {k_p:g}. Left: the rates of three neurons of layer 1 "
        f"move by up to {shift:.3f}. Middle: the size of the apical drive in each layer, at most "
        f"{most:.3f}. Right: the output error goes from {error[0]:.3f} to {error[-1]:.3f}."
    )
    verdict = "right" if guess == y else "wrong"
    summary = (
        f"<p><img src='{png(x.reshape(28, 28))}' alt='The digit, a {y}.' width='56' "
        "style='image-rendering:pixelated;vertical-align:middle;display:inline;margin:0 8px 0 0'> "
        f"A {y}, at first read as {guess} ({verdict}). "
        f"Output error |e|: {error[0]:.3f} → {error[-1]:.3f}.</p>"
    )
    return summary + chart(panels, label, 700)


def _rates_that_move(ms: Array, phase: Block, widest: Block) -> tuple[Panel, float]:
    """The three neurons of layer 1 that move most in ``widest``, and by how much they do here."""
    hidden, most = phase.rates[1][:, 0], widest.rates[1][:, 0]
    movers = np.sort(np.argsort(-np.ptp(most, axis=0), kind="stable")[:3])
    curves = [Series(f"neuron {i}", ms, hidden[:, i], colour=j) for j, i in enumerate(movers)]
    panel = Panel("Layer 1: rates that move most", "time (ms)", "rate r", curves)
    panel.y_range = _from_zero(float(np.max(most[:, movers])))
    return panel, max(float(np.ptp(hidden[:, i])) for i in movers)


def _feedback(ms: Array, phase: Block, widest: Block) -> tuple[Panel, float]:
    """The size of the apical drive in each layer, and the largest one here."""
    drive, hardest = (
        [np.linalg.norm(a[:, 0], axis=1) for a in block.apical] for block in (phase, widest)
    )
    curves = [Series(f"layer {l + 1}", ms, a, colour=layer(l + 1)) for l, a in enumerate(drive)]
    panel = Panel("Feedback", "time (ms)", "size |a|", curves)
    panel.y_range = _from_zero(max(9.0, float(np.max(hardest))))
    return panel, float(np.max(drive))


def _from_zero(top: float) -> tuple[float, float]:
    """An axis from 0 to ``top``, with a little room."""
    top = 1.05 * top or 1.0
    return (-0.04 * top, top)
