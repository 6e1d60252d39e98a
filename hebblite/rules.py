"""Rules: how activity changes weights. Each is a fold over the stream of states.

A rule sees what a synapse could see: its pre- and postsynaptic quantities over time. With free
state -, taught state + and the batch average < >:

    Gradient              <a_l r_{l-1}^T>                        what backprop transports
    ErrorBased            <(phi(v_l+) - phi(b_l+)) r_{l-1}+^T>    soma against basal drive
    Contrastive           <r_l+ r_{l-1}+^T - r_l- r_{l-1}-^T>     two phases compared
    DifferentialHebbian   <sum_t (r_l[t+1] - r_l[t]) r_{l-1}[t]^T>    rate change times pre
    STDP                  <sum over spike pairs of the window>    spikes with these rates (stdp.py)
    Hebbian               <mean_t r_l[t] r_{l-1}[t]^T>            the control that must fail

Updates are *added* to the weights. A bias is a weight from a presynaptic rate of 1.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import DivergenceError, UndefinedCell, check_choice, check_flag
from .memory import aligned
from .stream import Block, Fold, is_constant

Array = np.ndarray


@dataclass
class Updates:
    """One update per layer, shaped like the network's ``weights`` and ``biases``."""

    weights: list[Array]
    biases: list[Array]


def outer(post: Array, pre: Array, out: Array | None = None) -> Array:
    """sum over all leading axes of post pre^T: (..., n) and (..., m) to (n, m), as one product."""
    posts, pres = post.reshape(-1, post.shape[-1]), pre.reshape(-1, pre.shape[-1])
    return np.matmul(posts.T, pres, out=out)


def merged(parts: Sequence[Updates]) -> Updates:
    """The updates of a batch from those of its parts, which each counted with its share of it."""
    whole = parts[0]
    for part in parts[1:]:
        for total, more in zip(
            [*whole.weights, *whole.biases], [*part.weights, *part.biases], strict=True
        ):
            total += more
    return whole


class Rule(Fold):
    """A fold whose result is Updates. ``_dW`` and ``_db`` are sums over the batch until the end."""

    #: Whether the rule reads a change of activity, and so needs a teaching phase.
    needs_phase = True
    #: Whether a batch may be cut into parts whose updates are ``merged``: if they are sums over
    #: inputs and nothing is carried from batch to batch. Each class says so for itself.
    separable = False
    #: Of the batch, the part that this rule sees. The update is divided by the whole.
    share = 1.0

    def __init_subclass__(cls) -> None:
        cls.separable = vars(cls).get("separable", False)  # not inherited

    def start(self, block: Block) -> None:
        if self.needs_phase and block.steps == 0:
            raise UndefinedCell(
                f"{type(self).__name__} needs a teaching phase in which activity moves; "
                "this framework yields the free state alone (use rules.Gradient with it)"
            )
        self._batch: float = block.batch
        posts, pres = block.rates[1:], block.rates[:-1]
        self._dW = [
            aligned((post.shape[-1], pre.shape[-1]), post.dtype)
            for post, pre in zip(posts, pres, strict=True)
        ]
        for dW in self._dW:
            dW[...] = 0
        self._db = [np.zeros(post.shape[-1], post.dtype) for post in posts]
        self._begun: set[int] = set()  # layers to which _add_outer has added

    def _add_outer(self, l: int, post: Array, pre: Array) -> None:
        """Add the sum over all leading axes of post pre^T to the update of layer l + 1."""
        dW = self._dW[l]
        if l in self._begun:
            dW += outer(post, pre, aligned(dW.shape, dW.dtype))
        else:  # nothing yet to add to
            outer(post, pre, dW)
            self._begun.add(l)

    def split(self, shares: Sequence[float]) -> list[Rule]:
        """Rules like this one for parts of a batch, which have these shares of its inputs."""
        rules = [copy.copy(self) for _ in shares]
        for rule, share in zip(rules, shares, strict=True):
            rule.share = share
        return rules

    def finish(self) -> Updates:
        """Averages over the batch. DivergenceError if one is not finite."""
        updates = Updates(self._dW, self._db)
        for total in (*updates.weights, *updates.biases):
            total /= self._batch / self.share
        for l, (dW, db) in enumerate(zip(updates.weights, updates.biases, strict=True)):
            with np.errstate(over="ignore", invalid="ignore"):
                quick = np.isfinite(dW.sum() + db.sum())
            if not quick and not (np.isfinite(dW).all() and np.isfinite(db).all()):
                raise DivergenceError(
                    f"The update of {type(self).__name__}", l + 1, 0,
                    "The activity is too large: scale inputs or weights down, or use float64.",
                )  # fmt: skip
        return updates

    def state(self) -> dict[str, Any]:
        """What a checkpoint must hold, beyond the settings, to go on bit for bit: JSON."""
        return {}

    def restore(self, meta: dict[str, Any]) -> None:
        """Take back what ``state`` gave."""


