"""Charts: names that keep apart, ghosts, bands, insets, dots for seeds, minus signs, colours."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hebblite.teaching import colours
from hebblite.teaching.chart import (
    Inset,
    Panel,
    Series,
    chart,
    decimals,
    fixed_range,
    minus,
    number,
    signed,
)
from hebblite.teaching.chart.axes import Scale, name_lines
from hebblite.teaching.chart.curves import swarm
from hebblite.teaching.chart.legend import rows_of
from hebblite.teaching.chart.panel import emptiest_corner
from hebblite.teaching.chart.words import wrapped
from hebblite.teaching.placing import Box, clashes, text_box, text_width

LABEL = "A line chart that tests what charts can show."
SVG = "{http://www.w3.org/2000/svg}"
X = np.linspace(0, 1, 20)


def boxes(svg):
    """The boxes of all upright words, by what they say, and the page."""
    root = ET.fromstring(svg)
    found = {}
    for node in root.iter(f"{SVG}text"):
        if node.get("transform") or not node.text:
            continue
        size = float(node.get("font-size", "12"))
        x, y = float(node.get("x")), float(node.get("y"))
        place = text_box(x, y, node.text, node.get("text-anchor", "start"), size)
        found.setdefault(node.text, []).append(place)
    width, height = (float(n) for n in root.get("viewBox").split()[2:])
    return found, Box(0, 0, width, height)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_names_at_the_ends_of_curves_never_meet(ends):
    series = [Series(f"curve number {k}", X, y * X) for k, y in enumerate(ends)]
    found, page = boxes(chart([Panel("", "x", "y", series, direct=True, y_range=(0, 1))], LABEL))
    names = [found[s.name][0] for s in series]
    assert clashes(names, page) == []
    seen = [round(end, 6) for end in ends]  # nearer ends are one on the page
    order = sorted(range(len(seen)), key=lambda k: (-seen[k], k))
    tops = [names[k].top for k in order if seen.count(seen[k]) == 1]
    assert tops == sorted(tops)


@given(st.lists(st.text("abcdefg W", min_size=1, max_size=30), max_size=8), st.integers(1, 3))
def test_legends_wrap_within_their_panel(names, panels):
    series = [Series(name, X, X) for name in names if name.strip()]
    width = 680 / panels - 72
    for row in rows_of(Panel("", "", "", series), width):
        x, (name, *_) = row[-1]
        assert x == 0 or x + 32 + text_width(name) <= width + 20


def test_names_below_an_axis_break_into_lines():
    names = ("DH", "backprop", "random feedback, turned by 60 degrees")
    panel = Panel("", "", "", [Series("", np.arange(3.0), np.ones(3), "bars")], x_names=names)
    lines = name_lines(panel, 268)
    assert lines[0] == ["DH"] and len(lines[2]) > 1 and " ".join(lines[2]) == names[2]
    assert max(text_width(line) for line in lines[2]) <= 268 / 3.2 - 6
    found, page = boxes(chart([panel], LABEL, 340))
    assert clashes([box for each in found.values() for box in each], page) == []


@given(st.floats(-1e4, 1e4), st.floats(1e-2, 1e4), st.floats(60, 600))
def test_numbers_below_an_axis_do_not_touch(low, span, width):
    scale = Scale(low, low + span, 0, width, False)
    marks = scale.apart(max(3, int(width / 60)))
    places = [text_box(float(scale(t)), 0, number(t), "middle") for t in marks]
    assert len(marks) <= 3 or clashes(places, Box(-100, -50, width + 100, 50)) == []


# ---------------------------------------------------------------------- minus signs


def test_every_number_has_a_real_minus():
    x = -X
    panel = Panel("from -1 to 0", "t (-1 is early)", "y -2", [
        Series("at -0.5", x, x), Series("ends at -1", x, x, "points")],
        marks=[("y", -0.5, "half -0.5")], bands=[("x", -0.5, -0.2, "about -0.3")])  # fmt: skip
    svg = chart([panel], "A line that falls to -1 in a chart of 0-1 things.")
    words = [node.text or "" for node in ET.fromstring(svg).iter()]
    words.append(ET.fromstring(svg).get("aria-label"))
    assert not [w for w in words if re.search(r"(^|[^\w])-\d", w)]
    assert "0-1 things" in words[-1] and "−1" in words[-1]


@pytest.mark.parametrize(("words", "wanted"), [
    ("-0.31", "−0.31"), ("e = -.5", "e = −.5"), ("0-1", "0-1"), ("x[1]-2", "x[1]-2"),
    ("layer-1", "layer-1"), ("(-3)", "(−3)"), ("10 -3", "10 −3"),
])  # fmt: skip
def test_minus(words, wanted):
    assert minus(words) == wanted


def test_changes_have_their_sign():
    assert [signed(v, 2) for v in (0.5, -0.314, 0.0, -0.001)] == ["+0.50", "−0.31", "0.00", "0.00"]
    assert decimals(-0.0001, 2) == "0.00"


# ---------------------------------------------------------------------- what can be shown


def test_a_ghost_is_pale_and_differs_in_its_dashes_too():
    curves = [Series("now", X, X, colour="dh"), Series("start", X, X, colour="dh", ghost=True)]
    svg = chart([Panel("", "x", "y", curves)], LABEL)
    now, ghost = (n for n in ET.fromstring(svg).iter(f"{SVG}polyline") if len(n.get("points")) > 60)
    assert now.get("stroke") == ghost.get("stroke")
    assert now.get("stroke-dasharray") != ghost.get("stroke-dasharray")


@given(st.lists(st.floats(0, 100), max_size=20), st.floats(20, 100))
def test_dots_of_a_swarm_do_not_cover_each_other_where_there_is_room(heights, room):
    heights = np.sort(heights)
    asides = swarm(heights, 7, room)
    assert all(abs(a) <= room for a in asides)
    if len(heights) <= 2 * room // 7:
        for i in range(len(heights)):
            for j in range(i):
                near = abs(heights[i] - heights[j]) < 7
                assert not near or abs(asides[i] - asides[j]) >= 6.9


def test_dots_show_every_draw_and_their_median():
    y = np.array([1.0, 2.0, 3.0, 10.0, np.nan])
    svg = chart([Panel("", "", "y", [Series("", np.zeros(5), y, "dots")], y_range=(0, 10),
                       x_names=["DH"])], LABEL)  # fmt: skip
    root = ET.fromstring(svg)
    dots = [n for n in root.iter(f"{SVG}path") if "scale" in n.get("transform", "")]
    assert len(dots) == 4
    (median,) = (n for n in root.iter(f"{SVG}line") if n.get("stroke-width") == "2.4")
    assert float(median.get("y1")) == pytest.approx(28 + 180 * (1 - 2.5 / 10), abs=0.1)


def test_error_bars_span_what_they_say_and_fit_on_the_axis():
    s = Series("", np.arange(2.0), np.array([1.0, 2.0]), "points", error=np.array([0.5, 3.0]))
    svg = chart([Panel("", "", "y", [s])], LABEL)
    bars = [n.get("d") for n in ET.fromstring(svg).iter(f"{SVG}path") if "V" in n.get("d")]
    lengths = [abs(float(b[1:].split("V")[0].split(",")[1]) - float(b.split("V")[1].split("M")[0]))
               for b in bars]  # fmt: skip
    assert lengths[1] == pytest.approx(6 * lengths[0], rel=0.02) and lengths[1] < 180


def test_an_inset_goes_where_nothing_is():
    rising = Panel("", "x", "y", [Series("", X, X)], y_range=(0, 1), x_range=(0, 1))
    frame = (0.0, 0.0, 100.0, 100.0)
    to_x, to_y = Scale(0, 1, 0, 100, False), Scale(0, 1, 100, 0, False)
    inset = Inset(Panel("zoom", "", "", [Series("", X, X)]))
    assert emptiest_corner(rising, inset, frame, to_x, to_y) in ("lower right", "upper left")
    rising.series = [Series("", X, X), Series("", X, 0 * X)]
    assert emptiest_corner(rising, inset, frame, to_x, to_y) == "upper left"
    rising.inset = inset
    assert "zoom" in chart([rising], LABEL)


def test_fixed_ranges_hold_what_will_be_shown():
    low, high = fixed_range(np.array([1.0, 5.0]), np.array([2.0]))
    assert low <= 0 < 5 < high
    low, high = fixed_range(np.array([-1.0, 5.0]), even=True)
    assert low == -high and high > 5
    assert fixed_range(np.array([3.0, 5.0]), zero=False)[0] > 2


@given(st.text("abc de", max_size=60), st.floats(20, 200))
def test_wrapping_loses_no_word(words, width):
    assert " ".join(wrapped(words, width)).split() == words.split()


# ---------------------------------------------------------------------- equations


@pytest.mark.parametrize("meaning", colours.CODE)
def test_a_bar_below_a_term_has_the_colour_and_leaves_the_letters(meaning):
    made = colours.barred("W r", meaning, 3)
    assert made.startswith(r"\underset{\textcolor{" + colours.CODE[meaning].colour)
    assert made.endswith("{W r}") and made.count("{") == made.count("}")
    dashes = made.count(r"\rule")
    assert (dashes == 1) == (colours.CODE[meaning].dash == "")


def test_the_note_on_equations_uses_the_code():
    shown = set(re.findall(r"textcolor\{(#\w+)\}\{\\rule", colours.__doc__))
    assert shown == {colours.CODE[m].colour for m in ("basal", "apical", "rate", "error")}


@pytest.mark.parametrize("log", [False, True])
def test_an_axis_may_fall_to_the_right(log):
    up, down = Scale(1, 100, 0, 300, log), Scale(100, 1, 0, 300, log)
    assert up.ticks(4) == down.ticks(4) and len(up.ticks(4)) >= 2
    np.testing.assert_allclose(up([2.0, 50.0]) + down([2.0, 50.0]), 300)
