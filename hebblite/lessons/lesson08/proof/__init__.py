"""The proof of theorem T7, step by step, as the learner writes it."""

from .aside import constant_of_a_softmax, least_effort
from .composition import from_the_error
from .errors import handed_down, slope_by_voltage
from .journey import jump, two_parts
from .nudge import weakly_nudged
from .statement import T7
from .weights import envelope, slope_by_weights

__all__ = [
    "T7",
    "constant_of_a_softmax",
    "envelope",
    "from_the_error",
    "handed_down",
    "jump",
    "least_effort",
    "slope_by_voltage",
    "slope_by_weights",
    "two_parts",
    "weakly_nudged",
]
