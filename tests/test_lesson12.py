"""Lesson 12: what it measures, its verdicts on stored runs, and its pieces beside those of
``experiments.paper``."""

from __future__ import annotations

import re
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from drawn import label

from hebblite.analysis import angle, angles, backprop_updates, common_share
from hebblite.data import one_hot, stored_cell, stored_matrix
from hebblite.data.paper import stored_flips, stored_outcomes, stored_paper
from hebblite.experiments.cells import FRAMEWORKS, RULES, why_undefined
from hebblite.experiments.paper import intervals
from hebblite.experiments.paper.cards import Card, Measured, stored_cards
from hebblite.experiments.paper.claims import CLAIMS
from hebblite.experiments.paper.looks import TIMES
from hebblite.frameworks import Backprop
from hebblite.lessons import lesson12
from hebblite.lessons.lesson12.equations import T95, WORDS, chance_of_a_slip, reading_error, student
from hebblite.lessons.lesson12.exercises import difference, verdict
from hebblite.lessons.lesson12.runs import common, courses, digits, features, full, stored, turned
from hebblite.rules import DifferentialHebbian, ErrorBased, Gradient
from hebblite.stream import fold


def text(cell):
    """The words of a cell of the lesson, on one line."""
    notebook = nbformat.read(ROOT / "solutions" / "12_whole_matrix.ipynb", as_version=4)
    (found,) = [c for c in notebook.cells if c.id == cell]
    return " ".join(found.source.split())


# ---------------------------------------------------------------------- the matrix


def test_live_cells_are_the_matrix_s():
    assert set(digits.FRAMEWORKS) == set(FRAMEWORKS)
    assert set(digits.RULES) <= set(RULES)


@pytest.mark.parametrize(("framework", "rule"), [("backprop", "dh"), ("ep", "error-based")])
def test_an_empty_cell_says_what_the_rule_lacks(framework, rule):
    said = lesson12.train_cell(framework, rule)
    assert said.startswith(f"{rule} has no meaning in {framework}: ")
    assert said.endswith(why_undefined(framework, rule))


def test_a_cell_that_is_not_there_gets_a_sentence():
    assert lesson12.train_cell("dcf", "dh").startswith("'dcf' is none of backprop, dfc")
    assert lesson12.train_cell("dfc", "hd").startswith("'hd' is none of gradient")


def test_a_live_cell_stands_beside_the_stored_one():
    cell = stored_cell("pc", "dh")
    assert f"Stored, with five seeds: {cell.mean:.2f}" in lesson12.train_cell("pc", "dh")
    assert {len(cell.seeds) for cell in stored_matrix()} == {5}


def test_what_the_lesson_says_of_near_cells():
    assert lesson12.near_backprop()[1] == 17
    far = [
        cell.framework
        for cell in stored_matrix()
        if cell.framework != "backprop"
        and cell.mean < stored_cell("backprop", "gradient", cell.hidden).mean - stored.WITHIN
    ]
    assert sorted(far) == ["deb", "deb", "pc"]
    said = text("cell-text")
    assert "all but two of DEB and one of PC" in said
    assert "In PC and DEB the rule `gradient`" in said and "reads less than DH" in said
    for framework in ("pc", "deb"):
        assert stored_cell(framework, "gradient").mean < stored_cell(framework, "dh").mean


# ---------------------------------------------------------------------- turned updates


@pytest.mark.parametrize("kind", turned.KINDS)
@pytest.mark.parametrize("degrees", [0, 30, 85, 100])
def test_updates_are_turned_by_so_much_and_stay_as_long(kind, degrees):
    net, data = digits.fresh(3), digits.drawn(3)
    x, target = data.x[:32], one_hot(data.labels[:32], 10, 0.9)
    rule = turned.Turned(Gradient(), degrees, kind, 3)
    made, plain = rule(Backprop().teach(net, x, target)), backprop_updates(net, x, target)
    for a, b in zip(made.weights, plain.weights, strict=True):
        assert angle(a, b) == pytest.approx(degrees, abs=0.1)
        assert np.isclose(np.linalg.norm(a), np.linalg.norm(b), rtol=1e-4)
    again = rule(Backprop().teach(net, x, target))
    same = np.allclose(made.weights[0], again.weights[0], rtol=1e-4, atol=1e-9)
    assert same == (kind == "mixing" or degrees == 0)


