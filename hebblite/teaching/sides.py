"""Two sides of a product or a sum that do not fit, found on the line that failed.

A message of NumPy gives sizes without saying whose they are. So the two sides are worked out once
more, where the text of the line can be read, and their shapes tell what would make them fit.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@"}
PRODUCTS = ("@", "np.dot", "np.matmul")
#: What may be run once more: nothing here draws at random, prints, or changes anything.
HARMLESS = frozenset([
    "abs", "array", "asarray", "concatenate", "copy", "cumsum", "diff", "dot", "exp", "flatten",
    "expand_dims", "len", "mean", "ones", "ones_like", "outer", "ravel", "reshape", "roll", "sqrt",
    "squeeze", "stack", "sum", "swapaxes", "tanh", "transpose", "vstack", "zeros", "zeros_like",
])  # fmt: skip
PLAIN_NODES = (
    ast.Name, ast.Load, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple,
    ast.BinOp, ast.UnaryOp, ast.Call, ast.keyword, ast.operator, ast.unaryop,
)  # fmt: skip

ONE_LESS = (
    "The sizes differ by one. Between T + 1 rows lie only T changes, so leave off one row (the "
    "first or the last) of what the changes are multiplied by."
)
THREE = (
    "With three axes, `@` multiplies matrix by matrix along the first one, and `.T` turns all "
    "three round. `np.einsum`, or a loop over one axis, says which axes meet."
)
NEIGHBOURS = (
    "These are the sizes of two layers that lie one above the other, so the two come from "
    "different places of their lists: is an index off by one?"
)
NO_AXIS = (
    "`np.diff` without an axis subtracts along the last axis, here between neighbouring columns. "
    "The change from one row to the next is `np.diff(..., axis=0)`."
)


class Clash(NamedTuple):
    """An operation whose two sides do not fit, with their shapes."""

    operator: str
    left: tuple[int, ...]
    right: tuple[int, ...]


class Given(NamedTuple):
    """The arguments of an answer, by name."""

    names: Sequence[str] = ()
    case: Sequence[Any] = ()

    def batch(self) -> bool:
        """Whether some have the axis of a batch: two of them have equally many rows, or one has
        three axes."""
        several = [x.shape for x in self.case if isinstance(x, np.ndarray) and x.ndim > 1]
        rows = [shape[0] for shape in several]
        return len(set(rows)) < len(rows) or any(len(shape) > 2 for shape in several)

    def neighbours(self, n: int, m: int) -> bool:
        """Whether these are the sizes of neighbouring layers in a list of one item a layer."""
        pairs: set[tuple[int, int]] = set()
        for x in self.case:
            if isinstance(x, list | tuple) and all(isinstance(part, np.ndarray) for part in x):
                pairs |= {part.shape for part in x if part.ndim == 2}
                pairs |= {
                    (one.size, two.size) for one, two in pairwise(x) if one.ndim == two.ndim == 1
                }
        return (n, m) in pairs or (m, n) in pairs

    def matrix(self, n: int, m: int) -> str:
        """The argument that leads from the one length to the other, in words; or ""."""
        for name, x in zip(self.names, self.case, strict=False):
            if isinstance(x, np.ndarray) and x.shape in ((n, m), (m, n)):
                return f"`{name}`, of shape {x.shape},"
        return ""


NOBODY = Given()


def explained(unfit: Clash, like: Any, given: Given = NOBODY) -> str:
    """Two shapes that do not fit, and what would make them fit. given: what the answer got."""
    sign, a, b = unfit
    wanted = [part.shape for part in like] if like is not None else []
    if sign in PRODUCTS:
        return product(sign, a, b, wanted, given)
    if len(a) == len(b) == 1:
        if sign in "*?" or given.neighbours(a[0], b[0]):
            return two_rows(sign, a[0], b[0], wanted, given)
        return (
            f"a row of {a[0]} and a row of {b[0]} do not fit entry by entry. To take every entry "
            "of the one with every entry of the other, make the first a column: "
            f"`x[:, None] {sign} y`."
        ).replace("?", "-")
    said = f"shapes {a} and {b} do not fit entry by entry"
    if len(a) == len(b) == 2 and a == b[::-1]:
        return f"{said}: one of the two is the transpose of what is meant, so it needs a `.T`."
    if len(a) == len(b) == 2 and a[0] == a[1] and b[0] == b[1]:
        return (
            f"{said}. Each of them has one length twice, as if both its factors came from one "
            "side. Let each product take one factor from the one side and one from the other."
        )
    if (
        len(a) == len(b)
        and a[1:] == b[1:]
        and abs(a[0] - b[0]) == 1
        and not given.neighbours(a[0], b[0])
    ):
        return f"{said}. {ONE_LESS}"
    if len(a) != len(b) and min(len(a), len(b)):
        long, short = (a, b) if len(a) > len(b) else (b, a)
        if long[: len(short)] == short:
            return f"{said}. The smaller one needs an axis of length 1 at its end: `x[..., None]`."
    return f"{said}: both need the same length along each axis."


def two_rows(sign: str, n: int, m: int, wanted: list[Any], given: Given) -> str:
    """Two rows of different lengths, entry by entry: of two layers, or each with each."""
    verb = "multiplied" if sign in "*?" else "taken together"
    said = f"a row of {n} and a row of {m} cannot be {verb} entry by entry."
    outer = f"All their products, a matrix of shape {(n, m)}, are `np.outer(...)` of the two."
    if any(shape in ((n, m), (m, n)) for shape in wanted):
        return f"{said} {outer}"
    if given.neighbours(n, m):
        return f"{said} {NEIGHBOURS}"
    between = given.matrix(n, m)
    if between:
        return (
            f"{said} {between} leads from the one to the other: is a product with it (`@`) first?"
        )
    return f"{said} Do they count the same things? Each of them says how many there are."


def product(
    sign: str, a: tuple[int, ...], b: tuple[int, ...], wanted: list[Any], given: Given = NOBODY
) -> str:
    """Two sides of a matrix product that do not fit."""
    if not a or not b:
        return f"`{sign}` is for arrays, and one of its sides is a single number: write `*`."
    if len(a) == len(b) == 1:
        said = (
            f"`{sign}` of two rows multiplies them entry by entry and adds up, and here a row of "
            f"{a[0]} meets a row of {b[0]}."
        )
        if given.neighbours(a[0], b[0]) and (a[0], b[0]) not in wanted:
            return f"{said} {NEIGHBOURS}"
        return (
            f"{said} `np.outer` makes a matrix of two rows, of shape {(a[0], b[0])}. (`.T` leaves "
            "a single row as it is.)"
        )
    said = (
        f"`{sign}` needs as many columns on its left as there are rows on its right, and here "
        f"{a} meets {b}."
    )
    inner = b[0] if len(b) == 1 else b[-2]
    apart = given.neighbours(a[-1], inner)
    one_less = abs(a[-1] - inner) == 1 and not apart
    if one_less and (*a[:-1], *b[-1:]) in wanted:
        return f"{said} {ONE_LESS}"
    if max(len(a), len(b)) > 2 and not (a == b and wanted == [()]):
        return f"{said} {THREE}"
    ways = [
        (f"with `.T` on the {side} one", x[0], y[1])
        for side, x, y in (("left", a[::-1], b), ("right", a, b[::-1]))
        if len(x) == len(y) == 2 and x[1] == y[0]
    ]
    if len(a) == len(b) == 2 and b[1] == a[0]:
        ways.append(("with the two exchanged", b[0], a[1]))
    if apart and len(a) == len(b) == 2 and not any(way[1:] in wanted for way in ways):
        return f"{said} {NEIGHBOURS}"
    if ways:
        best = next((way for way in ways if way[1:] in wanted), ways[0])
        transposed = "One of the two is the transpose of what is needed: "
        return (
            f"{said} {transposed if '.T' in best[0] else ''}{best[0]}, the result would have the "
            f"shape {best[1:]}."
        ).replace(". with", ". With")
    if a == b and len(a) > 2 and wanted == [()]:
        return f"{said} The sum of all products of two arrays of one shape is `np.sum(a * b)`."
    if min(len(a), len(b)) == 1:
        return f"{said} {row_and_matrix(a, b, given)}".strip()
    return f"{said} {ONE_LESS}" if one_less else said


def row_and_matrix(a: tuple[int, ...], b: tuple[int, ...], given: Given) -> str:
    """A matrix and a row that do not fit: a transpose, another layer, or a batch that is lost."""
    side, other, row, matrix = ("left", "right", a, b) if len(a) == 1 else ("right", "left", b, a)
    turned = row[0] == (matrix[0] if side == "right" else matrix[1])
    apart = given.neighbours(*matrix) or given.neighbours(matrix[-1], row[0])
    if turned:
        said = f"With `.T` on the {other} one they fit."
        return f"{said} Or is an index off by one?" if apart else said
    if apart:
        return NEIGHBOURS
    lost = f"The {side} one is a single row: has it lost an axis, that of a batch?"
    return lost if given.batch() else ""


def clash_in_words(python: str) -> Clash | None:
    """The two shapes that a message of NumPy names."""
    sign = "np.dot" if "not aligned" in python else "?" if "broadcast together" in python else ""
    shapes = [
        tuple(int(n) for n in re.findall(r"\d+", text))
        for text in re.findall(r"(?<!\w)\(([\d, ]*)\)", python)
    ]
    return Clash(sign, *shapes[:2]) if sign and len(shapes) >= 2 else None


def clash(frame: FrameType, nodes: list[ast.AST]) -> Clash | None:
    """The operation on the line whose sides do not fit."""
    for sign, left, right in operations(nodes):
        a, b = again(left, frame), again(right, frame)
        plain = all(isinstance(x, np.ndarray | np.number | int | float) for x in (a, b))
        if plain and not fit(sign, np.shape(a), np.shape(b)):
            return Clash(sign, np.shape(a), np.shape(b))
    return None


def fit(sign: str, a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether two shapes go together."""
    with np.errstate(all="ignore"):
        try:
            if sign in PRODUCTS:
                product = np.dot if sign == "np.dot" else np.matmul
                product(np.zeros(a), np.zeros(b))
            else:
                np.broadcast_shapes(a, b)
        except ValueError:
            return False
    return True


