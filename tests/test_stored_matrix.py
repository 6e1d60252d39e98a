"""The matrix that ships with the course: it says the same as its page, and as a run does."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from hebblite.cli import main
from hebblite.data import load_digits, stored_cell, stored_matrix
from hebblite.data.matrix import stored_runs
from hebblite.errors import ArgumentError
from hebblite.experiments.cells import FRAMEWORKS, NATIVE, RULES, why_undefined
from hebblite.experiments.results import as_stored, grouped, stored_outcomes, table
from hebblite.experiments.runs import Plan, run

PAGE = (ROOT / "hebblite" / "experiments" / "README.md").read_text()
ROW = re.compile(r"^(\w+) +(\S+) +(\w+) +([\d.]+ \+- [\d.]+) .*$", re.MULTILINE)


def rows(text):
    """The rows of a table: framework, rule and hidden layers -> all its words."""
    return {m.groups()[:3]: m.group(0).split() for m in ROW.finditer(text)}


def test_each_row_of_the_page_is_the_stored_one():
    page = PAGE[PAGE.index("## The matrix") : PAGE.index("## Learning with spikes")]
    stored = rows(table(grouped(stored_outcomes()), 10))
    shown = {key: row for key, row in rows(page).items() if row[1] not in ("stdp", "hebbian")}
    assert shown == stored


def test_every_cell_that_learns_without_spikes_is_stored_with_five_seeds():
    found = {(c.framework, c.rule) for c in stored_matrix()}
    rules = [r for r in RULES if not r.startswith(("stdp", "dh-", "hebbian"))]
    wanted = {(f, r) for f in FRAMEWORKS for r in rules if why_undefined(f, r) is None}
    assert found == wanted
    for cell in stored_matrix():
        assert cell.seeds == (0, 1, 2, 3, 4)
        for accuracy, failure, course in zip(
            cell.accuracies, cell.failures, cell.courses, strict=True
        ):
            assert failure or course[-1] == pytest.approx(accuracy, abs=0.011)


def test_the_native_rule_and_dh_of_each_framework_are_there():
    for framework, rule in NATIVE.items():
        hidden = "tanh" if framework == "backprop" else None
        assert stored_cell(framework, rule, hidden).mean > 85
        if framework != "backprop":
            assert stored_cell(framework, "dh").mean > 85
    with pytest.raises(ArgumentError, match="got pc stdp"):
        stored_cell("pc", "stdp")


@pytest.mark.parametrize(
    "cell", [("backprop", "gradient", "tanh"), ("pc", "dh", "tanh"), ("ep", "dh", "sigmoid"),
             ("deb", "dh", "tanh")], ids=lambda c: f"{c[0]}-{c[1]}",
)  # fmt: skip
@pytest.mark.long
def test_the_first_epoch_comes_out_again(cell):
    """Other processors round otherwise: half a point of the first epoch's accuracy."""
    framework, rule, hidden = cell
    plan = Plan(framework, rule, 3, hidden=hidden, epochs=1)
    assert run(plan, load_digits()).accuracy == pytest.approx(
        stored_cell(*cell).courses[3][0], abs=0.5
    )


def test_what_is_stored_is_what_the_command_writes():
    outcomes = stored_outcomes()
    assert [o.plan.name for o in outcomes] == [
        Plan(**{k: v for k, v in made["plan"].items() if k in ("framework", "rule", "hidden",
                                                               "seed")}).name
        for made in stored_runs()
    ]  # fmt: skip
    again = as_stored(outcomes)
    assert again.count("\n") == len(outcomes) + 2


def test_matrix_stored_prints_the_table_and_takes_a_part_of_it(capsys):
    assert main(["matrix", "--stored", "--frameworks", "pc", "backprop", "--rules", "dh"]) == 0
    shown = capsys.readouterr().out
    assert "pc         dh" in shown and "ep " not in shown
    assert main(["matrix", "--stored", "--rules", "stdp"]) != 0
    assert "--rules" in capsys.readouterr().err
