"""Lesson 09's pictures: true words, axes that stay, labels with room, films with the same parts."""

from __future__ import annotations

import itertools
import re
from functools import cache

import numpy as np
import pytest
from drawn import collisions, label, parse, ticks, words

from hebblite.data import load_digits, one_hot
from hebblite.errors import ArgumentError
from hebblite.frameworks import EquilibriumPropagation
from hebblite.lessons.lesson09.pictures import (
    asymmetry as asymmetric,
)
from hebblite.lessons.lesson09.pictures import (
    curves,
    energy,
    free,
    hero,
    phases,
    spikes,
    terrain,
    tiny,
    valley,
    valleys,
    watched,
)
from hebblite.losses import nudged_energy, settle, states_of_rest
from hebblite.network import Network
from hebblite.rules import Contrastive, DifferentialHebbian
from hebblite.stream import Record, fold
from hebblite.teaching.player import differences

# ---------------------------------------------------------------------- data, as the runs make it


@cache
def problem(hidden="tanh", batch=6):
    net = Network([5, 6, 3], hidden=hidden, output="linear", dtype="float64", seed=2)
    rng = np.random.default_rng(3)
    return net, rng.normal(0, 1, (batch, 5)), rng.uniform(-0.5, 0.5, (batch, 3))


@cache
def value_curve():
    """What ``draw_value`` takes: the mean over a batch, at rest, over nudges of both signs."""
    net, x, target = problem()
    start = settle(net, x)
    nudge = np.linspace(-0.4, 1.0, 29)
    at = [settle(net, x, target, float(b), start=start.voltages) for b in nudge]
    loss = [net.losses(s.rates[-1], target).mean() for s in at]
    return {
        "nudge": nudge,
        "value": np.array([s.energy.mean() for s in at]),
        "loss": np.array(loss),
    }


def contrast(net, low, high, span):
    """Contrastive updates over the span of the nudges, all layers in one vector."""
    both = [
        (a.T @ b - c.T @ e).ravel() / len(a) / span
        for a, b, c, e in zip(
            high.rates[1:], high.rates[:-1], low.rates[1:], low.rates[:-1], strict=True
        )
    ]
    return np.concatenate(both)


@cache
def estimates(seeds=3):
    """What ``draw_estimate`` takes: one row for each of a few networks."""
    nudge = np.geomspace(0.003, 0.3, 7)
    found = {"nudge": nudge, "one-sided": [], "centred": []}
    for seed in range(seeds):
        net = Network([5, 6, 3], output="linear", dtype="float64", seed=seed)
        _, x, target = problem()
        start = settle(net, x)

        def at(beta, net=net, x=x, target=target, start=start):
            return settle(net, x, target, beta, start=start.voltages)

        exact = contrast(net, at(-1e-5), at(1e-5), 2e-5)
        for kind in ("one-sided", "centred"):
            rows = []
            for b in nudge:
                low = at(-b) if kind == "centred" else start
                made = contrast(net, low, at(b), b * (2 if kind == "centred" else 1))
                rows.append(np.linalg.norm(made - exact) / np.linalg.norm(exact))
            found[kind].append(rows)
    return {k: np.array(v) for k, v in found.items()}


def degrees(a, b):
    a, b = a.ravel(), b.ravel()
    return np.degrees(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))


@cache
def angles(draws=4):
    """What ``draw_angles`` takes."""
    ep = EquilibriumPropagation(0.5, free_steps=60, nudged_steps=60)
    rules = Contrastive(), DifferentialHebbian(symmetric=True), DifferentialHebbian()
    found = {"contrastive and symmetrised DH": [], "contrastive and DH": []}
    for seed in range(draws):
        net = Network([5, 6, 3], output="linear", dtype="float64", seed=seed)
        made = fold(ep.teach(net, *problem()[1:]), *rules)
        for name, other in zip(found, made[1:], strict=True):
            found[name].append(
                [degrees(a, b) for a, b in zip(made[0].weights, other.weights, strict=True)]
            )
    return {k: np.array(v) for k, v in found.items()}


