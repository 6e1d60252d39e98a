"""The exercises of lesson 01. Answers are written as a learner writes them."""

from .expectation import expected_stdp
from .online import stdp_online
from .pairs import pair_sum

__all__ = ["expected_stdp", "pair_sum", "stdp_online"]
