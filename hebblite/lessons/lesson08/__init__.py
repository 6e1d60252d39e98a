"""Lesson 08, "Predictive Coding"."""

from .pictures.circuits import draw_circuit
from .pictures.constant import draw_constant
from .pictures.hero import hero
from .pictures.inference import inference_film
from .pictures.journey import draw_journey
from .pictures.layers import draw_layers
from .pictures.nudging import draw_nudging
from .pictures.published import draw_published
from .pictures.reverse import draw_reverse
from .pictures.rolling import draw_rolling
from .pictures.same import draw_same
from .pictures.settling import draw_settling
from .runs.backwards import of_labels, reading, turned
from .runs.clamp import clamped_digits
from .runs.jump import read
from .runs.pieces import with_a_teacher, without_a_teacher
from .runs.published import cost, courses
from .runs.rest import same, settling, watch
from .runs.steps import accuracies, in_words

__all__ = [
    "accuracies", "clamped_digits", "cost", "courses", "draw_circuit", "draw_constant",
    "draw_journey", "draw_layers", "draw_nudging", "draw_published", "draw_reverse",
    "draw_rolling", "draw_same", "draw_settling", "hero", "in_words", "inference_film",
    "of_labels", "read", "reading", "same", "settling", "turned", "watch", "with_a_teacher",
    "without_a_teacher",
]  # fmt: skip
