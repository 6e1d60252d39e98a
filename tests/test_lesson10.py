"""Lesson 10: what it measures, its pieces in the engine, and the page of four theories."""

from __future__ import annotations

import re

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from hebblite.analysis import angles, backprop_updates
from hebblite.data import stored_cell
from hebblite.frameworks import DendriticMicrocircuit
from hebblite.lessons import lesson10
from hebblite.lessons.lesson10.exercises import lateral_rule
from hebblite.lessons.lesson10.runs import depth, digits, silence
from hebblite.lessons.lesson10.runs.order import first_order, order, problem, slope
from hebblite.rules import ErrorBased
from hebblite.stream import Record
from hebblite.teaching.course_map import lesson

COMPARED = ("DFC", "PC", "EP", "DEB")
#: The files in which each theory may be shown.
SHOWN_IN = {
    "DFC": r"0[3457]_\w+\.ipynb",
    "PC": r"08_\w+\.ipynb",
    "EP": r"09_\w+\.ipynb",
    "DEB": r"",
}


# ---------------------------------------------------------------------- the page of four theories


def compared():
    """The table: rows of cells, without the names of the rows."""
    notebook = nbformat.read(ROOT / "solutions" / "10_dendritic_microcircuit.ipynb", as_version=4)
    (cell,) = [c for c in notebook.cells if c.id == "theories-table"]
    lines = [line for line in cell.source.splitlines() if line.startswith("|")]
    rows = [[part.strip() for part in line.strip("| \n").split(" | ")] for line in lines]
    assert rows[0][-4:] == list(COMPARED)
    return {row[0].strip("* "): row[-4:] for row in rows[2:]}


def test_each_cell_of_the_comparison_leads_to_where_it_was_shown():
    """That the headings are there is what test_links.py looks at."""
    rows = compared()
    assert len(rows) >= 9
    for name, cells in rows.items():
        for theory, cell in zip(COMPARED, cells, strict=True):
            if theory == "EP" and not lesson("09").is_there and "accuracy" not in name:
                continue  # there is nothing to lead to yet
            targets = re.findall(r"\]\(([^#)]*)#[^ ]+\)", cell)
            assert targets, f"{name}, {theory}: no link"
            if "accuracy" not in name:
                assert all(re.fullmatch(SHOWN_IN[theory], to) for to in targets), (name, theory)


#: The rules that a row of accuracies speaks of, a theory at a time.
READS = {
    "accuracy: **DH": ("dh", "dh", "dh", "dh"),
    "accuracy: **its own rule": ("error-based", "error-voltage", "contrastive", "error-based"),
    "accuracy: **backprop": ("gradient",) * 4,
}


def test_its_accuracies_are_those_of_the_stored_runs():
    rows, hidden = compared(), {"EP": "sigmoid"}
    for row, rules in READS.items():
        for theory, rule, cell in zip(COMPARED, rules, rows[row], strict=True):
            trained = ("backprop", rule, hidden.get(theory, "tanh"))
            found = stored_cell(*(trained if rule == "gradient" else (theory.lower(), rule)))
            assert f"[{np.mean(found.accuracies):.2f} %]" in cell, (row, theory)


# ---------------------------------------------------------------------- pieces in the engine


def test_the_pieces_give_what_the_engine_recorded():
    assert lesson10.off_the_engine() < 1e-12
    made = lesson10.phase()
    assert made["v_A"].shape == made["time"].shape and made["label"] in range(10)
    still = made["time"] <= 0
    assert np.abs(made["v_A"][still]).max() < 1e-12 < 1e-3 < np.abs(made["v_A"][-1])
    assert np.ptp(made["v"][still]) < 1e-12


def test_wrong_pieces_are_seen_in_the_engine():
    wrong = lesson10.off_the_engine(step=lambda i, r, X, beta, above, k_I, h: i)
    assert wrong > 1e-3
    assert lesson10.off_the_engine(lambda rates, p, Y, Z: [r @ y.T for r, y in zip(
        rates[1:], Y, strict=True)]) > 1e-3  # fmt: skip


def test_the_lesson_s_rule_is_the_engine_s():
    """One round of exercise 10.2, biases included, on the batch that the engine draws."""
    net, data = digits.fresh(3, dtype="float64"), digits.drawn(3)
    x = data.x[:64].astype(float)
    ours, theirs = (digits.circuit(3, lateral="learned") for _ in range(2))
    ours.without_teacher(net, x)
    silence.one_round(ours, net, x, lateral_rule)
    theirs.rng = np.random.default_rng(0)
    rows = np.random.default_rng(0).integers(len(x), size=64)
    theirs.learn_lateral(net, x[np.argsort(rows, kind="stable")] * 0 + x, silence.RATE, 1, 64)
    again = digits.circuit(3, lateral="learned")
    again.without_teacher(net, x)
    silence.one_round(again, net, x[rows], lateral_rule)
    for name in ("X", "Z", "bias"):
        pairs = zip(getattr(again, name), getattr(theirs, name), strict=True)
        assert all(np.allclose(a, b, atol=1e-12) for a, b in pairs), name


