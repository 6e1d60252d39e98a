"""Lesson 04, "Deep Feedback Control"."""

from .pictures.diagram import hero
from .pictures.feedback import draw_kinds, draw_learning
from .pictures.phase import draw_dynamics, play_phase
from .pictures.plant import draw_gains, draw_plant
from .pictures.spectra import draw_breaks, draw_rates, draw_rotation, play_flip
from .runs.asides import four_kinds, push_of, runs_away, trapped, two_stages
from .runs.control import Control
from .runs.digits import (
    FEEDBACK,
    compare_kinds,
    feedback_weights,
    learn_from_noise,
    share_settled,
    small_network,
    softmax_slopes,
    some_digits,
    watch,
)
from .runs.plant import at_rest, border, proportional, thermostat
from .runs.toys import Rotation, Toy, decay_rates

__all__ = [
    "FEEDBACK",
    "Control",
    "Rotation",
    "Toy",
    "at_rest",
    "border",
    "compare_kinds",
    "decay_rates",
    "draw_breaks",
    "draw_dynamics",
    "draw_gains",
    "draw_kinds",
    "draw_learning",
    "draw_plant",
    "draw_rates",
    "draw_rotation",
    "feedback_weights",
    "four_kinds",
    "hero",
    "learn_from_noise",
    "play_flip",
    "play_phase",
    "proportional",
    "push_of",
    "runs_away",
    "share_settled",
    "small_network",
    "softmax_slopes",
    "some_digits",
    "thermostat",
    "trapped",
    "two_stages",
    "watch",
]
