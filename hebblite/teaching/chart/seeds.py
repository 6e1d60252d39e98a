"""Runs on several seeds as curves: the median, and a band from the lowest to the highest."""

from __future__ import annotations

import numpy as np

from .model import Series

Array = np.ndarray


def stacked(values: Array, axes: int) -> Array:
    """Values with an axis of seeds in front: (S, ...), where ``axes`` is how many they have
    without it."""
    found = np.asarray(values, float)
    return found if found.ndim > axes else found[None]


def courses(name: str, x: Array, y: Array, look: int | str, kind: str = "line") -> list[Series]:
    """The median of the courses y, (T,) or (S, T), and if there are several seeds a band around it
    that holds all of them. NaN is where a course has ended; one of them goes on to the end."""
    many = stacked(y, 1)
    middle = Series(name, np.asarray(x, float), np.nanmedian(many, axis=0), kind, colour=look)
    if len(many) == 1:
        return [middle]
    band = Series(
        "", middle.x, np.nanmax(many, axis=0), "band", low=np.nanmin(many, axis=0), colour=look
    )
    return [band, middle]


def over_seeds(count: int) -> str:
    """How the curves are to be read."""
    return f" Medians of {count} seeds, with bands from the lowest to the highest." * (count > 1)


def whole(epochs: Array) -> list[str]:
    """Names of whole epochs 0, 1, ..., few enough to stand below an axis; none otherwise."""
    found = np.asarray(epochs)
    few = len(found) < 13 and np.array_equal(found, np.arange(len(found)))
    return [str(t) for t in range(len(found))] if few else []
