"""The proof of theorem T6, step by step, as the learner writes it."""

from .composition import from_two_states
from .gradient import centred, exchanged, one_sided
from .phase import ends_only, reads_one_term
from .statement import T6
from .value import by_a_weight, by_the_nudge, slope_by_voltage

__all__ = [
    "T6", "by_a_weight", "by_the_nudge", "centred", "ends_only", "exchanged", "from_two_states",
    "one_sided", "reads_one_term", "slope_by_voltage",
]  # fmt: skip
