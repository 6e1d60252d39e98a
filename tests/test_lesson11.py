"""Lesson 11: its pieces in the engine, what populations do, and trains that are not Poisson."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite.analysis import cosine
from hebblite.lessons import lesson11
from hebblite.lessons.lesson11.exercises import limit_of_stdp, population_update
from hebblite.lessons.lesson11.runs import directions, kinds, stage
from hebblite.lessons.lesson11.runs.pieces import window
from hebblite.lessons.lesson11.runs.stage import make_framework
from hebblite.lessons.lesson11.runs.upper import Upper
from hebblite.rules import STDP, Contrastive, DifferentialHebbian, Frozen


@pytest.mark.parametrize("name", stage.NAMES)
def test_the_limit_as_a_rule_is_made_of_the_engine_s_rules(name):
    net, x, target = stage.batch(name, 3, 16)
    found = {
        kind: rule(make_framework(name, 3).teach(net, x, target))
        for kind, rule in {
            "limit": lesson11.WithLimit(limit_of_stdp),
            "dh": DifferentialHebbian(),
            "contrast": Contrastive(),
        }.items()
    }
    for l in range(net.depth):
        wanted = 2 * found["dh"].weights[l] - found["contrast"].weights[l]
        off = np.abs(found["limit"].weights[l] - wanted).max()
        assert off < 2e-3 * np.abs(wanted).max()
        assert np.allclose(found["limit"].biases[l], found["dh"].biases[l])


def test_a_wrong_limit_is_seen_in_the_engine():
    net, x, target = stage.batch("dfc", 3, 16)
    wrong = lesson11.WithLimit(lambda post, pre: -limit_of_stdp(post, pre))
    right = lesson11.WithLimit(limit_of_stdp)
    made = [rule(make_framework("dfc").teach(net, x, target)) for rule in (wrong, right)]
    assert cosine(made[0].weights[1], made[1].weights[1]) == pytest.approx(-1)


def test_a_population_of_real_spikes_errs_as_little_as_the_engine_s():
    """Both have the mean and the variance of a share: their noise agrees within the luck of few
    draws, and is far from that of one neuron."""
    net, x, target = stage.batch("dfc", 1, 16)
    tau = stage.WINDOWS["dfc"]

    def noise(rule):
        made = rule(make_framework("dfc", 1).teach(net, x, target))
        exact = STDP(expected=True, tau=tau)(make_framework("dfc", 1).teach(net, x, target))
        off = made.weights[1] - exact.weights[1]
        return float((off**2).sum() / (exact.weights[1] ** 2).sum())

    real, drawn, one = (
        np.mean([noise(make(seed)) for seed in range(4)])
        for make in (
            lambda seed: lesson11.WithPopulation(population_update, 16, tau=tau, seed=seed),
            lambda seed: STDP(population=16, tau=tau, seed=seed),
            lambda seed: STDP(tau=tau, seed=seed),
        )
    )
    assert real == pytest.approx(drawn, rel=1.0)
    assert real < one / 4


def test_a_population_learns_with_all_its_pairs():
    rng = np.random.default_rng(0)
    post, pre = (rng.random((5, 9, 2, n)) < 0.4 for n in (3, 4))
    K = window(9, 0.7)
    pairs = [
        np.einsum("tbi,ts,sbj->ij", p, K, q) / 2
        for p in post.astype(float)
        for q in pre.astype(float)
    ]
    assert np.allclose(population_update(post * 1.0, pre * 1.0, K), np.mean(pairs, axis=0))


def test_the_mirrored_window_gives_the_opposite_of_stdp():
    net, x, target = stage.batch("dfc", 2, 16)
    made = [
        stage.spiking("dfc", 5, kind)(make_framework("dfc", 2).teach(net, x, target))
        for kind in (STDP, stage.Mirrored)
    ]
    for one, other in zip(made[0].weights, made[1].weights, strict=True):
        assert np.array_equal(one, -other)


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_all_kinds_of_trains_have_the_rate_that_they_are_given(kind):
    rate = kinds.post_rate()
    spikes = kinds.trains(kind, rate, 64, 40, np.random.default_rng(1))
    assert set(np.unique(spikes)) == {0.0, 1.0}
    counted = spikes.mean(axis=(0, 1))
    assert np.abs(counted[:50].mean() - kinds.LOW) < 0.01
    assert np.abs(counted[-50:].mean() - kinds.HIGH) < 0.01
    if kind == "refractory":
        near = spikes[..., 1:] * spikes[..., :-1]
        assert not near.any() and not (spikes[..., 2:] * spikes[..., :-2]).any()


def test_only_correlated_trains_share_their_noise():
    rate = np.full(60, 0.2)
    for kind in kinds.KINDS:
        share = kinds.trains(kind, rate, 256, 200, np.random.default_rng(2)).mean(axis=1)
        spread = share.var(axis=0).mean() / (0.2 * 0.8 / 256)
        assert (spread > 10) if kind == "correlated" else (spread < 1.2), (kind, spread)


@pytest.mark.parametrize("way", ["DH", "STDP, expected", "contrastive"])
def test_without_layer_1_the_others_learn_what_they_learn_with_a_frozen_one(way):
    """The rule does not see the digits then, and its upper layers are the same up to rounding."""
    net, x, target = stage.batch("dfc", 6, 16)
    whole, part = (
        frozen(stage.WAYS[way]("dfc", 6))(make_framework("dfc", 6).teach(net, x, target))
        for frozen in (lambda rule: Frozen(rule, (0,)), Upper)
    )
    for a, b in zip([*whole.weights, *whole.biases], [*part.weights, *part.biases], strict=True):
        assert a.shape == b.shape and a.dtype == b.dtype
        assert np.abs(a - b).max() <= 1e-5 * np.abs(a).max()
    assert not part.weights[0].any() and part.weights[1].any()


def test_a_phase_has_come_to_rest_where_no_rate_moves_in_its_last_step():
    assert max(directions.moving_at_the_end("dfc", 3)) < 0.05
    assert 0.1 < directions.moving_at_the_end("pc", 3)[0] < 1


def test_layer_1_has_no_bias_and_layer_2_does():
    found = directions.bias("dfc", 4)
    assert found["DH"][0] > 0.99 > 0.98 > found["DH"][1]
    assert found["2 DH − contrast"][1] > found["DH"][1]


def test_what_is_played_is_what_the_engine_made():
    record = lesson11.layer_record(seed=1)
    rates = record["rates"]
    half = len(rates) // 2
    assert np.array_equal(rates[0], rates[half]) and np.abs(rates[-1] - rates[0]).max() > 0.01
    assert record["time"][half] == pytest.approx(0, abs=1e-9)
    assert set(np.unique(record["spikes"])) <= {-1.0, 0.0, 1.0}
