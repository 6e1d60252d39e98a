"""Exercise 01.1: the window summed over all pairs of spikes."""

# mypy: allow-untyped-defs
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import exercise

Array = np.ndarray

FAR = 10.4  # time constants between the last spike and all others
MS = 1e-3  # seconds


def times(seed: int) -> tuple[Array, Array, float]:
    """Two trains of different length in which one spike of each falls together. The last spike is
    more than ten time constants behind all others: whoever cuts the window off loses its pairs.
    Every other case is stretched, window and all, so that pairs more than 50 ms apart count. Some
    have one post spike, some one pre spike."""
    rng = np.random.default_rng([11, seed])
    n = 1 if seed % 4 == 2 else rng.integers(3, 6)
    m = 1 if seed % 4 == 3 else rng.integers(6, 9)
    t_post, t_pre = np.sort(rng.uniform(0, 6, n)), np.sort(rng.uniform(0, 6, m))
    t_post[n // 2] = t_pre[np.searchsorted(t_pre, t_post[n // 2]) % m]
    tau_s = float(rng.uniform(0.6, 2.5))
    late = max(t_post.max(), t_pre.max()) + FAR * tau_s
    if m > 1:
        t_pre[-1] = late
    else:
        t_post[t_post.argmax()] = late
    stretch = 25.0 * MS if seed % 2 else MS
    return np.sort(t_post) * stretch, np.sort(t_pre) * stretch, tau_s * stretch


@exercise(
    "01.1",
    "the window summed over all pairs",
    cases=times,
    hints=(
        "How many pairs are there of 3 post and 5 pre spikes? You need that many values of s.",
        "t_post[:, None] - t_pre[None, :] holds every s. A double loop does as well.",
        "np.sign(s) * np.exp(-np.abs(s) / tau_s), and then the sum of it all.",
    ),
)
def pair_sum(t_post: Any, t_pre: Any, tau_s: float) -> float:
    """Sum of K(t_post - t_pre) over all pairs of spike times."""
    s = np.asarray(t_post, float)[:, None] - np.asarray(t_pre, float)[None, :]
    return float((np.sign(s) * np.exp(-np.abs(s) / tau_s)).sum())


def summed(weight: Callable[[Array, float], Array]) -> Callable[..., float]:
    """An answer that sums ``weight(s, tau_s)`` over all pairs."""

    def answer(t_post: Array, t_pre: Array, tau_s: float) -> float:
        return float(weight(np.subtract.outer(t_post, t_pre), tau_s).sum())

    return answer


def bell(s: Array, tau_s: float) -> Array:
    return np.exp(-np.abs(s) / tau_s)


def window(s: Array, tau_s: float) -> Array:
    """K(s)."""
    return np.sign(s) * bell(s, tau_s)


@pair_sum.right
def double_loop(t_post: Array, t_pre: Array, tau_s: float) -> float:
    total = 0.0
    for post in t_post:
        for pre in t_pre:
            if post > pre:
                total += np.exp(-(post - pre) / tau_s)
            elif post < pre:
                total -= np.exp(-(pre - post) / tau_s)
    return total


pair_sum.right(summed(lambda s, tau_s: np.where(s > 0, 1, -1) * (s != 0) * bell(s, tau_s)))


@pair_sum.right
def one_at_a_time(t_post, t_pre, tau_s):
    return sum(
        np.exp((t_pre[t_pre < t] - t) / tau_s).sum() - np.exp((t - t_pre[t_pre > t]) / tau_s).sum()
        for t in t_post
    )


pair_sum.wrong(
    "the sign is the wrong way round: s is the time of post minus that of pre, and a pre spike "
    "that comes first strengthens. (Or have t_post and t_pre changed places in the first line?)"
)(summed(lambda s, tau_s: -np.sign(s) * bell(s, tau_s)))

pair_sum.wrong(
    "every pair strengthens here: sign(s) is missing, so that pairs with post first weaken."
)(summed(bell))

pair_sum.wrong(
    "it returns NaN, as 0 / 0 does. If s / |s| stands for the sign of s, take np.sign(s): it is 0 "
    "where s is 0."
)(summed(lambda s, tau_s: s / np.abs(s) * bell(s, tau_s)))

pair_sum.wrong("only pairs with pre first are counted. The others count too: they weaken.")(
    summed(lambda s, tau_s: (s > 0) * bell(s, tau_s))
)

pair_sum.wrong("only pairs with post first are counted. The others count too: they strengthen.")(
    summed(lambda s, tau_s: -1.0 * (s < 0) * bell(s, tau_s))
)

pair_sum.wrong("the window grows without bound on one side: the exponent needs the *size* of s.")(
    summed(lambda s, tau_s: np.sign(s) * np.exp(-s / tau_s))
)

pair_sum.wrong("you multiply by tau_s in the exponent. A time divided by a time has no unit.")(
    summed(lambda s, tau_s: np.sign(s) * np.exp(-np.abs(s) * tau_s))
)

pair_sum.wrong("spikes at the same moment strengthen here. For s = 0 the sign, and so K, is 0.")(
    summed(lambda s, tau_s: np.where(s >= 0, 1, -1) * bell(s, tau_s))
)

pair_sum.wrong("spikes at the same moment weaken here. For s = 0 the sign, and so K, is 0.")(
    summed(lambda s, tau_s: np.where(s > 0, 1, -1) * bell(s, tau_s))
)


@pair_sum.wrong("you take the mean over the pairs; the update is their sum.")
def mean_over_pairs(t_post, t_pre, tau_s):
    return pair_sum(t_post, t_pre, tau_s) / len(t_post) / len(t_pre)


pair_sum.wrong("there is a factor 1/tau_s too many: K starts at 1, whatever its time constant.")(
    summed(lambda s, tau_s: np.sign(s) * bell(s, tau_s) / tau_s)
)

pair_sum.wrong(
    "sign(s) is missing, so that every pair strengthens, and there is a factor 1/tau_s too many."
)(summed(lambda s, tau_s: bell(s, tau_s) / tau_s))


def cut(edge: float, of_tau: bool) -> Callable[..., float]:
    """An answer that drops pairs beyond an edge: so many time constants, or ms."""

    def weight(s: Array, tau_s: float) -> Array:
        return window(s, tau_s) * (np.abs(s) <= edge * (tau_s if of_tau else MS))

    return summed(weight)


def fixed(tau_ms: float) -> Callable[..., float]:
    """An answer with a time constant of its own."""
    return summed(lambda s, tau_s: window(s, tau_ms * MS))


for edge in range(1, 11):
    pair_sum.wrong(
        "pairs that are many time constants apart are dropped. The window fades, but it has no "
        "edge: sum over *all* pairs."
    )(cut(edge, True))

for edge in (20, 25, 30, 40, 50, 60, 80, 100):
    pair_sum.wrong(
        "pairs some tens of ms apart are dropped. The window has no edge: with a large tau_s such "
        "pairs weigh, too."
    )(cut(edge, False))

for tau_ms in (10.0, 20.0):
    pair_sum.wrong(
        f"the time constant is {tau_ms:g} ms here, whatever `tau_s` is. Use the argument: others "
        "may call your function with another window."
    )(fixed(tau_ms))

pair_sum.wrong(
    "only the first post spike and the first pre spike make a pair. Is there a `return` inside "
    "the loops? It belongs behind them."
)(lambda t_post, t_pre, tau_s: float(window(t_post[0] - t_pre[0], tau_s)))

pair_sum.wrong(
    "only the pairs of the first post spike are there. Is there a `return` inside the outer loop? "
    "It belongs behind it."
)(lambda t_post, t_pre, tau_s: float(window(t_post[0] - t_pre, tau_s).sum()))

pair_sum.wrong(
    "only the pairs of the last post spike are there. Is the total set to zero inside the outer "
    "loop, or added to behind it?"
)(lambda t_post, t_pre, tau_s: float(window(t_post[-1] - t_pre, tau_s).sum()))

pair_sum.wrong(
    "only the last post spike and the last pre spike make a pair. Add each pair's part to the "
    "total, inside both loops."
)(lambda t_post, t_pre, tau_s: float(window(t_post[-1] - t_pre[-1], tau_s)))

pair_sum.wrong("you take the mean over the pre spikes; the update is the sum over all pairs.")(
    lambda t_post, t_pre, tau_s: pair_sum(t_post, t_pre, tau_s) / len(t_pre)
)

pair_sum.wrong("you take the mean over the post spikes; the update is the sum over all pairs.")(
    lambda t_post, t_pre, tau_s: pair_sum(t_post, t_pre, tau_s) / len(t_post)
)

pair_sum.wrong(
    "this is a Gaussian window, with s squared in the exponent. Ours has the *size* of s there."
)(summed(lambda s, tau_s: np.sign(s) * np.exp(-((s / tau_s) ** 2))))

pair_sum.wrong("this is a Gaussian window. Ours has -|s| / tau_s in the exponent.")(
    summed(lambda s, tau_s: np.sign(s) * np.exp(-((s / tau_s) ** 2) / 2))
)

pair_sum.wrong(
    "the factor is s itself, where only its sign is meant: K(s) jumps to 1 at s = 0 and falls "
    "from there on."
)(summed(lambda s, tau_s: s * bell(s, tau_s)))

pair_sum.wrong("the window grows with the distance here: the exponent needs a minus.")(
    summed(lambda s, tau_s: np.sign(s) * np.exp(np.abs(s) / tau_s))
)

pair_sum.wrong("the exponent is upside down: it is the distance divided by tau_s.")(
    summed(lambda s, tau_s: np.sign(s) * np.exp(-tau_s / np.maximum(np.abs(s), 1e-12)))
)

pair_sum.wrong("these are the sizes of the pairs alone, without the exponential or the sign.")(
    summed(lambda s, tau_s: np.abs(s) / tau_s)
)


@pair_sum.wrong(
    "each post spike meets only the pre spike closest to it. Here it pairs with *every* pre spike."
)
def closest(t_post: Array, t_pre: Array, tau_s: float) -> float:
    """Each post spike meets only the pre spike that is closest to it."""
    s = np.subtract.outer(t_post, t_pre)
    near = s[np.arange(len(s)), np.abs(s).argmin(axis=1)]
    return float((np.sign(near) * bell(near, tau_s)).sum())


@pair_sum.wrong(
    "each spike meets only the nearest one before it. Here *all* pairs count, distant ones too."
)
def nearest(t_post: Array, t_pre: Array, tau_s: float) -> float:
    """Each spike meets only the latest one of the other train."""
    total = 0.0
    for post in t_post:
        if (t_pre < post).any():
            total += np.exp((t_pre[t_pre < post].max() - post) / tau_s)
    for pre in t_pre:
        if (t_post < pre).any():
            total -= np.exp((t_post[t_post < pre].max() - pre) / tau_s)
    return total


@pair_sum.wrong(
    "you pair the first with the first, the second with the second. Every spike of one train "
    "pairs with *every* spike of the other."
)
def side_by_side(t_post, t_pre, tau_s):
    return sum(
        np.sign(a - b) * np.exp(-abs(a - b) / tau_s) for a, b in zip(t_post, t_pre, strict=False)
    )


pair_sum.wrong("every pair counts fully here: the exponential is missing.")(
    summed(lambda s, tau_s: np.sign(s))
)


@pair_sum.wrong(
    "these are the values of single pairs. Sum over all pairs: one number is asked for."
)
def not_summed(t_post, t_pre, tau_s):
    return np.sign(np.subtract.outer(t_post, t_pre)) * bell(np.subtract.outer(t_post, t_pre), tau_s)


@pair_sum.wrong(
    "you sum over the pre spikes only, and return a number for each post spike. Sum over the "
    "post spikes, too."
)
def summed_over_pre(t_post, t_pre, tau_s):
    return (
        np.sign(np.subtract.outer(t_post, t_pre)) * bell(np.subtract.outer(t_post, t_pre), tau_s)
    ).sum(axis=1)


pair_sum.wrong("the window is twice as wide as it should be: the exponent is -|s| / tau_s.")(
    summed(lambda s, tau_s: np.sign(s) * bell(s, 2 * tau_s))
)


@pair_sum.wrong("a factor 1000 is in the exponent: times and tau_s both are in seconds already.")
def tau_in_ms(t_post, t_pre, tau_s):
    return pair_sum(t_post, t_pre, 1000 * tau_s)


@pair_sum.wrong("a factor 1000 is in the exponent: times and tau_s both are in seconds already.")
def times_in_ms(t_post, t_pre, tau_s):
    return pair_sum(t_post, t_pre, tau_s / 1000)


pair_sum.wrong("the exponential is missing: this is the sum of -|s| / tau_s over all pairs.")(
    summed(lambda s, tau_s: -np.abs(s) / tau_s)
)

pair_sum.wrong(
    "the exponential is missing: it turns -|s| / tau_s into a weight that fades from 1 to 0."
)(summed(lambda s, tau_s: -np.sign(s) * np.abs(s) / tau_s))

pair_sum.wrong("`//` rounds the exponent to a whole number. A single `/` divides.")(
    summed(lambda s, tau_s: np.sign(s) * np.exp(-np.abs(s) // tau_s))
)


def halves(
    up: Callable[[Array, float], Array] = bell, down: Callable[[Array, float], Array] = bell
) -> Callable[..., float]:
    """An answer that treats the two halves apart: weights of the distance |s|."""
    return summed(
        lambda s, tau_s: (s > 0) * up(np.abs(s), tau_s) - (s < 0) * down(np.abs(s), tau_s)
    )


SLIPS: dict[str, Callable[[Array, float], Array]] = {
    "grows with the distance: the exponent needs a minus": lambda x, tau_s: np.exp(x / tau_s),
    "lacks the exponential": lambda x, tau_s: -x / tau_s,
    "lacks the exponential and a minus": lambda x, tau_s: x / tau_s,
    "multiplies by tau_s in the exponent, where it divides": lambda x, tau_s: np.exp(-x * tau_s),
    "forgets tau_s in the exponent": lambda x, tau_s: np.exp(-x),
    "rounds the exponent: `//` is not `/`": lambda x, tau_s: np.exp(-x // tau_s),
    "has twice the width": lambda x, tau_s: np.exp(-x / (2 * tau_s)),
    "has half the width": lambda x, tau_s: np.exp(-2 * x / tau_s),
    "counts all its pairs in full": lambda x, tau_s: np.ones_like(x),
}
for slip, weight in SLIPS.items():
    pair_sum.wrong(f"the half in which pre comes first {slip}.")(halves(up=weight))
    if not slip.startswith("grows"):  # that one has a message above
        pair_sum.wrong(f"the half in which post comes first {slip}.")(halves(down=weight))

for slip in ("lacks the exponential and a minus", "forgets tau_s in the exponent",
             "has half the width"):  # fmt: skip
    pair_sum.wrong(f"your window {slip}.")(halves(SLIPS[slip], SLIPS[slip]))

pair_sum.wrong("both halves weaken here: pairs with pre first strengthen.")(
    halves(up=lambda x, tau_s: -bell(x, tau_s))
)
