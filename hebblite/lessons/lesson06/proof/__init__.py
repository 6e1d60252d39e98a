"""Theorem T4, step by step: the bench that measures, and the steps that the learner writes."""

from . import least, small
from .theory import T4

__all__ = ["T4", "least", "small"]
