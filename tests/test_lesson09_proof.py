"""Theorem T6 beside the engine: its bench, and what its steps say of whole networks."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hebblite import fold
from hebblite.frameworks import EquilibriumPropagation
from hebblite.lessons.lesson09.proof import T6
from hebblite.lessons.lesson09.proof.bench import Case
from hebblite.rules import Contrastive
from hebblite.rules import DifferentialHebbian as DH
from hebblite.teaching.proofs import Draw
from hebblite.teaching.proofs.kinds import slope_of
from hebblite.teaching.proofs.run_proof import run_box
from hebblite.teaching.proofs.worlds import Lab, sizes_and_hidden

SEEDS = range(60, 68)  # that no check draws
RIGHT = {number: step.reference for number, step in T6.steps.items()}


def case(seed, strength=0.1, *broken):
    return Case(Draw(seed, *sizes_and_hidden(T6, seed), strength, frozenset(broken)))


def worlds(seed, strength=0.1, *broken):
    return T6.bench(Draw(seed, *sizes_and_hidden(T6, seed), strength, frozenset(broken)))


def free_rest(net, x):
    """The rates at rest of one input, as the engine comes there by itself."""
    ep = EquilibriumPropagation(free_steps=4000, nudged_steps=1, step=0.3, steady=1e-14)
    return ep.predict(net, x[None])[0]


# ---------------------------------------------------------------------- the bench


@pytest.mark.parametrize("seed", SEEDS)
def test_states_of_rest_are_those_of_the_engine(seed):
    one = case(seed, 0.2)
    net, x, target = one.circuit.net, one.circuit.x, one.circuit.target
    for kind, nudges in (("one-sided", (None, 0.2)), ("centred", (-0.2, 0.2))):
        ep = EquilibriumPropagation(
            0.2, kind, free_steps=4000, nudged_steps=4000, step=0.3, steady=1e-14, block=5000
        )
        (block,) = list(ep.teach(net, x[None], target[None]))
        for row, nudge in zip((0, -1), nudges, strict=True):
            for r, own in zip(block.rates[1:], one.circuit.rates(one.rest(nudge)), strict=True):
                assert np.abs(r[row, 0] - own).max() < 1e-12


@pytest.mark.parametrize("seed", SEEDS)
def test_rest_is_a_minimum_and_two_valleys_are_two(seed):
    for broken in ((), ("same valley",)):
        one = case(seed, 0.1, *broken)
        assert len(one.valleys) == 1 + len(broken)
        for v in one.valleys:
            assert np.abs(one.circuit.velocity(v, 0.0)).max() < 1e-12
            assert np.linalg.eigvalsh(one.circuit.jacobian(v, 0.0)).max() < 0
            pushed = one.circuit.value(v + 1e-3 * np.random.default_rng(0).normal(size=len(v)), 0.0)
            assert pushed > one.circuit.value(v, 0.0)
        if broken:
            assert np.abs(one.valleys[0] - one.valleys[1]).max() > 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_jacobian_and_what_follows_from_it_are_slopes(seed):
    one = case(seed)
    circuit, v, h = one.circuit, one.any, 1e-6
    for nudge in (0.0, 0.3):
        differences = [
            (circuit.velocity(v + h * d, nudge) - circuit.velocity(v - h * d, nudge)) / (2 * h)
            for d in np.eye(len(v))
        ]
        assert np.allclose(np.transpose(differences), circuit.jacobian(v, nudge), atol=1e-8)
    h = 1e-4
    moved = (circuit.rest(h, one.rest(None)) - circuit.rest(-h, one.rest(None))) / (2 * h)
    assert np.allclose(moved, circuit.by_nudge(one.rest(None)), atol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_downhill_is_the_slope_of_the_loss_that_the_engine_comes_to(seed):
    """By finite differences of the engine's free state, weight by weight."""
    for l, world in enumerate(worlds(seed)):
        net, x = copy.copy(world["net"]), world["rates"][0]
        target = case(seed).circuit.target
        for i, j in {(0, 0), tuple(n - 1 for n in world["W"].shape)}:
            losses = []
            for sign in (1, -1):
                W = world["W"].copy()
                W[i, j] += sign * 1e-4
                net.weights = [*world["net"].weights[:l], W, *world["net"].weights[l + 1 :]]
                losses.append(net.losses(free_rest(net, x), target))
            slope = (losses[0] - losses[1]) / 2e-4
            size = max(np.abs(world["downhill"]).max(), 1e-2)
            assert abs(slope + world["downhill"][i, j]) < 1e-6 * size


def test_each_broken_assumption_breaks_what_it_says():
    one, other = case(60), case(60, 0.1, "symmetric")
    assert one.circuit.down is None
    for W, down in zip(other.circuit.net.weights[1:], other.circuit.down, strict=True):
        assert W.shape == down.shape and np.abs(W - down).max() > 0.05
    assert np.abs(other.circuit.velocity(other.rest(0.1), 0.1)).max() < 1e-12
    early = case(60, 0.1, "at rest")
    assert np.abs(early.circuit.velocity(early.rest(0.1), 0.1)).max() > 1e-3
    assert case(60, 1e-4, "small").nudge == case(60, 0.1, "small").nudge > 0.3


