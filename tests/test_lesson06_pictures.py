"""Lesson 06's pictures: what they say is true of what they draw, and no words collide."""

from __future__ import annotations

import re
from collections import namedtuple
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite.data import load_digits
from hebblite.frameworks import DeepFeedbackControl
from hebblite.lessons.lesson06.pictures import (
    bounds,
    descent,
    envelope,
    epochs,
    falling,
    geometry,
    hero,
    outputs,
    spending,
)
from hebblite.lessons.lesson06.pictures import digits as galleries
from hebblite.lessons.lesson06.runs import descent as descents
from hebblite.lessons.lesson06.runs import envelope as envelopes
from hebblite.lessons.lesson06.runs import geometry as planes
from hebblite.lessons.lesson06.runs import teachers
from hebblite.lessons.lesson06.runs.digits import Examined, rank_correlation, twelve
from hebblite.lessons.lesson06.runs.sandwich import sandwich
from hebblite.lessons.lesson06.runs.spending import Spending
from hebblite.losses import least_control
from hebblite.losses.courses import Course
from hebblite.network import Network
from hebblite.teaching.numerals import decimals
from hebblite.teaching.placing import clashes, text_box
from hebblite.teaching.player import differences

PUSHES, ERRORS, KINDS = (-0.5, 0.0, 0.4, 1.5), (0.4, 1.2, 1.6), ("tanh", "linear")


def parse(drawing):
    return ET.fromstring(drawing)


def label(drawing):
    return parse(drawing).get("aria-label")


def words(drawing):
    return " ".join(node.text or "" for node in parse(drawing).iter() if node.tag.endswith("text"))


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+\.?\d*", text)]


def collisions(drawing):
    """Words that meet or leave the page. Turned words, along an axis, are left out; a chart within
    the drawing is moved to where it stands."""
    root = parse(drawing)
    width, height = (float(n) for n in root.get("viewBox").split()[2:])
    boxes, found = [], []

    def walk(node, dx, dy, style):
        if node.tag.endswith("svg") and node is not root:
            left, top = (float(n) for n in node.get("viewBox").split()[:2])
            dx, dy = dx + float(node.get("x")) - left, dy + float(node.get("y")) - top
        style = {key: node.get(key, style[key]) for key in style}
        if node.get("transform", "").startswith("rotate"):
            return
        if node.tag.endswith("text") and (node.text or "").strip():
            boxes.append(text_box(
                float(node.get("x")) + dx, float(node.get("y")) + dy, node.text,
                style["text-anchor"], float(style["font-size"]), style["font-weight"] == "bold",
            ))  # fmt: skip
            found.append(node.text)
        for child in node:
            walk(child, dx, dy, style)

    walk(root, 0.0, 0.0, {"text-anchor": "start", "font-size": "12", "font-weight": "normal"})
    page = text_box(0, 0, "", "start")._replace(left=0, top=0, right=width, bottom=height)
    return [(found[i], found[j] if j >= 0 else "the edge") for i, j in clashes(boxes, page)]


def small_net(hidden):
    """The network 1-1-1 of the plane of pushes, and its input."""
    net = Network([1, 1, 1], hidden=hidden, output="linear", dtype="float64")
    net.weights = [np.array([[planes.DRIVE]]), np.array([[planes.WEIGHT]])]
    return net, np.ones((1, 1))


# ---------------------------------------------------------------------- the title


def test_all_teachers_put_the_output_right_and_the_least_pushes_least():
    lesson = teachers.three_teachers()
    for teacher in lesson.teachers:
        assert np.allclose(teacher.output, lesson.target, atol=1e-3)
        assert teacher.effort == pytest.approx(sum(a @ a for a in teacher.apical) / 2)
    random, transposed, least = (t.effort for t in lesson.teachers)
    assert random > transposed > least
    assert np.abs(lesson.free[-1] - lesson.target).max() > 1


