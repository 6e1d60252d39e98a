"""Lesson 05, "DH learns deep networks"."""

from .exercises import largest_angle, layer_update, recursion
from .pictures.board import draw_board
from .pictures.breaks import draw_hurry, draw_own, draw_patience
from .pictures.hero import hero
from .pictures.push import draw_push, push_film, stacks
from .pictures.theorem import draw_bound, draw_depth, draw_errors, draw_strength
from .pictures.training import draw_adam, draw_angles, draw_learning, draw_steps
from .runs.breaks import BREAKS, SETTLED, break_all, hurry, one, patience
from .runs.optimiser import adam_runs
from .runs.push import push, random_case, slopes_of
from .runs.theorem import (
    GAINS,
    T3_error,
    bounds_and_angles,
    broken_bounds,
    uphill,
)
from .runs.training import Run, Setting, start, train
from .runs.variants import Hurried, MeanDH, OutputLayerOnly, WithLayerUpdate

__all__ = [
    "BREAKS", "GAINS", "SETTLED", "Hurried", "MeanDH", "OutputLayerOnly", "Run", "Setting",
    "T3_error", "WithLayerUpdate", "adam_runs", "bounds_and_angles", "break_all", "broken_bounds",
    "draw_adam", "draw_angles", "draw_board", "draw_bound", "draw_depth",
    "draw_errors", "draw_hurry", "draw_learning", "draw_own", "draw_patience",
    "draw_push", "draw_steps", "draw_strength", "hero", "hurry", "largest_angle",
    "layer_update", "one", "patience", "push", "push_film", "random_case",
    "recursion", "slopes_of", "stacks", "start", "train", "uphill",
]  # fmt: skip