@cache
def shares():
    """What ``draw_share`` takes."""
    found = {}
    for hidden in ("tanh", "sigmoid"):
        scale, share = np.array([1.0, 2.0, 4.0, 6.0]), []
        for s in scale:
            net = Network([5, 6, 3], hidden=hidden, output="same", dtype="float64", seed=1)
            net.weights = [s * W for W in net.weights]
            share.append((states_of_rest(net, problem()[1], starts=8).count > 1).mean())
        found[hidden] = {"scale": scale, "share": np.array(share)}
    return found


@cache
def free_states():
    """What ``draw_free`` takes."""
    net, x, _ = problem()
    forward, rest = net.feedforward(x)[1], settle(net, x).rates
    return {"hidden": (forward[1], rest[1]), "output": (forward[2], rest[2])}


@cache
def seen():
    """What ``phases_film`` takes: both phases of a digit, recorded."""
    digits = load_digits()
    net = Network([784, 32, 10], hidden="sigmoid", output="softmax", seed=1)
    ep = EquilibriumPropagation(2.0, free_steps=20, nudged_steps=10)
    x, target = digits.x_test[:1], one_hot(digits.y_test[:1], 10)
    free_, nudged = (fold(f(net, x, target), Record())[0] for f in (ep.relax, ep.teach))
    return free_, nudged, digits.x_test[0], int(digits.y_test[0]), net


def population(layers=("layer 1", "layer 2")):
    """What ``draw_population`` takes."""
    size, rng = 4.0 ** np.arange(6), np.random.default_rng(0)
    rows = np.sqrt(size / (size + 200)) + 0.02 * rng.normal(size=(4, 6))
    return {"population": size, "cosine": {name: rows / (k + 1) for k, name in enumerate(layers)}}


@cache
def energies():
    """What ``draw_energy`` takes."""
    net, x, target = problem()
    ep = EquilibriumPropagation(free_steps=40, start="rest")
    block = fold(ep.relax(net, x, target), Record())[0]
    return nudged_energy(net, x, list(block.voltages))


def asymmetry():
    """What ``draw_asymmetry`` takes."""
    turned, rng = np.array([0.0, 30.0, 60.0, 90.0]), np.random.default_rng(1)
    rows = np.cos(np.radians(turned)) + np.array([0, 0.05, 0.1, 0.2]) * rng.normal(size=(5, 4))
    return {"turned": turned, "cosine": np.minimum(rows, 1)}


RUNS = {
    "backprop": np.array([92.1, 92.2, 92.25]),
    "contrastive": np.array([90.6, 90.7, 90.9]),
    "DH": np.array([90.6, 91.0, 91.2]),
}
LANDSCAPES = list(itertools.product((0.0, 0.1, 0.3, 0.6), valley.KINDS))
VALLEYS = list(itertools.product((0.5, 1.0, 2.0, 3.0), (-0.6, 0.0, 0.1, 0.6)))


@cache
def everything():
    film = watched.phases_film(*seen(), count=12)["frames"]
    found = {
        "hero": hero.hero(),
        "phases": phases.draw_phases(),
        "value": curves.draw_value(value_curve()),
        "value, tangent elsewhere": curves.draw_value(value_curve(), 1.0),
        "estimate": curves.draw_estimate(estimates()),
        "estimate of one": curves.draw_estimate(
            {"nudge": estimates()["nudge"], "one-sided": estimates()["one-sided"][0]}
        ),
        "angles": spikes.draw_angles(angles(), 10.0),
        "share": valleys.draw_share(shares(), guess=40.0),
        "free": free.draw_free(free_states()),
        "free, one": free.draw_free({"hidden": free_states()["hidden"]}),
        "population": spikes.draw_population(population(), 500),
        "population, one": spikes.draw_population(
            {**population(), "cosine": population()["cosine"]["layer 1"]}
        ),
        "energy": energy.draw_energy(energies()),
        "asymmetry": asymmetric.draw_asymmetry(asymmetry(), 0.3),
        "accuracy": spikes.draw_accuracy(RUNS, guess=91.5),
        "accuracy of one": spikes.draw_accuracy({k: y[:1] for k, y in RUNS.items()}, 10.0),
        "accuracy and chance": spikes.draw_accuracy(RUNS, chance=10.0),
        "first moment": film[0],
        "nudged moment": film[-1],
    }
    found |= {f"landscape {at}": valley.draw_landscape(*at) for at in LANDSCAPES}
    found |= {f"valleys {at}": valleys.draw_two_valleys(*at) for at in VALLEYS}
    return found


