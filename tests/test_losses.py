"""STDP and theorem T2, latency and T5, what DH cannot do (T9), and the losses as folds."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import problems
from hypothesis import assume, given
from hypothesis import strategies as st

from hebblite import Block, Network, Record, fold
from hebblite.activations import ACTIVATIONS
from hebblite.analysis import (
    angles,
    backprop_updates,
    cosine,
    jacobians,
    loop_spectrum,
    loops,
    total_angle,
)
from hebblite.errors import ArgumentError, UndefinedCell
from hebblite.frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    PredictiveCoding,
)
from hebblite.losses import (
    Energy,
    FeedbackAmount,
    InferenceLatency,
    OutputError,
    latency_bounds,
    linear_latency,
)
from hebblite.rules import STDP, DifferentialHebbian, Gradient, Hebbian, Updates
from hebblite.rules.stdp import pairing

DH = DifferentialHebbian
ALL = [DeepFeedbackControl, PredictiveCoding, EquilibriumPropagation, DendriticMicrocircuit]


def pair(post, pre, dt, linear=False):
    """A stream of one block: one synapse from a neuron with rates pre to one with rates post."""
    post, pre = np.asarray(post, float), np.broadcast_to(np.asarray(pre, float), np.shape(post))
    phi = ACTIVATIONS["linear" if linear else "sigmoid"]
    r = [pre.reshape(-1, 1, 1), post.reshape(-1, 1, 1)]
    if np.ptp(pre) == 0:
        r[0] = np.broadcast_to(r[0][0], r[0].shape)
    return [Block(np.arange(len(post)) * dt, r, [r[1]], [r[1]], [r[1]], r[1], [phi])]


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
    rule = STDP(seed=1)
    track = np.full((1, 1, 4), 0.0) + np.array([0.3, -0.6, 0.0, 1.0])
    rule.scales = [1.0]
    spikes = rule._fire(0, np.broadcast_to(track, (20_000, 1, 4)))
    assert set(np.unique(spikes)) == {-1.0, 0.0, 1.0}
    assert np.allclose(spikes.mean(axis=(0, 1)), [0.3, -0.6, 0, 1], atol=0.02)
    positive = rule._fire(0, np.broadcast_to(np.abs(track), (20_000, 1, 4)))
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


# ---------------------------------------------------------------------- latency: T5


@given(st.integers(1, 5), st.integers(0, 1000), st.floats(0.5, 20), st.booleans())
def test_T5_the_closed_form_is_the_simulated_latency(n, seed, k, bounded):
    rng = np.random.default_rng(seed)
    A, e = rng.normal(size=(n, n)), rng.normal(size=(2, n))
    M, delta = A @ A.T + 0.3 * np.eye(n), 0.2
    T = linear_latency(e, M, k, delta, bounded)
    low, high = latency_bounds(e, M, k, delta)
    if not bounded:
        assert ((low <= T * (1 + 1e-9)) & (high * (1 + 1e-9) >= T)).all()
    for row, expected in zip(e, T, strict=True):
        dt, t, now = 2e-4 / k, 0.0, row.copy()
        while np.linalg.norm(now) > delta:
            now = now - dt * k * M @ now / (np.linalg.norm(now) if bounded else 1.0)
            t += dt
        assert t == pytest.approx(expected, rel=2e-2, abs=3 * dt)


def test_T5_equal_eigenvalues_make_latency_a_function_of_the_error_alone():
    rng = np.random.default_rng(0)
    e = rng.normal(size=(50, 4))
    size = np.linalg.norm(e, axis=1)
    T = linear_latency(e, 2.0 * np.eye(4), 3.0, 0.1)
    assert np.allclose(T, np.log(size / 0.1) / 6)
    assert (np.argsort(T) == np.argsort(size)).all()
    bounded = linear_latency(e, 2.0 * np.eye(4), 3.0, 0.1, bounded=True)
    assert np.allclose(bounded, (size - 0.1) / 6)
    # Without them the order can break: a small error may take longer than a large one.
    M = np.diag([10.0, 1.0])
    fast, slow = linear_latency([[1.0, 0.0], [0.0, 0.5]], M, 1.0, 0.1)
    assert fast < slow
    assert linear_latency([[0.05, 0]], M, 1, 0.1) == 0


def test_T5_the_gradient_of_latency_is_along_the_gradient_of_the_error():
    rng = np.random.default_rng(1)
    e, h = rng.normal(size=4), 1e-6
    M = 1.7 * np.eye(4)
    gradient = [
        (linear_latency(e + h * a, M, 1, 0.1)[0] - linear_latency(e - h * a, M, 1, 0.1)[0])
        / (2 * h)
        for a in np.eye(4)
    ]
    assert cosine(gradient, e) > 1 - 1e-8


def test_T5_the_engine_s_latency_is_the_linear_one_for_small_errors_and_fast_neurons():
    net = Network([6, 8, 7, 4], output="linear", dtype="float64", seed=5)
    rng = np.random.default_rng(3)
    x = rng.normal(size=(9, 6))
    target = net.predict(x) + 1e-3 * rng.normal(size=(9, 4))
    dfc = DeepFeedbackControl(k_p=0, k_i=1, leak=0, dt=2e-4, tau_v=2e-4, tau_u=0.2, steps=6000)
    e = target - net.predict(x)
    delta = 0.2 * np.linalg.norm(e, axis=1).min()
    latency, end = fold(dfc.teach(net, x, target), InferenceLatency(delta), OutputError("end"))
    expected = linear_latency(e, loops(net, x), 5.0, delta)
    assert np.isfinite(latency).all() and np.allclose(latency, expected, rtol=0.02)
    assert (end < delta).all()


def test_T5_T9_a_loop_with_a_negative_eigenvalue_never_gets_there():
    net = Network([6, 8, 4], output="linear", dtype="float64", seed=5)
    rng = np.random.default_rng(3)
    x = rng.normal(size=(3, 6))
    target = net.predict(x) + 1e-3 * rng.normal(size=(3, 4))
    dfc = DeepFeedbackControl("random", k_p=0, k_i=1, leak=0, dt=1e-3, tau_v=1e-3, tau_u=0.2,
                              steps=400)  # fmt: skip
    next(dfc.teach(net, x, target))
    assert (loop_spectrum(net, x)[:, -1].real > 0).all()
    dfc.Q = [-np.asarray(q) for q in dfc.Q]  # feedback that pushes the wrong way
    assert (loop_spectrum(net, x, dfc.Q)[:, -1].real < 0).all()
    latency, start, end = fold(
        dfc.teach(net, x, target), InferenceLatency(1e-4), OutputError(), OutputError("end")
    )
    assert np.isinf(latency).all() and (end > start).all()
    with pytest.raises(ArgumentError, match="M: got an eigenvalue"):
        linear_latency(np.ones((1, 2)), -np.eye(2), 1, 0.1)
    with pytest.raises(ArgumentError, match="M: got a matrix that is not symmetric"):
        linear_latency(np.ones((1, 2)), [[1, 2], [0, 1]], 1, 0.1)


def test_latency_is_interpolated_between_steps():
    t = np.linspace(0, 1, 11)
    error = np.stack([1 - t, 0.05 + 0 * t, 1 + 0 * t], axis=1)[:, :, None]
    r = np.zeros((11, 3, 1))
    block = Block(t, [r, r], [r], [r], [r], error, [ACTIVATIONS["linear"]])
    assert InferenceLatency(0.55)([block]).tolist() == pytest.approx([0.45, 0.0, np.inf])


# ---------------------------------------------------------------------- what DH cannot do: T9


@pytest.mark.parametrize("kind", [DeepFeedbackControl, DendriticMicrocircuit, PredictiveCoding])
def test_T9_no_change_no_update(kind):
    net = Network([5, 6, 4], dtype="float64", seed=1)
    x = np.random.default_rng(0).normal(size=(7, 5))
    settings = {"nudge": 1.0} if kind is PredictiveCoding else {}
    own = net.predict(x)
    dh, hebb = fold(kind(**settings).teach(net, x, own), DH(), Hebbian())
    assert max(np.abs(W).max() for W in dh.weights) < 1e-12
    assert max(np.abs(W).max() for W in hebb.weights) > 0.05  # plain Hebb grows all the same


def test_T9_a_phase_that_is_cut_short_spoils_stdp_before_it_spoils_DH():
    t = np.arange(301) * 1e-3
    post = 0.3 + 0.4 * (1 - np.exp(-t / 0.1))
    for end, good in ((301, True), (30, False)):
        one = STDP(expected=True, tau=0.02)(pair(post[:end], 0.7, 1e-3)).weights[0][0, 0]
        other = DH()(pair(post[:end], 0.7, 1e-3)).weights[0][0, 0]
        assert other == pytest.approx(0.7 * (post[end - 1] - post[0]))  # T1, at any time
        assert bool(abs(one / other - 1) < 0.15) is good


def test_T9_a_pre_that_moves_as_much_as_post_spoils_DH():
    t = np.linspace(0, 1, 101)
    post, pre = 0.2 + 0.6 * t, 0.8 - 0.6 * t
    start_pre = DH()(pair(post, 0.8, 0.01)).weights[0][0, 0]
    moving = DH()(pair(post, pre, 0.01)).weights[0][0, 0]
    assert moving < 0.7 * start_pre


def test_T9_feedback_that_is_not_aligned_spoils_the_hidden_layers():
    net, rng = Network([20, 30, 30, 5], dtype="float64", seed=1), np.random.default_rng(1)
    x, target = rng.normal(size=(50, 20)), np.eye(5)[rng.integers(5, size=50)]
    gradient = backprop_updates(net, x, target)
    aligned, random = (
        angles(DH()(DeepFeedbackControl(kind, steps=100).teach(net, x, target)), gradient)
        for kind in ("jacobian", "random")
    )
    assert max(aligned[:-1]) < 45 < 60 < max(random[:-1])


# ---------------------------------------------------------------------- losses and analysis


def test_losses_are_what_they_say(small):
    net, x, target = small
    dfc = DeepFeedbackControl(steps=30, block=7)
    free, end, amount, mean, track, energy = fold(
        dfc.teach(net, x, target), OutputError(), OutputError("end"), FeedbackAmount(),
        FeedbackAmount("phase"), Record(), Energy(net),
    )  # fmt: skip
    assert np.allclose(free, np.linalg.norm(target - net.predict(x), axis=1))
    assert np.allclose(end, np.linalg.norm(track.error[-1], axis=1)) and (end < free).all()
    a2 = sum(np.sum(a**2, axis=2) / 2 for a in track.apical)
    assert np.allclose(amount, a2[-1]) and np.allclose(mean, a2[1:].mean(axis=0))
    assert energy.shape == (31, 9) and np.allclose(energy[0], 0)
    ep = EquilibriumPropagation(free_steps=50, nudged_steps=12, step=0.2)
    falling = Energy(net, "hopfield")(
        EquilibriumPropagation(1e-9, free_steps=1, nudged_steps=60, step=0.2, start="rest").teach(
            net, x, target
        )
    )
    assert (np.diff(falling, axis=0) < 1e-9).all()  # E goes down without a nudge
    assert Energy(net, "hopfield")(ep.teach(net, x, target)).shape == (13, 9)


@given(problems(batch=(1, 3)))
def test_loops_are_sums_over_layers_of_J_Q(problem):
    net, x, _ = problem
    J = jacobians(net, x)
    assert np.allclose(loops(net, x), sum(j @ j.swapaxes(1, 2) for j in J))
    rng = np.random.default_rng(0)
    Q = [rng.normal(size=(n, net.sizes[-1])) for n in net.sizes[1:]]
    M = loops(net, x, Q)
    assert np.allclose(M, sum(j @ q for j, q in zip(J, Q, strict=True)))
    spectrum = loop_spectrum(net, x, Q)
    assert np.allclose(spectrum.sum(axis=1), np.trace(M, axis1=1, axis2=2), atol=1e-8)
    assert (np.diff(spectrum.real, axis=1) <= 1e-12).all()
    with pytest.raises(ArgumentError, match="Q"):
        loops(net, x, Q[:-1])
    with pytest.raises(ArgumentError, match=r"Q\[0\]"):
        loops(net, x, [q.T for q in Q] if Q[0].shape[0] != Q[0].shape[1] else [Q[0][:0], *Q[1:]])


@given(problems(depth=(2, 3)))
def test_control_of_a_step_of_u_moves_the_output_by_J_Q(problem):
    net, x, _ = problem
    assume(net.hidden != "relu")
    h = 1e-6
    J, M = jacobians(net, x), loops(net, x)
    u = np.random.default_rng(0).normal(size=(len(x), net.sizes[-1]))
    _, r = net.feedforward(x)
    now = x
    for W, beta, phi, J_l in zip(net.weights, net.biases, net.activations, J, strict=True):
        now = phi.rate(now @ W.T + beta + h * np.einsum("bij,bi->bj", J_l, u))
    assert np.allclose((now - r[-1]) / h, np.einsum("bij,bj->bi", M, u), rtol=1e-3, atol=1e-3)


def test_total_angle_and_layer_angles():
    a = Updates([np.eye(2), np.zeros((1, 2))], [np.zeros(2), np.zeros(1)])
    b = Updates([np.eye(2), np.array([[0, np.sqrt(2)]])], [np.zeros(2), np.zeros(1)])
    assert total_angle(a, b) == pytest.approx(45)
    assert angles(a, b)[0] == pytest.approx(0, abs=1e-5) and np.isnan(angles(a, b)[1])
    assert isinstance(Gradient()(Backprop().teach(Network([2, 2]), [[0, 1]], [[0, 1]])), Updates)
