"""STDP, theorem T2, and the spikes that it pairs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from conftest import fold_stable, pair, problems
from hypothesis import given
from hypothesis import strategies as st

from hebblite import Block, Network, Record, fold
from hebblite.activations import ACTIVATIONS
from hebblite.errors import UndefinedCell
from hebblite.frameworks import (
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    PredictiveCoding,
)
from hebblite.rules import STDP, Contrastive, DifferentialHebbian
from hebblite.rules.spikes import Spikes
from hebblite.rules.stdp import pairing

DH = DifferentialHebbian
ALL = [DeepFeedbackControl, PredictiveCoding, EquilibriumPropagation, DendriticMicrocircuit]


def naive_stdp(rates, dt, tau, scales, traces, probability=1.0):
    """The mean of pair-based STDP, step by step: post finds the pre trace, pre the post trace."""
    d, updates = np.exp(-dt / tau), []
    for l in range(len(rates) - 1):
        pre, post = (
            np.clip(r * probability / s, -1, 1)
            for r, s in zip(rates[l : l + 2], scales[l : l + 2], strict=True)
        )
        settled = d / (1 - d) if traces == "free" else 0.0
        X, Y, total = pre[0] * settled, post[0] * settled, 0.0
        for t in range(1, len(pre)):
            total = total + post[t].T @ X - Y.T @ pre[t]
            X, Y = d * (X + pre[t]), d * (Y + post[t])
        unit = d / (1 - d) ** 2 * probability**2 * len(pre[0]) / (scales[l] * scales[l + 1])
        updates.append(total / unit)
    return updates


# ---------------------------------------------------------------------- STDP: T2


@given(problems(), st.integers(1, 30), st.integers(1, 9), st.sampled_from(["free", "empty"]),
       st.floats(0.003, 0.05), st.floats(0.2, 1), st.sampled_from(ALL[:2] + ALL[3:]))  # fmt: skip
def test_T2_expected_stdp_is_the_sum_over_pairs(problem, steps, block, traces, tau, p, kind):
    net, x, target = problem
    nudge = {"nudge": 0.5} if kind is PredictiveCoding else {}
    framework = kind(steps=steps, block=block, **nudge)
    rule = STDP(expected=True, tau=tau, traces=traces, probability=p)
    updates, track = fold(framework.teach(net, x, target), rule, Record())
    expected = naive_stdp(track.rates, track.time[1], tau, rule.scales, traces, p)
    for W, E in zip(updates.weights, expected, strict=True):
        assert np.allclose(W, E, rtol=1e-6, atol=1e-9 * (1 + np.abs(E).max()))


def test_the_pairing_matrix_is_the_window_itself():
    M = pairing(4, 0.5)
    assert np.allclose(M[1:5, 1:], [[0, -0.5, -0.25, -0.125], [0.5, 0, -0.5, -0.25],
                                    [0.25, 0.5, 0, -0.5], [0.125, 0.25, 0.5, 0]])  # fmt: skip
    # The trace of pre spikes before the block (1) at each step, and at the next block's first.
    assert np.allclose(M[1:, 0], [1, 0.5, 0.25, 0.125, 0.0625])
    # What a trace of 1 of earlier post spikes finds of the pre spikes that follow: depression.
    assert np.allclose(M[0], [0, -1, -0.5, -0.25, -0.125])


def test_T2_in_continuous_time():
    """E[dW] = tau pre integral post(t) (exp(-(T-t)/tau) - exp(-t/tau)) dt for a constant pre."""
    tau, T, pre = 0.02, 0.1, 0.7

    def post(t):
        return 0.3 + 0.5 * t / T + 0.1 * np.sin(20 * t)

    t = np.linspace(0, T, 400_001)
    kernel = np.exp(-(T - t) / tau) - np.exp(-t / tau)
    inside = post(t) * kernel
    exact = tau * pre * (inside[1:] + inside[:-1]).sum() / 2 * (t[1] - t[0])  # trapezoids
    errors = []
    for steps in (200, 400, 800, 1600):
        dt = T / steps
        d = np.exp(-dt / tau)
        rule = STDP(expected=True, tau=tau, traces="empty")
        got = rule(pair(post(np.linspace(0, T, steps + 1)), pre, dt)).weights[0][0, 0]
        errors.append(abs(got * d / (1 - d) ** 2 * dt**2 - exact) / exact)
    slope = np.polyfit(np.log([200, 400, 800, 1600]), np.log(errors), 1)[0]
    assert slope == pytest.approx(-1, abs=0.1) and errors[-1] < 0.01


def test_T2_stdp_tends_to_DH_when_post_is_at_rest_at_both_ends_and_not_otherwise():
    t, pre = np.arange(2001) * 1e-3, 0.7
    at_rest = 0.3 + 0.4 / (1 + np.exp(-(t - 1) / 0.05))  # flat at both ends
    moving = 0.3 + 0.4 * (t / 2) ** 30  # still rising at the end
    for post, close in ((at_rest, True), (moving, False)):
        one = STDP(expected=True, tau=0.02)(pair(post, pre, 1e-3)).weights[0][0, 0]
        other = DH()(pair(post, pre, 1e-3)).weights[0][0, 0]
        assert bool(abs(one - other) < 1e-3 * other) is close


def test_T2_sampled_stdp_has_the_expected_mean_and_its_variance_falls_as_one_over_n():
    net = Network([6, 5, 4], "sigmoid", dtype="float64", seed=2)
    rng = np.random.default_rng(0)
    x, target = rng.random((8, 6)), np.eye(4)[rng.integers(4, size=8)]
    dfc = DeepFeedbackControl(steps=60)
    mean = STDP(expected=True)(dfc.teach(net, x, target))
    counts, variances = [1, 4, 16, 64], []
    for n in counts:
        rule, errors = STDP(samples=n, seed=n), []
        for _ in range(12):
            updates = rule(dfc.teach(net, x, target))
            errors.append(np.concatenate(
                [(a - b).ravel() for a, b in zip(updates.weights + updates.biases,
                                                 mean.weights + mean.biases, strict=True)]
            ))  # fmt: skip
        variances.append(np.mean(np.square(errors)))
    assert np.polyfit(np.log(counts), np.log(variances), 1)[0] == pytest.approx(-1, abs=0.15)
    # No bias: the mean of all errors is within four standard errors of zero nearly everywhere.
    z = np.mean(errors, axis=0) / (np.std(errors, axis=0, ddof=1) / np.sqrt(len(errors)))
    assert np.mean(np.abs(z) < 4) > 0.95 and abs(z.mean()) < 0.5


def test_spikes_are_signed_and_sum_to_the_rates():
    p = np.array([[[0.3, -0.6, 0.0, 1.0]]])
    spikes, positive = np.empty((2, 20_000, 1, 4))
    Spikes(seed=1).draw(p, spikes, signed=True)
    assert set(np.unique(spikes)) == {-1.0, 0.0, 1.0}
    assert np.allclose(spikes.mean(axis=(0, 1)), [0.3, -0.6, 0, 1], atol=0.02)
    Spikes(seed=1).draw(np.abs(p), positive, signed=False)
    assert np.allclose(positive.mean(axis=(0, 1)), [0.3, 0.6, 0, 1], atol=0.02)


def test_stdp_repeats_with_its_seed_and_goes_on_from_a_checkpoint(small):
    net, x, target = small
    dfc = DeepFeedbackControl(steps=20)

    def run(rule):
        return rule(dfc.teach(net, x, target)).weights[1]

    one, other = STDP(seed=4), STDP(seed=4)
    first = run(one)
    assert np.array_equal(first, run(other)) and not np.array_equal(first, run(other))
    resumed = STDP(seed=0)
    resumed.restore(one.state())
    assert np.array_equal(run(resumed), run(one))


def test_stdp_refuses_steps_of_different_lengths(small):
    net, x, target = small
    with pytest.raises(UndefinedCell, match="one length"):
        STDP()(DeepFeedbackControl(adaptive=0.01).teach(net, x, target))


def changing(lengths, steps=3):
    """A stream of one synapse whose blocks have steps of these lengths."""
    blocks, start = [], 0.0
    for length in lengths:
        [block] = pair(np.linspace(0.2, 0.8, steps + 1), 0.5, length)
        block.time += start
        start = block.time[-1]
        blocks.append(block)
    return blocks


@pytest.mark.parametrize("block", [1, 2, 3, 8, 1000])
@pytest.mark.parametrize("expected", [False, True])
def test_stdp_refuses_steps_of_different_lengths_however_they_are_cut_into_blocks(
    small, block, expected
):
    net, x, target = small
    with pytest.raises(UndefinedCell, match="one length"):
        STDP(expected=expected)(
            DeepFeedbackControl(adaptive=0.01, block=block).teach(net, x, target)
        )


@pytest.mark.parametrize("lengths", [(1e-3, 2e-3), (1e-3, 1e-3, 1.001e-3), (1e-3, 1e-3, 1e-4)])
def test_a_block_of_other_steps_is_refused_wherever_it_comes(lengths):
    with pytest.raises(UndefinedCell, match="one length"):
        STDP(expected=True)(changing(lengths))
    STDP(expected=True)(changing([1e-3] * 3))


# ---------------------------------------------------------------------- T2: a pre that moves


def moves(width):
    """A chain of three neurons, in blocks of 100 steps. The second and the third move, at different
    times, and rest at both ends."""
    t = np.arange(4001)[:, None, None] * 1e-3
    post = 0.3 + 0.4 / (1 + np.exp(-(t - 2.0) / width))
    pre = 0.8 - 0.5 / (1 + np.exp(-(t - 2.0 - width) / width))
    still, phi = np.broadcast_to(np.ones((1, 1)), t.shape), ACTIVATIONS["sigmoid"]
    for i in range(0, 4000, 100):
        r = [rows[i : i + 101] for rows in (still, pre, post)]
        yield Block(t[i : i + 101, 0, 0], r, r[1:], r[1:], r[1:], r[2], [phi, phi])


def antisymmetric(rates):
    """Average over the batch of sum (dpost) pre^T - post (dpre)^T, for each layer."""
    return [
        np.einsum("tbi,tbj->ij", np.diff(post, axis=0), pre[:-1]) / pre.shape[1]
        - np.einsum("tbi,tbj->ij", post[:-1], np.diff(pre, axis=0)) / pre.shape[1]
        for pre, post in itertools.pairwise(rates)
    ]


def test_T2_where_pre_moves_the_limit_is_the_antisymmetric_form_and_not_DH():
    off, widths = [], [0.04, 0.08, 0.16]
    for width in widths:
        folds = STDP(expected=True, tau=0.01), DH(), Contrastive(), Record()
        *updates, track = fold(moves(width), *folds)
        one, dh, contrast = (u.weights[1].item() for u in updates)
        form = antisymmetric(track.rates)[1].item()
        assert form == pytest.approx(2 * dh - contrast, rel=0.05)  # as dt -> 0 the same
        assert abs(one - dh) > 0.2 * abs(dh)  # while this is another thing
        off.append(abs(one - form) / abs(form))
    # The slower the rates against the window, the closer: of second order.
    assert np.polyfit(np.log(widths), np.log(off), 1)[0] == pytest.approx(-2, abs=0.2)
    assert off[-1] < 0.01


@pytest.mark.parametrize("seed", range(4))
def test_T2_in_a_network_spikes_tend_to_the_antisymmetric_form_in_every_layer(seed):
    rng = np.random.default_rng(seed)
    net = Network([6, 8, 7, 4], dtype="float64", seed=seed)
    x, target = rng.normal(size=(9, 6)), np.eye(4)[rng.integers(4, size=9)]
    states = DeepFeedbackControl(k_p=0.2).teach(net, x, target)  # steps of 1 ms
    one, dh, contrast, track = fold(
        states, STDP(expected=True, tau=0.002), DH(), Contrastive(), Record()
    )
    for l, (W, form) in enumerate(zip(one.weights, antisymmetric(track.rates), strict=True)):
        size = np.linalg.norm(form)
        assert np.linalg.norm(W - form) < 0.005 * size
        assert np.linalg.norm(W - (2 * dh.weights[l] - contrast.weights[l])) < 0.02 * size
        if l == 0:  # the input does not move
            assert np.allclose(form, dh.weights[l])
        else:
            assert np.linalg.norm(W - dh.weights[l]) > 0.2 * np.linalg.norm(dh.weights[l])


# ---------------------------------------------------------------------- spikes are probabilities


def layer_that_grows(low, high, activation="linear", input_moves=False, B=5):
    """A stream in which a layer of unbounded rates goes from ``low`` to ``high``."""
    rates = np.broadcast_to(np.linspace(low, high, 41)[:, None, None], (41, B, 3)).copy()
    rates *= [1.0, 0.9, 0.5 if activation == "relu" else -0.7]
    x = np.broadcast_to(np.array([0.2, 0.9]), (41, B, 2))
    if input_moves:
        x = x * np.linspace(1, high, 41)[:, None, None]
    phi = [ACTIVATIONS[activation]]
    return [Block(np.arange(41) * 1e-3, [x, rates], [rates], [rates], [rates], rates, phi)]


def assert_unbiased(rule, states, exact, draws=300):
    """The mean of many draws is the expectation: every entry, and all of them together."""
    got = [rule(states()) for _ in range(draws)]
    for l, (W, b) in enumerate(zip(exact.weights, exact.biases, strict=True)):
        for mean, all_of_them in (
            (W, [u.weights[l] for u in got]),
            (b, [u.biases[l] for u in got]),
        ):
            error = np.mean(all_of_them, axis=0) - mean
            z = error / (np.std(all_of_them, axis=0, ddof=1) / np.sqrt(draws) + 1e-12)
            assert np.abs(z).max() < 5


@pytest.mark.parametrize("activation", ["linear", "relu"])
@pytest.mark.parametrize("input_moves", [False, True])
@pytest.mark.parametrize(("low", "high"), [(0.3, 3.0), (0.1, 0.7), (0.6, 4.0)])
@pytest.mark.parametrize("population", [1, 20])
def test_no_rate_makes_more_than_one_spike_a_step(activation, input_moves, low, high, population):
    def states():
        return layer_that_grows(low, high, activation, input_moves)

    seen = []

    class Watched(STDP):
        def _draw(self, l, p, out, run):
            super()._draw(l, p, out, run)
            seen.append((p, out))

    Watched(samples=2, population=population)(states())
    exact = Watched(expected=True)(states())
    for p, out in seen:
        assert np.abs(p).max() <= 1 and np.abs(out).max() <= 1 + 1e-15
        if population == 1:
            assert set(np.unique(seen[0][1])) <= {-1.0, 0.0, 1.0}
    assert_unbiased(STDP(population=population), states, exact)


def brief(kind, block=8):
    """A framework with a teaching phase of 37 steps."""
    steps = (
        {"free_steps": 20, "nudged_steps": 37} if kind is EquilibriumPropagation else {"steps": 37}
    )
    return kind(block=block, **steps, **({"nudge": 0.5} if kind is PredictiveCoding else {}))


@given(problems(), st.sampled_from(ALL), st.integers(0, 100))
def test_no_framework_makes_more_than_one_spike_a_step(problem, kind, seed):
    net, x, target = problem

    class Watched(STDP):
        def _draw(self, l, p, out, run):
            assert self._signed[l] or p.min() >= 0
            super()._draw(l, p, out, run)
            assert set(np.unique(out)) <= {-1.0, 0.0, 1.0}

    fold_stable(brief(kind).teach(net, 2 * x, target), Watched(seed=seed))


# ---------------------------------------------------------------------- no result depends on blocks


@given(problems(), st.sampled_from(ALL), st.integers(1, 3), st.sampled_from([1, 7]),
       st.lists(st.integers(1, 40), min_size=2, max_size=2), st.integers(0, 99))  # fmt: skip
def test_spikes_do_not_depend_on_the_block(problem, kind, samples, population, blocks, seed):
    net, x, target = problem
    one, other = (
        fold_stable(
            brief(kind, block).teach(net, x, target),
            STDP(samples, seed=seed, population=population),
        )[0]
        for block in blocks
    )
    for a, b in zip(one.weights + one.biases, other.weights + other.biases, strict=True):
        assert np.allclose(a, b, rtol=1e-8, atol=1e-9 * (1 + np.abs(a).max()))


@pytest.mark.parametrize("sizes", [(1, 1), (3, 5), (4, 4), (2, 7)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_drawn_at_once_are_those_drawn_one_by_one(sizes, dtype):
    p = np.random.default_rng(0).random((12, *sizes)).astype(dtype)
    whole, parts = np.empty_like(p), np.empty_like(p)
    Spikes(5).draw(p, whole, False)
    spikes, edges = Spikes(5), [0, 1, 2, 5, 12]
    for a, b in itertools.pairwise(edges):
        spikes.draw(p[a:b], parts[a:b], False)
    assert (whole == parts).all() and 0 < whole.mean() < 1


def test_layers_and_runs_have_spikes_of_their_own_and_streams_new_ones(small):
    net, x, target = small
    [block] = DeepFeedbackControl(steps=4).teach(net, x, target)
    rule, drawn = STDP(samples=2), set()
    for _ in range(2):
        rule.start(block)
        for run in range(2):
            for l in range(4):
                out = np.empty((50, 1, 8))
                rule._draw(l, np.full(out.shape, 0.5), out, run)
                drawn.add(out.tobytes())
    assert len(drawn) == 2 * 2 * 4


# ---------------------------------------------------------------------- the random numbers


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_probabilities_are_exact_at_their_ends_and_fine_in_between(dtype):
    p = np.array([0, 1, 2.0**-24, 1 - 2.0**-24, 1e-3, 0.5], dtype).reshape(1, 1, 6)
    p = np.repeat(p, 3, axis=1)
    out = np.empty((400_000, 3, 6), dtype)
    Spikes(3).draw(p, out, False)
    mean = out.mean(axis=(0, 1), dtype=float)
    assert mean[0] == 0 and mean[1] == 1 and mean[2] < 1e-5 and mean[3] > 1 - 1e-5
    assert abs(mean[4] - 1e-3) < 5 * np.sqrt(1e-3 / 1.2e6)
    assert abs(mean[5] - 0.5) < 5 * 0.5 / np.sqrt(1.2e6)
    # Neurons of a step, steps, and neurons do not follow one another.
    flat = out[..., 5]
    assert np.abs(np.corrcoef(flat.T) - np.eye(3)).max() < 0.01
    assert abs(np.corrcoef(flat[1:, 0], flat[:-1, 0])[0, 1]) < 0.01


def test_the_lower_bits_of_a_random_number_count():
    """Without them this probability would be twice what it is."""
    p, out, spikes = np.full((1, 1, 8), 0.5 * 2.0**-16), np.empty((100_000, 1, 8)), Spikes(3)
    found = 0.0
    for _ in range(10):
        spikes.draw(p, out, False)
        found += out.sum()
    expected = 8_000_000 * p[0, 0, 0]  # 61
    assert abs(found - expected) < 5 * np.sqrt(expected)


# ---------------------------------------------------------------------- populations


@pytest.mark.parametrize("n", [1, 2, 9, 4096])
def test_a_population_s_share_of_spikes_has_the_mean_and_variance_of_n_neurons(n):
    p = np.array([0.0, 1.0, 1e-3, 0.02, 0.5, 0.97, -0.3, -1.0]).reshape(1, 1, 8)
    share = np.empty((200_000, 1, 8))
    Spikes(2, n).draw(p, share, True)
    share, p = share[:, 0], p[0, 0]
    q = np.abs(p)
    sd = np.sqrt(q * (1 - q) / n)
    assert (np.abs(share.mean(axis=0) - p) <= 5 * sd / np.sqrt(len(share)) + 1e-12).all()
    assert np.allclose(share.var(axis=0), sd**2, rtol=0.1)
    assert (share * np.sign(p) >= 0).all() and (np.abs(share) <= 1 + 1e-15).all()
    if n == 1:
        assert set(np.unique(share)) == {-1.0, 0.0, 1.0}


class OneByOne(STDP):
    """The population as it is: n neurons for each rate that fire one by one (binomial)."""

    def _draw(self, l, p, out, run):
        q = np.broadcast_to(np.abs(p), out.shape)
        out[...] = np.sign(p) * self.rng.binomial(self.population, q) / self.population


def draws(kind, population, number=400, samples=1):
    """Updates of all layers in many draws, (number, weights), and their expectation."""
    rng = np.random.default_rng(4)
    net = Network([4, 3, 3, 2], "sigmoid", "same", dtype="float64", seed=2)
    x, target = rng.random((2, 4)), np.eye(2)[rng.integers(2, size=2)]
    record = Record()(DeepFeedbackControl(steps=30, dt=0.005).teach(net, x, target))

    def flat(updates):
        return np.concatenate([a.ravel() for a in updates.weights + updates.biases])

    rule = kind(samples, population=population)
    return np.array([flat(rule([record])) for _ in range(number)]), flat(
        STDP(expected=True)([record])
    )


@pytest.mark.parametrize("n", [1, 3, 100])
def test_population_is_unbiased_and_has_the_noise_of_neurons_one_by_one(n):
    (fast, exact), (slow, _) = draws(STDP, n), draws(OneByOne, n)
    for got in (fast, slow):
        z = (got.mean(axis=0) - exact) / (got.std(axis=0, ddof=1) / np.sqrt(len(got)))
        assert np.abs(z).max() < 4.5 and abs(z.mean()) < 0.6
    assert fast.var() > 0
    # Not the variance alone: which synapses err together, too.
    one, other = np.cov(fast.T), np.cov(slow.T)
    assert np.trace(one) == pytest.approx(np.trace(other), rel=0.1)
    # What two covariances of this many draws differ by if they are the same, squared.
    chance = 2 / len(fast) * (np.trace(other) ** 2 + np.sum(other**2))
    assert np.sum((one - other) ** 2) < 1.5 * chance


def test_the_variance_of_populations_falls_as_one_over_n():
    counts = [1, 4, 16, 64, 256]
    variances = []
    for n in counts:
        got, exact = draws(STDP, n, 100)
        variances.append(np.mean((got - exact) ** 2))
    later = np.polyfit(np.log(counts[1:]), np.log(variances[1:]), 1)[0]
    assert later == pytest.approx(-1, abs=0.1)
    # All n x n pairs learn, so a population errs less than n trains of one neuron each.
    trains, exact = draws(STDP, 1, 100, samples=16)
    assert variances[2] < np.mean((trains - exact) ** 2)
