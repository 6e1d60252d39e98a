"""Theorems T1 and T3 of the engine's theory, and gradients against finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import fold_stable, problems
from hypothesis import assume, given
from hypothesis import strategies as st

from hebblite import Network, Record, fold
from hebblite.analysis import (
    angle,
    angles_to_backprop,
    backprop_updates,
    cosine,
    jacobians,
    kantorovich,
    preconditioners,
)
from hebblite.frameworks import Backprop, DeepFeedbackControl
from hebblite.frameworks.feedback import FEEDBACK
from hebblite.rules import Contrastive, DifferentialHebbian, ErrorBased, Gradient, Hebbian


def gentle(**changes) -> DeepFeedbackControl:
    """Small feedback, run to rest: the limit of T3."""
    return DeepFeedbackControl(**{"k_p": 1e-5, "k_i": 0, "dt": 0.005, "steps": 150} | changes)


def difference(a, b) -> float:
    """The largest difference between two updates, relative to the size of the activity (1)."""
    pairs = zip(a.weights + a.biases, b.weights + b.biases, strict=True)
    return max(float(np.abs(p - q).max()) for p, q in pairs)


@given(
    problems(),
    st.sampled_from(FEEDBACK[:3]),
    st.floats(1e-4, 0.0105),
    st.integers(1, 40),
    st.floats(0, 1.5),
    st.integers(1, 9),
)
def test_T1_symmetric_DH_is_the_contrast_of_the_end_states(
    problem, feedback, dt, steps, k_p, block
):
    net, x, target = problem
    dfc = DeepFeedbackControl(feedback, k_p=k_p, dt=dt, steps=steps, block=block, noise=0.1)
    symmetric, contrast, one_sided, track = fold_stable(
        dfc.teach(net, x, target),
        DifferentialHebbian(symmetric=True),
        Contrastive(),
        DifferentialHebbian(),
        Record(),
    )
    scale = max(1.0, max(float(np.abs(r).max()) for r in track.rates)) ** 2
    assert difference(symmetric, contrast) < 1e-12 * scale
    # The pre of layer 1 is constant: there one-sided DH telescopes, (r+ - r-) x^T.
    moved = track.rates[1][-1] - track.rates[1][0]
    assert np.abs(one_sided.weights[0] - moved.T @ x / len(x)).max() < 1e-12 * scale


def test_T1_fails_for_one_sided_DH_where_pre_moves(small):
    net, x, target = small
    one_sided, contrast = fold(
        DeepFeedbackControl(steps=100).teach(net, x, target), DifferentialHebbian(), Contrastive()
    )
    assert np.allclose(one_sided.weights[0], contrast.weights[0], atol=1e-13)
    assert np.abs(one_sided.weights[1] - contrast.weights[1]).max() > 1e-4


@given(problems(depth=(1, 3)))
def test_backprop_is_minus_the_finite_difference_gradient(problem):
    net, x, target = problem
    assume(net.hidden != "relu")  # its kink spoils finite differences, not the gradient
    updates = backprop_updates(net, x, target)
    for params, gradients in ((net.weights, updates.weights), (net.biases, updates.biases)):
        for p, g in zip(params, gradients, strict=True):
            i = tuple(n // 2 for n in p.shape)
            old, h = p[i], 1e-5
            p[i] = old + h
            above = net.loss(x, target)
            p[i] = old - h
            below = net.loss(x, target)
            p[i] = old
            assert g[i] == pytest.approx(-(above - below) / (2 * h), rel=1e-5, abs=1e-8)


@given(problems(depth=(2, 3), batch=(1, 3)))
def test_jacobians_are_finite_differences(problem):
    net, x, _ = problem
    assume(net.hidden != "relu")
    h, J = 1e-6, jacobians(net, x)
    for layer in range(net.depth):
        shifted = net.copy()
        shifted.biases[layer][0] += h  # a change of bias is a change of voltage
        rise = (shifted.feedforward(x)[1][-1] - net.feedforward(x)[1][-1]) / h
        assert np.allclose(rise, J[layer][:, :, 0], atol=1e-4)


@given(problems(depth=(1, 4)))
def test_T3_error_based_updates_tend_to_the_gradient_as_feedback_vanishes(problem):
    net, x, target = problem
    gradient, sizes = fold(Backprop().teach(net, x, target), Gradient(), Record())
    # The inputs' shares of the gradient, which may cancel in their mean.
    shares = np.array([
        np.linalg.norm(a[0], axis=1) @ np.linalg.norm(r[0], axis=1) / len(x)
        for a, r in zip(sizes.apical, sizes.rates, strict=False)
    ])  # fmt: skip

    def distances(k):
        updates = ErrorBased(on="voltage")(gentle(k_p=k).teach(net, x, target))
        parts = zip(updates.weights, gradient.weights, strict=True)
        return np.array([np.linalg.norm(W / k - G) for W, G in parts])

    weak, weaker = distances(1e-5), distances(1e-6)
    assert (weaker <= 0.2 * weak + 1e-6 * (shares + 1e-3)).all()  # of first order, for any Jacobian
    # What is of first order is the way of the output, in all layers: errors that happen to cancel
    # in one layer (a small share) no longer do when the output has moved.
    J = max(np.linalg.norm(J_l, 2, axis=(1, 2)).max() for J_l in jacobians(net, x))
    assert weaker.max() < 1e-4 * max(1, J) ** 2 * (shares.max() + 1e-3)


def test_T3_the_distance_to_the_gradient_is_of_first_order_in_the_gain(small):
    net, x, target = small
    g = backprop_updates(net, x, target).weights[1]
    gains = np.array([1e-2, 1e-3, 1e-4])
    distances = []
    for k in gains:
        W = ErrorBased(on="voltage")(gentle(k_p=k, steps=400).teach(net, x, target)).weights[1]
        distances.append(np.linalg.norm(W / k - g) / np.linalg.norm(g))
    slope = np.polyfit(np.log(gains), np.log(distances), 1)[0]
    assert slope == pytest.approx(1, abs=0.1)


@given(problems(depth=(1, 4), batch=(1, 1)))
def test_T3_voltage_DH_is_the_gradient_times_P_and_keeps_kantorovichs_bound(problem):
    # The statement is about one input: with several, each has a P of its own.
    net, x, target = problem
    DH, track = fold(gentle().teach(net, x, target), DifferentialHebbian(on="voltage"), Record())
    gradient, P = backprop_updates(net, x, target), preconditioners(net, x)
    for layer in range(net.depth):
        a = track.apical[layer][-1, 0]
        if np.linalg.norm(a) < 1e-9 or not gradient.weights[layer].any():  # dead relu
            continue
        moved = track.voltages[layer][-1, 0] - track.voltages[layer][0, 0]
        assert np.allclose(moved, P[layer][0] @ a, rtol=0, atol=1e-3 * np.linalg.norm(moved))
        spectrum = np.linalg.eigvalsh(P[layer][0])
        assert spectrum[0] > 1 - 1e-9
        bound = kantorovich(spectrum[-1])
        # pre moves too, in second order only
        assert cosine(DH.weights[layer], gradient.weights[layer]) > bound - 1e-3


def test_T3_breaks_with_random_feedback():
    net, rng = Network([20, 30, 30, 5], dtype="float64", seed=1), np.random.default_rng(1)
    x, target = rng.normal(size=(50, 20)), np.eye(5)[rng.integers(5, size=50)]
    states = gentle(feedback="random").teach(net, x, target)
    hidden = angles_to_backprop(net, x, target, DifferentialHebbian(on="voltage")(states))[:-1]
    assert max(hidden) > 60


def test_learned_feedback_finds_the_average_transposed_jacobian():
    net, rng = Network([20, 15, 12, 5], dtype="float64", seed=1), np.random.default_rng(1)
    x, target = rng.normal(size=(256, 20)), np.eye(5)[rng.integers(5, size=256)]
    dfc = gentle(feedback="learned")
    dfc.learn_feedback(net, x, rounds=500, rate=0.01)
    for Q, J in zip(dfc.Q, jacobians(net, x), strict=True):
        assert cosine(Q, J.mean(axis=0).T) > 0.9
    aligned = angles_to_backprop(net, x, target, ErrorBased()(dfc.teach(net, x, target)))
    assert max(aligned) < 45


def test_plain_hebb_ignores_the_teacher(small):
    net, x, target = small
    one = Hebbian()(gentle().teach(net, x, target))
    other = Hebbian()(gentle().teach(net, x, np.roll(target, 1, axis=1)))
    assert difference(one, other) < 1e-4
    changed = DifferentialHebbian()(gentle().teach(net, x, np.roll(target, 1, axis=1)))
    assert (
        angle(
            changed.weights[-1], DifferentialHebbian()(gentle().teach(net, x, target)).weights[-1]
        )
        > 30
    )
