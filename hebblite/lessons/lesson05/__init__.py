"""Lesson 05, "DH learns deep networks"."""

from .exercises import down_and_up, largest_angle, layer_update, recursion
from .pictures.theorem import draw_bound, draw_depth, draw_order, draw_strength
from .pictures.training import draw_adam, draw_break, draw_learning, draw_race, draw_steps
from .runs.theorem import GAINS, bound_and_angle, strengths
from .runs.training import BREAKS, Run, adam_runs, break_all, races
from .runs.variants import Hurried, MeanDH, OutputLayerOnly, WithLayerUpdate

__all__ = [
    "BREAKS",
    "GAINS",
    "Hurried",
    "MeanDH",
    "OutputLayerOnly",
    "Run",
    "WithLayerUpdate",
    "adam_runs",
    "bound_and_angle",
    "break_all",
    "down_and_up",
    "draw_adam",
    "draw_bound",
    "draw_break",
    "draw_depth",
    "draw_learning",
    "draw_order",
    "draw_race",
    "draw_steps",
    "draw_strength",
    "largest_angle",
    "layer_update",
    "races",
    "recursion",
    "strengths",
]
