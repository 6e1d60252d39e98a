"""Lesson 07, "Loss II: inference latency"."""

from .exercises import crossing_time, gauss_newton, latency_in_the_eigenbasis
from .pictures.central import draw_ahead, draw_central
from .pictures.chain import LINKS, draw_chain
from .pictures.crossing import draw_bounded, draw_crossing
from .pictures.digits import draw_bounds, draw_speed
from .pictures.hero import hero
from .pictures.latencies import (
    draw_against_error,
    draw_answer,
    draw_downhill,
    draw_predicted,
    draw_slow,
    draw_twins,
)
from .pictures.plane import draw_plane
from .pictures.race import draw_race, race_film
from .pictures.ways import draw_two_ways
from .runs.chain import central
from .runs.downhill import angles_of_a_batch, both_angles
from .runs.race import Race, Speeds, run_race, speeds
from .runs.stage import E_TOL, LOOP, predicted, stage, timed
from .runs.variants import WithFeedback, with_twins
from .runs.waste import from_the_spectrum, waste

__all__ = [
    "E_TOL", "LINKS", "LOOP", "Race", "Speeds", "WithFeedback", "angles_of_a_batch", "both_angles",
    "central", "crossing_time", "draw_against_error", "draw_ahead", "draw_answer", "draw_bounded",
    "draw_bounds", "draw_central", "draw_chain", "draw_crossing", "draw_downhill",
    "draw_plane", "draw_predicted", "draw_race", "draw_slow", "draw_speed",
    "draw_twins", "draw_two_ways", "from_the_spectrum", "gauss_newton", "hero",
    "latency_in_the_eigenbasis", "predicted", "race_film", "run_race", "speeds",
    "stage", "timed", "waste", "with_twins",
]  # fmt: skip