def test_learning_silences_and_one_weight_alone_does_not():
    stops = (0, 60)
    left = silence.silence(seed=1, stops=stops)["left"]
    assert (left[1] < left[0] / 2).all()

    def onto_interneurons_alone(*given):
        dX, dZ = lateral_rule(*given)
        return dX, 0 * dZ

    assert (silence.silence(onto_interneurons_alone, 1, stops)["left"][1] > left[1]).all()


# ---------------------------------------------------------------------- what is measured


@pytest.mark.parametrize("seed", range(4))
def test_T8_is_of_first_order_and_its_first_order_is_backprop_s(seed):
    assert slope(order(seed)) == pytest.approx(1, abs=0.03)
    net, x, target = problem(seed)
    deb = DendriticMicrocircuit(g_som=1e-5)
    rates, a = net.feedforward(x)[1], first_order(net, x, target, deb)
    gradient = backprop_updates(net, x, target)
    for l, (phi, push) in enumerate(zip(net.activations, a, strict=True)):
        made = (phi.slope(rates[l + 1]) * push).T @ rates[l] / len(x)
        size = deb.k * deb.gamma ** (net.depth - 1 - l)
        assert np.allclose(made, size * gradient.weights[l], atol=1e-12)


def test_top_down_weights_that_are_no_transposes_break_it():
    net, x, target = problem(1)
    deb = DendriticMicrocircuit(g_som=1e-3, top_down="random", steps=400, dt=2.5e-3)
    off = angles(ErrorBased()(deb.teach(net, x, target)), backprop_updates(net, x, target))
    assert max(off[:-1]) > 30


def test_sizes_follow_the_law_where_the_nudge_is_weak():
    measured = lesson10.measured_sizes(g_som=0.01)
    deb = DendriticMicrocircuit(g_som=0.01)
    assert np.allclose(measured, deb.k * deb.gamma ** np.arange(3, -1, -1), rtol=0.05)


def test_the_direction_survives_depth_and_the_size_does_not():
    found = depth.over_layers(2, hidden=5)
    assert found["dh"].max() < 25 and found["error-based"].max() < 25
    assert found["share"][0] < 1e-3 < 0.3 < found["share"][-1]


@pytest.mark.parametrize("seed", range(4))
def test_dh_goes_downhill_by_a_matrix_that_gamma_makes_small(seed):
    """For one input and a weak nudge: dv_l = k gamma^(L-l) A_l z_l, and D_l A_l is positive."""
    net, x, target = problem(seed)
    deb = DendriticMicrocircuit(g_som=1e-5, dt=2.5e-3, steps=2000, steady=1e-14)
    track = Record()(deb.teach(net, x[:1], target[:1]))
    rates, z = net.feedforward(x[:1])[1], [target[:1] - net.predict(x[:1])]
    slopes = [phi.slope(r)[0] for phi, r in zip(net.activations, rates[1:], strict=True)]
    for l in range(net.depth - 1, 0, -1):
        z.insert(0, (slopes[l] * z[0]) @ net.weights[l])
    A = np.eye(net.sizes[1])
    for l in range(net.depth):
        if l > 0:
            W = net.weights[l]
            A = np.eye(len(W)) + deb.gamma * W @ np.diag(slopes[l - 1]) @ A @ W.T @ np.diag(
                slopes[l]
            )
        expected = deb.k * deb.gamma ** (net.depth - 1 - l) * A @ z[l][0]
        moved = track.voltages[l][-1, 0] - track.voltages[l][0, 0]
        assert np.allclose(moved, expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max())
        both = np.diag(slopes[l]) @ A
        assert np.allclose(both, both.T) and np.linalg.eigvalsh((both + both.T) / 2)[0] > -1e-12


def test_dh_minds_the_weights_from_interneurons_and_not_a_left_over():
    parts = silence.left_over(3, stops=(0, 300))["parts"]
    assert parts["Z perfect, X as learned"]["dh"] < 20 < parts["as learned"]["dh"]
    assert parts["Z perfect, X as learned"]["error-based"] > 25
    assert parts["both perfect"]["error-based"] < 10


def test_a_constant_left_over_harms_the_rule_that_compares():
    found = silence.constant_left_over(3, rounds=200)
    assert abs(found["left over"]["dh"] - found["perfect"]["dh"]) < 10
    assert found["left over"]["error-based"] > 40 > 10 > found["perfect"]["error-based"]


def test_a_left_over_is_added_to_the_apical_voltages():
    net, deb = digits.fresh(0), digits.circuit(0)
    x = digits.drawn(0).x[:5]
    deb.left_over = [np.full((5, n), 0.25, net.dtype) for n in net.sizes[1:-1]]
    assert not deb.separable(net) and digits.circuit(0).separable(net)
    assert np.abs(deb.without_teacher(net, x).apical[-1] - 0.25).max() < 0.2  # the loop answers
