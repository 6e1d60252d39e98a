"""The stream, the dynamics, the rules and the optimizers, against straightforward code."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import fold_stable, problems
from hypothesis import given
from hypothesis import strategies as st

from hebblite import SGD, STDP, Adam, Network, Record, fold
from hebblite.activations import ACTIVATIONS, softmax
from hebblite.errors import DivergenceError, UndefinedCell
from hebblite.frameworks import Backprop, DeepFeedbackControl
from hebblite.rules import (
    Contrastive,
    DifferentialHebbian,
    ErrorBased,
    Gradient,
    Hebbian,
    Updates,
)

RULES = [
    ErrorBased(),
    ErrorBased(on="voltage"),
    ErrorBased(over="phase"),
    Contrastive(),
    DifferentialHebbian(),
    DifferentialHebbian(symmetric=True),
    DifferentialHebbian(on="voltage"),
    Hebbian(),
    Gradient(),
]


def reference_loop(net, x, target, dfc):
    """Deep Feedback Control with transposed-Jacobian feedback, written naively from the equations:
    voltages and rates of all layers at all steps."""
    phis = net.activations
    v, r = net.feedforward(x)
    J = [np.eye(net.sizes[-1])[None] * phis[-1].slope(r[-1])[:, None, :]]
    for layer in range(net.depth - 1, 0, -1):
        J.insert(0, J[0] @ net.weights[layer] * phis[layer - 1].slope(r[layer])[:, None, :])
    u_int = u = np.zeros_like(target)
    track_v, track_r = [[a.copy()] for a in v], [[a.copy()] for a in r[1:]]
    for _ in range(dfc.steps):
        p = softmax(r[-1]) if net.output == "softmax" else r[-1]
        e = target - p
        u_int = u_int + dfc.dt / dfc.tau_u * (dfc.k_i * e - dfc.leak * u)
        u = u_int + dfc.k_p * e
        for layer in range(net.depth):
            basal = r[layer] @ net.weights[layer].T + net.biases[layer]
            apical = np.einsum("bij,bi->bj", J[layer], u)
            v[layer] = v[layer] + dfc.dt / dfc.tau_v * (-v[layer] + basal + apical)
            r[layer + 1] = phis[layer].rate(v[layer])
            track_v[layer].append(v[layer])
            track_r[layer].append(r[layer + 1])
    return [np.array(t) for t in track_v], [np.array(t) for t in track_r]


@given(problems(), st.integers(1, 30), st.floats(1e-4, 0.008))
def test_dfc_follows_its_equations_step_for_step(problem, steps, dt):
    net, x, target = problem
    dfc = DeepFeedbackControl(k_p=0.7, leak=0.3, dt=dt, steps=steps)
    (track,) = fold_stable(dfc.teach(net, x, target), Record())
    voltages, rates = reference_loop(net, x, target, dfc)
    for layer in range(net.depth):
        scale = 1 + np.abs(voltages[layer]).max()
        assert np.abs(track.voltages[layer] - voltages[layer]).max() < 1e-9 * scale
        assert np.abs(track.rates[layer + 1] - rates[layer]).max() < 1e-9 * scale
    assert track.time[-1] == pytest.approx(steps * dt)


def test_dfc_and_its_rules_at_the_published_settings():
    """784-256-256-256-10 sigmoid, 500 steps of 1 ms, k_p = 2, alpha = 1e-6, tau_v = 10.5 ms."""
    net = Network([784, 256, 256, 256, 10], "sigmoid", dtype="float64", seed=1)
    rng = np.random.default_rng(2)
    x = rng.random((4, 784)) * (rng.random((4, 784)) < 0.2)
    target = np.full((4, 10), 0.1 / 9)
    target[np.arange(4), rng.integers(10, size=4)] = 0.9
    dfc = DeepFeedbackControl()
    assert (dfc.steps, dfc.dt, dfc.k_p, dfc.leak, dfc.tau_v) == (500, 1e-3, 2, 1e-6, 0.0105)
    dh, eb, stdp, track = fold(
        dfc.teach(net, x, target), DifferentialHebbian(), ErrorBased(over="phase"),
        STDP(expected=True, traces="empty"), Record(),
    )  # fmt: skip
    v, r = reference_loop(net, x, target, dfc)
    d = np.exp(-dfc.dt / 0.0162)
    for layer in range(net.depth):
        assert np.abs(track.voltages[layer] - v[layer]).max() < 1e-9 * np.abs(v[layer]).max()
        post = r[layer]
        pre = np.broadcast_to(x, (501, *x.shape)) if layer == 0 else r[layer - 1]
        expected = sum((post[t + 1] - post[t]).T @ pre[t] for t in range(500)) / 4
        assert np.abs(dh.weights[layer] - expected).max() < 1e-9 * np.abs(expected).max()
        basal = pre @ net.weights[layer].T + net.biases[layer]
        error = post - net.activations[layer].rate(basal)
        expected = sum(error[t].T @ pre[t] for t in range(1, 501)) / (4 * 500)
        assert np.abs(eb.weights[layer] - expected).max() < 1e-9 * np.abs(expected).max()
        if layer < net.depth - 1:  # the output's logits are scaled to be probabilities
            X, Y, expected = np.zeros_like(pre[0]), np.zeros_like(post[0]), 0.0
            for t in range(1, 501):
                expected = expected + post[t].T @ X - Y.T @ pre[t]
                X, Y = d * (X + pre[t]), d * (Y + post[t])
            expected *= (1 - d) ** 2 / d / 4
            assert np.abs(stdp.weights[layer] - expected).max() < 1e-9 * np.abs(expected).max()


@given(problems(), st.integers(1, 20), st.integers(1, 25))
def test_the_block_length_changes_no_result(problem, block, steps):
    net, x, target = problem

    def run(length):
        dfc = DeepFeedbackControl(k_p=0.5, dt=0.004, steps=steps, block=length, noise=0.1)
        return fold(dfc.teach(net, x, target), *RULES)

    for one, other in zip(run(1), run(block), strict=True):
        for a, b in zip(one.weights + one.biases, other.weights + other.biases, strict=True):
            assert np.allclose(a, b, rtol=1e-10, atol=1e-12)


def test_rules_match_sums_written_as_loops(small):
    net, x, target = small
    dfc = DeepFeedbackControl(steps=21)
    T = Record()(dfc.teach(net, x, target))
    eb, con, dh, hebb = fold(
        dfc.teach(net, x, target),
        ErrorBased(over="phase"),
        Contrastive(),
        DifferentialHebbian(),
        Hebbian(),
    )
    B, S = len(x), T.steps
    for n in range(net.depth):
        post, pre, phi = T.rates[n + 1], T.rates[n], net.activations[n]
        loop = sum((post[t + 1] - post[t]).T @ pre[t] for t in range(S)) / B
        assert np.allclose(dh.weights[n], loop)
        loop = (post[-1].T @ pre[-1] - post[0].T @ pre[0]) / B
        assert np.allclose(con.weights[n], loop)
        loop = sum((post[t] - phi.rate(T.basal[n][t])).T @ pre[t] for t in range(1, S + 1)) / (
            B * S
        )
        assert np.allclose(eb.weights[n], loop)
        loop = sum(post[t].T @ pre[t] for t in range(1, S + 1)) / (B * S)
        assert np.allclose(hebb.weights[n], loop)


def test_teach_changes_neither_network_nor_inputs(small):
    net, x, target = small
    before = net.copy(), x.copy(), target.copy()
    for framework in (DeepFeedbackControl(steps=5, noise=0.1), Backprop()):
        for _ in framework.teach(net, x, target):
            pass
    assert all(np.array_equal(a, b) for a, b in zip(net.weights, before[0].weights, strict=True))
    assert np.array_equal(x, before[1]) and np.array_equal(target, before[2])


def test_two_streams_of_one_framework_do_not_disturb_each_other(small):
    net, x, target = small
    dfc = DeepFeedbackControl(steps=12, block=3)
    alone = DifferentialHebbian()(dfc.teach(net, x, target))
    states = (
        one for one, _ in zip(dfc.teach(net, x, target), dfc.teach(net, -x, target), strict=True)
    )
    assert np.array_equal(DifferentialHebbian()(states).weights[1], alone.weights[1])


def test_a_phase_that_runs_until_steady_ends_early_at_the_same_state(small):
    net, x, target = small
    long = Record()(DeepFeedbackControl(k_i=0, steps=3000).teach(net, x, target))
    short = Record()(DeepFeedbackControl(k_i=0, steps=3000, steady=1e-6).teach(net, x, target))
    assert short.steady and not long.steady
    assert short.steps < 1000
    assert np.allclose(short.voltages[-1][-1], long.voltages[-1][-1], atol=1e-5)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_are_derivatives(name):
    v, h, phi = np.linspace(-3, 3, 60), 1e-6, ACTIVATIONS[name]
    rise = (phi.rate(v + h) - phi.rate(v - h)) / (2 * h)
    assert np.allclose(phi.slope(phi.rate(v)), rise, atol=1e-6)
    out = np.empty_like(v)
    assert phi.rate(v, out=out) is out


@pytest.mark.parametrize("rule", RULES[:-2], ids=lambda r: type(r).__name__)
def test_rules_that_read_a_change_are_not_defined_on_backprop(small, rule):
    net, x, target = small
    with pytest.raises(UndefinedCell, match="teaching phase"):
        rule(Backprop().teach(net, x, target))


def test_an_empty_stream_is_an_error():
    with pytest.raises(ValueError, match="states"):
        DifferentialHebbian()([])


def test_optimizers_against_their_formulas():
    updates = [Updates([np.array([[0.5 * k]])], [np.array([0.1])]) for k in (1, -2, 3)]
    net = Network([1, 1], dtype="float64", output="linear")
    p, m = net.weights[0][0, 0], 0.0
    sgd = SGD(lr=0.2, momentum=0.9)
    for k, update in zip((1, -2, 3), updates, strict=True):
        sgd.step(net, update)
        m = 0.9 * m + 0.5 * k
        p += 0.2 * m
    assert net.weights[0][0, 0] == pytest.approx(p, rel=1e-14)
    net = Network([1, 1], dtype="float64", output="linear")
    p, m, s = net.weights[0][0, 0], 0.0, 0.0
    adam = Adam(lr=0.01, betas=(0.8, 0.95), eps=1e-6)
    for t, (k, update) in enumerate(zip((1, -2, 3), updates, strict=True), start=1):
        adam.step(net, update)
        g = 0.5 * k
        m, s = 0.8 * m + 0.2 * g, 0.95 * s + 0.05 * g * g
        p += 0.01 * (m / (1 - 0.8**t)) / (np.sqrt(s / (1 - 0.95**t)) + 1e-6)
    assert net.weights[0][0, 0] == pytest.approx(p, rel=1e-12)


def test_an_update_that_is_not_finite_is_refused_whole(small):
    net, _, _ = small
    bad = Updates([np.ones_like(W) for W in net.weights], [np.ones_like(b) for b in net.biases])
    bad.weights[2][0, 0] = np.nan
    before = net.copy()
    with pytest.raises(DivergenceError, match="layer 3") as caught:
        SGD().step(net, bad)
    assert caught.value.layer == 3
    assert all(np.array_equal(a, b) for a, b in zip(net.weights, before.weights, strict=True))


def test_a_loop_that_runs_away_says_where_and_what_to_change():
    net = Network([3, 4, 2], hidden="linear", output="linear", dtype="float64", seed=0)
    x, target = np.ones((2, 3)), np.ones((2, 2))
    with pytest.raises(DivergenceError, match="k_p or dt") as caught:
        for _ in DeepFeedbackControl(k_p=500, dt=0.005, steps=300).teach(net, x, target):
            pass
    assert 1 <= caught.value.layer <= 2 and 1 <= caught.value.step <= 300


def test_a_saturating_loop_that_oscillates_is_found_out():
    net = Network([3, 4, 2], output="same", dtype="float64", seed=0)
    x, target = np.ones((2, 3)), np.full((2, 2), 0.5)
    with pytest.raises(DivergenceError, match="flips sign"):
        for _ in DeepFeedbackControl(k_p=500, dt=0.01, steps=300).teach(net, x, target):
            pass


def swinging(hidden):
    rng = np.random.default_rng(0)
    net = Network([20, 30, 25, 5], hidden, seed=1)
    target = np.full((16, 5), 0.025)
    target[np.arange(16), rng.integers(5, size=16)] = 0.9
    return net, rng.random((16, 20)), target


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize(
    ("k_p", "dt", "steps"),
    [(8, 0.01, 50), (15, 0.01, 50), (15, 0.01, 500), (24, 0.005, 40), (40, 0.005, 100)],
)
def test_swings_that_shrink_slowly_or_take_longer_than_two_steps_are_found_out(
    hidden, k_p, dt, steps
):
    with pytest.raises(DivergenceError, match=r"error (flips|swings).*Lower k_p or dt"):
        for _ in DeepFeedbackControl(k_p=k_p, dt=dt, steps=steps).teach(*swinging(hidden)):
            pass


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize(
    ("k_p", "dt", "steps"),
    [(2, 0.001, 500), (2, 0.005, 4), (2, 0.005, 20), (1, 0.005, 20), (4, 0.005, 30), (0, 0.01, 9)],
)
def test_a_loop_that_settles_or_still_rises_raises_no_alarm(hidden, k_p, dt, steps):
    blocks = DeepFeedbackControl(k_p=k_p, dt=dt, steps=steps).teach(*swinging(hidden))
    assert sum(block.steps for block in blocks) == steps


def test_weights_too_large_for_the_free_state_are_reported():
    net = Network([3, 4, 2], hidden="relu", seed=0)
    net.weights[0] *= np.float32(1e38)
    with pytest.raises(DivergenceError, match="feedforward"), np.errstate(all="ignore"):
        next(DeepFeedbackControl().teach(net, np.full((1, 3), 1e3), np.full((1, 2), 0.5)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_takes_a_plain_number(name):
    phi = ACTIVATIONS[name]
    whole = phi.rate(np.array([0.3, -0.7]))
    assert [float(phi.rate(0.3)), float(phi.rate(-0.7))] == list(whole)
    assert float(phi.slope(whole[0])) == phi.slope(whole)[0]
