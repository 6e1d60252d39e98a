"""Lesson 08: the learner's pieces on digits, what DH reads in PC, a layer that is never trained,
and PC in reverse."""

from __future__ import annotations

import numpy as np
import pytest

from hebblite.analysis import backprop_updates
from hebblite.frameworks import PredictiveCoding
from hebblite.lessons import lesson08
from hebblite.lessons.lesson08.exercises import errors_and_energy, inference_step
from hebblite.lessons.lesson08.runs import backwards, jump, published, rest, stage, steps
from hebblite.losses import Energy
from hebblite.network import Network
from hebblite.rules import DifferentialHebbian
from hebblite.stream import Record, fold


def small(seed=0, output="linear"):
    net = Network([5, 4, 6, 3], output=output, dtype="float64", seed=seed)
    rng = np.random.default_rng([808, seed])
    net.biases = [rng.normal(0, 0.3, n) for n in net.sizes[1:]]
    return net, rng.normal(size=(4, 5)), rng.dirichlet(np.ones(3), size=4)


# ---------------------------------------------------------------------- the exercises


def test_the_two_pieces_make_the_steps_and_the_energies_of_the_engine():
    net, x, target = small()
    pc = PredictiveCoding(steps=12, step=0.2, halve=False)
    track, energy = fold(pc.teach(net, x, target), Record(), Energy(net))
    for t in range(1, 12):
        v, rates = [v[t] for v in track.voltages], [r[t] for r in track.rates[:-1]]
        *eps, F = errors_and_energy(v, rates, net.weights, net.biases)
        np.testing.assert_allclose(F, energy[t], rtol=1e-12)
        for l in range(2):
            new = inference_step(v[l], eps[l], eps[l + 1], net.weights[l + 1], 0.2)
            np.testing.assert_allclose(new, track.voltages[l][t + 1], rtol=1e-12)


def test_wrong_pieces_show_on_digits():
    right = lesson08.with_a_teacher(errors_and_energy, inference_step, count=3, steps=30)
    up = lesson08.with_a_teacher(
        errors_and_energy, lambda *given: inference_step(*given[:-1], -given[-1]), count=3, steps=3
    )
    assert (right[30] < 1.05).all() and (up[3] > up[0]).all()


def test_pieces_that_write_into_what_they_are_given_change_no_network():
    before = [W.copy() for W in stage.trained(0).weights]

    def spoil(v, eps, above, W, rate):
        new = inference_step(v, eps, above, W, rate)
        v[...] = eps[...] = above[...] = 0
        return new

    found = lesson08.with_a_teacher(errors_and_energy, spoil, count=2, steps=30)
    assert (found[30] < 1.05).all()
    assert all(map(np.array_equal, before, stage.trained(0).weights))


def test_without_a_teacher_the_end_is_the_feedforward_pass():
    found = lesson08.without_a_teacher(errors_and_energy, inference_step, count=5)
    assert found[0].min() > 0.5 and found[300].max() < 0.01


# ---------------------------------------------------------------------- what DH reads


@pytest.mark.parametrize("seed", range(3))
def test_without_its_first_step_a_stream_is_the_same_but_for_the_jump(seed):
    net, x, target = small(seed)
    for block in (3, 50):
        pc = PredictiveCoding(steps=20, block=block)
        later = Record()(jump.after_the_jump(pc.teach(net, x, target)))
        whole = Record()(pc.teach(net, x, target))
        assert later.steps == 19
        for a, b in zip(later.rates, whole.rates, strict=True):
            assert np.array_equal(a, b[1:])
        missed = DifferentialHebbian()(jump.after_the_jump(pc.teach(net, x, target)))
        assert not missed.weights[-1].any() and not missed.biases[-1].any()
        assert missed.weights[0].any()


