"""The pyramidal neuron, drawn: with its parts named, and in the film that opens the lesson."""

from __future__ import annotations

from ....teaching.chart import decimals, number
from ....teaching.motion import Timeline
from ....teaching.schematic import Drawing, neuron
from ..equations import sigmoid

#: Levels are shown as shares of these: the largest drive and the largest voltage of the sliders.
DRIVE, VOLTAGE = 4.0, 5.0


def draw_neuron() -> str:
    """A pyramidal neuron with its two dendrites, its soma and its axon."""
    d = Drawing(
        680, 350,
        "Drawing of a pyramidal neuron. At the top, the tuft of the apical dendrite receives the "
        "apical drive a from higher areas. At the bottom, basal dendrites receive the basal drive "
        "b = W pre + β from the layer below. Both reach the soma in the middle, a triangle with "
        "the voltage v. The axon leaves it to the right with the rate r = φ(v).",
    )  # fmt: skip
    cell = neuron(d, 230, 216, b=0.35, a=0.35, v=0.45, r=0.8, signs=False)
    within = d.say(230, 240, "v", "middle", 17, bold=True, fixed=True)
    within.set("fill", "#000000")  # on blue, whether the page is light or dark
    named(d, cell.tuft.x + 24, 44, "apical dendrite: advice from above", "apical drive a")
    named(d, cell.axon.x + 12, cell.axon.y - 4, "axon", "rate r = φ(v), to the next neurons")
    named(d, 330, 316, "basal dendrites: what the layer below says", "basal drive b = W pre + β")
    named(d, 10, 190, "soma: adds up, and leaks", "τ dv/dt = −v + b + a")
    d.say(10, 40, "from higher areas", italic=True)
    d.say(10, 340, "pre: rates of the neurons below", italic=True)
    return d.svg()


def named(d: Drawing, x: float, y: float, title: str, below: str) -> None:
    """A part's name, with its formula below."""
    d.say(x, y, title, bold=True)
    d.say(x, y + 18, below)


def hero() -> str:
    """The free state; then advice comes, the soma fills, the axon says more; the synapse keeps
    the change."""
    d = Drawing(
        720, 340,
        "Film of a pyramidal neuron. At first only its basal dendrites are lit, its soma is half "
        "full, and small beads travel on its axon: the free state. Then the apical dendrite lights "
        "up, the soma fills, and the beads grow. At the end the synapse from below is thicker.",
    )  # fmt: skip
    b, a = 0.0, 2.0
    before, after = float(sigmoid(b)), float(sigmoid(b + a))
    film = Timeline(d, 5.0)
    pre = d.arrow([(14, 330), (112, 316)], "rate", 2)
    d.say(14, 306, "pre", italic=True)
    thick = d.arrow([(14, 330), (112, 316)], "dh", 6, dashed=False)
    film.vanish(pre, at=3.8, for_=0.4)
    film.appear(thick, at=3.8, for_=0.6)
    cell = neuron(d, 170, 222, b=0.4, a=0.5, v=0.85, r=after, signs=False)
    film.appear(cell.glow_b, at=0.0, for_=0.6)
    film.appear(cell.glow_a, at=1.6, for_=0.6)
    scratch = Drawing(720, 340, "The same neuron in its free state: its soma is filled less.")
    half = neuron(scratch, 170, 222, v=0.4, signs=False).fill_v[0].get("d", "")
    filled = cell.fill_v[0]
    film.change(filled, "d", [half, filled.get("d", "")], at=2.0, for_=1.4)
    for bead in cell.beads:
        most = float(bead.get("r", "0"))
        film.change(bead, "r", [most * before / after, most], at=2.0, for_=1.4)
    steps = (
        (0.3, "1  The layer below drives the basal dendrites.", "free state: r = φ(b)"),
        (1.6, "2  Advice drives the apical dendrite.", "apical drive a"),
        (2.4, "3  The soma follows, and the rate moves.", "from φ(b) to φ(b + a)"),
        (3.8, "4  The synapse keeps the change of rate.", "change of r, times pre"),
    )
    for k, (at, words, formula) in enumerate(steps):
        x, y = 358, 60 + 72 * k
        film.appear(d.say(x, y, words, size=13, bold=True, fixed=True),
                    d.say(x + 18, y + 20, formula, size=13, fixed=True), at=at)  # fmt: skip
    return film.svg()


def put_state(d: Drawing, x: float, y: float, b: float, a: float, v: float, r: float) -> None:
    """The neuron at one moment, with the centre of its soma at (x, y): dendrites glow with the
    drives, the soma fills with the voltage, beads on the axon are as large as the rate. Negative
    levels are dashed or pale."""
    cell = neuron(d, x, y, 0.75, b / DRIVE, a / DRIVE, v / VOLTAGE, r, signs=False)
    d.say(cell.tuft.x + 8, cell.tuft.y + 2, f"a = {number(a)}", fixed=True)
    d.say(x - 100, y - 12, f"v = {decimals(v, 2)}", fixed=True)
    d.say(cell.axon.x - 40, cell.axon.y + 22, f"r = {decimals(r, 2)}", fixed=True)
    d.say(cell.basal.x + 8, cell.basal.y + 8, f"b = {number(b)}", fixed=True)
