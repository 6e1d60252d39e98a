"""The exercises of lesson 05, one module each."""

from .bound import largest_angle
from .layer import layer_update
from .preconditioner import recursion

__all__ = ["largest_angle", "layer_update", "recursion"]
