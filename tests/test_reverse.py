"""Predictive Coding in reverse, how far a state is from rest, and layers that do not learn."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite import SGD, Adam, Network, Record, fit, fold, update
from hebblite.errors import ArgumentError
from hebblite.frameworks import (
    Backprop,
    DeepFeedbackControl,
    DendriticMicrocircuit,
    EquilibriumPropagation,
    PredictiveCoding,
    with_free_input,
)
from hebblite.losses import Energy, Unrest
from hebblite.rules import STDP, DifferentialHebbian, ErrorBased, Frozen, Gradient, Hebbian

PULL = 0.3  # pi_0


def make(seed=0, hidden="tanh", output="linear", batch=3):
    """A network 5-4-6-3 in float64 with biases, inputs, and targets that any output can reach."""
    rng = np.random.default_rng([80, seed])
    net = Network([5, 4, 6, 3], hidden, output, dtype="float64", seed=seed)
    net.biases = [rng.normal(0, 0.3, n) for n in net.sizes[1:]]
    target = rng.uniform(0.1, 0.9, (batch, 3))
    if output == "softmax":
        target /= target.sum(axis=1, keepdims=True)
    return net, rng.normal(size=(batch, 5)), target


# ---------------------------------------------------------------------- in reverse


@pytest.mark.parametrize("output", ["linear", "same", "softmax"])
def test_a_network_with_a_free_input_predicts_the_same_and_owns_its_weights(output):
    net, x, _ = make(output=output)
    free = with_free_input(net)
    assert np.array_equal(free.predict(x), net.predict(x))
    assert np.array_equal(free.feedforward(x)[1][1], x)  # layer 1 is the input
    free.weights[1][...] = 0
    assert net.weights[0].any()
    again = free.copy().astype("float32")
    assert [phi.name for phi in again.activations] == [phi.name for phi in free.activations]


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu"])
def test_the_input_goes_down_the_energy_with_its_pull(hidden):
    """A step against central differences of F, written down anew."""
    net, x, target = make(1, hidden)
    pc = PredictiveCoding(steps=6, step=0.1, halve=False, precision=[PULL, 1, 1, 1])
    track = Record()(pc.teach(with_free_input(net), x, target))
    v = [series[3, 0] for series in track.voltages]

    def F(v_0):
        rates = [v_0, *(net.activations[0].rate(v_l) for v_l in v[1:-1])]
        total = PULL / 2 * ((v_0 - x[0]) ** 2).sum()
        for v_l, W, beta, r in zip(v[1:], net.weights, net.biases, rates, strict=True):
            total += ((v_l - W @ r - beta) ** 2).sum() / 2
        return total

    step = track.voltages[0][4, 0] - v[0]
    for i in range(5):
        h = 1e-6 * np.eye(5)[i]
        assert step[i] == pytest.approx(-0.1 * (F(v[0] + h) - F(v[0] - h)) / 2e-6, rel=1e-6)


def test_what_comes_out_predicts_the_target_and_a_stronger_pull_keeps_it_nearer():
    net, x, _ = make(2)
    target = net.predict(x + np.random.default_rng(2).normal(size=x.shape))  # some input gives it
    off, moved = [], []
    for pull in (1e-3, 0.1, 2.0):
        pc = PredictiveCoding(steps=4_000, step=0.5, precision=[pull, 1, 1, 1], steady=1e-5)
        *_, last = pc.teach(with_free_input(net), x, target)
        made = last.rates[1][-1]
        off.append(np.abs(net.predict(made) - target).max())
        moved.append(np.linalg.norm(made - x))
    assert off[0] < 0.05 and off[0] < off[1] / 3 < off[2] / 3
    assert moved[0] > moved[1] > moved[2]


def test_only_a_network_can_have_a_free_input():
    with pytest.raises(ArgumentError, match="net"):
        with_free_input([5, 4])


# ---------------------------------------------------------------------- how far from rest

ALL = [
    PredictiveCoding(1500, 0.2),
    PredictiveCoding(1500, 0.2, nudge=1.0, precision=[1, 2, 0.5]),
    EquilibriumPropagation(nudged_steps=300, free_steps=300),
    DendriticMicrocircuit(steps=3000),
    DeepFeedbackControl.strong(steps=6_000),
]


@pytest.mark.parametrize("framework", ALL, ids=lambda f: type(f).__name__)
def test_what_rests_has_no_unrest_and_nothing_else_has_none(framework):
    net, x, target = make(3, "sigmoid", "softmax", batch=2)
    states = framework.teach(net, x, target)
    unrest = Unrest()(states)
    assert unrest.shape[1] == 2 and (unrest[1:4] > 1e-2).all()
    assert (unrest[-1] < 1e-4).all()


def test_unrest_is_how_fast_the_quickest_neuron_moves():
    net, x, target = make(4)
    pc = PredictiveCoding(steps=30, step=0.1, halve=False, block=7)
    unrest, energy, track = fold(pc.teach(net, x, target), Unrest(), Energy(net), Record())
    assert unrest.shape == energy.shape == (31, 3)
    assert not unrest[0].any()
    moves = [np.abs(np.diff(v, axis=0)).max(axis=2) / 0.1 for v in track.voltages[:-1]]
    np.testing.assert_allclose(unrest[1:-1], np.max(moves, axis=0)[1:], rtol=1e-9)


# ---------------------------------------------------------------------- layers that do not learn

RULES = [
    (DifferentialHebbian, PredictiveCoding(steps=8)),
    (ErrorBased, PredictiveCoding(steps=8)),
    (lambda: STDP(seed=3), PredictiveCoding(steps=8)),
    (Hebbian, PredictiveCoding(steps=8)),
    (Gradient, Backprop()),
]


@pytest.mark.parametrize(("rule", "framework"), RULES)
@pytest.mark.parametrize("batch", [3, 200])
def test_frozen_layers_keep_their_weights_and_the_others_learn_as_before(rule, framework, batch):
    net, x, target = make(5, output="softmax", batch=batch)
    x = np.clip(np.abs(x), 0, 1)
    free, *_ = update(net, framework, rule(), x, target)
    held, *_ = update(net, framework, Frozen(rule(), (1, -1)), x, target)
    for l in range(3):
        for a, b in ((free.weights[l], held.weights[l]), (free.biases[l], held.biases[l])):
            assert a.any()
            assert np.array_equal(a, b) if l == 0 else not b.any()


@pytest.mark.parametrize("optimizer", [Adam, SGD])
def test_training_leaves_frozen_layers_bit_for_bit(optimizer):
    net, x, target = make(6, output="softmax", batch=20)
    before = net.copy()
    fit(net, PredictiveCoding(steps=5), Frozen(DifferentialHebbian()), x, target, epochs=2,
        optimizer=optimizer(0.01), progress=False)  # fmt: skip
    assert np.array_equal(net.weights[-1], before.weights[-1])
    assert np.array_equal(net.biases[-1], before.biases[-1])
    assert not np.array_equal(net.weights[0], before.weights[0])


def test_frozen_says_what_is_wrong():
    net, x, target = make()
    with pytest.raises(ArgumentError, match="rule"):
        Frozen("dh")
    with pytest.raises(ArgumentError, match="layers"):
        Frozen(DifferentialHebbian(), (3,))(PredictiveCoding().teach(net, x, target))
