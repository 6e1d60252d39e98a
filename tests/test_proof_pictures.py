"""What a learner sees of a proof: pictures without overlaps whose words are true, blocks whose
every order is judged, and steps that are chained."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

import numpy as np
import proof_data
import pytest

from hebblite import Network
from hebblite.teaching.boxes import Box, Fold, Grid, marked
from hebblite.teaching.placing import text_width
from hebblite.teaching.proofs import (
    Bound,
    Exact,
    Gradient,
    Mean,
    Order,
    arrange,
    draw_assumptions,
    run_proof,
    statement,
    steps,
    symbols,
    theorem,
    theorems,
    theory,
)  # fmt: skip
from hebblite.teaching.proofs.arrange import Block, arranged, blocks_of, judge_order
from hebblite.teaching.proofs.assumption_table import FAILS, HOLDS, assumptions_box
from hebblite.teaching.proofs.formulas import formula
from hebblite.teaching.proofs.kinds import slope_of
from hebblite.teaching.proofs.order_picture import draw_order, worst_of
from hebblite.teaching.proofs.places import Mark, mark, place, spot, told_apart
from hebblite.teaching.proofs.run_picture import Run, draw_run
from hebblite.teaching.proofs.run_proof import run_box
from hebblite.teaching.proofs.smallest import smallest
from hebblite.teaching.proofs.smallest_picture import (
    can_draw,
    draw_smallest,
    drawing_of,
    rate_words,
)
from hebblite.teaching.proofs.symbols_table import (
    meaning_and_shape,
    statement_box,
    symbols_box,
)
from hebblite.teaching.proofs.theorem_map import TOLD, Node, draw_theorem_map, nodes_of, rows_of
from hebblite.teaching.proofs.verdict import holds, verdict
from hebblite.teaching.proofs.worlds import Lab

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"−?\d+(?:\.\d+)?(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")

# ---------------------------------------------------------------------- a theorem that can be run

T98 = theorem(
    "T98", "pushes go down and come up", lesson="98", bench=proof_data.phases,
    assumptions=dict(proof_data.T3.assumptions), symbols=dict(proof_data.T3.symbols),
)  # fmt: skip


@T98.step(
    "T98.2", "small pushes add up", left="dv", claim=Order(2), needs=("T98.1",),
    because="step T98.1 says so, and a rate changes by its slope", hints=("Slopes.", "Times."),
    uses=("rest at the start", "rest at the end", "weak"),
)  # fmt: skip
def add_up(a, W, D_below, dv_below):
    return a + W @ (D_below * dv_below)


@T98.step(
    "T98.1", "a change has two sources", left="dv", claim=Exact(),
    because="two states of rest are subtracted", hints=("Rest.", "Subtract."),
    uses=("rest at the start", "rest at the end"),
)  # fmt: skip
def two(a, W, dr_below):
    return a + W @ dr_below


@T98.step(
    "T98.3", "from layer to layer", left="a_below", claim=Exact(), because="the chain rule holds",
    hints=("Chain.", "Transpose."), uses=("aligned",),
)  # fmt: skip
def down(W, D_below, a):
    return D_below * (W.T @ a)


add_up.wrong("the slopes are missing.")(lambda a, W, D_below, dv_below: a + W @ dv_below)
two.wrong("the layer below is missing.")(lambda a, W, dr_below: a)
down.wrong("the slopes of the layer below are missing.")(lambda W, D_below, a: W.T @ a)


@T98.compose("every change, from the push at the top", claim=Order(2))
def from_the_top(made, worlds):
    a = [worlds[-1]["a"]]
    for world in reversed(worlds):
        a.insert(0, np.asarray(made["T98.3"](world["W"], world["D_below"], a[0])))
    dv, pairs = a[0], []
    for here, world in zip(a[1:], worlds, strict=True):
        dv = np.asarray(made["T98.2"](here, world["W"], world["D_below"], dv))
        pairs.append((dv, world["dv"]))
    return pairs


del theory._theorems["T98"]  # it is no lesson's


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    """In these tests the made-up theorems are found, beside those of the lessons: a lesson that was
    first imported here would be forgotten afterwards."""
    theorems()
    known = {one.number: one for one in (T98, *proof_data.THEOREMS)}
    monkeypatch.setattr(theory, "_theorems", theory._theorems | known)


def no_slopes(a, W, D_below, dv_below):
    return a + W @ dv_below


# ---------------------------------------------------------------------- the smallest network


def worlds(sizes, seed, strength=0.02):
    draw = proof_data.Draw(seed, sizes, "tanh", strength)
    found = proof_data.phases(draw)
    x = np.random.default_rng(seed).normal(size=sizes[0])
    return [{**world, "x": x, "P_below": np.eye(len(world["D_below"]))} for world in found]


SIZES = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 2), (1, 1, 1, 1), (2, 2, 2, 2), (3, 3, 3)]
GIVEN = ("a", "W", "D_below", "dv_below", "P_below")


@pytest.mark.parametrize("sizes", SIZES, ids=lambda s: "-".join(map(str, s)))
def test_labels_of_a_network_never_meet_and_its_numbers_stand_in_its_words(sizes):
    for seed in range(4):
        for world in worlds(sizes, seed):
            assert can_draw(world)
            yours = world["a"] + world["W"] @ world["dv_below"]
            d = drawing_of(world, GIVEN, "dv", world["dv"], yours)
            assert d.clashes() == []
            root = ET.fromstring(d.svg())
            label = root.get("aria-label")
            drawn = [node.text or "" for node in root.iter(f"{SVG}text")]
            said = NUMBER.findall(label)
            for words in drawn:
                assert set(NUMBER.findall(words)) <= set(said), (words, label)
            for name in GIVEN:
                assert any(words.split(" ")[0] == name or name in words for words in drawn), name
            assert f"left side dv = {told_apart(world['dv'], yours)[0]}" in label


def test_what_differs_most_is_marked():
    world = worlds((2, 2, 2), 1)[0]
    yours = world["dv"] + np.array([0.0, 0.1])
    assert mark(world, "dv", world["dv"], yours) == Mark("neurons", 2, 1)
    W = world["W"]
    off = np.zeros((2, 2))
    off[1, 0] = 1.0
    assert mark(world, "dW", W, W + off) == Mark("arrows", 2, 1, 0)
    assert mark(world, "H", 1.0, 2.0) == Mark("whole")
    assert mark(world, "dv", world["dv"], np.zeros(3)) == Mark("whole")
    assert mark(world, "dv", world["dv"], yours * np.nan) == Mark("neurons", 2, 0)
    marks = {
        name: drawing_of(world, GIVEN, name, left, mine).svg().count("data-mark")
        for name, left, mine in (("dv", world["dv"], yours), ("H", 1.0, 2.0))
    }
    assert marks == {"dv": 1, "H": 0}


def test_symbols_are_put_where_they_belong():
    world = {**worlds((1, 2, 1, 2), 2)[-1], "u": np.ones(2), "k": 0.5, "f": abs}
    world["all"] = [np.zeros(2), np.zeros(1), np.ones(2)]
    placed = place(world, ["a", "a_below", "W", "u", "k", "f", "all"])
    at = {(name, layer) for layer, rows in placed.neurons.items() for name, _ in rows}
    everywhere = {("all", 1), ("all", 2), ("all", 3)}
    assert at == {("a", 3), ("a_below", 2), ("u", 3)} | everywhere
    assert [rows[0][0] for rows in placed.arrows.values()] == ["W"] and 3 in placed.arrows
    assert [name for name, _ in placed.whole] == ["k"]
    assert spot({**world, "places": {"k": 1}}, "k", np.ones(2)).layer == 1
    assert spot({**world, "places": {"a": None}}, "a", world["a"]).kind == "whole"
    assert spot({**world, "places": {"W": None}}, "W", world["W"]).kind == "whole"
    assert [rate_words(r) for r in (-1e-5, 0.12345, 7.891)] == ["0", "0.123", "7.89"]


def test_a_world_without_a_small_network_is_not_drawn():
    assert not can_draw({})
    assert not can_draw({"net": None})
    assert not can_draw({"net": Network([5, 9, 2])})
    assert can_draw({"net": Network([1, 1])})


def test_two_sides_are_told_apart_and_bad_numbers_are_said():
    assert told_apart(0.12345, 0.12346) == ("0.12345", "0.12346")
    assert told_apart([1.0, 2.0], [1.0, -2.0]) == ("[1, 2]", "[1, −2]")
    assert told_apart(np.nan, np.inf) == ("NaN", "∞")
    world = worlds((1, 1, 1), 0)[0]
    d = drawing_of(world, GIVEN, "dv", world["dv"], np.array([np.nan]))
    assert "yours NaN" in d.svg() and d.clashes() == []


def test_what_the_search_finds_is_drawn():
    step = proof_data.linear
    told = verdict(step, no_slopes, only_side=True)
    assert told.found is not None
    svg = draw_smallest(told.found)
    assert f"A network {told.found.where}." in svg and "data-mark" in svg
    assert smallest(step, lambda world: step(*step.arguments(world)), step.given) is None


def test_the_smallest_networks_of_all_lessons_are_drawn_without_a_clash():
    drawn = 0
    for step in steps().values():
        for answer, _ in step.wrong[:2]:
            found = verdict(step, answer, only_side=True).found
            if found is not None and can_draw(found.world):
                sides = found.step.left, found.left, found.yours
                assert drawing_of(found.world, found.names, *sides).clashes() == []
                drawn += 1
    assert drawn > 20


# ---------------------------------------------------------------------- of which order


def test_the_picture_of_an_order_says_the_slope_of_the_worst_world():
    k = np.array([1e-4, 1e-3, 1e-2])
    svg = draw_order(k, np.array([k**2, 3 * k, 0.1 * k**3]), 2)
    assert "Its slope is 1.00; the step claims 2." in svg
    assert worst_of(k, np.array([k**2, 3 * k**2, k**3]))[0] == pytest.approx(3e-8)
    assert slope_of(k, k**2) == pytest.approx(2)
    assert np.isnan(slope_of(k, k**2, floor=1e-3))
    assert "below rounding" in draw_order(k, np.full((2, 3), 1e-18), 2, floor=1e-14)
    assert "nan" not in draw_order(k, np.array([[np.nan, np.inf, 1e-3]]), 2)


# ---------------------------------------------------------------------- blocks in order


def test_every_order_of_the_blocks_is_judged():
    blocks = blocks_of(T98)
    true = {b.number: b.letter for b in blocks if not b.wrong}
    assert set(true) == {"T98.1", "T98.2", "T98.3"} and 1 <= len(blocks) - 3 <= 2
    accepted = set()
    for length in range(len(blocks) + 1):
        for order in itertools.permutations([b.letter for b in blocks], length):
            said = judge_order(blocks, " ".join(order))
            inside = set(order)
            if said == "":
                accepted.add(order)
            elif any(b.wrong and b.letter in inside for b in blocks):
                letter = re.match(r"block (\w) is false", said)[1]
                assert next(b for b in blocks if b.letter == letter).wrong in said
            elif order and true["T98.2"] in inside and true["T98.1"] not in inside:
                assert said.endswith(f"and {true['T98.1']} is missing.")
            elif order and inside == set(true.values()):
                assert said == (
                    f"block {true['T98.2']} uses what block {true['T98.1']} shows, "
                    f"so {true['T98.1']} has to come first."
                )
    one, two_, three = (true[f"T98.{k}"] for k in (1, 2, 3))
    right = {(one, two_, three), (one, three, two_), (three, one, two_)}
    assert accepted == right


def test_blocks_are_shuffled_always_alike_and_speak_of_blocks():
    blocks = blocks_of(T98)
    assert blocks == blocks_of(T98)
    assert [b.letter for b in blocks] == list("ABCDEFGH"[: len(blocks)])
    assert [b.number for b in blocks if not b.wrong] != ["T98.1", "T98.2", "T98.3"]
    first = next(b.letter for b in blocks if b.number == "T98.1" and not b.wrong)
    second = next(b for b in blocks if b.number == "T98.2" and not b.wrong)
    assert second.needs == (first,) and second.because.startswith(f"block {first} says so")


def every(kind: str) -> Iterable:
    """All theorems that there are, with those of the tests."""
    steps()
    return [one for one in theorems().values() if one.steps and (kind != "run" or one.composition)]


def test_a_false_block_is_false_and_no_block_says_what_another_says():
    for one in every("arrange"):
        blocks = blocks_of(one)
        assert len({b.says for b in blocks}) == len(blocks), one.number
        for block in (b for b in blocks if b.wrong):
            step = one.steps[block.number]
            written = [a for a, why in step.wrong if why == block.wrong]
            assert written and not any(holds(step, answer) for answer in written)


def test_the_right_order_shows_the_proof_and_wrong_ones_the_reason(monkeypatch):
    blocks = {b.number: b.letter for b in blocks_of(T98) if not b.wrong}
    order = " ".join(blocks[n] for n in ("T98.3", "T98.1", "T98.2"))
    box = arranged("T98", order)
    assert box.look == "right" and isinstance(box.pieces[0], Grid)
    assert [row[0] for row in box.pieces[0].rows] == ["T98.3", "T98.1", "T98.2"]
    for written in (order.lower(), order.replace(" ", ""), order.replace(" ", ", "), order.split()):
        assert arranged("T98", written).look == "right"
    for odd, words in (
        (3, "this is an int"), ("", "this has none"), ("A Z", "no block 'Z'"), (["A", 1], "a list"),
        ("AA", "more than once"), (b"A", "bytes"), ({}, "a dict"), ("1 2", "no block '1'"),
        (np.zeros(2), "an ndarray"), ("✓", "no block '✓'"),
    ):  # fmt: skip
        box = arranged("T98", odd)
        assert box.look == "wrong" and words in box.line, odd
    for nothing in (None, ...):
        assert arranged("T98", nothing).look == "open"
    for number in ("T0", 3, None, "", "T98.1", ["T98"]):
        assert "There is no theorem" in arranged(number, "A").line
    with pytest.raises(AssertionError, match="in this order"):
        arrange("T98", "A", grading=True)
    monkeypatch.setenv("HEBBLITE_GRADING", "1")
    arrange("T98", order)
    with pytest.raises(AssertionError, match="to be put in order"):
        arrange("T98")


@pytest.mark.browser
def test_the_form_is_worked_by_keyboard(browser):
    from browser import run_all, served
    from test_forms import notebook, serious

    with served(
        {"form": notebook("from hebblite.teaching.proofs import *", 'arrange("T3")')}
    ) as url:
        page = browser.new_page(viewport={"width": 700, "height": 1600})
        run_all(page, url, "form")
        form = page.locator("fieldset")
        said = form.get_by_role("status")
        blocks = blocks_of(steps()["T3.1"].theorem)
        for letter in (b.letter for b in blocks if b.wrong):
            form.get_by_label(f"use {letter}").focus()
            page.keyboard.press("Space")
            said.filter(has_text=f"Block {letter} is left out").wait_for()
        order = [b.letter for b in blocks]
        for place, block in enumerate(sorted((b for b in blocks if not b.wrong), key=str_number)):
            form.get_by_label(f"Move block {block.letter} up").focus()
            for _ in range(order.index(block.letter) - place):
                page.keyboard.press("Enter")
            order.remove(block.letter)
            order.insert(place, block.letter)
        form.get_by_role("button", name="Is this a proof?").focus()
        page.keyboard.press("Enter")
        said.filter(has_text="T3 is in order").wait_for()
        assert serious(page, "fieldset") == []


def str_number(block: Block) -> str:
    return block.number


def test_a_block_that_is_missing_is_named():
    blocks = [Block("A", "T1.1", "", ""), Block("B", "T1.2", "", "", needs=("A",))]
    assert judge_order(blocks, "A") == "so far every block is in place, but block B is missing."
    assert judge_order(blocks, "B") == "block B uses what block A shows, and A is missing."


def test_a_formula_is_what_the_function_returns():
    assert formula(two.reference) == "a + W @ dr_below"
    assert formula(lambda a, W: a + 2 * W) == "a + 2 * W"
    wrapped = [
        (lambda a: np.asarray(a * 2)),
        (
            lambda a: (
                a * 2
            )
        ),
    ]  # fmt: skip
    assert {formula(f) for f in wrapped} == {"a * 2"}

    def two_lines(a):
        b = 2 * a
        return b

    hidden = 3
    assert formula(two_lines) == "" and formula(lambda a: a * hidden) == ""
    assert formula(np.sin) == "" and formula(lambda a: no_slopes(a, a, a, a)) == ""
    assert formula(len) == "" and formula(3) == ""


# ---------------------------------------------------------------------- your proof, run


def test_a_proof_runs_with_right_open_and_wrong_steps():
    box = run_box("T98", two.reference, add_up.reference, down.reference)
    assert box.look == "right" and "Your own: steps T98.2 and T98.3." in box.plain()
    assert "Your step T98.1 is right as well" in box.plain()
    assert "at least" in box.line and "A line of order 2" in box.plain()
    box = run_box("T98", None, add_up.reference)
    assert box.look == "open" and "as yours is still open: step T98.3" in box.plain()
    box = run_box("T98", None, lambda a, W, D_below, dv_below: None)
    assert "The model's proof" in box.line
    box = run_box("T98", {"T98.2": no_slopes, "T98.3": down.reference})
    assert box.look == "open" and "as yours is wrong: step T98.2" in box.plain()
    assert "the slopes are missing." in box.plain()
    box = run_box("T98", {"T98.2": no_slopes, "T98.3": down.reference}, trust=True)
    assert box.look == "wrong" and "although the check says wrong: step T98.2" in box.plain()
    assert "it does not predict the engine" in box.line and "only" in box.line


def test_arguments_in_another_order_and_lists_run_too():
    box = run_box("T98", None, lambda W, dv_below, D_below, a: a + W @ (D_below * dv_below),
                  lambda a, W, D_below: list(D_below * (W.T @ a)))  # fmt: skip
    assert box.look == "right"


def test_a_wrong_step_that_the_chain_does_not_use_is_told():
    box = run_box("T98", lambda a, W, dr_below: a, add_up.reference, down.reference)
    assert box.look == "open" and "Of your others, step T98.1 is wrong" in box.plain()
    assert "the layer below is missing." in box.plain()


def run_of(claim, factor=1.0, offset=0.0, **more) -> Run:
    """Three networks, what is predicted being off by so much."""
    measured = [np.array([1.0, -2.0]) * (k + 1) for k in range(3)]
    with np.errstate(all="ignore"):
        pairs = [[(m * factor + offset, m) for m in measured]]
    return Run((0.1,), pairs, claim, 1e-12, "a title", **more)


def test_runs_of_other_claims_say_whether_they_hold():
    assert run_of(Exact()).holds and not run_of(Exact(), 1.001).holds
    assert run_of(Gradient("H", "W"), 1 + 1e-9).holds
    assert not run_of(Gradient("H", "W"), 1 + 1e-5).holds
    assert (
        run_of(Bound("lower"), offset=-0.1).holds and not run_of(Bound("lower"), offset=0.1).holds
    )
    assert (
        run_of(Bound("upper"), offset=0.1).holds and not run_of(Bound("upper"), offset=-0.1).holds
    )
    assert "at most 0.001 of the largest" in run_of(Exact(), 1.001).words()
    assert "lies below what is measured, or on it" in run_of(Bound("lower"), offset=-0.1).words()
    assert "do not lie above" in run_of(Bound("upper"), offset=-0.1).words()
    for odd in (np.nan, np.inf, -np.inf, 1e308, 1e300):
        for claim in (Exact(), Gradient("H", "W"), Bound("upper" if odd < 0 else "lower")):
            run = run_of(claim, odd)
            assert not run.holds or odd == 1e300, (claim, odd)
            assert draw_run(run) and run.words()
    for claim in (Exact(), Gradient("H", "W"), Bound("lower")):
        assert not run_of(claim, np.nan).holds
        (svg,) = draw_run(run_of(claim))
        assert "3 random networks" in ET.fromstring(svg).get("aria-label")
        assert "nan" not in draw_run(run_of(claim, np.nan))[0]


def test_runs_of_an_order_look_at_the_strengths_of_the_claim_alone():
    k = (1e-3, 1e-2, 1e-1, 1.0)

    def run(error, beyond=True):
        pairs = [[(np.ones(2) + error(s), np.ones(2))] for s in k]
        return Run(k, pairs, Order(2), 1e-14, beyond=beyond)

    assert run(lambda s: s**2 if s < 1 else 100.0).holds
    assert not run(lambda s: s if s < 0.05 else 10 * s**2).holds
    assert not run(lambda s: s).holds and "only 10 times" in run(lambda s: s).words()
    assert run(lambda s: 0.0).holds and "below rounding" in run(lambda s: 0.0).words()
    assert draw_run(run(lambda s: np.inf)) and draw_run(run(lambda s: 1e308))
    assert not run(lambda s: np.nan).holds and "not a number" in run(lambda s: np.nan).words()
    first, second = draw_run(run(lambda s: s**2))
    assert "strength 0.1" in first and "A line of order 2" in second


@pytest.mark.parametrize("trust", [False, True])
def test_what_cannot_be_run_gets_a_sentence(trust):
    odd = [(3,), ("f",), (two.reference,) * 9, ({"T98.9": two.reference},), ({1: 2},), ([1, 2],)]
    for given in odd:
        box = run_box("T98", *given, trust=trust)
        assert box.look == "open" and "did not run" in box.line, given
    for number in ("T0", "T93", 4, None):
        assert "There is no theorem" in run_box(number, trust=trust).line
    raising = [lambda a, W, D_below, dv_below: 1 / 0, lambda: 3, lambda *x: x, int, print,
               lambda a, W, D_below, dv_below: np.zeros(99),
               lambda a, W, D_below, dv_below: a * np.nan,
               lambda a, W, D_below, dv_below: a * np.inf,
               lambda a, W, D_below, dv_below: np.exp(1e4 * np.abs(a) + 1e4),
               lambda a, W, D_below, dv_below: 1e308 * np.sign(a),
               lambda a, W, D_below, dv_below: "words"]  # fmt: skip
    for answer in raising:
        box = run_box("T98", {"T98.2": answer, "T98.3": down.reference}, trust=trust)
        assert box.look != "right", answer
        box.html()


# ---------------------------------------------------------------------- boxes


def test_in_a_terminal_everything_is_said(capsys):
    arrange("T98")
    symbols("T98")
    draw_assumptions("T98")
    run_proof("T98")
    statement("T98.1")
    said = capsys.readouterr().out
    for block in blocks_of(T98):
        assert block.says in said
    for words in ("apical drive of this layer", "✗\N{NO-BREAK SPACE}fails", "A line of order 2"):
        assert words in said


def test_a_lesson_that_cannot_be_imported_gets_a_sentence(monkeypatch):
    def broken(*given):
        raise ImportError("numpy is gone")

    for module in ("named", "symbols_table"):
        for name in ("theorems", "find_step"):
            monkeypatch.setattr(f"hebblite.teaching.proofs.{module}.{name}", broken, raising=False)
    for box in (arranged("T98"), run_box("T98"), symbols_box("T98"), statement_box("T98.1"),
                assumptions_box("T98")):  # fmt: skip
        assert box.look == "open" and "numpy is gone" in box.line


def test_indices_in_words_are_lowered_and_raised_and_names_are_left_alone():
    def plain(words):
        return marked(words).replace(" style='line-height:0'", "")

    assert plain("J_{l-1} = J_l W^T") == "J<sub>l-1</sub> = J<sub>l</sub> W<sup>T</sup>"
    assert plain("k_p^2 (A z)^T |z|^2 s_max") == (
        "k<sub>p</sub><sup>2</sup> (A z)<sup>T</sup> |z|<sup>2</sup> s<sub>max</sub>"
    )
    for name in ("dr_below", "my_f", "step_1", "`a_l`", "10^-3", "__init__", "a_b_c"):
        assert marked(name) in (name, "<code>a_l</code>")


# ---------------------------------------------------------------------- tables and the map


def test_symbols_say_meaning_and_shape():
    assert meaning_and_shape("apical drive, (n,)") == ("apical drive", "(n,)")
    assert meaning_and_shape("weights (n, m)") == ("weights", "(n, m)")
    assert meaning_and_shape("slopes phi'(v_l), (n_L, n)") == ("slopes phi'(v_l)", "(n_L, n)")
    assert meaning_and_shape("the gain, a number") == ("the gain", "a number")
    assert meaning_and_shape("the gradient by these weights, as W")[1] == "as `W`"
    assert meaning_and_shape("H as a function of W") == ("H as a function of W", "a function")
    grid = symbols_box("T98").pieces[0]
    assert isinstance(grid, Grid) and ("`W`", "weights between the two", "(n, m)") in grid.rows
    for odd in ("T0", None, 3, []):
        assert "There is no theorem" in symbols_box(odd).line


def test_shapes_of_symbols_are_those_of_the_worlds():
    for one in (one for one in every("symbols") if one.lesson < "90"):
        worlds = [w for w in Lab(one, (0, 1)).worlds() if w]
        random = {s.left for s in one.steps.values() if isinstance(s.claim, Mean)}
        for name, said in one.symbols.items():
            _, shape = meaning_and_shape(said)
            for value in (world[name] for world in worlds if name in world):
                if name in random:  # the symbol stands for one of the values that it draws
                    value = value(np.random.default_rng(0), 2)[0]
                if callable(value):
                    assert shape == "a function", (one.number, name)
                elif shape.startswith("as "):
                    like = shape.removeprefix("as ").strip("`")
                    assert all(np.shape(w[name]) == np.shape(w[like]) for w in worlds if name in w)
                else:
                    wanted = 0 if shape == "a number" else len(shape.strip("(,)").split(","))
                    assert np.ndim(value) == wanted, (one.number, name, said)


def test_a_statement_says_nothing_of_the_answer():
    for number, step in steps().items():
        box = statement_box(number)
        assert isinstance(box, Box) and all(isinstance(p, Fold) and not p.open for p in box.pieces)
        said = box.plain()
        assert all(f"`{name}`" in said for name in step.theorem.symbols)
        assert step.title not in said and step.because not in said
    for odd in ("T0.1", None, 3, "T98"):
        assert "There is no step" in statement_box(odd).line


def test_the_table_of_assumptions_is_what_is_measured():
    box = assumptions_box("T93")
    grid = box.pieces[0]
    assert isinstance(grid, Grid)
    for k, (number, step) in enumerate(proof_data.T3.steps.items(), start=1):
        assert grid.columns[k] == number
        fails = {row[0] for row in grid.rows if row[k] == FAILS}
        assert fails == set(step.uses)
        assert all(row[k] in (FAILS, HOLDS) for row in grid.rows)
    for odd in ("T0", None, 3):
        assert "There is no theorem" in assumptions_box(odd).line


def texts_of(svg: str):
    """(text, box) of all words in a map's nodes, with the frame of each."""
    root = ET.fromstring(svg)
    for group in root.iter(f"{SVG}g"):
        frame = group.find(f"{SVG}rect")
        left, top, width, height = (float(frame.get(k)) for k in ("x", "y", "width", "height"))
        yield (left, top, left + width, top + height), group.findall(f"{SVG}text")


