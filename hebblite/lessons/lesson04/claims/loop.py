"""The teaching phase, the law that says when the loop settles, and feedback that is wrong."""

from __future__ import annotations

import numpy as np

from ....teaching.claims import claim
from ..runs.toys import Rotation, Toy, decay_rates
from .stage import phase_of


@claim(
    "04.c1",
    "the proportional part leaves about two fifths of the error after 60 ms",
    said="after 60 ms about two fifths of the error are left",
    share=0.95,
    low=0.34,
    high=0.51,
)
def early(seed: int) -> float:
    return float(np.median(phase_of(seed)[0][60]))


@claim(
    "04.c2",
    "the next 440 ms take away little more",
    said="in the 440 ms that follow, less than a tenth of it goes",
    share=0.95,
    low=0.0,
    high=0.1,
)
def late(seed: int) -> float:
    left, _ = phase_of(seed)
    return float(np.median(left[60] - left[-1]))


@claim(
    "04.c3",
    "the output layer moves most on most digits",
    said="output layer moves most, on more than nine digits of ten",
    share=0.95,
    low=0.9,
)
def last_moves_most(seed: int) -> float:
    return float(np.mean(np.argmax(phase_of(seed)[1], axis=0) == len(phase_of(seed)[1]) - 1))


@claim(
    "04.c4",
    "small errors decay at k_i lambda / tau_u",
    said="all within 1 % of the diagonal",
    share=0.95,
    low=0,
    high=0.01,
)
def law(seed: int) -> float:
    predicted, measured = decay_rates(Toy(seed))
    return float(np.abs(measured / predicted - 1).max())


@claim(
    "04.c5",
    "large errors do not",
    said="in nine networks of ten, at least one rate is then off by more than 5 %",
    share=0.75,
    low=0.05,
    control=True,
)
def law_of_large_errors(seed: int) -> float:
    predicted, measured = decay_rates(Toy(seed), e0=3.0)
    return float(np.abs(measured / predicted - 1).max())


@claim(
    "04.c6",
    "slow neurons run away under strong integral control, aligned or not",
    said="about three networks in four run away",
    share=0.4,
)
def slow_neurons(seed: int) -> bool:
    toy = Toy(seed)
    return toy.grows(toy.aligned, tau=0.0105, dt=5e-4, steps=2000, k_i=200.0)


@claim("04.c7", "fast ones do not", said="With fast neurons none does", share=0.99, control=True)
def fast_neurons(seed: int) -> bool:
    toy = Toy(seed)
    return not toy.grows(toy.aligned, tau=1e-3, dt=5e-4, steps=2000, k_i=200.0)


@claim(
    "04.c8",
    "one sign turned: exactly one eigenvalue becomes negative",
    said="exactly one eigenvalue turns negative, in every network",
    control=True,
)
def one_sign(seed: int) -> bool:
    toy = Toy(seed)
    return bool(
        (toy.spectrum(toy.scaled(-1)).real < 0).sum() == 1 and toy.spectrum().real.min() > 0
    )


@claim(
    "04.c9",
    "feedback that is random in all layers has an eigenvalue on the wrong side",
    said="nearly all of them run away",
    share=0.85,
    control=True,
)
def random_feedback(seed: int) -> bool:
    toy = Toy(seed)
    return bool(toy.spectrum(toy.random()).real.min() < 0)


@claim(
    "04.c10",
    "with four outputs the loop bears a turn of 45 degrees",
    said="no network with four outputs broke before 45°",
    share=0.95,
    low=45,
    high=90,
)
def turned(seed: int) -> float:
    return Rotation(seed).crossing()


@claim(
    "04.c11",
    "with thirty outputs it breaks before 70 degrees",
    said="with thirty outputs all broke before 70°",
    share=0.95,
    low=30,
    high=70,
)
def turned_wide(seed: int) -> float:
    return Rotation(seed, (6, 12, 9, 30)).crossing()
