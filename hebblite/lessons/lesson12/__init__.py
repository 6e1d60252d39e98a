"""Lesson 12, "The whole matrix"."""

from .equations import WORDS, chance_of_a_slip, interval, reading_error, student
from .pictures.turned import draw_still, draw_turned
from .runs.digits import reads
from .runs.features import alike, seen
from .runs.turned import layers_still, turned

__all__ = [
    "WORDS", "alike", "chance_of_a_slip", "draw_still", "draw_turned", "interval", "layers_still",
    "reading_error", "reads", "seen", "student", "turned",
]  # fmt: skip
