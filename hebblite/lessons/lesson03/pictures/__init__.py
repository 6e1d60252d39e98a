"""Pictures of lesson 03: each is a pure function from data or settings to SVG."""

from .duel import draw_accuracies, draw_duel, draw_weights
from .neuron import draw_neuron
from .plane import draw_plane, draw_slopes
from .time import draw_euler, draw_saturation, draw_time

__all__ = [
    "draw_accuracies",
    "draw_duel",
    "draw_euler",
    "draw_neuron",
    "draw_plane",
    "draw_saturation",
    "draw_slopes",
    "draw_time",
    "draw_weights",
]
