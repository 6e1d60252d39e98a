"""Steps T2.6 and T2.7: where pre is held, and where a phase ends early."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Exact, Order
from .memory import SPEEDS
from .statement import CONSTANT, END, SLOW, START, T2

Array = np.ndarray


@T2.step(
    "T2.6",
    "where pre is held, DH is all of it",
    left="E_held",
    claim=Exact(),
    uses=(START, END, CONSTANT),
    needs=("T2.2",),
    because="pre does not lag, and over the whole phase post lags by its whole change, divided by "
    "1 - d, since each change is forgotten at last; the sum of the changes telescopes, T1",
    hints=(
        "Begin with step T2.2. How far does a pre that is held lag? And if lag[t] = dpost[t] + "
        "d lag[t-1], what is the sum of all lags of a phase between two rests?",
        "lag_pre is 0, and the lags of post sum up to the sum of its changes, divided by 1 - d: "
        "each change counts with 1 + d + d^2 + ... What is the sum of all changes?",
        "np.outer(r_end - r_start, pre_held)",
    ),
)
def still(r_start: Array, r_end: Array, pre_held: Array) -> Array:
    """E = (r_end - r_start) pre^T, at any speed"""
    return np.outer(r_end - r_start, pre_held)


still.right(lambda r_start, r_end, pre_held: (r_end - r_start)[:, None] * pre_held)
still.right(
    lambda r_start, r_end, pre_held: np.outer(r_end, pre_held) - np.outer(r_start, pre_held)
)


@still.right
def synapse_by_synapse(r_start: Array, r_end: Array, pre_held: Array) -> Array:
    return np.array([[(b - a) * p for p in pre_held] for a, b in zip(r_start, r_end, strict=True)])


@still.term("the rates at the end times pre")
def at_the_end(r_end: Array, pre_held: Array) -> Array:
    return np.outer(r_end, pre_held)


@still.term("the rates at the start times pre")
def at_the_start(r_start: Array, pre_held: Array) -> Array:
    return np.outer(r_start, pre_held)


def _of_ends(make: Callable[[Array, Array, Array], Array]) -> Answer:
    return lambda r_start, r_end, pre_held: make(r_start, r_end, pre_held)


for message, of_ends in (
    (
        "the sign is the wrong way round: where post rises, the synapse grows.",
        lambda a, b, p: np.outer(a - b, p),
    ),
    (
        "this is the rate at the end alone. STDP is blind to what does not change: subtract the "
        "rate at the start.",
        lambda a, b, p: np.outer(b, p),
    ),
    (
        "this is the rate at the start alone, to which STDP is blind. By how much does post "
        "change?",
        lambda a, b, p: np.outer(a, p),
    ),
    (
        "this is minus the rate at the start. The rate at the end is missing.",
        lambda a, b, p: -np.outer(a, p),
    ),
    (
        "the rates at both ends are added: STDP sees their difference.",
        lambda a, b, p: np.outer(a + b, p),
    ),
    (
        "this is the mean rate of both ends times pre. STDP sees how far post has changed.",
        lambda a, b, p: np.outer(a + b, p) / 2,
    ),
    (
        "no factor 1/2: pre does not change, so the whole change of post counts.",
        lambda a, b, p: np.outer(b - a, p) / 2,
    ),
    (
        "no factor 2: that would be 2 DH - contrast with a contrast of 0. Here the contrast is DH.",
        lambda a, b, p: 2 * np.outer(b - a, p),
    ),
    (
        "pre is missing: a synapse learns in proportion to how active its pre is.",
        lambda a, b, p: np.outer(b - a, np.ones_like(p)),
    ),
    (
        "pre comes in once, and not squared.",
        lambda a, b, p: np.outer(b - a, p**2),
    ),
    (
        "the size of the change alone counts here: where post falls, the synapse shrinks.",
        lambda a, b, p: np.outer(np.abs(b - a), p),
    ),
    (
        "zero is right for post at rest. Pre does not move here, but post does.",
        lambda a, b, p: np.zeros((len(a), len(p))),
    ),
    (
        "each synapse has its own pre: multiply by that, and not by the sum of all.",
        lambda a, b, p: np.outer(b - a, np.full_like(p, p.sum())),
    ),
    (
        "this is the change of the *square* of post's rate: the change of the rate counts.",
        lambda a, b, p: np.outer(b**2 - a**2, p),
    ),
):
    still.wrong(message)(_of_ends(of_ends))


@T2.step(
    "T2.7",
    "what is left over where a phase ends early",
    left="E_cut",
    claim=Order(2, SPEEDS),
    uses=(START, SLOW),
    needs=("T2.4",),
    because="of each of the last changes, the memory has not yet seen the share d^i; all of these "
    "add up to d / (1 - d) times the change in the last step, for post as for pre",
    hints=(
        "Of a change i steps before the cut, steps up to the cut have seen 1 - d^(i+1): the rest, "
        "d^(i+1), is missing. How large is the sum of these shares, if the last changes are alike?",
        "d + d^2 + d^3 + ... = d / (1 - d). So of A_cut, this is missing: d / (1 - d) times the "
        "change of post times pre, minus post times the change of pre, all in the last step.",
        "A_cut - d / (1 - d) * (np.outer(dpost_cut, pre_cut) - np.outer(post_cut, dpre_cut))",
    ),
)
def left_over(
    d: float, A_cut: Array, post_cut: Array, pre_cut: Array, dpost_cut: Array, dpre_cut: Array
) -> Array:
    """E = A - d / (1 - d) (dpost pre^T - post dpre^T) at the cut + O(speed^2)"""
    return A_cut - d / (1 - d) * (np.outer(dpost_cut, pre_cut) - np.outer(post_cut, dpre_cut))


left_over.right(
    lambda d, A_cut, post_cut, pre_cut, dpost_cut, dpre_cut: (
        A_cut + (np.outer(post_cut, dpre_cut) - np.outer(dpost_cut, pre_cut)) * d / (1 - d)
    )
)
left_over.right(
    lambda d, A_cut, post_cut, pre_cut, dpost_cut, dpre_cut: (
        A_cut - d / (1 - d) * (dpost_cut[:, None] * pre_cut - post_cut[:, None] * dpre_cut)
    )
)


@left_over.right
def by_the_step_before(
    d: float, A_cut: Array, post_cut: Array, pre_cut: Array, dpost_cut: Array, dpre_cut: Array
) -> Array:
    post, pre = post_cut - dpost_cut, pre_cut - dpre_cut
    return A_cut - d / (1 - d) * (np.outer(post_cut, pre) - np.outer(post, pre_cut))


@left_over.term("the antisymmetric form up to the cut")
def up_to_the_cut(A_cut: Array) -> Array:
    return A_cut


@left_over.term("the last change of post, not yet seen, times pre")
def unseen_of_post(d: float, pre_cut: Array, dpost_cut: Array) -> Array:
    return d / (1 - d) * np.outer(dpost_cut, pre_cut)


@left_over.term("post times the last change of pre, not yet seen")
def unseen_of_pre(d: float, post_cut: Array, dpre_cut: Array) -> Array:
    return d / (1 - d) * np.outer(post_cut, dpre_cut)


def _cut(
    number: Callable[[float], float],
    last: Callable[[Array, Array, Array, Array], Array] | None = None,
    whole: float = 1.0,
) -> Answer:
    """A_cut plus a number times what changes in the last step, made of post, pre and changes."""
    last = last or (lambda post, pre, dpost, dpre: np.outer(dpost, pre) - np.outer(post, dpre))
    return lambda d, A_cut, post_cut, pre_cut, dpost_cut, dpre_cut: (
        whole * A_cut + number(d) * last(post_cut, pre_cut, dpost_cut, dpre_cut)
    )


for message, answer in (
    (
        "this is the antisymmetric form of what has happened. The memory has not seen the last of "
        "it: something of first order is missing.",
        _cut(lambda d: 0.0),
    ),
    (
        "plus for minus: what the memory has not seen yet is taken away.",
        _cut(lambda d: d / (1 - d)),
    ),
    (
        "d is missing: the last step itself has been seen in part, 1 - d of it. What is not seen "
        "is d + d^2 + ...",
        _cut(lambda d: -1 / (1 - d)),
    ),
    (
        "this is what is not seen of the last change alone. Of the changes before it something is "
        "left as well: d + d^2 + d^3 + ...",
        _cut(lambda d: -d),
    ),
    (
        "all of the last change is taken away, and nothing of those before it. Of each, the share "
        "d, d^2, d^3, ... is not yet seen.",
        _cut(lambda d: -1.0),
    ),
    (
        "this takes away what has been seen of the last change.",
        _cut(lambda d: -(1 - d)),
    ),
    (
        "1 - d divides once: d + d^2 + ... = d / (1 - d).",
        _cut(lambda d: -d / (1 - d) ** 2),
    ),
    (
        "the series is turned over: d + d^2 + ... = d / (1 - d).",
        _cut(lambda d: -(1 - d) / d),
    ),
    (
        "only what post changes by is there. Pre's memory lags as well: post times its last change "
        "has the other sign.",
        _cut(lambda d: -d / (1 - d), lambda post, pre, dpost, dpre: np.outer(dpost, pre)),
    ),
    (
        "only what pre changes by is there. The last change of post times pre is missing.",
        _cut(lambda d: -d / (1 - d), lambda post, pre, dpost, dpre: -np.outer(post, dpre)),
    ),
    (
        "the sign of what pre changes by is the wrong way round: what is left over is "
        "antisymmetric, as A is.",
        _cut(
            lambda d: -d / (1 - d),
            lambda post, pre, dpost, dpre: np.outer(dpost, pre) + np.outer(post, dpre),
        ),
    ),
    (
        "the product of both changes is of second order. Each change meets the rate of the other.",
        _cut(lambda d: -d / (1 - d), lambda post, pre, dpost, dpre: np.outer(dpost, dpre)),
    ),
    (
        "these are the rates at the cut. What the memory has not seen are *changes*.",
        _cut(lambda d: -d / (1 - d), lambda post, pre, dpost, dpre: np.outer(post, pre)),
    ),
    (
        "this is what is left over, alone: take it away from A_cut.",
        _cut(lambda d: -d / (1 - d), whole=0.0),
    ),
    (
        "this is what is left over, alone, and with a plus: take it away from A_cut.",
        _cut(lambda d: d / (1 - d), whole=0.0),
    ),
):
    left_over.wrong(message)(answer)
