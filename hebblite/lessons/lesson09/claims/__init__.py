"""What lesson 09 claims, measured on a seed: of networks, digits and spikes."""

from . import directions, learning, rest, spikes

__all__ = ["directions", "learning", "rest", "spikes"]
