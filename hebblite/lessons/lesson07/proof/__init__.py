"""The proof of theorem T5, step by step, as the learner writes it."""

from .composition import to_the_crossing
from .equation import equation_of_the_loop, latency
from .feedback import at_least, least_push
from .gradient import one_way, two_ways
from .rate import bounded
from .statement import T5

__all__ = [
    "T5",
    "at_least",
    "bounded",
    "equation_of_the_loop",
    "latency",
    "least_push",
    "one_way",
    "to_the_crossing",
    "two_ways",
]
