"""What lesson 10 claims, measured on a seed: of networks, digits and random weights."""

from . import depth, interneurons, learning

__all__ = ["depth", "interneurons", "learning"]
