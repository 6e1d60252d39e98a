"""Feedback weights: what each kind of Q_l is, whichever way a_l = Q_l u is computed."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import fold_stable, problems
from hypothesis import given
from hypothesis import strategies as st

from hebblite import Network, Record
from hebblite.analysis import jacobians, loops
from hebblite.errors import ArgumentError
from hebblite.frameworks import DeepFeedbackControl
from hebblite.frameworks import feedback as module
from hebblite.rules import DifferentialHebbian


def weights(phase, l):
    """Q_l of each input, (B, n_l, n_L), as a stream of steps shows it: from a_l and e alone."""
    a, u = phase.apical[l], control_signal(phase)
    found = [np.linalg.lstsq(u[:, b], a[:, b], rcond=None)[0].T for b in range(a.shape[1])]
    return np.array(found)


def control_signal(phase, k_p=0.3, k_i=4.0, dt=1e-3):
    """u at every step, from its equations (tau_u = 1 s, no leak)."""
    u_int = np.concatenate([np.zeros_like(phase.error[:1]), np.cumsum(phase.error, axis=0)])
    return np.concatenate([[0 * phase.error[0]], k_p * phase.error + dt * k_i * u_int[1:]])[:-1]


@given(problems(outputs=("linear", "softmax"), batch=(1, 3)))
def test_gauss_newton_feedback_inverts_the_loop_of_every_input(problem):
    """T5: J Q = 1 whatever the weights are."""
    net, x, _ = problem
    dfc = DeepFeedbackControl("gauss-newton")
    J = jacobians(net, x)
    send = dfc._feedback_path(net, net.feedforward(x)[1], 20)
    for i, unit in enumerate(np.eye(net.sizes[-1])):
        a = [np.empty((len(x), n)) for n in net.sizes[1:]]
        send(np.repeat(unit[None], len(x), axis=0), a, [])
        arrives = sum(np.einsum("bij,bj->bi", J_l, a_l) for J_l, a_l in zip(J, a, strict=True))
        np.testing.assert_allclose(arrives[:, i], 1, atol=1e-7)
        np.testing.assert_allclose(np.delete(arrives, i, axis=1), 0, atol=1e-7)


def test_gauss_newton_feedback_is_the_one_that_the_stream_shows(small):
    net, x, _ = small
    net = Network(net.sizes, output="linear", dtype="float64", seed=2)
    target = np.random.default_rng(0).normal(size=(len(x), 4))
    dfc = DeepFeedbackControl("gauss-newton", k_p=0.3, k_i=4.0, leak=0, steps=60)
    phase = Record()(dfc.teach(net, x, target))
    J, M = jacobians(net, x), loops(net, x)
    for l, J_l in enumerate(J):
        expected = np.einsum("bij,bik->bjk", J_l, np.linalg.inv(M))
        np.testing.assert_allclose(weights(phase, l), expected, rtol=1e-6, atol=1e-8)


def test_gauss_newton_feedback_makes_all_outputs_equally_fast(small):
    """T5: de/dt = -k e, so that the latency is ln(|e0| / delta) / k, exactly, for every input."""
    net, x, _ = small
    net = Network(net.sizes, output="linear", dtype="float64", seed=2)
    free = net.predict(x)
    target = free + 1e-4 * np.random.default_rng(0).normal(size=free.shape)  # linear there
    k, dt, steps = 20.0, 1e-4, 2000
    dfc = DeepFeedbackControl("gauss-newton", k_p=0, k_i=k, leak=0, dt=dt, tau_v=dt, steps=steps)
    e = Record()(dfc.teach(net, x, target)).error
    size = np.linalg.norm(e, axis=2)
    expected = size[0] * np.exp(-k * dt * np.arange(steps + 1))[:, None]
    assert np.abs(size[100:] / expected[100:] - 1).max() < 0.01
    transposed = DeepFeedbackControl(k_p=0, k_i=k, leak=0, dt=dt, tau_v=dt, steps=steps)
    other = np.linalg.norm(Record()(transposed.teach(net, x, target)).error, axis=2)
    assert np.ptp(other[400] / other[0]) > 0.1  # here each input has its own pace


def test_gauss_newton_feedback_needs_outputs_that_can_be_moved():
    net = Network([3, 4, 2], hidden="relu", output="same", dtype="float64")
    for beta in net.biases:
        beta[...] = -10  # nothing fires, so nothing can be moved
    with pytest.raises(ArgumentError, match="feedback"):
        next(DeepFeedbackControl("gauss-newton").teach(net, np.ones((1, 3)), np.ones((1, 2))))


@given(problems(batch=(1, 4)), st.integers(2, 12), st.booleans())
def test_a_jacobian_that_is_formed_gives_what_the_chain_gives(problem, steps, voltages):
    net, x, target = problem

    def taught(formed):
        before = module.pays
        module.pays = lambda net, steps: formed and net.depth > 1
        try:
            dfc = DeepFeedbackControl(k_p=0.2, dt=0.004, steps=steps)
            return fold_stable(dfc.teach(net, x, target, True), Record(), DifferentialHebbian())
        finally:
            module.pays = before

    (one, updates), (other, others) = taught(True), taught(False)
    for name in ("rates", "voltages", "apical"):
        for a, b in zip(getattr(one, name), getattr(other, name), strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-10 * (1 + np.abs(b).max()))
    for a, b in zip(updates.weights, others.weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-9 * (1 + np.abs(b).max()))


def test_forming_the_jacobian_pays_in_long_phases_of_wide_networks_alone():
    assert module.pays(Network([784, 256, 256, 256, 10]), 500)
    assert not module.pays(Network([784, 256, 256, 256, 10]), 5)
    assert not module.pays(Network([784, 256, 10]), 500)  # one hidden layer has no thick product
    assert not module.pays(Network([5, 4]), 500)
    assert not module.pays(Network([20, 30, 30, 25]), 500)  # as many outputs as neurons
