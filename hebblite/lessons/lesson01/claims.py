"""What lesson 01 says of chance: each sentence with the draws that measure it."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...rules import STDP, DifferentialHebbian, Rule
from ...teaching.claims import claim
from ...teaching.remembered import remembered
from .equations import differential_hebb, factor, mirror_image, noise, swing
from .exercises import expected_stdp, stdp_online
from .runs.draws import Single, averaged, sample, single
from .runs.spiking import WithSpikes, shuffled
from .runs.training import angles_to_dh, by_backprop, movement, train

Array = np.ndarray

RISES, STAYS, COPIES = "rises from 0.1 to 0.4", "stays at 0.25", "stays at 0.25, but copies pre"


def worst_bin(seed: int, trials: int) -> float:
    """By how many Hz the worst of twenty bins of 25 ms misses a rate of 20, then 60 Hz."""
    rng = np.random.default_rng([10, seed])
    rate = np.where(np.arange(500) < 250, 20.0, 60.0)
    spikes = rng.random((trials, 500)) < rate * 1e-3
    counted = 1000 * spikes.reshape(trials, 20, 25).mean(axis=(0, 2))
    return float(np.abs(counted - rate[::25]).max())


@claim("01.c1", "one trial does not show the rate",
       said="With one trial, some bin is wrong by 40 Hz or more", share=0.9, low=40)  # fmt: skip
def one_trial(seed: int) -> float:
    return worst_bin(seed, 1)


@claim("01.c22", "sixteen trials do not show it either",
       said="some bin is still wrong by 10 Hz or more", share=0.9, low=9.99)  # fmt: skip
def sixteen_trials(seed: int) -> float:
    return worst_bin(seed, 16)


@claim("01.c2", "a thousand trials show the rate",
       said="With a thousand, no bin is wrong by more than 7 Hz", share=0.9, high=7)  # fmt: skip
def thousand_trials(seed: int) -> float:
    return worst_bin(seed, 1000)


@cache
def one_synapse(post: str, seed: int) -> Single:
    return single(post, 1000 + seed)


@claim("01.c3", "a single draw often has the wrong sign",
       said="A single draw strengthens the synapse in about 79 of 100 cases", share=0.9,
       low=0.77, high=0.81)  # fmt: skip
def right_sign(seed: int) -> float:
    return float((one_synapse(RISES, seed).draws > 0).mean())


@claim("01.c4", "averages over 64 draws have the right sign",
       said="averages of 64 draws strengthen it more than 999 times in 1,000", share=0.9,
       low=0.999)  # fmt: skip
def right_on_average(seed: int) -> float:
    return float((averaged(one_synapse(RISES, seed).draws, 64) > 0).mean())


@claim("01.c5", "the average is DH",
       said="the average of all draws is within 5 % of DH", share=0.9, low=0.95,
       high=1.05)  # fmt: skip
def mean_is_dh(seed: int) -> float:
    s = one_synapse(RISES, seed)
    return float(s.draws.mean()) / s.dh


@claim("01.c6", "constant rates teach nothing on average", control=True,
       said="their average is zero, to within 0.002", share=0.9, low=-0.002,
       high=0.002)  # fmt: skip
def constant_rates(seed: int) -> float:
    return float(one_synapse(STAYS, seed).draws.mean())


@claim("01.c7", "(1) fails for trains that are correlated beyond their rates", control=True,
       said="the average update is about 0.05, although no rate changes", share=0.9, low=0.048,
       high=0.056)  # fmt: skip
def copied_spikes(seed: int) -> float:
    return float(one_synapse(COPIES, seed).draws.mean())


def slow_rates(seed: int) -> tuple[Array, Array]:
    """Rates (401, 8) and (401, 12) that rise or fall within 100 to 200 ms, each on its own."""
    rng = np.random.default_rng([11, seed])

    def each() -> Array:
        low, high = rng.uniform(0.05, 0.5, 2)
        return swing(400, rng.uniform(180, 220), rng.uniform(100, 200), low, high)

    return np.stack([each() for _ in range(8)], 1), np.stack([each() for _ in range(12)], 1)


def off(found: Array, wanted: Array) -> float:
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


@claim("01.c8", "where pre moves too, the average STDP is DH minus its mirror image",
       said="the average STDP was within 2 % of (3)", share=0.9, high=0.02)  # fmt: skip
def antisymmetric(seed: int) -> float:
    post, pre = slow_rates(seed)
    average = expected_stdp(post, pre, D) / factor(D)
    return off(average, differential_hebb(post, pre) - mirror_image(post, pre))


@claim("01.c9", "and not DH", control=True,
       said="from DH it was off by more than 30 %", share=0.9, low=0.3)  # fmt: skip
def not_dh(seed: int) -> float:
    post, pre = slow_rates(seed)
    return off(expected_stdp(post, pre, D) / factor(D), differential_hebb(post, pre))


D = float(np.exp(-1 / 10))


@claim("01.c10", "rates have settled after half of the phase",
       said="in the last six of twelve steps no layer moves by more than 1 %", share=0.9,
       high=0.01)  # fmt: skip
def settled(seed: int) -> float:
    moves = movement(1 + seed)
    return float((moves[6:].max(axis=0) / moves[0]).max())


@remembered
def accuracy(rule: str, seed: int, epochs: int = 3) -> float:
    """Accuracy on new data after so many epochs, for a network and digits of this seed."""
    seed += 1  # 0 is the network of the lesson
    if rule == "backprop":
        return float(by_backprop(seed)[-1])
    return float(train(rule_of(rule, seed), seed, epochs)[-1])


def rule_of(name: str, seed: int) -> Rule:
    if name == "DH":
        return DifferentialHebbian()
    if name == "average":
        return STDP(expected=True)
    rule = shuffled(stdp_online, np.random.default_rng(seed)) if name == "shuffled" else stdp_online
    return WithSpikes(rule, samples=4 if name == "4 draws" else 1, seed=seed)


@claim("01.c11", "how much DH learns",
       said="After three epochs DH gets 77 to 88 % of new digits right", share=0.9, low=0.77,
       high=0.88)  # fmt: skip
def dh_learns(seed: int) -> float:
    return accuracy("DH", seed)


@claim("01.c12", "DH learns nearly as well as backprop", control=True,
       said="DH ends less than 5 percentage points below backprop", share=0.9,
       high=0.05)  # fmt: skip
def near_backprop(seed: int) -> float:
    return accuracy("backprop", seed) - accuracy("DH", seed)


@claim("01.c13", "the average of STDP learns as DH does",
       said="the average of STDP ends within 3 percentage points of DH", share=0.9, low=-0.03,
       high=0.03)  # fmt: skip
def average_as_dh(seed: int) -> float:
    return accuracy("average", seed) - accuracy("DH", seed)


@claim("01.c14", "one draw of spikes is enough to learn",
       said="One draw of spikes per digit reaches 58 to 78 %", share=0.9, low=0.58,
       high=0.78)  # fmt: skip
def one_draw(seed: int) -> float:
    return accuracy("1 draw", seed)


@claim("01.c15", "more draws learn faster",
       said="after the first epoch four draws are at least 3 percentage points ahead", share=0.9,
       low=0.03)  # fmt: skip
def four_draws(seed: int) -> float:
    return accuracy("4 draws", seed, 1) - accuracy("1 draw", seed, 1)


@claim("01.c16", "without the order of time nothing is learned", control=True,
       said="the network stays below 30 %", share=0.9, high=0.3)  # fmt: skip
def without_order(seed: int) -> float:
    return accuracy("shuffled", seed)


@cache
def turned(seed: int) -> tuple[Array, Array]:
    return angles_to_dh(stdp_online, 1 + seed, draws=2)


@claim("01.c17", "in layer 1 the average of STDP is DH",
       said="in layer 1 it is less than 1°", share=0.9, high=1)  # fmt: skip
def first_layer(seed: int) -> float:
    return float(turned(seed)[0][0])


@claim("01.c18", "in layer 2, where pre moves, it is not",
       said="in layer 2 it is 5 to 25°", share=0.9, low=5, high=25)  # fmt: skip
def second_layer(seed: int) -> float:
    return float(turned(seed)[0][1])


@claim("01.c19", "one draw of spikes is far from DH",
       said="One draw of spikes points 40 to 80° away from DH", share=0.9)  # fmt: skip
def spiking_angle(seed: int) -> bool:
    return bool(((turned(seed)[1] > 40) & (turned(seed)[1] < 80)).all())


def layer(seed: int) -> tuple[Array, Array]:
    """Rates of 8 post neurons that each make a step of their own, and of 12 constant pre."""
    rng = np.random.default_rng([12, seed])
    low, high = rng.uniform(0.05, 0.5, (2, 8))
    pre = np.broadcast_to(rng.uniform(0.05, 0.5, 12), (81, 12))
    return swing(80, when=40, duration=20, low=low, high=high), pre


@claim("01.c20", "the number of draws that (6) asks for reaches the cosine",
       said="come within 0.06 of it", share=0.9, high=0.06)  # fmt: skip
def draws_needed(seed: int) -> float:
    (post, pre), rng = layer(seed), np.random.default_rng([13, seed])
    mu = expected_stdp(post, pre, D)
    ratio = noise(post, pre, D) / float((mu**2).sum())
    missed = []
    for wanted in (0.8, 0.9, 0.97):
        count = max(1, round(ratio * wanted**2 / (1 - wanted**2)))
        means = sample(post, pre, D, 40 * count, rng).reshape(40, count, *mu.shape).mean(axis=1)
        size = np.linalg.norm(means, axis=(1, 2)) * np.linalg.norm(mu)
        missed.append(abs(float(((means * mu).sum(axis=(1, 2)) / size).mean()) - wanted))
    return max(missed)


@claim("01.c21", "a baseline costs draws",
       said="a baseline of 0.5 takes 1.8 to 3.6 times as many draws", share=0.9, low=1.8,
       high=3.6)  # fmt: skip
def baseline_cost(seed: int) -> float:
    post, pre = layer(seed)
    return noise(post + 0.5, pre, D) / noise(post, pre, D)
