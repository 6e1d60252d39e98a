"""The exercises of lesson 10, one module each."""

from .apical import apical_voltages
from .prediction import lateral_rule
from .step import interneuron_step

__all__ = ["apical_voltages", "interneuron_step", "lateral_rule"]
