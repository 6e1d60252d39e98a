"""Lesson 02: its engine parts are what they claim, its pictures say what the data say."""

from __future__ import annotations

import copy
import itertools
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite import Network
from hebblite.analysis import angle, angles, backprop_updates
from hebblite.data import load_digits, one_hot
from hebblite.frameworks import Backprop
from hebblite.lessons import lesson02
from hebblite.lessons.lesson02.exercises.angle import bare_cosine
from hebblite.lessons.lesson02.pictures.angles import FRAME
from hebblite.lessons.lesson02.runs.asides import after_two_steps, slope
from hebblite.lessons.lesson02.runs.misread import TURNS, upwards
from hebblite.rules import Gradient
from hebblite.teaching.chart import SHAPES
from hebblite.teaching.checks import SEEN, hidden
from hebblite.teaching.comparing import numbers
from hebblite.teaching.exercises import exercises, find


@pytest.fixture(scope="module")
def digits():
    return load_digits()


@pytest.fixture(scope="module")
def stories(digits):
    return lesson02.wrong_digits(digits)


@pytest.fixture(scope="module")
def blend(digits):
    return lesson02.blend(digits)


@pytest.fixture(scope="module")
def diary(digits):
    """A short training with random feedback, looked at before, on the way and after."""
    B = lesson02.random_feedback(lesson02.SIZES, seed=1)
    data, test = (digits.x_train, digits.y_train), (digits.x_test, digits.y_test)
    watched = lesson02.Watched(lesson02.WithDeltas(lesson02.aligned_deltas, B), B, *data, test)
    net = lesson02.new_network(1)
    rule = Gradient()
    for k in range(40):
        part = slice(50 * k, 50 * k + 50)
        target = one_hot(digits.y_train[part])
        updates = rule(watched.teach(net, digits.x_train[part], target))
        for W, dW in zip(net.weights, updates.weights, strict=True):
            W += 0.1 * dW
    watched.look(net)
    return watched


def drawings(found):
    """All pictures in a string, each with its text."""
    roots = [node for node in ET.fromstring(f"<div>{found}</div>") if node.tag.endswith("svg")]
    for root in roots:
        assert root.get("role") == "img" and len(root.get("aria-label")) > 30
    assert roots and "nan" not in found and "inf" not in found
    return roots


def told(found):
    return " ".join(root.get("aria-label") for root in drawings(found))


# ---------------------------------------------------------------------- engine parts


def test_the_references_are_backprop_whatever_the_feedback_is_called(small):
    net, x, target = small
    wanted = backprop_updates(net, x, target)
    transposes = [W.T for W in net.weights[1:]]
    for framework in (
        lesson02.WithDeltas(lesson02.deltas),
        lesson02.WithDeltas(lesson02.aligned_deltas, transposes),
        lesson02.five_kinds(transposes)["random"],
        lesson02.five_kinds(transposes)["transposes"],
    ):
        found = Gradient()(framework.teach(net, x, target))
        for a, b in zip(found.weights + found.biases, wanted.weights + wanted.biases, strict=True):
            assert np.allclose(a, b, atol=1e-13)
    stand = {
        name: angles(Gradient()(kind.teach(net, x, target)), wanted)
        for name, kind in lesson02.five_kinds(transposes).items()
    }
    assert np.allclose(stand["ψ = 180°"], [0, 180, 0], atol=1e-4)  # reversed twice in layer 1
    assert np.allclose(stand["reversed"], [180, 180, 0], atol=1e-4)


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


def test_turning_one_weight_is_what_the_network_does(stories):
    story = stories[0]
    i, j = story.synapse(3)
    values = np.array([-2.0, 0.1, 30.0])
    loss, p = lesson02.turn_one_weight(story, i, j, values)
    for value, c, row in zip(values, loss, p, strict=True):
        net = story.net.copy()
        net.weights[0][i, j] = value
        assert net.loss(story.x, story.target) == pytest.approx(c, rel=1e-12)
        assert np.allclose(net.predict(story.x)[0], row)


