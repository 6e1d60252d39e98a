"""What lesson 09 claims, measured on a seed: of networks, digits and spikes."""

from . import after, directions, learning, rest, spikes

__all__ = ["after", "directions", "learning", "rest", "spikes"]
