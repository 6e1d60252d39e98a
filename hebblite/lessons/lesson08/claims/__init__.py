"""What lesson 08 claims, measured on a seed: of networks and digits."""

from . import learning, rest, reverse

__all__ = ["learning", "rest", "reverse"]
