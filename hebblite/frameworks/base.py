"""What all frameworks have in common: ``teach`` turns a batch into a stream of states.

A framework with dynamics writes one step, ``advance``, from one ``Moment`` to the next; ``march``
takes it through a teaching phase: memory, blocks, coming to rest, running away.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DivergenceError, check_batch, check_kind, check_labels
from ..lanes import one_thread
from ..memory import aligned
from ..network import Network
from ..stream import Block, Lazy

Array = np.ndarray


class Framework:
    """How feedback moves activity. A framework knows no rule and never changes a weight of the
    network."""

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        """The free state of inputs x (B, n_0), then the teaching phase towards target (B, n_L).

        voltages: whether the blocks carry voltages; without them the same states come faster.
        Arguments are checked when the first block is asked for, as always with a generator.
        """
        raise NotImplementedError

    def check_targets(self, net: Network, target: Array) -> None:
        """ArgumentError if one of the targets (N, n_L) is none that this framework can teach."""

    def separable(self, net: Network) -> bool:
        """Whether parts of a batch may be taught side by side, each for itself, to the same end:
        if nothing is drawn, kept or decided for the batch as a whole. Each class says so for
        itself."""
        return False

    def __init_subclass__(cls) -> None:
        if "separable" not in vars(cls):  # not inherited
            cls.separable = Framework.separable  # type: ignore[method-assign]

    def predict(self, net: Network, x: Any) -> Array:
        """Predictions (B, n_L) for inputs (B, n_0) without a teacher: those of the free state."""
        check_kind("net", net, Network)
        return net.predict(x)

    def accuracy(self, net: Network, x: Any, labels: Any) -> float:
        """Share of the inputs (N, n_0) whose largest prediction is the label (N,)."""
        check_kind("net", net, Network)
        x = check_batch("x", x, net.sizes[0], net.dtype)
        labels = check_labels(labels, len(x), net.sizes[-1])
        right = 0
        for start in range(0, len(x), 1000):  # in parts, for the sake of memory
            part = slice(start, start + 1000)
            right += int((self.predict(net, x[part]).argmax(axis=1) == labels[part]).sum())
        return right / len(x)

    def begin_epoch(self, net: Network, x: Array) -> None:
        """Called by ``fit`` before each epoch with its inputs, for feedback that learns."""

    def begin_batch(self, net: Network, x: Array) -> None:
        """Called by ``fit`` before each batch with its inputs (B, n_0)."""

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """What a checkpoint must hold, beyond the settings, to go on bit for bit: JSON, arrays."""
        return {}, {}

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Take back what ``state`` gave."""


def error_reader(net: Network, target: Array) -> Callable[[Array, Array], None]:
    """The function that writes ``target - prediction`` for rates r (B, n_L) into ``out``.

    It is called at every step, so it works in place; a row sum is a product with a vector of ones,
    which is faster here than a reduction along a short axis.
    """
    if net.output != "softmax":

        def plain_error(r: Array, out: Array) -> None:
            np.subtract(target, r, out=out)

        return plain_error
    ones = np.ones((target.shape[-1], 1), target.dtype)
    total = np.empty((len(target), 1), target.dtype)
    shift = np.full_like(total, np.nan)  # none yet
    lowest, highest = 0.01, 100.0 * target.shape[-1]

    def shifted_exp(r: Array, out: Array) -> bool:
        """exp(r - shift), and whether each input's sum is near what its greatest rate makes it."""
        np.subtract(r, shift, out=out)
        np.exp(out, out=out)
        np.matmul(out, ones, out=total)
        return bool(total.min() > lowest and total.max() < highest)  # (NaN is neither)

    def softmax_error(r: Array, out: Array) -> None:
        # The shift only keeps exp within the floats, so that of an earlier state serves for long.
        if not shifted_exp(r, out):
            np.max(r, axis=-1, keepdims=True, out=shift)
            shifted_exp(r, out)
        np.divide(out, total, out=out)
        np.subtract(target, out, out=out)

    return softmax_error


def unit_and_rates(net: Network, voltages: bool) -> tuple[float, list[Callable[..., Array]]]:
    """The unit in which voltages are best kept, and the functions from those to rates. If nobody
    reads the ``voltages``, v / 2 saves the sigmoid a pass over memory at each step."""
    of_half = [phi.rate_of_half for phi in net.activations if phi.rate_of_half]
    if voltages or len(of_half) < net.depth:
        return 1.0, [phi.rate for phi in net.activations]
    return 0.5, of_half


