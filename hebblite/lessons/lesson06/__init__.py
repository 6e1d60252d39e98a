"""Lesson 06, "Loss I: the amount of top-down feedback"."""

from .exercises import descend, pushes_down, small_errors

__all__ = ["descend", "pushes_down", "small_errors"]
