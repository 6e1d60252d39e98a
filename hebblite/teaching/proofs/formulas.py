"""A step as a formula: what its function returns, as it is written, and the claim in words."""

from __future__ import annotations

import ast
import builtins
import contextlib
import inspect
import textwrap
from functools import cache
from typing import Any

from ..exercises import Answer
from ..ways import function_in, helped
from .bound import Bound
from .gradient import Gradient
from .kinds import Exact, Order, Tends
from .theory import Step

LONGEST = 90


def formula(answer: Answer) -> str:
    """What a function returns, as it is written; "" where that is not one short expression of its
    arguments."""
    try:
        return _formula(inspect.unwrap(answer))
    except TypeError:  # something that cannot be kept
        return ""


@cache
def _formula(function: Any) -> str:
    try:
        node = function_in(tree_of(textwrap.dedent(inspect.getsource(function))))
        if node is None or function.__closure__ or helped(function, node):
            return ""
    except (OSError, TypeError, SyntaxError, AttributeError):
        return ""
    if isinstance(node, ast.Lambda):
        value: ast.expr | None = node.body
    else:
        body = [part for part in node.body if not _is_docstring(part)]
        single = len(body) == 1 and isinstance(body[0], ast.Return)
        value = body[0].value if single and isinstance(body[0], ast.Return) else None
    if value is None or not _readable(value, set(inspect.signature(function).parameters)):
        return ""
    written = ast.unparse(_bare(value))
    return written if len(written) <= LONGEST else ""


def tree_of(text: str) -> ast.Module:
    """The text of a function, parsed; of a lambda on a line of its own, without the brackets around
    it that stand on this line. SyntaxError if there is no function."""
    try:
        return ast.parse(text)
    except SyntaxError:
        inside = text[max(text.find("lambda"), 0) :].rstrip()
    while inside.endswith((")", ",", "]", "}")):
        inside = inside[:-1].rstrip()
        with contextlib.suppress(SyntaxError):
            return ast.parse(inside)
    raise SyntaxError("no function")


def _readable(value: ast.expr, names: set[str]) -> bool:
    """Whether it uses nothing but arguments, NumPy and Python's own functions."""
    own = {*names, "np", *(n.arg for n in ast.walk(value) if isinstance(n, ast.arg))}
    own |= {
        n.id for n in ast.walk(value) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return all(name in own or hasattr(builtins, name) for name in used)


def _bare(value: ast.expr) -> ast.expr:
    """Without np.asarray(...) or float(...) around it, which is no part of the formula."""
    wrapping = isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords
    if wrapping and ast.unparse(value.func) in ("np.asarray", "np.array", "float"):  # type: ignore
        return _bare(value.args[0])  # type: ignore[attr-defined]
    return value


def _is_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def sentence(step: Step, written: str) -> str:
    """A step with this right side, in words: "`dv = a + W @ dr_below`, exactly."."""
    return f"{relation(step, written)}."


def relation(step: Step, written: str) -> str:
    """The same without its full stop."""
    claim, left = step.claim, step.left
    if isinstance(claim, Exact):
        return f"`{left} = {written}`, exactly"
    if isinstance(claim, Order):
        limit = "in the limit of no strength, with an error of" if isinstance(claim, Tends) else (
            "up to terms of"
        )  # fmt: skip
        return f"`{left} = {written}`, {limit} order {claim.power} in the strength"
    if isinstance(claim, Bound):
        return f"`{left} {'>=' if claim.side == 'lower' else '<='} {written}`"
    if isinstance(claim, Gradient):
        return f"The gradient of `{claim.of}` with respect to `{claim.by}` is `{written}`"
    return f"`{left}` is `{written}` on average"
