"""Lesson 03, "One neuron with an apical dendrite"."""

from .equations import PAIRINGS, PATHS, pair_sums, sigmoid, trajectories
from .exercises import symmetric_dh
from .pictures.duel import draw_accuracies, draw_duel, draw_weights
from .pictures.neuron import draw_neuron, hero
from .pictures.plane import draw_plane, draw_slopes
from .pictures.time import draw_euler, draw_saturation, draw_time
from .runs import (
    ApicalTeacher,
    duel,
    four_paths,
    look,
    sizes_of_updates,
    ten_neurons,
    wild_paths,
)

__all__ = [
    "PAIRINGS",
    "PATHS",
    "ApicalTeacher",
    "draw_accuracies",
    "draw_duel",
    "draw_euler",
    "draw_neuron",
    "draw_plane",
    "draw_saturation",
    "draw_slopes",
    "draw_time",
    "draw_weights",
    "duel",
    "four_paths",
    "hero",
    "look",
    "pair_sums",
    "sigmoid",
    "sizes_of_updates",
    "symmetric_dh",
    "ten_neurons",
    "trajectories",
    "wild_paths",
]
