"""Runs that several cells of a lesson share are made once, however they are asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")


def remembered(make: Callable[P, Result]) -> Callable[P, Result]:
    """``functools.cache`` for a function with arguments that may be left out.

    ``cache`` takes ``run()``, ``run(0)`` and ``run(seed=0)`` for three calls, and so trains the
    same network three times. Here they are one. Arguments must be hashable, and nobody may change
    what comes back.
    """
    signature = inspect.signature(make)
    kept = cache(make)

    @wraps(make)
    def ask(*args: P.args, **kwargs: P.kwargs) -> Result:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return kept(*bound.args, **bound.kwargs)

    return ask
