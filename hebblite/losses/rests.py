"""States of rest of Equilibrium Propagation: where E + beta C has no slope, to high precision.

From a start the voltages go down the slope with small steps, as the framework lets them, until it
is slight, and Newton's steps on the slope do the rest: the place is the one to which the network
itself comes, without the many steps that the last digits would take. Where the weights are large
the landscape has several valleys. ``states_of_rest`` starts in many places and tells apart where
it ends. Newton's steps from the start on end at passes and summits too, where the network
would stay only if nothing disturbed it; the second derivatives say which states are minima.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ArgumentError, check_choice, check_count, check_flag, check_number, check_seed
from ..lanes import one_thread
from ..network import Network
from .nudged import Landscape, side_by_side

Array = np.ndarray

#: Of the descent: first step in units of tau, slope at which Newton takes over, steps at most.
STEP, SLIGHT, DESCENT = 0.25, 1e-4, 2000
NEWTON, FARTHEST = 60, 1.0  # Newton's steps at most; the longest of them
RUNAWAY = 1e6  # a voltage beyond this counts as run away: unbounded rates may have no minimum
ROOM = 2_000_000  # second derivatives held at once
LEAST = 1e-9  # of the second derivatives: below, a place counts as no minimum


@dataclass
class Settled:
    """Where each input of a batch came to rest, all in float64.

    voltages v_1..v_L and rates r_0..r_L, each (B, n_l); energy: E + nudge * loss there, (B,).
    lowest: the least eigenvalue of its second derivatives, (B,). minimum: (B,) bool, whether all
    ways lead up. rests: (B,) bool, whether the input came to rest at all."""

    voltages: list[Array]
    rates: list[Array]
    energy: Array
    lowest: Array
    minimum: Array
    rests: Array


@dataclass
class Rests:
    """The states of rest that were found, a row for each, K in all: input by input, and for each
    the lowest first.

    input: (K,), which input it belongs to. voltages v_1..v_L and rates r_0..r_L, each (K, n_l).
    energy, lowest, minimum: (K,), as in ``Settled``. share: (K,) of the starts that ended there; 0
    where only Newton's steps led to it.
    count: (B,), minima found. lost: (B,), starts that came to rest nowhere."""

    input: Array
    voltages: list[Array]
    rates: list[Array]
    energy: Array
    lowest: Array
    minimum: Array
    share: Array
    count: Array
    lost: Array

    def of(self, b: int) -> Rests:
        """The states of one input."""
        k, one = np.flatnonzero(self.input == b), slice(b, b + 1)
        return Rests(
            self.input[k], [v[k] for v in self.voltages], [r[k] for r in self.rates],
            self.energy[k], self.lowest[k], self.minimum[k], self.share[k], self.count[one],
            self.lost[one],
        )  # fmt: skip


@one_thread()
def settle(
    net: Network,
    x: Any,
    target: Any = None,
    nudge: float = 0.0,
    start: str | Sequence[Any] = "feedforward",
    tolerance: float = 1e-10,
) -> Settled:
    """Where inputs x (B, n_0) come to rest under a nudge of either sign.

    start: "feedforward", "rest" (all voltages 0) or voltages v_1..v_L, each (B, n_l), such as those
    of the free state. target: (B, n_L), may be left out without a nudge. An input rests when no
    voltage would move by more than ``tolerance`` in one tau.
    """
    tolerance = check_number("tolerance", tolerance, above=0)
    land = Landscape(net, x, target, nudge)
    if isinstance(start, str):
        check_choice("start", start, ("feedforward", "rest"))
        v = np.concatenate(land.free_v, axis=1) * (start == "feedforward")
    else:
        v = side_by_side("start", land, start)
        if v.ndim != 2:
            raise ArgumentError("start", f"shape {v.shape[:-1]}", f"shape ({len(land.x)}, ...)")
    rows = np.arange(len(v))
    with np.errstate(all="ignore"):
        v, rests = _go(land, v.copy(), rows, tolerance)
        lowest, minimum = _kinds(land, v, rows)
        energy = land.height(v, rows)
    return Settled(land.split(v), land.rates(v, rows), energy, lowest, minimum & rests, rests)


@one_thread()
def states_of_rest(
    net: Network,
    x: Any,
    target: Any = None,
    nudge: float = 0.0,
    starts: int = 20,
    spread: float = 2.0,
    seed: int = 0,
    saddles: bool = False,
    apart: float = 1e-4,
    tolerance: float = 1e-10,
) -> Rests:
    """The states of rest of inputs x (B, n_0) that are found from ``starts`` places: the
    feedforward pass, and voltages drawn from normal distributions of standard deviation ``spread``.
    There may be others that no start led to.

    saddles: Newton's steps look for states of every kind too. apart: two places count as one state
    if no voltage differs by more. Others as in ``settle``.
    """
    starts, saddles = check_count("starts", starts), check_flag("saddles", saddles)
    spread = check_number("spread", spread, above=0)
    apart = check_number("apart", apart, above=0)
    tolerance = check_number("tolerance", tolerance, above=0)
    rng = np.random.default_rng(check_seed("seed", seed))
    land = Landscape(net, x, target, nudge)
    batch = len(land.x)
    drawn = rng.normal(0, spread, (starts - 1, batch, land.size))
    v = np.concatenate([np.concatenate(land.free_v, axis=1)[None], drawn]).reshape(-1, land.size)
    rows = np.tile(np.arange(batch), starts)
    with np.errstate(all="ignore"):
        ends, rests = _go(land, v.copy(), rows, tolerance)
        lost = np.bincount(rows[~rests], minlength=batch)
        ends, owners, votes = ends[rests], rows[rests], np.ones(int(rests.sum()))
        if saddles:
            more, found = _newton(land, v.copy(), rows, tolerance, downhill=False)
            ends = np.concatenate([ends, more[found]])
            owners = np.concatenate([owners, rows[found]])
            votes = np.concatenate([votes, np.zeros(int(found.sum()))])
        kept, share = _told_apart(land, ends, owners, votes / starts, apart)
        v, rows = ends[kept], owners[kept]
        lowest, minimum = _kinds(land, v, rows)
        energy = land.height(v, rows)
    count = np.bincount(rows[minimum], minlength=batch)
    return Rests(rows, land.split(v), land.rates(v, rows), energy, lowest, minimum, share, count,
                 lost)  # fmt: skip


# ---------------------------------------------------------------------- on the way


def _go(land: Landscape, v: Array, rows: Array, tolerance: float) -> tuple[Array, Array]:
    """Down from v (K, N) to rest; and which of them do rest."""
    v = _descend(land, v, rows, max(SLIGHT, tolerance))
    return _newton(land, v, rows, tolerance, downhill=True)


def _descend(land: Landscape, v: Array, rows: Array, slight: float) -> Array:
    """Small steps down the slope until it is slight. A step that would lead up is halved."""
    h = np.full((len(v), 1), STEP)
    height, slope = land.height(v, rows), land.slope(v, rows)
    going = np.arange(len(v))
    for _ in range(DESCENT):
        steep = np.abs(slope[going]).max(axis=1)
        going = going[(steep > slight) & (np.abs(v[going]).max(axis=1) < RUNAWAY)]
        if not len(going):
            break
        new, there = v[going] - h[going] * slope[going], rows[going]
        to = land.height(new, there)
        # Rounding alone may let a step that leads down look as if it led up.
        down = to <= height[going] + 1e-12 * (1 + np.abs(height[going]))
        h[going[~down]] /= 2
        went = going[down]
        v[went], height[went] = new[down], to[down]
        slope[went] = land.slope(v[went], rows[went])
    return v


def _newton(
    land: Landscape, v: Array, rows: Array, tolerance: float, downhill: bool
) -> tuple[Array, Array]:
    """Newton's steps towards a place without slope, and which of them got there. downhill: only
    such as make the slope less, and small ones down where they do not."""
    many = max(1, ROOM // land.size**2)
    rests = np.zeros(len(v), bool)
    for start in range(0, len(v), many):
        part = np.arange(start, min(start + many, len(v)))
        for _ in range(NEWTON):
            slope = land.slope(v[part], rows[part])
            size = np.abs(slope).max(axis=1)
            rests[part] = size <= tolerance
            go = (size > tolerance) & (np.abs(v[part]).max(axis=1) < RUNAWAY)
            part, slope, size = part[go], slope[go], size[go]
            if not len(part):
                break
            step = _newton_step(land, v[part], rows[part], slope)
            if downhill:
                new = np.abs(land.slope(v[part] + step, rows[part])).max(axis=1)
                step = np.where((new < size)[:, None], step, -0.1 * slope)
            v[part] += step
    return v, rests


def _newton_step(land: Landscape, v: Array, rows: Array, slope: Array) -> Array:
    """The step to where the slope would be zero if the bend stayed, cut to FARTHEST."""
    bend = land.bend(v, rows)
    i = np.arange(land.size)
    bend[:, i, i] += 1e-13  # so that none is exactly singular
    step = np.linalg.solve(bend, -slope[:, :, None])[:, :, 0]
    longest = np.abs(step).max(axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1, FARTHEST / np.maximum(longest, 1e-300)))


def _kinds(land: Landscape, v: Array, rows: Array) -> tuple[Array, Array]:
    """The least eigenvalue of the second derivatives at each place, (K,), and whether it is a
    minimum. A relu that rests at 0 and is driven up would go on down if it were moved a little."""
    many, lowest = max(1, ROOM // land.size**2), np.full(len(v), np.nan)
    for start in range(0, len(v), many):
        part = np.arange(start, min(start + many, len(v)))
        part = part[np.isfinite(v[part]).all(axis=1) & (np.abs(v[part]).max(axis=1) < RUNAWAY)]
        if len(part):
            lowest[part] = np.linalg.eigvalsh(land.bend(v[part], rows[part]))[:, 0]
    drive = np.concatenate(land.drives(land.rates(v, rows), rows), axis=1)
    leaves = (land.kinked & (np.abs(v) < 1e-8) & (drive > 1e-8)).any(axis=1)
    return lowest, (lowest > LEAST) & ~leaves


def _told_apart(
    land: Landscape, v: Array, rows: Array, votes: Array, apart: float
) -> tuple[Array, Array]:
    """The rows of v that are states of their own, input by input and the lowest first, and the sum
    of the votes for each."""
    height = land.height(v, rows)
    kept: list[int] = []
    share: list[float] = []
    for b in np.unique(rows):
        mine = np.flatnonzero(rows == b)
        left = mine[np.argsort(height[mine], kind="stable")]
        while len(left):
            same = np.abs(v[left] - v[left[0]]).max(axis=1) <= apart
            kept.append(int(left[0]))
            share.append(float(votes[left[same]].sum()))
            left = left[~same]
    return np.array(kept, int), np.array(share)
