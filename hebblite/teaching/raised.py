"""What an answer raised, said in plain words before Python's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .comparing import Refused, arguments
from .sides import NO_AXIS, Given, clash, clash_in_words, explained, failing_line, no_axis
from .words import count, listing

#: (what Python says, what it means), where the shapes need not be known.
MEANINGS = (
    (
        r"zip\(\) argument",
        "`zip(..., strict=True)` got lists of different lengths: one of them has an item too many "
        "or too few.",
    ),
    (
        r"Size of label '(?P<label>\w+)'.*\((?P<one>\d+)\).*\((?P<other>\d+)\)",
        "in `einsum` the letter `{label}` stands for axes of different lengths, {other} and {one}. "
        "Lengths that differ by one often mean that changes (one less) meet rows.",
    ),
    (r"duplicate value in 'axis'", "the same axis is named twice."),
    (r"step cannot be zero|must not be zero", "a step of 0 never gets on."),
    (r"0-dimensional array given", "this needs a matrix, and it got a single number."),
    (
        r"NoneType",
        "something is None here. Does a function of yours lack its `return`? "
        "(`x.append(...)` and `x.sort()` return None as well.)",
    ),
    (
        r"positional argument|required positional|unexpected keyword",
        "it is called with ({names}). Does the `def` line take exactly these arguments?",
    ),
    (
        r"object is not callable",
        "round brackets stand after something that is no function. An item is taken with square "
        "brackets, as in `x[t]`, and a product needs its `*`.",
    ),
    (
        r"interpreted as an integer",
        "a whole number is needed, as in `range(...)`. `len(x)` is the number of rows of `x`.",
    ),
    (
        r"only integers, slices|indices must be integers|only integer scalar",
        "an index, or what stands in `range(...)`, must be a whole number. `range(len(x))` runs "
        "over the numbers of the rows of `x`; `for row in x` gives the rows themselves.",
    ),
    (
        r"too many indices",
        "more indices are given than the array has axes. One row `x[t]` of a matrix has a single "
        "axis.",
    ),
    (
        r"'(list|tuple)' object has no attribute|unsupported operand.*'(list|tuple)'"
        r"|bad operand type.*'(list|tuple)'|multiply sequence|concatenate list",
        "a list is used as if it were an array. Take its arrays one by one, with a loop or an "
        "index, or make one array of it with `np.array(...)`.",
    ),
    (
        r"not subscriptable|not iterable|has no len",
        "a single number is used as if it had several entries.",
    ),
    (
        r"truth value of an array",
        "`if`, `and` and `or` want one yes or no, and an array has many. Use `np.where(...)`, or "
        "`.any()` or `.all()`.",
    ),
    (
        r"inhomogeneous|must have the same shape|must match exactly",
        "arrays of different shapes cannot be put into one array. A list holds them: return the "
        "list itself, or join them along the axis in which they differ.",
    ),
    (
        r"values to unpack \(expected (?P<wanted>\d+)(, got (?P<got>\d+))?",
        "something is taken apart into {wanted} names and does not have {wanted} items. If it is a "
        "`shape`, its array has another number of axes: `x[:, None]` adds one, such as a batch of "
        "one.",
    ),
    (
        r"axis -?\d+ is out of bounds",
        "the array has fewer axes than that: axis 0 is the first one.",
    ),
    (
        r"could not broadcast input array|setting an array element with a sequence",
        "what stands on the right of `=` has another shape than its place on the left.",
    ),
    (
        r"non-broadcastable output",
        "`+=` cannot change the shape of what stands on its left. Was that made with the right "
        "shape, as in `np.zeros((n, m))`?",
    ),
    (
        r"(only|must be).*(length-1|0-dimensional|size-1|real number)",
        "a function for single numbers (from `math`, or `float`) got an array. NumPy's own, such "
        "as `np.exp`, take arrays.",
    ),
    (r"must be square", "this needs a square matrix."),
    (r"[Ss]ingular matrix", "the matrix has no inverse."),
    (
        r"subscripts|einsum|einstein",
        "the letters of `einsum` do not fit: one letter for each axis of each array, and the same "
        "letter only for axes of one length.",
    ),
    (r"maximum recursion depth", "it calls itself without end."),
    (r"division by zero", "it divides by a zero. Is something counted that can be empty?"),
    (
        r"local variable '(?P<one>\w+)'",
        "`{one}` is used before it has a value. Set it before the loop, as in `{one} = 0`.",
    ),
)


class Raised(Refused):
    """An answer that raised an error."""


def raised(error: BaseException, case: tuple[Any, ...], names: Sequence[str], like: Any) -> str:
    """The sentences about an error: what it means, what Python says, and for which arguments."""
    python = str(error).rstrip(".") or "without a message"
    meant = meaning(error, case, names, like)
    kind = type(error).__name__
    said = f"{meant} Python says: {kind}: {python}." if meant else f"it raised {kind}: {python}."
    about_sizes = isinstance(error, ValueError | IndexError)
    given = arguments(case, names) if about_sizes else ""
    return f"{said} {given[:1].upper()}{given[1:]}." if given else said


def meaning(error: BaseException, case: tuple[Any, ...], names: Sequence[str], like: Any) -> str:
    """What the error means, in whole sentences; "" where nothing is known beyond Python's."""
    python = str(error)
    try:
        frame, nodes = failing_line(error)
    except Exception:
        frame, nodes = None, []
    if frame is not None and isinstance(error, ValueError | IndexError) and no_axis(frame, nodes):
        return NO_AXIS
    outside = re.search(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", python)
    if outside:
        index, axis, size = map(int, outside.groups())
        return out_of_bounds(index, axis, size, case, names)
    if re.search(r"(list|tuple) index out of range", python):
        return too_few_items(case, names)
    if "remapped" in python:
        return (
            "in `einsum` one letter stands for axes of different lengths. Lengths that differ by "
            "one often mean that changes (one less) meet rows."
        )
    unfit = clash(frame, nodes) if frame is not None else None
    unfit = unfit or clash_in_words(python)
    if unfit:
        return explained(unfit, like, Given(names, case))
    inner = re.search(r"^matmul.*size (\d+) is different from (\d+)", python)
    if inner and Given(names, case).neighbours(int(inner[1]), int(inner[2])):
        return (
            f"the two sides of an `@` do not fit: {inner[2]} columns on its left meet {inner[1]} "
            "rows on its right. These are the sizes of two layers that lie one above the other: "
            "is an index off by one, or is a `.T` missing or too many?"
        )
    if re.search(r"^matmul|not aligned", python):
        return (
            "`@` needs as many columns on its left as there are rows on its right. Of two "
            "matrices one may have to be transposed; two rows are multiplied to a matrix by "
            "`np.outer`."
        )
    for pattern, words in MEANINGS:
        found = re.search(pattern, python)
        if found:
            return words.format(names=", ".join(names), **found.groupdict())
    return ""


def too_few_items(case: tuple[Any, ...], names: Sequence[str]) -> str:
    """An index beyond the end of a list, and the lists of this call."""
    long = [
        f"`{name}` has {count(len(x), 'item')}" for name, x in zip(names, case, strict=False)
        if isinstance(x, list | tuple)
    ]  # fmt: skip
    here = f" Here {listing(long)}; other calls have more or fewer." if long else ""
    return f"an index is too large: a list of L items has the indices 0 to L - 1.{here}"


def out_of_bounds(
    index: int, axis: int, size: int, case: tuple[Any, ...], names: Sequence[str]
) -> str:
    """An index beyond the end, and which arguments are that long."""
    noun = ("row", "column")[axis] if axis < 2 else f"entry along axis {axis}"
    nouns = noun.replace("entry", "entries") if axis > 1 else f"{noun}s"
    long = [
        f"`{name}`" for name, x in zip(names, case, strict=False)
        if isinstance(x, np.ndarray) and x.ndim > axis and x.shape[axis] == size
    ]  # fmt: skip
    who = f"{listing(long)} {'has' if len(long) == 1 else 'have'}" if long else "the array has"
    said = f"there is no {noun} {index}: {who} {size} {noun if size == 1 else nouns}, "
    said += "number 0" if size == 1 else f"numbered 0 to {size - 1}"
    if index == size:
        one = long[0].strip("`") if long else "x"
        end = f"len({one}) - 1" if axis == 0 else f"{one}.shape[{axis}] - 1"
        return (
            f"{said}. Between T + 1 {nouns} lie T steps: where {noun} t + 1 is needed as well, t "
            f"runs over `range({end})`. Sizes change from call to call: take them from the array."
        )
    return f"{said}. Does the loop count another axis, or another array?"
