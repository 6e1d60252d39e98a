"""What a rule is: a fold over the stream of states whose result is one update per layer."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DivergenceError, UndefinedCell
from ..finite import all_finite
from ..memory import aligned
from ..stream import Block, Fold

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
    #: Whether the update is added up from zero. Otherwise ``finish`` writes every ``_dW`` whole.
    #: Each class says so for itself.
    adds_up = True
    #: Of the batch, the part that this rule sees. The update is divided by the whole.
    share = 1.0

    def __init_subclass__(cls) -> None:
        cls.separable = vars(cls).get("separable", False)  # not inherited
        cls.adds_up = vars(cls).get("adds_up", True)

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
        if self.adds_up:
            for dW in self._dW:
                dW[...] = 0
        self._db = [np.zeros(post.shape[-1], post.dtype) for post in posts]
        self._begun: set[int] = set()  # layers to which _add_outer has added

    def _add_outer(self, l: int, post: Array, pre: Array, sign: int = 1) -> None:
        """Add the sum over all leading axes of post pre^T to the update of layer l + 1, or, with
        the sign -1, subtract it."""
        dW = self._dW[l]
        if l in self._begun:
            product = outer(post, pre, aligned(dW.shape, dW.dtype))
            (np.add if sign > 0 else np.subtract)(dW, product, out=dW)
        else:  # nothing yet to add to
            outer(post, pre, dW)
            if sign < 0:
                np.negative(dW, out=dW)
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
        part = self.share / self._batch
        for total in (*updates.weights, *updates.biases):
            total *= part
        for l, (dW, db) in enumerate(zip(updates.weights, updates.biases, strict=True)):
            if not (all_finite(dW) and all_finite(db)):
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
