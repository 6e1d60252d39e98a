"""The exercises of lesson 05, one module each."""

from .bound import largest_angle
from .layer import layer_update
from .preconditioner import recursion
from .waves import down_and_up

__all__ = ["down_and_up", "largest_angle", "layer_update", "recursion"]