# ---------------------------------------------------------------------- what holds for all


def test_words_have_room_in_every_picture_at_the_ends_of_every_slider():
    for name, drawing in everything().items():
        assert collisions(drawing) == [], name


def test_axes_stay_and_every_setting_shows():
    for name in ("landscape", "valleys"):
        drawings = [d for key, d in everything().items() if key.startswith(f"{name} (")]
        assert len(drawings) >= 12 and len({label(d) for d in drawings}) == len(drawings)
        shown = [set(ticks(d)) for d in drawings]
        assert len(set.intersection(*shown)) >= 5


def test_films_differ_in_attributes_and_words_only():
    film = watched.phases_film(*seen(), count=12)
    differences(film["frames"])  # raises where frames have other parts
    assert len(film["frames"]) == len(film["captions"]) == len(set(film["captions"]))


# ---------------------------------------------------------------------- contours


@pytest.mark.parametrize("level", [0.3, 1.1, 1.7])
def test_contours_of_a_bowl_are_closed_circles_and_of_a_slope_lines_to_the_edge(level):
    y, x = np.mgrid[-2:2:41j, -2:2:41j]
    (line,) = terrain.contour(x**2 + y**2, level)
    assert np.array_equal(line[0], line[-1])
    assert np.allclose(np.hypot(*(0.1 * line - 2).T), np.sqrt(level), atol=3e-3)
    (line,) = terrain.contour(x + 0.3 * y, level)
    places = 0.1 * line - 2
    assert np.allclose(places[:, 1] + 0.3 * places[:, 0], level)
    edges = line[[0, -1]]
    assert (((edges == 0) | (edges == 40)).any(axis=1)).all()


def test_contours_at_a_pass_part_or_meet_as_the_middle_of_the_cell_says():
    two = np.array([[1.0, 0.0], [0.0, 1.0]])
    for level, joined in ((0.45, True), (0.55, False)):
        lines = terrain.contour(two, level)
        assert len(lines) == 2 and all(len(line) == 2 for line in lines)
        corner = min(lines, key=lambda line: line.sum())  # the line nearest the corner (0, 0)
        ends = {round(float(place), 6) for place in corner.ravel()}
        assert (ends != {0.0, round(1 - level, 6)}) == joined
    assert terrain.contour(two, 2.0) == []


# ---------------------------------------------------------------------- hero and schematic


def test_the_hero_tells_what_one_contrastive_update_does():
    told, film = hero.story(), hero.hero()
    assert told.free.v[1] < told.after.v[1] < told.nudged.v[1] < hero.TARGET
    net = tiny.tiny(hero.LOWER, hero.UPPER, "linear")
    made = (told.nudged.product - told.free.product) / hero.NUDGE
    assert told.change == pytest.approx(hero.RATE * made, abs=1e-8)
    # A large nudge says too little, but which way is down it says.
    assert 0.4 < told.change / (hero.RATE * tiny.downhill(net, hero.TARGET)) < 1
    for rest, curve in zip((told.free, told.nudged, told.after), told.curves, strict=True):
        k = int(curve.argmin())
        assert abs(hero.V[k] - rest.v[1]) < 0.05
        assert curve[k] == pytest.approx(rest.energy, abs=2e-3)
    said = label(film)
    for value in (told.free.v[1], told.nudged.v[1], told.after.v[1], told.change):
        assert f"{value:.2f}" in said
    assert "@keyframes" in film and len(film) < 40_000
    assert not re.findall(r' opacity="0(?:\.0*)?"', film)  # nothing is hidden at the end


