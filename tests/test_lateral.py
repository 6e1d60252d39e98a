"""The lateral weights of the dendritic microcircuit while they learn: what can be watched, and that
they keep up with forward weights that learn at the same time."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite import Adam, Network, fit
from hebblite.errors import ArgumentError
from hebblite.frameworks import DendriticMicrocircuit
from hebblite.frameworks.lateral import Unnudged
from hebblite.rules import DifferentialHebbian


@pytest.fixture
def net():
    return Network([8, 10, 6, 3], dtype="float64", seed=1)


@pytest.fixture
def x():
    return np.random.default_rng(1).normal(size=(300, 8))


def learned(**settings):
    return DendriticMicrocircuit(lateral="learned", seed=3, **settings)


@pytest.mark.parametrize("top_down", ["transpose", "random"])
def test_watching_the_rounds_changes_nothing(net, x, top_down):
    watched, plain = learned(top_down=top_down), learned(top_down=top_down)
    rounds = list(watched.lateral_rounds(net, x, rounds=7))
    plain.learn_lateral(net, x, rounds=7)
    assert len(rounds) == 7 and all(isinstance(seen, Unnudged) for seen in rounds)
    for name in ("X", "Z", "bias"):
        pairs = zip(getattr(watched, name), getattr(plain, name), strict=True)
        assert all((a == b).all() for a, b in pairs)
    again = learned(top_down=top_down)
    for rounds_more in (3, 4):  # a later call goes on
        again.learn_lateral(net, x, rounds=rounds_more)
    assert all((a == b).all() for a, b in zip(again.Z, plain.Z, strict=True))


@pytest.mark.parametrize("top_down", ["transpose", "random"])
def test_what_is_seen_is_what_the_equations_say(net, x, top_down):
    deb = learned(top_down=top_down, settle=400)
    deb.learn_lateral(net, x, rounds=30)
    seen = deb.without_teacher(net, x[:5])
    g = deb.g_lk + deb.g_B + deb.g_A
    for l, (v_A, p) in enumerate(zip(seen.apical, seen.interneurons, strict=True)):
        r, above, phi = seen.rates[l], seen.rates[l + 1], net.activations[l + 1]
        Y = net.weights[l + 1].T if top_down == "transpose" else deb.Y[l]
        assert np.allclose(v_A, above @ Y.T + p @ deb.Z[l].T)
        assert np.allclose(seen.predicted[l], phi.rate(r @ deb.X[l].T + deb.bias[l]))
        below = x[:5] if l == 0 else seen.rates[l - 1]
        v = below @ net.weights[l].T + net.biases[l] + deb.g_A / g * v_A  # at rest v = b + a
        assert np.allclose(r, net.activations[l].rate(v), atol=1e-6)
        rms = [np.sqrt((part**2).mean()) for part in (v_A, above @ Y.T)]
        assert np.isclose(seen.residual[l], rms[0] / rms[1])


def test_the_self_predicting_state_is_silent_and_learning_leads_there(net, x):
    assert DendriticMicrocircuit().without_teacher(net, x).residual == [0, 0]
    deb = learned()
    first = deb.without_teacher(net, x)
    deb.learn_lateral(net, x, rate=1.0, rounds=800)
    last = deb.without_teacher(net, x)
    assert min(first.residual) > 0.5 and max(last.residual) < 0.1
    surprises = [[np.abs(s).mean() for s in seen.surprise] for seen in (first, last)]
    assert all(after < before / 5 for before, after in zip(*surprises, strict=True))


def test_without_a_teacher_nothing_learns(net, x):
    deb = learned()
    deb.without_teacher(net, x)
    before = [Z.copy() for Z in deb.Z]
    deb.without_teacher(net, x)
    assert all((a == b).all() for a, b in zip(deb.Z, before, strict=True))


def test_interneurons_that_keep_up_let_the_network_learn():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(600, 12)).astype(np.float32)
    labels = (x @ rng.normal(size=(12, 4))).argmax(axis=1)

    def accuracy(**settings):
        net, deb = Network([12, 24, 24, 4], seed=2), learned(lateral_rate=2.0, **settings)
        fit(net, deb, DifferentialHebbian(), x, labels, epochs=3, batch_size=30,
            optimizer=Adam(3e-3), seed=0, progress=False)  # fmt: skip
        return deb.accuracy(net, x, labels)

    assert accuracy(keep_up=2) > accuracy() + 0.1


def test_new_settings_are_checked():
    with pytest.raises(ArgumentError, match="keep_up"):
        DendriticMicrocircuit(keep_up=-1)
    with pytest.raises(ArgumentError, match="lateral_rate"):
        DendriticMicrocircuit(lateral_rate=0)
