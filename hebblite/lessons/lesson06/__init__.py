"""Lesson 06, "Loss I: the amount of top-down feedback"."""

from .pictures.bounds import draw_kink, draw_sandwich
from .pictures.descent import descent_film
from .pictures.digits import draw_digits, draw_hardness, draw_twelve
from .pictures.envelope import draw_envelope
from .pictures.epochs import draw_epochs
from .pictures.falling import draw_falling
from .pictures.geometry import draw_geometry
from .pictures.hero import hero
from .pictures.judged import draw_judged
from .pictures.outputs import draw_outputs
from .pictures.spending import draw_spending
from .runs.digits import examine, rank_correlation, stand_ins, twelve
from .runs.falling import fall
from .runs.geometry import over_voltage
from .runs.pieces import on_the_way, recursion_error, small_error_ratios
from .runs.sandwich import sandwich
from .runs.spending import on_digits

__all__ = [
    "descent_film", "draw_digits", "draw_envelope", "draw_epochs", "draw_falling", "draw_geometry",
    "draw_hardness", "draw_judged", "draw_kink", "draw_outputs", "draw_sandwich",
    "draw_spending", "draw_twelve", "examine", "fall", "hero", "on_digits", "on_the_way",
    "over_voltage", "rank_correlation", "recursion_error", "sandwich", "small_error_ratios",
    "stand_ins", "twelve",
]  # fmt: skip