class Gradient(Rule):
    """dW_l = <a_l r_{l-1}^T>, db_l = <a_l> in the last state.

    With Backprop this is minus the gradient of the loss (Rumelhart et al. 1986). In a framework
    with dynamics it is the apical drive that a synapse would have to read directly.
    """

    needs_phase = False
    separable = True
    reads_voltages = True  # which the apical drive may be made of

    def start(self, block: Block) -> None:
        super().start(block)
        if block.apical_when_free:
            raise UndefinedCell(
                "Gradient reads the apical drive as an error, but in this framework top-down input "
                "is part of the free state too (use rules.Contrastive)"
            )

    def absorb(self, block: Block) -> None:
        self._last = block  # only the last one counts

    def finish(self) -> Updates:
        end = self._last.end()
        for l, a in enumerate(end.apical):
            outer(a[-1], end.rates[l][-1], self._dW[l])
            self._db[l] = a[-1].sum(axis=0)
        return super().finish()


class ErrorBased(Rule):
    """dW_l = <(phi(v_l) - phi(b_l)) r_{l-1}^T>: what the soma does against what its basal input
    alone would make it do (Urbanczik & Senn 2014; Meulemans et al. 2021).

    on: ``rate`` as above, or ``voltage`` for v_l - b_l, which at rest is the apical drive a_l.
    over: ``end``: in the taught state; ``phase``: the mean over all steps (Aceituno et al. 2023).
    """

    separable = True

    def __init__(self, on: str = "rate", over: str = "end") -> None:
        self.on = check_choice("on", on, ("rate", "voltage"))
        self.over = check_choice("over", over, ("end", "phase"))
        self.reads_voltages = on == "voltage"

    def start(self, block: Block) -> None:
        super().start(block)
        if block.apical_when_free:
            raise UndefinedCell(
                "ErrorBased compares soma and basal drive, but in this framework top-down input is "
                "part of the free state too: their difference is no error (use rules.Contrastive)"
            )
        self._seconds = 0.0

    def absorb(self, block: Block) -> None:
        if self.over == "phase":
            self._seconds += self._add(block, slice(1, None), np.diff(block.time))
        else:
            self._last = block  # only the last one counts

    def finish(self) -> Updates:
        if self.over == "end":
            self._seconds = self._add(self._last.end(), slice(None), np.ones(1))
        self._batch *= self._seconds
        return super().finish()

    def _add(self, block: Block, rows: slice, seconds: Array) -> float:
        """Add the error in these rows times pre, each weighted with its duration."""
        for l, phi in enumerate(block.activations):
            pre = block.rates[l][rows]
            if self.on == "rate":
                error = block.rates[l + 1][rows] - phi.rate(block.basal[l][rows])
            else:
                error = block.voltages[l][rows] - block.basal[l][rows]
            error *= seconds[:, None, None].astype(error.dtype)
            summed = error.sum(axis=0)
            self._add_outer(l, *((summed, pre[0]) if is_constant(pre) else (error, pre)))
            self._db[l] += summed.sum(axis=0)
        return float(seconds.sum())


