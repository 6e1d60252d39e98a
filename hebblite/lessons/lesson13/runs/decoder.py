"""The decoder is turned round: P+ and P- change roles, and feedback has to follow."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....frameworks import DeepFeedbackControl
from ....network import Network
from ....rules import DifferentialHebbian
from .apart import sign_share
from .experiment import UNEXPECTED, outcomes, task
from .observer import ApicalObserver, Signals

Array = np.ndarray


class Stale(DeepFeedbackControl):
    """Feedback weights that were right for the network as it was when this was made: the
    transposes then, mean over no inputs. They do not follow."""

    def __init__(self, net: Network, **settings: Any) -> None:
        super().__init__(feedback="transpose", **settings)
        self.old = [q.copy() for q in self._shared_weights(net, np.zeros((1, net.sizes[0])))]

    def _shared_weights(self, net: Network, x: Array) -> list[Array]:
        return getattr(self, "old", None) or super()._shared_weights(net, x)


def turned_round(seed: int = 0) -> dict[str, tuple[float, float]]:
    """P+ and P- change roles overnight. For feedback that follows at once, and for feedback that is
    still the old one: (share of signs as the new role times error, %; change of the mean loss of
    the free state, %, after one small step of differential Hebb)."""
    net, role, x = task(seed)
    later = net.copy()
    later.weights[-1][0] *= -1
    target = later.predict(x) + outcomes(UNEXPECTED)
    settings: dict[str, Any] = {"dt": 1e-3, "steps": 100, "k_i": 0.0, "k_p": 0.5}
    found = {}
    for name, framework in (
        ("new", DeepFeedbackControl(feedback="transpose", **settings)),
        ("old", Stale(net, **settings)),
    ):
        seen: Signals = ApicalObserver()(framework.teach(later, x, target))
        updates = DifferentialHebbian()(framework.teach(later, x, target))
        learned, before = (
            later.copy(),
            float(later.losses(later.feedforward(x)[1][-1], target).mean()),
        )
        for W, dW in zip(learned.weights[:-1], updates.weights[:-1], strict=True):
            W += dW
        after = float(learned.losses(learned.feedforward(x)[1][-1], target).mean())
        share = sign_share(seen.taught[-2], -role, outcomes(UNEXPECTED)[:, 0])
        found[name] = (100 * share, 100 * (after - before) / before)
    return found
