"""The pictures of lesson 11: what they tell, that words have room, and that axes stay."""

import re
from functools import cache

import numpy as np
import pytest
from drawn import collisions, label, parse, ticks, words

from hebblite.data import load_digits, one_hot
from hebblite.errors import ArgumentError
from hebblite.frameworks import DeepFeedbackControl
from hebblite.lessons.lesson11.pictures import (
    bias,
    hero,
    learning,
    looks,
    noise,
    population,
    rasters,
    training,
    trains,
)
from hebblite.network import Network
from hebblite.rules.spikes import Spikes
from hebblite.stream import Record, fold
from hebblite.teaching.player import differences

SIZES, TAUS = (1, 4, 16, 64, 256), (4.0, 16.0, 40.0)


@cache
def one_record(layer=1, before=20):
    """Spikes of a layer in a free and a taught phase, as the engine draws them."""
    digits = load_digits()
    net = Network([784, 20, 16, 10], hidden="tanh", seed=1)
    dfc = DeepFeedbackControl(k_p=1.0, dt=0.002, steps=30)
    target = one_hot(digits.y_test[:1], 10, confidence=0.9)
    block = fold(dfc.teach(net, digits.x_test[:1], target), Record())[0]
    rates = np.concatenate(
        [np.repeat(block.rates[layer][:1, 0], before, 0), block.rates[layer][:, 0]]
    )
    spikes = np.empty((len(rates), 1, rates.shape[1]), np.float32)
    Spikes(0).draw(rates[:, None].astype(np.float32), spikes, True)
    time = np.concatenate([dfc.dt * np.arange(-before, 0), block.time])
    return {
        "time": time, "rates": rates, "spikes": spikes[:, 0], "layer": layer,
        "label": int(digits.y_test[0]), "image": digits.x_test[0],
    }  # fmt: skip


@cache
def made_up(seeds=1):
    """Numbers of the charts, with an axis of seeds in front."""
    vary = 1 + 0.05 * np.arange(seeds)
    n, epochs = 4.0 ** np.arange(6), np.arange(5.0)
    rise = 1 - 0.9 * np.exp(-1.2 * epochs)

    def run(top):
        return {"epochs": epochs, "accuracy": top * vary[:, None] * rise}

    some = np.where(n < 70, 45 / n, np.nan)
    cosines = np.array([1.0, 0.93, 0.9, 0.99])
    runs = {"STDP": run(80), "DH": run(88), "backprop": run(90), "mirrored": run(10)}
    longer = {"epochs": np.arange(13.0), "accuracy": vary[:, None] * (80 - 70 / 3 ** np.arange(13))}
    return {
        "noise": {
            "n": n, "draws": vary[:, None] * some, "population": vary[:, None] * 45 / n,
        },
        "bias": {
            "DH": cosines ** vary[:, None], "2 DH − contrast": np.ones((seeds, 4)) - 0.001,
        },
        "frameworks": dict.fromkeys(("DFC", "PC", "EP", "DEB"), runs),
        "two": dict.fromkeys(("DFC", "PC"), runs),
        "courses": {"64 neurons": run(80), "one train": longer},
        "better": {"DH": run(85), "2 DH − contrast": run(86), "contrastive": run(84)},
        "kinds": {
            "n": n, "Poisson": vary[:, None] / n, "regular": vary[:, None] * 0.3 / n,
            "correlated": vary[:, None] * (1 / n + 0.1),
        },
    }  # fmt: skip


DRAWN = {
    "noise": noise.draw_noise, "bias": bias.draw_bias, "frameworks": training.draw_frameworks,
    "two": training.draw_frameworks, "courses": training.draw_courses,
    "better": training.draw_better, "kinds": trains.draw_kinds,
}  # fmt: skip


@cache
def everything():
    found = {
        "hero": hero.hero(),
        "rasters": rasters.draw_rasters(one_record()),
        "start of rasters": rasters.draw_rasters(one_record(), 0),
        "before learning": learning.draw_learning(hero.course(), 0),
    }
    found |= {
        f"population {n}, {tau}": population.draw_population(n, tau) for n in SIZES for tau in TAUS
    }
    found |= {f"kind {kind}": trains.draw_kind(kind) for kind in trains.KINDS}
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
    for film in (rasters.raster_film(one_record(), 9), learning.learning_film(hero.course())):
        assert len(film["frames"]) == len(film["captions"]) > 3
        differences(film["frames"])  # raises where frames have other parts


