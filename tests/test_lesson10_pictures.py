"""Lesson 10's pictures: true words, axes that stay, labels with room, films with the same parts."""

from __future__ import annotations

import itertools
import re
from functools import cache

import numpy as np
import pytest
from drawn import collisions, label, parse, words

from hebblite.data import load_digits, one_hot
from hebblite.errors import ArgumentError
from hebblite.frameworks import Backprop, DendriticMicrocircuit
from hebblite.lessons.lesson10.pictures import (
    circuit,
    hero,
    order,
    phase,
    silence,
    sizes,
    theories,
    training,
)
from hebblite.network import Network
from hebblite.rules import ErrorBased, Gradient
from hebblite.stream import Record, fold
from hebblite.teaching.player import differences

CONDUCTANCES = list(itertools.product((0.1, 0.8, 2.0), (0.0, 0.8, 2.0), (0.1, 0.8, 2.0)))


@cache
def setting():
    """A small network, a digit and its target."""
    digits = load_digits()
    net = Network([784, 40, 30, 10], hidden="tanh", output="linear", seed=1, dtype=np.float64)
    target = one_hot(digits.y_test[:4], 10, confidence=0.9)
    return net, digits.x_test[:4].astype(float), target, digits.y_test[:4]


def silent_rows(rows, count):
    """A course with its first row, the state of rest without a teacher, repeated in front."""
    return np.concatenate([np.repeat(rows[:1], count, axis=0), rows])


def recorded(deb, which=0):
    net, x, target, _ = setting()
    return fold(deb.teach(net, x[which : which + 1], target[which : which + 1]), Record())[0]


@cache
def one_phase(layer=2, before=10):
    """A phase as ``draw_phase`` wants it, with the interneuron's potential by the engine's line."""
    net, x, _, labels = setting()
    deb = DendriticMicrocircuit(steps=50)
    block, l = recorded(deb), layer - 1
    v_A = block.apical[l][:, 0] * (deb.g_lk + deb.g_B + deb.g_A) / deb.g_A
    j = int(np.abs(v_A[-1]).argmax())
    moved = block.rates[layer + 1][-1, 0] - block.rates[layer + 1][0, 0]
    k = int(np.abs(net.weights[layer][:, j] * moved).argmax())
    above, b_above = block.voltages[layer][:, 0], block.basal[layer][:, 0]
    i = [above[0]]
    k_I = deb.g_I / (deb.g_lk + deb.g_D)
    h_I = deb.dt / deb.tau * (deb.g_lk + deb.g_D) / (deb.g_lk + deb.g_B + deb.g_A)
    for t in range(1, len(above)):
        i.append(i[-1] + h_I * (k_I * (above[t] - i[-1]) + b_above[t] - i[-1]))
    i = np.array(i)
    phi = net.activations[layer]
    replayed = (phi.rate(above) - phi.rate(i)) @ net.weights[layer]
    np.testing.assert_allclose(replayed[:-1], v_A[1:], atol=1e-12)  # of the step that led there
    courses = {
        "v_A": v_A[:, j], "b": block.basal[l][:, 0, j], "v": block.voltages[l][:, 0, j],
        "r": block.rates[layer][:, 0, j], "i": i[:, k], "v_above": above[:, k],
    }  # fmt: skip
    made = {name: silent_rows(rows, before) for name, rows in courses.items()}
    time = np.concatenate([deb.dt * np.arange(-before, 0), block.time])
    return made | {
        "time": time, "image": x[0], "label": int(labels[0]), "layer": layer, "neuron": j,
        "above": k,
    }  # fmt: skip


@cache
def made_up(seeds=1):
    """Numbers of the other charts, with an axis of seeds in front."""
    vary = 1 + 0.1 * np.arange(seeds)
    rounds, nudge, epochs = np.arange(0.0, 201, 20), np.logspace(-3, 0, 7), np.arange(7.0)
    fall = np.exp(-epochs)
    angles = np.stack([60 + 20 * fall, 30 + 20 * fall], axis=1)
    run = {
        "epochs": epochs,
        "accuracy": vary[:, None] * (70 - 60 * fall),
        "angles": vary[:, None, None] * angles,
    }
    slow = run | {"accuracy": 0.8 * run["accuracy"]}
    left = 100 * np.exp(-np.arange(8) / 2)[:, None] * [1.0, 0.8]
    three = np.stack([left[:, 0] / 2 + 9, left[:, 1] / 3 + 8, np.ones(8)], axis=1)
    return {
        "silence": {
            "rounds": rounds,
            "left": vary[:, None, None] * 100 * np.exp(-rounds / 60)[:, None] * [1.0, 0.6],
        },
        "order": {
            "nudge": nudge,
            "relative": vary[:, None, None] * np.stack([0.5 * nudge, 0.2 * nudge**2]),
        },
        "depth": {
            "depth": [1, 2, 4],
            "accuracy": {n: np.outer([92.0, 91, 89], vary) for n in ("backprop", "dh", "dh, Adam")},
            "spikes depth": [1, 2, 3], "spikes": vary[:, None] * [0.5, 0.2, 0.03],
        },
        "random": {"transpose": run, "random": run},
        "keeping up": {"dh": run, "error-based": slow, "dh, exact": run, "backprop": run},
        "left over": {
            "left": left[None] * vary[:, None, None], "dh": three[None] * vary[:, None, None],
            "error-based": 1.5 * three[None] * vary[:, None, None],
            "exact dh": [8.0, 7, 1], "exact error-based": [6.0, 5, 1],
        },
    }  # fmt: skip


