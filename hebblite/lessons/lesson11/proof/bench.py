"""The bench of theorem T2: the rates of a small random network move from one rest to another, and
STDP and the rules on rates read them.

All rates are sigmoid, so that they are probabilities of a spike. Each layer gets a push that rises
smoothly and slowly, and voltages follow at once: post and pre both move, from layer 2 on.
``draw.strength`` is the speed, the share of its way that a push goes within a window. Each
assumption of the theorem is a switch:

    independent          broken: nine spikes of ten of post come of what made pre fire a step before
    rest at the start    broken: it begins when the pushes are half way
    rest at the end      broken: it ends when they are
    slow                 broken: the pushes jump, whatever ``draw.strength`` says
    constant pre         broken: where pre is to be held, it moves
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import erf
from typing import Any

import numpy as np

from ....activations import ACTIVATIONS
from ....network import Network
from ....rules import STDP, Contrastive, DifferentialHebbian
from ....stream import Block, fold
from ....teaching.proofs import Draw
from .trains import draws_of_an_update, draws_of_the_noise, parts_of_the_noise

Array = np.ndarray
World = dict[str, Any]

SPEED = 0.2  # of the worlds in which exact claims and means are tried
SLOWER = 0.05  # where it is looked for a telling cut
JUMP = 0.25  # windows that a push takes which is not slow
REACH = 7.0  # widths from the middle of a push to where it rests
CUTS = (
    0.6,
    0.8,
    1.0,
    1.2,
    1.4,
)  # widths from the middle of the last push to where a phase is cut off
FORGOTTEN = 1e-12  # what is left of a trace at the end of a rest
NOTHING = 1e-17  # what is left of a change that is no longer counted
DT = 1e-3  # seconds
STEPS = 40  # of a block


def moving(draw: Draw) -> list[World]:
    """The worlds of one draw: its layers whose pre moves, from below."""
    case = Case(draw)
    return [of_a_layer(case, l) for l in range(2, len(draw.sizes))]


@dataclass(frozen=True, eq=False)
class Journey:
    """The rates r of all layers in rows 0..T, that of the input first. d: decay of a trace in one
    step. begin, cut: rows in the middle of what moves."""

    net: Network
    x: Array
    d: float
    r: list[Array]
    begin: int
    cut: int


def journey(seed: int, sizes: tuple[int, ...], hidden: str, width: float, after: float) -> Journey:
    """Of a push, this many windows wide, in each layer. after: widths from the middle of the last
    push to the cut."""
    rng = np.random.default_rng([2, seed, *sizes])
    net = Network(sizes, hidden, "same", dtype="float64", seed=seed)
    x, d = rng.uniform(0.2, 0.9, sizes[0]), rng.uniform(0.3, 0.5)
    width /= 1 - d
    widths, middles = width * rng.uniform([[0.8], [0.0]], [[1.2], [1.2]], (2, net.depth))
    middles += (REACH * widths - middles).max()
    cut = middles.max() + after * width
    middles += np.ceil(cut) - cut  # a whole step, at any speed
    rest = np.ceil(np.log(FORGOTTEN) / np.log(d))
    T = int(np.ceil((middles + REACH * widths).max()) + rest)
    r = [np.broadcast_to(x, (T + 1, len(x)))]
    for l, W in enumerate(net.weights):
        push = rng.choice([-1, 1], len(W)) * rng.uniform(0.8, 2.0, len(W))
        risen = rising(T, middles[l], widths[l])
        v = r[-1] @ W.T + np.multiply.outer(risen - 0.5, push)
        r.append(np.asarray(ACTIVATIONS[hidden].rate(v)))
    return Journey(net, x, d, r, int(middles.min()), int(np.ceil(cut)))


@functools.lru_cache(maxsize=1024)
def telling(seed: int, sizes: tuple[int, ...], hidden: str) -> float:
    """Where to cut a phase off: where what step T2.7 neglects is of second order and no less, in
    all layers. In small networks two terms of second order cancel at some places."""
    found = {}
    for after in CUTS:
        way = journey(seed, sizes, hidden, 0.4 / SLOWER, after)
        least = np.inf
        for below, r in itertools.pairwise(way.r[1:]):
            post, pre, rows = r[1 : way.cut + 1], below[1 : way.cut + 1], slice(1, way.cut + 1)
            dpost, dpre = changes(r)[rows], changes(below)[rows]
            E = lags(way.d, r)[rows].T @ pre - post.T @ lags(way.d, below)[rows]
            last = np.outer(dpost[-1], pre[-1]) - np.outer(post[-1], dpre[-1])
            A = dpost.T @ pre - post.T @ dpre - way.d / (1 - way.d) * last
            least = min(least, np.abs((1 - way.d) * E - A).max() / np.abs(A).max())
        found[after] = least
    return max(found, key=lambda after: found[after])


class Case:
    """A journey, where its phase begins and ends, and what the engine makes of it."""

    def __init__(self, draw: Draw) -> None:
        self.broken, self.asked = draw.broken, draw.strength >= SPEED  # about single spikes
        who = (draw.seed, draw.sizes, draw.hidden)
        width = JUMP if "slow" in draw.broken else 0.4 / draw.strength
        self.way = journey(*who, width, telling(*who))
        #: The first row of the phase, the free state, and its last one.
        self.begin = self.way.begin if "rest at the start" in draw.broken else 0
        self.end = self.way.cut if "rest at the end" in draw.broken else len(self.way.r[0]) - 1
        rng = np.random.default_rng([3, draw.seed])
        self.population, self.draws = (int(n) for n in rng.integers(2, 4, 2))
        self.E = self.stdp(self.way.r, self.end)
        self.E_cut = self.stdp(self.way.r, self.way.cut)
        seen = stream([r[self.begin : self.end + 1] for r in self.way.r])
        dh, contrast = fold(seen, DifferentialHebbian(), Contrastive())
        self.DH, self.contrast = dh.weights, contrast.weights

    def stdp(self, rates: Sequence[Array], end: int) -> list[Array]:
        """The mean of STDP's update in the rows from begin + 1 to end, in each layer. What was
        before them is in the traces."""
        rule = STDP(expected=True, tau=-DT / float(np.log(self.way.d)))
        weights = [rule(stream([r[: end + 1] for r in rates])).weights]
        if self.begin:
            weights.append(rule(stream([r[: self.begin + 1] for r in rates])).weights)
        return [whole - sum(before) for whole, *before in zip(*weights, strict=True)]


def rising(T: int, middle: float, width: float) -> Array:
    """A push that rises from 0 to 1 as a normal distribution does, in rows 0..T."""
    t = (np.arange(T + 1) - middle) / (width * np.sqrt(2))
    return np.array([(1 + erf(one)) / 2 for one in t])


def stream(rates: Sequence[Array]) -> Iterator[Block]:
    """Rates of all layers, (T + 1, n), as a framework would hand them on, block by block."""
    last = len(rates[0]) - 1
    for first in range(0, last, STEPS):
        rows = slice(first, min(first + STEPS, last) + 1)
        r = [one[rows, None, :] for one in rates]
        nothing = [np.zeros_like(one) for one in r[1:]]
        yield Block(
            DT * np.arange(rows.start, rows.stop), r, nothing, nothing, nothing, nothing[-1],
            [ACTIVATIONS["sigmoid"]] * (len(rates) - 1),
        )  # fmt: skip


def of_a_layer(case: Case, l: int) -> World:
    """Layer l, with everything that T2 speaks of."""
    way, start, end = case.way, case.begin, case.end
    d, cut, r, r_below = way.d, way.cut, way.r[l], way.r[l - 1]
    rows, to_cut = slice(start + 1, end + 1), slice(start + 1, cut + 1)
    post, pre = r[rows], r_below[rows]
    change, change_below = changes(r), changes(r_below)
    lag, lag_below = lags(d, r), lags(d, r_below)
    held = r_below if "constant pre" in case.broken else np.tile(r_below[start], (len(r), 1))
    made: World = {
        "where": f"layer {l}", "net": way.net, "x": way.x, "d": d,
        "post": post, "pre": pre, "dpost": change[rows], "dpre": change_below[rows],
        "lag_post": lag[rows], "lag_pre": lag_below[rows],
        "trace_post": d / (1 - d) * (post - lag[rows]),
        "trace_pre": d / (1 - d) * (pre - lag_below[rows]),
        "E": case.E[l - 1], "DH": case.DH[l - 1], "contrast": case.contrast[l - 1],
        "A": change[rows].T @ pre - post.T @ change_below[rows],
        "E_held": case.stdp([held, r], end)[0],
        "r_start": r[start], "r_end": r[end], "pre_held": r_below[start],
        "E_cut": case.E_cut[l - 1],
        "A_cut": change[to_cut].T @ r_below[to_cut] - r[to_cut].T @ change_below[to_cut],
        "post_cut": r[cut], "pre_cut": r_below[cut],
        "dpost_cut": change[cut], "dpre_cut": change_below[cut], "lag_cut": lag[cut],
        "n": case.population, "N": case.draws,
    }  # fmt: skip
    made = {name: np.array(v) if isinstance(v, np.ndarray) else v for name, v in made.items()}
    if l == 2:  # for the composition: pre of the first layer is the input
        first = way.r[1]
        made["first"] = {"E": case.E[0], "start": first[start], "end": first[end], "x": way.x}
    return made | (of_spikes(case, made) if case.asked else {})


def changes(r: Array) -> Array:
    """The rates of each row minus those of the row before, and 0 in the first one."""
    return np.diff(r, axis=0, prepend=r[:1])


def lags(d: float, r: Array) -> Array:
    """The rates of each row minus the running means that their traces hold, (T + 1, n): what these
    have not yet taken in of the changes so far."""
    change = changes(r)
    found = change.copy()
    for i in range(1, min(len(r), int(np.log(NOTHING) / np.log(d)))):
        found[i:] += d**i * change[:-i]
    return found


def of_spikes(case: Case, world: World) -> World:
    """One draw of the update, and how far one draw of a synapse's update lies from its mean."""
    copied = "independent" in case.broken
    given = (world["d"], world["post"], world["pre"], world["trace_post"][0], world["trace_pre"][0])
    one = (given[0], *(values[..., :1] for values in given[1:]))
    parts = parts_of_the_noise(*one)
    return {
        "dW": functools.partial(draws_of_an_update, *given, copied=copied),
        "spread": functools.partial(
            draws_of_the_noise, *one, n=case.population, N=case.draws, copied=copied
        ),
        **dict(zip(("noise_post", "noise_pre", "noise_both"), parts, strict=True)),
    }