def test_seeds_are_told_where_there_are_several():
    for name in DRAWN:
        one, three = (everything()[f"{name}, {seeds}"] for seeds in (1, 3))
        assert "3 seeds" in label(three) or "3 draws" in label(three), name
        assert "3 seeds" not in label(one) and "3 draws" not in label(one), name


def test_names_that_differ_look_differently():
    names = ["STDP", "DH", "2 DH − contrast", "contrastive", "backprop", "mirrored", "error-based"]
    assert len(set(looks.apart(names))) == len(names)
    assert looks.apart(["DH, once", "DH, twice"])[0] == "dh"


# ---------------------------------------------------------------------- learning


def test_the_hero_ends_with_a_staircase_and_shows_what_is_stored():
    drawing, made = hero.hero(), hero.course()
    spikes = learning.drawn_spikes(made)
    shares = [learning.hits(s, made["labels"]) for s in spikes]
    assert shares[0] < 0.2 < 0.5 < shares[-1]  # ten neurons: a tenth by chance
    assert "@keyframes" in drawing and len(drawing) < 60_000
    assert f"{100 * shares[0]:.0f} % of the spikes by the right neuron" in label(drawing)
    assert f"reads {made['accuracy'][-1]:.0f} % of digits" in words(drawing)
    assert max(at + hero.FADE for at in hero.STARTS) <= 5.0


def test_the_stored_rates_are_what_training_makes():
    stored, again = hero.course(), hero.make()
    assert again["epochs"] == stored["epochs"] == list(hero.EPOCHS)
    # Sums in another order than the machine's that stored them move an epoch's weights a little.
    np.testing.assert_allclose(again["rates"][0], stored["rates"][0], atol=0.011)
    assert np.abs(np.subtract(again["rates"], stored["rates"])).mean() < 0.05
    np.testing.assert_allclose(again["accuracy"], stored["accuracy"], atol=4)


def test_spikes_that_are_given_are_drawn_and_rates_are_kept_by_those_that_are_not():
    rates = np.zeros((1, 2, 3))
    rates[0, 0, 1] = 1.0
    course = {"epochs": [0], "rates": rates, "labels": [1, 0]}
    drawn = learning.drawn_spikes(course)
    assert drawn.sum() == learning.BINS == drawn[0, 0, :, 1].sum()
    assert learning.hits(drawn[0], [1, 0]) == 1.0 and learning.hits(drawn[0], [0, 0]) == 0.0
    given = course | {"spikes": np.zeros((1, 2, 5, 3))}
    assert "Of all spikes 0 %" in label(learning.draw_learning(given))


# ---------------------------------------------------------------------- spikes


def test_the_spread_of_a_populations_update_is_that_of_its_trains():
    """Against 4000 trials with trains that are drawn."""
    rng, (pre, post) = np.random.default_rng(0), population.rates()
    s = np.subtract.outer(np.arange(population.STEPS), np.arange(population.STEPS))
    K = np.sign(s) * np.exp(-np.abs(s) / 16.0)
    for n in (1, 4):
        shares = [
            (rng.random((4000, population.STEPS, n)) < population.FIRES * r[:, None]).mean(2)
            for r in (pre, post)
        ]
        updates = np.einsum("ks,kt,ts->k", shares[0], shares[1], K)
        mean, deviation = population.spread(n, 16.0)
        assert updates.mean() == pytest.approx(mean, abs=4 * deviation / np.sqrt(4000))
        assert updates.std() == pytest.approx(deviation, rel=0.05)


def test_axes_of_the_population_stay():
    drawings = [everything()[f"population {n}, {tau}"] for n in SIZES for tau in TAUS]
    assert len(set(drawings)) == len(drawings)
    assert len({tuple(ticks(drawing)) for drawing in drawings}) == 1


def test_the_rasters_tell_the_moment_and_how_far_spikes_are_from_rates():
    at = one_record()
    start, end = rasters.draw_rasters(at, 0), rasters.draw_rasters(at)
    assert "in the free phase" in label(start) and "60 ms after the teacher came" in label(end)
    exact = at | {"spikes": at["rates"]}
    free = label(rasters.draw_rasters(exact, 15))
    assert "which is 0.00 from the rate" in free
    film = rasters.raster_film(at, 12)
    assert film["captions"][0] == "-40 ms: free" and film["captions"][-1] == "60 ms: taught"
    plain = {key: value for key, value in at.items() if key not in ("image", "label")}
    assert not any("digit" in w for w in words(rasters.draw_rasters(plain)))


