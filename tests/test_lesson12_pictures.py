"""The pictures of lesson 12: what they tell, that words have room, and what they are drawn from."""

import math
import re
from functools import cache

import numpy as np
import pytest
from drawn import collisions, label, parse, words

from hebblite.data import load_digits, stored_cell
from hebblite.errors import ArgumentError
from hebblite.experiments.cells import RULES, why_undefined
from hebblite.experiments.paper.cards import Card, Measured, stored_cards
from hebblite.experiments.paper.claims import CLAIMS
from hebblite.lessons.lesson12.pictures import cards, common, curves, features, matrix
from hebblite.lessons.lesson12.runs.common import stored as common_part

INF = math.inf


def made_card(values, name="dfc"):
    """A card of repro's own kind, with these values for each of its quantities."""
    claim = next(c for c in CLAIMS if c.name == name)
    measured = tuple(
        Measured(b.quantity, b.unit, (b.low, b.high), dict(enumerate(values))) for b in claim.bounds
    )
    return Card(claim, "full", measured, (), ())


@cache
def made_up(seeds=1):
    """Numbers of the charts, with an axis of seeds in front."""
    vary = 1 + 0.05 * np.arange(seeds)
    epochs, trains = np.arange(0.0, 41, 5), 4.0 ** np.arange(6)
    angles = np.stack([5 + k * (1 - np.exp(-epochs / 8)) for k in (10, 30, 20, 25)], axis=1)
    fall = np.where(epochs <= 20, np.exp(-epochs / 5), 2 * np.exp(-(epochs - 25) / 5)) + 0.1
    cosine = np.stack([c / np.sqrt(1 + 100 / trains) for c in (1.0, 0.93, 0.97)], axis=1)
    ms = np.array([0.0, 10, 50, 100, 500])
    decay = np.exp(-ms / 100) + 0.05
    losses = {
        "epochs": epochs, "error |e|": vary[:, None] * np.exp(-epochs / 20),
        "feedback": vary[:, None] * np.exp(-epochs / 15), "latency": np.exp(-epochs / 10),
    }  # fmt: skip
    return {
        "angles": {
            "epochs": epochs, "DH to backprop": vary[:, None, None] * angles,
            "DH to error-based": vary[:, None, None] * angles / 2,
        },
        "surprise": {"epochs": epochs, "change": 20, "DH": vary[:, None] * fall, "backprop": fall},
        "samples": {
            "trains": trains, "cosine": cosine ** vary[:, None, None],
            "expected": [1.0, 0.93, 0.97], "together": True,
        },
        "error": {
            "ms": ms, "epochs": [0, 1, 2, 5, 40],
            "error": vary[:, None, None] * np.outer([1, 0.5, 0.3, 0.2, 0.1], decay),
        },
        "together": {"DFC DH": losses, "backprop": losses},
    }  # fmt: skip


DRAWN = {
    "angles": curves.draw_angles, "surprise": curves.draw_surprise,
    "samples": curves.draw_samples, "error": curves.draw_error, "together": curves.draw_together,
}  # fmt: skip

CARDS = {
    "agrees": made_card([0.1, -0.1, 0.2]), "differs": made_card([-3.0, -3.2, -2.9]),
    "cannot tell": made_card([-3.0, 3.0, 0.0]), "not yet": made_card([]),
}  # fmt: skip


@cache
def everything():
    digits = load_digits()
    some, half = digits.x_train[:12] - 0.5, digits.x_train[12:18] - 0.5
    found = {
        "hero": matrix.hero(),
        "chosen": matrix.draw_matrix(("pc", "dh"), {("pc", "dh"): 93.1}),
        "more": matrix.draw_matrix(
            more={("dfc", "stdp"): 88.0, ("dfc", "hebbian"): 10.0}, live={("ep", "stdp"): 70.0}
        ),
        "features": features.draw_features({"untrained": some, "DH": some}, "What layer 1 sees"),
        "few features": features.draw_features({"backprop from another start": half}, scale="tile"),
        "common": common.draw_common(common_part()),
    }  # fmt: skip
    found |= {f"matrix {show}": matrix.draw_matrix(show=show) for show in matrix.SHOW}
    found |= {f"card {name}": cards.draw_card(card) for name, card in CARDS.items()}
    found |= {f"stored card {card.name}": cards.draw_card(card) for card in stored_cards()}
    for name, draw in DRAWN.items():
        for seeds in (1, 3):
            found[f"{name}, {seeds}"] = draw(made_up(seeds)[name])
    return found


# ---------------------------------------------------------------------- what holds for all


def test_words_have_room_in_every_picture():
    for name, drawing in everything().items():
        assert collisions(drawing) == [], name


def test_no_picture_is_wider_than_the_page():
    for name, drawing in everything().items():
        assert float(parse(drawing).get("viewBox").split()[2]) <= 700, name
        assert "nan" not in drawing and "inf" not in re.sub("inference|infer", "", drawing), name


def test_seeds_are_told_where_there_are_several():
    for name in DRAWN:
        one, three = (everything()[f"{name}, {seeds}"] for seeds in (1, 3))
        assert "3 seeds" in label(three) and "3 seeds" not in label(one), name


# ---------------------------------------------------------------------- the matrix


def test_the_matrix_has_the_stored_numbers_and_the_engines_reasons():
    said = label(matrix.draw_matrix())
    for framework, rule in (("dfc", "dh"), ("ep", "contrastive"), ("deb", "error-voltage")):
        assert f"{rule} {stored_cell(framework, rule).mean:.1f}" in said
    assert "EP: gradient has no meaning, error-based has no meaning" in said
    for framework in matrix.FRAMEWORKS:
        for rule in matrix.RULES:
            assert rule in RULES
            assert matrix.reasons().get((framework, rule)) == why_undefined(framework, rule)
    shorts = {" ".join(matrix.short(reason)) for reason in matrix.reasons().values()}
    assert shorts == set(matrix.LEGEND)


