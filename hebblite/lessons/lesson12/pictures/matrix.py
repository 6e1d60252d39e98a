"""The matrix of frameworks and rules as a heat map, with cells that have no meaning hatched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np

from ....data import stored_cell, stored_matrix
from ....errors import UndefinedCell, check_choice
from ....frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    Framework,
    PredictiveCoding,
)
from ....network import Network
from ....rules import STDP, Contrastive, DifferentialHebbian, ErrorBased, Gradient, Hebbian, Rule
from ....teaching.motion import Timeline
from ....teaching.numerals import decimals, signed
from ....teaching.schematic import Drawing
from ....teaching.svg import ink_on

Array = np.ndarray
Pair = tuple[str, str]

FRAMEWORKS: dict[str, tuple[str, Callable[[], Framework]]] = {
    "backprop": ("backprop", Backprop),
    "dfc": ("DFC", lambda: DeepFeedbackControl(steps=3)),
    "pc": ("PC", lambda: PredictiveCoding(steps=3)),
    "ep": ("EP", lambda: EquilibriumPropagation(free_steps=3, nudged_steps=3)),
    "deb": ("DEB", lambda: DendriticMicrocircuit(steps=3)),
}
#: The heading of each column in two lines, and its rule.
RULES: dict[str, tuple[tuple[str, str], Callable[[], Rule]]] = {
    "gradient": (("gradient", "(apical drive)"), Gradient),
    "error-based": (("error-based", "(rates)"), ErrorBased),
    "error-voltage": (("error-based", "(voltages)"), lambda: ErrorBased(on="voltage")),
    "contrastive": (("contrastive", "(two states)"), Contrastive),
    "dh": (("DH", "(changes)"), DifferentialHebbian),
    "stdp": (("STDP", "(spikes)"), STDP),
    "hebbian": (("plain Hebb", "(control)"), Hebbian),
}
#: Columns that are stored for every framework; the others are drawn where numbers are given.
STORED = ("gradient", "error-based", "error-voltage", "contrastive", "dh")
#: How the colours of the cells are made: what the number is, the palest and the strongest value.
SHOW = {"accuracy": (88.0, 95.0), "gap": (-5.0, 1.0), "spread": (0.0, 1.0)}
TITLES = {
    "accuracy": "Test digits read (%), mean of the stored seeds",
    "gap": "Points above (+) or below (−) backprop on the same network",
    "spread": "Standard deviation over the seeds (points)",
}

LEFT, TOP, HIGH = 92.0, 66.0, 46.0  # of the cells, and how high each is
WIDE = {5: 118.0, 6: 99.0, 7: 85.0}  # of a cell, by the number of columns
BLUE = np.array([0, 0.45, 0.70])


class Value(NamedTuple):
    """What a cell holds: mean and standard deviation of the accuracy in percent, points above
    backprop with the same hidden layers, number of seeds."""

    mean: float
    spread: float
    gap: float
    seeds: int


@cache
def stored() -> dict[Pair, Value]:
    """The stored cells. Of backprop the one with tanh, as in most frameworks."""
    found = {}
    for cell in stored_matrix():
        base = stored_cell("backprop", "gradient", cell.hidden)
        if cell.framework == "backprop" and cell.hidden != "tanh":
            continue
        found[cell.framework, cell.rule] = Value(
            cell.mean, cell.spread, cell.mean - base.mean, len(cell.seeds)
        )
    return found


@cache
def reasons() -> dict[Pair, str]:
    """Why a rule has no meaning in a framework, in the engine's own words: it is asked for the
    update of a tiny network, and refuses."""
    net = Network([2, 3, 2], seed=0)
    x, target = np.full((1, 2), 0.5), np.array([[0.8, 0.2]])
    found = {}
    for framework, (_, make) in FRAMEWORKS.items():
        for rule, (_, make_rule) in RULES.items():
            try:
                make_rule()(make().teach(net, x, target))
            except UndefinedCell as error:
                found[framework, rule] = str(error)
    return found


def short(reason: str) -> tuple[str, str]:
    """A reason as two short lines in a cell."""
    return ("nothing", "moves") if "activity moves" in reason else ("top-down", "always on")


#: The same, as a line below the matrix.
LEGEND = {
    "nothing moves": "nothing moves: the framework yields the free state alone",
    "top-down always on": "top-down always on: it is part of the free state too, and so no error "
    "can be told apart",
}


def draw_matrix(
    chosen: Pair | None = None,
    live: Mapping[Pair, float] | None = None,
    show: str = "accuracy",
    more: Mapping[Pair, float] | None = None,
) -> str:
    """The stored matrix: frameworks below each other, rules side by side. Cells without a meaning
    are hatched and say why.

    chosen: a pair such as ("pc", "dh"), framed. live: accuracies (%) that were trained just now,
    written below the stored ones. show: "accuracy", "gap" (to backprop on the same network) or
    "spread" (over seeds). more: accuracies (%) of pairs that are not stored, such as ("dfc",
    "stdp"); their columns are then drawn too.
    """
    d, _ = _drawn(chosen, live or {}, show, more or {})
    return d.svg()


def hero() -> str:
    """The matrix fills: cells without a meaning are hatched from the start, and the others come
    framework by framework."""
    d, cells = _drawn(None, {}, "accuracy", {}, "Film of a table that fills. ")
    film = Timeline(d, 5.0)
    pairs = [pair for pair in cells if pair in stored()]
    for k, pair in enumerate(pairs):
        film.appear(cells[pair], at=0.5 + 3.8 * k / len(pairs), for_=0.35)
    return film.svg()


def _drawn(
    chosen: Pair | None,
    live: Mapping[Pair, float],
    show: str,
    more: Mapping[Pair, float],
    opening: str = "",
) -> tuple[Drawing, dict[Pair, ET.Element]]:
    check_choice("show", show, tuple(SHOW))
    rules = [rule for rule in RULES if rule in STORED or any(r == rule for _, r in (*more, *live))]
    wide = WIDE[len(rules)]
    bottom = TOP + HIGH * len(FRAMEWORKS)
    d = Drawing(LEFT + wide * len(rules) + 6, bottom + 96, opening + _label(rules, show, more))
    d.say(LEFT, 16, TITLES[show], bold=True, fixed=True)
    for j, rule in enumerate(rules):
        for k, line in enumerate(RULES[rule][0]):
            d.say(LEFT + wide * (j + 0.5), TOP - 24 + 15 * k, line, "middle",
                  size=12 if k == 0 else 11, bold=k == 0, fixed=True)  # fmt: skip
    cells = {}
    for i, (framework, (name, _)) in enumerate(FRAMEWORKS.items()):
        d.say(LEFT - 8, TOP + HIGH * (i + 0.5) + 4, name, "end", bold=True, fixed=True)
        for j, rule in enumerate(rules):
            pair = (framework, rule)
            box = (LEFT + wide * j, TOP + HIGH * i, wide)
            cells[pair] = _cell(d, pair, box, show, live, more)
    if chosen in cells:
        x, y = LEFT + wide * rules.index(chosen[1]), TOP + HIGH * list(FRAMEWORKS).index(chosen[0])
        d.path(_box(x + 1.5, y + 1.5, wide - 3, HIGH - 3), "dh", 4)
    _legend(d, bottom, show)
    return d, cells


def _box(x: float, y: float, wide: float, high: float) -> str:
    return f"M{x:.1f},{y:.1f} h{wide:.1f} v{high:.1f} h{-wide:.1f} Z"


def _cell(
    d: Drawing,
    pair: Pair,
    box: tuple[float, float, float],
    show: str,
    live: Mapping[Pair, float],
    more: Mapping[Pair, float],
) -> ET.Element:
    """One cell, with its number or with the reason why there is none."""
    x, y, wide = box
    group = d.group()
    middle = x + wide / 2
    frame = _box(x + 1, y + 1, wide - 2, HIGH - 2)
    value = stored().get(pair)
    number = None if value is None else getattr(value, "mean" if show == "accuracy" else show)
    if number is None and show == "accuracy":
        number = more.get(pair)
    if pair in reasons():
        d.path(hatching(x + 1, y + 1, wide - 2, HIGH - 2), width=0.8, opacity=0.28, into=group)
        d.path(frame, width=0.8, opacity=0.5, into=group)
        for k, line in enumerate(short(reasons()[pair])):
            _on_page(d, middle, y + HIGH / 2 - 3 + 14 * k, line, group)
        return group
    if number is None:
        d.path(frame, width=0.8, opacity=0.4, into=group)
        words = f"now {decimals(live[pair], 1)}" if pair in live else "not stored"
        d.say(middle, y + HIGH / 2 + 4, words, "middle", size=11, fixed=True, into=group)
        return group
    colour = colour_of(number, show)
    filled = ET.SubElement(group, "path", {"d": frame, "fill": _hex(colour)})
    filled.set("stroke", "currentColor")
    filled.set("stroke-opacity", "0.4")
    ink = ink_on(colour)
    words = signed(number, 1) if show == "gap" else decimals(number, 1 if show != "spread" else 2)
    also = pair in live
    said = d.say(middle, y + HIGH / 2 + (-2 if also else 5), words, "middle", size=14, fixed=True,
                 into=group)  # fmt: skip
    said.set("fill", ink)
    if also:
        below = d.say(middle, y + HIGH / 2 + 15, f"now {decimals(live[pair], 1)}", "middle",
                      size=11, fixed=True, into=group)  # fmt: skip
        below.set("fill", ink)
    return group


def _on_page(d: Drawing, x: float, y: float, words: str, into: ET.Element) -> None:
    """Words on hatching, with the page's colour behind them that nobody knows: so no halo, but
    lines are pale and thin."""
    d.say(x, y, words, "middle", size=11, fixed=True, into=into)


def hatching(x: float, y: float, wide: float, high: float, apart: float = 9.0) -> str:
    """Slanted lines that fill a box, and end at its edges."""
    strokes = []
    for c in np.arange(apart, wide + high, apart):  # x + y = c, from the box's corner
        x0, x1 = max(0.0, c - high), min(wide, c)
        strokes.append(f"M{x + x0:.1f},{y + c - x0:.1f} L{x + x1:.1f},{y + c - x1:.1f}")
    return " ".join(strokes)


def colour_of(value: float, show: str) -> Array:
    """From white for the palest value to blue for the strongest, (3,)."""
    low, high = SHOW[show]
    level = float(np.clip((value - low) / (high - low), 0, 1))
    return 1 - (0.08 + 0.92 * level) * (1 - BLUE)


def _hex(colour: Array) -> str:
    return "#" + "".join(f"{round(255 * float(c)):02x}" for c in colour)


def _legend(d: Drawing, bottom: float, show: str) -> None:
    """The scale of colours, and what the hatched cells say, in a line each."""
    low, high = SHOW[show]
    y = bottom + 16
    steps = 24
    for k in range(steps):
        shade = {"d": _box(LEFT + 6 * k, y, 6, 12)}
        shade["fill"] = _hex(colour_of(low + (high - low) * k / (steps - 1), show))
        ET.SubElement(d.root, "path", shade)
    d.path(_box(LEFT, y, 6 * steps, 12), width=0.8, opacity=0.5)
    say = signed if show == "gap" else decimals
    d.say(LEFT - 6, y + 10, f"{say(low, 0)} or less" if show != "spread" else "0", "end",
          fixed=True)  # fmt: skip
    d.say(LEFT + 6 * steps + 6, y + 10, f"{say(high, 0)} or more", fixed=True)
    for k, line in enumerate(LEGEND.values()):
        at = y + 27 + 20 * k
        d.path(hatching(LEFT, at, 22, 13, 6.0), width=0.8, opacity=0.4)
        d.path(_box(LEFT, at, 22, 13), width=0.8, opacity=0.5)
        d.say(LEFT + 30, at + 11, line, fixed=True)


def _label(rules: list[str], show: str, more: Mapping[Pair, float]) -> str:
    rows = []
    for framework, (name, _) in FRAMEWORKS.items():
        said = []
        for rule in rules:
            value = stored().get((framework, rule))
            heading = rule
            if (framework, rule) in reasons():
                said.append(f"{heading} has no meaning")
            elif value is not None:
                number = getattr(value, "mean" if show == "accuracy" else show)
                said.append(f"{heading} {decimals(number, 1 if show != 'spread' else 2)}")
            elif (framework, rule) in more and show == "accuracy":
                said.append(f"{heading} {decimals(more[framework, rule], 1)}")
            else:
                said.append(f"{heading} not stored")
        rows.append(f"{name}: {', '.join(said)}")
    seeds = sorted({value.seeds for value in stored().values()})
    return (
        f"Heat map of frameworks and rules. {TITLES[show]} ({' or '.join(map(str, seeds))} seeds). "
        f"{'; '.join(rows)}."
    )
