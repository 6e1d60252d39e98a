"""The matrix products that a training batch cannot do without, timed alone: the bound.

Exactly the products of the same dynamics and rule: W_1 x once, as the input does not move; every
later layer up and down at every step; the rule's products in blocks. There are two ways to do them,
and which is faster depends on the machine and on who else is on it:

    threads    the whole batch at once, each product on all threads that BLAS has
    lanes      the batch cut as the engine cuts it, each part's products on one thread, as many
               parts side by side as there are cores

Everything above the better of the two is passes over memory, ufuncs and Python.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from ..frameworks import DeepFeedbackControl
from ..lanes import parts, side_by_side
from ..memory import aligned
from .cases import Case, phases

Array = np.ndarray
BLOCK = 8


def threads(case: Case, rule: str) -> Callable[[], None]:
    """The products of whole batches, each on all threads."""
    works = {batch: products(case, rule, batch) for batch in batches(case)}

    def run() -> None:
        for batch in batches(case):
            works[batch]()

    return run


def lanes(case: Case, rule: str) -> Callable[[], None]:
    """The products of each lane on one thread, the lanes of a batch side by side."""
    works = {
        batch: [products(case, rule, cut.stop - cut.start) for cut in parts(batch, case.sizes)]
        for batch in batches(case)
    }

    def run() -> None:
        for batch in batches(case):
            side_by_side(lambda work: work(), works[batch])

    return run


def batches(case: Case) -> list[int]:
    """Inputs in each of the batches that are timed together."""
    full, rest = divmod(case.samples or case.batch, case.batch)
    return [case.batch] * full + [rest] * (rest > 0)


def products(case: Case, rule: str, batch: int) -> Callable[[], None]:
    """The irreducible matrix products of ``batch`` inputs, as one function."""
    framework = case.make()
    B, sizes, L = batch, case.sizes, len(case.sizes) - 1
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        made = aligned(shape, np.dtype(np.float32))
        made[...] = rng.random(shape, np.float32)
        return made

    rates = [some(BLOCK, B, n) for n in sizes]
    W = [some(n, m) for m, n in itertools.pairwise(sizes)]
    W_T = [np.ascontiguousarray(w.T) for w in W]
    up = [some(B, n) for n in sizes]
    dW = [some(*w.shape) for w in W]
    u, Q_T = some(B, sizes[-1]), some(sizes[-1], sum(sizes[1:]))
    a = some(B, sum(sizes[1:]))

    def step(s: int) -> None:
        for l in range(1, L):
            np.matmul(rates[l][s % BLOCK], W_T[l], out=up[l + 1])
        if isinstance(framework, DeepFeedbackControl) and framework.feedback == "transpose":
            np.matmul(u, Q_T, out=a)  # all feedback weights, stacked
        else:
            for l in range(L - 1, 0, -1):
                np.matmul(rates[l + 1][s % BLOCK], W[l], out=up[l])

    def outer(l: int, deep: bool) -> None:
        post, pre = (r if deep else r[:1] for r in (rates[l + 1], rates[l]))
        np.matmul(post.reshape(-1, sizes[l + 1]).T, pre.reshape(-1, sizes[l]), out=dW[l])

    shown, hidden = phases(framework)
    deep = {"stdp": range(L), "stdp-expected": range(L)}.get(rule, range(1, L))
    moving = rule.startswith(("dh", "stdp", "hebbian"))
    # Of two states compared: one product for layer 1, whose input is the same in both.
    once = {"contrastive": [1, *[2] * (L - 1)]}.get(rule, [1] * L)

    def run() -> None:
        np.matmul(rates[0][0], W_T[0], out=up[1])
        for s in range(hidden):
            step(s)
        for s in range(shown):
            step(s)
            if moving and (s + 1) % BLOCK == 0:
                for l in deep:
                    outer(l, True)
        for l in range(L):
            if not moving or l not in deep:
                for _ in range(once[l]):
                    outer(l, False)

    return run
