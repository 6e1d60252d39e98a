"""Lesson 00, "Start here"."""

from .exercises import dh_update
from .pictures import draw_digits, draw_filters, draw_mistakes, draw_phase, hero, play_phase
from .runs import CONTROL, WithUpdate, growth, new_network, settings

__all__ = [
    "CONTROL",
    "WithUpdate",
    "dh_update",
    "draw_digits",
    "draw_filters",
    "draw_mistakes",
    "draw_phase",
    "growth",
    "hero",
    "new_network",
    "play_phase",
    "settings",
]