def test_the_title_names_the_efforts_and_its_bars_have_their_heights():
    lesson, drawing = teachers.three_teachers(), hero.hero()
    assert all(f"{t.name} {t.effort:.1f}" in label(drawing) for t in lesson.teachers)
    assert all(f"{t.effort:.1f}" in words(drawing) for t in lesson.teachers)
    bars = [n.get("d") for n in parse(drawing).iter() if n.get("fill-opacity") == "0.800"]
    tops = [hero.GROUND - float(re.findall(r"V([\d.]+)", d)[0]) for d in bars]
    efforts = [t.effort for t in lesson.teachers]
    assert np.allclose(tops, hero.HIGHEST * np.array(efforts) / max(efforts), atol=0.06)
    assert not collisions(drawing)


# ---------------------------------------------------------------------- the plane of pushes


@pytest.mark.parametrize("hidden", KINDS)
@pytest.mark.parametrize("error", ERRORS)
def test_the_least_push_of_the_plane_is_the_engines(hidden, error):
    net, x = small_net(hidden)
    found, best = least_control(net, x, net.predict(x) + error), planes.least(error, hidden)
    assert best.effort == pytest.approx(float(found.H[0]), rel=1e-8)
    assert best.a_1 == pytest.approx(float(found.apical[0][0, 0]), rel=1e-6)
    assert best.a_1 == pytest.approx(best.asked, rel=1e-8)  # pushed by what it is asked for


@pytest.mark.parametrize("hidden", KINDS)
def test_every_push_on_the_line_puts_the_output_right(hidden):
    net, x = small_net(hidden)
    goal = float(net.predict(x)[0, 0]) + 1.2
    phi = net.activations[0].rate
    others = [planes.transposed(1.2, hidden), planes.at_random(1.2, hidden)]
    for push in [planes.way(a, 1.2, hidden) for a in PUSHES] + others:
        v_1 = planes.DRIVE + push.a_1
        assert planes.WEIGHT * float(phi(np.array(v_1))) + push.a_2 == pytest.approx(goal)
        assert push.effort >= planes.least(1.2, hidden).effort - 1e-12


def test_the_transposed_push_is_that_of_feedback_through_the_free_jacobian():
    net, x = small_net("tanh")
    control = DeepFeedbackControl.strong(feedback="jacobian")
    *_, last = control.teach(net, x, net.predict(x) + 1.2)
    push = planes.transposed(1.2, "tanh")
    assert last.apical[0][-1, 0, 0] == pytest.approx(push.a_1, rel=1e-3)
    assert last.apical[1][-1, 0, 0] == pytest.approx(push.a_2, rel=1e-3)
    straight, least = planes.transposed(1.2, "linear"), planes.least(1.2, "linear")
    assert straight.effort == pytest.approx(least.effort)  # in a linear network it is the least
    assert push.effort > 1.02 * planes.least(1.2, "tanh").effort


def test_the_plane_says_what_it_shows_and_its_axes_stay():
    drawn = [
        geometry.draw_geometry(a, e, hidden) for a in PUSHES for e in ERRORS for hidden in KINDS
    ]
    assert len(set(drawn)) == len(drawn)
    assert len({parse(d).get("viewBox") for d in drawn}) == 1
    for drawing in drawn:
        assert not collisions(drawing), label(drawing)
    push = planes.way(0.4, 1.2, "tanh")
    said = label(geometry.draw_geometry(0.4, 1.2, "tanh"))
    assert f"costs {push.effort:.2f}" in said and f"asked for {push.asked:.2f}" in said
    assert "pushed by −0.50" in label(geometry.draw_geometry(-0.5))
    best = planes.least(1.2, "tanh")
    at_best = geometry.draw_geometry(best.a_1, 1.2, "tanh")
    assert "which is the least" in label(at_best) and "Equal:" in words(at_best)
    assert "Push it harder" in words(geometry.draw_geometry(0.0, 1.2, "tanh"))
    assert "Push it less" in words(geometry.draw_geometry(1.5, 0.4, "linear"))


def test_in_the_plane_the_least_push_stands_at_a_right_angle_to_the_line():
    for hidden in KINDS:
        best, h = planes.least(1.2, hidden), 1e-5
        rise = (planes.way(best.a_1 + h, 1.2, hidden).a_2 - best.a_2) / h
        assert abs(best.a_1 + rise * best.a_2) < 1e-4


# ---------------------------------------------------------------------- two outputs