def test_what_is_said_to_repair_a_digit_repairs_it(digits, stories):
    """The first story's digit, with the turns that ``repairs`` found, in the network itself."""
    story, found = stories[0], lesson02.repairs(digits, count=20)
    blame = story.blame.weights[0]
    size = found.all[0]

    def reads(change):
        net = story.net.copy()
        net.weights[0] += change
        return net.predict(story.x).argmax()

    assert reads(size / np.abs(blame).max() * blame) == story.label
    assert reads(0.8 * size / np.abs(blame).max() * blame) == story.guess
    for other, turn in zip(stories, found.blamed, strict=False):
        i, j = other.synapse(0)
        here = other.net.weights[0][i, j]
        near = TURNS if not np.isfinite(turn) else TURNS[turn > TURNS]
        moved = np.concatenate([here + near, here - near])
        p = lesson02.turn_one_weight(other, i, j, moved)[1]
        assert not (p.argmax(axis=1) == other.label).any()
        if np.isfinite(turn):
            p = lesson02.turn_one_weight(other, i, j, here + np.array([turn, -turn]))[1]
            assert (p.argmax(axis=1) == other.label).any()
    assert np.isfinite(found.blamed).any() and not np.isfinite(found.blamed).all()


def test_upwards_is_the_rest_of_the_forward_pass(stories):
    story = stories[0]
    v, rates = story.net.feedforward(story.x)
    assert np.allclose(upwards(story.net, v[0]), rates[-1], atol=1e-14)


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


def test_a_watched_framework_teaches_the_same_and_looks_every_thousand_digits(diary, small):
    assert diary.seen == [0, 1000, 2000]
    assert np.shape(diary.updates) == np.shape(diary.forward) == (3, 2)
    assert len(diary.top) == len(diary.reads) == len(diary.total) == 3
    assert diary.top[0].shape == (10, 32) and not np.array_equal(diary.top[0], diary.top[1])
    net, x, target = small
    feedback = [W.T for W in net.weights[1:]]
    plain = lesson02.WithDeltas(lesson02.deltas)
    watched = lesson02.Watched(plain, feedback, x, np.zeros(9, int), (x, np.zeros(9, int)))
    watched.target = target
    a, b = (Gradient()(kind.teach(net, x, target)) for kind in (plain, watched))
    assert all(np.array_equal(p, q) for p, q in zip(a.weights, b.weights, strict=True))
    assert np.allclose(watched.forward, 0, atol=1e-4)  # its feedback is the transposes


# ---------------------------------------------------------------------- napkin


def test_the_napkin_is_backprop():
    for net in (lesson02.Napkin(), lesson02.Napkin(-0.7, (0.3, 2.0), (-1.0, 0.4), 0.8, -2.0)):
        whole = Network([1, 1, 2, 1], hidden="tanh", output="linear", dtype="float64")
        whole.weights[0][:], whole.weights[2][:] = net.w, np.array([net.W_3])
        whole.weights[1][:] = np.array(net.W_2)[:, None]
        x, y = np.array([[net.x]]), np.array([[net.y]])
        assert whole.predict(x).item() == pytest.approx(net.r_3)
        wanted = backprop_updates(whole, x, y)
        assert net.blame == pytest.approx(wanted.weights[0].item())
        assert np.allclose(net.delta_2, wanted.biases[1])
        twin = net.twin()
        assert twin.e == pytest.approx(net.e) and np.array_equal(twin.r_2, net.r_2)
        assert twin.blame == pytest.approx(-net.blame)


def test_twins_of_any_size_see_the_same_and_need_the_opposite():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        one = Network([5, 6, 4, 3], output="linear", dtype="float64", seed=seed)
        twin = one.copy()
        twin.weights[2] *= -1
        x, e = rng.normal(size=(1, 5)), rng.normal(size=(1, 3))
        a = backprop_updates(one, x, one.predict(x) + e)
        b = backprop_updates(twin, x, twin.predict(x) + e)
        for l in range(2):
            assert np.array_equal(one.feedforward(x)[1][l + 1], twin.feedforward(x)[1][l + 1])
            assert np.allclose(a.weights[l], -b.weights[l])
        assert np.allclose(a.weights[2], b.weights[2])  # the control: no transport is needed


