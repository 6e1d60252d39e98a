"""Lesson 00, "Start here"."""

from .exercises import dh_update
from .pictures import draw_curves, draw_digits, draw_filters, draw_mistakes, draw_phase
from .runs import WithUpdate, teaching_phase

__all__ = [
    "WithUpdate",
    "dh_update",
    "draw_curves",
    "draw_digits",
    "draw_filters",
    "draw_mistakes",
    "draw_phase",
    "teaching_phase",
]
