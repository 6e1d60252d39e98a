"""Memory that is used again: a batch needs the same arrays as the one before, and each page of 4 KB
that the system has just handed out costs more time to touch first than to compute on.

Memory is lent. NumPy keeps the object that an array has its memory from for as long as anything,
an array, a view of one or a buffer, can look into that memory. When the last of them is gone, so
is that object, and as it goes it gives the memory back.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import numpy as np

Array = np.ndarray

#: Of each size, as many free blocks are kept as go into this many bytes, but at least one.
KEPT_BYTES = 2**26
#: Sizes of which free blocks are kept. With more, all are forgotten.
KEPT_SIZES = 256

#: Free memory by its size: each block with the address of its first byte that is aligned.
_free: dict[int, deque[tuple[Array, int]]] = {}


class _Lease:
    """What an array has its memory from."""

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype, size: int) -> None:
        self._block: tuple[Array, int] | None = None  # if there is no memory, nothing goes back
        if len(_free) > KEPT_SIZES:
            _free.clear()
        self._home = _free.setdefault(size, deque(maxlen=max(1, KEPT_BYTES // size)))
        try:
            self._block = self._home.pop()
        except IndexError:
            raw = np.empty(size + 64, np.uint8)
            address = raw.ctypes.data
            self._block = raw, address + -address % 64
        self.__array_interface__: dict[str, Any] = {
            "shape": shape,
            "typestr": dtype.str,
            "data": (self._block[1], False),  # may be written to
            "version": 3,
        }

    def __del__(self) -> None:
        if self._block is not None:
            self._home.append(self._block)  # (adding to a deque is safe from any thread)


def aligned(shape: tuple[int, ...], dtype: np.dtype) -> Array:
    """An array without contents, in memory that an earlier one of this size has given back, if
    there is some. It begins at a multiple of 64 bytes, as a line of the cache does: passes over it
    are a little faster than over one that NumPy places anywhere."""
    size = math.prod(shape) * dtype.itemsize
    if size == 0:
        return np.empty(shape, dtype)
    return np.asarray(_Lease(shape, dtype, size))
