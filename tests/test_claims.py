"""Claims: each stands in its lesson word for word, and holds on seeds that nobody chose."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from conftest import ROOT

from hebblite.cli import main
from hebblite.teaching import claims as module
from hebblite.teaching.claims import Claim, claims, with_claims

LESSONS = with_claims()
CLAIMS = [made for lesson in LESSONS for made in claims(lesson)]
#: The first of the seeds on which claims are tried here.
FIRST = 7_000


def plain(text: str) -> str:
    """Text without line ends and emphasis, so that it can be searched."""
    return re.sub(r"\s+", " ", re.sub(r"[*_`]", "", text))


def written(lesson: str) -> str:
    """All Markdown of a lesson."""
    (path,) = (ROOT / "solutions").glob(f"{lesson}_*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return plain("\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown"))


@pytest.mark.parametrize("made", CLAIMS, ids=lambda made: made.number)
def test_a_claim_is_said_in_its_lesson(made):
    assert plain(made.said) in written(made.number[:2])
    assert len(made.said.split()) >= 4, "too short to make a claim"


def improbable(claim: Claim, values: list) -> bool:
    """Whether so few values hold that a true claim would show as few in one of 100 draws."""
    n, k = len(values), sum(map(claim.holds, values))
    chance = (math.comb(n, i) * claim.share**i * (1 - claim.share) ** (n - i) for i in range(k + 1))
    return sum(chance) < 0.01


def few(claim: Claim) -> range:
    """Seeds for a small version of ``python -m hebblite claims``: as many as it takes for the claim
    to be refuted where none of them holds. For a claim that is made of every seed that is one."""
    seeds = 1
    while not improbable(claim, [math.nan] * seeds):
        seeds += 1
    return range(FIRST, FIRST + seeds)


@pytest.mark.claims
@pytest.mark.parametrize("made", CLAIMS, ids=lambda made: made.number)
def test_a_claim_holds_on_a_few_new_seeds(made):
    values = [made(seed) for seed in few(made)]
    assert all(isinstance(value, bool) or math.isfinite(value) for value in values), values
    assert not improbable(made, values), values


@pytest.mark.parametrize("share", sorted({made.share for made in CLAIMS}))
def test_every_claim_can_be_refuted_by_the_few_seeds(share):
    claim = example(share, low=1)
    assert improbable(claim, [0 for _ in few(claim)])
    assert not improbable(claim, [1 for _ in few(claim)])


def example(share: float = 1.0, **bounds: float) -> Claim:
    given = {"low": -math.inf, "high": math.inf, **bounds}
    return Claim("99.c1", "an example", "said of it here", share, control=False,
                 measure=lambda seed: seed % 2, **given)  # fmt: skip


def test_a_claim_is_kept_on_the_promised_share():
    half = example(0.5, low=1)
    assert half.held([0, 1]) == 0.5 and half.kept([0, 1]) and not half.kept([0, 0, 1])
    assert not half.holds(float("nan"))
    assert example().holds(True) and not example().holds(False)
    numpys = Claim("99.c1", "", "", 1.0, 0.0, 9.0, False, lambda seed: np.float32(seed) > 0)
    assert numpys(0) is False and not numpys.holds(numpys(0))
    assert improbable(example(low=1), [0, 1, 1]) and not improbable(half, [0, 0, 1])


def test_the_command_fails_where_a_share_is_too_small(monkeypatch, capsys):
    sometimes = example(low=1)
    monkeypatch.setattr("hebblite.teaching.claims.claims", lambda lesson: [sometimes])
    assert main(["claims", "00", "--seeds", "4", "--from", "0"]) == 1
    said = capsys.readouterr().out
    assert "2/4!" in said and "Not kept: 99.c1." in said
    monkeypatch.setattr("hebblite.teaching.claims.claims", lambda lesson: [example(0.5, low=1)])
    assert main(["claims", "00", "--seeds", "4", "--from", "0"]) == 0


def test_new_seeds_at_each_call(monkeypatch, capsys):
    monkeypatch.setattr("hebblite.teaching.claims.claims", lambda lesson: [])
    firsts = set()
    for _ in range(3):
        assert main(["claims", "00"]) == 0
        firsts.add(capsys.readouterr().out.splitlines()[0])
    assert len(firsts) > 1


def test_numbers_are_not_given_twice():
    module.claim("98.c1", "one", said="said once")(lambda seed: True)
    with pytest.raises(ValueError, match=r"98\.c1"):

        @module.claim("98.c1", "two", said="said twice")
        def other(seed):
            return True

    def elsewhere(seed):
        return True

    elsewhere.__qualname__ = module._known["98.c1"].measure.__qualname__
    elsewhere.__module__ = "another.module"
    with pytest.raises(ValueError, match=r"98\.c1"):
        module.claim("98.c1", "two", said="said twice")(elsewhere)
    module._known.pop("98.c1")