DRAWN = {
    "silence": silence.draw_silence, "order": order.draw_order, "depth": sizes.draw_depth,
    "random": training.draw_random, "keeping up": training.draw_keeping_up,
    "left over": training.draw_left_over,
}  # fmt: skip


REACH = {
    "share": 0.24 ** np.arange(5, -1, -1.0), "law": 0.73 * 0.26 ** np.arange(5, -1, -1.0),
    "dh": np.linspace(40, 5, 6), "error-based": np.linspace(8, 0, 6),
}  # fmt: skip


@cache
def everything():
    found = {
        "hero": hero.hero(),
        "phase": phase.draw_phase(one_phase()),
        "start of a phase": phase.draw_phase(one_phase(), 0),
        "phase of layer 1": phase.draw_phase(one_phase(1)),
        "reach": sizes.draw_reach(REACH),
    }
    found |= {f"circuit {when}": circuit.draw_circuit(when) for when in circuit.WHEN}
    found |= {f"theories {show}": theories.draw_theories(show) for show in theories.SHOW}
    found |= {f"sizes {at}": sizes.draw_sizes(*at) for at in CONDUCTANCES}
    for name, draw in DRAWN.items():
        for seeds in (1, 3):
            found[f"{name}, {seeds}"] = draw(made_up(seeds)[name])
    return found


# ---------------------------------------------------------------------- what holds for all


def test_words_have_room_in_every_picture_at_the_ends_of_every_slider():
    for name, drawing in everything().items():
        assert collisions(drawing) == [], name


def test_no_picture_is_wider_than_the_page():
    for name, drawing in everything().items():
        assert float(parse(drawing).get("viewBox").split()[2]) <= 700, name
        assert "nan" not in drawing, name


def test_the_films_frames_differ_in_attributes_and_words_only():
    film = phase.phase_film(one_phase(), 9)
    assert len(film["frames"]) == len(film["captions"]) > 5
    differences(film["frames"])  # raises where frames have other parts


def test_seeds_are_told_where_there_are_several():
    for name in DRAWN:
        one, three = (everything()[f"{name}, {seeds}"] for seeds in (1, 3))
        assert "3 seeds" in label(three) and "3 seeds" not in label(one), name


# ---------------------------------------------------------------------- the scene


def test_the_hero_ends_with_an_apical_dendrite_that_speaks_and_shows_what_the_engine_does():
    drawing, (free, taught) = hero.hero(), hero.two_states()
    assert abs(free.a) < 1e-12 < taught.a and free.v < taught.v and free.r < taught.r
    assert free.i == pytest.approx(free.v_above)  # predicted exactly, and then only in part
    assert free.i < taught.i < taught.v_above
    assert "@keyframes" in drawing and len(drawing) < 40_000
    assert all(step in words(drawing) for _, step, _ in hero.STEPS)
    hidden = re.findall(r' opacity="0(?:\.0*)?"', drawing)
    assert len(hidden) == drawing.count('opacity="0"') > 0  # halos alone, which nothing lights


def test_the_circuit_says_which_weights_change_when():
    assert "X and Z; W and Y stay" in label(circuit.draw_circuit("without a teacher"))
    assert "W; X and Y and Z stay" in label(circuit.draw_circuit("with a teacher"))
    for when, changing in (("without a teacher", 2), ("with a teacher", 1)):
        said = words(circuit.draw_circuit(when))
        assert said.count("changes now") == changing and said.count("stays") == 4 - changing
    with pytest.raises(ArgumentError, match="when"):
        circuit.draw_circuit("always")
    with pytest.raises(ArgumentError, match="show"):
        theories.draw_theories("who")


def test_the_phases_are_a_free_one_and_one_with_a_teacher_as_the_table_has_them():
    said = words(theories.draw_theories("phases"))
    assert said.count("free") == 4 and said.count("nudged") == 2
    assert {"controlled", "held"} <= set(said)
    assert [free for free, _ in theories.TIMES] == ["free"] * 4


def test_what_is_asked_of_the_theories_is_lit_and_said():
    lit = {show: theories.draw_theories(show).count('opacity="0.32"') for show in theories.SHOW}
    assert lit["phases"] == 0 and min(lit["moves"], lit["symmetric"]) > 10
    for show in theories.SHOW:
        for theory in theories.THEORIES:
            assert set(getattr(theory, show)) <= set(words(theories.draw_theories(show)))