def test_napkins_are_drawn_with_their_numbers():
    for w_2b, w in itertools.product((-2.0, -1.0, 0.5), (-1.0, 0.0, 1.0)):
        label = told(lesson02.draw_napkin(w_2b, w))
        net = lesson02.Napkin(w, (2.0, w_2b))
        assert f"r3 {net.r_3:.2f}" in label and f"e {net.e:.2f}" in label
    assert "should grow" in told(lesson02.draw_twin(False))
    assert "should shrink" in told(lesson02.draw_twin(True))
    (film,) = drawings(lesson02.hero())
    assert "@keyframes" in lesson02.hero() and "blame comes down" in film.get("aria-label")


def test_no_stored_picture_gives_the_answer_of_the_napkin_of_section_2():
    """It is asked whether w should grow or shrink there; films and widgets begin elsewhere."""
    blame = f"{lesson02.Napkin().blame:.3f}".replace("-", "")
    assert "shrink" in told(lesson02.draw_napkin(-1.0, 0.5)) and blame in lesson02.draw_napkin(-1.0)
    for drawn in (lesson02.hero(), lesson02.draw_napkin(), lesson02.draw_twin()):
        assert "shrink" not in drawn and blame not in drawn


def test_the_two_paths_cancel_where_the_lesson_says():
    near = [lesson02.Napkin(0.5, (2.0, w)).paths.sum() for w in (-0.65, -0.75)]
    elsewhere = [lesson02.Napkin(1.0, (2.0, w)).paths.sum() for w in (-0.65, -0.75)]
    assert near[0] > 0 > near[1] and max(elsewhere) < 0


# ---------------------------------------------------------------------- asides


def test_differences_approach_the_slope(stories):
    i, j = stories[0].synapse(2)
    exact = -stories[0].blame.weights[0][i, j]
    assert slope(stories[0], 2, 1e-5) == pytest.approx(exact, rel=1e-6)
    central, forward = lesson02.slope_errors(stories[0], np.array([1e-1, 1e-3]))
    assert np.log10(central[0] / central[1]) / 2 == pytest.approx(2, abs=0.2)  # the orders
    assert np.log10(forward[0] / forward[1]) / 2 == pytest.approx(1, abs=0.2)


def test_multiplications_are_those_of_the_products():
    sizes = (7, 5, 4, 3)
    forward, back = lesson02.multiplications(sizes)
    assert forward == 7 * 5 + 5 * 4 + 4 * 3
    assert back == forward + 5 * 4 + 4 * 3 and forward + back < 3 * forward


def test_two_steps_from_zero_are_the_formula():
    for batch in range(20):
        W_2, B_1, x, e = after_two_steps(batch, 0.0, 0.1)
        assert np.allclose(W_2, 0.1**2 * (x.T @ e).T @ (x.T @ e) @ B_1.T)
        assert max(lesson02.two_steps(batch)) < 90


def test_trials_find_the_gradient_if_there_are_enough():
    measured, expected = lesson02.trial_and_error((3, 2, 2), 3_000)
    assert measured < 10 and expected == pytest.approx(2.56, abs=0.01)


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
        drawn = [make(seed) for seed in (*SEEN, *hidden())]
        shapes = [[W.shape for W in weights] for weights, _, _ in drawn]
        assert len({len(s) for s in shapes}) == 3 and len(set(map(tuple, shapes))) >= 8
        assert all(n != m for s in shapes for n, m in s)
        for seeds in (SEEN, hidden()):  # one input, one output, one hidden neuron
            each = [make(seed) for seed in seeds]
            assert any(len(e) == 1 for *_, e in each) and any(e.shape[1] == 1 for *_, e in each)
            assert any(r.shape[1] == 1 for _, rates, _ in each for r in rates[1:-1])
    kinds = [lesson02.degrees_between(*find("02.2").cases(seed)) for seed in SEEN]
    pairs = [find("02.2").cases(seed) for seed in SEEN]
    assert [a.ndim for a, _ in pairs] == [3, 2, 2, 1] and pairs[2][0].shape[1] == 1
    assert (pairs[0][0] == 0).any() and pairs[1][0].sum() == 0 and np.abs(pairs[3]).max() < 1e-9
    with np.errstate(invalid="ignore"):
        assert np.isnan(np.arccos(bare_cosine(*pairs[1])))  # it needs the clip
    assert kinds[2] == 90 and abs(kinds[1] - 180) < 1e-4 and kinds[0] < 90 < kinds[3]


