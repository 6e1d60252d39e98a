"""An answer whose shapes do not fit, tried where all shapes fit: on square arrays.

A matrix that is transposed, or that of the layer above, raises an error while every layer has a
size of its own. Where all sizes are alike the same answer runs, and what it returns can be named.
A mistake that its exercise knows says it all; what NumPy has to say of sizes then only distracts.
"""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np

from .attempt import Attempt, Case, Found
from .comparing import numbers
from .exercises import Answer, Exercise
from .mistakes import alone, known_mistake
from .trying import outcome

SIZE = 4
NOT_RUN = " (It cannot run like this: the sizes do not fit.)"


def on_square_arrays(error: str, exercise: Exercise, answer: Answer, cases: list[Case]) -> str:
    """What to say about an answer that raised ``error``: with what it does wrong where all sizes
    are alike, if that can be named."""
    rng = np.random.default_rng(3)
    alike = [tuple(square(x, rng) for x in case) for case in cases]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            expected = [numbers(exercise.reference(*copy.deepcopy(case))) for case in alike]
            results = [outcome(answer, c, e).parts for c, e in zip(alike, expected, strict=True)]
            attempt = Attempt(exercise, answer, alike, results, expected)
            right = all(attempt.right)
            known = "" if right else known_mistake(attempt)
            said = known or ("" if right else alone(attempt))
        except Exception:  # nothing that this exercise is made for
            return error
    if known:
        return f"{known}{NOT_RUN}"
    if not isinstance(said, Found):
        return error
    return f"{error} Where all sizes are alike it runs, and shows this: {said}"


def square(argument: Any, rng: np.random.Generator) -> Any:
    """An argument of the same kind whose axes all have one length, with numbers in its range."""
    if isinstance(argument, list | tuple):
        return type(argument)(square(part, rng) for part in argument)
    if not isinstance(argument, np.ndarray) or not argument.ndim or not argument.size:
        return argument
    drawn = rng.uniform(argument.min(), argument.max(), (SIZE,) * argument.ndim)
    return drawn.round() if (argument == argument.round()).all() else drawn
