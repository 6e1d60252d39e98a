"""One run for each part of the loop that can be cut, and one for every hurried start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ....data import Digits
from .training import Run, Setting, train

WHOLE = "nothing broken"
LONG = 12  # epochs: runs that need patience


class Cut(NamedTuple):
    """What a break cuts, in words; which part of the drawn loop that is; and its setting."""

    words: str
    part: str
    setting: Setting


BREAKS = {
    WHOLE: Cut("the loop as the theorem wants it", "", Setting()),
    "random feedback": Cut(
        "Q is drawn at random and stays as it is", "feedback",
        Setting(feedback="random", epochs=LONG),
    ),
    "short phase": Cut(
        "the phase ends after 5 ms, half a time constant", "end", Setting(dt=0.0005, steps=10)
    ),
    "hurried start": Cut(
        "plasticity is on for the last 3 % of the way to rest", "start", Setting(settled=0.97)
    ),
    "gain 8": Cut("the controller pushes 16 times as hard", "gain", Setting(gain=8.0)),
    "gain 24": Cut("the controller pushes 48 times as hard", "gain", Setting(gain=24.0)),
    "plain Hebb": Cut("the rule reads rates, not their changes", "rule", Setting("plain Hebb")),
    "output layer only": Cut(
        "hidden layers do not learn (exact gradient on top, 10 times the step size)", "hidden",
        Setting("output layer only", lr=1e-2, epochs=LONG),
    ),
}  # fmt: skip

#: Shares of the way to rest that are gone when plasticity comes on, in percent.
SETTLED = (90, 97, 99, 100)


def break_all(digits: Digits, seed: int = 0) -> dict[str, Run]:
    """One run for each way to cut the loop."""
    return {
        name: train(digits, cut.setting, seed, spectra=name == WHOLE)
        for name, cut in BREAKS.items()
    }


def patience(digits: Digits, board: dict[str, Run], seed: int = 0) -> dict[str, Run]:
    """Random feedback for 12 epochs: DH and the output layer alone, from the board, beside the rule
    that Deep Feedback Control was made with."""
    native = Setting("error-based", feedback="random", epochs=LONG)
    return {
        "DH": board["random feedback"],
        "error-based": train(digits, native, seed),
        "output layer only": board["output layer only"],
    }


def hurry(
    digits: Digits, board: dict[str, Run], seed: int = 0, percents: Iterable[int] = SETTLED
) -> dict[int, Run]:
    """One run for each hurried start, by how many percent of the way to rest are gone at first.
    Two of them are on the board already."""
    return {p: one(digits, board, Setting(settled=p / 100), seed) for p in percents}


def one(digits: Digits, board: dict[str, Run], setting: Setting, seed: int = 0) -> Run:
    """A run with this setting: that on the board, where it is there already."""
    known = {BREAKS[name].setting: run for name, run in board.items()}
    return known.get(setting) or train(digits, setting, seed)