def test_layers_stand_still():
    net = digits.fresh(1)
    before = [w.copy() for w in net.weights]
    rule = turned.Frozen(Gradient(), turned.STILL["layer 2"])
    digits.learn(net, "backprop", rule, 1)
    moved = [not np.array_equal(a, b) for a, b in zip(before, net.weights, strict=True)]
    assert moved == [True, False, True]


def test_changes_of_one_network_are_alike_and_those_of_another_are_not():
    assert features.likeness("backprop", 2) == pytest.approx(1)
    a = np.array([[1.0, 0], [0, 2], [1, 1]])
    assert np.allclose(features.cosines(a, 3 * a), 1)
    assert np.allclose(features.cosines(a, a[:, ::-1]), [0, 0, 1])
    start, _ = features.trained("backprop", 2)
    assert np.array_equal(start.weights[0], features.trained("dh", 2)[0].weights[0])
    other = features.trained("other start", 2)[0]
    assert not np.array_equal(start.weights[0], other.weights[0])


def test_in_layer_1_dh_is_the_error_based_rule():
    """Its input stands still: the lesson says so of what features can tell there."""
    assert "DH *is* the error-based rule there" in text("alike-read")
    net, data = digits.fresh(4), digits.drawn(4)
    states = digits.FRAMEWORKS["dfc"](4).teach(net, data.x[:32], one_hot(data.labels[:32], 10, 0.9))
    off = angles(*fold(states, DifferentialHebbian(), ErrorBased()))
    assert off[0] < 0.1 < min(off[1:])


# ---------------------------------------------------------------------- verdicts


def test_the_factor_is_student_s():
    for free, factor in T95.items():
        assert factor == pytest.approx(intervals.t_quantile(free), abs=6e-4)
    assert student(24) == T95[20] and student(2) == T95[1]


@pytest.mark.parametrize("seed", range(30))
def test_the_exercise_judges_as_the_cards_do(seed):
    values, low, high, t = verdict.cases(seed)
    found = verdict(values, low, high, t)
    for k, column in enumerate(values.T):
        ours = WORDS[int(found[2][k])]
        assert ours == intervals.verdict(list(column), low[k], high[k])
        assert np.allclose((found[0][k], found[1][k]), intervals.interval(list(column)), atol=5e-3)


def test_all_three_verdicts_are_drawn():
    for seeds in (range(4), range(100, 104)):
        told = np.concatenate([verdict(*verdict.cases(seed))[2] for seed in seeds])
        assert set(told) == {-1, 0, 1}


def test_the_learner_s_rule_on_the_cards_says_what_the_cards_say():
    rows = lesson12.judged(verdict, student, stored_cards())
    told = [m.verdict for card in stored_cards() for m in card.measured]
    assert len(rows) == len(told) and len({row[0] for row in rows}) == 10
    for (_, _, seeds, number), word in zip(rows, told, strict=True):
        assert (number is None) == (seeds == 0)
        assert number is None or WORDS[number] == word


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("together", [0.983, 0.995, 0.97]),  # the interval of a correlation would end above 1
        ("together", [0.983]),
        ("angles", [1.0, 8.0, 2.0]),  # and that of an angle below 0
        ("angles", [170.0, 179.0, 178.0]),
        ("dfc", [-0.9, -0.8, -0.85]),
    ],
)
def test_the_learner_s_rule_cuts_intervals_as_the_cards_do(name, values):
    claim = next(c for c in CLAIMS if c.name == name)
    measured = tuple(
        Measured(b.quantity, b.unit, (b.low, b.high), dict(enumerate(values)))
        for b in claim.bounds[:2]
    )
    card = Card(claim, "full", measured, (), ())
    rows = lesson12.judged(verdict, student, [card])
    assert [WORDS[row[3]] for row in rows] == [m.verdict for m in measured]


def verdicts(tolerance, beside):
    made = lesson12.judge_matrix(tolerance, beside)
    return dict(zip(made.names, made.verdicts, strict=True))


def test_what_the_lesson_says_of_tolerances():
    said = text("tolerance-read")
    assert "Beside backprop, 1.6 points make all four agree." in said
    assert set(verdicts(1.6, "backprop").values()) == {"agrees"}
    assert "With 0.25 PC and EP differ, and DFC and DEB cannot tell." in said
    assert verdicts(0.25, "backprop") == {
        "DFC": "cannot tell", "PC": "differs", "EP": "differs", "DEB": "cannot tell",
    }  # fmt: skip
    assert reading_error(94, 2000) == pytest.approx(0.5, abs=0.05)