def test_shares_of_the_first_step_and_who_agrees_with_whom():
    found = lesson08.read(seed=0, count=16)
    assert found.shares[0] == 0 and 0 < found.shares[1] < 0.5
    assert found.shares[2] == pytest.approx(1, abs=1e-9)
    assert found.layer_1 < 1e-12 and found.output < 1e-12
    angles = found.angles()
    assert min(angles["DH and the error-based rule"][1], angles["DH and backprop"][1]) > 5


def test_with_a_softmax_the_output_is_not_backprops():
    """A softmax moves on with its constant, and its clamp is no step along e: the control."""
    net, x, target = small(output="softmax")
    dh = DifferentialHebbian()(PredictiveCoding(steps=20).teach(net, x, target))
    assert rest.angles_of(dh, backprop_updates(net, x, target))[-1] > 1


def test_settling_knows_a_layer_that_learns_nothing():
    found = lesson08.settling(seed=0, count=16)
    assert np.isnan(found.angles["DH", "F*"][0, 0])
    assert not np.isnan(found.angles["DH", "F*"][1:]).any()
    assert (np.diff(found.energy) < 0).all() and found.unrest[-1] < 0.01


def test_the_energy_at_rest_is_the_least_effort():
    F, H = lesson08.same(seed=1, count=6)
    np.testing.assert_allclose(F, H, rtol=1e-6)


# ---------------------------------------------------------------------- training


def test_what_is_not_trained_stays(monkeypatch):
    nets = []
    monkeypatch.setattr(published, "train", lambda net, *given: nets.append((net, given)) or [0.0])
    for kind, frozen in (("DH, output untrained", 1), ("DH, layer 1 alone", 2)):
        published.course.__wrapped__(kind, 0)
        net, (framework, rule, _) = nets[-1]
        x, labels = stage.chosen(0, 8)
        target = stage.one_hot(labels, 10, 0.9)
        updates = rule(framework.teach(net, x, target))
        assert [bool(W.any()) for W in updates.weights] == [True] * (3 - frozen) + [False] * frozen


def test_kinds_of_training_and_numbers_of_steps_learn_on_digits():
    for kind in ("DH", "DH, layer 1 alone"):
        first, *_, last = published.course(kind, 0)
        assert first < 30 < 65 < last
    assert steps.accuracy(1, 0) < steps.accuracy(2, 0) - 5


# ---------------------------------------------------------------------- in reverse


def test_images_of_labels_predict_them_and_are_small():
    made = lesson08.of_labels(seed=0)
    for each in made.values():
        assert each.images.shape == (10, 784) and each.off < 0.2
        assert np.abs(each.images).max() < 1
    assert made["trained"].read_by_others > made["untrained"].read_by_others + 20


def test_a_stronger_pull_leaves_the_label_further_off():
    net = stage.trained(0)
    weak, strong = (backwards.from_labels(net, pull=pull) for pull in (0.01, 1.0))
    assert weak.off < strong.off and np.abs(strong.images).sum() < np.abs(weak.images).sum()


def test_the_turned_network_draws_means_and_reads_by_inference():
    images, means = lesson08.turned(0).predict(np.eye(10)), backwards.mean_images(0)
    assert np.linalg.norm(images - means) < 0.2 * np.linalg.norm(means - means.mean(axis=0))
    assert lesson08.reading(seed=0, count=50) > 50


def test_the_constant_on_digits():
    def best(b, y):
        return np.mean(b - np.log(y))

    off, wrong = lesson08.clamped_digits(best)
    assert off < 1e-9 and wrong < 1e-9
    off, wrong = lesson08.clamped_digits(lambda b, y: 0.0)
    assert off > 0.1 and wrong < 1e-9  # the softmax is right with any constant


def test_layers_are_drawn_with_their_numbers():
    drawing = lesson08.draw_layers({"DH and backprop": np.array([14.6, 18.5, 0.0])}, "layer 2")
    assert "layer 1 15°, layer 2 18°, output 0°" in drawing and "you said: layer 2" in drawing