def operations(nodes: list[ast.AST]) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    """What has two sides: the sign, and the two."""
    for node in nodes:
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            yield OPERATORS[type(node.op)], node.left, node.right
        elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
            target = ast.parse(ast.unparse(node.target), mode="eval").body
            yield OPERATORS[type(node.op)], target, node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = f"np.{node.func.attr}"
            if name in PRODUCTS and len(node.args) == 2:
                yield name, node.args[0], node.args[1]


# ---------------------------------------------------------------------- the line that failed


def failing_line(error: BaseException) -> tuple[FrameType | None, list[ast.AST]]:
    """The innermost frame of an answer whose text can be read, and what stands on its line."""
    trace, found = error.__traceback__, []
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if not str(module).startswith(("numpy", "hebblite.teaching.trying")):
            found.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    for frame, line in reversed(found):
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(frame.f_code)))
        except (OSError, TypeError, SyntaxError):
            continue
        at = line - frame.f_code.co_firstlineno + 1
        nodes = [
            node for node in ast.walk(tree)
            if getattr(node, "lineno", at + 1) <= at <= (getattr(node, "end_lineno", 0) or 0)
        ]  # fmt: skip
        return frame, nodes
    return None, []


def no_axis(frame: FrameType, nodes: list[ast.AST]) -> bool:
    """Whether ``np.diff`` of a matrix has no axis on this line."""
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.diff", "numpy.diff"):
            axis = len(node.args) > 2 or any(k.arg == "axis" for k in node.keywords)
            if not axis and node.args and np.ndim(again(node.args[0], frame)) > 1:
                return True
    return False


def again(node: ast.AST, frame: FrameType) -> Any:
    """The value of an expression in the frame in which it failed; None if it cannot be had."""
    if not isinstance(node, ast.expr) or not all(map(harmless, ast.walk(node))):
        return None
    try:
        code = compile(ast.fix_missing_locations(ast.Expression(node)), "<again>", "eval")
        return eval(code, frame.f_globals, frame.f_locals)
    except Exception:
        return None


def harmless(node: ast.AST) -> bool:
    """Whether this may be run once more."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", "")) in HARMLESS
    return isinstance(node, PLAIN_NODES)
