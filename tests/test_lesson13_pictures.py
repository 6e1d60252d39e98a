"""Lesson 13's pictures: true words, labels with room, bars as long as what they stand for."""

from __future__ import annotations

import re

import numpy as np
import pytest
from drawn import collisions, label, parse, words

from hebblite.errors import ArgumentError
from hebblite.lessons import lesson13
from hebblite.lessons.lesson13.pictures import apical, course, hero, starts


def drawings():
    """Every picture, with the data of the lesson."""
    courses = lesson13.courses(1)
    return [
        lesson13.hero(),
        lesson13.draw_apical(lesson13.signals(1)),
        *(lesson13.draw_course(courses, t, part) for t in lesson13.FOUR for part in lesson13.PARTS),
        lesson13.draw_late(lesson13.late_over_steps(1)),
        lesson13.draw_constant(lesson13.over_constants(1)),
    ]


def test_no_label_lies_on_another_and_all_are_700_px_at_most():
    for drawing in drawings():
        assert collisions(drawing) == [], label(drawing)
        assert float(parse(drawing).get("viewBox").split()[2]) <= 700


def test_the_title_s_card_is_a_card():
    outcomes = {check.key: check.outcome for check in hero.card().checks}
    drawn = words(lesson13.hero())
    for question in hero.SHOWN.values():
        assert question in drawn
    assert [key for key in hero.SHOWN if outcomes[key] == "fails"] == ["blind"]
    assert "refuted, by 1 of 5 questions" in label(lesson13.hero())


def test_bars_are_as_long_as_the_drives():
    ends = {"a": {k: {g: (0.0, s) for g, s in zip(apical.GROUPS, (0.5, -1.0, 0.0), strict=True)}
                  for k in ("expected", "unexpected")}}  # fmt: skip
    drawing = lesson13.draw_apical(ends)
    lengths = [float(x) for x in re.findall(r"h(-?[\d.]+) v12", drawing)]
    in_rows = [x for x in lengths if abs(x) != pytest.approx(0.3 * apical.LONGEST)]
    expected = [0.5 * apical.LONGEST] * 2 + [-apical.LONGEST] * 2
    assert in_rows == pytest.approx(expected, abs=0.06)
    assert "P+ 0.50" in label(drawing) and "bystanders 0.00" in label(drawing)


def test_what_is_silent_is_a_dot():
    quiet = {"a": {k: dict.fromkeys(apical.GROUPS, (0.0, 0.0)) for k in ("expected", "unexpected")}}
    assert lesson13.draw_apical(quiet).count("<circle") == 6


def test_a_course_ends_where_it_is_shown_to_end():
    time = np.linspace(0, 10, 101)
    found = {
        "X": {"time": time, "layer 1": time / 10, "layer 2": time / 10, "error": 1 - time / 10}
    }
    whole = label(course.draw_course(found, "X", course.PARTS[1]))
    begin = label(course.draw_course(found, "X", course.PARTS[0]))
    assert "error 0 %" in whole and "over 10 time" in whole
    assert "error 70 %" in begin and "over 3 time" in begin
    with pytest.raises(ArgumentError):
        course.draw_course(found, "X", "nothing")


def test_charts_of_the_starts_say_their_numbers():
    late = starts.draw_late({"dt": np.array([2e-3, 1e-3]), "apart": np.array([4.0, 1.5])})
    assert "4.0 degrees at 2.0 ms" in label(late) and "1.5 degrees at 1.0 ms" in label(late)
    constant = starts.draw_constant(
        {
            "size": np.array([0.0, 2.0]),
            "dendrite": np.array([1.0, 70.0]),
            "dh": np.array([9.0, 9.0]),
        }
    )
    assert "70.0 degrees with 2 times" in label(constant)
