"""Memory that is used again: a batch needs the same arrays as the one before, and each page of 4 KB
that the system has just handed out costs more time to touch first than to compute on."""

from __future__ import annotations

import math
import sys
import threading
from collections import deque

import numpy as np

Array = np.ndarray

#: Blocks of memory that each thread keeps an eye on.
KEPT = 64


class _Blocks(threading.local):
    def __init__(self) -> None:
        #: (bytes asked for, where they start, the memory), the latest first.
        self.known: deque[tuple[int, int, Array]] = deque(maxlen=KEPT)


_mine = _Blocks()


def aligned(shape: tuple[int, ...], dtype: np.dtype) -> Array:
    """An array without contents, in memory of an earlier one of this size that nobody refers to any
    more, if there is one. It begins at a multiple of 64 bytes, as a line of the cache does: passes
    over it are a little faster than over one that NumPy places anywhere."""
    size = math.prod(shape) * dtype.itemsize
    for known, start, raw in _mine.known:
        # Every array in this memory refers to raw; else there are the entry, the loop, the call.
        if known == size and sys.getrefcount(raw) == 3:
            return np.ndarray(shape, dtype, raw, start)
    raw = np.empty(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    _mine.known.appendleft((size, start, raw))
    return np.ndarray(shape, dtype, raw, start)
