"""Frameworks: how feedback moves activity. Each is a generator of states."""

from .backprop import Backprop
from .base import Framework
from .dfc import DeepFeedbackControl

__all__ = ["Backprop", "DeepFeedbackControl", "Framework"]