def test_what_the_lesson_says_of_pairs():
    names, dh, other = lesson12.both()
    _, paired, unpaired = difference(dh, other)
    ratio = dict(zip(names, paired / unpaired, strict=True))
    said = text("pairs-read")
    assert "In DEB pairs more than halve the error" in said and ratio["DEB"] < 0.5
    assert "In DFC, PC and EP, pairs bring nothing on these seeds." in said
    assert all(ratio[name] > 0.95 for name in ("DFC", "PC", "EP"))
    assert "ten values" in said and "their factor is 2.3 in place of 2.8" in said
    assert len(dh) == 5
    assert (round(T95[4], 1), round(T95[8], 1)) == (2.8, 2.3)


def test_numbers_of_the_text_that_follow_from_formulas():
    assert "or 40 %" in text("cards-read") and round(100 * chance_of_a_slip(10)) == 40
    halves = {n: student(n) / np.sqrt(n) for n in (2, 3, 5, 20)}
    assert [round(halves[n], 1) for n in (2, 3, 5)] == [9.0, 2.5, 1.2]
    assert halves[2] - halves[3] > halves[5] - halves[20]
    factors = re.search(r"is ([\d.]+) for two seeds, ([\d.]+) for three, ([\d.]+) for five",
                        text("verdict-text"))  # fmt: skip
    assert [float(f) for f in factors.groups()] == [round(student(n), 1) for n in (2, 3, 5)]


# ---------------------------------------------------------------------- the stored runs


def test_times_of_the_controller_are_those_of_the_runs():
    assert courses.TIMES_MS == TIMES


def test_there_is_a_figure_for_what_is_stored():
    drawn = lesson12.figures(stored_paper(), stored_paper(surprise=True))
    assert drawn and all(label(picture) for picture in drawn.values())
    assert not lesson12.figures(())


def test_the_figure_of_surprise_shows_the_jump_that_the_card_judges():
    runs = stored_paper(surprise=True)
    found = courses.surprise_courses(runs)
    k = int(np.flatnonzero(found["epochs"] == found["change"])[0])
    assert found["epochs"][k + 1] == found["change"]
    jumps = found["DH"][:, k + 1] / found["DH"][:, k]
    card = next(card for card in stored_cards() if card.name == "surprise")
    assert np.allclose(sorted(jumps), sorted(card.measured[0].values.values()), rtol=0.01)
    assert jumps.min() > 50
    drawn = lesson12.figures(stored_paper(), runs)["surprise"]
    before, after = (float(np.median(found["DH"][:, i])) for i in (k, k + 1))
    assert f"{before:.2g} before the change, {after:.2g} after it" in label(drawn)


def cut_short(run, epoch, seed):
    """The same run with another seed, as if it had diverged after an epoch."""
    records = tuple(r for r in run.records if r.get("epoch", 0) <= epoch)
    return replace(run, records=records, seed=seed, failure="diverged (layer 4)")


def test_runs_that_ended_early_have_their_place_in_every_figure():
    planned, shifted = stored_paper(), stored_paper(surprise=True)
    short = [cut_short(run, 25, 90) for run in planned if run.method != "samples"]
    shorter = [cut_short(run, 22, 90) for run in shifted]
    drawn = lesson12.figures([*planned, *short], [*shifted, *shorter])
    assert set(drawn) == set(lesson12.figures(planned, shifted))
    assert all("nan" not in picture for picture in drawn.values())
    one = [cut_short(r, 25, 90) if r.method == "dfc-dh" else r for r in shifted]  # all of a method
    other = [cut_short(r, 25, 90) if r.method == "bp" else r for r in shifted]
    for runs in (one, other):
        drawn = lesson12.figures(planned, runs)
        assert all("nan" not in picture for picture in drawn.values())
        assert any("after epoch 2" in label(picture) for picture in drawn.values())
    lines = lesson12.full_size([*planned, *short], [*shifted, *shorter])
    ended = sum(r.failure is not None for r in (*planned, *shifted) if r.method == "bp")
    whole = sum(r.method == "bp" for r in (*planned, *shifted))
    cut = sum(r.method == "bp" for r in (*short, *shorter))
    assert f"fell at the end: {ended + cut} of {whole + cut} runs by backprop" in lines
    lost = [replace(r, seed=r.seed + 90, accuracy=101.0 + r.accuracy) for r in planned]
    by_bp = sum(r.method == "bp" for r in planned)
    told = f"fell at the end: {by_bp} of {2 * by_bp} runs by backprop"
    assert told in lesson12.full_size([*planned, *lost], [])
    assert max(map(len, lines)) < 62  # as many as fit a page at twice the size