# ---------------------------------------------------------------------- pictures


def test_one_weight_draws_at_all_extremes_in_a_frame_that_stays(stories):
    moves = list(itertools.product((1, 20), (1, 2, 64), (0.25, 2.0, 5.0)))
    found = [lesson02.draw_one_weight(stories, *move) for move in moves]
    assert len(set(found)) == len(moves)
    label = told(found[1])
    measured = float(re.search(r"own value \S+ is (-?[\d.]+\d)", label)[1])
    i, j = stories[0].synapse(0)
    assert measured == pytest.approx(-stories[0].blame.weights[0][i, j], abs=1e-4)
    ticks = {
        tuple(t.text for t in drawings(one)[0].iter("{http://www.w3.org/2000/svg}text")
              if re.fullmatch(r"[−\d.]+", t.text or ""))
        for one in found
    }  # fmt: skip
    assert len(ticks) == 1


def test_repairs_are_drawn_with_and_without_a_guess(digits):
    found = [lesson02.repairs(digits, seed, count=10) for seed in (0, 1)]
    share = 100 * max(each.shares()["blamed"] for each in found)
    assert f"most blamed: {100 * min(e.shares()['blamed'] for e in found):.0f} to {share:.0f}" in (
        told(lesson02.draw_repairs(found))
    )
    assert "you said 30" in lesson02.draw_repairs(found, 30.0)


def test_random_angles_draw_swiftly_at_all_extremes():
    found = [lesson02.draw_random_angles(n) for n in (2, 3, 10, 1000, 1e5)]
    assert len(set(found)) == 5
    for one in found:
        drawings(one)


def test_the_blend_draws_at_all_extremes(blend):
    moves = list(itertools.product((0, 5, 90, 175, 180), (0.01, 0.2, 3.0)))
    found = {move: lesson02.draw_blend(blend, *move) for move in moves}
    assert len(set(found.values())) == len(moves)
    assert "layer 1 0°, layer 2 180°, layer 3 0°" in told(found[180, 0.2])
    before = blend.net.loss(blend.x, blend.target)
    for (degrees, step), one in found.items():
        d = blend.updates(degrees)
        after = lesson02.losses_along(blend.net, blend.x, blend.target, d, [step])[0]
        assert f"{abs(after - before):.3f}" in told(one)
        assert ("above the frame" in one) == (after - before > FRAME[1])
    said = {"ψ = 60°": 30.0, "ψ = 180°": 170.0}
    assert "you said 30°" in lesson02.draw_blend(blend, 60, 0.1, said)
    assert "you said" not in lesson02.draw_blend(blend, 65, 0.1, said)


def test_the_step_of_the_widget_stands_in_the_frame(blend):
    """At its change of the loss, or at the upper edge where the curve has left."""
    heights = {}
    for step in (0.01, 0.2, 3.0):
        root = drawings(lesson02.draw_blend(blend, 0, step))[1]
        point = next(e for e in root.iter() if e.get("d") == SHAPES[3])
        heights[step] = float(re.search(r",([\d.]+)\)", point.get("transform"))[1])
    assert heights[0.2] > heights[0.01] > heights[3.0] >= 28


def test_the_turning_weights_are_drawn_and_played(diary):
    first, last = lesson02.draw_turning(diary, 0), lesson02.draw_turning(diary)
    assert first != last and "After 2,000 digits" in told(last)
    player = lesson02.play_turning(diary)
    assert player.film["count"] == 3 and "2,000 digits" in player.film["captions"][-1]
    assert "changes" in player.film  # the frames have the same parts


