"""The proof of theorem T8, step by step, as the learner writes it."""

from .chain import one_layer_down, output_push, the_update
from .composition import from_the_nudge
from .dendrite import error_above, interneuron, surprise
from .soma import soma
from .statement import T8

__all__ = [
    "T8",
    "error_above",
    "from_the_nudge",
    "interneuron",
    "one_layer_down",
    "output_push",
    "soma",
    "surprise",
    "the_update",
]
