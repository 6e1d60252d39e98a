"""What an answer returned, read as arrays of numbers and compared with what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from .words import a, count, listing

Array = np.ndarray


class Refused(Exception):
    """An answer that cannot be judged any further; the message says why."""


def parts_of(result: Any, like: list[Array] | None = None) -> list[Any]:
    """What was returned as a list: of one, unless it is a list or tuple of several things.

    like: what the reference returns: a plain list of numbers is one array where one is expected.
    """
    several = isinstance(result, list | tuple) and (like is None or len(like) > 1)
    if several and all(dimensions(part) == 0 for part in result) and like is None:
        several = isinstance(result, tuple)  # a list of numbers is an array, a tuple is not
    if like is not None and len(like) > 1 and isinstance(result, np.ndarray):
        # Several of one shape may come stacked: they unpack as well.
        several = all(result.shape == (len(like), *part.shape) for part in like)
    if like is not None and len(like) > 1 and not several:
        kind = "array" if isinstance(result, np.ndarray) else type(result).__name__
        raise Refused(f"it returns one {kind}; a list or tuple of {len(like)} is expected.")
    lone = isinstance(result, list | tuple) and len(result) == 1
    if like is not None and len(like) == 1 and lone:
        several = dimensions(result[0]) == like[0].ndim  # a list of one layer
    parts = list(result) if several else [result]
    if like is not None and len(parts) != len(like):
        raise Refused(miscounted(parts, like))
    return parts


def miscounted(parts: list[Any], like: list[Array]) -> str:
    """What to say about a list of another length, by the shapes that are in it."""
    inside = [part for part in parts if isinstance(part, list | tuple)]
    flat = [x for part in parts for x in (part if isinstance(part, list | tuple) else [part])]
    if inside and [np.shape(x) if dimensions(x) >= 0 else None for x in flat] == [
        part.shape for part in like
    ]:
        return (
            f"it returns a list inside {'another' if len(inside) < len(parts) else 'a list'}. All "
            f"{len(like)} arrays stand side by side in one list: a `*` puts the items of a list "
            "there, as in `[*several, one]`."
        )
    shapes = [np.shape(part) if dimensions(part) >= 0 else None for part in parts]
    wanted = [part.shape for part in like]
    noun = "number" if not any(wanted) else "array"
    said = f"it returns a list of {count(len(parts), noun)}, and {len(wanted)} are expected"
    if len(like) == 1:
        said = f"it returns {count(len(parts), noun)}, and only one is expected"
    fitting = []
    for rest, full, words in (
        (shapes, wanted[1:], "the first one is missing, of shape {}"),
        (shapes, wanted[:-1], "the last one is missing, of shape {}"),
        (shapes[1:], wanted, "the first one, of shape {}, is one too many"),
        (shapes[:-1], wanted, "the last one, of shape {}, is one too many"),
    ):
        if rest == full and len(full) > 0:
            longer = wanted if len(wanted) > len(shapes) else shapes
            fitting.append(words.format(longer[0 if "first" in words else -1]))
    if len(fitting) > 1:  # all of one shape: nothing tells which
        fitting = ["one is missing" if len(wanted) > len(shapes) else "one is too many"]
    return f"{said}: {fitting[0]}." if fitting else f"{said}."


def dimensions(part: Any) -> int:
    """As np.ndim; -1 for lists of unequal length."""
    try:
        return int(np.ndim(part))
    except ValueError:
        return -1


def numbers(result: Any, like: list[Array] | None = None) -> list[Array]:
    """A result as a list of arrays of float64, in the parts of ``parts_of``."""
    arrays: list[Array] = []
    for part in parts_of(result, like):
        try:
            array = np.asarray(part)
            if np.iscomplexobj(array):
                raise Refused("it returns complex numbers; take the real part where it is meant.")
            if array.dtype.kind == "O" and all(isinstance(x, Real) for x in array.flat):
                array = array.astype(np.float64)  # numbers all the same, as fractions are
            if array.dtype.kind in "USOMm":
                raise TypeError
            if like is not None and like[len(arrays)].ndim == 0 and array.size == 1:
                array = array.reshape(())  # a number in a box
            arrays.append(array.astype(np.float64))
        except (TypeError, ValueError):
            kind = a(type(part).__name__)
            hint = " Has a part of it not been filled in?" if part is None else ""
            if isinstance(part, tuple):
                hint = " Is one of its items meant? (`np.linalg.eig`, for one, returns two things.)"
            raise Refused(
                f"it returns {kind} where an array of numbers is expected.{hint}"
            ) from None
    return arrays


def coarse(result: Any) -> bool:
    """Whether some of it is in single or half precision."""
    if isinstance(result, list | tuple):
        return any(map(coarse, result))
    return getattr(result, "dtype", None) in (np.float16, np.float32)


def listed(result: Any, like: list[Array]) -> bool:
    """Whether lists of numbers stand where arrays are expected."""
    return any(
        isinstance(part, list | tuple) and e.ndim > 0
        for part, e in zip(parts_of(result, like), like, strict=True)
    )


def described(case: tuple[Any, ...]) -> str:
    """The arguments of a case in a few words: shapes of arrays, and numbers as they are."""

    def of(argument: Any) -> str:
        if isinstance(argument, list | tuple):
            return "[" + ", ".join(map(of, argument)) + "]"
        if np.ndim(argument):
            return str(np.shape(argument))
        if isinstance(argument, int | float | np.number):
            return f"{argument:.4g}"
        return "a function" if callable(argument) else a(type(argument).__name__)

    return ", ".join(map(of, case))


def arguments(case: tuple[Any, ...], names: Sequence[str] = ()) -> str:
    """The arguments of a case in a sentence: "the arguments had the shapes (6, 2) for `post` and
    (6, 5) for `pre`; `d` was 0.58"."""
    shapes, others = [], []
    for i, argument in enumerate(case):
        name = f"`{names[i]}`" if i < len(names) else f"argument {i}"
        if isinstance(argument, list | tuple):
            inside = [described((part,)) for part in argument]
            verb = "had the shapes" if inside and all(map(np.ndim, argument)) else "were"
            items = f"the items of {name} {verb} {listing(inside)}"
            others.append(items if inside else f"{name} was an empty list")
        elif np.ndim(argument):
            shapes.append(f"{np.shape(argument)} for {name}")
        else:
            others.append(f"{name} was {described((argument,))}")
    one = len(case) == 1
    noun = "the argument had the shape " if one else "the arguments had the shapes "
    said = [noun + listing(shapes)] if shapes else []
    return "; ".join(said + ([listing(others)] if others else []))


def all_close(results: list[list[Array]], expected: list[list[Array]], tolerance: float) -> bool:
    """Whether all parts of all cases agree."""
    return all(
        len(r) == len(e) and all(close(a, b, tolerance) for a, b in zip(r, e, strict=True))
        for r, e in zip(results, expected, strict=True)
    )


def close(result: Array, expected: Array, tolerance: float) -> bool:
    """Equal shapes, and equal values up to ``tolerance`` of the largest expected one."""
    if result.shape != expected.shape:
        return False
    scale = float(np.abs(expected[np.isfinite(expected)]).max(initial=0)) or 1.0
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(result - expected) <= tolerance * scale
    both_nan = np.isnan(result) & np.isnan(expected)  # so that a known wrong answer may have NaN
    return bool((near | both_nan).all())


def same(given: Any, case: Any) -> bool:
    """Whether the arguments, nested lists of arrays among them, are still what they were."""
    if isinstance(case, list | tuple):
        return (
            isinstance(given, list | tuple)
            and len(given) == len(case)
            and all(same(g, c) for g, c in zip(given, case, strict=True))
        )
    if callable(case):
        return True
    return np.array_equal(given, case)
