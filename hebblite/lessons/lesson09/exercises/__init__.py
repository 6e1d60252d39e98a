"""The exercises of lesson 09, one module each."""

from . import habits
from .contrast import contrastive_update
from .energy import energy_of_a_batch
from .step import relaxation_step

__all__ = ["contrastive_update", "energy_of_a_batch", "habits", "relaxation_step"]
