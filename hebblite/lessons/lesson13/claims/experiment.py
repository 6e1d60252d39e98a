"""Four theories in one experiment: what they agree on, and what tells them apart."""

from __future__ import annotations

from ....teaching.claims import claim
from ..runs.apart import answers
from ..runs.decoder import turned_round
from ..runs.experiment import FOUR


def of(field: str, seed: int, theories: tuple[str, ...] = FOUR) -> list[float]:
    """An answer of several theories."""
    return [float(getattr(answers(theory, seed), field)) for theory in theories]


@claim(
    "13.c1",
    "changes of apical drive with the sign of role times error, the least of four theories (%)",
    said="more than 95 % of all changes in assigned neurons have the sign of role times error",
    low=95,
)
def signs(seed: int) -> float:
    return min(of("signs", seed))


@claim(
    "13.c2",
    "control: the same under broadcast",
    said="Under broadcast half of the signs are wrong",
    low=45,
    high=55,
    control=True,
)
def signs_of_broadcast(seed: int) -> float:
    return of("signs", seed, ("broadcast",))[0]


@claim(
    "13.c3",
    "change of bystanders, in % of that of assigned neurons, the most of four theories",
    said="bystanders hear nothing in any of the four",
    high=0.01,
)
def bystanders(seed: int) -> float:
    return max(of("bystanders", seed))


@claim(
    "13.c4",
    "control: the same under broadcast",
    said="bystanders hear as much as the others",
    low=90,
    control=True,
)
def bystanders_of_broadcast(seed: int) -> float:
    return of("bystanders", seed, ("broadcast",))[0]


@claim(
    "13.c5",
    "Equilibrium Propagation: signal with an expected outcome, in % of the change by an error",
    said="its signal without any error is larger than the change that an error of 0.3 makes",
    low=100,
)
def calm_equilibrium(seed: int) -> float:
    return of("expected", seed, ("EP",))[0]


@claim(
    "13.c6",
    "the same of the other three, the most of them",
    said="The other three are silent.",
    high=0.01,
)
def calm(seed: int) -> float:
    return max(of("expected", seed, ("DFC", "PC", "DEB")))


@claim(
    "13.c7",
    "DFC: error left at the end (%)",
    said="In DFC less than 6 % of the error is left",
    high=6,
)
def left_in_dfc(seed: int) -> float:
    return of("left", seed, ("DFC",))[0]


@claim(
    "13.c8",
    "DFC: signal at the end, in % of its greatest",
    said="and more than 20 % of the greatest signal",
    low=20,
)
def effort_in_dfc(seed: int) -> float:
    return of("afterwards", seed, ("DFC",))[0]


@claim(
    "13.c9",
    "PC, whose error is gone from the first step: signal at the end, in % of its greatest",
    said="in PC no error, and more than half of the signal",
    low=50,
)
def effort_in_pc(seed: int) -> float:
    found = answers("PC", seed)
    return found.afterwards if found.left < 1e-6 else 0.0


@claim(
    "13.c10",
    "EP and DEB: error left at the end, the less of them (%)",
    said="more than 45 % of the error is left",
    low=45,
)
def left_by_nudges(seed: int) -> float:
    return min(of("left", seed, ("EP", "DEB")))


@claim(
    "13.c11",
    "EP and DEB: signal at the end, in % of its greatest, the less of them",
    said="and more than 80 % of the signal",
    low=80,
)
def signal_of_nudges(seed: int) -> float:
    return min(of("afterwards", seed, ("EP", "DEB")))


@claim(
    "13.c12",
    "DEB: signal one layer further down, in %",
    said="less than half is left there",
    high=50,
)
def below_in_deb(seed: int) -> float:
    return of("below", seed, ("DEB",))[0]


@claim(
    "13.c13",
    "the other three: the same, the least of them",
    said="more than half in the others",
    low=50,
)
def below_in_others(seed: int) -> float:
    return min(of("below", seed, ("DFC", "PC", "EP")))


@claim(
    "13.c14",
    "DFC: delay of the layer below, in time constants",
    said="at the same step",
    low=0,
    high=0,
)
def at_once(seed: int) -> float:
    return of("later", seed, ("DFC",))[0]


@claim(
    "13.c15",
    "the other three: the same, the least of them",
    said="at least 0.3 time constants later",
    low=0.3,
)
def later(seed: int) -> float:
    return min(of("later", seed, ("PC", "EP", "DEB")))


@claim(
    "13.c16",
    "roles exchanged, feedback still the old one: signs as the new task needs them (%)",
    said="With the old feedback every sign is wrong",
    high=0.1,
    control=True,
)
def old_signs(seed: int) -> float:
    return turned_round(seed)["old"][0]


@claim(
    "13.c17",
    "the same: change of the loss by one step of differential Hebb in the hidden layers (%)",
    said="and DH goes uphill",
    low=0.1,
    control=True,
)
def uphill(seed: int) -> float:
    return turned_round(seed)["old"][1]


@claim(
    "13.c18",
    "with the new feedback, the same",
    said="with the new one it goes downhill",
    high=-0.1,
)
def downhill(seed: int) -> float:
    return turned_round(seed)["new"][1]
