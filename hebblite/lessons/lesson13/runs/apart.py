"""What tells theories apart: what each answers to the questions of one experimenter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .experiment import FOUR, TAU, THEORIES, UNEXPECTED, heard, outcomes, task

Array = np.ndarray


class Answers(NamedTuple):
    """What one theory answers to the questions of an experimenter, each a number.

    expected: size of the apical signal of assigned neurons where the outcome is as expected, in %
        of its change where it is not. signs: share (%) of these changes that have the sign of role
        times error. bystanders: size of their change, in % of that of assigned neurons.
    left: what is left of the output error when the phase ends (%). afterwards: the change of the
        recorded layer then, in % of its greatest. below: size of the change one layer further
        down, in % of that in the recorded layer. later: how much later the layer below has made
        half of its change, in time constants of the neurons.
    """

    expected: float
    signs: float
    bystanders: float
    left: float
    afterwards: float
    below: float
    later: float


def sign_share(change: Array, role: Array, e: Array) -> float:
    """The share of the changes (B, n) of assigned neurons that have the sign of role times error,
    with role (n,) and e (B,)."""
    assigned = role != 0
    wanted = np.outer(e, role[assigned])
    return float((np.sign(change[:, assigned]) == np.sign(wanted)).mean())


def answers(theory: str, seed: int = 0) -> Answers:
    """What the observer reads off for one theory."""
    role = task(seed).role
    calm, moved = heard(theory, seed, 0.0), heard(theory, seed)
    change = moved.taught[-2] - moved.free[-2]
    size = float(np.abs(change[:, role != 0]).mean())
    below = float(np.abs(moved.taught[-3] - moved.free[-3]).mean())
    halves = [half_time(moved.time, course) for course in moved.size[-3:-1]]
    return Answers(
        expected=100 * float(np.abs(calm.taught[-2][:, role != 0]).mean()) / size,
        signs=100 * sign_share(change, role, outcomes(UNEXPECTED)[:, 0]),
        bystanders=100 * float(np.abs(change[:, role == 0]).mean()) / size,
        left=100 * float(moved.error[-1]) / UNEXPECTED,
        afterwards=100 * float(moved.size[-2, -1] / moved.size[-2].max()),
        below=100 * below / float(np.abs(change).mean()),
        later=(halves[0] - halves[1]) / TAU[theory],
    )


def half_time(time: Array, course: Array) -> float:
    """The first time at which half of the way from the first to the last value is made."""
    way = np.abs(course - course[0])
    return float(time[np.argmax(way >= 0.5 * way[-1])])


def compared(seed: int = 0) -> dict[str, Answers]:
    """All four theories, and the control, each from its own stream by the same observer."""
    return {name: answers(name, seed) for name in THEORIES}


#: The lines of the table: the question, and the field of ``Answers``.
QUESTIONS = {
    "signal without any error (%)": "expected",
    "signs: role times error (%)": "signs",
    "bystanders (%)": "bystanders",
    "error left at the end (%)": "left",
    "signal left then (%)": "afterwards",
    "one layer further down (%)": "below",
    "later by (time constants)": "later",
}


def table(found: Mapping[str, Answers]) -> str:
    """The answers as lines of text, a column for each theory; narrow enough for a small window."""
    wide = {name: max(5, len(name) + 2) for name in found}
    lines = [f"{'':28}" + "".join(f"{name:>{wide[name]}}" for name in found)]
    for words, field in QUESTIONS.items():
        digits = 1 if field == "later" else 0
        numbers = "".join(
            f"{getattr(each, field):{wide[name]}.{digits}f}" for name, each in found.items()
        )
        lines.append(f"{words:28}{numbers}")
    return "\n".join(lines)


Ends = dict[str, dict[str, tuple[float, float]]]
GROUPS = {"P+": 1.0, "P-": -1.0, "bystanders": 0.0}


def signals(seed: int = 0) -> dict[str, Ends]:
    """For each theory and for an expected and an unexpected outcome (one with an error upwards),
    the mean apical drive of each group of neurons in the free and in the taught state, in units of
    the theory's largest."""
    role, up = task(seed).role, outcomes(UNEXPECTED)[:, 0] > 0
    found: dict[str, Ends] = {}
    for theory in THEORIES:
        made = {
            words: {
                group: tuple(
                    float(a[-2][np.ix_(up, role == sign)].mean()) for a in (seen.free, seen.taught)
                )
                for group, sign in GROUPS.items()
            }
            for words, seen in (
                ("expected", heard(theory, seed, 0.0)), ("unexpected", heard(theory, seed)),
            )
        }  # fmt: skip
        most = max(abs(a) for ends in made.values() for pair in ends.values() for a in pair)
        found[theory] = {
            words: {group: (pair[0] / most, pair[1] / most) for group, pair in ends.items()}
            for words, ends in made.items()
        }
    return found


def courses(seed: int = 0) -> dict[str, dict[str, Array]]:
    """For each theory, over time in time constants (time): the size of the change of apical drive
    in the recorded layer (layer 2) and below (layer 1), and the output error (error), each as a
    share of its greatest."""
    found = {}
    for theory in FOUR:
        seen = heard(theory, seed)
        made = {"time": seen.time / TAU[theory], "error": seen.error / seen.error.max()}
        for l, name in ((-3, "layer 1"), (-2, "layer 2")):
            made[name] = seen.size[l] / seen.size[l].max()
        found[theory] = made
    return found
