"""The landscape of Equilibrium Propagation and its states of rest, against closed forms and limits,
finite differences, and the framework's own way down."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hebblite.errors import ArgumentError
from hebblite.frameworks import EquilibriumPropagation
from hebblite.losses import Landscape, landscape, nudged_energy, settle, states_of_rest
from hebblite.network import Network
from hebblite.rules import Contrastive
from hebblite.stream import Record, fold


def problem(seed, sizes=(3, 4, 2), hidden="tanh", output="linear", scale=1.0, batch=3):
    net = Network(sizes, hidden=hidden, output=output, dtype="float64", seed=seed)
    rng = np.random.default_rng(seed + 1)
    net.weights = [scale * W for W in net.weights]
    net.biases = [rng.normal(0, 0.3, b.shape) for b in net.biases]
    x = rng.normal(0, 1, (batch, sizes[0]))
    target = rng.uniform(0.1, 0.9, (batch, sizes[-1]))
    if output == "softmax":
        target /= target.sum(axis=1, keepdims=True)
    return net, x, target


KINDS = [("tanh", "linear"), ("tanh", "softmax"), ("sigmoid", "same"), ("linear", "linear")]


def pair(W, hidden="tanh", output="same"):
    """Two neurons with the weight W between them, and an input that says nothing."""
    net = Network([1, 1, 1], hidden=hidden, output=output, dtype="float64")
    net.weights = [np.zeros((1, 1)), np.array([[W]])]
    return net, np.zeros((1, 1))


# ---------------------------------------------------------------------- the landscape


@pytest.mark.parametrize(("hidden", "output"), [*KINDS, ("relu", "linear")])
@pytest.mark.parametrize("nudge", [0.0, 0.7, -0.3])
def test_slope_and_bend_are_the_differences_of_the_height(hidden, output, nudge):
    net, x, target = problem(3, hidden=hidden, output=output)
    land, rows = Landscape(net, x, target, nudge), np.arange(3)
    v, h = np.random.default_rng(0).normal(0, 1, (3, 6)), 1e-5
    slope, bend = land.slope(v, rows), land.bend(v, rows)
    for j in range(6):
        d = h * np.eye(6)[j]
        by_height = (land.height(v + d, rows) - land.height(v - d, rows)) / (2 * h)
        assert np.allclose(by_height, slope[:, j], atol=1e-8)
        by_slope = (land.slope(v + d, rows) - land.slope(v - d, rows)) / (2 * h)
        assert np.allclose(by_slope, bend[:, :, j], atol=1e-8)
    assert np.allclose(bend, bend.swapaxes(1, 2))


def test_the_slope_is_minus_how_fast_the_framework_moves_voltages():
    for kind, beta in (("one-sided", 0.4), ("centred", 0.4)):
        net, x, target = problem(5, hidden="sigmoid")
        ep = EquilibriumPropagation(beta, kind, nudged_steps=20, step=0.1)
        block = fold(ep.teach(net, x, target), Record())[0]
        v = np.concatenate(block.voltages, axis=-1)
        land = Landscape(net, x, target, beta)
        for t in (0, 7, 19):
            moved = (v[t + 1] - v[t]) / 0.1
            assert np.allclose(moved, -land.slope(v[t], slice(None)), atol=1e-10)


def test_the_height_of_two_linear_neurons_is_a_bowl_in_closed_form():
    net, x = pair(0.5, "linear")
    x, target = np.array([[2.0]]), np.array([[3.0]])
    net.weights[0][...], net.biases[1][...] = 0.7, -0.2
    first, second = np.linspace(-2, 2, 7), np.linspace(-1, 3, 5)
    made = landscape(net, x, first, second, target, 0.3)
    a, b = np.meshgrid(first, second)
    wanted = (a**2 + b**2) / 2 - 1.4 * a - b * (0.5 * a - 0.2) + 0.15 * (3 - b) ** 2
    assert made.shape == (5, 7) and np.allclose(made, wanted)
    stack = [a.reshape(35, 1, 1), b.reshape(35, 1, 1)]
    heights = nudged_energy(net, x, stack, target, 0.3)
    assert heights.shape == (35, 1) and np.allclose(heights.ravel(), wanted.ravel())


def test_a_landscape_over_any_two_neurons_leaves_the_others_where_they_are():
    net, x, _ = problem(1, batch=1)
    at = [v + 0.1 for v in net.feedforward(x)[0]]
    made = landscape(net, x, [0.3], [-0.4, 0.9], axes=((1, 2), (2, 1)), at=at)
    for row, other in zip(made, (-0.4, 0.9), strict=True):
        moved = [v.copy() for v in at]
        moved[0][0, 2], moved[1][0, 1] = 0.3, other
        assert row[0] == pytest.approx(nudged_energy(net, x, moved)[0], abs=1e-12)
    swapped = landscape(net, x, [-0.4, 0.9], [0.3], axes=((2, 1), (1, 2)), at=at)
    assert np.allclose(swapped, made.T)


def test_without_a_nudge_the_target_has_no_say():
    net, x, target = problem(2)
    v = net.feedforward(x)[0]
    assert np.array_equal(nudged_energy(net, x, v, target), nudged_energy(net, x, v))
    lifted = nudged_energy(net, x, v, target, 0.5) - nudged_energy(net, x, v)
    assert np.allclose(lifted, 0.5 * net.losses(net.feedforward(x)[1][-1], target))


# ---------------------------------------------------------------------- one state of rest


def test_linear_networks_rest_where_linear_algebra_says():
    net, x, target = problem(4, hidden="linear", scale=0.4)
    for nudge in (0.0, 0.8, -0.2):
        at = settle(net, x, target, nudge)
        land = Landscape(net, x, target, nudge)
        S = land.bend(np.zeros((3, 6)), np.arange(3))
        v = np.linalg.solve(S, -land.slope(np.zeros((3, 6)), np.arange(3))[:, :, None])[:, :, 0]
        assert at.rests.all() and at.minimum.all()
        assert np.allclose(np.concatenate(at.voltages, axis=1), v, atol=1e-9)
        assert np.allclose(at.lowest, np.linalg.eigvalsh(S)[:, 0])


@pytest.mark.parametrize(("hidden", "output"), [*KINDS, ("relu", "linear")])
def test_it_is_where_the_framework_comes_to_rest_freely_and_nudged(hidden, output):
    net, x, target = problem(6, hidden=hidden, output=output, scale=0.5)
    ep = EquilibriumPropagation(0.6, free_steps=4000, nudged_steps=4000, step=0.2, steady=1e-12)
    block = fold(ep.teach(net, x, target), Record())[0]
    free = settle(net, x)
    taught = settle(net, x, target, 0.6, start=free.voltages)
    for row, at in ((0, free), (-1, taught)):
        assert at.rests.all()
        for v, w in zip(block.voltages, at.voltages, strict=True):
            assert np.allclose(v[row], w, atol=1e-8)
    assert np.allclose(taught.energy, nudged_energy(net, x, taught.voltages, target, 0.6))


def test_the_value_at_rest_changes_with_the_nudge_as_the_loss_says():
    net, x, target = problem(7, scale=0.6)
    free, h = settle(net, x), 1e-4
    up, down = (settle(net, x, target, s * h, start=free.voltages).energy for s in (1, -1))
    loss = net.losses(free.rates[-1], target)
    assert np.allclose((up - down) / (2 * h), loss, rtol=1e-7)


def test_contrast_of_settled_states_is_what_the_rule_makes_of_the_stream():
    net, x, target = problem(8, scale=0.6)
    ep = EquilibriumPropagation(0.3, free_steps=4000, nudged_steps=4000, step=0.2, steady=1e-12)
    updates = Contrastive()(ep.teach(net, x, target))
    free = settle(net, x)
    taught = settle(net, x, target, 0.3, start=free.voltages)
    for l, dW in enumerate(updates.weights):
        both = [s.rates[l + 1].T @ s.rates[l] / 3 for s in (taught, free)]
        assert np.allclose(dW, both[0] - both[1], atol=1e-8)


def test_an_energy_without_a_minimum_is_told_and_raises_nothing():
    net, x = pair(3.0, "linear")
    at = settle(net, x + 1, start=[np.full((1, 1), 0.1)] * 2)
    assert not at.rests[0] and not at.minimum[0]
    assert states_of_rest(net, x, starts=5, seed=1).lost[0] >= 4


def test_a_place_that_only_stays_if_nothing_disturbs_it_is_no_minimum():
    net, x = pair(2.0)
    at = settle(net, x, start="rest")
    assert at.rests[0] and not at.minimum[0]
    assert at.lowest[0] == pytest.approx(-1.0)  # 1 - W phi'(0)^2


# ---------------------------------------------------------------------- all of them


def rate_at_rest(W):
    """r > 0 of two tanh neurons that excite each other with W > 1: arctanh(r) = W r (1 - r^2)."""
    low, high = 1e-6, 1 - 1e-12
    # v = phi'(v) W r, so arctanh(r) - W r (1 - r^2) = 0
    for _ in range(200):
        middle = (low + high) / 2
        if np.arctanh(middle) < W * middle * (1 - middle**2):
            low = middle
        else:
            high = middle
    return low


@pytest.mark.parametrize("W", [0.5, 0.95, 1.2, 2.0, 4.0])
def test_two_neurons_that_excite_each_other_have_two_states_from_a_weight_of_1_on(W):
    net, x = pair(W)
    found = states_of_rest(net, x, starts=40, saddles=True)
    assert found.lost[0] == 0 and np.all(np.diff(found.energy) >= 0)
    origin = [np.abs(r).max() < 1e-9 for r in zip(*(q[:, 0] for q in found.rates[1:]), strict=True)]
    assert sum(origin) == 1
    if W < 1:
        assert len(found.energy) == found.count[0] == 1 and found.minimum[0]
        return
    assert found.count[0] == 2 and not found.minimum[np.flatnonzero(origin)[0]]
    minima = np.stack([r[found.minimum, 0] for r in found.rates[1:]], axis=1)
    wanted = rate_at_rest(W)
    assert np.allclose(np.sort(np.abs(minima)), wanted, atol=1e-8)
    assert np.allclose(minima[0], -minima[1], atol=1e-8)
    assert found.share.sum() == pytest.approx(1) and (found.share[found.minimum] > 0.2).all()


@given(seed=st.integers(0, 200), kind=st.sampled_from(KINDS[:3]), scale=st.floats(0.2, 2.5))
@settings(max_examples=25, deadline=None)
def test_each_state_is_one_and_its_kind_is_what_a_small_push_shows(seed, kind, scale):
    net, x, target = problem(seed, hidden=kind[0], output=kind[1], scale=scale, batch=2)
    found = states_of_rest(net, x, target, 0.2, starts=6, seed=seed, saddles=True)
    land = Landscape(net, x, target, 0.2)
    v = np.concatenate(found.voltages, axis=1)
    assert np.abs(land.slope(v, found.input)).max() < 1e-9
    assert np.allclose(found.energy, land.height(v, found.input))
    assert np.array_equal(found.count, np.bincount(found.input[found.minimum], minlength=2))
    for b in (0, 1):
        one = found.of(b)
        w = np.concatenate(one.voltages, axis=1)
        gaps = np.abs(w[:, None] - w).max(axis=2) + 9 * np.eye(len(w))
        assert gaps.min(initial=9) > 1e-4 and np.all(np.diff(one.energy) >= 0)
        assert one.share.sum() == pytest.approx(1 - one.lost[0] / 6)
    clear = np.abs(found.lowest) > 1e-3
    pushed = v + 1e-3 * np.linalg.eigh(land.bend(v, found.input))[1][:, :, 0]
    higher = land.height(pushed, found.input) > found.energy
    assert np.array_equal(higher[clear], found.minimum[clear])


def test_a_convex_energy_has_one_state_of_rest_whatever_the_start():
    for seed in range(10):
        net, x, target = problem(seed, hidden="sigmoid", output="same", batch=4)
        found = states_of_rest(net, x, target, 0.5, starts=15, spread=4.0, saddles=True)
        assert (found.count == 1).all() and len(found.input) == 4


def test_more_starts_find_no_fewer_and_a_seed_is_a_seed():
    net, x, _ = problem(11, sizes=(2, 6, 6, 2), scale=3.0, batch=4)
    few, many = (states_of_rest(net, x, starts=n, seed=3) for n in (4, 40))
    assert (few.count <= many.count).all() and many.count.max() > 1
    again = states_of_rest(net, x, starts=40, seed=3)
    assert np.array_equal(many.energy, again.energy)


def test_a_relu_that_is_driven_up_from_0_is_at_no_minimum():
    net, _ = pair(0.0, "relu", "linear")
    net.weights[0][...] = 1.0
    x = np.array([[0.8]])
    stuck = settle(net, x, start=[np.array([[-0.5]]), np.zeros((1, 1))])
    assert stuck.rests[0] and abs(stuck.voltages[0][0, 0]) < 1e-8 and not stuck.minimum[0]
    found = states_of_rest(net, x, starts=20)
    assert found.count[0] == 1
    best = found.of(0)
    assert best.voltages[0][best.minimum][0, 0] == pytest.approx(0.8)


def test_float32_networks_are_settled_in_float64():
    net, x, target = problem(12)
    at, small = (settle(n, x, target, 0.4) for n in (net, net.astype("float32")))
    assert small.energy.dtype == np.float64
    assert np.allclose(at.energy, small.energy, atol=1e-5)


# ---------------------------------------------------------------------- the free phase, watched


def test_the_free_phase_is_a_stream_that_ends_where_the_nudged_one_begins():
    for start in ("rest", "feedforward"):
        net, x, target = problem(13, output="softmax")
        ep = EquilibriumPropagation(0.5, free_steps=25, nudged_steps=3, start=start, block=4)
        free = fold(ep.relax(net, x, target), Record())[0]
        nudged = fold(ep.teach(net, x, target), Record())[0]
        assert free.steps == 25 and nudged.steps == 3
        for a, b in zip(free.voltages, nudged.voltages, strict=True):
            assert np.array_equal(a[-1], b[0])
        assert np.array_equal(free.error[-1], nudged.error[0])
        assert np.allclose(free.error, target - net.readout(free.rates[-1]))
        first = [v * 0 if start == "rest" else v for v in net.feedforward(x)[0]]
        assert all(np.array_equal(a[0], b) for a, b in zip(free.voltages, first, strict=True))
        heights = nudged_energy(net, x, free.voltages)
        assert np.all(np.diff(heights, axis=0) <= 1e-12) and free.apical_when_free


def test_watching_the_free_phase_leaves_no_trace():
    net, x, target = problem(14)
    ep = EquilibriumPropagation(start="last", free_steps=7)
    meta, arrays = ep.state()
    fold(ep.relax(net, x, target), Record())
    assert ep.state()[0] == meta and ep.state()[1]["particles"].shape == arrays["particles"].shape
    with pytest.raises(ArgumentError, match="target"):
        next(ep.relax(net, x, target[:1]))


# ---------------------------------------------------------------------- bad input

BAD = {
    "a nudge without a target": ({"nudge": 0.1}, "target"),
    "a nudge that is no number": ({"nudge": np.nan}, "nudge"),
    "a target too few": ({"target": np.zeros((2, 2)), "nudge": 0.1}, "target"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
@pytest.mark.parametrize("call", [settle, states_of_rest], ids=lambda f: f.__name__)
def test_bad_input_is_named(case, call):
    net, x, _ = problem(0)
    arguments, name = BAD[case]
    with pytest.raises(ArgumentError, match=name):
        call(net, x, **arguments)
    with pytest.raises(ArgumentError, match="net"):
        call("net", x)
    with pytest.raises(ArgumentError, match="x"):
        call(net, x[:, :2])
    with pytest.raises(ArgumentError, match="tolerance"):
        call(net, x, tolerance=0)


def test_bad_places_and_settings_are_named():
    net, x, target = problem(0)
    with pytest.raises(ArgumentError, match="one input"):
        landscape(net, x, [0.0], [0.0])
    one = x[:1]
    for axes in (((0, 0), (1, 0)), ((1, 0), (3, 0)), ((1, 4), (2, 0)), ((1, 0), (1, 0)), (1, 2)):
        with pytest.raises(ArgumentError, match="axes"):
            landscape(net, one, [0.0], [0.0], axes=axes)
    with pytest.raises(ArgumentError, match="first"):
        landscape(net, one, [np.inf], [0.0])
    v = net.feedforward(x)[0]
    for bad in (v[:1], [v[0], v[0]], [v[0][:2], v[1]], "rest", 3, [v[0], v[1] * np.nan]):
        with pytest.raises(ArgumentError, match="voltages"):
            nudged_energy(net, x, bad, target)
    with pytest.raises(ArgumentError, match="start"):
        settle(net, x, start="anywhere")
    with pytest.raises(ArgumentError, match="start"):
        settle(net, x, start=[v[0][None], v[1]])
    with pytest.raises(ArgumentError, match="start"):
        settle(net, x, start=[v[0][None], v[1][None]])
    for bad in ({"starts": 0}, {"spread": 0}, {"seed": -1}, {"saddles": 1}, {"apart": 0}):
        with pytest.raises(ArgumentError, match=next(iter(bad))):
            states_of_rest(net, x, **bad)
