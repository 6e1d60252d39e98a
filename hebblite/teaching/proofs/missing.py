"""What an answer lacks: the candidate terms of the step, fitted to what is left over."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Sequence

import numpy as np

from ..numerals import rounded
from ..words import listing
from .kinds import model
from .theory import Array, Step, World

MOST = 2  # terms at once
FITS = 1e-6
TURNED = ": is there a sign the wrong way round?"


def missing(step: Step, value: Callable[[World], Array], worlds: Sequence[World]) -> str:
    """The sentence about which terms, each times one number, the answer lacks; "" if none fit.

    It is the model that the answer is compared with: a side that is right only to some order
    would leave terms of higher order over."""
    lacking = np.concatenate([(model(step, w) - value(w)).ravel() for w in worlds])
    columns = {words: column_of(step, words, worlds) for words in step.term}
    fitting = {words: c for words, c in columns.items() if c is not None and len(c) == len(lacking)}
    if not np.isfinite(lacking).all() or not lacking.any():
        return ""
    for number in range(1, MOST + 1):
        for names in itertools.combinations(fitting, number):
            A = np.stack([fitting[name] for name in names], axis=1)
            if len(lacking) <= 2 * number or not np.isfinite(A).all():
                continue
            factors, *_ = np.linalg.lstsq(A, lacking, rcond=None)
            rest = np.linalg.norm(lacking - A @ factors)
            if (
                rest < FITS * np.linalg.norm(lacking)
                and np.abs(factors).min() > 1e-6 * np.abs(factors).max()
            ):
                return told(list(zip(names, map(float, factors), strict=True)))
    return ""


def column_of(step: Step, words: str, worlds: Sequence[World]) -> Array | None:
    """A candidate term in all worlds; None where it cannot be had."""
    term = step.term[words]
    names = list(inspect.signature(term).parameters)
    try:
        found = [
            np.asarray(term(w) if names == ["world"] else term(*(w[n] for n in names)), float)
            for w in worlds
        ]
    except (KeyError, ValueError, TypeError):
        return None
    fits = all(np.shape(f) == model(step, w).shape for f, w in zip(found, worlds, strict=True))
    return np.concatenate([f.ravel() for f in found]) if fits else None


def told(found: list[tuple[str, float]]) -> str:
    """What is missing, or too much, in a sentence."""
    lack = [times(factor, words) for words, factor in found if factor > 0]
    over = [times(-factor, words) for words, factor in found if factor < 0]
    turned = any(abs(factor - 2) < 1e-6 for _, factor in found)
    said = []
    if lack:
        said.append(f"what is missing is {listing(lack)}{TURNED if turned else '.'}")
    if over:
        said.append(f"what is too much is {listing(over)}.")
    return " ".join(said[:1] + [part[0].upper() + part[1:] for part in said[1:]])


def times(factor: float, words: str) -> str:
    """The words with their factor, where that is not 1."""
    if abs(factor - 1) < 1e-6:
        return words
    return f"twice {words}" if abs(factor - 2) < 1e-6 else f"{rounded(factor, 4)} times {words}"
