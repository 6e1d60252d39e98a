"""Schematic pictures: labels keep apart and inside, levels show in two ways, and on both themes."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hebblite.errors import ArgumentError
from hebblite.teaching import colours, placing
from hebblite.teaching.chart import Panel, Series, chart
from hebblite.teaching.placing import (
    SMALLEST,
    Box,
    clashes,
    free_place,
    spread,
    text_width,
)
from hebblite.teaching.player import differences
from hebblite.teaching.schematic import (
    Drawing,
    block,
    connect,
    control_loop,
    interneuron,
    layers,
    neuron,
    split,
    synapse,
    wire,
)
from hebblite.teaching.schematic.loop import WIRES, along
from hebblite.teaching.schematic.network import disc_radius

LABEL = "A drawing of a neuron and of what is around it."
UNIT = st.floats(-1, 1)
WORDS = st.text("abcdefgh iW₁=+", min_size=1, max_size=14).filter(str.strip)


# ---------------------------------------------------------------------- places of words


@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 400), WORDS), max_size=14))
@settings(max_examples=60, deadline=None)
def test_labels_never_meet_and_stay_inside(wanted):
    d = Drawing(600, 400, LABEL)
    for x, y, words in wanted:
        d.say(x, y, words)
    assert d.clashes() == [] and len(d.labels) == len(wanted)


def test_the_check_of_places_finds_what_is_wrong():
    page = Box(0, 0, 100, 100)
    boxes = [Box(10, 10, 40, 20), Box(39, 12, 60, 22), Box(70, 70, 90, 80), Box(95, 5, 101, 9)]
    assert clashes(boxes, page) == [(3, -1), (0, 1)]
    d = Drawing(200, 60, LABEL)
    d.say(10, 30, "first", fixed=True)
    with pytest.raises(ArgumentError, match="a free place"):
        d.say(20, 32, "second", fixed=True)
    with pytest.raises(ArgumentError, match="no free place"):
        for _ in range(40):
            d.say(10, 30, "one of too many")
    with pytest.raises(ArgumentError, match="at least 11"):
        d.say(10, 30, "small", size=SMALLEST - 1)


def test_a_label_moves_no_farther_than_it_must():
    taken, page = [Box(0, 0, 50, 12)], Box(0, 0, 200, 200)
    assert free_place(Box(60, 0, 90, 12), taken, page) == (0, 0)
    dx, dy = free_place(Box(10, 4, 40, 16), taken, page)
    assert dx == 0 and 10 <= dy <= 14


def test_a_label_with_room_around_it_costs_no_search(monkeypatch):
    monkeypatch.setattr(placing, "_moves", lambda *page: pytest.fail("all moves were sorted"))
    assert free_place(Box(60, 0, 90, 12), [Box(0, 0, 50, 12)], Box(0, 0, 200, 200)) == (0, 0)


@given(st.lists(st.floats(0, 100), max_size=8))
def test_spread_keeps_order_distance_and_bounds(wanted):
    placed = spread(wanted, 10, 0, 100)
    assert all(-1e-9 <= p <= 100 + 1e-9 for p in placed)
    order = np.argsort(wanted, kind="stable")
    steps = np.diff(np.array(placed)[order])
    assert np.all(steps >= 10 - 1e-9)
    apart = np.diff(np.sort(wanted))
    if len(wanted) and np.all(apart >= 10):
        np.testing.assert_allclose(placed, wanted)


def test_widths_are_upper_estimates_of_a_wide_font():
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    for words in ("apical drive a", "W₁ᵀ error e", "Basal dendrites: what comes from below",
                  "τ dv/dt = −v + b + a", "MAXIMUM 0.123456"):  # fmt: skip
        font = FontProperties(family="DejaVu Sans", size=12)
        drawn = text_to_path.get_text_width_height_descent(words, font, False)[0]
        assert drawn <= text_width(words) <= 1.2 * drawn, words


# ---------------------------------------------------------------------- parts


def shapes(svg):
    """What is drawn, element by element, without words."""
    return [(node.tag.split("}")[-1], node.attrib) for node in ET.fromstring(svg).iter()]


def drawn(**levels):
    d = Drawing(400, 340, LABEL)
    parts = neuron(d, 180, 200, **levels)
    return d, parts


@given(b=UNIT, a=UNIT, v=UNIT, r=st.floats(0, 1), phase=st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_a_neuron_has_the_same_parts_at_all_levels(b, a, v, r, phase):
    d, _ = drawn(b=b, a=a, v=v, r=r, phase=phase)
    silent, _ = drawn()
    assert [tag for tag, _ in shapes(d.svg())] == [tag for tag, _ in shapes(silent.svg())]
    assert "nan" not in d.svg()


def test_a_neuron_shows_each_level_in_its_own_part_and_in_two_ways():
    _, silent = drawn()
    for name, part in (("b", "glow_b"), ("a", "glow_a"), ("v", "fill_v"), ("r", "beads")):
        _, lit = drawn(**{name: 0.8})
        for other in ("glow_b", "glow_a", "fill_v", "beads"):
            changed = ET.tostring(getattr(lit, other)) != ET.tostring(getattr(silent, other))
            assert changed == (other == part), (name, other)
    for name, part in (("b", "glow_b"), ("a", "glow_a")):
        up, down = (getattr(drawn(**{name: level})[1], part)[0] for level in (0.8, -0.8))
        assert up.get("stroke-width") == down.get("stroke-width")  # colour and width alike,
        assert up.get("stroke-dasharray") != down.get("stroke-dasharray")  # so dashes tell,
    said = ["".join(ET.fromstring(drawn(a=s)[0].svg()).itertext()) for s in (0.8, -0.8)]
    assert said == ["+", "−"]  # and a sign


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_voltage_fills_more_of_the_soma(one, two):
    def area(v):
        d = drawn(v=v)[1].fill_v[0].get("d")
        x, y = np.array(re.findall(r"-?[\d.]+", d), float).reshape(-1, 2).T
        return 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))

    assert (area(one) <= area(two) + 0.5) == (one <= two) or abs(one - two) < 0.05


def test_weights_show_magnitude_and_sign_and_the_shared_ones_are_marked():
    W = np.array([[1.0, -0.5], [0.01, 0.25]])
    d = Drawing(400, 300, LABEL)
    net = layers(d, [2, 2], 50, 40, 300, 200)
    plain = connect(d, net, 0, W)
    widths = [float(line[0].get("stroke-width")) for line in plain]
    assert len(plain) == 3 and widths[0] > widths[1] > widths[2]  # 0.01 is left out
    assert [line[0].get("stroke-dasharray") for line in plain] == ["none", "5 4", "none"]
    before = len(list(d.root.iter("path")))
    connect(d, net, 0, W, "error", backward=True, marked=W > 0.9, curve=10)
    assert len(list(d.root.iter("path"))) == before + 3 * 2 + 1
    (x0, _), (x1, _) = net.at[0][0], net.at[1][0]
    ends = [line[1].get("d") for line in connect(d, net, 0, W, backward=True)]  # the heads
    assert all(
        abs(float(e[1:].split(",")[0]) - x0) < abs(float(e[1:].split(",")[0]) - x1) for e in ends
    )


@given(st.floats(0, 1))
def test_the_area_of_a_disc_is_its_level(level):
    assert disc_radius(10, level) ** 2 == pytest.approx(64 * level)


def test_a_synapse_shows_its_sign_without_colour():
    d = Drawing(400, 300, LABEL)
    up, down = (synapse(d, (10, 10), (100, 100), w) for w in (0.5, -0.5))
    assert up[1][0].get("stroke-dasharray") != down[1][0].get("stroke-dasharray")
    assert up[1][1].get("d") != down[1][1].get("d")


@given(i=UNIT, p=st.floats(0, 1), phase=st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_an_interneuron_has_the_same_parts_at_all_levels_and_shows_each_in_its_own(i, p, phase):
    def made(**levels):
        d = Drawing(300, 200, LABEL)
        return d, interneuron(d, 200, 100, [(120, 80), (40, 80)], **levels)

    (whole, lit), (silent, still) = made(i=i, p=p, phase=phase), made(phase=phase)
    assert [tag for tag, _ in shapes(whole.svg())] == [tag for tag, _ in shapes(silent.svg())]
    assert "nan" not in whole.svg() and lit.end == (40, 80)
    if abs(i) > 0.01:
        assert ET.tostring(lit.fill_i) != ET.tostring(still.fill_i)
        assert lit.fill_i[0].get("fill-opacity") == ("0.850" if i > 0 else "0.350")
    if p > 0.01:
        assert ET.tostring(lit.beads) != ET.tostring(still.beads)
    assert lit.soma.y < lit.below.y and lit.above.y < lit.soma.y


# ---------------------------------------------------------------------- loops and scenes


@pytest.mark.parametrize("layers_drawn", [1, 2, 3, 4])
@pytest.mark.parametrize("sign", ["−", "+"])
@pytest.mark.parametrize("name", WIRES)
def test_the_loop_can_be_lit_and_cut_anywhere(name, sign, layers_drawn):
    whole = control_loop(LABEL, layers=layers_drawn, sign=sign)
    lit = control_loop(LABEL, lit=[name], layers=layers_drawn, sign=sign)
    cut = control_loop(LABEL, cut=[name], layers=layers_drawn, sign=sign)
    assert whole.clashes() == lit.clashes() == cut.clashes() == []
    assert len({whole.svg(), lit.svg(), cut.svg()}) == 3
    words = [node.text for node in ET.fromstring(whole.svg()).iter() if node.text]
    assert sign in words and "controller" in words


def test_frames_of_the_loop_differ_in_attributes_alone():
    frames = [
        control_loop(LABEL, signal=s, lit=lit, cut=cut, sign=sign, rates=rates).svg()
        for s, lit, cut, sign, rates in (
            (None, (), (), "−", ()),
            (0.3, ("error", "control"), (), "+", (0.1, 0.5, 0.9)),
            (0.9, (), ("feedback",), "−", (1.0, 1.0, 1.0)),
        )
    ]
    _, changes = differences(frames)
    assert changes


@given(st.floats(0, 1))
def test_a_signal_goes_round_the_loop_once(part):
    corners = [(0, 0), (30, 0), (30, 40)]
    x, y = along(corners, part)
    assert x + y == pytest.approx(70 * part, abs=1e-6) and (y == 0 or x == 30)


def test_a_wire_that_is_none_is_named():
    with pytest.raises(ArgumentError, match=r"wire: got 'shunt', expected one of target, error"):
        control_loop(LABEL, lit=["shunt"])


def test_a_circuit_of_boxes_and_wires():
    d = Drawing(400, 200, LABEL)
    left, right = block(d, 80, 80, "encoder", "W₁"), block(d, 300, 80, "decoder", colour="apical")
    meet = split(d, 190, 80, "Σ")
    wire(d, [left.east, meet.west], "basal", words="b", sign="+", lit=True)
    wire(d, [meet.east, right.west], "apical", cut=True, words="a")
    assert d.clashes() == [] and left.east.x < meet.west.x < right.west.x


def test_a_chart_is_put_into_a_drawing():
    curve = chart([Panel("", "x", "y", [Series("", np.arange(3.0), np.arange(3.0))])], LABEL, 300)
    d = Drawing(680, 300, LABEL)
    d.put(curve, 370, 10)
    root = ET.fromstring(d.svg())
    assert [n.get("aria-label") for n in root.iter() if n.get("aria-label")] == [LABEL]
    assert d.svg().count("xmlns") == 1 and root[0].get("x") == "370"
    word = d.say(400, 100, "a word")
    assert float(word.get("x")) < 370 or float(word.get("y")) > 250  # beside it or below
    with pytest.raises(ArgumentError, match="inside the page"):
        d.put(curve, 500, 10)


# ---------------------------------------------------------------------- what holds for all


def everything():
    yield drawn(b=0.5, a=-0.5, v=0.3, r=0.9)[0].svg()
    yield control_loop(LABEL, lit=["error"], cut=["return"]).svg()


@pytest.mark.parametrize("svg", [*everything()])
def test_words_are_large_enough_and_never_coloured(svg):
    known = {look.colour for look in colours.CODE.values()} | {"currentColor", "none"}
    for node in ET.fromstring(svg).iter():
        tag = node.tag.split("}")[-1]
        if tag == "text":
            assert node.get("fill") == "currentColor", node.text
            assert float(node.get("font-size", "12")) >= SMALLEST
        for name in ("fill", "stroke"):
            assert node.get(name, "none") in known


def test_a_drawing_needs_a_text_that_says_what_is_seen():
    with pytest.raises(ArgumentError, match="says what is seen"):
        Drawing(100, 100, "A neuron.")
