"""What lesson 06 claims, measured on a seed: of networks, digits and random feedback."""

from . import digits, learning

__all__ = ["digits", "learning"]
