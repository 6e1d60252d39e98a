"""Lesson 01: its pictures say what the numbers say, and its theory holds where it says so."""

from __future__ import annotations

import re
from itertools import product
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite.frameworks import DeepFeedbackControl
from hebblite.lessons import lesson01
from hebblite.lessons.lesson01.runs import averages
from hebblite.rules import STDP
from hebblite.teaching import check


def parse(drawing):
    """The <svg> of a drawing, which must have a text alternative."""
    root = ET.fromstring(drawing[drawing.index("<svg") :])
    assert root.get("role") == "img" and len(root.get("aria-label")) > 30
    assert "nan" not in drawing and "inf" not in drawing
    assert not re.search(r"(?<![\d.,])1 (draws|milliseconds|trials|spikes)\b", drawing)
    return root


WIDGETS = {
    "pairs": (lesson01.draw_pairs, [(0, 0.5, 5, 12.5, 24.5), (2, 10, 50)]),
    "visibility": (lesson01.draw_visibility, [(1.0, 10.0, 300.0), (0, 60, 120), (1, 20, 120)]),
    "scatter": (lesson01.draw_scatter, [(0, 5, 11), lesson01.BASELINES]),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_move_of_a_control_makes_another_picture(name):
    draw, values = WIDGETS[name]
    drawings = {case: draw(*case) for case in product(*values)}
    assert len(set(drawings.values())) == len(drawings)
    for drawing in drawings.values():
        parse(drawing)
    case = next(iter(drawings))
    assert draw(*case) == drawings[case]


def test_the_words_beside_a_picture_are_its_numbers():
    words = lesson01.draw_pairs(delay=9, tau_s=7)
    t = 25.0 * np.arange(4000)
    total = lesson01.pair_sum(t + 9, t, 7) / 4000  # ends no longer matter
    assert f"sum <b>{total:+.2f}</b>" in words and f"the sum is {total:.2f}" in words
    for tau_s in (2, 10, 25, 50):  # half the period, whatever the window
        sums = [
            float(re.search(r"<b>(.*)</b>", lesson01.draw_pairs(x, tau_s))[1])
            for x in (10, 12.5, 15)
        ]
        assert sums[0] > sums[1] == 0 > sums[2]

    words = lesson01.draw_visibility(tau_s=20, when=90, duration=40)
    post, d = lesson01.swing(120, 90, 40, 0.1, 0.4), np.exp(-1 / 20)
    stdp = lesson01.expected_stdp(post[:, None], np.full((121, 1), 0.2), d).item() * (1 - d) ** 2
    assert f"average STDP {stdp / d:.4f}" in words

    cosines = [
        float(re.search(r"<b>(.*)</b>", lesson01.draw_scatter(k, "none"))[1]) for k in (0, 5, 11)
    ]
    assert cosines[0] < cosines[1] < cosines[2] and cosines[2] > 0.95


def test_a_baseline_costs_samples():
    """The change is the same, the noise is not: at equal samples, a higher baseline agrees less."""
    for power in (5, 8, 11):
        texts = [lesson01.draw_scatter(power, b) for b in lesson01.BASELINES]
        cosines = [float(re.search(r"<b>(.*)</b>", words)[1]) for words in texts]
        assert cosines[0] > cosines[1] > cosines[2]


def test_still_pictures_have_text():
    rng = np.random.default_rng(0)
    trains, rate = (rng.random((40, 100)) < 0.05).astype(float), np.full(100, 50.0)
    parse(lesson01.draw_rasters(trains, rate, 1e-3, [1, 40]))
    counts = np.array([1, 2, 4])
    parse(lesson01.draw_decline(counts, {"a": 1 / counts}, 0.1))
    parse(lesson01.draw_rest(counts, {"a": 1 / counts}, 10))
    parse(lesson01.draw_walks(np.cumsum(counts), {"a": np.cumsum(-counts)}, 2.0))
    parse(lesson01.draw_accuracies({"a": np.array([0.2, 0.5])}))


@pytest.mark.parametrize("seed", range(8))
def test_average_stdp_is_dh_with_each_change_weighted_by_its_visibility(seed):
    """Equation (3), for any post; and its bound (4), where post rests at both ends."""
    rng = np.random.default_rng(seed)
    T, n, m, d = rng.integers(3, 60), *rng.integers(1, 6, 2), rng.uniform(0.2, 0.98)
    post, pre = rng.random((T + 1, n)), rng.random(m)
    scale, still = d / (1 - d) ** 2, np.broadcast_to(pre, (T + 1, m))
    g = lesson01.visibility(T, d)
    assert (g > 0).all() and (g <= 1).all()
    exact = lesson01.expected_stdp(post, still, d)
    seen = scale * np.outer(g @ np.diff(post, axis=0), pre)
    assert np.allclose(exact, seen, rtol=0, atol=1e-12 * scale * T)
    moving = rng.random((T + 1, m))
    wrong = scale * (g[:, None] * np.diff(post, axis=0)).T @ moving[:-1]
    assert not np.allclose(lesson01.expected_stdp(post, moving, d), wrong, rtol=0.01)

    R = int(rng.integers(0, 40))
    rested = np.concatenate([np.repeat(post[:1], R, 0), post, np.repeat(post[-1:], R, 0)])
    still = np.broadcast_to(pre, (len(rested), m))
    dh = np.outer(post[-1] - post[0], pre)
    bound = 2 * d ** (R + 1) * np.outer(np.abs(np.diff(post, axis=0)).sum(axis=0), pre)
    assert (np.abs(lesson01.expected_stdp(rested, still, d) / scale - dh) <= bound + 1e-12).all()


def test_the_noise_of_one_draw():
    """Its formula is the measured variance; and so (6) needs far more samples at real rates."""
    rng = np.random.default_rng(7)
    post, pre, d = rng.uniform(0.05, 0.5, (20, 3)), rng.uniform(0.05, 0.5, (20, 2)), 0.8
    S_post = (rng.random((20_000, *post.shape)) < post).astype(float)
    S_pre = (rng.random((20_000, *pre.shape)) < pre).astype(float)
    draws = S_post.swapaxes(1, 2) @ lesson01.kernel(20, d) @ S_pre
    assert np.isclose(draws.var(axis=0).sum(), lesson01.noise(post, pre, d), rtol=0.03)


def test_swapping_the_trains_changes_the_sign():
    rng = np.random.default_rng(1)
    a, b = rng.random((2, 30, 4))
    swapped = lesson01.expected_stdp(b, a, 0.8).T
    assert np.allclose(lesson01.expected_stdp(a, b, 0.8), -swapped, atol=1e-12)


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

    assert off(120) < 1e-9
    assert off(0) > 0.05


def test_the_learners_function_is_given_zeros_and_ones(small):
    net, x, target = small
    seen = []

    def note(S_post, S_pre, d):
        seen.append((np.unique(S_post), np.unique(S_pre)))
        return lesson01.stdp_online(S_post, S_pre, d)

    dfc = DeepFeedbackControl(k_p=1.0, dt=0.005, steps=12)
    signed = STDP(seed=1)
    signed.start(next(iter(dfc.teach(net, -x, target))))
    assert signed._fire(0, -x[None]).min() == -1  # negative rates do come up
    lesson01.WithSpikes(note)(dfc.teach(net, -x, target))
    assert seen and all(set(np.concatenate(pair)) <= {0.0, 1.0} for pair in seen)


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


def test_the_text_names_the_noise_of_the_scatter():
    """About 7 without a baseline, as the aside says, and more with one."""
    ratios = [averages(baseline)[2] for baseline in lesson01.BASELINES]
    assert 6.4 < ratios[0] < 7.5 and ratios[0] < ratios[1] < ratios[2]


def test_a_window_cut_off_is_seen(capsys):
    """Some pairs of the check are further apart than any learner's idea of the window's edge."""
    for edge in (30, 50, 80, 100):

        def cut(t_post, t_pre, tau_s, edge=edge):
            s = np.subtract.outer(t_post, t_pre)
            return (np.sign(s) * np.exp(-np.abs(s) / tau_s) * (np.abs(s) < edge)).sum()

        check("01.1", cut)
        assert capsys.readouterr().out.startswith("✗ 01.1")
