"""Losses as folds of the stream: how large the error is, how long it takes to go, how much feedback
that needs, the energies that Predictive Coding and Equilibrium Propagation go down, and how far a
state still is from rest."""

from __future__ import annotations

import numpy as np

from ..errors import check_choice, check_kind, check_number
from ..frameworks.ep import energy as hopfield_energy
from ..frameworks.pc import energy_of
from ..network import Network
from ..stream import Block, Fold

Array = np.ndarray


class OutputError(Fold):
    """|e| of the free state (``at="free"``) or of the taught one (``at="end"``)."""

    def __init__(self, at: str = "free") -> None:
        self.at = check_choice("at", at, ("free", "end"))

    def start(self, block: Block) -> None:
        self._size = np.linalg.norm(block.error[0], axis=-1)

    def absorb(self, block: Block) -> None:
        if self.at == "end":
            self._size = np.linalg.norm(block.error[-1], axis=-1)

    def finish(self) -> Array:
        return self._size


class ErrorOverTime(Fold):
    """|e| at every step, (S+1, B), and the times, (S+1,), in seconds since the free state."""

    def start(self, block: Block) -> None:
        self._time, self._size = [block.time[:1].copy()], [_size(block)[:1]]

    def absorb(self, block: Block) -> None:
        self._time.append(block.time[1:].copy())
        self._size.append(_size(block)[1:])

    def finish(self) -> tuple[Array, Array]:
        return np.concatenate(self._size), np.concatenate(self._time)


class InferenceLatency(Fold):
    """Seconds from the free state until |e| <= delta for the first time; 0 if it is so from the
    start. Between two steps |e| is taken to be linear.

    cap: what counts, in seconds, for an input that has not got there by then or never does:
    infinite, unless a number is given, with which the mean over a batch is finite. It should be
    one number for all streams that are to be compared, such as the length of a teaching phase."""

    def __init__(self, delta: float, cap: float | None = None) -> None:
        self.delta = check_number("delta", delta, above=0)
        self.cap = np.inf if cap is None else check_number("cap", cap, above=0)

    def start(self, block: Block) -> None:
        self._time = np.full(block.batch, np.inf)
        self._time[_size(block)[0] <= self.delta] = 0

    def absorb(self, block: Block) -> None:
        size = _size(block)
        for t in range(1, block.steps + 1):
            new = np.isinf(self._time) & (size[t] <= self.delta)
            if new.any():
                part = (size[t - 1, new] - self.delta) / (size[t - 1, new] - size[t, new])
                step = block.time[t] - block.time[t - 1]
                self._time[new] = block.time[t - 1] + np.clip(part, 0, 1) * step

    def finish(self) -> Array:
        return np.minimum(self._time, self.cap)


def _size(block: Block) -> Array:
    """|e| (S+1, B)."""
    return np.asarray(np.linalg.norm(block.error, axis=-1))


class FeedbackAmount(Fold):
    """1/2 sum_l |a_l|^2 in the taught state (``over="end"``), or its mean over the teaching phase
    (``over="phase"``): how much top-down feedback the framework needed with its own Q."""

    reads_voltages = True  # which the apical drive may be made of

    def __init__(self, over: str = "end") -> None:
        self.over = check_choice("over", over, ("end", "phase"))

    def start(self, block: Block) -> None:
        self._sum, self._seconds = np.zeros(block.batch), 0.0

    def absorb(self, block: Block) -> None:
        if self.over == "end":
            self._last = block
        else:
            self._add(block, slice(1, None), np.diff(block.time))

    def finish(self) -> Array:
        if self.over == "end":
            self._add(self._last, slice(-1, None), np.ones(1))
        return self._sum / self._seconds

    def _add(self, block: Block, rows: slice, seconds: Array) -> None:
        for a in block.apical:
            self._sum += np.einsum("tbi,tbi,t->b", a[rows], a[rows], seconds) / 2
        self._seconds += float(seconds.sum())


class Energy(Fold):
    """The energy at every step, (S+1, B).

    kind: ``prediction``: F = 1/2 sum_l |v_l - b_l|^2, of Predictive Coding; ``hopfield``: E of
    Equilibrium Propagation.
    """

    reads_voltages = True

    def __init__(self, net: Network, kind: str = "prediction") -> None:
        check_kind("net", net, Network)
        self.net, self.kind = net, check_choice("kind", kind, ("prediction", "hopfield"))

    def start(self, block: Block) -> None:
        self._parts: list[Array] = []

    def absorb(self, block: Block) -> None:
        if self.kind == "prediction":
            eps = [v - b for v, b in zip(block.voltages, block.basal, strict=True)]
            energy = energy_of(eps, [1.0] * block.depth)
        else:
            energy = hopfield_energy(self.net, block.rates, list(block.voltages))
        self._parts.append(energy[1:] if self._parts else energy)

    def finish(self) -> Array:
        return np.concatenate(self._parts)


class Unrest(Fold):
    """How far from rest each state is, (S+1, B): the largest |b_l + a_l - v_l| of all neurons of
    an input, which is |tau dv/dt| (in Predictive Coding, divided by the precision of the layer).
    Where it is 0, activity has settled.

    In row 0, the free state, it is 0 as long as the teacher has not begun.
    """

    reads_voltages = True

    def start(self, block: Block) -> None:
        self._parts: list[Array] = []

    def absorb(self, block: Block) -> None:
        rows = slice(1 if self._parts else 0, None)
        series = zip(block.voltages, block.basal, block.apical, strict=True)
        each = [np.abs(b[rows] + a[rows] - v[rows]).max(axis=-1) for v, b, a in series]
        self._parts.append(np.max(each, axis=0))

    def finish(self) -> Array:
        return np.concatenate(self._parts)
