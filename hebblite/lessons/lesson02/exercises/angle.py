"""Exercise 02.2: the angle between two updates."""

# mypy: allow-untyped-defs
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import exercise

Array = np.ndarray


def two_updates(seed: int) -> tuple[Array, Array]:
    """Two updates: below 90° in three dimensions and with some zeros; opposite, with sum 0 and
    rounding beyond -1; one zero; above 90°, in one dimension and tiny."""
    rng = np.random.default_rng([22, seed])
    n, m = int(rng.integers(3, 6)), 2 * int(rng.integers(3, 5))
    kind = seed % 4
    if kind == 0:
        a = rng.normal(0, 1, (2, n, m)) + 0.3
        a[:, 0, : m // 2] = 0
        return a, 50 * (rng.normal(0, 1, a.shape) + 0.5 * a)
    if kind == 1:
        for _ in range(200):
            half = rng.integers(1, 6, (n, m // 2)).astype(float)
            a = np.hstack([half, -half])
            b = -3 * a
            # A cosine that arccos refuses unless it is clipped; in single precision it misses -1.
            if bare_cosine(a, b) < -1 < bare_cosine(a.astype("f4"), b.astype("f4")):
                break
        return a, b
    a = rng.normal(0, 1, (n, m)) + 0.3
    if kind == 2:
        return a[:, :1], np.zeros((n, 1))
    a = a.ravel()
    return 1e-10 * a, 1e-10 * (rng.normal(0, 1, a.shape) - 0.4 * a)


@exercise(
    "02.2",
    "the angle between two updates",
    cases=two_updates,
    tolerance=1e-5,
    hints=(
        "Flatten both, or sum over all entries: cos = ⟨a, b⟩ / (|a| |b|).",
        "Rounding can push a cosine to 1.0000000000000002, and arccos of that is NaN: clip it "
        "to [−1, 1]. If a length is 0, return 90.0 before you divide.",
        "np.degrees(np.arccos(np.clip(np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b)), "
        "-1, 1)))",
    ),
)
def degrees_between(a: Array, b: Array) -> float:
    """The angle between two arrays of one shape, in degrees; 90 if either is zero."""
    size = np.linalg.norm(a) * np.linalg.norm(b)
    if size == 0:
        return 90.0
    return float(np.degrees(np.arccos(np.clip(np.sum(a * b) / size, -1, 1))))


def angle_with(
    size: Callable[[Array], Any] = np.linalg.norm,
    turn: Callable[[Any], Any] = lambda c: np.degrees(np.arccos(c)),
    zero: float = 90.0,
) -> Callable[[Array, Array], Any]:
    def answer(a: Array, b: Array) -> Any:
        product = size(a) * size(b)
        return turn(np.clip(np.sum(a * b) / product, -1, 1)) if product else zero

    return answer


def ninety_if(zero: Callable[[Array], Any]) -> Callable[[Array, Array], Any]:
    """Right, but for what it takes for an update of zeros."""
    return lambda a, b: 90.0 if zero(a) or zero(b) else degrees_between(a, b)


def to_degrees(cosine: Any) -> Any:
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def bare_cosine(a: Array, b: Array) -> Any:
    return np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b))


def no_roots(a: Array, b: Array) -> Any:
    return np.sum(a * b) / (np.sum(a * a) * np.sum(b * b))


@degrees_between.right
def half_angle(a: Array, b: Array) -> float:
    """From the lengths of sum and difference of the unit vectors, which needs no clipping."""
    if not a.any() or not b.any():
        return 90.0
    p, q = a.ravel() / np.linalg.norm(a), b.ravel() / np.linalg.norm(b)
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(p - q), np.linalg.norm(p + q))))


@degrees_between.right
def by_loop(a: Array, b: Array) -> float:
    dot = aa = bb = 0.0
    for p, q in zip(a.ravel(), b.ravel(), strict=True):
        dot, aa, bb = dot + p * q, aa + p * p, bb + q * q
    if aa * bb == 0:
        return 90.0
    return float(np.degrees(np.arccos(max(-1.0, min(1.0, dot / (aa**0.5 * bb**0.5))))))


@degrees_between.right
def own_length(a, b):
    return angle_with(lambda w: np.sqrt((w * w).sum()))(a, b)


degrees_between.wrong("that is in radians: the answer is in degrees.")(angle_with(turn=np.arccos))

degrees_between.wrong(
    "everything is in radians, also for an update of zeros: the answer is in degrees."
)(angle_with(turn=np.arccos, zero=np.pi / 2))


@degrees_between.wrong(
    "you clip the cosine to [0, 1], so no angle is above 90°. It goes down to −1."
)
def clipped_at_zero(a, b):
    return min(degrees_between(a, b), 90.0)


degrees_between.wrong("that is the cosine; the angle is still to be taken from it.")(
    angle_with(turn=lambda c: c)
)

degrees_between.wrong("arcsin measures from the wrong axis: equal directions must give 0, not 90.")(
    angle_with(turn=lambda c: np.degrees(np.arcsin(c)))
)

degrees_between.wrong(
    "it cannot tell a direction from its opposite: keep the sign of the inner product."
)(angle_with(turn=lambda c: np.degrees(np.arccos(abs(c)))))

