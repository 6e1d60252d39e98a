"""The picture of the title: what comes from above is cancelled, until a teacher pushes."""

from __future__ import annotations

from functools import cache

import numpy as np

from ....frameworks import DendriticMicrocircuit
from ....network import Network
from ....stream import Record, fold
from ....teaching.motion import Timeline
from ....teaching.schematic import Drawing
from .scene import Levels, Scene, scene

SIZE = 0.9
WORDS = 400.0  # where the words begin
#: When the steps of the film begin, in seconds.
INPUT, CANCELLED, TEACHER, SPEAKS, MOVES, LEARNS = 0.2, 1.1, 2.1, 2.8, 3.4, 4.2
STEPS = (
    (INPUT, "1  The layer above answers.", "Its rate arrives at the apical dendrite."),
    (CANCELLED, "2  The interneuron predicts it,", "and cancels it: the dendrite is silent."),
    (TEACHER, "3  A teacher pushes the output.", "The interneuron follows only in part."),
    (SPEAKS, "4  The dendrite speaks:", "what was not predicted is an error."),
    (MOVES, "5  The soma moves, and so its rate.", "Its axon says more than before."),
    (LEARNS, "6  The synapse keeps the change.", "change of rate, times what came in"),
)


@cache
def two_states() -> tuple[Levels, Levels]:
    """The free and the taught state of a chain of one neuron a layer, as the engine has them, with
    a strong nudge; the apical level as a share of the taught one."""
    net = Network([1, 1, 1], hidden="sigmoid", output="linear", seed=0)
    for W, beta in zip(net.weights, net.biases, strict=True):
        W[...], beta[...] = 1.0, 0.0
    circuit = DendriticMicrocircuit(g_A=3.0, g_som=2.0, g_I=0.4, steps=120, dt=5e-4)
    block = fold(circuit.teach(net, np.array([[0.6]]), np.array([[2.6]])), Record())[0]
    k_I = circuit.g_I / (circuit.g_lk + circuit.g_D)
    made = []
    for t in (0, -1):
        v, above = float(block.voltages[0][t, 0, 0]), float(block.voltages[1][t, 0, 0])
        b_above = float(block.basal[1][t, 0, 0])
        i = (b_above + k_I * above) / (1 + k_I)  # at rest
        made.append(
            Levels(
                b=0.45, a=float(block.apical[0][t, 0, 0]), v=v, r=float(block.rates[1][t, 0, 0]),
                i=i, p=i, b_above=b_above, v_above=above, r_above=above,
            )
        )  # fmt: skip
    return made[0], made[1]


def shown() -> tuple[Levels, Levels]:
    """The two states as levels of the picture: voltages as shares of the largest."""
    free, taught = two_states()
    most = 1.15 * max(taught.v, taught.v_above, taught.i)
    return tuple(  # type: ignore[return-value]
        Levels(
            b=0.45, a=0.7 * state.a / taught.a, v=state.v / most, r=state.r / taught.r,
            i=state.i / most, p=state.p / most, b_above=0.45, v_above=state.v_above / most,
            r_above=state.r_above / most,
        )
        for state in (free, taught)
    )  # fmt: skip


def hero() -> str:
    """Input from above arrives, and the interneuron cancels it. Then the teacher pushes the output,
    the dendrite speaks, the soma moves, and the synapse changes."""
    free, taught = shown()
    d = Drawing(
        700, 384,
        "Film of a pyramidal neuron, the neuron above it, and an interneuron. What comes from "
        "above lights up the apical dendrite, and the interneuron cancels it: the dendrite falls "
        "silent. Then a teacher pushes the neuron above, the dendrite lights up again, the soma "
        "fills, the beads on its axon grow, and the synapse from below gets thicker.",
    )  # fmt: skip
    film = Timeline(d, 5.0)
    made = scene(d, 8, 10, taught, SIZE)
    x, y = made.at["W"].x - 16, made.at["W"].y + 28
    thick = d.arrow([(x, y), (x + 42, y - 27)], "dh", 7, dashed=False)
    film.appear(thick, at=LEARNS, for_=0.5)
    _cells(film, made, free, taught)
    _names(d, made)
    x, y = made.inter.soma
    film.appear(d.say(x - 26, y + 24, "interneuron", "end", fixed=True), at=CANCELLED, for_=0.3)
    for k, (at, words, more) in enumerate(STEPS):
        film.appear(
            d.say(WORDS, 40 + 60 * k, words, size=13, bold=True, fixed=True),
            d.say(WORDS + 18, 60 + 60 * k, more, size=13, fixed=True),
            at=at, for_=0.4,
        )  # fmt: skip
    return film.svg()


def _names(d: Drawing, made: Scene) -> None:
    d.say(*made.at["teacher"], "teacher", fixed=True)
    d.say(made.above.soma.x + 20, made.above.soma.y - 14, "output", fixed=True)
    d.say(made.cell.tuft.x - 128, made.cell.tuft.y - 14, "apical dendrite", fixed=True)
    d.say(made.cell.soma.x - 72, made.cell.soma.y, "soma", fixed=True)


def _cells(film: Timeline, made: Scene, free: Levels, taught: Levels) -> None:
    """Every level goes from the free state to the taught one; the apical dendrite is lit, silent,
    and lit again."""
    scratch = Drawing(700, 384, "The same neurons in their free state, with less in their somata.")
    start = scene(scratch, 8, 10, free, SIZE)
    film.appear(made.teacher, at=TEACHER, for_=0.3)
    quick = 0.5
    film.appear(made.wires["Y"][0], at=INPUT, for_=quick)
    film.appear(made.inter.whole, made.nudge, *made.wires["X"], at=CANCELLED, for_=0.3)
    levels = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]  # every 0.35 seconds
    film.change(made.cell.glow_a, "opacity", levels, at=0.05, for_=3.15)
    film.appear(made.cell.glow_b, at=0.0, for_=0.3)
    for now, before, at in (
        (made.above.fill_v, start.above.fill_v, TEACHER),
        (made.inter.fill_i, start.inter.fill_i, TEACHER + 0.2),
        (made.cell.fill_v, start.cell.fill_v, MOVES),
    ):
        film.change(now[0], "d", [before[0].get("d", ""), now[0].get("d", "")], at, 0.7)
    for beads, old, at in (
        (made.above.beads, start.above.beads, TEACHER),
        (made.inter.beads, start.inter.beads, TEACHER + 0.2),
        (made.cell.beads, start.cell.beads, MOVES),
    ):
        for bead, was in zip(beads, old, strict=True):
            film.change(bead, "r", [float(was.get("r", "0")), float(bead.get("r", "0"))], at, 0.7)
