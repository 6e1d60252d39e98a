"""What all frameworks have in common: ``teach`` turns a batch into a stream of states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..network import Network
from ..stream import Block

Array = np.ndarray


class Framework:
    """How feedback moves activity. A framework knows no rule and never changes a weight of the
    network."""

    def teach(self, net: Network, x: Any, target: Any) -> Iterator[Block]:
        """The free state of inputs x (B, n_0), then the teaching phase towards target (B, n_L)."""
        raise NotImplementedError

    def begin_epoch(self, net: Network, x: Array) -> None:
        """Called by ``fit`` before each epoch with its inputs, for feedback that learns."""

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """What a checkpoint must hold, beyond the settings, to go on bit for bit: JSON, arrays."""
        return {}, {}

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Take back what ``state`` gave."""
