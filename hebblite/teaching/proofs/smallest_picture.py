"""The smallest network in which a step fails, drawn with its numbers on it.

Rates stand in the neurons and weights on the arrows. Each symbol that the step uses stands, under
its name in the code, where it belongs (``places``): a drive from above on an arrow from above,
others below their neurons, the rest in a list. Last come the two sides of the step; where they
differ most, a ring or a wide arrow marks the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..chart.words import wrapped
from ..numerals import number
from ..placing import SMALLEST, Box, free_place, text_box, text_width
from ..schematic import Drawing, Point
from .places import (
    Array,
    Mark,
    Placed,
    Row,
    World,
    mark,
    place,
    rates_of,
    short,
    shown,
    sizes_of,
    told_apart,
)

if TYPE_CHECKING:
    from .smallest import Smallest

RADIUS = 22.0  # of a neuron, with its rate in it
LINE = 15.0  # between two lines of words
ABOVE = 44.0  # room for the drive from above a neuron
WIDEST = 560.0
MARKED = {
    "neurons": "The ring marks the neuron where the two sides differ most.",
    "arrows": "The wide arrow marks the weight where the two sides differ most.",
}
MOST = 3  # neurons of a layer that can be drawn with their numbers


def can_draw(world: World) -> bool:
    """Whether the world has a network that is small enough to be drawn with its numbers."""
    sizes = getattr(world.get("net"), "sizes", ())
    return 2 <= len(sizes) <= 5 and max(sizes) <= MOST


def draw_smallest(found: Smallest) -> str:
    """What the search for the smallest network has found, drawn."""
    return draw_world(found.world, found.names, found.step.left, found.left, found.yours)


def draw_world(
    world: World, given: Sequence[str], left: str, measured: Array | float, yours: Array | float
) -> str:
    """The same of any world."""
    return drawing_of(world, given, left, measured, yours).svg()


def drawing_of(
    world: World, given: Sequence[str], left: str, measured: Array | float, yours: Array | float
) -> Drawing:
    """The network of a world, with the symbols ``given`` and the two sides: the symbol ``left`` as
    the engine ``measured`` it, and ``yours``, which the learner's function makes of the symbols."""
    placed, here = place(world, given), mark(world, left, measured, yours)
    lines = [
        line
        for name, values in placed.whole
        for line in wrapped(f"{name} = {shown(values)}", WIDEST - 20, most=3)
    ]
    sides = two_sides(left, measured, yours)
    plan = Plan(sizes_of(world), placed, [*lines, *sides], here.kind != "whole")
    d = Drawing(plan.width, plan.height, label(world, placed, here, sides))
    for layer in range(len(plan.sizes)):
        for i in range(plan.sizes[layer]):
            at = plan.at(layer, i)
            d.keep_free(Box(at.x - RADIUS, at.y - RADIUS, at.x + RADIUS, at.y + RADIUS))
    _foot(d, plan, lines, sides, here)
    labels = [_arrows(d, world, placed, plan, layer, here) for layer in range(1, len(plan.sizes))]
    for layer in range(len(plan.sizes)):
        _column(d, world, placed, plan, layer, here)
    for x, y, words, bold in (each for layer in labels for each in layer):
        d.say(x, y, words, "middle", bold=bold)
    return d


def _foot(d: Drawing, plan: Plan, lines: Sequence[str], sides: Sequence[str], here: Mark) -> None:
    """What stands below the network: the symbols of the whole, the two sides, what is marked."""
    y = plan.foot
    for words in lines:
        d.say(plan.width / 2, y, words, "middle", fixed=True)
        y += LINE
    for words in sides:
        y += 4
        d.say(plan.width / 2, y, words, "middle", size=13, bold=True, fixed=True)
        y += LINE
    if here.kind != "whole":
        d.say(plan.width / 2, y + 4, MARKED[here.kind], "middle", fixed=True)


