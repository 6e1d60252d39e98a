"""Lesson 01, "Spikes to rates"."""

from .equations import kernel, noise, swing, visibility
from .exercises import expected_stdp, pair_sum, stdp_online
from .pictures import (
    draw_accuracies,
    draw_decline,
    draw_pairs,
    draw_rasters,
    draw_rest,
    draw_scatter,
    draw_visibility,
    draw_walks,
)
from .runs import BASELINES, WithSpikes

__all__ = [
    "BASELINES",
    "WithSpikes",
    "draw_accuracies",
    "draw_decline",
    "draw_pairs",
    "draw_rasters",
    "draw_rest",
    "draw_scatter",
    "draw_visibility",
    "draw_walks",
    "expected_stdp",
    "kernel",
    "noise",
    "pair_sum",
    "stdp_online",
    "swing",
    "visibility",
]
