"""Lesson 07, "Loss II: inference latency"."""

from .pictures.central import draw_central, draw_equal
from .pictures.chain import LINKS, Link, draw_chain
from .pictures.crossing import draw_bounded, draw_crossing, draw_recorded
from .pictures.digits import Speeds, draw_bounds, draw_speed
from .pictures.hero import hero
from .pictures.plane import draw_plane, plane_film
from .pictures.race import Race, draw_race, race, race_film
from .pictures.ways import draw_two_ways

__all__ = [
    "LINKS", "Link", "Race", "Speeds", "draw_bounded", "draw_bounds", "draw_central",
    "draw_chain", "draw_crossing", "draw_equal", "draw_plane", "draw_race", "draw_recorded",
    "draw_speed", "draw_two_ways", "hero", "plane_film", "race", "race_film",
]  # fmt: skip
