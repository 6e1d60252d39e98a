"""The proof of theorem T3, step by step, as the learner writes it."""

from .chain import chain_down, one_matrix
from .change import small_pushes, two_sources
from .composition import from_the_top
from .downhill import at_least_one, the_update
from .statement import T3

__all__ = [
    "T3",
    "at_least_one",
    "chain_down",
    "from_the_top",
    "one_matrix",
    "small_pushes",
    "the_update",
    "two_sources",
]