class Contrastive(Rule):
    """dW_l = <r_l+ r_{l-1}+^T - r_l- r_{l-1}-^T>: the taught state against the free one
    (contrastive Hebbian learning, Movellan 1991; Scellier & Bengio 2017)."""

    separable = True

    def start(self, block: Block) -> None:
        super().start(block)
        self._free = [r[0].copy() for r in block.rates]

    def absorb(self, block: Block) -> None:
        self._taught = [r[-1] for r in block.rates]  # only the last block's are read

    def finish(self) -> Updates:
        free, taught = self._free, self._taught
        for l in range(len(self._dW)):
            outer(taught[l + 1], taught[l], self._dW[l])
            self._dW[l] -= outer(free[l + 1], free[l])
            self._db[l] = (taught[l + 1] - free[l + 1]).sum(axis=0)
        return super().finish()


class DifferentialHebbian(Rule):
    """dW_l = <sum_t (r_l[t+1] - r_l[t]) r_{l-1}[t]^T>: presynaptic rate times the change of the
    postsynaptic rate, the rate form of STDP (Xie & Seung 2000; Aceituno et al. 2023). Kosko 1986,
    who gave it its name, multiplied the changes of both.

    on: ``rate`` as above, or ``voltage`` for the change of v_l (the form of theorem T3).
    symmetric: add sum_t r_l[t+1] (r_{l-1}[t+1] - r_{l-1}[t])^T, the change of the presynaptic
        rate. By summation by parts the total is then *exactly* Contrastive (theorem T1).
    """

    separable = True

    def __init__(self, on: str = "rate", symmetric: bool = False) -> None:
        self.on = check_choice("on", on, ("rate", "voltage"))
        self.symmetric = check_flag("symmetric", symmetric)
        self.reads_voltages = on == "voltage"

    def start(self, block: Block) -> None:
        super().start(block)
        self._free = [post[0].copy() for post in self._posts(block)]

    def _posts(self, block: Block) -> Sequence[Array]:
        return block.rates[1:] if self.on == "rate" else block.voltages

    def absorb(self, block: Block) -> None:
        self._last = block
        for l, post in enumerate(self._posts(block)):
            pre = block.rates[l]
            if is_constant(pre):
                continue  # the sum of changes telescopes: one product at the end will do
            # All steps of the block in one deep product.
            change = aligned(post[1:].shape, post.dtype)
            np.subtract(post[1:], post[:-1], out=change)
            self._add_outer(l, change, pre[:-1])
            if self.symmetric:
                self._add_outer(l, post[1:], pre[1:] - pre[:-1])

    def finish(self) -> Updates:
        for l, (free, post) in enumerate(zip(self._free, self._posts(self._last), strict=True)):
            moved, pre = post[-1] - free, self._last.rates[l]
            self._db[l] = moved.sum(axis=0)
            if is_constant(pre):
                outer(moved, pre[0], self._dW[l])
        return super().finish()


class Hebbian(Rule):
    """dW_l = <mean_t r_l[t] r_{l-1}[t]^T>: plain Hebb, blind to what was taught.

    The control: it has no baseline to subtract, so correlations that were there before the
    feedback dominate and the weights grow without bound.
    """

    needs_phase = False
    separable = True

    def start(self, block: Block) -> None:
        super().start(block)
        self._seconds = 0.0

    def absorb(self, block: Block) -> None:
        rows = slice(1, None) if block.steps else slice(None)
        seconds = np.diff(block.time) if block.steps else np.ones(1)
        self._seconds += seconds.sum()
        for l, r in enumerate(block.rates[1:]):
            post = r[rows] * seconds[:, None, None].astype(r.dtype)
            pre, summed = block.rates[l][rows], post.sum(axis=0)
            self._add_outer(l, *((summed, pre[0]) if is_constant(pre) else (post, pre)))
            self._db[l] += summed.sum(axis=0)

    def finish(self) -> Updates:
        self._batch *= self._seconds
        return super().finish()
