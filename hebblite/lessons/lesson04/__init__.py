"""Lesson 04, "Deep Feedback Control"."""

from .pictures.loop import (
    draw_errors,
    draw_learning,
    draw_plant,
    draw_rates,
    draw_rotation,
    draw_spectra,
)
from .pictures.phase import draw_dynamics, draw_teaching
from .runs import FEEDBACK, Rotation, feedback_weights, one_step, watch

__all__ = [
    "FEEDBACK",
    "Rotation",
    "draw_dynamics",
    "draw_errors",
    "draw_learning",
    "draw_plant",
    "draw_rates",
    "draw_rotation",
    "draw_spectra",
    "draw_teaching",
    "feedback_weights",
    "one_step",
    "watch",
]