def test_runs_that_ended_before_the_change_have_no_jump_to_show():
    shifted = stored_paper(surprise=True)
    early = [cut_short(run, 5, 90) for run in shifted]
    whole, mixed = (
        lesson12.figures([], runs)["surprise"] for runs in (shifted, [*early, *shifted])
    )
    assert mixed == whole
    assert lesson12.figures([], early) == {}


def test_what_the_lesson_says_of_angles_of_all_weights():
    """They can hide a layer, and do in stored runs."""
    assert "all weights taken together can hide a layer" in text("figure-read")
    looked = [run for run in stored_paper() if run.method in ("bp", "dfc-dh")]
    seen = [degrees for run in looked for degrees in run.at("angles", "stdp-expected dh")[1]]
    assert sum(max(degrees[:-1]) > degrees[-1] for degrees in seen) > len(seen) / 2


def test_what_the_lesson_says_of_the_loop_gain_of_the_stored_runs():
    """Under DH it grows far beyond backprop's."""
    assert "compare the gains printed beside" in text("common-read")
    dh, bp = (np.median(full.gains(stored_paper(method))) for method in ("dfc-dh", "bp"))
    assert dh > 5 * bp


def test_what_the_lesson_says_of_expected_stdp_in_the_stored_runs():
    said = text("cards-read")
    assert "in layer 1 the cosine is 1" in said and "far below 0.99" in said
    runs = stored_paper("samples")
    assert len(lesson12.expected_by_layer(runs)) == len(runs) > 0
    for run in runs:
        (layers,) = [r["cosine"][:-1] for r in run.records if r.get("trains") == "expected"]
        assert layers[0] > 0.995 and min(layers) < 0.95
    assert 'So the card says "differs"' in said
    (card,) = [card for card in stored_cards() if card.name == "samples"]
    assert card.verdict == "differs"


def printed(lesson, cell):
    """What a cell of another lesson printed when it was released, on one line."""
    notebook = nbformat.read(*(ROOT / "solutions").glob(f"{lesson}_*.ipynb"), as_version=4)
    (found,) = [c for c in notebook.cells if c.id == cell]
    return " ".join("".join(out.get("text", "") for out in found.outputs).split())


def test_the_angles_laid_side_by_side_are_those_that_the_lessons_print():
    said = text("common-read")
    (worst,) = re.findall(r"\bDH: (\d+)° in the worst layer", printed("13", "dendrite"))
    assert f"| {worst}° in the worst layer |" in said
    by_dh = re.findall(r"\bDH layer 2: (\d+)° layer 3: (\d+)°", printed("11", "upper-layers"))
    found = sorted(int(angle) for pair in by_dh for angle in pair)
    assert len(by_dh) == 4 and f"| {found[0]}° to {found[-1]}° in layers 2 and 3 |" in said
    (low, high), *_ = re.findall(
        r"DH's update of the output layer: at most (\d+) to (\d+)° off", printed("12", "full")
    )
    assert f"| {low}° to {high}° in the output layer |" in said
    assert "less than 35° in layers 2 and 3" in said and "35°" in text("turned-read")


# ---------------------------------------------------------------------- the common part


def test_what_the_lesson_says_of_the_common_part():
    runs, said = lesson12.common_part(), text("common-read")
    assert set(runs) == {"dh", "backprop"}
    assert all(set(own) == set(common.SEEDS) for own in runs.values())
    assert runs["dh"][0][-1]["epoch"] == common.EPOCHS
    last = [records[-1] for records in runs["dh"].values()]
    ends = re.search(
        r"ends between (\d+)° and (\d+)° from backprop's, and without its common part between "
        r"(\d+)° and (\d+)°", said
    )  # fmt: skip
    low, high, below, above = (float(n) for n in ends.groups())
    assert all(low <= r["dh"][-1] <= high and below <= r["centred"] <= above for r in last)
    assert high - low < 2 + np.ptp([r["dh"][-1] for r in last])
    control = [r for records in runs["backprop"].values() for r in records]
    assert max(r["dh"][-1] for r in control) < float(re.search(r"stays below (\d+)°", said)[1])
    behind = [runs["backprop"][s][-1]["read"] - runs["dh"][s][-1]["read"] for s in common.SEEDS]
    less, more = map(float, re.search(r"between ([\d.]+) and ([\d.]+) points less", said).groups())
    assert less < min(behind) and max(behind) < more
    third = [records[-1]["dh"][-2] for records in runs["backprop"].values()]
    assert min(third) > float(re.search(r"it ends more than (\d+)° off", said)[1])


