"""Lesson 07's pictures: true words, axes that stay, labels with room, films with the same parts."""

from __future__ import annotations

import itertools
import re
from functools import cache

import numpy as np
import pytest
from drawn import collisions, label, ticks, words

from hebblite.data import load_digits
from hebblite.errors import ArgumentError
from hebblite.lessons import lesson07
from hebblite.lessons.lesson07.pictures import central, chain, crossing, plane, ways
from hebblite.lessons.lesson07.runs.race import easy_to_hard
from hebblite.losses import Course, linear_latency
from hebblite.teaching.player import differences


@cache
def staged():
    return lesson07.stage(load_digits())


@cache
def timed():
    at = staged()
    return lesson07.timed(at.net, at.x, at.wanted)


@cache
def ran():
    at = staged()
    return lesson07.run_race(at.net, at.x, at.labels, at.wanted)


@cache
def courses(ahead=0.7, seeds=3):
    """Made-up trainings in which DH has ``ahead`` times the H* of backprop at equal error."""
    found = []
    for hidden, seed in itertools.product(central.HIDDEN, range(seeds)):
        made = (("dh", ahead, 2.9), ("backprop", 1.0, 3.1), ("backprop slow", 0.9, 4.0))
        for method, times, pace in made:
            error = 0.9 * np.exp(-np.arange(9) / (pace + 0.1 * seed))
            losses = {
                "error": error.tolist(),
                "feedback": (error**2 / 2).tolist(),
                "latency": (0.2 * error * times).tolist(),
                "least": (3 * error * times).tolist(),
                "gain": (2 - error / times).tolist(),
                "latency_at_gain_1": (0.4 * error).tolist(),
            }
            found.append(Course(method, central.SIZES, hidden, seed, losses))
    return found


CROSSINGS = list(itertools.product((0.05, 0.3, 0.6), (0.1, 0.6, 1.2), (2.0, 5.0, 10.0)))
PLANES = list(itertools.product((1.0, 2.0, 16.0), (0, 30, 45, 75, 90)))
WAYS = list(itertools.product((0.3, 0.35, 0.8, 1.5), (1.0, 2.0, 4.0, 5.0)))
BOUNDED = list(itertools.product((0.1, 0.6, 1.2), (0.1, 0.3, 0.6)))


@cache
def everything():
    at = staged()
    low, high = lesson07.predicted(at.net, at.x, at.wanted)
    found = {
        "hero": lesson07.hero(),
        "race": lesson07.draw_race(ran()),
        "start of a race": lesson07.draw_race(ran(), 0),
        "bounds": lesson07.draw_bounds(low, high, timed().latency),
        "speed": lesson07.draw_speed(
            lesson07.speeds(at.net, at.x, at.labels, timed().latency), lesson07.E_TOL
        ),
        "chain": lesson07.draw_chain(),
        "central": lesson07.draw_central(courses()),
        "ahead": lesson07.draw_ahead(courses()),
    }
    for name, draw, settings in (
        ("crossing", lesson07.draw_crossing, CROSSINGS),
        ("plane", lesson07.draw_plane, PLANES),
        ("ways", lesson07.draw_two_ways, WAYS),
        ("bounded", lesson07.draw_bounded, BOUNDED),
        ("lit", lambda kind: lesson07.draw_chain(lit=kind), [(kind,) for kind in chain.KINDS]),
    ):
        found |= {f"{name} {at}": draw(*at) for at in settings}
    return found


# ---------------------------------------------------------------------- what holds for all


def test_words_have_room_in_every_picture_at_the_ends_of_every_slider():
    for name, drawing in everything().items():
        assert collisions(drawing) == [], name


def test_axes_stay_and_every_setting_shows():
    for name in ("crossing", "plane", "ways", "bounded"):
        drawings = [d for key, d in everything().items() if key.startswith(f"{name} (")]
        assert len(set(drawings)) == len(drawings) > 8
        settings = {"ways": WAYS, "bounded": BOUNDED}.get(name)
        shown = [set(ticks(d)) for d in drawings]
        common = set.intersection(*shown)
        assert len(common) >= 8, name
        assert settings is None or all(len(s - common) <= 1 for s in shown), name


def test_films_differ_in_attributes_and_words_only():
    film = lesson07.race_film(ran(), 12)
    differences(film["frames"])  # raises where frames have other parts
    assert len(film["frames"]) == len(film["captions"]) == len(set(film["captions"]))


