"""Frameworks: how feedback moves activity. Each is a generator of states."""

from .backprop import Backprop
from .base import Framework
from .dfc import DeepFeedbackControl
from .ep import EquilibriumPropagation
from .microcircuit import DendriticMicrocircuit
from .pc import PredictiveCoding
from .reverse import with_free_input

__all__ = [
    "Backprop",
    "DeepFeedbackControl",
    "DendriticMicrocircuit",
    "EquilibriumPropagation",
    "Framework",
    "PredictiveCoding",
    "with_free_input",
]
