"""What lesson 05 trains and measures."""

from .theorem import GAINS, bound_and_angle, spread_and_angle, strength, strengths
from .training import BREAKS, Run, adam_runs, break_all, races
from .variants import Hurried, MeanDH, OutputLayerOnly, WithLayerUpdate

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
    "races",
    "spread_and_angle",
    "strength",
    "strengths",
]