# ---------------------------------------------------------------------- one phase


def test_a_phase_tells_its_numbers_and_when_the_teacher_came():
    at = one_phase()
    start, end = phase.draw_phase(at, 0), phase.draw_phase(at)
    assert "before the teacher comes" in label(start) and "50 ms after" in label(end)
    assert "the apical voltage 0.000" in label(start)
    assert f"The network sees a {at['label']}." in label(end)
    film = phase.phase_film(at, 12)
    assert film["captions"][0].startswith("before the teacher")
    assert film["captions"][-1].startswith("50 ms: vᴬ = ")
    plain = {key: value for key, value in at.items() if key not in ("image", "label")}
    assert "The network sees" not in label(phase.draw_phase(plain))


# ---------------------------------------------------------------------- charts


@pytest.mark.parametrize(("g_A", "g_I"), [(0.8, 0.8), (0.4, 0.2), (2.0, 1.5)])
def test_the_law_of_the_sizes_is_the_engines_where_the_nudge_is_weak(g_A, g_I):
    net, x, target, _ = setting()
    deb = DendriticMicrocircuit(g_A=g_A, g_I=g_I, g_som=1e-3, steps=400, dt=5e-4)
    updates = fold(deb.teach(net, x[:1], target[:1]), ErrorBased())[0]
    gradient = fold(Backprop().teach(net, x[:1], target[:1]), Gradient())[0]
    law = sizes.law(g_A, g_I, 1e-3, net.depth)[0]
    for u, g, expected in zip(updates.weights, gradient.weights, law, strict=True):
        assert np.linalg.norm(u) / np.linalg.norm(g) == pytest.approx(expected, rel=0.02)


def test_axes_of_the_sizes_stay():
    drawings = [everything()[f"sizes {at}"] for at in CONDUCTANCES]
    assert len(set(drawings)) == len(drawings)
    ticks = [tuple(w for w in words(d) if re.fullmatch(r"[\d.⁻⁰¹²³⁴⁵]+", w)) for d in drawings]
    assert len(set(ticks)) == 1
    measured = sizes.draw_sizes(measured=np.array([0.01, 0.04, 0.2, 0.7]))
    assert "Measured: layer 1 1.000 %" in label(measured)


def test_the_order_tells_the_slopes():
    drawn = order.draw_order(made_up()["order"])
    assert {"layer 1: slope 1.00", "layer 2: slope 2.00", "slope 1"} <= set(words(drawn))
    nudge = np.logspace(-2, 0, 5)
    assert order.slope(nudge, 3 * nudge**1.5) == pytest.approx(1.5)


def test_charts_tell_their_numbers():
    made = made_up()
    assert "layer 1 from 100.0 to 3.6 %" in label(silence.draw_silence(made["silence"]))
    depth = label(sizes.draw_depth(made["depth"]))
    assert "DH 92.0 % with 1, 91.0 % with 2, 89.0 % with 4" in depth
    assert "DH, Adam 92.0 % with 1" in depth and "0.50 with 1, 0.20 with 2, 0.03 with 3" in depth
    random = label(training.draw_random(made["random"]))
    assert "random, layer 1 80 to 60 degrees" in random and "transpose 69.9 %" in random
    keeping = label(training.draw_keeping_up(made["keeping up"]))
    assert "DH 69.9 %, error-based 55.9 %, DH, exact 69.9 %, backprop 69.9 %" in keeping
    left = label(training.draw_left_over(made["left over"]))
    assert "layer 2, DH: from 35 to 9 degrees, exact 7" in left


def test_the_reach_tells_sizes_and_angles():
    found = REACH | {"share": 0.4 * REACH["law"]}
    said = label(sizes.draw_reach(found))
    assert "from 0.29 in the last layer to 0.00035 in the first, where the law says 0.00087" in said
    assert "DH 5 to 40 degrees; error-based 0 to 8 degrees" in said


def test_what_is_left_falls_to_the_right():
    drawn = parse(training.draw_left_over(made_up()["left over"]))
    at = {
        node.text: float(node.get("x"))
        for node in drawn.iter()
        if node.tag.endswith("text") and node.text in ("10", "50") and float(node.get("x")) < 340
        and node.get("text-anchor") == "middle"
    }  # fmt: skip
    assert at["50"] < at["10"]


def test_a_guess_stands_in_the_picture():
    made = made_up()
    guessed = [
        (silence.draw_silence(made["silence"], 20), "you said 20 % in layer 1"),
        (silence.draw_silence(made["silence"], 0), "you said 0 % in layer 1"),
        (sizes.draw_depth(made["depth"], 55), "you said 55 % with 4"),
        (training.draw_keeping_up(made["keeping up"], {"DH": 30, "error-based": 60}),
         "you said 30 % for DH"),
    ]  # fmt: skip
    for drawing, said in guessed:
        assert said in words(drawing) and collisions(drawing) == [], said
    assert not any("you said" in w for name in DRAWN for w in words(everything()[f"{name}, 1"]))
