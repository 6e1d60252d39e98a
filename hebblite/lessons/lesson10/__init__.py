"""Lesson 10, "Dendritic error backprop"."""

from .pictures.circuit import WHEN, draw_circuit
from .pictures.hero import hero
from .pictures.order import draw_order
from .pictures.phase import phase_film
from .pictures.silence import draw_silence
from .pictures.sizes import draw_depth, draw_reach, draw_sizes
from .pictures.theories import SHOW, draw_theories
from .pictures.training import draw_keeping_up, draw_left_over, draw_random
from .runs.depth import by_depth, measured_sizes, over_layers, spikes
from .runs.order import order
from .runs.phase import off_the_engine, phase
from .runs.silence import left_over, silence
from .runs.training import (
    keeping_up,
    over_seeds,
    random_top_down,
    stored_rows,
    without_apical,
)

__all__ = [
    "SHOW", "WHEN", "by_depth", "draw_circuit",
    "draw_depth", "draw_keeping_up", "draw_left_over", "draw_order", "draw_random", "draw_reach",
    "draw_silence", "draw_sizes", "draw_theories", "hero", "keeping_up", "left_over",
    "measured_sizes", "off_the_engine", "order", "over_layers", "over_seeds", "phase",
    "phase_film", "random_top_down", "silence", "spikes", "stored_rows",
    "without_apical",
]  # fmt: skip
