"""Lesson 01: its pictures say what the numbers say, and its theory holds where it says so."""

from __future__ import annotations

import re
from itertools import product
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite.data import load_digits
from hebblite.errors import UndefinedCell
from hebblite.frameworks import DeepFeedbackControl
from hebblite.lessons import lesson01
from hebblite.lessons.lesson01.equations import differential_hebb, kernel, mirror_image
from hebblite.lessons.lesson01.pictures.rates import MOVING, distance_from_dh, moving
from hebblite.lessons.lesson01.pictures.trains import endless
from hebblite.lessons.lesson01.runs.draws import averages, sample, single
from hebblite.rules import STDP
from hebblite.teaching import check

RISES = "rises from 0.1 to 0.4"


def parse(drawing):
    """The <svg> of a drawing, which must have a text alternative."""
    root = ET.fromstring(drawing[drawing.index("<svg") :])
    assert root.get("role") == "img" and len(root.get("aria-label")) > 30
    assert "nan" not in drawing and "inf" not in drawing
    assert not re.search(r"(?<![\d.,])1 (draws|milliseconds|trials|spikes)\b", drawing)
    return root


def bold(drawing):
    """The number that stands in bold in the sentence above a picture."""
    return float(re.search(r"<b>(.*?)( %)?</b>", drawing)[1].replace("−", "-"))


