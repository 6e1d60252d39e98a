"""Latency and T5, what DH cannot do (T9), and the losses as folds."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import pair, problems
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
from hebblite.errors import ArgumentError
from hebblite.frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    PredictiveCoding,
)
from hebblite.losses import (
    Energy,
    ErrorOverTime,
    FeedbackAmount,
    InferenceLatency,
    OutputError,
    latency_bounds,
    linear_latency,
)
from hebblite.rules import STDP, DifferentialHebbian, Gradient, Hebbian, Updates

DH = DifferentialHebbian
ALL = [DeepFeedbackControl, PredictiveCoding, EquilibriumPropagation, DendriticMicrocircuit]


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


def test_T5_latency_and_error_have_one_gradient_only_if_the_gain_does_not_depend_on_the_weights():
    """With Q = J^T a network may also raise its gain; the closer to delta, the less that counts."""
    net, step = Network([4, 6, 1], output="linear", dtype="float64", seed=2), 1e-6
    x = np.random.default_rng(0).normal(size=(1, 4))
    target = net.predict(x) + 1.0

    def latency(delta, inverting):
        e = target - net.predict(x)
        return linear_latency(e, np.eye(1) if inverting else loops(net, x), 1.0, delta)[0]

    def along(delta, inverting):
        """cos(-dT/dW_1, backprop)."""
        slope, W = np.zeros_like(net.weights[0]), net.weights[0]
        for i in np.ndindex(W.shape):
            old, ends = W[i], []
            for W[i] in (old + step, old - step):
                ends.append(latency(delta, inverting))
            W[i], slope[i] = old, -(ends[0] - ends[1]) / (2 * step)
        return cosine(slope, backprop_updates(net, x, target).weights[0])

    assert min(along(delta, True) for delta in (0.01, 0.5, 0.99)) > 1 - 1e-6
    far, near, there = (along(delta, False) for delta in (0.01, 0.5, 0.99))
    assert far < near < there and far < 0.9 and there > 0.999


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
    assert InferenceLatency(0.55, cap=1.5)([block]).tolist() == pytest.approx([0.45, 0.0, 1.5])
    # A cap that is shorter than the stream holds for whoever gets there later, too.
    assert InferenceLatency(0.55, cap=0.3)([block]).tolist() == pytest.approx([0.3, 0.0, 0.3])
    for bad in (0, -1.0, np.nan, np.inf, "1"):
        with pytest.raises(ArgumentError, match="cap: got"):
            InferenceLatency(0.55, cap=bad)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("block", [1, 7, 64])
def test_the_error_over_time_has_every_step_once(kind, block, small):
    net, x, target = small
    framework = kind(block=block, **({"nudge": 1.0} if kind is PredictiveCoding else {}))
    states = framework.teach(net, x, target)
    (size, time), free, end, track = fold(
        states, ErrorOverTime(), OutputError(), OutputError("end"), Record()
    )
    assert size.shape == track.error.shape[:2] and np.array_equal(time, track.time)
    assert np.array_equal(size, np.linalg.norm(track.error, axis=2))
    assert np.array_equal(size[0], free) and np.array_equal(size[-1], end)


def test_the_error_over_time_of_steps_that_differ(small):
    net, x, target = small
    adaptive = DeepFeedbackControl(adaptive=0.01, block=3)
    (size, time), track = fold(adaptive.teach(net, x, target), ErrorOverTime(), Record())
    assert len(time) == adaptive.steps_taken + 1 == len(size) and np.array_equal(time, track.time)
    (one, zero) = ErrorOverTime()(Backprop().teach(net, x, target))  # a stream of one state
    assert one.shape == (1, 9) and zero.tolist() == [0]


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