# ---------------------------------------------------------------------- the race


def test_the_hero_ends_on_two_clocks_that_tell_the_crossings_of_an_easy_and_a_hard_digit():
    hero, (easy, hard) = lesson07.hero(), (1000 * two for two in hero_latencies())
    assert hard > 2 * easy > 0
    said = words(hero)
    assert said.count(f"{easy:.0f} ms") == said.count(f"{hard:.0f} ms") == 2
    assert f"after {easy:.0f} milliseconds" in label(hero) and "@keyframes" in hero
    assert not re.findall(r' opacity="0(?:\.0*)?"', hero)  # nothing is hidden at the end
    assert len(hero) < 40_000


def hero_latencies():
    from hebblite.lessons.lesson07.pictures.hero import two_digits

    return two_digits().latency


def test_a_race_is_what_the_engine_measures():
    race = ran()
    assert np.all(np.diff(race.latency) > 0) and race.latency[0] > 0
    at = staged()
    order = easy_to_hard(timed().latency)
    assert np.allclose(race.latency, timed().latency[order])
    assert np.allclose(race.said[0], at.net.predict(at.x[order]))
    for j, latency in enumerate(race.latency):
        before, after = np.searchsorted(race.time, latency) + np.array([-1, 0])
        assert race.size[before, j] > race.e_tol >= race.size[after, j]


def test_a_card_says_when_its_digit_arrived():
    race = ran()
    start, end = lesson07.draw_race(race, 0), lesson07.draw_race(race)
    assert "✓" not in "".join(words(start)) and "there since" not in label(start)
    done = [w for w in words(end) if "✓" in w]
    assert done == [f"{1000 * t:.0f} ms ✓" for t in race.latency]
    film = lesson07.race_film(race, 12)
    assert film["captions"][0].startswith("0 ms: 0 of 5")
    assert "5 of 5 digits" in film["captions"][-1]
    never = lesson07.Race(
        race.time, race.size + 1, race.said, race.images, race.labels, 0.3, race.latency + np.inf
    )
    assert "longer than was watched" in lesson07.race_film(never, 3)["label"]


def test_digits_are_chosen_from_easy_to_hard_among_those_that_race():
    latency = np.array([0.0, 0.4, np.inf, 0.1, 0.3, 0.2, 0.0])
    assert easy_to_hard(latency, 3).tolist() == [3, 5, 1] or easy_to_hard(latency, 4).tolist() == [
        3, 5, 4, 1,
    ]  # fmt: skip
    assert latency[easy_to_hard(latency, 4)].tolist() == [0.1, 0.2, 0.3, 0.4]


def test_where_no_digit_takes_its_time_a_sentence_says_so():
    at_once = np.zeros(3)
    for draw in (lambda: easy_to_hard(at_once), lambda: lesson07.draw_bounds(*[at_once] * 3)):
        with pytest.raises(ArgumentError, match="no digit that takes its time"):
            draw()


# ---------------------------------------------------------------------- theory


@pytest.mark.parametrize(("e_tol", "e_0", "rate"), CROSSINGS)
def test_the_crossing_is_where_the_formula_says(e_tol, e_0, rate):
    took = crossing.latency(e_0, e_tol, rate)
    if e_0 <= e_tol:
        assert took == 0 and "its latency is 0" in label(lesson07.draw_crossing(e_tol, e_0, rate))
    else:
        assert e_0 * np.exp(-rate * took) == pytest.approx(e_tol)
        drawn = lesson07.draw_crossing(e_tol, e_0, rate)
        assert f"after {1000 * took:.0f} ms" in label(drawn)
        assert took > crossing.SECONDS[1] or words(drawn).count(f"{1000 * took:.0f} ms") == 2


@pytest.mark.parametrize(("ratio", "degrees"), PLANES)
def test_latencies_in_the_plane_are_the_engines_and_keep_their_bounds(ratio, degrees):
    at = plane.Plane(ratio, degrees)
    M = at.axes @ np.diag(at.eigenvalues) @ at.axes.T
    bent, straight, (low, high) = at.bent(), at.straight(), at.bounds()
    exact = linear_latency(bent.e[:1], M, plane.RATE, plane.E_TOL)[0]
    assert bent.latency == pytest.approx(exact, abs=1e-4)
    assert straight.latency == pytest.approx(np.log(1 / plane.E_TOL) / plane.RATE, abs=1e-6)
    assert low - 1e-6 <= bent.latency <= high + 1e-6
    assert f"after {bent.latency:.2f} seconds" in label(lesson07.draw_plane(ratio, degrees))