@pytest.mark.parametrize("angle, stretch", [(0, 1.0), (90, 2.5), (200, 1.7), (330, 2.5)])
def test_what_pushes_of_one_effort_reach(angle, stretch):
    made = planes.two_outputs(angle, stretch)
    assert np.allclose(made.J @ made.least, made.e) and np.allclose(made.J @ made.random, made.e)
    assert made.back @ made.back / 2 == pytest.approx(made.H)
    assert made.H_random >= made.H
    # on its edge lie the target, what the transpose reaches, and pushes of this very effort
    K = made.J @ made.J.T
    for y in (made.e, made.J @ made.back, *made.edge(made.J.T)):
        assert y @ np.linalg.solve(K, y) / 2 == pytest.approx(made.H)
    for y in made.edge(made.Q):  # random feedback reaches less far in every direction
        assert y @ np.linalg.solve(K, y) / 2 <= made.H * (1 + 1e-9)
    path = made.path(made.J.T, outputs.TIMES)
    assert np.allclose(path[0], 0) and np.allclose(path[-1], made.e, atol=1e-4)
    start = path[1] / np.linalg.norm(path[1])
    assert np.allclose(start, K @ made.e / np.linalg.norm(K @ made.e), atol=1e-2)


def test_the_plane_of_outputs_stays_on_its_page_and_says_how_far_the_transpose_misses():
    for angle in range(0, 360, 30):
        for stretch in (1.0, 1.7, 2.5):
            drawing = outputs.draw_outputs(float(angle), stretch)
            made = planes.two_outputs(angle, stretch)
            assert not collisions(drawing)
            assert np.abs(made.edge(made.J.T)).max() < outputs.FAR
            assert made.H_random < 4  # the end of the bars
            gone = outputs.missed(made)
            told = "gets there too" in words(drawing)
            assert told == (gone < 0.005) == ("ends on it too" in label(drawing))
            if not told:
                assert f"{gone:.2f} from the target" in words(drawing)
    assert outputs.missed(planes.two_outputs(30, 2.5)) < 1e-9  # along the axes they are one
    assert outputs.missed(planes.two_outputs(*outputs.START)) > 0.5


# ---------------------------------------------------------------------- the envelope


@pytest.mark.parametrize("w", [-2.4, -0.3, 0.0, 0.4, 1.7])
def test_no_kept_push_is_below_the_least_effort_and_its_slope_is_the_engines(w):
    at = envelopes.touch(w)
    net, x = small_net("tanh")
    net.weights = [np.zeros((1, 1)), np.array([[w]])]  # b_1 = 0
    found = least_control(net, x, np.array([[envelopes.GOAL]]))
    assert float(found.H[0]) == pytest.approx(at.H, rel=1e-9)
    assert at.slope == pytest.approx(-float(found.updates.weights[1][0, 0]), abs=1e-6)
    many = envelopes.WEIGHTS
    best = envelopes.kept(envelopes.least_push(many), many)
    assert np.all(envelopes.kept(at.a_1, many) >= best - 1e-12)
    h = 1e-5
    ahead, behind = (float(envelopes.kept(envelopes.least_push(w + s), w + s)) for s in (h, -h))
    assert (ahead - behind) / (2 * h) == pytest.approx(at.slope, abs=1e-7)


def test_keeping_the_push_costs_in_second_order():
    cost = envelope.cost(envelopes.touch(0.4))
    slope = np.polyfit(np.log(envelope.AWAY[:4]), np.log(cost[:4]), 1)[0]
    assert slope == pytest.approx(2, abs=0.1)


def test_the_envelope_tells_its_slope():
    for w in (-2.4, 0.0, 0.4, 2.4):
        drawing = envelope.draw_envelope(w)
        slope = decimals(envelopes.touch(w).slope, 2)
        assert f"both have the slope {slope}" in label(drawing)
        assert f"Slope {slope} for both" in words(drawing)
        assert not collisions(drawing)


# ---------------------------------------------------------------------- the descent


