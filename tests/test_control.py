"""Theorem T4 in numbers: the least control is a minimum, its gradient the error-based update."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import problems
from hypothesis import given
from hypothesis import strategies as st

from hebblite import Network
from hebblite.analysis import backprop_updates
from hebblite.data import one_hot
from hebblite.errors import ArgumentError, DivergenceError
from hebblite.frameworks import PredictiveCoding
from hebblite.frameworks.pc import clamped_voltage
from hebblite.losses import control, least_control
from hebblite.optim import SGD


def reachable(net, target):
    """Targets 0 or 1, moved to where any output can be."""
    soft = 0.1 + 0.6 * target
    return soft / soft.sum(axis=1, keepdims=True) if net.output == "softmax" else soft


def amount(net, x, clamp, voltages):
    """1/2 sum_l |a_l|^2 for one input x (n_0,) and hidden voltages, all layers in one vector;
    written anew from the equation. A softmax is free to choose the mean of its voltages."""
    r, total = x, 0.0
    layers = [*np.split(voltages, np.cumsum(net.sizes[1:-1]))[: net.depth - 1], clamp]
    for l, (v, W, beta) in enumerate(zip(layers, net.weights, net.biases, strict=True)):
        a = v - W @ r - beta
        if l == net.depth - 1 and net.output == "softmax":
            a = a - a.mean()
        total, r = total + a @ a / 2, net.activations[l].rate(v)
    return total


def compass(H, v, step, least=1e-6):
    """The lowest H found from v by trying each coordinate up and down, with ever smaller steps:
    no slopes, so kinks are no matter."""
    v, now = v.copy(), H(v)
    while step > least:
        before = now
        for i in range(len(v)):
            for way in (step, -step):
                v[i] += way
                if (there := H(v)) < now:
                    now = there
                    break
                v[i] -= way
        if now == before:
            step /= 2
    return now


def place(net, x, least, row):
    """The hidden voltages of one input where its least control was found."""
    r, voltages = x[row], []
    for W, beta, phi, a in zip(net.weights, net.biases, net.activations, least.apical, strict=True):
        voltages.append(W @ r + beta + a[row])
        r = phi.rate(voltages[-1])
    return np.concatenate([*voltages[:-1], []]), r


@given(problems(depth=(1, 4), batch=(1, 3)), st.integers(0, 99))
def test_nothing_near_the_least_control_is_less(problem, seed):
    """Neither from there, by a search without slopes, nor on the way from the feedforward pass."""
    net, x, target = problem
    target, rng = reachable(net, target), np.random.default_rng(seed)
    least = least_control(net, x, target)
    assert least.rests.all() and least.H.dtype == np.float64
    for row in range(len(x)):
        there, output = place(net, x, least, row)
        clamp = clamped_voltage(net, target)[row]
        assert np.allclose(net.readout(output), target[row])

        def H(v, row=row, clamp=clamp):
            return amount(net, x[row], clamp, v)

        scale = 1 + np.abs(there).max(initial=0)
        assert least.H[row] == pytest.approx(H(there), rel=1e-9, abs=1e-12 * scale)
        assert compass(H, there, 1e-3 * scale, 1e-5) > least.H[row] - 1e-8 * scale**2
        for _ in range(20):
            nearby = there + 1e-4 * scale * rng.normal(size=there.shape)
            assert H(nearby) > least.H[row] - 1e-12 * scale**2
        v, _ = net.feedforward(x)
        assert least.H[row] <= H(np.concatenate([*(v_l[row] for v_l in v[:-1]), []])) + 1e-12


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_minimum_that_a_search_without_slopes_finds(hidden, seed):
    """In short steps, as inference: longer ones find other minima of a relu, now and then lower."""
    net = Network([3, 4, 2], hidden, "linear", dtype="float64", seed=seed)
    rng = np.random.default_rng(seed)
    x, target = rng.normal(size=(3, 3)), rng.normal(size=(3, 2))
    least, (v, _) = least_control(net, x, target), net.feedforward(x)
    for row in range(3):
        found = compass(lambda at, row=row: amount(net, x[row], target[row], at), v[0][row], 1e-3)
        assert found == pytest.approx(least.H[row], rel=1e-5)


@pytest.mark.parametrize(
    ("bias", "weight", "target", "H", "kink"),
    [
        (1.0, 1.0, -2.0, 0.5 + 2.0, True),  # to 0 and no further: below, nothing more is won
        (1.0, 1.0, -0.5, (1.5**2) / 4, False),  # one neuron shares the way of 1.5 with the output
        (-1.0, 1.0, 5.0, (5.0 + 1.0) ** 2 / 4, None),  # off, although it would be worth while
        (-1.0, -1.0, 5.0, 12.5, False),  # off, and rightly so
        (0.0, 1.0, 2.0, 1.0, False),  # starts on its kink, and leaves it to the right
        (0.0, -1.0, 2.0, 2.0, True),  # starts on its kink, and stays
    ],
)
def test_one_relu_by_hand(bias, weight, target, H, kink):
    """min 1/2 (v - bias)^2 + 1/2 (target - weight relu(v))^2."""
    net = Network([1, 1, 1], "relu", "linear", dtype="float64")
    net.weights[0][:], net.weights[1][:], net.biases[0][:] = 0, weight, bias
    least = least_control(net, [[0.0]], [[target]])
    if kink is None:  # a local minimum: no slope leads from the feedforward pass to the other side
        assert least.rests.all() and least.H[0] == pytest.approx(target**2 / 2)
        return
    assert least.rests.all() and least.H[0] == pytest.approx(H)
    assert bool(bias + least.apical[0][0, 0] == 0) is kink


def test_relus_rest_where_plain_descent_jumps_to_and_fro_on_their_kinks():
    """Most inputs have a neuron on its kink: inference does not come to rest there, and stays above
    the minimum."""
    net = Network([8, 10, 9, 4], "relu", "linear", dtype="float64", init="he_normal", seed=1)
    rng = np.random.default_rng(0)
    x, target = rng.normal(size=(20, 8)), rng.normal(size=(20, 4))
    least = least_control(net, x, target)
    on_kinks = [(np.abs(place(net, x, least, row)[0]) < 1e-12).any() for row in range(20)]
    assert least.rests.all() and sum(on_kinks) > 10
    for block in PredictiveCoding(steps=3000, step=0.2, steady=1e-9).teach(net, x, target):
        last = block
    assert not last.steady
    energy = sum(
        ((v[-1] - b[-1]) ** 2).sum(axis=1) / 2
        for v, b in zip(last.voltages, last.basal, strict=True)
    )
    assert (energy * (1 + 1e-9) >= least.H).all()
    assert np.allclose(least.H, energy, rtol=0.05)  # it is the same minimum


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_a_default_network_of_float32_that_has_learned_rests(hidden):
    net, rng = Network([12, 20, 16, 5], hidden, seed=2), np.random.default_rng(1)
    x, y = rng.random((40, 12)), rng.integers(5, size=40)
    target = one_hot(y, 5, confidence=0.9)
    for _ in range(200):
        SGD(0.3).step(net, backprop_updates(net, x, target))
    least, exact = least_control(net, x, target), least_control(net.astype("float64"), x, target)
    assert least.rests.all() and np.array_equal(least.H, exact.H)
    arrays = [least.H, *least.apical, *least.updates.weights, *least.updates.biases]
    assert {a.dtype for a in arrays} == {np.dtype("float64")} and net.dtype == np.float32


@given(problems(depth=(1, 3), batch=(1, 3)), st.integers(0, 999))
def test_T4_updates_are_minus_the_gradient_of_the_least_control(problem, seed):
    net, x, target = problem
    target, rng, step = reachable(net, target), np.random.default_rng(seed), 1e-5
    least = least_control(net, x, target, tolerance=1e-11)
    for params, slopes in (
        (net.weights, least.updates.weights),
        (net.biases, least.updates.biases),
    ):
        for p, slope in zip(params, slopes, strict=True):
            way = rng.normal(size=p.shape)
            ends = []
            for sign in (1, -1):
                p += sign * step * way
                ends.append(least_control(net, x, target, tolerance=1e-11).H.mean())
                p -= sign * step * way
            measured = -(ends[0] - ends[1]) / (2 * step)
            size = np.linalg.norm(slope) * np.linalg.norm(way) + 1e-3
            assert np.vdot(slope, way) == pytest.approx(measured, abs=1e-3 * size)


def test_inputs_that_do_not_rest_are_told():
    net, rng = Network([6, 9, 8, 3], "tanh", "linear", seed=1), np.random.default_rng(0)
    x, target = rng.normal(size=(5, 6)), rng.normal(size=(5, 3))
    target[2] = net.predict(x)[2]  # the feedforward pass is right already
    x, exact = x.astype("float32"), least_control(net, x, target)
    for steps in (1, 3):
        cut = least_control(net, x, target, steps=steps)
        assert not cut.rests[[0, 1, 3, 4]].any() and np.isfinite(cut.H).all()
        assert (cut.H > exact.H - 1e-6).all()  # an upper bound, and the output is on its target
        assert np.allclose(place(net.astype("float64"), x, cut, 0)[1], target[0])
    assert exact.rests.all()


def test_parts_of_a_batch_do_not_matter(monkeypatch):
    net, rng = Network([6, 9, 8, 3], "relu", "linear", seed=1), np.random.default_rng(0)
    x, target = rng.normal(size=(11, 6)), rng.normal(size=(11, 3))
    whole = least_control(net, x, target)
    monkeypatch.setattr(control, "ROOM", 17**2 * 2)  # two inputs at a time
    parts = least_control(net, x, target)
    assert np.allclose(whole.H, parts.H, rtol=1e-12) and len(parts.rests) == 11
    assert all(map(np.allclose, whole.updates.weights, parts.updates.weights))


def test_what_has_no_least_control_is_said():
    net = Network([2, 3, 2], output="same", dtype="float64")
    with pytest.raises(ArgumentError, match="target: got values from 0 to 1"):
        least_control(net, [[0, 1]], [[0, 1]])
    huge = Network([2, 3, 2], "linear", "linear", dtype="float64")
    with pytest.raises(DivergenceError, match="too large"):
        least_control(huge, [[1e200, 1e200]], [[0, 1]])
