"""What all frameworks have in common: ``teach`` turns a batch into a stream of states."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import DivergenceError, check_batch, check_kind, check_labels
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
        """
        raise NotImplementedError

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
        labels = check_labels(labels, len(x))
        right = 0
        for start in range(0, len(x), 1000):  # in parts, for the sake of memory
            part = slice(start, start + 1000)
            right += int((self.predict(net, x[part]).argmax(axis=1) == labels[part]).sum())
        return right / len(x)

    def begin_epoch(self, net: Network, x: Array) -> None:
        """Called by ``fit`` before each epoch with its inputs, for feedback that learns."""

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
    shift, calls = np.empty_like(total), itertools.count()

    def softmax_error(r: Array, out: Array) -> None:
        # The shift only guards against overflow, so the maximum of a recent state serves.
        if next(calls) % 16 == 0:
            np.max(r, axis=-1, keepdims=True, out=shift)
        np.subtract(r, shift, out=out)
        np.exp(out, out=out)
        np.matmul(out, ones, out=total)
        np.divide(out, total, out=out)
        np.subtract(target, out, out=out)

    return softmax_error


# ---------------------------------------------------------------------- steps, block by block


def in_blocks(
    what: str,
    state: Any,
    keep: Sequence[str],
    advance: Callable[[], float],
    steps: int,
    block: int,
    steady: float | None,
    limits: list[float],
    advice: str,
) -> Iterator[tuple[int, bool, dict[str, list[Array]]]]:
    """Move ``state`` by ``steps`` calls of ``advance``, which gives the greatest tau |dv/dt|, or
    until that is at most ``steady``. After each ``block`` of them: the steps before it, whether all
    is at rest, and the attributes ``keep`` of the state, lists of arrays, over its steps, with a
    leading time axis. The next block reuses that memory. DivergenceError, with ``what``, the layer
    and ``advice``, if a voltage ``state.v`` passes its limit.
    """
    rows = 1 + min(block, steps)
    series = {
        name: [aligned((rows, *now.shape), now.dtype) for now in getattr(state, name)]
        for name in keep
    }

    def note(row: int) -> None:
        for name, layers in series.items():
            for kept, now in zip(layers, getattr(state, name), strict=True):
                kept[row] = now

    note(0)
    done, rest = 0, False
    while done < steps and not rest:
        s = 0
        with np.errstate(all="ignore"):  # divergence is reported below
            while s < min(rows - 1, steps - done) and not rest:
                moved = advance()
                s += 1
                note(s)
                rest = steady is not None and moved <= steady
        check_runaway(what, [v[None] for v in state.v], done + s, limits, advice)
        yield done, rest, {name: [a[: s + 1] for a in layers] for name, layers in series.items()}
        done += s
        for layers in series.values():
            for kept in layers:
                kept[0] = kept[s]


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


def check_runaway(
    what: str, series: list[Array], step: int, limits: list[float], advice: str
) -> None:
    """DivergenceError if the last of the states in ``series`` (S+1, B, n_l), that after ``step``
    steps, is beyond its limit or not finite. It names the first step and layer to be found."""
    if all(greatest(rows[-1]) <= limit for rows, limit in zip(series, limits, strict=True)):
        return  # (a comparison with NaN is false, so NaN does not pass)
    count = len(series[0])
    for t in range(count):
        for l, (rows, limit) in enumerate(zip(series, limits, strict=True)):
            if not greatest(rows[t]) <= limit:
                raise DivergenceError(what, l + 1, step - count + 1 + t, advice)


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


#: Writes the apical drives a_1..a_L (..., B, n_l) of a control signal u (..., B, n_L) into a list
#: of arrays, where the rates of layers 1..L are given.
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