@pytest.fixture(scope="module")
def finished(diary):
    """The same as if that had been the whole training."""
    whole = copy.copy(diary)
    whole.whole = whole.count
    return whole


def test_trainings_are_drawn_with_other_networks_and_guesses(finished):
    diaries = dict.fromkeys(lesson02.LOOKS, finished)
    label = told(lesson02.draw_school(diaries))
    assert f"random {100 * finished.reads[-1]:.0f} percent" in label and "stopped" not in label
    others = {name: [0.2, 0.3] for name in diaries}
    said = {"random": 40.0, "zero": 20.0}
    assert "you said" in lesson02.draw_school(diaries, others, said)


def test_networks_whose_training_was_stopped_are_not_drawn_as_if_measured(finished, diary, digits):
    none = lesson02.Watched(diary.framework, diary.feedback, digits.x_train, digits.y_train,
                            (digits.x_test, digits.y_test))  # fmt: skip
    none.look(lesson02.new_network(1))
    assert finished.finished and not diary.finished and not none.finished
    names = list(lesson02.LOOKS)
    diaries = dict(zip(names, [finished, diary, none, none, none], strict=True))
    label = told(lesson02.draw_school(diaries, {names[0]: [0.2]}))
    assert "random (after 2,000 digits), zero (not trained at all)" in label
    assert "zero 1" not in label and label.count("percent") == 1
    assert "end: none" in told(lesson02.draw_school(dict.fromkeys(names, none)))
    assert lesson02.read_by_others(dict.fromkeys(names, none), [1]) == {name: [] for name in names}
    assert "stopped here" in lesson02.play_turning(none).film["captions"][-1]


def test_other_networks_stop_where_they_are_stopped(finished, monkeypatch):
    reads = iter([0.8, 0.7, np.nan, 0.6])
    monkeypatch.setattr(lesson02.runs.school, "read_at_the_end", lambda kind, seed: next(reads))
    found = lesson02.read_by_others({"random": finished, "zero": finished}, [1, 2])
    assert found == {"random": [0.8, 0.7], "zero": []}


def test_the_other_pictures_have_text(stories):
    drawings(lesson02.draw_story(stories[0]))
    h = 10.0 ** -np.arange(1, 10)
    assert "h squared" in told(lesson02.draw_slope_errors(h, h**2 + 1e-12 / h, h))
    assert "you said 10⁻⁸" in lesson02.draw_slope_errors(h, h**2, h, -8.0)
    costs = [{"a": 10.0, "b": 93.2}, {"a": 12.0, "b": 80.0}]
    assert "b 80 to 93" in told(lesson02.draw_ignorance(costs, 45.0))
    losses = {"backprop": [np.array([2.0, 1.0])] * 2, "short": [np.array([3.0])] * 2}
    assert "short 3 to 3" in told(lesson02.draw_tilted(losses))


def test_each_neuron_comes_once_with_its_most_blamed_synapse(stories):
    size = np.abs(stories[0].blame.weights[0])
    chosen = [stories[0].synapse(rank) for rank in range(64)]
    assert sorted(i for i, _ in chosen) == list(range(64))
    assert all(size[i, j] == size[i].max() for i, j in chosen)
    assert np.all(np.diff([size[i, j] for i, j in chosen]) <= 0)


def test_the_stories_are_misread_digits(stories):
    assert len(stories) == 20
    for story in stories:
        assert story.guess != story.label
        assert np.array_equal(story.target, one_hot([story.label], dtype="float64"))
        assert story.net.predict(story.x).argmax() == story.guess


def test_with_deltas_refuses_a_target_of_another_shape():
    net = Network([3, 4, 2], dtype="float64")
    with pytest.raises(ValueError, match="target"):
        list(lesson02.WithDeltas(lesson02.deltas).teach(net, np.ones((2, 3)), np.ones((2, 3))))
