"""What hebblite raises, and the few checks that every module shares.

A message names the argument, says what came and what was expected, in that order.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np


class ArgumentError(ValueError):
    """An argument that cannot be used: the message names it."""

    def __init__(self, name: str, got: object, expected: str) -> None:
        super().__init__(f"{name}: got {got}, expected {expected}")
        self._said = name, str(got), expected

    def __reduce__(self) -> tuple[Any, ...]:  # for its way home from another process
        return type(self), self._said


class DataError(ValueError):
    """A data file that is missing, truncated or not what it should be: the message names it."""


class CheckpointError(OSError):
    """A network or checkpoint file that cannot be written or read: the message names it."""


class UnwritableError(CheckpointError):
    """A file that cannot be written: no such folder, no permission, or a full disk."""


class UndefinedCell(TypeError):
    """A rule asked of a framework for which it has no mathematical meaning."""


class DivergenceError(RuntimeError):
    """A simulation or a training run that left the finite numbers.

    Attributes: ``layer`` (1..L, as in W_l), ``step`` (of the teaching phase, or the
    training batch) and ``advice`` (what to change). Where voltages are not kept, a phase is looked
    at once a block: layer and step are then those at which it was found.
    """

    def __init__(self, what: str, layer: int, step: int, advice: str) -> None:
        super().__init__(f"{what} diverged in layer {layer} at step {step}. {advice}")
        self.what, self.layer, self.step, self.advice = what, layer, step, advice

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.what, self.layer, self.step, self.advice)


class OscillationError(DivergenceError):
    """A loop that stays finite, but swings and does not settle. ``inputs``: how many of the batch
    do. It is raised after the last state, so that a fold has seen them all."""

    def __init__(self, what: str, layer: int, step: int, advice: str, inputs: int) -> None:
        super().__init__(what, layer, step, advice)
        self.inputs = inputs

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.what, self.layer, self.step, self.advice, self.inputs)


def check_number(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    least: float | None = None,
    below: float | None = None,
    most: float | None = None,
) -> float:
    """``value`` as a finite float inside the open or closed bounds, or ArgumentError."""
    limits = [
        f"{sign} {bound:g}"
        for sign, bound in ((">", above), (">=", least), ("<", below), ("<=", most))
        if bound is not None
    ]
    expected = " and ".join(["a finite number", *limits])
    if isinstance(value, bool | np.bool_) or not isinstance(
        value, int | float | np.integer | np.floating
    ):
        raise ArgumentError(name, repr(value), expected)
    try:
        number = float(value)
    except OverflowError:  # a whole number beyond all floats
        number = float("inf")
    ok = (
        np.isfinite(number)
        and (above is None or value > above)
        and (least is None or value >= least)
        and (below is None or value < below)
        and (most is None or value <= most)
    )
    if not ok:
        raise ArgumentError(name, repr(value), expected)
    return number


def check_count(name: str, value: Any, least: int = 1) -> int:
    """``value`` as an int of at least ``least``, or ArgumentError."""
    if (
        isinstance(value, bool | np.bool_)
        or not isinstance(value, int | np.integer)
        or value < least
    ):
        raise ArgumentError(name, repr(value), f"a whole number >= {least}")
    return int(value)


def check_choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """``value`` if it is one of ``choices``, or ArgumentError."""
    choices = list(choices)
    if not isinstance(value, str) or value not in choices:
        raise ArgumentError(name, repr(value), "one of " + ", ".join(map(repr, choices)))
    return value


def check_flag(name: str, value: Any) -> bool:
    """``value`` if it is True or False, or ArgumentError."""
    if not isinstance(value, bool | np.bool_):
        raise ArgumentError(name, repr(value), "True or False")
    return bool(value)


def check_kind(name: str, value: Any, kind: type) -> None:
    """ArgumentError unless ``value`` is one of ``kind``."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise ArgumentError(name, type(value).__name__, f"{article} {kind.__name__}")


def check_dtype(name: str, value: Any, expected: str) -> np.dtype[Any]:
    """``value`` as a dtype, or ArgumentError."""
    try:
        return np.dtype(value)
    except Exception as error:  # TypeError, and ValueError or SyntaxError of what NumPy parses
        raise ArgumentError(name, repr(value), expected) from error


def check_path(name: str, value: Any) -> None:
    """ArgumentError unless ``value`` can be the path of a file."""
    if not isinstance(value, str | Path):
        raise ArgumentError(name, type(value).__name__, "the path of a file")


