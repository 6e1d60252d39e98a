"""Lesson 02, "Credit assignment"."""

from .exercises import aligned_deltas, degrees_between, deltas
from .pictures import (
    FRAME,
    draw_alignment,
    draw_bars,
    draw_blend,
    draw_one_weight,
    draw_orders,
    draw_random_angles,
    draw_story,
    draw_tilted,
)
from .runs import (
    Tilted,
    WithDeltas,
    blend,
    losses_along,
    one_wrong_digit,
    random_angles,
    random_feedback,
    turn_one_weight,
)

__all__ = [
    "FRAME",
    "Tilted",
    "WithDeltas",
    "aligned_deltas",
    "blend",
    "degrees_between",
    "deltas",
    "draw_alignment",
    "draw_bars",
    "draw_blend",
    "draw_one_weight",
    "draw_orders",
    "draw_random_angles",
    "draw_story",
    "draw_tilted",
    "losses_along",
    "one_wrong_digit",
    "random_angles",
    "random_feedback",
    "turn_one_weight",
]
