"""Lesson 11, "Learning with spikes"."""

from . import exercises as exercises
from .pictures.bias import draw_bias
from .pictures.hero import hero
from .pictures.learning import learning_film
from .pictures.noise import draw_noise
from .pictures.population import draw_population
from .pictures.rasters import raster_film
from .pictures.training import draw_better, draw_courses, draw_frameworks
from .pictures.trains import KINDS, draw_kind, draw_kinds
from .runs.better import (
    all_layers_over_seeds,
    to_backprop_over_seeds,
    upper_layers_over_seeds,
)
from .runs.directions import (
    angles_to_dh,
    bias,
    bias_over_seeds,
    moving_at_the_end,
    noise_over_seeds,
)
from .runs.films import four_frameworks, layer_record, learning_course, time_or_neurons
from .runs.kinds import kinds_over_seeds
from .runs.pieces import WithLimit, WithPopulation
from .runs.stage import NAMES, WINDOWS, fresh, make_framework, train

__all__ = [
    "KINDS", "NAMES", "WINDOWS", "WithLimit", "WithPopulation", "all_layers_over_seeds",
    "angles_to_dh", "bias", "bias_over_seeds", "draw_better", "draw_bias", "draw_courses",
    "draw_frameworks", "draw_kind", "draw_kinds", "draw_noise", "draw_population",
    "four_frameworks", "fresh", "hero", "kinds_over_seeds", "layer_record", "learning_course",
    "learning_film", "make_framework", "moving_at_the_end", "noise_over_seeds",
    "raster_film", "time_or_neurons", "to_backprop_over_seeds", "train", "upper_layers_over_seeds",
]  # fmt: skip