def test_what_the_lesson_says_of_taking_the_common_part_away():
    said = text("common-read")
    assert "within 20° of the error-based rule on three seeds of three" in said
    assert "Otherwise it reaches 20 to 80°. The accuracy stays as it was" in said
    runs = {name: [r for r in stored_flips() if r.flip == name] for name in ("long", "recentred")}
    assert [r.seed for own in runs.values() for r in own] == [0, 1, 2, 0, 1, 2]
    most = {
        name: [max(a[-2] for a in r.at("angles", "dh error-based")[1]) for r in own]
        for name, own in runs.items()
    }
    assert max(most["recentred"]) < 20 < min(most["long"]) and max(most["long"]) < 80.5
    both = zip(*runs.values(), strict=True)
    assert all(abs(long.accuracy - other.accuracy) <= 0.3 for long, other in both)
    assert all(r.training["epochs"] == 40 for own in runs.values() for r in own)


def test_what_the_lesson_says_of_runs_that_fall():
    """Loops swing where DH falls, and in no other run; with weak control in none."""
    said = text("common-read")
    assert "lose in their last epochs what they had learned" in said
    assert "On a few digits of 128 it swings" in said
    assert "$k_p = 0.2$, no loop swings in 40 epochs" in said
    runs = [*stored_paper("dfc-dh"), *stored_paper("dfc-dh", surprise=True)]
    told = [r for r in runs if r.at("controller", "swinging")[1] and not r.failure]
    assert told
    for run in told:
        epochs, swinging = run.at("controller", "swinging")
        since = [epoch for epoch, inputs in zip(epochs, swinging, strict=True) if inputs]
        assert run.lost == bool(since)
        assert not since or (since[0] > 30 and 0 < max(swinging) <= 10)
    assert any(run.lost for run in told)
    weak = [r for r in stored_outcomes() if r.scale == "full" and r.flip == "weak-control"]
    assert len(weak) == 3 and {r.method for r in weak} == {"dfc-dh"}
    for run in weak:
        assert run.at("controller", "swinging") == (list(range(41)), [0] * 41) and not run.lost
        assert dict(run.training["framework_settings"])["k_p"] == 0.2


def test_what_the_lesson_says_of_equilibrium_propagation():
    """Both rules fall, the contrast first; planned steps swing then, half of them do not."""
    said = text("common-read")
    assert "both rules fall to chance, and the contrast falls before DH" in said
    assert "all 128 digits swing. With steps half as long, the same weights swing on none" in said
    fell, looked = {}, 0
    for method in ("ep-dh", "ep-contrastive"):
        for run in stored_paper(method):
            record = next(r for r in run.records if r["epoch"] and r["test"] < 60)
            fell[method, run.seed] = record["epoch"]
            assert run.lost and run.records[-1]["test"] < 30
            if "swinging" in record:  # (the first seed was not looked at)
                assert (record["swinging"], record["swinging in half steps"]) == (128, 0)
                looked += 1
    assert looked >= 4
    assert all(fell["ep-contrastive", seed] < fell["ep-dh", seed] for seed in range(3))


def test_the_common_part_of_an_update_is_what_a_softmax_does_not_see():
    rng = np.random.default_rng(0)
    update = rng.normal(size=(10, 7)) + rng.normal(size=7)
    r = rng.normal(size=7)
    seen = [(u @ r) - (u @ r)[0] for u in (update, common.centred(update))]
    assert np.allclose(*seen)
    assert common_share(common.centred(update)) == pytest.approx(0, abs=1e-12)
    assert common_share(np.ones((10, 7))) == pytest.approx(1)
    net, data = digits.fresh(5), digits.drawn(5)
    down = backprop_updates(net, data.x[:32], one_hot(data.labels[:32], 10, 0.9))
    assert common_share(down.weights[-1]) < 1e-5


@pytest.mark.claims
@pytest.mark.parametrize("method", ["dh", "backprop"])
def test_stored_runs_of_the_common_part_are_what_the_command_makes(method):
    made = common.measure(method, 0, common.EVERY)
    for now, then in zip(made, lesson12.common_part()[method][0], strict=False):
        assert now["epoch"] == then["epoch"] and now["dh"] == pytest.approx(then["dh"], abs=2)
        assert now["read"] == pytest.approx(then["read"], abs=0.5)