WIDGETS = {
    "pairs": (lesson01.draw_pairs, [(0, 0.5, 5, 12.5, 24.5), (2, 10, 50)]),
    "visibility": (lesson01.draw_visibility, [(1.0, 10.0, 300.0), (0, 60, 120), (1, 20, 120)]),
    "single": (lesson01.draw_single, [(0, 4, 8), list(lesson01.POSTS)]),
    "scatter": (lesson01.draw_scatter, [(0, 5, 11), lesson01.BASELINES]),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_move_of_a_control_makes_another_picture_over_the_same_axes(name):
    draw, values = WIDGETS[name]
    drawings = {case: draw(*case) for case in product(*values)}
    assert len(set(drawings.values())) == len(drawings)
    axes = set()
    for drawing in drawings.values():
        root = parse(drawing)
        texts = root.iter("{http://www.w3.org/2000/svg}text")
        axes.add(tuple(t.text for t in texts if re.fullmatch(r"[−\d.,]+", t.text or "")))
    assert len(axes) == 1, "the axes move with the control"
    case = next(iter(drawings))
    assert draw(*case) == drawings[case]


def test_a_guess_is_drawn_into_the_picture_that_answers():
    assert "you said 9" in lesson01.draw_pairs(5, 10, 9)
    assert "you said 30 %" in lesson01.draw_single(0, RISES, 30.0)
    assert "you said" not in lesson01.draw_pairs(5, 10) + lesson01.draw_single(0, RISES)


def test_the_hero_moves_and_ends_on_a_whole_picture():
    drawing = lesson01.hero()
    assert parse(drawing) is not None
    assert "@keyframes" in drawing and len(drawing) < 150_000


@pytest.mark.parametrize("tau_s_ms", [2, 10, 25, 50])
def test_the_words_beside_the_pairs_are_their_numbers(tau_s_ms):
    """The endless sum is that of a long train; it passes zero at half the period, and is never
    above the bound of any window."""
    train = 1e-3 * 25.0 * np.arange(-100, 101)
    for delay_ms in (0.5, 9, 10, 12.5, 15, 24):
        total = lesson01.pair_sum(train + 1e-3 * delay_ms, [0.0], 1e-3 * tau_s_ms)
        assert np.isclose(sum(endless(delay_ms, tau_s_ms)), total, atol=1e-6)
        assert abs(bold(lesson01.draw_pairs(delay_ms, tau_s_ms)) - total) < 0.006
        assert np.sign(np.round(total, 9)) == np.sign(12.5 - delay_ms)
        assert total <= 1 - 2 * delay_ms / 25 + 1e-9 or delay_ms > 12.5


def test_the_words_beside_the_other_pictures_are_their_numbers():
    words = lesson01.draw_visibility(tau_s_ms=20, when_ms=90, duration_ms=40)
    post, d = lesson01.swing(120, 90, 40, 0.1, 0.4), np.exp(-1 / 20)
    stdp = lesson01.expected_stdp(post[:, None], np.full((121, 1), 0.2), d).item()
    assert f"same scale, {stdp / lesson01.factor(d):.4f}" in words
    shares = [bold(lesson01.draw_single(k, RISES)) for k in (0, 4, 8)]
    assert shares[0] < shares[1] <= shares[2] == 100
    cosines = [bold(lesson01.draw_scatter(k, "none")) for k in (0, 5, 11)]
    assert cosines[0] < cosines[1] < cosines[2] and cosines[2] > 0.95


@pytest.mark.parametrize(
    ("when_ms", "duration_ms", "low", "high"),
    [(60, 1, 99, 100), (60, 60, 99, 99), (115, 1, 38, 44)],
)
def test_what_is_seen_of_three_changes(when_ms, duration_ms, low, high):
    """Prediction 01.p3 has one right answer, and the numbers that the text gives."""
    assert low <= bold(lesson01.draw_visibility(10, when_ms, duration_ms)) <= high


def test_the_hero_gives_no_answer_away():
    """Prediction 01.p2 asks where the sum passes zero: the hero has no curve that shows it."""
    assert "against the delay" not in lesson01.hero()
    assert "against the delay" in lesson01.draw_pairs(5, 10)
    parts = [drawing.count("<path") for drawing in (lesson01.hero(), lesson01.draw_pairs(5, 10))]
    assert parts[0] == parts[1] - 1


def test_the_network_of_the_lesson_begins_below_a_blind_guess():
    net, digits = lesson01.start().net, load_digits()
    right = lesson01.FEEDBACK.accuracy(net, digits.x_test, digits.y_test)
    assert 0.05 <= right <= 0.06


def test_a_baseline_costs_draws():
    """The change is the same, the noise is not: with more baseline (6) asks for more draws."""
    ratios = [averages(baseline)[2] for baseline in lesson01.BASELINES]
    assert ratios[0] < ratios[1] < ratios[2]


def test_still_pictures_have_text():
    rng = np.random.default_rng(0)
    trains, rate = (rng.random((40, 100)) < 0.05).astype(float), np.full(100, 50.0)
    parse(lesson01.draw_rasters(trains, rate, 1e-3, [1, 40]))
    parse(lesson01.draw_rest())
    parse(lesson01.draw_moving())


@pytest.mark.parametrize("seed", range(8))
def test_average_stdp_is_dh_with_each_change_weighted_by_its_visibility(seed):
    """Equation (2), for any post; and its bound (5), where post rests at both ends."""
    rng = np.random.default_rng(seed)
    T, n, m, d = rng.integers(3, 60), *rng.integers(1, 6, 2), rng.uniform(0.2, 0.98)
    post, pre = rng.random((T + 1, n)), rng.random(m)
    scale, still = lesson01.factor(d), np.broadcast_to(pre, (T + 1, m))
    seen = lesson01.visibility(T, d)
    assert (seen > 0).all() and (seen <= (1 - d ** ((T + 1) / 2)) ** 2 + 1e-12).all()
    exact = lesson01.expected_stdp(post, still, d)
    by_3 = scale * np.outer(seen @ np.diff(post, axis=0), pre)
    assert np.allclose(exact, by_3, rtol=0, atol=1e-12 * scale * T)
    moves = rng.random((T + 1, m))
    wrong = scale * (seen[:, None] * np.diff(post, axis=0)).T @ moves[:-1]
    assert not np.allclose(lesson01.expected_stdp(post, moves, d), wrong, rtol=0.01)

    rest = int(rng.integers(0, 40))
    rested = np.concatenate([np.repeat(post[:1], rest, 0), post, np.repeat(post[-1:], rest, 0)])
    still = np.broadcast_to(pre, (len(rested), m))
    dh = differential_hebb(rested, still)
    assert np.allclose(dh, np.outer(post[-1] - post[0], pre))  # it telescopes
    bound = 2 * d ** (rest + 1) * np.outer(np.abs(np.diff(post, axis=0)).sum(axis=0), pre)
    assert (np.abs(lesson01.expected_stdp(rested, still, d) / scale - dh) <= bound + 1e-12).all()


def test_rest_decides():
    """The picture of step 4: a factor of 2.7 for each time constant, slowly, not at all."""
    d = np.exp(-1 / 10)
    jump = [distance_from_dh(np.repeat([0.1, 0.3], n + 1), d) for n in (50, 60)]
    assert np.isclose(jump[0] / jump[1], np.e, rtol=0.01)
    assert distance_from_dh(np.linspace(0.1, 0.3, 202), d) > 0.09
    assert distance_from_dh(np.append(np.full(201, 0.1), 0.3), d) > 0.85


def test_what_stdp_cannot_see():
    """The list of the lesson: a swing cut in its middle, a window wider than the phase, an
    unbalanced window."""
    d, scale = np.exp(-1 / 10), lesson01.factor(np.exp(-1 / 10))
    pre = np.full((81, 1), 0.3)
    cut = lesson01.swing(80, 80, 40)[:, None]
    whole = 0.3 * 0.2
    assert np.isclose(differential_hebb(cut, pre), whole / 2, rtol=0.01)
    assert np.isclose(lesson01.expected_stdp(cut, pre, d) / scale, whole / 4, rtol=0.06)
    settled, wide = lesson01.swing(80, 40, 20)[:, None], np.exp(-1 / 200)
    seen = lesson01.expected_stdp(settled, pre, wide) / lesson01.factor(wide)
    assert seen < 0.05 * whole
    K = kernel(81, d)
    drift = [(post * pre.T @ np.where(K < 0, 1.05 * K, K) @ pre).item() for post in (1, 2)]
    assert drift[0] < -0.1 and np.isclose(drift[1], 2 * drift[0])


def test_where_pre_moves_the_average_is_dh_minus_its_mirror_image():
    for case in MOVING:
        average, dh, antisymmetric = moving(case)
        assert np.isclose(average, antisymmetric, atol=0.002)
        assert (abs(dh - average) > 0.05) == (case != "pre stays")
    assert abs(moving("both together")[0]) < 1e-9 < 0.1 < moving("both together")[1]
    rng = np.random.default_rng(1)
    a, b = rng.random((2, 30, 4))
    swapped = lesson01.expected_stdp(b, a, 0.8).T
    assert np.allclose(lesson01.expected_stdp(a, b, 0.8), -swapped, atol=1e-12)
    # (T1) DH and its mirror image add up to the change of the product.
    both = np.outer(a[-1], b[-1]) - np.outer(a[0], b[0])
    assert np.allclose(differential_hebb(a, b) + mirror_image(a, b), both)


def test_the_noise_of_one_draw():
    """Its formula is the measured variance; and (6) needs far more draws at real rates."""
    rng = np.random.default_rng(7)
    post, pre, d = rng.uniform(0.05, 0.5, (20, 3)), rng.uniform(0.05, 0.5, (20, 2)), 0.8
    draws = sample(post, pre, d, 20_000, rng) * lesson01.factor(d)
    assert np.isclose(draws.var(axis=0).sum(), lesson01.noise(post, pre, d), rtol=0.03)
    assert np.allclose(draws.mean(axis=0), lesson01.expected_stdp(post, pre, d), atol=0.05)
    ratios = []
    for low, high in ((0.1, 0.4), (0.02, 0.06)):
        swing, still = lesson01.swing(80, 40, 20, low, high)[:, None], np.full((81, 1), low)
        mu = lesson01.expected_stdp(swing, still, d).item()
        ratios.append(lesson01.noise(swing, still, d) / mu**2)
    assert ratios[1] > 30 * ratios[0]


def test_copied_spikes_have_the_rate_of_their_own():
    """The control that breaks (1): each train alone is as it was."""
    copies = single("stays at 0.25, but copies pre", count=8192)
    stays = single("stays at 0.25", count=8192)
    error = copies.draws.std() / np.sqrt(8192)
    assert copies.dh == stays.dh == 0 and abs(copies.draws.mean() - copies.mean) < 5 * error
    assert abs(stays.draws.mean()) < 5 * error < copies.mean


def test_the_teaching_rule_averages_to_the_engines(small):
    """The learner's pairing of spikes, given probabilities in their place and a long rest, is the
    engine's expectation; with too short a rest it is not."""
    net, x, target = small
    dfc = DeepFeedbackControl(k_p=1.0, dt=0.005, steps=20, block=7)
    engine = STDP(expected=True)(dfc.teach(net, x, target))

    def off(rest):
        rule = lesson01.WithSpikes(lesson01.stdp_online, rest=rest, expected=True)
        mine = rule(dfc.teach(net, x, target))
        size = max(np.abs(u).max() for u in engine.weights + engine.biases)
        pairs = zip(mine.weights + mine.biases, engine.weights + engine.biases, strict=True)
        return max(np.abs(a - b).max() for a, b in pairs) / size

    assert off(40) < 1e-9
    assert off(0) > 0.05


def test_the_learners_function_is_given_zeros_and_ones_and_a_rest(small):
    net, x, target = small
    seen = []

    def note(S_post, S_pre, d):
        seen.append((S_post, S_pre, d))
        return lesson01.stdp_online(S_post, S_pre, d)

    dfc = DeepFeedbackControl(k_p=1.0, dt=0.005, steps=12)
    signed = STDP(seed=1)
    signed.start(next(iter(dfc.teach(net, -x, target))))
    assert signed._fire(0, -x[None]).min() == -1  # negative rates do come up
    lesson01.WithSpikes(note)(dfc.teach(net, -x, target))
    for S_post, S_pre, d in seen:
        assert set(np.unique(S_post)) | set(np.unique(S_pre)) <= {0.0, 1.0}
        assert len(S_post) == len(S_pre) == 8 + 1 + 12  # as the lesson says
        assert np.isclose(d, np.exp(-0.005 / 0.0162))
    assert len(seen) == 2 * len(net.weights)


def test_steps_must_be_equally_long(small):
    """As in the engine's STDP: a window in steps means nothing otherwise."""
    net, x, target = small
    states = list(DeepFeedbackControl(dt=0.005, steps=6, block=2).teach(net, x, target))
    states[-1].time[:] += 0.002 * np.arange(len(states[-1].time))
    for rule in (STDP(), lesson01.WithSpikes(lesson01.stdp_online)):
        with pytest.raises(UndefinedCell, match="steps of one length"):
            rule(iter(states))


def test_the_teaching_rule_averages_over_draws(small):
    """More draws, less distance from the expectation: by the root of their number."""
    net, x, target = small
    dfc = DeepFeedbackControl(k_p=1.0, dt=0.005, steps=12)
    exact = lesson01.WithSpikes(lesson01.stdp_online, expected=True)(dfc.teach(net, x, target))

    def distance(samples):
        squares = []
        for seed in range(12):
            rule = lesson01.WithSpikes(lesson01.stdp_online, samples=samples, seed=seed)
            mine = rule(dfc.teach(net, x, target))
            squares += [
                ((a - b) ** 2).sum() for a, b in zip(mine.weights, exact.weights, strict=True)
            ]
        return np.sqrt(np.mean(squares))

    assert 3 < distance(1) / distance(16) < 5.3


@pytest.mark.parametrize("edge", [1, 2, 3.5, 5, 7, 8, 10])
def test_a_window_that_is_cut_at_so_many_time_constants_fails(edge, capsys):
    """Some pairs of the check are further apart than any learner's idea of the window's edge."""

    def cut(t_post, t_pre, tau_s):
        s = np.subtract.outer(t_post, t_pre)
        return (np.sign(s) * np.exp(-np.abs(s) / tau_s) * (np.abs(s) < edge * tau_s)).sum()

    check("01.1", cut)
    assert not capsys.readouterr().out.startswith("✓")


@pytest.mark.parametrize("edge_ms", [30, 50, 80, 100])
def test_a_window_that_is_cut_at_so_many_milliseconds_fails(edge_ms, capsys):
    def cut(t_post, t_pre, tau_s):
        s = np.subtract.outer(t_post, t_pre)
        return (np.sign(s) * np.exp(-np.abs(s) / tau_s) * (np.abs(s) < 1e-3 * edge_ms)).sum()

    check("01.1", cut)
    assert not capsys.readouterr().out.startswith("✓")