def test_the_descent_is_one_and_ends_at_the_least():
    made = descents.example()
    assert made.H[0] == pytest.approx(1.44)  # 1/2 |e|^2: the output layer alone
    assert np.all(made.parts[0, :-1] == 0) and np.all(np.diff(made.H) < 0)
    assert made.H[-1] == pytest.approx(made.least, rel=0.01) and made.H[-1] >= made.least
    assert descent.gap(made, 0) > 1 and descent.gap(made, -1) < descent.EQUAL
    assert made.parts[-1, :-1].min() > 0.1  # it has spread over all layers


def test_what_a_neuron_is_asked_for_minus_its_push_is_minus_the_gradient():
    """With an Euler step of dt/tau the voltages move by dt/tau (asked - a)."""
    rng = np.random.default_rng(0)
    net = Network([3, 4, 2], hidden="tanh", output="linear", dtype="float64", seed=1)
    x = rng.normal(size=(1, 3))
    made = descents.record_descent(net, x, net.predict(x) + 0.5, steps=5, step=0.1)
    moved = np.diff(made.a[0], axis=0)  # v_1 moves as a_1 does, since b_1 is fixed
    assert np.allclose(moved, 0.1 * (made.asked[0] - made.a[0])[:-1])


def test_the_film_of_the_descent_differs_in_attributes_and_words_only():
    film = descent.descent_film()
    _, changes = differences(film["frames"])
    assert changes and len(film["captions"]) == len(film["frames"])
    made = descents.example()
    assert f"falls to {made.H[-1]:.2f}" in film["label"]
    assert "alone" in film["captions"][0] and "asked for" in film["captions"][-1]
    for frame in film["frames"][::10]:
        assert not collisions(frame)
    said = label(film["frames"][6])
    assert f"cost {made.H[6]:.2f}" in said and f"at most {descent.gap(made, 6):.2f}" in said


# ---------------------------------------------------------------------- measured on digits


def test_spending_tells_the_medians_and_what_did_not_arrive():
    least, lost = np.array([0.1, 1.0, 10.0]), np.array([0.3, np.nan, 70.0])
    spent = {
        "dynamic": Spending("dynamic", 1.5 * least, least),
        "random": Spending("random", lost, least),
        "other": Spending("other", np.full(3, np.nan), least),
    }
    drawing = spending.draw_spending({name: spent[name] for name in ("dynamic", "random")})
    assert "dynamic spends 1.5 times the least (median);" in label(drawing)
    assert "random spends 5 times the least (median), and does not put 1 of 3" in label(drawing)
    assert not collisions(drawing)
    assert "other puts none of 3 right" in label(spending.draw_spending(spent))


def some_digits(count=24):
    """Test digits that nobody has examined, with efforts and readings made up."""
    digits = load_digits()
    x, y = digits.x_test[:count], digits.y_test[:count]
    H = np.random.default_rng(0).permutation(np.geomspace(0.01, 12, count))
    read = np.where(H < 5, y, (y + 1) % 10)
    return Examined(None, x, y, read, None, np.ones((count, 10)), H)


def test_the_gallery_shows_the_ends_and_flags_what_is_read_wrongly():
    seen = some_digits()
    drawing = galleries.draw_digits(seen.gallery(), 5)
    efforts = [float(n) for n in re.findall(r"H\* ([\d.]+)", words(drawing))]
    ordered = np.sort(seen.H)
    assert np.allclose(efforts, [*ordered[:5], *ordered[-5:]], rtol=0.06)
    wrong = sum(~seen.right[[*seen.order[:5], *seen.order[-5:]]])
    assert wrong > 0 and label(drawing).count("and is a") == wrong
    frames = [n for n in parse(drawing).iter() if n.get("stroke-width") == "4.00"]
    assert len(frames) == wrong
    assert not collisions(drawing)


def test_twelve_digits_keep_their_secret_until_it_is_asked_for():
    seen = some_digits()
    which = twelve(seen)
    asked, told = (galleries.draw_twelve(seen, which, reveal) for reveal in (False, True))
    assert words(asked).split() == list("ABCDEFGHIJKL") and not re.search(r"\d\.\d", label(asked))
    most = "ABCDEFGHIJKL"[int(np.argmax(seen.H[which]))]
    assert re.search(r"first: ([A-L])", label(told))[1] == most
    assert not collisions(asked) and not collisions(told)


