"""Lesson 05, "DH learns deep networks"."""

from .exercises import down_and_up, largest_angle, layer_update, recursion
from .pictures.board import draw_board
from .pictures.breaks import draw_hurry, draw_own, draw_patience
from .pictures.hero import hero
from .pictures.push import draw_push, push_film, stacks
from .pictures.theorem import draw_bound, draw_depth, draw_errors, draw_order, draw_strength
from .pictures.training import draw_adam, draw_angles, draw_learning, draw_steps
from .runs.breaks import BREAKS, SETTLED, break_all, hurry, one, patience
from .runs.optimiser import adam_runs
from .runs.push import push, random_case, slopes_of
from .runs.theorem import (
    GAINS,
    T3_error,
    bounds_and_angles,
    broken_bounds,
    linear_errors,
    uphill,
)
from .runs.training import Run, Setting, start, train
from .runs.variants import Hurried, MeanDH, OutputLayerOnly, WithLayerUpdate

__all__ = [
    "BREAKS", "GAINS", "SETTLED", "Hurried", "MeanDH", "OutputLayerOnly", "Run", "Setting",
    "T3_error", "WithLayerUpdate", "adam_runs", "bounds_and_angles", "break_all", "broken_bounds",
    "down_and_up", "draw_adam", "draw_angles", "draw_board", "draw_bound", "draw_depth",
    "draw_errors", "draw_hurry", "draw_learning", "draw_order", "draw_own", "draw_patience",
    "draw_push", "draw_steps", "draw_strength", "hero", "hurry", "largest_angle",
    "layer_update", "linear_errors", "one", "patience", "push", "push_film", "random_case",
    "recursion", "slopes_of", "stacks", "start", "train", "uphill",
]  # fmt: skip
