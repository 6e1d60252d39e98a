"""Pictures of lesson 04: each is a pure function from data or settings to SVG."""

from .loop import draw_errors, draw_learning, draw_plant, draw_rates, draw_rotation, draw_spectra
from .phase import draw_dynamics, draw_teaching

__all__ = [
    "draw_dynamics",
    "draw_errors",
    "draw_learning",
    "draw_plant",
    "draw_rates",
    "draw_rotation",
    "draw_spectra",
    "draw_teaching",
]
