"""The circuit of one layer with all its weights named, and which of them change when."""

from __future__ import annotations

from typing import NamedTuple

from ....errors import check_choice
from ....teaching.schematic import Drawing
from .scene import WEIGHTS, Levels, Scene, scene

#: What can be asked: the names alone, or what changes while a teacher is absent or there.
WHEN = ("all", "without a teacher", "with a teacher")
WIDTH, HEIGHT, SIZE = 690.0, 372.0, 0.88
CARD, HIGH, FIRST = 378.0, 78.0, 34.0  # of the four cards: left edge, height, top


class Card(NamedTuple):
    """What a kind of weights does, its size, how it changes, and when."""

    does: str
    size: str
    rule: str
    when: str


CARDS = {
    "W": Card("from below, onto the basal dendrite", "(nₗ, nₗ₋₁)",
              "ΔW = Σ Δr[t] pre[t] (DH)", "with a teacher"),
    "X": Card("layer l to its interneurons", "(nₗ₊₁, nₗ)",
              "ΔX ∝ (φ(i) − φ(Xr + βᴵ)) rᵀ", "without a teacher"),
    "Y": Card("from above, onto the apical dendrite", "(nₗ, nₗ₊₁)", "", "never"),
    "Z": Card("interneurons to the apical dendrite", "(nₗ, nₗ₊₁)",
              "ΔZ ∝ −vᴬ φ(i)ᵀ", "without a teacher"),
}  # fmt: skip
LEVELS = {
    "all": Levels(b=0.5, v=0.5, r=0.6, i=0.5, p=0.6, b_above=0.5, v_above=0.5, r_above=0.6),
    "with a teacher": Levels(
        b=0.5, a=0.5, v=0.7, r=0.8, i=0.6, p=0.7, b_above=0.6, v_above=0.85, r_above=0.9
    ),
}
LEVELS["without a teacher"] = LEVELS["all"]


def draw_circuit(when: str = "all") -> str:
    """A pyramidal neuron of layer l, one of layer l + 1, and the interneuron that predicts the
    latter. At the right a card for each kind of weights.

    when: one of ``WHEN``: the names alone, or with those lit that change then.
    """
    check_choice("when", when, WHEN)
    changing = tuple(name for name in WEIGHTS if CARDS[name].when == when)
    d = Drawing(WIDTH, HEIGHT, _label(when, changing))
    made = scene(d, 8, 6, LEVELS[when], SIZE, changing, teacher=when == "with a teacher")
    _names(d, made)
    title = {"all": "Four kinds of weights"}.get(when, f"What changes {when}")
    d.say(CARD, FIRST - 14, title, bold=True, size=13, fixed=True)
    for k, name in enumerate(WEIGHTS):
        _card(d, FIRST + k * (HIGH + 6), name, when, name in changing)
    return d.svg()


def _label(when: str, changing: tuple[str, ...]) -> str:
    shown = (
        "The circuit of one layer. A pyramidal neuron of layer l gets W from below onto its basal "
        "dendrite and Y from above onto its apical dendrite. An interneuron listens to layer l "
        "through X, is nudged by the neuron above, and inhibits the apical dendrite through Z."
    )
    if when == "all":
        return shown
    kept = [name for name in WEIGHTS if name not in changing]
    quiet = "silent" if when == "without a teacher" else "lit, since the teacher pushes the output"
    return (
        f"{shown} Lit are the weights that change {when}: {' and '.join(changing)}; "
        f"{' and '.join(kept)} stay. The apical dendrite is {quiet}."
    )


def _names(d: Drawing, made: Scene) -> None:
    """The names of the wires, beside them, and of the cells."""
    for name, anchor, words in (
        ("W", "end", "Wₗ"), ("W_above", "end", "Wₗ₊₁"), ("X", "start", "Xₗ"), ("Y", "end", "Yₗ"),
        ("Z", "middle", "Zₗ"),
    ):  # fmt: skip
        d.say(*made.at[name], words, anchor, 14, True, fixed=True)
    d.say(*made.at["nudge"], "nudge gᴵ", "end", fixed=True)
    d.say(*made.at["teacher"], "teacher", fixed=True)
    d.say(made.above.axon.x - 44, made.above.axon.y - 30, "layer l + 1", fixed=True)
    d.say(made.cell.axon.x - 22, made.cell.axon.y + 20, "rₗ", fixed=True)
    d.say(made.cell.basal.x + 8, made.cell.basal.y + 6, "layer l", fixed=True)
    d.say(made.inter.soma.x + 24, made.inter.soma.y - 16, "iₗ", fixed=True)
    d.say(made.cell.tuft.x - 128, made.cell.tuft.y - 14, "apical vᴬ", fixed=True)


def _card(d: Drawing, y: float, name: str, when: str, lit: bool) -> None:
    """One kind of weights: its name, what it does, its rule, and whether it changes now."""
    card, colour = CARDS[name], {"W": "basal", "Y": "apical"}.get(name, "lateral")
    wide = WIDTH - CARD - 6
    frame = f"M{CARD:.1f},{y:.1f} h{wide:.1f} v{HIGH:.1f} h{-wide:.1f} Z"
    d.path(frame, colour, 3.4 if lit else 1.2, colour, 0.16 if lit else 0.04)
    d.say(CARD + 12, y + 26, name, bold=True, size=17, fixed=True)
    d.say(CARD + 38, y + 22, card.does, fixed=True)
    if when == "all":
        lines = [f"rows and columns: {card.size}"]
    else:
        lines = [card.rule, "changes now"] if lit else ["stays"]
    for k, line in enumerate(lines):
        d.say(CARD + 38, y + 42 + 20 * k, line, bold=line == "changes now", fixed=True)