def test_no_cell_is_both_stored_and_without_a_meaning():
    assert not set(matrix.stored()) & set(matrix.reasons())
    assert matrix.stored()["backprop", "gradient"].gap == 0.0
    ep = stored_cell("ep", "dh").mean - stored_cell("backprop", "gradient", "sigmoid").mean
    assert matrix.stored()["ep", "dh"].gap == pytest.approx(ep)


def test_the_hero_fills_and_ends_on_the_matrix():
    assert "@keyframes" in matrix.hero() and len(matrix.hero()) < 40_000
    assert words(matrix.hero()) == words(matrix.draw_matrix())


def test_what_is_trained_now_stands_beside_what_is_stored():
    assert "now 93.1" in words(everything()["chosen"])
    more = words(everything()["more"])
    assert "88.0" in more and "now 70.0" in more and "not stored" in more
    assert "STDP" not in words(matrix.draw_matrix())
    with pytest.raises(ArgumentError, match="show"):
        matrix.draw_matrix(show="best")


def test_stronger_cells_have_more_ink_and_hatching_stays_in_its_box():
    levels = [matrix.colour_of(v, "accuracy").sum() for v in (80, 90, 93, 95, 99)]
    assert levels[0] > levels[1] > levels[2] > levels[3] == levels[4]
    at = [float(n) for n in re.findall(r"-?[\d.]+", matrix.hatching(10, 20, 40, 30))]
    assert min(at[::2]) >= 10 and max(at[::2]) <= 50 and min(at[1::2]) >= 20 and max(at[1::2]) <= 50


# ---------------------------------------------------------------------- features


def test_colours_of_weights_keep_their_sign_and_scale():
    tile = np.array([[-1.0, -0.5], [0.0, 0.5]])
    coloured = features.in_colours(tile)
    assert coloured.shape == (2, 2, 3)
    np.testing.assert_allclose(coloured[1, 0], 1.0)
    blue, orange = coloured[1, 1], coloured[0, 0]
    assert blue[2] > blue[0] and orange[0] > orange[2]


def test_noise_is_rough_and_digits_are_smooth():
    rng = np.random.default_rng(0)
    assert features.roughness(rng.normal(size=(40, 784))) == pytest.approx(1, abs=0.03)
    assert features.roughness(load_digits().x_train[:40]) < 0.4
    assert "a row for each of 2 networks: untrained, DH" in label(everything()["features"])


# ---------------------------------------------------------------------- cards


def test_cards_show_the_verdict_that_was_measured():
    for name, card in CARDS.items():
        drawn = everything()[f"card {name}"]
        assert name in words(drawn) and label(drawn).endswith(f"Verdict: {name}."), name
        if name != "not yet":
            assert card.verdict == name
    assert "95 % interval −0.313 to 0.446 with 3 seeds: agrees" in label(
        everything()["card agrees"]
    )


def test_a_card_says_who_is_missing_beside_the_verdict():
    claim = next(c for c in CLAIMS if c.name == "surprise")
    jump, fall = claim.bounds
    measured = (
        Measured(jump.quantity, jump.unit, (2, INF), {0: 8.0, 1: 9.0, 2: 8.5}, 3, (1, 2)),
        Measured(fall.quantity, fall.unit, (0, 0.5), {0: 0.1}, 3, (1, 2)),
    )
    drawn = cards.draw_card(Card(claim, "full", measured, (), (), 3, 2))
    assert words(drawn).count("2 of 3 runs diverged,") == 2 and "are not counted" in words(drawn)
    assert collisions(drawn) == [] and "2 of 3 runs diverged, are not counted" in label(drawn)


def test_one_seed_has_no_interval():
    """What is possible is no interval: a bar from 0 to 180 degrees would look measured."""
    card = made_card([12.0], "angles")
    assert all(row.interval is None for row in cards.quantities(card))
    assert "95 % interval" not in label(cards.draw_card(card))


def test_every_verdict_has_a_shape_of_its_own():
    assert set(cards.SIGNS) == set(cards.VERDICTS)
    assert len({mark for _, _, mark in cards.SIGNS.values()}) == len(cards.VERDICTS)


def test_the_axis_of_a_card_holds_all_that_is_on_it():
    row = cards.Quantity("q", "", -1.0, INF, (-3.0, 2.0), (-5.0, 4.0), "cannot tell")
    low, high = cards.limits(row)
    assert low < -5 and high > 4


# ---------------------------------------------------------------------- charts and dots


def test_charts_tell_their_numbers():
    made = made_up()
    told = label(curves.draw_angles(made["angles"]))
    assert "DH to backprop, layer 2 5 to 35, at most 35" in told and "all weights 5 to 30" in told
    assert "layer 4" in words(curves.draw_angles(made["angles"], together=False))
    surprise = label(curves.draw_surprise(made["surprise"]))
    assert "DH 1.1 at first, 0.12 before the change, 2.1 after it, 0.2 after epoch 40" in surprise
    samples = label(curves.draw_samples(made["samples"]))
    assert "layer 1 0.10 to 0.95, expectation 1.00" in samples and "all weights" in samples
    assert "untrained from 1.05 to 0.06" in label(curves.draw_error(made["error"]))
    assert "latency to 0.018 of its first value" in label(curves.draw_together(made["together"]))
