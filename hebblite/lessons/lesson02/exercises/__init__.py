"""The exercises of lesson 02. Answers are written as a learner writes them."""

from .angle import degrees_between
from .backward import aligned_deltas, deltas

__all__ = ["aligned_deltas", "degrees_between", "deltas"]
