"""Lesson 02, "Credit assignment"."""

from .exercises import aligned_deltas, degrees_between, deltas
from .pictures.angles import draw_blend, draw_ignorance, draw_random_angles, draw_slope_errors
from .pictures.misread import draw_one_weight, draw_repairs, draw_story
from .pictures.napkin import draw_napkin, draw_twin, hero
from .pictures.school import LOOKS, draw_school, draw_tilted, draw_turning, play_turning
from .runs.asides import TILTS, multiplications, slope_errors, tilted, trial_and_error, two_steps
from .runs.feedback import (
    Tilted,
    WithDeltas,
    blend,
    ignorance,
    losses_along,
    random_angles,
    random_feedback,
    spread,
)
from .runs.misread import SIZES, repairs, turn_one_weight, wrong_digits
from .runs.napkin import Napkin
from .runs.school import Watched, five_kinds, new_network, read_by_others

__all__ = [
    "LOOKS", "SIZES", "TILTS", "Napkin", "Tilted", "Watched", "WithDeltas",
    "aligned_deltas", "blend", "degrees_between", "deltas", "draw_blend", "draw_ignorance",
    "draw_napkin", "draw_one_weight", "draw_random_angles", "draw_repairs", "draw_school",
    "draw_slope_errors", "draw_story", "draw_tilted", "draw_turning", "draw_twin", "five_kinds",
    "hero", "ignorance", "losses_along", "multiplications", "new_network", "play_turning",
    "random_angles", "random_feedback", "read_by_others", "repairs", "slope_errors", "spread",
    "tilted", "trial_and_error", "turn_one_weight", "two_steps", "wrong_digits",
]  # fmt: skip
