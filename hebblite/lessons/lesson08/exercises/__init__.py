"""The exercises of lesson 08, one module each."""

from .energy import errors_and_energy
from .step import inference_step

__all__ = ["errors_and_energy", "inference_step"]