degrees_between.wrong(
    "equal directions must give 0 and opposite ones 180: yours are the other way round."
)(angle_with(turn=lambda c: 180 - np.degrees(np.arccos(c))))


@degrees_between.wrong("an angle has no sign: it goes from 0 to 180.")
def negative_angle(a, b):
    return -degrees_between(a, b) if a.any() and b.any() else 90.0


@degrees_between.wrong("an update of zeros gets 90, without a minus: angles go from 0 to 180.")
def minus_ninety(a, b):
    return degrees_between(a, b) if a.any() and b.any() else -90.0


@degrees_between.wrong(
    "you average an angle for each row. Read the whole update as one long vector."
)
def mean_over_rows(a: Array, b: Array) -> float:
    return float(np.mean([degrees_between(p, q) for p, q in zip(a, b, strict=True)]))


@degrees_between.wrong("you subtract the means: that is a correlation, not an angle.")
def centred(a: Array, b: Array) -> float:
    if not a.any() or not b.any():
        return 90.0
    return degrees_between(a - a.mean(), b - b.mean())


@degrees_between.wrong("the length of the second update is not divided out: an angle has no scale.")
def one_length(a: Array, b: Array) -> float:
    if not a.any() or not b.any():
        return 90.0
    return float(np.degrees(np.arccos(np.clip(np.sum(a * b) / np.linalg.norm(a) ** 2, -1, 1))))


@degrees_between.wrong("a length is missing: the cosine is ⟨a, b⟩ over |a| *times* |b|.")
def first_length_only(a: Array, b: Array) -> float:
    if not a.any() or not b.any():
        return 90.0
    return float(np.degrees(np.arccos(np.clip(np.sum(a * b) / np.linalg.norm(a), -1, 1))))


@degrees_between.wrong(
    "two things: the angle is in radians, and an update of zeros gives NaN. Return 90.0 for it "
    "before you divide, and turn the others into degrees."
)
def radians_without_zeros(a, b):
    return np.arccos(np.clip(bare_cosine(a, b), -1, 1))


@degrees_between.wrong(
    "three things: the angle is in radians, a cosine just beyond −1 or 1 is not clipped, and an "
    "update of zeros gives NaN."
)
def radians_and_both_traps(a, b):
    return np.arccos(bare_cosine(a, b))


degrees_between.wrong(
    "right, but for an update of zeros: it has no direction and helps no one, so return 90."
)(angle_with(zero=0.0))

degrees_between.wrong(
    "an update with *some* zeros has a direction all the same: 90 is for one that is zero "
    "everywhere. (`a.all()` asks whether every entry differs from 0.)"
)(ninety_if(lambda w: (w == 0).any()))

degrees_between.wrong("an update whose entries sum to 0 is not zero: ask for its length.")(
    ninety_if(lambda w: np.sum(w) == 0)
)

degrees_between.wrong(
    "right, but for tiny updates: 1e-10 times an update has the same direction. Compare lengths "
    "with exactly 0, and add nothing to them."
)(ninety_if(lambda w: np.allclose(w, 0)))

degrees_between.wrong(
    "that is the cosine; the angle is still to be taken from it. And where an update is zero, 0 "
    "is divided by 0."
)(bare_cosine)


@degrees_between.wrong(
    "right, but only in single precision (float32): near 0° and 180° arccos then loses half of the "
    "digits. Work in float64, which is what NumPy takes by itself."
)
def single_precision(a, b):
    return angle_with()(a.astype(np.float32), b.astype(np.float32))


@degrees_between.wrong(
    "right, but for rounding: a cosine just beyond −1 or 1 gives NaN. Clip it first."
)
def no_clip(a, b):
    return np.degrees(np.arccos(bare_cosine(a, b))) if b.any() else 90.0


@degrees_between.wrong(
    "right, but for an update of zeros: 0 is divided by 0 and gives NaN. Return 90.0 before you "
    "divide."
)
def no_zero(a, b):
    return to_degrees(bare_cosine(a, b))


@degrees_between.wrong(
    "right, but for both traps: clip the cosine, and return 90.0 for zeros before you divide. "
    "Each gives NaN."
)
def no_clip_no_zero(a, b):
    return np.degrees(np.arccos(bare_cosine(a, b)))


@degrees_between.wrong("a length is the *root* of a sum of squares.")
def no_root_no_clip(a, b):
    return to_degrees(no_roots(a, b)) if b.any() else 90.0


@degrees_between.wrong(
    "a length is the *root* of a sum of squares; and an update of zeros gives NaN."
)
def no_root_no_zero(a, b):
    return to_degrees(no_roots(a, b))


@degrees_between.wrong(
    "a length is the *root* of a sum of squares; then clip the cosine, and return 90.0 for "
    "zeros before you divide."
)
def no_root_neither(a, b):
    return np.degrees(np.arccos(no_roots(a, b)))


@degrees_between.wrong(
    "you average an angle for each row. Read the whole update as one long vector; and return "
    "90.0 for zeros before you divide."
)
def rows_without_zeros(a: Array, b: Array) -> Any:
    return np.mean([to_degrees(bare_cosine(p, q)) for p, q in zip(a, b, strict=True)])
