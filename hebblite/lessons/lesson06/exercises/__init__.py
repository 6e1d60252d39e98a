"""The exercises of lesson 06, one module each."""

from .bounds import small_errors
from .descent import descend
from .pushes import pushes_down

__all__ = ["descend", "pushes_down", "small_errors"]