def test_the_schematic_shows_the_engines_two_phases():
    net, free_, nudged = phases.two_phases()
    assert np.array_equal(free_[0], nudged[0])
    for r in (free_, nudged):
        assert all((part > 0).all() and (part <= 1).all() for part in r)
    ep = EquilibriumPropagation(phases.NUDGE, free_steps=2000, nudged_steps=2000, steady=1e-11)
    block = fold(ep.teach(net, free_[0][None], phases.TARGET), Record())[0]
    for l, (a, b) in enumerate(zip(free_, nudged, strict=True)):
        assert np.allclose(block.rates[l][0, 0], a, atol=1e-7)
        assert np.allclose(block.rates[l][-1, 0], b, atol=1e-7)
    update = Contrastive()(ep.teach(net, free_[0][None], phases.TARGET)).weights[1]
    marked = update[phases.POST, phases.PRE]
    assert any(f"∝ {marked:.3f} / nudge" in w for w in words(phases.draw_phases()))


# ---------------------------------------------------------------------- landscapes


def test_the_way_in_the_landscape_is_the_frameworks_stream():
    net = tiny.tiny(valley.LOWER, valley.UPPER)
    target = np.array([[valley.TARGET]])
    for kind, name in (("one-sided", valley.KINDS[0]), ("centred", valley.KINDS[2])):
        ep = EquilibriumPropagation(0.4, kind, 4000, 60, step=tiny.STEP)
        block = fold(ep.teach(net, tiny.X, target), Record())[0]
        at = valley.tilted(0.4, name)
        way = tiny.way(net, valley.TARGET, 0.4, at.low, 60)
        streamed = np.concatenate([v[:, 0] for v in block.voltages], axis=1)
        # The nudge away, too, has only 60 steps in the stream.
        assert np.allclose(way, streamed, atol=1e-6 if kind == "one-sided" else 5e-3)


def test_what_the_synapse_makes_of_the_nudge_is_near_the_slope_and_centred_is_nearer():
    for nudge in (0.1, 0.3, 0.6):
        slope = valley.untilted()[1]
        off = [abs(valley.tilted(nudge, kind).estimate / slope - 1) for kind in valley.KINDS]
        assert off[2] < 0.3 * off[0] and off[2] < 0.3 * off[1] and off[0] < 0.35
        said = " ".join(words(valley.draw_landscape(nudge, valley.KINDS[2])))
        assert f"off by {100 * off[2]:.1f} %" in said
    assert valley.tilted(0.0, valley.KINDS[0]).estimate is None
    with pytest.raises(ArgumentError, match="kind"):
        valley.draw_landscape(0.3, "sideways")


def test_the_path_ends_where_the_picture_puts_the_nudged_state():
    for nudge, kind in LANDSCAPES:
        at = valley.tilted(nudge, kind)
        end = at.low if kind == valley.KINDS[1] else at.high
        begin = at.low if kind == valley.KINDS[2] else at.free
        way = tiny.way(tiny.tiny(valley.LOWER, valley.UPPER), valley.TARGET, end.nudge, begin)
        assert np.allclose(way[-1], end.v, atol=1e-2)
        assert np.abs(way).max() < valley.PLANE.far


