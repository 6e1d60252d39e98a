"""The exercises of lesson 07, one module each."""

from . import crossing_slips
from .crossing import crossing_time
from .eigenbasis import latency_in_the_eigenbasis
from .inverse import gauss_newton
from .twins import twins

__all__ = [
    "crossing_slips",
    "crossing_time",
    "gauss_newton",
    "latency_in_the_eigenbasis",
    "twins",
]
