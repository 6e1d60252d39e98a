"""Lesson 05, "DH learns deep networks"."""

from .exercises import down_and_up, largest_angle, layer_update, recursion
from .pictures.board import draw_board
from .pictures.breaks import draw_hurry, draw_own, draw_patience
from .pictures.hero import hero
from .pictures.push import draw_push, push_frames
from .pictures.theorem import draw_bound, draw_depth, draw_errors, draw_order, draw_strength
from .pictures.training import draw_adam, draw_angles, draw_learning, draw_race, draw_steps
from .runs.breaks import BREAKS, SETTLED, break_all, hurry, patience
from .runs.optimiser import adam_runs
from .runs.push import push, random_case, slopes_of
from .runs.theorem import GAINS, T3_error, bound_and_angle, on_rates, strengths, uphill
from .runs.training import Run, Setting, draw, races, train
from .runs.variants import Hurried, MeanDH, OutputLayerOnly, WithLayerUpdate