def test_kinds_of_trains_have_one_rate_and_other_spreads():
    rng = np.random.default_rng(0)
    for kind in trains.KINDS:
        spikes = trains.trains(kind, 200, 10.0, rng)
        rate = np.mean([len(row) for row in spikes]) / 10.0
        assert rate == pytest.approx(trains.RATE, rel=0.06), kind
    found = {kind: trains.variances(kind) for kind in trains.KINDS}
    poisson = found["Poisson"]
    np.testing.assert_allclose(poisson, 1 / (5 * np.array(trains.SIZES)), rtol=0.35)
    assert (found["regular"] < found["refractory"]).all()
    assert (found["refractory"] < poisson).all()
    assert found["correlated"][-1] > 8 * poisson[-1]
    with pytest.raises(ArgumentError, match="kind"):
        trains.draw_kind("bursts")
    fixed = {
        tuple(t for t in ticks(trains.draw_kind(kind)) if float(t[0]) > 340)
        for kind in trains.KINDS
    }
    assert len(fixed) == 1  # the axes of the spread stay


# ---------------------------------------------------------------------- charts


def test_charts_tell_their_numbers():
    made = made_up()
    drawn = label(noise.draw_noise(made["noise"]))
    assert "population: 45 at 1, 0.044 at 1024, slope −1.00" in drawn
    assert "draws: 45 at 1, 0.7 at 64, slope −1.00" in drawn
    assert "with DH 1.00, 0.93, 0.90, 0.99" in label(bias.draw_bias(made["bias"]))
    four = label(training.draw_frameworks(made["frameworks"]))
    assert all(f"{name}: STDP 79.4 %, DH 87.3 %" in four for name in ("DFC", "PC", "EP", "DEB"))
    assert "correlated 1.1 to 0.1" in label(trains.draw_kinds(made["kinds"]))


def test_differences_are_taken_seed_by_seed():
    made = {
        "DH": {"epochs": [0, 1], "accuracy": np.array([[10.0, 80], [10, 90]])},
        "2 DH − contrast": {"epochs": [0, 1], "accuracy": np.array([[10.0, 81], [10, 89]])},
    }
    assert "2 DH − contrast 0.0 points, better in 1 of 2" in label(training.draw_better(made))


def test_accuracies_at_the_end_can_be_read_and_axes_fit_what_learns():
    made = made_up()
    drawn = training.draw_frameworks(made["two"] | {"EP": {"STDP": made["courses"]["64 neurons"]}})
    assert words(drawn).count("STDP 79 %") == 3 and "DH 87 %" in words(drawn)
    drawn = training.draw_courses(made["courses"])
    assert {"64 neurons 79 %", "one train 80 %", "64 neurons, at the end"} <= set(words(drawn))
    assert "up to 12 epochs" in label(drawn)


def test_spikes_of_off_cells_look_differently_and_are_said():
    at = one_record()
    mixed = at | {
        "spikes": np.where(np.arange(at["spikes"].shape[1]) % 2, -1.0, 1.0) * at["spikes"]
    }
    plain, signed = (rasters.draw_rasters(r) for r in (at | {"spikes": abs(at["spikes"]),
                     "rates": abs(at["rates"])}, mixed))  # fmt: skip
    said = [any("OFF cells" in word for word in words(d)) for d in (plain, signed)]
    assert said == [False, True]
    assert "last 10 steps" in words(signed)  # 20 ms of 2 ms each


def test_a_guess_stands_in_the_picture():
    made = made_up(3)
    guessed = [
        (noise.draw_noise(made["noise"], 0.01), "you said 0.01 times"),
        (bias.draw_bias(made["bias"], 0.2), "you said 0.2"),
        (trains.draw_kinds(made["kinds"], 0.5), "you said 0.5"),
    ]
    for drawing, said in guessed:
        assert said in words(drawing) and collisions(drawing) == [], said
    plain = [w for name in DRAWN for w in words(everything()[f"{name}, 1"])]
    assert not any(re.search("you said", w) for w in plain)
