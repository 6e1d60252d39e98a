"""Lesson 01, "Spikes to rates"."""

from .equations import factor, noise, swing, visibility
from .exercises import expected_stdp, pair_sum, stdp_online
from .pictures.noise import draw_scatter, draw_single
from .pictures.rates import draw_moving, draw_rasters, draw_rest, draw_visibility
from .pictures.trains import draw_pairs, hero
from .runs.draws import BASELINES, POSTS
from .runs.spiking import WithSpikes, shuffled
from .runs.training import FEEDBACK, angles_to_dh, start

__all__ = [
    "BASELINES",
    "FEEDBACK",
    "POSTS",
    "WithSpikes",
    "angles_to_dh",
    "draw_moving",
    "draw_pairs",
    "draw_rasters",
    "draw_rest",
    "draw_scatter",
    "draw_single",
    "draw_visibility",
    "expected_stdp",
    "factor",
    "hero",
    "noise",
    "pair_sum",
    "shuffled",
    "start",
    "stdp_online",
    "swing",
    "visibility",
]
