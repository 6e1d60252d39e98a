"""Pictures of lesson 00: the opening film, a teaching phase as curves and as a player, digits."""

from .hero import hero
from .learning import draw_digits, draw_filters, draw_mistakes, draw_phase
from .player import play_phase

__all__ = ["draw_digits", "draw_filters", "draw_mistakes", "draw_phase", "hero", "play_phase"]
