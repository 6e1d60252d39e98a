"""Lesson 06, "Loss I: the amount of top-down feedback"."""

from .exercises import descend, pushes_down, small_errors
from .pictures.bounds import draw_kink, draw_sandwich
from .pictures.descent import descent_film, draw_descent
from .pictures.digits import draw_digits, draw_hardness, draw_twelve
from .pictures.envelope import draw_envelope
from .pictures.epochs import draw_epochs, draw_equal_error
from .pictures.falling import draw_falling
from .pictures.geometry import draw_geometry
from .pictures.hero import hero
from .pictures.outputs import draw_outputs
from .pictures.spending import draw_spending
from .runs.descent import Descent, example, record_descent
from .runs.geometry import over_voltage, two_outputs
from .runs.sandwich import Sandwich, sandwich
from .runs.teachers import three_teachers

__all__ = [
    "Descent", "Sandwich", "descend", "descent_film", "draw_descent", "draw_digits",
    "draw_envelope", "draw_epochs", "draw_equal_error", "draw_falling", "draw_geometry",
    "draw_hardness", "draw_kink", "draw_outputs", "draw_sandwich", "draw_spending", "draw_twelve",
    "example", "hero", "over_voltage", "pushes_down", "record_descent", "sandwich", "small_errors",
    "three_teachers", "two_outputs",
]  # fmt: skip
