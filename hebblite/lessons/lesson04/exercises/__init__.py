"""The exercises of lesson 04, one module each."""

from .controller import controller_step
from .loop import settling
from .path import feedback_path

__all__ = ["controller_step", "feedback_path", "settling"]