def test_hardness_tells_the_rank_correlations():
    seen = some_digits()
    measures = {"doubt of others": seen.H**2, "odd looks": np.cos(seen.H)}
    drawing = galleries.draw_hardness(seen, measures)
    rho = rank_correlation(seen.H, measures["odd looks"])
    assert "doubt of others 1.00" in label(drawing)
    assert f"odd looks {decimals(rho, 2)}" in label(drawing)
    assert f"of which {int((~seen.right).sum())} are read wrongly" in label(drawing)
    assert not collisions(drawing)


def made_up_courses():
    t = np.arange(5.0)
    return [
        Course(m, (784, 64, 64, 10), phi, seed, {
            "error": list(np.exp(-t / 2) * (1 + 0.1 * seed)),
            "least": list((1 + (phi == "sigmoid") * (t == 2)) * np.exp(-t / 3)
                          * (1.0 if m == "dh" else 1.5)),
        })
        for m in ("dh", "backprop") for phi in ("tanh", "sigmoid") for seed in range(3)
    ]  # fmt: skip


def test_epochs_in_which_the_effort_rises_are_shaded_and_told():
    courses = made_up_courses()
    drawing = epochs.draw_epochs(courses)
    assert "in epoch 2 on 3 of 3 seeds" in label(drawing)
    assert words(drawing).count("↑3, 3") == words(drawing).count("seeds with a rise") == 1
    assert epochs.rises(epochs.of(courses, "tanh", "dh")) == {}
    assert not collisions(drawing)
    only = epochs.draw_epochs([c for c in courses if c.seed == 0], hidden=("tanh",))
    assert "rises" not in label(only) and not collisions(only)


def test_steps_down_are_told_also_where_they_go_astray():
    way = namedtuple("way", "effort error")
    runs = {
        "yours": way([4.0, 2.0, 1.0], [1.0, 0.5, 0.4]),
        "backprop": way([4.0, 3.0, 2.5], [1, 1, 0]),
    }
    drawing = falling.draw_falling(runs)
    assert "over 2 steps" in label(drawing)
    assert "yours: the least effort goes from 4 to 1, the error from 1 to 0.4" in label(drawing)
    assert not collisions(drawing)
    lost = {"yours": way([1.0, np.inf, np.nan], [1.0, np.inf, np.nan])}
    assert "to nan" in label(falling.draw_falling(lost))


def test_the_sandwich_counts_what_lies_between_its_bounds():
    made = sandwich(seed=4)
    assert made.inside[:, 0].all() and not made.inside.all()  # holds for small errors alone
    drawing = bounds.draw_sandwich(made)
    first = made.squared[~made.inside.all(axis=0)].min()
    assert f"Of {made.H.size} points {made.inside.sum()} lie between" in label(drawing)
    assert f"from |e|² = {first:.2g} on" in label(drawing)
    assert f"{made.high / made.low:.1f} times apart" in label(drawing)
    assert not collisions(drawing)
    straight = sandwich(seed=4, hidden="linear")  # here the bounds hold for all errors
    assert straight.inside.all() and "none lies outside" in label(bounds.draw_sandwich(straight))


def test_the_sandwich_has_the_learners_bounds():
    asked = []

    def mine(J, e):
        asked.append(len(J))
        return 0.1 * e @ e, 0.2 * e @ e, 0.3 * e @ e

    made = sandwich(mine, seed=1)
    assert asked == [3] * 6 and (made.low, made.high) == pytest.approx((0.1, 0.3))


def test_only_the_relu_has_a_kink_and_rests_on_it():
    curves = {name: planes.over_voltage(name) for name in ("tanh", "relu")}
    left, right = bounds.slopes_at_0(*curves["relu"])
    assert left < -0.5 and right > 0.5
    smooth = bounds.slopes_at_0(*curves["tanh"])
    assert abs(smooth[0] - smooth[1]) < 0.1
    v, H = curves["relu"]
    assert abs(v[H.argmin()]) < 1e-9
    drawing = bounds.draw_kink(curves)
    assert "with tanh it is smooth" in label(drawing) and "with relu it has a kink" in label(
        drawing
    )
    assert not collisions(drawing)