def test_the_map_fits_its_frames_and_says_what_is_drawn():
    nodes = nodes_of(dict.fromkeys(()))
    long = nodes[2]._replace(assumes=("one input", "rest at the start", "weak", "aligned"), steps=6)
    for drawn in (nodes, [*nodes[:2], long, *nodes[3:]]):
        svg = draw_theorem_map(drawn)
        frames = list(texts_of(svg))
        assert len(frames) == len(drawn)
        for (left, top, right, bottom), texts in frames:
            for node in texts:
                size = float(node.get("font-size", "12"))
                wide = text_width(node.text or "", size)
                x = float(node.get("x")) - (wide if node.get("text-anchor") == "end" else 0)
                assert left < x and x + wide < right and top < float(node.get("y")) < bottom
        for (a, _), (b, _) in itertools.combinations(frames, 2):
            assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]
        label = ET.fromstring(svg).get("aria-label")
        for node in drawn:
            assert (
                f"{node.number[:1].upper()}{node.number[1:]} (lesson {node.lesson}: {node.title})"
                in label
            )
            assert all(name in label for name in node.assumes)


def test_the_map_has_what_the_steps_say():
    known = {one.number: one for one in every("map")}
    nodes = {node.number: node for node in nodes_of(known)}
    assert set(TOLD) <= set(nodes)
    assert nodes["T98"].assumes and nodes["T98"].steps == 3
    for number, one in known.items():
        named = {name for step in one.steps.values() for name in step.uses}
        assert set(nodes[number].assumes) == named
    depth = {n.number: k for k, row in enumerate(rows_of(list(nodes.values()))) for n in row}
    for node in nodes.values():
        assert all(depth[used] < depth[node.number] for used in node.uses if used in depth)


def test_a_circle_of_theorems_does_not_hang():
    a = Node("T1", "one", "01", ("T2",), (), 0, True)
    b = Node("T2", "two", "01", ("T1",), (), 0, True)
    assert len(rows_of([a, b])) <= 2 and "T1" in draw_theorem_map([a, b])