def test_two_valleys_are_there_when_the_weight_says_so():
    for weight, drive in VALLEYS:
        at = valleys.valleys(weight, drive)
        drawing = valleys.draw_two_valleys(weight, drive)
        assert (len(at.minima) == 2) == ((weight > 1 and abs(drive) < 0.5) or weight == 3.0)
        assert (at.ends >= 0).sum() >= len(at.ends) - 11  # starts on the ridge stay there
        assert f"{(at.ends == 0).sum()} of 121" in " ".join(words(drawing))
        gaps = np.abs(at.minima - at.way[-1]).max(axis=1)
        assert gaps.min() < 1e-2 or (weight >= 1 and drive == 0)
        assert np.all(np.diff(at.minima[:, 0]) < 0) and len(at.minima) <= 2
        led = words(drawing).count("the feedforward pass leads here")
        assert led == (gaps.min() < valleys.NEAR) and (led == 0 or at.led == gaps.argmin())


def test_starts_end_where_the_engine_settles():
    for weight, drive in ((1.3, 0.05), (2.0, 0.1), (3.0, -0.3)):
        at, net = valleys.valleys(weight, drive), tiny.tiny(1.0, weight)
        first, second = (g.reshape(-1, 1) for g in np.meshgrid(valleys.STARTS, valleys.STARTS))
        x = np.full((len(first), 1), drive)
        there = np.concatenate(settle(net, x, start=[first, second]).voltages, axis=1)
        ends = np.abs(there[:, None] - at.minima).max(axis=2)
        assert np.array_equal(at.ends, ends.argmin(axis=1)) and ends.min(axis=1).max() < 1e-6


# ---------------------------------------------------------------------- charts


def test_the_loss_at_rest_is_the_slope_of_the_value():
    said = label(curves.draw_value(value_curve()))
    off = float(re.search(r"at most ([\d.e−-]+) apart", said)[1].replace("−", "-"))
    assert off < 0.1
    fine = dict(value_curve())
    k = int(np.argmin(np.abs(fine["nudge"])))
    assert f"Its slope here is the loss, {fine['loss'][k]:.2f}" in words(curves.draw_value(fine))
    far = words(curves.draw_value(fine, 1.0))
    assert f"Its slope here is the loss, {fine['loss'][-1]:.2f}" in far
    broken = fine | {"loss": 2 * fine["loss"]}
    told = label(curves.draw_value(broken))
    assert float(re.search(r"at most ([\d.e−-]+) apart", told)[1].replace("−", "-")) > 0.5


def test_slopes_of_the_error_are_fitted_and_told():
    nudge = np.geomspace(0.01, 1, 9)
    made = {"nudge": nudge, "one-sided": 3 * nudge, "centred": np.stack([nudge**2, 9 * nudge**2])}
    said = words(curves.draw_estimate(made))
    assert "from one side: slope 1.00" in said and "to both sides: slope 2.00" in said
    found = estimates()
    assert curves.powers(found["nudge"], found["one-sided"]) == pytest.approx(1, abs=0.1)
    assert curves.powers(found["nudge"], found["centred"]) == pytest.approx(2, abs=0.2)


def test_contrast_is_symmetrised_dh_and_the_chart_says_so():
    rows = angles()["contrastive and symmetrised DH"]
    assert rows.max() < 1e-4
    said = label(spikes.draw_angles(angles()))
    assert "contrastive and symmetrised DH: 0.0, 0.0 degrees in layers 1 to 2" in said
    names = ["contrastive and symmetrised DH", "contrastive and DH", "DH and backprop",
             "contrastive and backprop"]  # fmt: skip
    four = {name: np.full((3, 2), 10.0 * k) for k, name in enumerate(names)}
    assert collisions(spikes.draw_angles(four, 20.0)) == []
    looks = [spikes._apart(names, k) for k in range(4)]
    assert len(set(looks)) == 4 and looks[1] == "dh"


def test_energies_that_fall_and_such_that_do_not_are_told_apart():
    assert "falls in every step for every input" in label(energy.draw_energy(energies()))
    wrong = energies().copy()
    wrong[5, 2] += 1.0
    assert "rises in some steps" in label(energy.draw_energy(wrong))
    made = np.repeat(2.0 ** -np.arange(30.0)[:, None], 3, axis=1)
    assert "after 7 steps" in label(energy.draw_energy(made))


