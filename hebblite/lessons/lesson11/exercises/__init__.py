"""The exercises of lesson 11, one module each."""

from .limit import limit_of_stdp
from .population import population_update

__all__ = ["limit_of_stdp", "population_update"]
