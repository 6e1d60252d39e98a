"""The exercises of lesson 03, one module each."""

from .compartments import error_update
from .euler_step import step
from .symmetrised import symmetric_dh
from .teaching_phase import phase

__all__ = ["error_update", "phase", "step", "symmetric_dh"]
