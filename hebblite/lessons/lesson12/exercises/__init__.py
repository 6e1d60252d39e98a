"""The exercises of lesson 12, one module each."""

from . import slips
from .difference import difference
from .verdict import verdict

__all__ = ["difference", "slips", "verdict"]
