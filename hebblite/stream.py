"""The stream of states: what frameworks yield and what rules and observers fold.

A ``Block`` is a stretch of one trajectory with a leading time axis, *both ends included*: the last
row of a block is the first row of the next, and row 0 of the first block is the free state. So S
steps are S + 1 rows, every change r[t+1] - r[t] lies inside exactly one block, and a fold needs no
row of the block before. The block length is a knob for speed; no result depends on it (but a run
that diverges is found out at the end of a block).

    tau dv_l/dt = -v_l + b_l + a_l,   b_l = W_l r_{l-1} + beta_l (basal),   a_l (apical)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .activations import ACTIVATIONS, Activation
from .errors import ArgumentError, check_kind
from .lanes import one_thread

Array = np.ndarray


class Lazy(Sequence[Array]):
    """One array per layer, made when somebody first reads it: drives that follow from the rates
    need not be stored at every step for the few folds that want them.

    end: gives the same for the last row alone, where that takes less than making all rows.
    A pickle or a deep copy holds all arrays, made; one that cannot be made raises when it is read,
    there as here."""

    def __init__(
        self,
        layers: int,
        make: Callable[[int], Array],
        end: Callable[[], Sequence[Array]] | None = None,
    ) -> None:
        self._made: list[Array | None] = [None] * layers
        self._make, self._end = make, end

    def end(self) -> Sequence[Array]:
        """The last row of each array, (1, ...)."""
        return self._end() if self._end else Lazy(len(self), lambda l: self[l][-1:])

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, l: Any) -> Any:
        if isinstance(l, slice):
            return [self[i] for i in range(*l.indices(len(self)))]
        made = self._made[l]
        if made is None:
            made = self._made[l] = self._make(l % len(self))
        return made

    def __iter__(self) -> Iterator[Array]:
        return (self[l] for l in range(len(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, ([self._pack(l) for l in range(len(self))],)

    def _pack(self, l: int) -> Any:
        try:
            return _pack(self[l])
        except ValueError as error:
            return str(error)


def _made(packed: list[Any]) -> Lazy:
    """The Lazy that was pickled: arrays, and what to say where there was none."""

    def make(l: int) -> Array:
        if isinstance(packed[l], str):
            raise ValueError(packed[l])
        return _unpack(packed[l])

    return Lazy(len(packed), make)


def not_kept(layers: int) -> Lazy:
    """What stands for the voltages of a stream that was asked to do without them."""

    def complain(l: int) -> Array:
        raise ValueError("voltages: not kept; ask for them with teach(..., voltages=True)")

    return Lazy(layers, complain)


@dataclass
class Block:
    """S consecutive steps of a batch of B. Lists over layers; arrays are *views*, valid until the
    next block is asked for: a recorder copies, a rule reads and forgets.

    time: (S+1,) seconds since the first row of the stream.
    rates: r_0..r_L, each (S+1, B, n_l); r_0 is the input, repeated with stride 0: constant.
    voltages: v_1..v_L, each (S+1, B, n_l).
    basal: b_1..b_L alike; ``basal[l][t]`` is the drive that the rates at t give.
    apical: a_1..a_L alike; ``apical[l][t]`` is the top-down drive of the neuron at t: of the step
        that led there where a controller or a dendrite gives it (DFC, the microcircuit), of the
        step that leads on where energies do (PC, EP).
    error: target minus prediction, (S+1, B, n_L).
    activations: phi of layers 1..L. steady: whether the framework stopped because all was at rest.
    apical_when_free: whether apical drive is at work in the free state too (as in Equilibrium
        Propagation), so that soma minus basal drive is no error.

    A pickle or a deep copy of a block owns its arrays and stays as it is.
    """

    time: Array
    rates: list[Array]
    voltages: Sequence[Array]
    basal: Sequence[Array]
    apical: Sequence[Array]
    error: Array
    activations: list[Activation]
    steady: bool = False
    apical_when_free: bool = False

    @property
    def depth(self) -> int:
        """L, the number of layers above the input."""
        return len(self.rates) - 1

    @property
    def steps(self) -> int:
        """S, the number of steps between the first row and the last."""
        return len(self.time) - 1

    def end(self) -> Block:
        """The last state alone, as a block without steps."""

        def last(series: Sequence[Array]) -> Any:
            return series.end() if isinstance(series, Lazy) else [rows[-1:] for rows in series]

        return replace(
            self,
            time=self.time[-1:],
            rates=last(self.rates),
            voltages=last(self.voltages),
            basal=last(self.basal),
            apical=last(self.apical),
            error=self.error[-1:],
        )

    @property
    def batch(self) -> int:
        """B, the number of inputs that are simulated side by side."""
        return int(self.error.shape[1])

    def __getstate__(self) -> dict[str, Any]:
        named = [phi.name if ACTIVATIONS.get(phi.name) is phi else phi for phi in self.activations]
        return vars(self) | {"rates": [_pack(r) for r in self.rates], "activations": named}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.rates = [_unpack(r) for r in state["rates"]]
        self.activations = [
            ACTIVATIONS[phi] if isinstance(phi, str) else phi for phi in state["activations"]
        ]


def is_constant(series: Array) -> bool:
    """Whether a series (S+1, B, n) is one array repeated in time (stride 0), as the input is."""
    return series.strides[0] == 0


def _pack(series: Array) -> Any:
    """A series as a pickle holds it: one row and how often it is repeated, if it is constant."""
    return (np.array(series[0]), len(series)) if is_constant(series) else np.array(series)


def _unpack(packed: Any) -> Array:
    if isinstance(packed, tuple):
        row, count = packed
        return np.broadcast_to(row, (count, *row.shape))
    return np.asarray(packed)


class Fold:
    """Something that reads a stream block by block. Calling it folds one stream to its result."""

    #: Whether it reads ``block.voltages``. Training leaves them out of the stream if nobody does,
    #: which saves a pass over memory per layer and step.
    reads_voltages = False

    def start(self, block: Block) -> None:
        """Forget the last stream; ``block`` is the first of the new one, not yet absorbed."""

    def absorb(self, block: Block) -> None:
        """Take in one block."""
        raise NotImplementedError

    def finish(self) -> Any:
        """The result."""
        raise NotImplementedError

    def __call__(self, states: Iterable[Block]) -> Any:
        return fold(states, self)[0]


def fold(states: Iterable[Block], *folds: Fold) -> tuple[Any, ...]:
    """Run one stream through several folds side by side; their results in the same order."""
    started = False
    try:
        blocks = iter(states)
    except TypeError:
        got, expected = type(states).__name__, "what teach(net, x, target) returns"
        raise ArgumentError("states", got, expected) from None
    with one_thread():  # the same sums on any machine
        for block in blocks:
            if not started:
                check_kind("states", block, Block)
                for f in folds:
                    f.start(block)
                started = True
            for f in folds:
                f.absorb(block)
        if not started:
            raise ArgumentError("states", "an empty stream", "what teach(net, x, target) returns")
        return tuple(f.finish() for f in folds)


class Record(Fold):
    """Keep the whole trajectory: one Block with copies of every state, for pictures and proofs.

    Memory grows with steps x batch x neurons, which is why nothing records unless asked to.
    """

    def start(self, block: Block) -> None:
        self._parts: list[Block] = []

    def absorb(self, block: Block) -> None:
        skip = 1 if self._parts else 0  # row 0 repeats the end of the block before

        def keep(series: Array) -> Array:
            return series[skip:].copy()

        self._parts.append(
            Block(
                keep(block.time),
                [block.rates[0][skip:], *map(keep, block.rates[1:])],
                [keep(v) for v in block.voltages],
                [keep(b) for b in block.basal],
                [keep(a) for a in block.apical],
                keep(block.error),
                block.activations,
                block.steady,
                block.apical_when_free,
            )
        )

    def finish(self) -> Block:
        def join(series: list[Array]) -> Array:
            return np.concatenate(series)

        parts = self._parts
        time = join([p.time for p in parts])
        x = np.broadcast_to(parts[0].rates[0][0], (len(time), *parts[0].rates[0].shape[1:]))
        layers = range(parts[0].depth)
        return Block(
            time,
            [x, *(join([p.rates[l + 1] for p in parts]) for l in layers)],
            [join([p.voltages[l] for p in parts]) for l in layers],
            [join([p.basal[l] for p in parts]) for l in layers],
            [join([p.apical[l] for p in parts]) for l in layers],
            join([p.error for p in parts]),
            parts[0].activations,
            parts[-1].steady,
            parts[0].apical_when_free,
        )
