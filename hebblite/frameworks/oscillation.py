"""Has a loop settled? A saturating network cannot run away, but one with too much gain swings for
ever, and an update that is read off in mid-swing means nothing.

For each input by itself, with the changes c_t = e_{t+1} - e_t of its error e: it swings if over
the last 8 steps, or over the last 32,

    sum |c_t|  >  2 |e_end - e_start|               it has gone much further than it has come,
    sum over the second half  >  0.8 (0.6) of the first    as fast as before, nearly: it goes on,
    mean |c_t| over the second half  >  0.02 |e_0|  by two percent of its first error a step.

Eight steps find what flips at every step; slow and irregular swings need the thirty-two. On random
networks, gains, steps and targets this finds 98 of 100 loops that swing by 5 % or more a step, both
at the end and when run for three times as long, and raises no alarm for a loop at rest. What it
reports although it would settle one day moves by more than 2 % a step all the same when the phase
ends.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from ..errors import OscillationError

Array = np.ndarray

#: Rows of the error that ``check_oscillation`` can make use of.
TAIL = 33
#: Steps of a window, and how fast the second half must be, in parts of the first.
WINDOWS = ((8, 0.8), (32, 0.6))
#: How far a step goes, in parts of the first error.
SHARE = 0.02


def swinging(
    tail: Array, first: Array, size: float = 1.0, windows: Sequence[tuple[int, float]] = WINDOWS
) -> Array:
    """Which inputs' errors swing and do not settle, (B,).

    tail: the errors of the last steps, (T, B, n_L), the last one at its end; with fewer than TAIL
    rows slow swings may pass. first: the errors (B, n_L) of the free state. size: of the output
    rates, whose rounding is no swing (nor is that of probabilities, whatever the rates)."""
    tail, rounding = tail.astype(np.float64), 64 * max(size, 1.0) * float(np.finfo(tail.dtype).eps)
    least = np.maximum(SHARE * np.linalg.norm(first.astype(np.float64), axis=1), rounding)
    swings = np.zeros(tail.shape[1], bool)
    for steps, part in windows:
        if len(tail) > steps or steps == windows[0][0]:
            swings |= _swings(tail[-1 - steps :], least, part)
    return swings


def check_oscillation(
    what: str, tail: Array, first: Array, depth: int, step: int, advice: str, size: float = 1.0
) -> None:
    """OscillationError if one input's error swings. what, depth, step and advice: for its
    message."""
    swings = swinging(tail, first, size)
    if swings.any():
        before, now = np.diff(tail[-3:, swings].astype(np.float64), axis=0)
        flips = np.vdot(now, before) < -0.5 * np.linalg.norm(now) * np.linalg.norm(before)
        how = "flips sign at every step" if flips else "swings and does not settle"
        what = f"{what} (the error {how})"
        raise OscillationError(what, depth, step, advice, int(swings.sum()))


class Ends:
    """Of a stream of rates the last rows, layer by layer, for loops whose error does not tell: a
    softmax that is sure of a wrong class shows nothing of what goes on below it. Of each layer 64
    neurons or a few more are enough, or all it has."""

    def __init__(self, rates: Sequence[Array]) -> None:
        """rates: of each layer (T, B, n_l), row 0 where the stream starts."""
        self.first = self.last = [self.some(r)[:1].copy() for r in rates]

    def see(self, rates: Sequence[Array], steps: int) -> None:
        """``steps`` more of them, from row 1 on."""
        more = [self.some(r)[1 : steps + 1] for r in rates]
        self.last = [np.concatenate(both)[-TAIL:] for both in zip(self.last, more, strict=True)]

    def swinging(self) -> int:
        """How many inputs swing in some layer, by two percent a step of the way that it has come
        since the start."""
        swings = [
            swinging(tail, tail[-1] - start[0], float(np.abs(tail[-1]).max()))
            for tail, start in zip(self.last, self.first, strict=True)
        ]
        return int(np.any(swings, axis=0).sum())

    @staticmethod
    def some(rates: Array) -> Array:
        return rates[:, :, :: max(1, rates.shape[2] // 64)]


def warn_of_swings(what: str, advice: str) -> None:
    """A RuntimeWarning: for frameworks whose swings are really there, and go on being states."""
    warnings.warn(
        f"{what}: with some inputs it swings and does not settle, and rules that read changes "
        f"learn every turn of it. {advice}",
        RuntimeWarning,
        stacklevel=3,
    )


def evenly(times: Sequence[float], errors: Sequence[Array], span: float) -> Array:
    """Of errors (B, n_L) at uneven times, TAIL at even times over the last ``span`` seconds, or
    over all of them where they are fewer: (TAIL, B, n_L)."""
    at = np.linspace(max(times[-1] - span, times[0]), times[-1], TAIL)
    right = np.clip(np.searchsorted(times, at), 1, len(times) - 1)
    left = right - 1
    t, begin = np.asarray(times), int(left[0])
    share = ((at - t[left]) / (t[right] - t[left]))[:, None, None]
    ends = np.stack(errors[begin:])
    return np.asarray((1 - share) * ends[left - begin] + share * ends[right - begin], ends.dtype)


def _swings(e: Array, least: Array, part: float) -> Array:
    """Which inputs swing, (B,), over all rows of e (T, B, n_L)."""
    if len(e) < 5:  # too few to tell a swing from a steady approach
        return np.zeros(len(least), bool)
    way = np.linalg.norm(np.diff(e, axis=0), axis=2)
    half = len(way) // 2
    late = way[-half:]
    back = way.sum(axis=0) > 2 * np.linalg.norm(e[-1] - e[0], axis=1)
    lasting = late.sum(axis=0) > part * way[:half].sum(axis=0)
    return np.asarray(back & lasting & (late.mean(axis=0) > least))
