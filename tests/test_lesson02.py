"""Lesson 02: its engine parts are what they claim, its pictures say what the data say."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite import Network, fit
from hebblite.analysis import angle, angles, backprop_updates
from hebblite.data import load_digits, one_hot
from hebblite.frameworks import Backprop
from hebblite.lessons import lesson02
from hebblite.lessons.lesson02.exercises.angle import bare_cosine
from hebblite.optim import SGD
from hebblite.rules import Gradient
from hebblite.teaching.chart import SHAPES
from hebblite.teaching.checks import SEEN, hidden
from hebblite.teaching.comparing import numbers
from hebblite.teaching.exercises import exercises, find


@pytest.fixture(scope="module")
def digits():
    return load_digits()


@pytest.fixture(scope="module")
def story(digits):
    return lesson02.one_wrong_digit(digits)


@pytest.fixture(scope="module")
def blend(digits):
    return lesson02.blend(digits)


def parse(drawing):
    root = ET.fromstring(drawing[drawing.index("<svg") :])
    assert root.get("role") == "img" and len(root.get("aria-label")) > 30
    assert "nan" not in drawing and "inf" not in drawing
    return root


# ---------------------------------------------------------------------- engine parts


def test_the_references_are_backprop_whatever_the_feedback_is_called(small):
    net, x, target = small
    wanted = backprop_updates(net, x, target)
    transposes = [W.T for W in net.weights[1:]]
    for framework in (
        lesson02.WithDeltas(lesson02.deltas),
        lesson02.WithDeltas(lesson02.aligned_deltas, transposes),
        lesson02.WithDeltas(lesson02.aligned_deltas, lambda n: [W.T for W in n.weights[1:]]),
    ):
        found = Gradient()(framework.teach(net, x, target))
        for a, b in zip(found.weights + found.biases, wanted.weights + wanted.biases, strict=True):
            assert np.allclose(a, b, atol=1e-13)
    other = lesson02.WithDeltas(lesson02.aligned_deltas, [-B for B in transposes])
    turned = angles(Gradient()(other.teach(net, x, target)), wanted)
    assert np.allclose(turned, [0, 180, 0], atol=1e-4)  # reversed twice in layer 1


@pytest.mark.parametrize("degrees", [0.0, 30.0, 80.0])
def test_tilted_updates_stand_at_their_angle(small, degrees):
    net, x, target = small
    wanted, rule = backprop_updates(net, x, target), lesson02.Tilted(degrees)
    first, second = rule(Backprop().teach(net, x, target)), rule(Backprop().teach(net, x, target))
    for a, b in zip(first.weights, wanted.weights, strict=True):
        assert angle(a, b) == pytest.approx(degrees, abs=1e-4)
    same = lesson02.Tilted(degrees, fresh=False)
    again = [same(Backprop().teach(net, x, target)).weights[0] for _ in range(2)]
    assert np.array_equal(*again)
    assert np.array_equal(first.weights[0], second.weights[0]) == (degrees == 0)


def test_random_feedback_has_the_shape_of_the_transposes():
    sizes = [7, 6, 5, 4]
    B = lesson02.random_feedback(sizes, seed=0)
    assert [b.shape for b in B] == [(6, 5), (5, 4)]
    large = lesson02.random_feedback([1, 400, 300], seed=0)[0]
    assert large.std() == pytest.approx(np.sqrt(2 / 700), rel=0.02)


@pytest.mark.parametrize("n", [2, 3, 40])
def test_the_short_cut_draws_the_same_angles_as_whole_vectors(n):
    rng = np.random.default_rng(n)
    vectors, fixed = rng.standard_normal((4000, n)), rng.standard_normal(n)
    whole = np.degrees(np.arccos(vectors @ fixed / np.linalg.norm(vectors, axis=1)
                                 / np.linalg.norm(fixed)))  # fmt: skip
    short = lesson02.random_angles(n, 4000)
    levels = [5, 25, 50, 75, 95]
    assert np.allclose(np.percentile(whole, levels), np.percentile(short, levels), atol=6)
    assert short.std() == pytest.approx(whole.std(), rel=0.06)


def test_turning_one_weight_is_what_the_network_does(story):
    i, j = story.synapse(3)
    values = np.array([-2.0, 0.1, 30.0])
    loss, p = lesson02.turn_one_weight(story, i, j, values)
    for value, c, row in zip(values, loss, p, strict=True):
        net = story.net.copy()
        net.weights[0][i, j] = value
        assert net.loss(story.x, story.target) == pytest.approx(c, rel=1e-12)
        assert np.allclose(net.predict(story.x)[0], row)


def test_losses_along_an_update_are_those_of_the_moved_network(blend):
    d = blend.updates(70)
    found = lesson02.losses_along(blend.net, blend.x, blend.target, d, np.array([0.0, 0.3]))
    moved = blend.net.copy()
    for l in range(moved.depth):
        moved.weights[l] += 0.3 * d.weights[l]
        moved.biases[l] += 0.3 * d.biases[l]
    assert found[0] == pytest.approx(blend.net.loss(blend.x, blend.target), rel=1e-12)
    assert found[1] == pytest.approx(moved.loss(blend.x, blend.target), rel=1e-12)


def test_blended_feedback_has_its_angle_and_length(blend):
    for degrees in (0.0, 35.0, 90.0, 180.0):
        for B, W in zip(blend.feedback(degrees), blend.net.weights[1:], strict=True):
            assert angle(B, W.T) == pytest.approx(degrees, abs=1e-4)
            assert np.linalg.norm(B) == pytest.approx(np.linalg.norm(W))


@pytest.mark.parametrize("seed", range(1, 4))
def test_feedback_alignment_is_no_luck_of_one_seed(digits, seed):
    """From other weights and other feedback: angles fall, and it beats feedback that is zero."""
    x, target = digits.x_train[:512], one_hot(digits.y_train[:512])
    read = {}
    for name, size in (("random", 1.0), ("zero", 0.0)):
        net = Network([784, 64, 32, 10], hidden="tanh", seed=seed)
        B = [size * B_l for B_l in lesson02.random_feedback(net.sizes, seed=100 + seed)]
        framework, optimizer = lesson02.WithDeltas(lesson02.aligned_deltas, B), SGD(0.1)
        before = angles(
            Gradient()(framework.teach(net, x, target)), backprop_updates(net, x, target)
        )
        fit(net, framework, Gradient(), digits.x_train, digits.y_train, optimizer=optimizer,
            epochs=2, batch_size=50, progress=False)  # fmt: skip
        after = angles(
            Gradient()(framework.teach(net, x, target)), backprop_updates(net, x, target)
        )
        read[name] = net.accuracy(digits.x_test, digits.y_test)
        if size:
            assert min(before[:2]) > 70 and max(after[:2]) < 70
            assert all(angle(W, b.T) < 82 for W, b in zip(net.weights[1:], B, strict=True))
    assert read["random"] > 0.8 and read["random"] > read["zero"] + 0.1


@pytest.mark.parametrize("seed", [1, 2])
def test_a_constant_tilt_ruins_what_a_fresh_one_leaves(digits, seed):
    losses = {}
    for name, rule in (
        ("none", Gradient()),
        ("fresh", lesson02.Tilted(75, seed=seed)),
        ("constant", lesson02.Tilted(75, fresh=False, seed=seed)),
    ):
        net = Network([784, 64, 32, 10], hidden="tanh", seed=seed)
        history = fit(net, Backprop(), rule, digits.x_train, digits.y_train, optimizer=SGD(0.1),
                      epochs=2, batch_size=64, progress=False)  # fmt: skip
        losses[name] = history["loss"][-1]
    assert losses["fresh"] == pytest.approx(losses["none"], rel=0.1)
    assert losses["constant"] > 3 * losses["none"]


# ---------------------------------------------------------------------- exercises


@pytest.mark.parametrize("name", [name for name in exercises() if name.startswith("02.")])
def test_known_mistakes_differ_from_each_other_and_from_the_answer(name):
    exercise = find(name)
    assert len(exercise.wrong) >= 7 and len(exercise.hints) == 3
    assert len({message for _, message in exercise.wrong}) == len(exercise.wrong)
    for seeds in (SEEN, hidden()):
        cases = [exercise.cases(seed) for seed in seeds]
        answers = [exercise.reference, *(wrong for wrong, _ in exercise.wrong)]
        with np.errstate(all="ignore"):
            made = [np.concatenate([np.ravel(p) for case in cases for p in numbers(f(*case))])
                    for f in answers]  # fmt: skip
        made = [np.nan_to_num(a, nan=-1e3) for a in made]
        for (k, a), (m, b) in itertools.combinations(enumerate(made), 2):
            assert a.shape != b.shape or np.abs(a - b).max() > 1e-3, (k, m)


def test_cases_change_their_sizes_and_leave_no_square_matrix():
    for make in (find("02.1").cases, find("02.3").cases):
        shapes = [[W.shape for W in make(seed)[0]] for seed in (*SEEN, *hidden())]
        assert len({len(s) for s in shapes}) == 3 and len(set(map(tuple, shapes))) >= 8
        assert all(n != m for s in shapes for n, m in s)
    kinds = [lesson02.degrees_between(*find("02.2").cases(seed)) for seed in SEEN]
    pairs = [find("02.2").cases(seed) for seed in SEEN]
    assert [a.ndim for a, _ in pairs] == [3, 2, 2, 1]
    assert (pairs[0][0] == 0).any() and pairs[1][0].sum() == 0 and np.abs(pairs[3]).max() < 1e-9
    with np.errstate(invalid="ignore"):
        assert np.isnan(np.arccos(bare_cosine(*pairs[1])))  # it needs the clip
    assert kinds[2] == 90 and abs(kinds[1] - 180) < 1e-4 and kinds[0] < 90 < kinds[3]


# ---------------------------------------------------------------------- pictures


def test_one_weight_draws_at_all_extremes(story):
    moves = list(itertools.product((1, 2, 30, 64), (0.1, 2.0, 50.0)))
    drawings = [lesson02.draw_one_weight(story, *move) for move in moves]
    assert len(set(drawings)) == len(moves)
    label = parse(drawings[1]).get("aria-label")
    slope = float(re.search(r"own value \S+ is (-?[\d.]+\d)", label)[1])
    i, j = story.synapse(0)
    assert slope == pytest.approx(-story.blame.weights[0][i, j], abs=1e-4)
    assert "within this reach it is read wrong" in label
    for drawing in drawings:
        parse(drawing)


def test_random_angles_draw_swiftly_at_all_extremes():
    drawings = [lesson02.draw_random_angles(n) for n in (2, 3, 10, 1000, 1e5)]
    assert len(set(drawings)) == 5
    for drawing in drawings:
        parse(drawing)


def test_the_blend_draws_at_all_extremes(blend):
    moves = list(itertools.product((0, 5, 90, 175, 180), (0.01, 0.2, 3.0)))
    drawings = {move: lesson02.draw_blend(blend, *move) for move in moves}
    assert len(set(drawings.values())) == len(moves)
    for drawing in drawings.values():
        parse(drawing)
    assert "0° in layer 1, 180° in layer 2, 0° in layer 3" in drawings[180, 0.2]
    assert "changes by −0.092 (backprop: −0.092)" in drawings[0, 0.2]
    assert "changes by +" in drawings[0, 3.0] and "above the frame" in drawings[0, 3.0]
    assert "above the frame" not in drawings[0, 0.2]


def test_the_other_pictures_have_text(story, digits):
    parse(lesson02.draw_story(story))
    h = 10.0 ** -np.arange(1, 10)
    assert "h squared" in lesson02.draw_orders(h, h**2 + 1e-12 / h, h)
    assert "b 93" in lesson02.draw_bars({"a": 10.0, "b": 93.2}, "What", "angle (°)")
    t = np.arange(4.0)
    two = np.stack([90 - t, 80 - t], axis=1)
    both = lesson02.draw_alignment(1000 * t, two, two, {"random": t / 10, "zero": t / 20})
    labels = [svg.get("aria-label") for svg in ET.fromstring(f"<p>{both}</p>") if len(svg)]
    assert "from 90 to 87 degrees" in labels[0] and "random 30 percent" in labels[1]
    assert "after: 3.00" in parse(lesson02.draw_tilted({"after": 1 + t[:3]})).get("aria-label")


def test_each_neuron_comes_once_with_its_most_blamed_synapse(story):
    size = np.abs(story.blame.weights[0])
    chosen = [story.synapse(rank) for rank in range(64)]
    assert sorted(i for i, _ in chosen) == list(range(64))
    assert all(size[i, j] == size[i].max() for i, j in chosen)
    assert np.all(np.diff([size[i, j] for i, j in chosen]) <= 0)


def test_the_step_of_the_widget_stands_in_the_frame(blend):
    """At its change of the loss, or at the upper edge where the curve has left."""
    for move, change in (((60, 0.2), -0.0523), ((0, 3.0), lesson02.FRAME[1] - 0.01)):
        root = parse(lesson02.draw_blend(blend, *move))
        point = next(e for e in root.iter() if e.get("d") == SHAPES[3])
        y = float(re.search(r",([\d.]+)\)", point.get("transform"))[1])
        low, high = lesson02.FRAME
        assert y == pytest.approx(28 + 180 * (high - change) / (high - low), abs=0.1)


def test_the_story_is_a_misread_digit(story, digits):
    assert story.guess != story.label
    assert np.array_equal(story.target, one_hot([story.label], dtype="float64"))
    assert story.net.predict(story.x).argmax() == story.guess
    (i, j), (k, m) = story.synapse(0), story.synapse(1)
    blame = np.abs(story.blame.weights[0])
    assert blame[i, j] == blame.max() and blame[k, m] <= blame[i, j] and (i, j) != (k, m)


def test_with_deltas_refuses_a_target_of_another_shape():
    net = Network([3, 4, 2], dtype="float64")
    with pytest.raises(ValueError, match="target"):
        list(lesson02.WithDeltas(lesson02.deltas).teach(net, np.ones((2, 3)), np.ones((2, 3))))
