"""Lesson 13, "Capstone"."""

from .pictures.apical import draw_apical
from .pictures.course import PARTS, draw_course
from .pictures.hero import hero
from .pictures.starts import draw_constant, draw_late
from .runs.apart import compared, courses, signals, table
from .runs.decoder import turned_round
from .runs.experiment import FOUR
from .runs.observer import ApicalObserver
from .runs.report import missing, whose
from .runs.starts import (
    dendrite,
    direct_feedback,
    late_over_steps,
    off,
    over_constants,
    pre_at_the_end,
)

__all__ = [
    "FOUR", "PARTS", "ApicalObserver", "compared", "courses", "dendrite", "direct_feedback",
    "draw_apical", "draw_constant", "draw_course", "draw_late", "hero", "late_over_steps",
    "missing", "off", "over_constants", "pre_at_the_end", "signals", "table", "turned_round",
    "whose",
]  # fmt: skip
