"""Trains of spikes that are not Poisson's: with a refractory time, regular, and correlated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from ....errors import check_choice
from ....teaching.chart import Panel, Series, chart
from ....teaching.chart.seeds import courses, over_seeds, stacked
from ....teaching.numerals import decimals, rounded

Array = np.ndarray

KINDS = ("Poisson", "refractory", "regular", "correlated")
LOOKS = {"Poisson": "stdp", "refractory": "voltage", "regular": "rate", "correlated": "apical"}
RATE = 50.0  # spikes a second, of every kind
DEAD = 0.010  # seconds after a spike in which a refractory neuron is silent
ORDER = 8  # of the gamma intervals of regular trains
SHARED = 0.5  # share of a correlated neuron's spikes that come from the common source
HEARD = 0.5  # chance that a neuron hears a spike of that source
DRAWN, SECONDS = 12, 0.5  # neurons and time of the raster
COUNT = 0.1  # seconds in which spikes are counted
SIZES = (1, 2, 4, 8, 16, 32, 64)
TRIALS = 300


def intervals(kind: str, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Times between spikes, in seconds, with a mean of 1 / RATE."""
    if kind == "refractory":
        found: Array = DEAD + rng.exponential(1 / RATE - DEAD, shape)
    elif kind == "regular":
        found = rng.gamma(ORDER, 1 / (RATE * ORDER), shape)
    else:
        found = rng.exponential(1 / RATE, shape)
    return found


def trains(kind: str, neurons: int, seconds: float, rng: np.random.Generator) -> list[Array]:
    """The times of the spikes of each neuron, all of the same rate."""
    if kind == "correlated":
        many = rng.poisson(RATE * SHARED / HEARD * seconds)
        source = rng.uniform(0, seconds, many)
        made = []
        for _ in range(neurons):
            heard = source[rng.random(many) < HEARD]
            own = rng.uniform(0, seconds, rng.poisson(RATE * (1 - SHARED) * seconds))
            made.append(np.sort(np.concatenate([heard, own])))
        return made
    before = 1.0  # so that the start is forgotten
    steps = int(3 * RATE * (seconds + before)) + 10
    times = np.cumsum(intervals(kind, rng, (neurons, steps)), axis=1) - before
    return [row[(row >= 0) & (row < seconds)] for row in times]


@cache
def variances(kind: str) -> Array:
    """The variance of the mean count of n neurons in ``COUNT`` seconds, in parts of the squared
    mean, for n in ``SIZES``."""
    rng = np.random.Generator(np.random.PCG64(KINDS.index(kind)))
    counts = np.array(
        [[len(t) for t in trains(kind, SIZES[-1], COUNT, rng)] for _ in range(TRIALS)], float
    )
    mean = RATE * COUNT
    return np.array([
        np.var(counts[:, : SIZES[-1] // n * n].reshape(TRIALS, -1, n).mean(axis=2)) / mean**2
        for n in SIZES
    ])  # fmt: skip


def draw_kind(kind: str = "Poisson") -> str:
    """A raster of neurons that all fire at the same rate, in trains of one kind, and how far the
    mean of n of them spreads, with Poisson's as the pale line.

    kind: one of ``KINDS``.
    """
    check_choice("kind", kind, KINDS)
    rng = np.random.Generator(np.random.PCG64(7))
    rows = trains(kind, DRAWN, SECONDS, rng)
    at, poisson = variances(kind), variances("Poisson")
    n = np.array(SIZES, float)
    raster = Panel(
        f"{kind[0].upper() + kind[1:]} trains, one rate", "time (ms)", "neuron",
        [Series("", 1000 * t, np.full(len(t), float(k + 1)), "spikes", colour=LOOKS[kind])
         for k, t in enumerate(rows)],
        x_range=(0.0, 1000 * SECONDS), y_range=(0.3, DRAWN + 0.7),
    )  # fmt: skip
    curves = [Series(kind, n, at, "line+points", colour=LOOKS[kind])]
    if kind != "Poisson":
        curves.insert(0, Series("Poisson", n, poisson, colour="backprop", ghost=True))
    spread = Panel("Spread of the mean of n neurons", "n", "variance / mean²", curves, x_log=True,
                   y_log=True, y_range=(2e-4, 0.5))  # fmt: skip
    label = (
        f"Left: spikes of {DRAWN} {kind} neurons, {RATE:g} a second each, over half a second. "
        f"Right: how far the mean count of n of them spreads, from a variance of "
        f"{rounded(at[0], 2)} of the squared mean with one neuron to {rounded(at[-1], 2)} with "
        f"{SIZES[-1]}; with Poisson trains {rounded(poisson[0], 2)} and {rounded(poisson[-1], 2)}."
    )
    return chart([raster, spread], label, 700, 190)


def draw_kinds(found: Mapping[str, Array], said: float | None = None) -> str:
    """The relative variance of an update over the size of the population, on logarithmic axes, for
    each kind of trains, with a line that falls as 1/N.

    found: ``{"n": (K,)}`` and by the kind of trains (K,) or (S, K). said: the learner's, of the
    last kind at the largest n.
    """
    n = np.asarray(found["n"], float)
    at = np.arange(len(n), dtype=float)  # the same factor lies between neighbours
    series: list[Series] = []
    told, seeds, first = [], 1, None
    for k, (kind, values) in enumerate((k, v) for k, v in found.items() if k != "n"):
        rows = stacked(values, 1)
        seeds = max(seeds, len(rows))
        middle = np.median(rows, axis=0)
        first = float(middle[0] * n[0]) if first is None else first
        series += courses(kind, at, rows, LOOKS.get(kind, k), "line+points")
        told.append(f"{kind} {rounded(middle[0], 2)} to {rounded(middle[-1], 2)}")
    series.append(Series("as 1/N", at, 0.5 * (first or 1.0) / n, colour="backprop", ghost=True))
    marks = [] if said is None else [("y", float(said), f"you said {said:g}")]
    panel = Panel("What kind of trains it is made of", "neurons for each rate, N",
                  "variance / mean²",
                  series, y_log=True, marks=marks,
                  x_names=[f"{v:g}" for v in n])  # fmt: skip
    label = (
        f"The relative variance of an update from {n[0]:g} to {decimals(n[-1], 0)} neurons for "
        f"each rate, logarithmic: {'; '.join(told)}."
    )
    return chart([panel], label + over_seeds(seeds), 600, 230)
