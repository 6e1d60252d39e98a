"""The worked starts: what their cards say, and what they do not."""

from __future__ import annotations

from ....rules import DifferentialHebbian
from ....teaching.claims import claim
from ..runs.starts import (
    card_of_direct,
    dendrite,
    direct_angles,
    late_over_steps,
    off,
    over_constants,
)


@claim(
    "13.c19",
    "pre at the end of the step: degrees off DH in the worst layer, with steps of 4 ms",
    said="With steps of 4 ms they are more than 1.5° apart",
    low=1.5,
)
def late_with_long_steps(seed: int) -> float:
    return float(late_over_steps(seed)["apart"][0])


@claim(
    "13.c20",
    "the same with steps of 0.5 ms",
    said="with steps of 0.5 ms less than 1°",
    high=1,
)
def late_with_short_steps(seed: int) -> float:
    return float(late_over_steps(seed)["apart"][-1])


@claim(
    "13.c21",
    "how many times smaller that is than with steps of 1 ms",
    said="The last halving makes the angle 1.7 to 2.6 times smaller",
    low=1.7,
    high=2.6,
)
def halving(seed: int) -> float:
    apart = late_over_steps(seed)["apart"]
    return float(apart[-2] / apart[-1])


@claim(
    "13.c22",
    "reads the dendrite, DFC with a weak teacher: off backprop in the worst layer (deg)",
    said="It is less than 4° off in the worst layer",
    high=4,
)
def perfect_angle(seed: int) -> float:
    return max(off(dendrite, "DFC", seed))


@claim(
    "13.c23",
    "the same of DH",
    said="and DH more than 5°",
    low=5,
)
def angle_of_dh(seed: int) -> float:
    return max(off(DifferentialHebbian(), "DFC", seed))


@claim(
    "13.c24",
    "reads the dendrite, with a constant as large as the teacher's drive: worst hidden layer (deg)",
    said="it is more than 40° off",
    low=40,
    control=True,
)
def with_a_constant(seed: int) -> float:
    return float(over_constants(seed, (0.0, 1.0))["dendrite"][-1])


@claim(
    "13.c25",
    "by how much the angle of DH changes, with constants up to three times the teacher's (deg)",
    said="DH does not move at all",
    high=1e-6,
)
def blind(seed: int) -> float:
    found = over_constants(seed)["dh"]
    return float(abs(found - found[0]).max())


@claim(
    "13.c26",
    "reads the dendrite, in Equilibrium Propagation: off in the worst layer (deg)",
    said="There this rule is more than 60° off in the worst layer",
    low=60,
    control=True,
)
def in_equilibrium(seed: int) -> float:
    return max(off(dendrite, "EP", seed))


@claim(
    "13.c27",
    "the same of DH",
    said="and DH less than 45°",
    high=45,
)
def dh_in_equilibrium(seed: int) -> float:
    return max(off(DifferentialHebbian(), "EP", seed))


@claim(
    "13.c28",
    "direct random feedback, untrained: degrees from 90, the most of layers 1 and 2",
    said="within 40° of a right angle to backprop in layers 1 and 2",
    high=40,
)
def direct_points_nowhere(seed: int) -> float:
    return max(abs(angle - 90) for angle in direct_angles(seed)[:2])


@claim(
    "13.c29",
    "it learns digits, and better than with hidden layers as they were drawn",
    said="and yet they learn, in nine of ten networks or more",
    share=0.9,
)
def direct_learns(seed: int) -> bool:
    card = card_of_direct(seed)
    return card["learns"].outcome == card["hidden"].outcome == "passes"
