"""Motion: the picture without it is the last frame, a film is short and never repeats."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from hebblite.errors import ArgumentError
from hebblite.teaching.motion import LONGEST, OTHERS, PIXELS, Timeline, css, film, path_length
from hebblite.teaching.schematic import Drawing, neuron

LABEL = "A line that grows and a dot that travels along it."


def pieces():
    d = Drawing(300, 100, LABEL)
    line = d.arrow([(10, 50), (200, 50)], "rate", 2)
    dot = d.circle(200, 50, 6, "error", "error")
    return d, line, dot, d.say(20, 20, "a word")


def plain(svg):
    """The drawing as a renderer without animation sees it: no style sheet, no classes."""
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.endswith("style"):
                parent.remove(child)
        parent.attrib.pop("class", None)
    return ET.tostring(root)


def test_without_its_motion_a_film_is_the_drawing():
    d, line, dot, word = pieces()
    still = plain(d.svg())
    timeline = Timeline(d, 3)
    timeline.appear(word, at=0.2)
    timeline.draw(line, at=0.5, for_=1)
    timeline.change(dot, "r", [1, 6], at=1.5)
    assert plain(timeline.svg()) == still


def test_what_is_gone_at_the_end_is_drawn_invisible():
    d, line, dot, word = pieces()
    timeline = Timeline(d, 3)
    timeline.travel(dot, [(10, 50), (200, 50)], at=0.5)
    timeline.vanish(word, at=1)
    assert dot.get("opacity") == word.get("opacity") == "0" and line.get("opacity") is None


def keyframes(svg):
    """{name: [(percent, declaration)]} of a film."""
    found = {}
    for name, body in re.findall(r"@keyframes ([\w-]+)\{((?:[\d.]+%\{[^}]*\})+)\}", svg):
        found[name] = re.findall(r"([\d.]+)%\{([^}]*)\}", body)
    return found


def test_keyframes_run_from_start_to_end_once_and_only_where_motion_is_wanted():
    d, _, dot, word = pieces()
    timeline = Timeline(d, 4)
    timeline.appear(word, at=1, for_=1)
    timeline.change(dot, "r", [0, 3, 6], at=2, for_=2)
    svg = timeline.svg()
    fade, grow = keyframes(svg).values()
    assert [p for p, _ in fade] == ["0.00", "25.00", "50.00", "100.00"]
    assert [v for _, v in fade] == ["opacity:0", "opacity:0", "opacity:1", "opacity:1"]
    assert grow[-1] == ("100.00", "r:6px") and ("75.00", "r:3px") in grow
    assert "infinite" not in svg and svg.count("prefers-reduced-motion:no-preference") == 1
    assert svg.index("@media") < svg.index("animation:")  # nothing moves outside of it


def test_two_changes_of_one_attribute_follow_each_other():
    d, _, dot, _ = pieces()
    timeline = Timeline(d, 4)
    timeline.change(dot, "r", [3, 6], at=2, for_=1)
    timeline.change(dot, "r", [0, 3], at=0.5, for_=1)
    (rule,) = keyframes(timeline.svg()).values()
    assert [v for _, v in rule] == [f"r:{v}px" for v in (0, 0, 3, 3, 6, 6)]


def test_a_film_is_short_and_keeps_to_its_time():
    d, _, dot, word = pieces()
    with pytest.raises(ArgumentError, match=f"seconds: got 6, expected .*<= {LONGEST:g}"):
        Timeline(d, 6)
    timeline = Timeline(d, 2)
    with pytest.raises(ArgumentError, match="within 0 to 2 s"):
        timeline.appear(word, at=1.8, for_=0.5)
    with pytest.raises(ArgumentError, match="attribute: got 'points', expected one of"):
        timeline.change(dot, "points", ["", ""], at=0)
    with pytest.raises(ArgumentError, match="at least two"):
        timeline.change(dot, "r", [1], at=0)


def test_values_are_written_as_css_wants_them():
    assert css("r", 3) == "3px" and css("opacity", 0.5) == "0.5" and css("r", "2.50") == "2.50px"
    assert css("d", "M0,0 L1,1") == "path('M0,0 L1,1')"
    assert not set(PIXELS) & set(OTHERS)


def test_the_length_of_a_path():
    assert path_length("M0,0 L30,40") == 50
    assert path_length("M0,0 L3,4 M100,100 L100,110") == 15
    assert path_length("M0,0 H10 V5") == 15
    quarter = "M10,0 C10,5.523 5.523,10 0,10"  # of a circle of radius 10
    assert path_length(quarter) == pytest.approx(15.7, abs=0.05)
    assert path_length("M-5,0 L-5,-7.5") == 7.5


def test_frames_of_a_player_as_a_film():
    def draw(t):
        d = Drawing(300, 320, "A neuron that lights up as time goes by.")
        neuron(d, 130, 190, b=t, v=t / 2, r=t)
        return d.svg()

    frames = [draw(k / 10) for k in range(11)]
    made = film(frames, 3)
    assert plain(made) == plain(frames[-1]) and 'xmlns="http://www.w3.org/2000/svg"' in made
    assert "ns0:" not in made
    attributes = {rule[0][1].split(":")[0] for rule in keyframes(made).values()}
    assert {"stroke-width", "stroke-opacity", "d", "r"} <= attributes


def test_a_transform_has_units_as_css_wants_them():
    assert css("transform", "translate(63.8,30.0)") == "translate(63.8px,30.0px)"
    assert css("transform", "translate(-3px, 4.5)") == "translate(-3px,4.5px)"
    assert css("transform", "rotate(-90) scale(0.5)") == "rotate(-90deg) scale(0.5)"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{LABEL}" '
    places = (f"translate({x},0)" for x in range(3))
    moved = [f'{head}viewBox="0 0 9 9"><path d="M0,0h1" transform="{p}"/></svg>' for p in places]
    assert not re.search(r"@keyframes[^@]*translate\([-\d.]+[,)]", film(moved))
