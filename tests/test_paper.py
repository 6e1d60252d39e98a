"""The paper's experiments as claim cards: intervals, verdicts, quantities, and what is stored."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hebblite.data.paper import NAMES, PaperOutcome, stored_outcomes, stored_paper
from hebblite.errors import ArgumentError
from hebblite.experiments.paper.cards import Measured, make_card, make_cards, possible, stored_cards
from hebblite.experiments.paper.claims import CLAIMS, Bound, PaperClaim
from hebblite.experiments.paper.deviations import METHODS_OF, OF, deviations
from hebblite.experiments.paper.flips import FLIPS, tried
from hebblite.experiments.paper.intervals import interval, t_quantile, t_within, verdict
from hebblite.experiments.paper.plans import METHODS
from hebblite.experiments.paper.quantities import NAMED, fall, jump, lowest, values_of


def outcome(method="dfc-dh", seed=0, accuracy=97.0, records=None, shifted=0, failure=None):
    """An outcome as a file has it; three epochs that nobody looked at unless told otherwise."""
    made = {
        "run": {"method": method, "scale": "full", "training": {"seed": seed}, "shifted": shifted},
        "failure": failure, "accuracy": accuracy, "chosen": 2,
        "records": records or [{"epoch": e, "test": 10.0 * e} for e in range(3)],
    }  # fmt: skip
    return PaperOutcome.from_dict(made)


# ---------------------------------------------------------------------- intervals


@pytest.mark.parametrize(
    ("degrees", "level", "t"),
    [(1, 0.95, 12.706), (2, 0.95, 4.303), (3, 0.9, 2.353), (4, 0.95, 2.776), (9, 0.99, 3.250)],
)
def test_the_quantiles_of_students_t_are_those_of_the_tables(degrees, level, t):
    assert t_quantile(degrees, level) == pytest.approx(t, abs=6e-4)


@settings(max_examples=60, deadline=None)
@given(degrees=st.integers(1, 12), t=st.floats(0.01, 8))
def test_t_within_is_the_integral_of_the_density(degrees, t):
    n = degrees
    z = np.linspace(-t, t, 4001)
    c = math.gamma((n + 1) / 2) / (math.sqrt(n * math.pi) * math.gamma(n / 2))
    density = c * (1 + z**2 / n) ** (-(n + 1) / 2)
    whole = float(((density[1:] + density[:-1]) / 2 * np.diff(z)).sum())
    assert t_within(t, n) == pytest.approx(whole, abs=1e-5)


def test_the_interval_of_a_mean_holds_it_as_often_as_it_says():
    rng = np.random.default_rng(0)
    drawn = rng.normal(3.0, 2.0, size=(2000, 4))
    inside = [low <= 3.0 <= high for low, high in (interval(list(row)) for row in drawn)]
    assert 0.935 < np.mean(inside) < 0.965


def test_the_verdict_is_where_the_whole_interval_lies():
    close, low, high = [1.0, 1.01, 0.99], 0.0, 2.0
    assert verdict(close, low, high) == "agrees"
    assert verdict(close, 1.5, 2.0) == "differs"
    assert verdict(close, 1.0, 2.0) == "cannot tell"  # the mean is at the bound
    assert verdict([1.0, 9.0, -7.0], low, high) == "cannot tell"  # they spread too much
    assert verdict([1.0], low, high) == "cannot tell"  # one seed says nothing of the spread
    assert verdict([], low, high) == "cannot tell"
    assert verdict(close, -math.inf, 2.0) == "agrees"


def test_what_a_quantity_cannot_be_is_no_part_of_its_interval():
    high = [0.9999, 0.99, 0.9995]
    assert interval(high)[1] > 1 and verdict(high, 0.9, 1.0) == "cannot tell"
    assert verdict(high, 0.9, 1.0, (-1, 1)) == "agrees"
    assert verdict(high, 0.9999, 1.0, (-1, 1)) == "cannot tell"
    measured = Measured("correlation of x", "", (0.9, 1.0), dict(enumerate(high)))
    assert measured.verdict == "agrees" and measured.interval[1] == 1.0
    for claim in CLAIMS:
        for b in claim.bounds:
            low, top = possible(b.quantity, b.unit)
            assert low < b.high and b.low < top
            assert (low, top) != (b.low, b.high), "this claim could not be wrong"


def test_an_interval_of_no_values_is_refused():
    with pytest.raises(ArgumentError, match="at least one"):
        interval([])


# ---------------------------------------------------------------------- cards


def test_every_quantity_of_every_claim_can_be_computed_and_has_its_deviations():
    differences = 0
    for claim in CLAIMS:
        for bound in claim.bounds:
            assert values_of(bound.quantity, []) == {}
            differences += bound.quantity not in NAMED
            assert bound.low < bound.high and bound.low_small < bound.high_small
        assert OF[claim.name] and METHODS_OF[claim.name]
    names = {claim.name for claim in CLAIMS}
    assert differences == 7 and names == set(OF) == set(METHODS_OF)
    assert set(NAMED) <= {b.quantity for claim in CLAIMS for b in claim.bounds}


def test_accuracies_are_compared_seed_by_seed():
    runs = [
        *(outcome("dfc-dh", seed, 97.0 + seed) for seed in range(3)),
        *(outcome("bp", seed, 96.5 + seed) for seed in (1, 2, 7)),
        outcome("bp", 0, 11.0, shifted=1),  # of the experiment on surprise: no part in this one
    ]
    assert values_of("accuracy of dfc-dh minus bp", runs) == {1: 0.5, 2: 0.5}


def test_a_card_agrees_only_if_all_its_quantities_do():
    claim = PaperClaim("dfc", "c", "w", (
        Bound("accuracy of dfc-dh minus dfc-error-based", -1, math.inf, "points", -1, math.inf),
        Bound("accuracy of dfc-dh minus bp", -1, math.inf, "points", -1, math.inf),
    ))  # fmt: skip
    dh = [outcome("dfc-dh", s, 97 + 0.1 * s) for s in range(3)]
    same = [outcome("dfc-error-based", s, 97 + 0.1 * s) for s in range(3)]
    better = [outcome("bp", s, 99 + 0.11 * s) for s in range(3)]
    assert make_card(claim, [*dh, *same]).verdict == "cannot tell"  # bp is not there yet
    card = make_card(claim, [*dh, *same, *better])
    assert [m.verdict for m in card.measured] == ["agrees", "differs"]
    assert card.verdict == "differs"
    assert "ours: -2.01 points" in card.text() and "3 seeds" in card.text()
    close = [outcome("bp", s, 97.2 + 0.11 * s) for s in range(3)]
    assert make_card(claim, [*dh, *same, *close]).verdict == "agrees"
    other = [PaperOutcome(**{**vars(r), "scale": "small"}) for r in close]
    assert make_card(claim, [*dh, *same, *other]).verdict == "cannot tell"  # none of its scale


def test_what_training_that_failed_has_not_seen_is_no_part_of_a_claim_about_the_end():
    def run(seed, failure):
        records = [
            {"epoch": e, "controller": {"feedback": 1.0 if e == 1 else 0.2},
             "controller of the others": {"feedback": 8.0}}
            for e in range(3)
        ]  # fmt: skip
        return outcome("dfc-dh", seed, records=records, shifted=1, failure=failure)

    runs = [run(0, None), run(1, None), run(2, "diverged (layer 3)")]
    card = make_cards(runs, names=["surprise"])[0]
    jumps, falls = (m.values for m in card.measured)
    assert jumps == {0: 8.0, 1: 8.0, 2: 8.0}  # all three came to the change
    assert falls == {0: 0.025, 1: 0.025}
    assert any("seed 2: training diverged" in d for d in card.deviations)
    up, down = card.measured
    assert up.missing == "1 of 3 runs diverged, and counts as far as it went"
    assert down.missing == "1 of 3 runs diverged, and is not counted"
    text = " ".join(card.text().split())
    assert text.startswith(f"surprise: {card.verdict.upper()} (1 of 3 runs diverged)")
    assert f"{down.why}; {down.missing}" in text
    assert "diverged" not in make_cards(runs[:2], names=["surprise"])[0].text()
    (all_out,) = make_cards(runs[2:], names=["surprise"])
    assert all_out.measured[1].why == "no run came so far"
    both = make_cards([run(0, "diverged"), run(1, "diverged"), run(2, None)], names=["surprise"])[0]
    assert [m.missing for m in both.measured] == [
        "2 of 3 runs diverged, and count as far as they went",
        "2 of 3 runs diverged, and are not counted",
    ]


def test_a_card_tells_of_a_run_that_lost_what_it_had_learned():
    def told(accuracy, **more):
        records = [{"epoch": e, "test": read} for e, read in enumerate((9.0, 96.0, 91.5))]
        run = outcome("deb-dh", 1, accuracy, records=records, **more)
        return " ".join(make_cards([run], names=["deb"])[0].deviations)

    text = told(97.0)
    assert "deb-dh, seed 1: reads 91.5 % after epoch 2, and 97.0 % after epoch 2, the one" in text
    assert "swings" not in text
    assert "reads 91.5 %" not in told(96.0)
    assert "reads 91.5 %" not in told(97.0, failure="diverged (layer 4)")  # (told otherwise)


def test_a_card_tells_from_when_a_framework_with_a_loop_of_its_own_swung():
    records = [
        {"epoch": e, "test": read, "swinging": n, "swinging in half steps": n // 64}
        for e, (read, n) in enumerate(((9.0, 0), (96.0, 0), (91.5, 3), (20.0, 128)))
    ]
    run = outcome("ep-contrastive", 2, 96.0, records=records)
    (told,) = [t for t in make_cards([run], names=["ep"])[0].deviations if "seed 2" in t]
    assert told.endswith("that validation chose; the loop swings from epoch 2 on (in "
                         "steps half as long on 2 of 128 digits at most)")  # fmt: skip


def test_a_card_counts_the_runs_that_its_quantities_are_about():
    runs = [
        outcome("dfc-dh", 0, failure="diverged (layer 4)"), outcome("bp", 0), outcome("bp", 1),
        outcome("dfc-dh", 1, shifted=1, failure="diverged (layer 4)"), outcome("pc-dh", 0),
    ]  # fmt: skip
    card = make_cards(runs, names=["dfc"])[0]
    assert [(m.runs, m.ended) for m in card.measured] == [(1, (0,)), (3, (0,))]
    assert card.missing == "1 of 3 runs diverged"
    assert "with surprise" not in " ".join(card.deviations)
    assert make_cards(runs, names=["pc"])[0].missing == ""


def test_angles_are_those_of_all_weights_and_the_worst_layer_is_told_beside():
    records = [
        {"epoch": e, "angles": {"dh error-based": [0.0, 30.0 + e, 12.0], "dh bp": [1.0, 2.0, 3.0],
                                "stdp-expected dh": [1, 2, 3], "stdp dh": [80, 80, 80]}}
        for e in range(3)
    ]  # fmt: skip
    runs = [outcome("dfc-dh", seed, records=records) for seed in range(2)]
    card = make_cards(runs, names=["angles"])[0]
    assert card.measured[0].values == {0: 12.0, 1: 12.0} and card.verdict == "agrees"
    assert any("any single layer: 32 degrees" in r.text for r in card.remarks)


def test_a_name_that_no_card_has_is_answered_with_what_was_meant():
    with pytest.raises(ArgumentError, match="Did you mean surprise"):
        make_cards([], names=["suprise"])


# ---------------------------------------------------------------------- what is stored


def test_the_stored_runs_are_as_planned_and_their_cards_can_be_made():
    assert set(NAMES) == {*METHODS, "samples"}
    for run in (*stored_paper(), *stored_paper(surprise=True)):
        assert run.scale == "full" and not run.flip
        assert run.at("test")[0] or run.method == "samples"
        if run.method in METHODS:
            plan = dict(METHODS[run.method].__dict__)
            assert run.training["lr"] == plan["lr"] and run.training["epochs"] == 40
            assert tuple(run.training["sizes"]) == plan["sizes"]
            best = max(run.records[1:], key=lambda r: r["choose"])
            assert run.accuracy == best["test"] and run.chosen == best["epoch"]
    seen = [(r.method, r.flip, r.scale, r.shifted, r.seed) for r in stored_outcomes()]
    assert len(seen) == len(set(seen))
    made = stored_cards()
    assert [card.name for card in made] == [claim.name for claim in CLAIMS]
    for card in made:
        assert card.verdict in ("agrees", "differs", "cannot tell")
        assert all(len(line) <= 80 for line in card.text().splitlines())


def test_three_seeds_stand_behind_every_quantity():
    for card in stored_cards():
        for m in card.measured:
            assert len(m.values) >= 3 and not m.ended, f"{card.name}: {m.quantity}"


def test_every_flip_of_which_runs_are_stored_is_told_on_a_card():
    """One seed more of one method would hide the flip: all of them have to have the same."""
    stored = stored_outcomes()
    told = {(t.scale, t.flip.name) for t in tried(stored)}
    hidden = {flip.name for flip in FLIPS if flip.control}
    assert {(r.scale, r.flip) for r in stored if r.flip and r.flip not in hidden} == told


def test_an_unknown_method_is_refused_also_while_nothing_is_stored():
    with pytest.raises(ArgumentError, match="Did you mean dfc-dh"):
        stored_paper("dfc-hd")


def surprised(feedback, others=2.0, failure=None, swinging=None):
    """A run with the labels shifted for one epoch; the feedback after each of all."""
    swinging = [0] * len(feedback) if swinging is None else swinging
    records = [
        {"epoch": e, "test": 90.0 - 40 * (n > 0),
         "controller": {"feedback": f, "swinging": n},
         "controller of the others": {"feedback": others}}
        for e, (f, n) in enumerate(zip(feedback, swinging, strict=True))
    ]  # fmt: skip
    return [outcome(seed=3, accuracy=90.0, records=records, shifted=1, failure=failure)]


def test_a_run_that_ends_early_after_the_change_still_shows_the_jump():
    """Its feedback at the end has no meaning; what happened at the change does."""
    runs = surprised([1.0, 0.1, 0.4], failure="diverged (layer 4)")
    assert jump(runs)[3] == pytest.approx(20) and fall(runs) == {}
    assert lowest(runs)[3] == pytest.approx(0.2)
    told = list(deviations("surprise", runs, "full"))
    assert told[-1] == "dfc-dh with surprise, seed 3: training diverged (layer 4) after epoch 2"
    assert not any("seed 3" in line for line in deviations("dfc", runs, "full"))
    assert lowest(surprised([1.0, 0.1])) == {}  # stopped at the change


def test_a_run_whose_loop_swings_at_its_end_says_from_when_and_what_came_before():
    runs = surprised([1.0, 0.1, 0.4, 0.02, 8.0, 6.0], swinging=[0, 0, 0, 0, 3, 2])
    assert fall(runs)[3] == pytest.approx(3) and lowest(runs)[3] == pytest.approx(0.01)
    told = list(deviations("surprise", runs, "full"))[-1]
    assert "reads 50.0 % after epoch 5, and 90.0 % after epoch 2" in told
    assert told.endswith("; the loop swings from epoch 4 on")
    card = next(c for c in make_cards(runs) if c.name == "surprise")
    assert "the least feedback after any epoch since the change: 0.010 times" in " ".join(
        card.text().split()
    )
    calm = surprised([1.0, 0.1, 0.4])
    assert not any("seed 3" in line for line in deviations("surprise", calm, "full"))