# ---------------------------------------------------------------------- slopes on whole networks


def slopes_of_engine(seed, kind, rule):
    """The order in the nudge of the distance from minus the gradient, all layers at once."""
    found = worlds(seed)
    net, x, target = found[0]["net"], found[0]["rates"][0], case(seed).circuit.target
    distances, nudges = [], (0.01, 0.02, 0.04)
    for nudge in nudges:
        ep = EquilibriumPropagation(
            nudge, kind, free_steps=4000, nudged_steps=4000, step=0.3, steady=1e-14
        )
        (updates,) = fold(ep.teach(net, x[None], target[None]), rule())
        off = [W / ep.span - w["downhill"] for W, w in zip(updates.weights, found, strict=True)]
        distances.append(np.sqrt(sum((part**2).sum() for part in off)))
    return slope_of(nudges, np.array(distances))


@pytest.mark.parametrize(("kind", "order"), [("one-sided", 1), ("centred", 2)])
@pytest.mark.parametrize("rule", [Contrastive, lambda: DH(symmetric=True)])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_engines_contrast_tends_to_the_gradient(seed, rule, kind, order):
    assert slopes_of_engine(seed, kind, rule) == pytest.approx(order, abs=0.15)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_sided_DH_does_not_tend_to_the_gradient_but_to_the_first_term(seed):
    """T6.8: where the layer below moves too, a term of T6.4 stays missing, however weak the
    nudge."""
    for nudge in (1e-3, 1e-4):
        for l, world in enumerate(worlds(seed, nudge)):
            first = np.outer(world["dr"], world["r_free_below"])
            second = np.outer(world["r_free"], world["dr_below"])
            read, size = world["DH"] / nudge, np.abs(world["downhill"]).max()
            assert np.abs(read - first).max() < 20 * nudge * (1 + np.abs(first).max())
            assert np.abs(first + second - world["downhill"]).max() < 1e-9 * max(size, 1)
            assert (np.abs(second).max() == 0) == (l == 0)


# ---------------------------------------------------------------------- the proof, run


def chained(seed, strength, steps=RIGHT):
    return T6.composition.chain(steps, worlds(seed, strength))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_chain_of_steps_predicts_the_gradient_with_order_1(seed):
    nudges = (0.01, 0.02, 0.04)
    off = [[np.abs(a - b).max() for a, b in chained(seed, nudge)] for nudge in nudges]
    for residuals in np.transpose(off):
        if residuals.min() > 1e-9:
            assert slope_of(nudges, residuals) == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_centred_step_has_order_2_and_the_one_sided_one_has_not(seed):
    nudges, step = (0.01, 0.02, 0.04), T6.steps["T6.6"]
    for same in zip(*(worlds(seed, nudge) for nudge in nudges), strict=True):
        off = np.array([np.abs(step(*step.arguments(w)) - w["downhill"]).max() for w in same])
        if off.min() > 1e-9:
            assert slope_of(nudges, off) == pytest.approx(2, abs=0.2)


def test_a_wrong_step_breaks_the_chain():
    box = run_box("T6", dict(RIGHT))
    assert box.look == "right", box.head
    for number in ("T6.3", "T6.5", "T6.7"):
        wrong = T6.steps[number].wrong[0][0]
        assert run_box("T6", {**RIGHT, number: wrong}, trust=True).look == "wrong", number


@given(st.integers(100, 10_000), st.floats(0.01, 0.3))
@settings(max_examples=15)
def test_steps_hold_in_any_network(seed, nudge):
    """T6.2, T6.3 and T6.4 by differences of the value and of the loss, T6.7 exactly."""
    h = 1e-4
    for world in worlds(seed, nudge):
        up, down = (world["F_of_nudge"](nudge + s * h) for s in (1, -1))
        assert (up - down) / (2 * h) == pytest.approx(world["e"] @ world["e"] / 2, rel=1e-5)
        d = np.random.default_rng(seed).normal(size=world["W"].shape)
        for name, slope in (
            ("F_of_W", T6.steps["T6.3"]), ("L_of_W", T6.steps["T6.4"]),
        ):  # fmt: skip
            up, down = (world[name](world["W"] + s * h * d) for s in (1, -1))
            expected = np.vdot(slope(*slope.arguments(world)), d)
            assert (up - down) / (2 * h) == pytest.approx(expected, rel=1e-4, abs=1e-7)
        ends = T6.steps["T6.7"]
        assert np.allclose(ends(*ends.arguments(world)), world["DH_sym"], atol=1e-13)


def test_the_worlds_of_one_network_have_the_same_nudge_and_error():
    for net in Lab(T6, tuple(SEEDS)).nets():
        assert len({world["nudge"] for world in net}) == 1
        assert all(np.array_equal(world["e"], net[0]["e"]) for world in net)