def test_medians_ranges_and_shares_are_told():
    assert "backprop 92.2 percent (92.1 to 92.2)" in label(spikes.draw_accuracy(RUNS))
    assert "you said 40 %" in words(everything()["share"])
    assert "sigmoid: nowhere, 0 percent at 6" in label(everything()["share"])
    found = asymmetry()
    middle = np.median(found["cosine"], axis=0)
    assert "DH: 90.6" in words(everything()["accuracy of one"])
    bars = [float(n.get("x")) + float(n.get("width")) / 2
            for n in parse(everything()["accuracy of one"]).iter()
            if n.tag.endswith("rect") and n.get("fill-opacity") == "0.75"]  # fmt: skip
    names = [float(n.get("x")) for n in parse(everything()["accuracy of one"]).iter()
             if n.tag.endswith("text") and re.search(r": \d", n.text or "")]  # fmt: skip
    assert np.allclose(bars, names, atol=1.5)
    heights = [float(n.get("height")) for n in parse(everything()["accuracy of one"]).iter()
               if n.tag.endswith("rect") and n.get("fill-opacity") == "0.75"]  # fmt: skip
    assert np.allclose(np.array(heights) / heights[0], [1, 90.6 / 92.1, 90.6 / 92.1], rtol=5e-3)
    assert f"{middle[-1]:.2f} at 90".replace("-", "−") in label(asymmetric.draw_asymmetry(found))
    assert "median" not in words(asymmetric.draw_asymmetry(found))  # of few networks
    many = found | {"cosine": np.repeat(found["cosine"], 3, axis=0)}
    assert "median" in words(asymmetric.draw_asymmetry(many))
    size = population()
    top = np.median(size["cosine"]["layer 1"], axis=0)[-1]
    assert f"{top:.2f} with 1024" in label(spikes.draw_population(size))
    moved = np.abs(free_states()["hidden"][1] - free_states()["hidden"][0])
    assert f"hidden: a typical rate moves by {np.median(moved):.3f}" in label(everything()["free"])


# ---------------------------------------------------------------------- the film


def test_the_film_shows_both_phases_as_they_were_recorded():
    free_, nudged, image, which, net = seen()
    at = watched.watched(free_, nudged, image, which, net)
    assert at.on == 20 and len(at.time) == 31 and np.all(np.diff(at.time) > 0)
    assert np.allclose(at.said[at.on], net.readout(free_.rates[-1][-1, 0]))
    assert np.allclose(at.hidden[0][-1], nudged.rates[1][-1, 0])
    assert not at.away(0, at.on).any()
    for t, phase in ((3, slice(0, 21)), (25, slice(20, 31))):
        far = max(np.abs(rates[phase] - rates[20]).max() for rates in at.hidden[:2])
        assert f"{far:.3f} from the free state" in " ".join(words(watched.draw_moment(at, t)))
    film = watched.phases_film(*seen(), count=12)
    assert f"{at.said[-1, which]:.2f} at the end" in film["label"]
    assert "free phase" in film["captions"][0] and "nudged phase" in film["captions"][-1]
    nudge = [len(re.findall(r'<g opacity="1"', f)) for f in film["frames"]]
    assert nudge[0] == 0 and nudge[-1] == 1


def test_blocks_that_do_not_belong_together_are_refused():
    free_, nudged, image, which, net = seen()
    with pytest.raises(ArgumentError, match="nudged"):
        watched.watched(free_, free_, image, which, net)
    with pytest.raises(ArgumentError, match="free"):
        x, target = np.repeat(image[None], 2, axis=0), one_hot(np.array([which] * 2), 10)
        two = fold(EquilibriumPropagation(free_steps=3).relax(net, x, target), Record())[0]
        watched.watched(two, nudged, image, which, net)