class Plan:
    """Where the neurons are; as wide and high as this network's words need it."""

    def __init__(
        self, sizes: list[int], placed: Placed, below: Sequence[str], marked: bool
    ) -> None:
        self.sizes = sizes
        rows = [placed.neurons.get(layer, []) for layer in range(len(sizes))]
        self.drives = any(is_drive(name) for row in rows for name, _ in row)
        under = max(sum(not is_drive(name) for name, _ in row) for row in rows)
        words = [at_neuron(name, v) for row in rows for name, values in row for v in values]
        widest = max([0.0, *(text_width(each) for each in words)])
        count = len(sizes) - 1
        self.apart = min(max(150.0, widest + 16), (WIDEST - 2 * RADIUS - 60) / count)
        room = ABOVE if self.drives else 12.0
        aside = 26.0 if under and max(sizes) > 1 else 0.0  # words move down between arrows
        self.gap = room + 2 * RADIUS + LINE * under + 14 + aside
        needs = max([0.0, *(text_width(each, 13, bold=True) for each in below)])
        needs = max([needs, *(text_width(each) for each in MARKED.values() if marked)])
        self.width = max(self.apart * count + 150, needs + 20, 340.0)
        self.left = (self.width - self.apart * count) / 2
        self.top = 30 + room + RADIUS
        lowest = [
            self.at(k, sizes[k] - 1).y + LINE * len(row) + aside * bool(row)
            for k, row in enumerate(rows)
        ]
        self.foot = max(lowest) + RADIUS + 30
        self.height = self.foot + (LINE + 4) * len(below) + (LINE + 4) * marked - 6

    def at(self, layer: int, i: int) -> Point:
        """The centre of a neuron."""
        first = self.top + self.gap * (max(self.sizes) - self.sizes[layer]) / 2
        return Point(self.left + self.apart * layer, first + self.gap * i)


def is_drive(name: str) -> bool:
    """Whether a symbol is a drive that arrives from above: a, a_below, a_above."""
    return name.split("_")[0] == "a"


def rate_words(rate: float) -> str:
    """A rate as it stands in its neuron: three decimals, fewer where it is large."""
    return number(round(float(rate), 3) + 0.0) if abs(rate) < 1 else short(rate)


def at_neuron(name: str, value: float) -> str:
    return f"{name} = {short(value)}"


# ---------------------------------------------------------------------- parts


def _arrows(
    d: Drawing, world: World, placed: Placed, plan: Plan, layer: int, here: Mark
) -> list[tuple[float, float, str, bool]]:
    """The weights that lead to a layer: width is magnitude, a negative one is dashed. Returns the
    labels that are wanted: (x, y, words, bold)."""
    W = np.atleast_2d(world["net"].weights[layer - 1])
    scale = max(float(np.abs(w).max()) for w in world["net"].weights) or 1.0
    names = [name for name, _ in placed.arrows.get(layer, [])]
    single = W.size == 1
    middle = plan.left + plan.apart * (layer - 0.5)
    if names and not single:
        d.say(middle, 18, ", ".join(names), "middle", bold=True, fixed=True)
    labels = []
    for (i, j), w in np.ndenumerate(W):
        start, end = _between(plan.at(layer - 1, j), plan.at(layer, i), RADIUS + 3)
        marked = here == Mark("arrows", layer, i, j)
        width = 0.8 + 2.4 * abs(float(w)) / scale
        if marked:
            halo = d.arrow([start, end], "error", width + 8, "", opacity=0.45, dashed=False)
            halo.set("data-mark", "arrow")
        line = d.arrow([start, end], "basal" if names else None, width, dashed=False)
        line[0].set("stroke-dasharray", "5 4" if w < 0 else "none")
        far = float(np.hypot(end.x - start.x, end.y - start.y))
        for part in np.linspace(0, 1, int(far / 6) + 2):  # labels keep off the arrows
            x, y = start.x + part * (end.x - start.x), start.y + part * (end.y - start.y)
            d.keep_free(Box(x - 3, y - 3, x + 3, y + 3))
        # Off the middle, where arrows cross.
        part = 0.5 if single else 0.3 if i % 2 == j % 2 else 0.62
        x, y = start.x + part * (end.x - start.x), start.y + part * (end.y - start.y)
        words = at_neuron(names[0], float(w)) if names and single else short(float(w))
        labels.append((x, y - 7, words, bool(names)))
    return labels


def _between(a: Point, b: Point, by: float) -> tuple[Point, Point]:
    """The line from a to b without ``by`` pixels at either end."""
    step = np.array([b.x - a.x, b.y - a.y])
    step *= by / (np.hypot(*step) or 1.0)
    dx, dy = float(step[0]), float(step[1])
    return Point(a.x + dx, a.y + dy), Point(b.x - dx, b.y - dy)


