"""Is it finite? This is asked of every update twice: when it is made and before weights change."""

from __future__ import annotations

import math

import numpy as np


def all_finite(a: np.ndarray) -> bool:
    """Whether no number of an array is infinite or NaN. The sum of squares is one quick pass; only
    if that is not finite, as of very large numbers, does it look at each."""
    return math.isfinite(np.vdot(a, a)) or bool(np.isfinite(a).all())