def check_array(name: str, value: Any, expected: str) -> np.ndarray:
    """``value`` as an array of whatever dtype and shape, or ArgumentError if it is none, or if some
    of it is masked: NumPy would bring what is under the mask to light, and say nothing."""
    if _masked(value):
        raise ArgumentError(name, "a masked array", expected + ", none masked")
    try:
        return np.asarray(value)
    except Exception as error:  # ragged nested lists; whatever the __array__ of an object raises
        kind = type(value).__name__
        got = f"a ragged {kind}" if isinstance(value, list | tuple) else kind
        raise ArgumentError(name, got, expected) from error


def _masked(value: Any) -> bool:
    if isinstance(value, list | tuple):  # whose rows may be masked arrays
        return any(_masked(part) for part in value)
    return bool(np.ma.is_masked(value))


def check_reals(name: str, value: Any) -> np.ndarray:
    """``value`` as a float64 array of finite numbers of any shape, or ArgumentError."""
    array = check_array(name, value, "an array of real numbers")
    if array.dtype.kind not in "fiub" or array.size == 0:
        got = f"dtype {array.dtype} of shape {array.shape}"
        raise ArgumentError(name, got, "an array of real numbers, not empty")
    with np.errstate(over="ignore"):  # of numbers that are longer than float64
        array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ArgumentError(name, "values that are not finite", "finite values")
    return array


def check_seed(name: str, value: Any) -> int:
    """``value`` as a non-negative int: seeds are exact, never drawn from the clock."""
    return check_count(name, value, least=0)


def check_batch(name: str, value: Any, width: int, dtype: np.dtype[Any]) -> np.ndarray:
    """``value`` as a finite array (B, width) of ``dtype``; copied only if it must be converted."""
    shape = f"an array of shape (batch, {width})"
    array = check_array(name, value, shape)
    if array.dtype.kind not in "fiub":
        raise ArgumentError(name, f"dtype {array.dtype}", shape + " of real numbers")
    if array.ndim != 2 or array.shape[1] != width or array.shape[0] == 0:
        raise ArgumentError(name, f"shape {array.shape}", shape + " with batch >= 1")
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(array, dtype=dtype)
    if not np.isfinite(array).all():
        bad = np.argwhere(~np.isfinite(array))[0]
        raise ArgumentError(name, f"{array[tuple(bad)]} at {tuple(map(int, bad))}", "finite values")
    return array


def check_target(
    value: Any, batch: int, width: int, dtype: np.dtype[Any], output: str = "linear"
) -> np.ndarray:
    """``value`` as a finite array (batch, width): one target for each row of ``x``.

    output: of the network. For a softmax each target must be one of its predictions, or the limit
    of some: probabilities >= 0 with a sum of 1. With any other sum, target - prediction is not the
    gradient of the cross-entropy; with a negative one, the cross-entropy has no minimum."""
    array = check_batch("target", value, width, dtype)
    if len(array) != batch:
        raise ArgumentError("target", f"{len(array)} rows", f"{batch} rows, as in x")
    if output == "softmax":
        _check_probabilities(array)
    return array


#: By how much a sum of probabilities may miss 1: by what float16 or three decimals round off.
ROUNDED = 1e-3


def _check_probabilities(rows: np.ndarray) -> None:
    expected = "probabilities with a sum of 1, as a softmax predicts them"
    with np.errstate(over="ignore"):
        sums = rows.sum(axis=1, dtype=np.float64)
    wrong = np.flatnonzero(~(np.abs(sums - 1) <= ROUNDED))
    if len(wrong):
        i = int(wrong[0])
        raise ArgumentError("target", f"a sum of {sums[i]:g} in row {i}", expected)
    if rows.min() < -ROUNDED:
        i, j = map(int, np.argwhere(rows < -ROUNDED)[0])
        raise ArgumentError("target", f"{rows[i, j]:g} at ({i}, {j})", expected + ", none negative")


def check_labels(value: Any, batch: int | None, classes: int) -> np.ndarray:
    """``value`` as whole numbers (batch,) from 0 to classes - 1: a label for each row of ``x``, or
    for as many as there are (None)."""
    shape = f"whole numbers of shape ({'N' if batch is None else batch},)"
    labels = check_array("labels", value, shape)
    count = labels.shape[0] if batch is None and labels.ndim else batch
    if labels.shape != (count,) or labels.dtype.kind not in "iu":
        raise ArgumentError("labels", f"{labels.dtype} of shape {labels.shape}", shape)
    outside = labels[(labels < 0) | (labels >= classes)]
    if len(outside):
        raise ArgumentError("labels", f"a label {outside[0]}", f"labels from 0 to {classes - 1}")
    return labels