def test_with_gauss_newton_the_way_is_straight_and_with_the_jacobian_bent():
    at = plane.Plane(9.0, 45.0)
    for way, straight in ((at.straight(), True), (at.bent(), False)):
        e = way.e[:200]
        turned = np.abs(e[:, 0] * e[0, 1] - e[:, 1] * e[0, 0]).max()
        assert (turned < 1e-12) == straight


@pytest.mark.parametrize(("e_0", "lam"), WAYS)
def test_the_two_ways_say_what_each_saves(e_0, lam):
    took = crossing.latency(e_0, ways.E_TOL, lam)
    lower, faster = ways.saved(e_0, lam)
    assert lower == pytest.approx(took - crossing.latency(max(e_0 / 1.1, 0.3), ways.E_TOL, lam))
    assert faster == pytest.approx(took * (1 - 1 / 1.1))
    assert f"{1000 * faster:.0f} ms" in label(lesson07.draw_two_ways(e_0, lam))


def test_the_bounded_controller_takes_a_time_in_proportion_to_what_it_has_to_go():
    a, b, c = (label(lesson07.draw_bounded(e, 0.3)) for e in (0.6, 0.9, 1.2))
    times = [float(re.search(r"bounded rate ([\d.]+)\.", text)[1]) for text in (a, b, c)]
    assert times[1] == pytest.approx(2 * times[0]) and times[2] == pytest.approx(3 * times[0])


# ---------------------------------------------------------------------- measured


def test_the_bounds_count_those_outside():
    measured = np.array([0.1, 0.2, 0.3, 0.0, np.inf])
    low, high = measured * 0.5, measured * 2
    assert "Of 3 digits 3 have" in label(lesson07.draw_bounds(low, high, measured))
    high[1] = 0.15
    drawn = lesson07.draw_bounds(low, high, measured)
    assert "Of 3 digits 2 have" in label(drawn) and "measured, outside its bounds" in words(drawn)


def test_speeds_say_what_is_read_and_how_fast():
    latency = np.array([0.1, 0.3, 0.2, 0.0, np.inf, 0.5])
    labels, said = np.array([1, 2, 3, 4, 5, 6]), np.array([1, 2, 3, 4, 9, 0])
    made = lesson07.Speeds(latency, np.zeros((6, 784)), labels, said)
    drawn = lesson07.draw_speed(made, 0.3)
    assert "1 are within it from the start, 1 were not" in label(drawn)
    assert "those that are read is 200 ms, of those that are misread 500 ms" in label(drawn)
    assert {"4 read", "2 misread", "1 never", "6 read 0"} <= set(words(drawn))


def test_the_chain_shows_every_link_with_its_kind_and_ground():
    drawn = lesson07.draw_chain()
    for _, kind, said, rests_on in lesson07.LINKS:
        assert f"{kind} ({rests_on})" in words(drawn)
        assert said.replace("~", " ") in label(drawn)
    assert {kind for _, kind, *_ in lesson07.LINKS} == set(chain.KINDS)
    dashes = [chain.STROKES[kind] for kind in chain.KINDS]
    assert len(set(dashes)) == len(dashes)


def test_pictures_of_courses_say_what_the_numbers_are():
    ahead = lesson07.draw_ahead(courses())
    assert "least effort H*, tanh, DH: 0.70 to 0.70, 3 of 3 below 1" in label(ahead)
    assert "least effort H*, relu, the control: backprop with a third" in label(ahead)
    assert "latency × eigenvalue, sigmoid, DH: 1.00 to 1.00" in label(ahead)
    behind = lesson07.draw_ahead(courses(1.2))
    assert "least effort H*, relu, DH: 1.20 to 1.20, 0 of 3 below 1" in label(behind)
    first = central.table(courses(), "dh", "tanh", central.SIZES, "latency")
    assert first.shape == (3, 9) and first[0, 0] == pytest.approx(0.7 * 180)
    assert "latency (ms), tanh, DH: 126 to" in label(lesson07.draw_central(courses()))
