"""The picture of the title: a rule goes through the bench, and its card fills line by line."""

from __future__ import annotations

from functools import cache

from ....teaching.motion import Timeline
from ....teaching.schematic import Drawing
from ....teaching.testbench import Card, try_rule
from ..runs.starts import dendrite

#: What is shown of the card: the key of a check, and the question that it asks.
SHOWN = {
    "runs": "Is it sound?",
    "local": "Does a synapse see all that it reads?",
    "descent": "Does the loss fall along its update?",
    "angle": "Does it point to backprop's side?",
    "blind": "Is it blind to what is always there?",
}
SIGNS = {"passes": "✓", "fails": "✗"}
LEFT, RIGHT, TOP, LINE = 300.0, 680.0, 84.0, 40.0


@cache
def card() -> Card:
    """The card of the rule that reads the dendrite, claimed to be blind to baselines."""
    return try_rule(dendrite, claims=("blind",), quick=True)


def hero() -> str:
    """A rule on the left; on the right its card, check by check, and the verdict at the bottom."""
    checks = {key: card()[key].outcome for key in SHOWN}
    failed = [SHOWN[key] for key, outcome in checks.items() if outcome == "fails"]
    d = Drawing(
        700, 348,
        "Film of a test bench. A neuron with an apical dendrite is asked five questions, and each "
        "answer appears on a card: " + " ".join(
            f"{SHOWN[key]} It {outcome}." for key, outcome in checks.items()
        ) + f" At the end a stamp: refuted, by {len(failed)} of {len(checks)} questions.",
    )  # fmt: skip
    film = Timeline(d, 5.0)
    _neuron(d)
    d.path(f"M{LEFT},16 H{RIGHT + 8} V332 H{LEFT} Z", None, 1.5)
    d.say(LEFT + 18, 42, "Card of a rule: “read the dendrite”", size=14, bold=True, fixed=True)
    d.say(LEFT + 18, 62, "claimed beforehand: it is blind to baselines", fixed=True)
    for k, (key, question) in enumerate(SHOWN.items()):
        y, at, outcome = TOP + 16 + LINE * k, 0.4 + 0.75 * k, checks[key]
        asked = d.say(LEFT + 48, y, question, size=13, fixed=True)
        sign = d.say(LEFT + 20, y + 2, SIGNS[outcome], size=18, bold=True, fixed=True)
        film.appear(asked, at=at, for_=0.3)
        film.appear(sign, at=at + 0.35, for_=0.25)
    y = TOP + LINE * len(SHOWN) + 22
    stamp = d.path(f"M{LEFT + 18},{y - 20} H{RIGHT - 10} v34 H{LEFT + 18} Z", "error", 2.5)
    words = "Refuted: all that is there, it takes for a teacher."
    film.appear(stamp, d.say(LEFT + 28, y + 2, words, size=12, bold=True, fixed=True), at=4.4)
    return film.svg()


def _neuron(d: Drawing) -> None:
    """A pyramidal neuron: what comes from above, the soma, and a synapse from below."""
    x, soma = 130.0, 236.0
    d.path(f"M{x},{soma - 24} V84", "apical", 6, dashed=False)
    d.path(f"M{x},90 L{x - 34},52 M{x},90 L{x + 34},52", "apical", 4)
    d.path(
        f"M{x - 26},{soma + 22} L{x},{soma - 26} L{x + 26},{soma + 22} Z", "rate", 2, "rate", 0.3
    )
    d.path(f"M{x - 14},{soma + 22} L{x - 52},{soma + 62}", "basal", 4)
    d.path(f"M{x + 14},{soma + 22} L{x + 52},{soma + 62}", "basal", 4)
    d.arrow([(64, 26), (92, 44)], "error", 2.5)
    d.arrow([(196, 26), (168, 44)], "layer3", 2.5)
    d.say(12, 20, "a teacher", fixed=True)
    d.say(288, 20, "and all the rest", "end", fixed=True)
    d.say(x + 16, 150, "apical dendrite", fixed=True)
    d.say(x + 34, soma + 4, "soma", fixed=True)
    d.say(x + 6, 322, "what should synapses", "middle", fixed=True)
    d.say(x + 6, 338, "from below read?", "middle", fixed=True)
