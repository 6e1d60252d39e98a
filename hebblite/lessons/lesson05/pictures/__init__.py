"""Pictures of lesson 05: each is a pure function from data or settings to SVG."""

from .theorem import draw_bound, draw_depth, draw_order, draw_strength
from .training import draw_adam, draw_break, draw_learning, draw_race, draw_steps

__all__ = [
    "draw_adam",
    "draw_bound",
    "draw_break",
    "draw_depth",
    "draw_learning",
    "draw_order",
    "draw_race",
    "draw_steps",
    "draw_strength",
]
