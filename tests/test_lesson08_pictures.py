"""Lesson 08's pictures: true words, axes that stay, labels with room, films with the same parts."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from drawn import collisions, label, parse, ticks, words

from hebblite.data import load_digits, one_hot
from hebblite.errors import ArgumentError
from hebblite.frameworks import PredictiveCoding
from hebblite.lessons.lesson08.pictures import (
    circuits,
    constant,
    hero,
    inference,
    journey,
    layers,
    nudging,
    published,
    reading,
    reverse,
    rolling,
    same,
    settling,
    smallest,
)
from hebblite.losses import least_control
from hebblite.network import Network
from hebblite.rules import DifferentialHebbian
from hebblite.stream import Record, fold
from hebblite.teaching.player import differences

# ---------------------------------------------------------------------- what is drawn


@cache
def made_network(output="softmax"):
    return Network([784, 64, 64, 10], output=output, seed=1)


@cache
def made_block(steps=40, nudge=None, precision=1.0):
    """Inference on four digits, and its targets, as a lesson would record it."""
    digits = load_digits()
    target = one_hot(digits.y_test[:4], 10, confidence=0.9)
    pc = PredictiveCoding(steps=steps, nudge=nudge, precision=precision)
    return fold(pc.teach(made_network(), digits.x_test[:4], target), Record())[0], target


@cache
def made_curves(seeds=5):
    rng = np.random.default_rng(0)
    rise = 1 - np.exp(-np.arange(7.0))
    high = {"DH": 85, "DH, output untrained": 70, "error-based": 85, "backprop": 86}
    return {name: 10 + top * rise + rng.normal(0, 0.3, (seeds, 7)) for name, top in high.items()}


@cache
def made_images():
    digits = load_digits()
    mean = np.stack([digits.x_train[digits.y_train == k].mean(axis=0) for k in range(10)])
    noise = np.random.default_rng(0).normal(size=(10, 784))
    return {"from the label": mean, "control: the untrained network": noise}


BASAL, Y = np.array([0.3, -1.0, 2.0, 0.1]), np.array([0.1, 0.7, 0.1, 0.1])
MORE = ("DH, layer 1 alone", "backprop, output untrained")
SIX = np.stack([np.arange(10)] * 3 + [np.zeros(10, int)] * 3)  # three right readers, three of zeros
ANGLES = {
    "DH and the error-based rule": np.array([0.0, 17.0, 20.0]),
    "DH and backprop": np.array([14.0, 18.0, 0.0]),
    "the error-based rule and backprop": np.array([14.0, 14.0, 20.0]),
}
STEPS = np.array([1, 2, 5, 10, 20, 50])
ROLLING = [*itertools.product((-1.2, 0.3, 1.2), (0.5, 2.0), (0.25, 2.0), (0.0, 1.0, 4.0))]
NUDGING = [*itertools.product((0.1, 1.0, 20.0), (-1.5, 0.4, 1.5), (0.5, 1.2, 2.0))]
CONSTANT = [(BASAL, Y, c) for c in (-2.2, 0.5, 1.8, 3.0, 5.8)]
CIRCUITS = [*itertools.product(circuits.KINDS, circuits.LIT)]


@cache
def everything():
    block, target = made_block()
    angles = {"layer 1": 40 / STEPS, "layer 2": np.stack([20 / STEPS, 30 / STEPS])}
    accuracy = {"DH": 90 + np.log(STEPS), "error-based": 91 + 0 * STEPS}
    F = 10.0 ** np.linspace(-2, 1, 9)
    found = {
        "hero": hero.hero(),
        "first": inference.draw_inference(block, target, 0),
        "second": inference.draw_inference(block, target, 1),
        "last": inference.draw_inference(block, target, j=2),
        "journey": journey.draw_journey(block, 1),
        "layers": layers.draw_layers(ANGLES),
        "layers, foretold": layers.draw_layers(ANGLES, "in all of them"),
        "same": same.draw_same(F * (1 + 1e-6), F),
        "the very same": same.draw_same(F, F),
        "settling": settling.draw_settling(STEPS, angles, accuracy, guess=7),
        "angles alone": settling.draw_settling(STEPS, angles, reference="backprop"),
        "published": published.draw_published(made_curves(), {"DH": 40}),
        "published, one seed": published.draw_published(
            {k: v[0] for k, v in made_curves().items()}
        ),
        "reverse": reverse.draw_reverse(made_images(), {"from the label": [*range(9), 4]}),
        "reverse, readers": reverse.draw_reverse(made_images(), dict.fromkeys(made_images(), SIX)),
        "six": published.draw_published(
            made_curves() | dict.fromkeys(MORE, made_curves()["DH"] - 20)
        ),
        "reverse, unread": reverse.draw_reverse(made_images()),
    }
    for name, draw, settings in (
        ("rolling", rolling.draw_rolling, ROLLING),
        ("nudging", nudging.draw_nudging, NUDGING),
        ("constant", constant.draw_constant, CONSTANT),
        ("circuit", circuits.draw_circuit, CIRCUITS),
    ):
        found |= {f"{name} {k}": draw(*at) for k, at in enumerate(settings)}
    return found


# ---------------------------------------------------------------------- what holds for all


def test_words_have_room_in_every_picture_at_the_ends_of_every_slider():
    for name, drawing in everything().items():
        assert collisions(drawing) == [], name


def test_no_picture_is_wider_than_a_page():
    for name, drawing in everything().items():
        assert float(parse(drawing).get("viewBox").split()[2]) <= 700, name


@pytest.mark.parametrize(("name", "least"), [("rolling", 10), ("nudging", 6), ("constant", 10)])
def test_axes_stay_and_every_setting_shows(name, least):
    drawings = [d for key, d in everything().items() if key.startswith(f"{name} ")]
    assert len(set(drawings)) == len(drawings) >= 5
    assert len(set.intersection(*(set(ticks(d)) for d in drawings))) >= least


def test_the_films_frames_differ_in_attributes_and_words_only():
    film = inference.inference_film(*made_block(), count=12)
    differences(film["frames"])  # raises where frames have other parts
    assert len(film["frames"]) == len(film["captions"]) > 8
    assert film["frames"][0] != film["frames"][-1] and len(film["label"]) > 30


# ---------------------------------------------------------------------- what the engine recorded


def test_errors_and_energy_are_those_of_the_framework():
    block, _ = made_block()
    for l, eps in enumerate(reading.errors(block, 2)):
        assert np.allclose(eps, block.voltages[l][:, 2] - block.basal[l][:, 2])
    parts = reading.energy_by_layer(block, 2)
    assert np.allclose(parts[:, 1], 0.5 * (reading.errors(block, 2)[1] ** 2).sum(axis=1))
    assert np.abs(parts[0]).max() < 1e-8 and np.all(np.diff(parts.sum(axis=1)[1:]) < 1e-4)
    heavy = reading.energy_by_layer(block, 2, (1.0, 3.0, 2.0))
    assert np.allclose(heavy, parts * [1.0, 3.0, 2.0])


def test_a_frame_says_the_energy_of_its_step():
    block, target = made_block()
    total = reading.energy_by_layer(block, 1)[7].sum()
    drawn = inference.draw_inference(block, target, 7, 1)
    assert f"The energy is {total:.2f};" in label(drawn) and f"F = {total:.2f}" in words(drawn)
    film = inference.inference_film(block, target, 1, 12)
    assert film["captions"][0] == "Step 0: the feedforward pass. No layer has an error."
    assert film["captions"][1].startswith("Step 1: energy") and "output 9" in film["captions"][1]
    assert inference.steps_shown(40, 12)[:7] == [0, 1, 2, 3, 4, 5, 8]
    assert inference.steps_shown(2, 12) == [0, 1, 2]


@pytest.mark.parametrize("output", ["linear", "softmax"])
def test_the_bars_are_what_is_predicted_and_the_digit_says_what_it_was_read_as(output):
    digits, net = load_digits(), made_network(output)
    target = one_hot(digits.y_test[:4], 10, confidence=0.9)
    pc = PredictiveCoding(steps=40)
    block = fold(pc.teach(net, digits.x_test[:4], target), Record())[0]
    course = reading.predicted(block, target)
    assert np.allclose(course[0], net.predict(digits.x_test[:1])[0], atol=1e-5)
    away = np.abs(course - target[0]).sum(axis=1)
    assert 0.01 < away[-1] < away[0]
    read = int(net.predict(digits.x_test[:1])[0].argmax())
    said = words(inference.draw_inference(block, target, 5))
    assert any(w.endswith(f" {digits.y_test[0]}") for w in said)
    assert any(w.startswith("first read as a") and w.endswith(f" {read}") for w in said)


def test_the_first_steps_share_is_of_the_engines_own_dh_update():
    block, _ = made_block()
    first = type(block)(**{
        **vars(block), "time": block.time[:2], "rates": [r[:2] for r in block.rates],
        "voltages": [v[:2] for v in block.voltages], "basal": [b[:2] for b in block.basal],
        "apical": [a[:2] for a in block.apical], "error": block.error[:2],
    })  # fmt: skip
    rule = DifferentialHebbian()
    part, whole = (fold([each], rule)[0].weights for each in (first, block))
    shares = [float((a * b).sum() / (b * b).sum()) for a, b in zip(part, whole, strict=True)]
    assert np.allclose(journey.jump_shares(block), shares, atol=1e-4)
    assert shares[-1] > 0.8 > shares[1] > shares[0] - 1e-9
    drawn = journey.draw_journey(block, 0)
    assert f"output {100 * journey.jump_shares(block, 0)[-1]:.0f} %" in label(drawn)


# ---------------------------------------------------------------------- the smallest network


@pytest.mark.parametrize(("target", "weight", "precision"), [(1.2, 2.0, 2.0), (-1.0, 0.5, 0.25)])
def test_the_ball_comes_to_rest_at_the_lowest_point(target, weight, precision):
    net = smallest.Smallest(weight, target, precision)
    way = net.inference(8.0)
    v = np.linspace(-2.5, 2.5, 5001)
    lowest = v[net.parts(v).sum(axis=1).argmin()]
    assert way.hidden[-1] == pytest.approx(lowest, abs=2e-3) and way.hidden[0] == smallest.START
    energies = net.parts(way.hidden).sum(axis=1)
    assert np.all(np.diff(energies) < 1e-9) and np.allclose(way.output[1:], target)
    said = label(rolling.draw_rolling(target, weight, precision))
    seen = net.inference(rolling.LONGEST)
    least = net.parts(seen.hidden[-1]).sum()
    assert f"it is at {seen.hidden[-1]:.2f} with {least:.2f}" in said
    assert least == pytest.approx(energies[-1], abs=0.02)  # nothing is left to be seen after that


def test_the_errors_are_drawn_up_to_now_only():
    net = smallest.Smallest(1.5, 1.0)
    way = net.inference(rolling.LONGEST)
    for t in (0, 5):
        assert [len(s.x) for s in rolling._errors(net, way, t).series] == [t + 1, t + 1]


def test_precision_says_which_error_is_made_small():
    lax, strict = (smallest.Smallest(1.5, 1.0, pi).inference(8.0).hidden[-1] for pi in (0.25, 2.0))
    reach = np.arctanh(1 / 1.5)
    assert abs(strict - reach) < abs(lax - reach)


def test_with_nothing_to_do_the_ball_lies_still():
    free = float(smallest.Smallest(1.5, 0.0).predicted(smallest.START))
    way = smallest.Smallest(1.5, free).inference(2.0)
    assert np.allclose(way.hidden, smallest.START) and np.allclose(way.output, free)


def test_a_strong_nudge_does_what_the_clamp_does_and_a_weak_one_little():
    ends = {
        beta: smallest.Smallest(1.2, 1.2, nudge=beta).inference(8.0) for beta in (0.1, 1.0, 50.0)
    }
    clamp = smallest.Smallest(1.2, 1.2).inference(8.0)
    gaps = [1.2 - float(way.output[-1]) for way in ends.values()]
    assert gaps[0] > 1.5 > gaps[1] > 0.3 > gaps[2] > 0
    assert ends[50.0].hidden[-1] == pytest.approx(clamp.hidden[-1], abs=0.05)
    drawn = nudging.draw_nudging(1.0, 1.2, 1.2)
    assert f"{gaps[1]:.2f} from the target" in label(drawn)
    assert f"nudged, {gaps[1]:.2f} from the target" in words(drawn)


def test_lines_of_equal_energy_are_what_they_say():
    net = smallest.Smallest(1.2, 0.7)
    way = net.inference(1.0)
    lines = nudging._plane(net, (way, way)).series[: len(nudging.LEVELS)]
    for level, line in zip(nudging.LEVELS, lines, strict=True):
        assert np.allclose(net.parts(line.x, line.y).sum(axis=1), level)


# ---------------------------------------------------------------------- the free constant


def test_the_best_constant_is_the_mean_and_the_engines():
    c = constant.best(BASAL, Y)
    around = np.linspace(c - 1, c + 1, 2001)
    assert around[constant.cost(BASAL, Y, around).argmin()] == pytest.approx(c, abs=1e-3)
    assert f"where the constant is {c:.2f}; at {c:.2f}" in label(constant.draw_constant(BASAL, Y))
    net = Network([3, 4], output="softmax", dtype="float64", seed=0)
    x = np.array([[0.4, -0.2, 0.9]])
    block = fold(PredictiveCoding(steps=3).teach(net, x, Y[None]), Record())[0]
    held = block.voltages[-1][-1, 0]
    assert np.allclose(held, np.log(Y) + constant.best(block.basal[-1][-1, 0], Y))


# ---------------------------------------------------------------------- measured


def test_the_same_number_twice_is_what_engine_and_losses_give():
    net = Network([5, 6, 4, 3], output="linear", dtype="float64", seed=3)
    rng = np.random.default_rng(0)
    x, target = rng.normal(size=(6, 5)), rng.normal(size=(6, 3))
    block = fold(PredictiveCoding(steps=600, step=0.2).teach(net, x, target), Record())[0]
    F = [reading.energy_by_layer(block, j)[-1].sum() for j in range(6)]
    H = least_control(net, x, target).H
    assert np.allclose(F, H, rtol=1e-4)
    far = np.abs(np.array(F) - H) / H
    assert f"largest relative difference is {far.max():.2g}" in label(same.draw_same(F, H))


def test_settling_says_where_it_starts_and_ends():
    drawn = everything()["settling"]
    assert "layer 1 40.0° at 1 and 0.8° at 50" in label(drawn)
    assert "layer 2 25.0° at 1" in label(drawn)  # the mean of two seeds
    assert "accuracy, DH 90.0 % at 1" in label(drawn) and "you said 7" in words(drawn)


def test_where_a_layer_learns_nothing_its_angle_begins_later():
    late = np.array([np.nan, np.nan, 30.0, 20.0, 10.0, 5.0])
    drawn = settling.draw_settling(STEPS, {"layer 1": late, "layer 2": late * np.nan})
    assert "layer 1 30.0° at 5 and 5.0° at 50; layer 2 has none" in label(drawn)
    assert "nan" not in drawn


def test_the_published_story_tells_the_end_of_each():
    curves = made_curves()
    said = label(published.draw_published(curves))
    for name, y in curves.items():
        first, last = np.median(y[:, 0]), np.median(y[:, -1])
        assert f"{name} {last:.1f} % ({first:.1f} % before)" in said
    assert "after 6 epochs. Medians of 5 seeds" in said
    looks = [published.look_of(name, 0) for name in (*curves, *MORE)]
    assert len(set(looks)) == len(looks)


def test_in_reverse_images_that_are_read_as_another_are_framed_and_counted():
    drawn = everything()["reverse"]
    assert "from the label: 9 of 10 are read as their label" in label(drawn)
    assert drawn.count("#C46A9A") >= 2 and "not read as its label" in words(drawn)
    assert "not read as its label" not in words(everything()["reverse, unread"])
    several = everything()["reverse, readers"]
    assert "control: the untrained network: 6 readers read 55 % of them" in label(several)
    assert {"at most half of the 6 read its label", "above 0", "below 0"} <= set(words(several))
    assert words(several).count("6 of 6") == 2 and words(several).count("3 of 6") == 18
    with pytest.raises(ArgumentError, match="one for each label"):
        reverse.draw_reverse(made_images(), labels=[1, 2])


# ---------------------------------------------------------------------- schematic and hero


def test_circuits_say_what_is_lit():
    for kind, lit in CIRCUITS:
        drawn = circuits.draw_circuit(kind, lit)
        assert circuits.SAID[kind, lit] in words(drawn) and circuits.SAID[kind, lit] in label(drawn)
    assert len({circuits.draw_circuit(*each) for each in CIRCUITS}) == len(CIRCUITS)
    for wrong in ({"kind": "glia"}, {"lit": "thought"}):
        with pytest.raises(ArgumentError):
            circuits.draw_circuit(**wrong)


def test_the_hero_tells_what_its_inference_did():
    drawn, made = hero.hero(), hero.one_lesson()
    parts = reading.energy_by_layer(made.block)
    assert f"falls from {parts[1].sum():.2f} to {parts[-1].sum():.2f}" in label(drawn)
    assert "@keyframes" in drawn and len(drawn) < 60_000
    assert set(hero.SAID) <= set(words(drawn))
    assert np.all(np.diff(parts.sum(axis=1)[1:]) < 0) and parts[1, -1] > 3 * parts[-1, -1]
    first = [int(np.argmax(part > 0.005)) for part in parts.T]  # errors appear from the top down
    assert first[2] <= first[1] < first[0]
