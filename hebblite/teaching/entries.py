"""Which entries of an answer are wrong, over all cases: those with a certain right value, those of
one place, or those in which known wrong answers explain it, each some of them."""

from __future__ import annotations

import copy
import itertools
import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .attempt import Attempt, Case, Found
from .comparing import Array, arguments, numbers
from .numerals import rounded


class Entries(NamedTuple):
    """All entries of all cases in a row: returned, expected, and how near is equal."""

    mine: Array
    right: Array
    near: Array

    def same(self, a: Array, b: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray((a == b) | (np.abs(a - b) <= self.near) | (np.isnan(a) & np.isnan(b)))


def entries_of(attempt: Attempt) -> Entries | None:
    """The entries; None where shapes differ."""
    pairs = attempt.pairs
    if any(r.shape != e.shape for r, e in pairs):
        return None
    near = [np.full(e.size, attempt.tolerance * (scale(e) or 1.0)) for _, e in pairs]
    mine, right = (np.concatenate([pair[k].ravel() for pair in pairs]) for k in (0, 1))
    return Entries(mine, right, np.concatenate(near))


def scale(array: Array) -> float:
    return float(np.abs(array[np.isfinite(array)]).max(initial=0))


def two_known(attempt: Attempt) -> str:
    """Known wrong answers of which each explains some of the wrong entries, and all of them
    together explain all; the first two are told."""
    entries = entries_of(attempt)
    if entries is None:
        return ""
    left = ~entries.same(entries.mine, entries.right)
    right = ~left
    told: list[str] = []
    found: list[tuple[str, Array]] = []
    for message, values in wrong_entries(attempt, entries):
        off = ~entries.same(values, entries.right)
        covered = off & entries.same(values, entries.mine)
        if covered.any() and not (off & right).any():
            found.append((message, covered))
    while left.any() and found and len(told) < 3:
        message, covered = max(found, key=lambda one: int((one[1] & left).sum()))
        if not (covered & left).any():
            return ""
        told.append(message)
        left = left & ~covered
    told = list(dict.fromkeys(told))
    if left.any() or len(told) < 2:
        return ""
    more = "two things are" if len(told) == 2 else "more than one thing is"
    return Found(f"{more} wrong at once. In some entries: {told[0]} In others: {told[1]}")


def wrong_entries(attempt: Attempt, entries: Entries) -> Iterator[tuple[str, Array]]:
    """The known wrong answers, with their entries."""
    for wrong, message in attempt.exercise.wrong:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                parts = [
                    numbers(wrong(*copy.deepcopy(case)), None if attempt.part is not None else like)
                    for case, like in zip(attempt.cases, attempt.expected, strict=True)
                ]
            except Exception:  # not made for sizes like these
                continue
        if attempt.part is not None:
            if any(len(found) <= attempt.part for found in parts):
                continue
            parts = [[found[attempt.part]] for found in parts]
        values = np.concatenate([part.ravel() for found in parts for part in found])
        if values.shape == entries.mine.shape:
            yield message, values


def where_wrong(attempt: Attempt) -> str:
    """What the wrong entries have in common, and the right ones lack."""
    entries = entries_of(attempt)
    if entries is None or all(e.ndim == 0 for _, e in attempt.pairs):
        return ""
    wrong = ~entries.same(entries.mine, entries.right)
    words = in_common(attempt, entries, wrong)
    if not words:
        return ""
    return Found(f"it is right, except {words}. {example(attempt, entries, wrong)}")


def where_infinite(attempt: Attempt) -> str:
    """The same for entries that are infinite and should not be, such as "where ..."; or ""."""
    entries = entries_of(attempt)
    if entries is None or np.isnan(entries.mine).any():
        return ""
    return in_common(attempt, entries, np.isinf(entries.mine) & np.isfinite(entries.right))


def in_common(attempt: Attempt, entries: Entries, wrong: Array) -> str:
    """What these entries have, and all others lack, in words; or ""."""
    if wrong.all() or not wrong.any():
        return ""
    marked = {words: mask for words, mask in marks(attempt, entries).items() if mask.any()}
    for words, mask in marked.items():
        if (mask == wrong).all():
            return words
    for (a, x), (b, y) in itertools.combinations(marked.items(), 2):
        if ((x | y) == wrong).all():
            return f"{a}, and {b}"
    return ""


def marks(attempt: Attempt, entries: Entries) -> dict[str, Array]:
    """What may be special about an entry, in words, and which ones it is true of."""
    found: dict[str, list[Array]] = {}
    for (_, e), case in zip(attempt.pairs, attempt.case_of_pair, strict=True):
        for words, values in special(case, attempt.names):
            found.setdefault(f"where the right value is {words}", []).append(np.ravel(e == values))
        place = np.indices(e.shape).reshape(e.ndim, -1)
        for axis in range(min(e.ndim, 2)):
            noun = ("entry" if e.ndim == 1 else "row", "column")[axis]
            last = place[axis] == e.shape[axis] - 1
            found.setdefault(f"in the first {noun}", []).append(place[axis] == 0)
            found.setdefault(f"in the last {noun}", []).append(last)
    everywhere = {
        words: np.concatenate(masks)
        for words, masks in found.items()
        if sum(map(len, masks)) == len(entries.mine)
    }
    with np.errstate(all="ignore"):
        everywhere["where the right value is negative"] = entries.right < 0
        everywhere["where the right value is infinite"] = np.isinf(entries.right)
    return everywhere


def special(case: Case, names: list[str]) -> Iterator[tuple[str, float]]:
    """Numbers that a right answer may be on purpose: 0, 1, and those among the arguments."""
    yield "0", 0.0
    yield "1", 1.0
    for name, given in zip(names, case, strict=False):
        if isinstance(given, np.ndarray) and given.ndim == 1 and given.size > 1:
            yield f"the last entry of `{name}`", float(given[-1])
            yield f"the first entry of `{name}`", float(given[0])
        elif isinstance(given, float):
            yield f"`{name}` itself", given


def example(attempt: Attempt, entries: Entries, wrong: Array) -> str:
    """The first wrong entry, in a sentence."""
    first, start = int(np.flatnonzero(wrong)[0]), 0
    for (r, e), case in zip(attempt.pairs, attempt.case_of_pair, strict=True):
        if first < start + e.size:
            place = [int(i) for i in np.unravel_index(first - start, e.shape)]
            where = f"entry {place[0]}" if len(place) == 1 else f"the entry {place}"
            given = arguments(case, attempt.names)
            return (
                f"For one, {where} is {rounded(float(r.flat[first - start]), 3)}, and not "
                f"{rounded(float(e.flat[first - start]), 3)}, when {given}."
            )
        start += e.size
    return ""
