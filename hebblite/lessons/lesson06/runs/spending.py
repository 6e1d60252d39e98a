"""What several kinds of feedback spend to put the output right, compared with the least effort H*,
on digits.

    dynamic      Q = J^T at the present state: rests on the least effort (T4)
    jacobian     Q = J^T at the free state: the least effort for small errors
    transpose    the transposed weights without slopes, the same for every input
    random       drawn once
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....errors import DivergenceError
from ....frameworks import DeepFeedbackControl
from ....losses import FeedbackAmount, OutputError
from ....network import Network
from ....stream import fold
from ....teaching.remembered import remembered
from .digits import examine

Array = np.ndarray

FEEDBACK = ("dynamic", "jacobian", "transpose", "random")
#: Digits that are put right.
DIGITS = 60
#: The output counts as right when this share of its first error is left.
LEFT = 0.01


@dataclass(frozen=True)
class Spending:
    """What one kind of feedback did with N inputs. effort: 1/2 sum_l |a_l|^2 at the end, (N,); NaN
    where the output never came within LEFT of its first error. least: H*, (N,)."""

    feedback: str
    effort: Array
    least: Array

    @property
    def times(self) -> Array:
        """How many times the least effort it spends, for the inputs that it puts right."""
        return np.asarray((self.effort / self.least)[self.arrived])

    @property
    def arrived(self) -> Array:
        """For which inputs the output got to its target, (N,)."""
        return np.isfinite(self.effort)


def efforts(
    net: Network, x: Array, target: Array, feedback: str, seed: int = 0, steps: int = 3_000
) -> Array:
    """What strong control spends through this kind of feedback until all is at rest, (N,); NaN
    where the output does not get to its target. seed: of random feedback."""
    control = DeepFeedbackControl.strong(feedback=feedback, seed=seed, steps=steps)
    try:
        free, end, effort = fold(
            control.teach(net, x, target), OutputError(), OutputError("end"), FeedbackAmount()
        )
    except DivergenceError:  # of one input, perhaps
        if len(x) == 1:
            return np.array([np.nan])
        half = len(x) // 2
        parts = ((x[:half], target[:half]), (x[half:], target[half:]))
        return np.concatenate([efforts(net, *part, feedback, seed, steps) for part in parts])
    return np.where(end < LEFT * free, effort, np.nan)


@remembered
def on_digits(seed: int = 0, count: int = DIGITS) -> dict[str, Spending]:
    """Each kind of FEEDBACK on ``count`` examined digits of a trained network."""
    seen = examine(seed)
    x, target, H = seen.x[:count], seen.target[:count], seen.H[:count]
    return {name: Spending(name, efforts(seen.net, x, target, name, seed), H) for name in FEEDBACK}
