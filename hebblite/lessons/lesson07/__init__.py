"""Lesson 07, "Loss II: inference latency"."""

from .exercises import crossing_time, gauss_newton, latency_in_the_eigenbasis, twins
from .pictures.central import draw_ahead, draw_central, draw_equal
from .pictures.chain import LINKS, Link, draw_chain
from .pictures.crossing import draw_bounded, draw_crossing, draw_recorded
from .pictures.digits import draw_bounds, draw_speed
from .pictures.hero import hero
from .pictures.plane import draw_plane, plane_film
from .pictures.race import draw_race, race_film
from .pictures.ways import draw_two_ways
from .runs.race import Race, Speeds, race, run_race, speeds
from .runs.stage import E_TOL, LOOP, Stage, Timed, errors, predicted, stage, timed
from .runs.variants import WithFeedback, with_twins

__all__ = [
    "E_TOL", "LINKS", "LOOP", "Link", "Race", "Speeds", "Stage", "Timed", "WithFeedback",
    "crossing_time", "draw_ahead", "draw_bounded", "draw_bounds", "draw_central", "draw_chain",
    "draw_crossing", "draw_equal", "draw_plane", "draw_race", "draw_recorded", "draw_speed",
    "draw_two_ways", "errors", "gauss_newton", "hero", "latency_in_the_eigenbasis", "plane_film",
    "predicted", "race", "race_film", "run_race", "speeds", "stage", "timed", "twins", "with_twins",
]  # fmt: skip