# ---------------------------------------------------------------------- the memory of a phase


class Layers(list[Array]):
    """An array (B, n_l) for each of the layers 1..L, one after the other in one memory ``all``.

    What is done alike to every number of all layers is then one call instead of L: in small
    networks it is the number of calls that takes the time. Each layer begins at a line of the
    cache, so there may be numbers between two layers that belong to none; they stay finite."""

    def __init__(self, net: Network, batch: int) -> None:
        line = 64 // net.dtype.itemsize
        ends = list(itertools.accumulate(-(-batch * n // line) * line for n in net.sizes[1:]))
        self.all = aligned((ends[-1],), net.dtype)
        self.places: list[slice] = []  # of each layer in ``all``
        for start, end, n in zip([0, *ends], ends, net.sizes[1:], strict=False):
            self.places.append(slice(start, start + batch * n))
            self.append(self.all[self.places[-1]].reshape(batch, n))
            self.all[start + batch * n : end] = 0
        #: All but the output.
        self.hidden = self.all[: self.places[-1].start]


@dataclass(slots=True)
class Moment:
    """What a step leaves behind in a row of the tape: the rates r of layers 1..L, each (B, n_l),
    the output error e and the control signal u, both (B, n_L)."""

    r: list[Array]
    e: Array
    u: Array


class Tape:
    """The states after each step of a block, each series (rows, B, n): row s is the state after its
    step s, and row 0 is the end of the block before. ``copied``: series that are copied from the
    state itself, which has room for the present alone."""

    def __init__(
        self, net: Network, batch: int, rows: int, copied: dict[str, Layers] | None = None
    ) -> None:
        def series(n: int) -> Array:
            return aligned((rows, batch, n), net.dtype)

        self.rows = rows
        self.r = [series(n) for n in net.sizes[1:]]
        self.e, self.u = series(net.sizes[-1]), series(net.sizes[-1])
        self.at = [Moment([r[s] for r in self.r], self.e[s], self.u[s]) for s in range(rows)]
        self.copied: dict[str, list[Array]] = {}
        self._copies: list[tuple[Array, Array]] = []  # all layers of a state, in one call
        for name, state in (copied or {}).items():
            whole = aligned((rows, len(state.all)), net.dtype)
            self.copied[name] = [
                whole[:, place].reshape(rows, batch, n)
                for place, n in zip(state.places, net.sizes[1:], strict=True)
            ]
            self._copies.append((whole, state.all))

    def note(self, row: int) -> None:
        """Copy what is to be copied."""
        for series, now in self._copies:
            series[row] = now

    def turn(self, row: int) -> None:
        """The last row of a block becomes row 0 of the next."""
        for series in (*self.r, self.e, self.u, *(copies for copies, _ in self._copies)):
            series[0] = series[row]


#: Bytes of rates in a block that is not told how many steps it has, so that they stay in a cache.
BLOCK_BYTES = 2**20
BLOCK_STEPS = (8, 64)


def rows_of(net: Network, batch: int, steps: int, block: int | None) -> int:
    """Rows of a tape: one more than the steps of a block."""
    if block is None:
        size = batch * sum(net.sizes[1:]) * net.dtype.itemsize
        block = int(np.clip(BLOCK_BYTES // size, *BLOCK_STEPS))
    return 1 + min(block, steps)


# ---------------------------------------------------------------------- the march


@dataclass(frozen=True)
class Phase:
    """How a teaching phase is run: ``steps`` at most, or until no voltage moves by more
    than ``steady`` per tau. what, advice, limits: for the error if it runs away."""

    what: str
    advice: str
    steps: int
    steady: float | None
    limits: list[float]


class Dynamics:
    """What moves the activity of a batch. ``v``: the present voltages. ``read_error``: see
    ``error_reader``."""

    v: Layers
    read_error: Callable[[Array, Array], None]

    def begin(self, now: Moment, free_r: list[Array]) -> None:
        """Row 0 of the tape: the free state."""
        for r, free in zip(now.r, free_r[1:], strict=True):
            r[...] = free
        self.read_error(now.r[-1], now.e)

    def advance(self, now: Moment, new: Moment) -> float:
        """One step on from ``now``: changes v and writes into ``new``, which may be the same row.
        The greatest tau |dv/dt| of the step, if the phase may end at rest."""
        raise NotImplementedError


def march(phase: Phase, dynamics: Dynamics, tape: Tape) -> Iterator[tuple[int, int, bool]]:
    """Fill the tape block by block, from row 0 on. Yields for each block: the steps before it, the
    steps in it, and whether all is at rest. Its rows are valid until the next block is asked for;
    after the last one they stay. DivergenceError if a voltage passes its limit."""
    done, rest = 0, False
    tape.note(0)
    while True:
        s, end = 0, min(tape.rows - 1, phase.steps - done)
        with one_thread(), np.errstate(all="ignore"):  # divergence is reported below
            while s < end and not rest:
                moved = dynamics.advance(tape.at[s], tape.at[s + 1])
                s += 1
                tape.note(s)
                rest = phase.steady is not None and bool(moved <= phase.steady)
        check_runaway(phase, dynamics.v, tape.copied.get("v"), s, done + s)
        yield done, s, rest
        done += s
        if rest or done == phase.steps:
            return
        tape.turn(s)


def run(phase: Phase, dynamics: Dynamics, now: Moment) -> None:
    """A phase that nobody watches: like ``march``, in one row."""
    moved, done = np.inf, 0
    with one_thread(), np.errstate(all="ignore"):  # divergence is reported below
        while done < phase.steps and (phase.steady is None or moved > phase.steady):
            moved = dynamics.advance(now, now)
            done += 1
    check_runaway(phase, dynamics.v, None, 0, done)


# ---------------------------------------------------------------------- has it run away?


def runaway_limits(free: list[Array]) -> list[float]:
    """The size beyond which each layer counts as diverged: a million times its free state (B, n).

    DivergenceError if the free state itself is not finite."""
    limits = []
    for l, v in enumerate(free):
        size = greatest(v)
        if not np.isfinite(size):
            raise DivergenceError(
                "The feedforward pass",
                l + 1,
                0,
                "The weights are too large: lower the learning rate.",
            )
        limits.append(1e6 * (1 + size))
    return limits


def greatest(a: Array) -> float:
    """max |a|, NaN if there is one, without a copy of a."""
    return float(np.maximum(a.max(), -a.min()))


def check_runaway(phase: Phase, v: Layers, before: list[Array] | None, row: int, step: int) -> None:
    """DivergenceError if the voltages v, those after ``step`` steps, are beyond their limit or not
    finite. It names the first such step in ``before`` (rows, B, n_l), of which v is ``row``; if
    they were not kept, the last."""
    if greatest(v.all) <= min(phase.limits):
        return  # (a comparison with NaN is false, so NaN does not pass)
    for t in range(row + 1) if before else ():
        check_layers(phase, [v_l[t] for v_l in before or ()], step - row + t)
    check_layers(phase, v, step)


def check_layers(phase: Phase, v: Sequence[Array], step: int) -> None:
    """DivergenceError if the voltages v_1..v_L after ``step`` steps are beyond their limits."""
    for l, (v_l, limit) in enumerate(zip(v, phase.limits, strict=True)):
        if not greatest(v_l) <= limit:
            raise DivergenceError(phase.what, l + 1, step, phase.advice)


# ---------------------------------------------------------------------- drives on demand


def basal_drives(net: Network, rates: list[Array], first: Array) -> Lazy:
    """W_l r_{l-1} + beta_l for blocks of rates (S+1, B, n_l), when they are asked for.

    first: W_1 x + beta_1 (B, n_1), which is constant in time like the input."""

    def make(l: int) -> Array:
        if l == 0:
            return np.broadcast_to(first, rates[1].shape)
        drive = rates[l] @ net.weights[l].T
        drive += net.biases[l]
        return drive

    return Lazy(net.depth, make, lambda: basal_drives(net, [r[-1:] for r in rates], first))


#: Writes the apical drives of a control signal u (..., B, n_L), each (..., B, n_l), into ``out``,
#: where the rates of layers 1..L are r.
Send = Callable[[Array, list[Array], list[Array]], None]


def apical_drives(net: Network, send: Send, u: Array, rates: list[Array]) -> Lazy:
    """a_l at the steps of a block, from its u (S+1, B, n_L), when they are asked for."""
    made: list[Array] = []

    def make(l: int) -> Array:
        if not made:
            made.extend(np.empty_like(r) for r in rates[1:])
            send(u, made, rates[1:])
        return made[l]

    return Lazy(net.depth, make, lambda: apical_drives(net, send, u[-1:], [r[-1:] for r in rates]))
