"""What lesson 05 claims, measured on a seed: of networks, digits, targets and random feedback."""

from . import breaks, theorem, training

__all__ = ["breaks", "theorem", "training"]
