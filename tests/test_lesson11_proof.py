"""Lesson 11: theorem T2 on the engine, step by step and as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite.frameworks import DeepFeedbackControl
from hebblite.lessons.lesson11.proof import T2
from hebblite.lessons.lesson11.proof.bench import DT, SPEED, moving
from hebblite.lessons.lesson11.proof.memory import SPEEDS
from hebblite.network import Network
from hebblite.rules import STDP, Contrastive, DifferentialHebbian
from hebblite.rules.spikes import Spikes
from hebblite.stream import Record, fold
from hebblite.teaching.proofs import Draw
from hebblite.teaching.proofs.uses import table
from hebblite.teaching.proofs.worlds import SEEN, Lab

INDEPENDENT, START, END, SLOW, CONSTANT = T2.assumptions
#: What each step needs. Breaking any other leaves it as it is.
NEEDS = {
    "T2.1": {INDEPENDENT},
    "T2.2": set(),
    "T2.3": {SLOW},
    "T2.4": {START, END, SLOW},
    "T2.5": set(),
    "T2.6": {START, END, CONSTANT},
    "T2.7": {START, SLOW},
    "T2.8": {INDEPENDENT},
}
SIZES = (4, 3, 5, 2)
MODEL = {number: step.reference for number, step in T2.steps.items()}


def slope_of(off):
    """The order of differences that are measured at all the speeds."""
    return np.polyfit(np.log(SPEEDS), np.log(off), 1)[0]


def apart(a, b):
    return np.linalg.norm(np.subtract(a, b)) / np.linalg.norm(b)


# ---------------------------------------------------------------------- the theorem on the engine


def test_in_a_phase_of_the_engine_stdp_is_nearer_to_the_limit_than_to_dh():
    """A teaching phase of DFC, whose rates are slow against the window."""
    net = Network((4, 6, 5, 3), "sigmoid", "linear", dtype="float64", seed=3)
    rng = np.random.default_rng(0)
    x, target = rng.random((1, 4)), rng.normal(size=(1, 3))
    dfc = DeepFeedbackControl(k_p=0.2)
    E, dh, contrast = fold(
        dfc.teach(net, x, target), STDP(expected=True, tau=2e-3), DifferentialHebbian(),
        Contrastive(),
    )  # fmt: skip
    (phase,) = fold(dfc.teach(net, x, target), Record())
    for l in (1, 2):
        changes = [np.diff(phase.rates[k][:, 0], axis=0) for k in (l + 1, l)]
        limit = MODEL["T2.5"](dh.weights[l], contrast.weights[l], *changes)
        assert apart(E.weights[l], limit) < 0.5 * apart(E.weights[l], dh.weights[l])
    assert apart(E.weights[0], dh.weights[0]) < 0.02  # pre is the input


def test_spikes_of_the_engines_populations_have_the_variance_of_step_8():
    """The share of n neurons that fires has one n-th of the variance of a spike."""
    for n in (1, 4, 16):
        p = np.full((4_000, 1, 1), 0.3)
        share = np.empty_like(p)
        Spikes(5, n).draw(p, share, False)
        assert share.mean() == pytest.approx(0.3, abs=0.03)
        assert n * share.var() == pytest.approx(0.21, rel=0.15)


# ---------------------------------------------------------------------- the steps


@pytest.mark.parametrize("number", NEEDS)
def test_each_step_needs_what_it_names_and_nothing_else(number):
    step = T2.steps[number]
    assert set(step.uses) == NEEDS[number] and len(step.hints) == 3
    for seeds in (SEEN, range(1000, 1006)):
        found = table(step, Lab(T2, tuple(seeds)))
        assert {name for name, needed in found.items() if needed} == NEEDS[number]


@pytest.mark.parametrize("broken", list(T2.assumptions))
def test_the_bench_breaks_one_assumption_and_keeps_the_others(broken):
    seen = 0
    for seed in range(4):
        worlds = moving(Draw(seed, SIZES, "sigmoid", SPEED, frozenset({broken})))
        for l, world in enumerate(worlds, start=2):
            post, dpost = world["post"], world["dpost"]
            largest = np.abs(dpost).max()
            rests_first = np.abs(dpost[0]).max() < 1e-3 * largest
            rests_last = (
                np.abs(dpost[-1]).max() < 1e-9 and np.abs(world["lag_post"][-1]).max() < 1e-9
            )
            jumps = largest > 0.6 * np.ptp(post, axis=0).max()
            assert rests_first == (broken != START), (l, seed)
            assert rests_last == (broken != END)
            assert jumps == (broken == SLOW)
            held = np.outer(world["r_end"] - world["r_start"], world["pre_held"])
            assert np.allclose(world["E_held"], held, rtol=1e-9, atol=1e-11) == (
                broken not in (START, END, CONSTANT)
            )
            draws = world["dW"](np.random.default_rng(1), 400)
            mean, error = draws.mean(axis=0), draws.std(axis=0) / 20
            said = MODEL["T2.1"](*(world[s] for s in ("post", "pre", "trace_post", "trace_pre")))
            assert (np.abs(mean - said) < 5 * error).all() == (broken != INDEPENDENT)
            seen += 1
    assert seen == 8


def test_e_is_what_pairs_of_spikes_add_up_to():
    """The engine's mean is the double sum of lesson 01, divided by d / (1 - d)^2, where traces
    have heard the free state for long."""
    for world in moving(Draw(2, SIZES, "sigmoid", SPEED)):
        d = world["d"]
        before = 60
        post, pre = (
            np.vstack([np.tile(world[name][0], (before, 1)), world[name]])
            for name in ("post", "pre")
        )
        lag = np.subtract.outer(np.arange(len(post)), np.arange(len(pre)))
        K = np.sign(lag) * d ** np.abs(lag)
        assert np.allclose(post.T @ K @ pre * (1 - d) ** 2 / d, world["E"], atol=1e-9)
        assert 0 < d < 1 and DT > 0


def test_a_population_is_a_little_better_than_as_many_samples():
    for world in Lab(T2, tuple(SEEN)).worlds():
        parts = [world[name] for name in ("noise_post", "noise_pre", "noise_both")]
        assert min(parts) > 0
        assert MODEL["T2.8"](*parts, 5, 1) < MODEL["T2.8"](*parts, 1, 5)
        assert MODEL["T2.8"](*parts, 1, 1) == pytest.approx(sum(parts))


# ---------------------------------------------------------------------- as a whole


def test_the_chain_of_the_steps_is_right_to_second_order_and_a_wrong_step_is_not():
    for wrong in (None, "T2.2", "T2.3", "T2.4", "T2.5", "T2.6"):
        chain = dict(MODEL)
        if wrong:
            chain[wrong] = lambda *given, wrong=wrong: 1.1 * np.asarray(MODEL[wrong](*given))
        off = [
            max(
                np.abs(mine - measured).max()
                for mine, measured in T2.composition.chain(
                    chain, moving(Draw(1, SIZES, "sigmoid", speed))
                )
            )
            for speed in SPEEDS
        ]
        assert slope_of(off) == pytest.approx(0 if wrong else 2, abs=0.2)


def test_without_rest_at_the_end_the_chain_is_right_to_first_order_only():
    off = []
    for speed in SPEEDS:
        worlds = moving(Draw(1, SIZES, "sigmoid", speed, frozenset({END})))
        pairs = T2.composition.chain(MODEL, worlds)
        off.append(max(np.abs(mine - measured).max() for mine, measured in pairs))
    assert slope_of(off) == pytest.approx(1, abs=0.15)
