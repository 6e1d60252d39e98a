"""The proof of theorem T2, step by step, as the learner writes it."""

from .composition import from_changes
from .ends import left_over, still
from .limit import antisymmetric, parts
from .memory import compared, lagging
from .noise import average, population
from .statement import T2

__all__ = [
    "T2",
    "antisymmetric",
    "average",
    "compared",
    "from_changes",
    "lagging",
    "left_over",
    "parts",
    "population",
    "still",
]