def _column(d: Drawing, world: World, placed: Placed, plan: Plan, layer: int, here: Mark) -> None:
    """The neurons of a layer, with their rates in them and their symbols around them."""
    rates, rows = rates_of(world), placed.neurons.get(layer, [])
    d.say(plan.at(layer, 0).x, 18, column_name(layer, len(plan.sizes)), "middle", fixed=True)
    for i in range(plan.sizes[layer]):
        at = plan.at(layer, i)
        if here == Mark("neurons", layer, i):
            d.circle(*at, RADIUS + 5, "error", None, width=3).set("data-mark", "neuron")
        d.circle(*at, RADIUS, "rate", "rate", 0.12)
        if rates:
            d.say(at.x, at.y + 4, rate_words(rates[layer][i]), "middle", size=SMALLEST, fixed=True)
        drives = [row for row in rows if is_drive(row[0])]
        _drive(d, drives, at, i)
        others = [at_neuron(n, float(values[i])) for n, values in rows if not is_drive(n)]
        _block(d, others, at)


def _block(d: Drawing, lines: Sequence[str], at: Point) -> None:
    """Words below a neuron, or as near to it as they find a place, together."""
    if not lines:
        return
    first = text_box(at.x, at.y + RADIUS + LINE, max(lines, key=text_width), "middle", bold=True)
    whole = first._replace(bottom=first.bottom + LINE * (len(lines) - 1))
    dx, dy = free_place(whole, d.taken, d.page)
    for k, words in enumerate(lines):
        y = at.y + RADIUS + LINE * (k + 1) + dy
        d.say(at.x + dx, y, words, "middle", bold=True, fixed=True)


def _drive(d: Drawing, drives: Sequence[Row], at: Point, i: int) -> None:
    """An arrow from above for each drive from above, with its value beside it."""
    for k, (name, values) in enumerate(drives):
        x = at.x + 9 * k
        d.arrow([(x, at.y - RADIUS - ABOVE + 16), (x, at.y - RADIUS - 3)], "apical", 2.2)
        d.keep_free(Box(x - 4, at.y - RADIUS - ABOVE + 14, x + 4, at.y - RADIUS))
        words = at_neuron(name, float(values[i]))
        d.say(x + 8, at.y - RADIUS - ABOVE / 2 + 8, words, bold=True)


# ---------------------------------------------------------------------- words


def column_name(layer: int, count: int) -> str:
    """What a column is called."""
    return "input" if layer == 0 else f"layer {layer}" + " (output)" * (layer == count - 1)


def two_sides(left: str, measured: Array | float, yours: Array | float) -> list[str]:
    """The two sides: in one line, or one below the other where they are long."""
    a, b = told_apart(measured, yours)
    whole = f"left side {left} = {a} · yours {b}"
    if text_width(whole, 13, bold=True) < WIDEST - 20:
        return [whole]
    return [
        line
        for words in (f"left side {left} = {a}", f"yours {b}")
        for line in wrapped(words, WIDEST - 20, bold=True, most=3)
    ]


def label(world: World, placed: Placed, here: Mark, sides: Sequence[str]) -> str:
    """The drawing for those who do not see it: the same symbols and numbers, in words."""
    net, count = world["net"], len(sizes_of(world))
    where = str(world.get("where", "")).strip()
    said = [f"A network {'-'.join(map(str, sizes_of(world)))}{', ' * bool(where)}{where}."]
    rates = rates_of(world)
    if rates:
        by_layer = (", ".join(map(rate_words, rate)) for rate in rates)
        said.append("Rates, from the input on: " + "; ".join(by_layer) + ".")
    weights = [f"into layer {k}: {shown(W)}" for k, W in enumerate(net.weights, start=1)]
    said.append("Weights " + "; ".join(weights) + ".")
    named = [
        f"{name} = {shown(values)} {link}{column_name(layer, count)}"
        for link, group in (("at ", placed.neurons), ("into ", placed.arrows))
        for layer, rows in sorted(group.items())
        for name, values in rows
    ]
    named += [f"{name} = {shown(values)}" for name, values in placed.whole]
    if named:
        said.append("Symbols: " + "; ".join(named) + ".")
    said.append(" ".join(sides).replace(" · ", "; ") + ".")
    if here.kind == "neurons":
        said.append(f"Marked is neuron {here.i} of {column_name(here.layer, count)}.")
    elif here.kind == "arrows":
        said.append(f"Marked is the arrow to neuron {here.i} of layer {here.layer} from neuron "
                    f"{here.j}.")  # fmt: skip
    return " ".join(said)
