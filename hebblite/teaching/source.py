"""What can be seen in the text of an answer, where it can be read: a `return` inside a loop, ..."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator

import numpy as np

from .attempt import Attempt, Found
from .honesty import inner
from .sides import NO_AXIS

LOOP = ast.For | ast.While


def seen_in_source(attempt: Attempt) -> str:
    """A slip that the text of the answer shows for certain, in words, or ""."""
    function = definition(attempt.answer)
    if function is None:
        return ""
    return overwritten(function) or differences_along_columns(attempt, function)


def ends_too_early(answer: object) -> str:
    """A loop that can only run once: whatever comes out is a consequence of that."""
    function = definition(answer)
    return (return_in_loop(function) or append_after_loop(function)) if function else ""


def suspicious(attempt: Attempt) -> str:
    """What the text does that is probably the slip, where nothing else is known; or ""."""
    function = definition(attempt.answer) or lambda_of(attempt.answer)
    return (nothing_left(function) or fitted(function) or other_axis(function)) if function else ""


def definition(answer: object) -> ast.FunctionDef | None:
    """The answer's ``def``, read anew; None if its text is not to be had, or it is a lambda."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inner(answer))))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return None
    first = tree.body[0] if tree.body else None
    return first if isinstance(first, ast.FunctionDef) else None


def lambda_of(answer: object) -> ast.Lambda | None:
    """The answer's ``lambda``, if it is the only one on its line."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inner(answer))))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return None
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    return found[0] if len(found) == 1 else None


def calls_of(function: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of one of NumPy's functions, such as np.diff(...)."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (f"np.{name}", f"numpy.{name}"):
            yield node


def differences_along_columns(attempt: Attempt, function: ast.AST) -> str:
    """np.diff of a matrix without its axis."""
    for call in calls_of(function, "diff"):
        named = any(k.arg == "axis" for k in call.keywords) or len(call.args) > 2
        first = call.args[0] if call.args else None
        if named or not isinstance(first, ast.Name) or first.id not in attempt.names:
            continue
        if np.ndim(attempt.cases[0][attempt.names.index(first.id)]) > 1:
            return Found(NO_AXIS)
    return ""


def nothing_left(function: ast.AST) -> str:
    """Something that is subtracted from itself."""
    for node in ast.walk(function):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            text = ast.unparse(node)
            if ast.unparse(node.left) == ast.unparse(node.right):
                return Found(f"`{text}` subtracts something from itself, and that is 0.")
    return ""


def other_axis(function: ast.AST) -> str:
    """Changes along an axis that is perhaps not time."""
    for call in calls_of(function, "diff"):
        axis = next((ast.unparse(k.value) for k in call.keywords if k.arg == "axis"), "0")
        if axis not in ("0", "axis"):
            return Found(
                f"`{ast.unparse(call)}` subtracts along axis {axis}. Is that the axis of time? "
                "Time comes first here, so it is axis 0."
            )
    return ""


def fitted(function: ast.AST) -> str:
    """Shapes made to fit by a row that is not there."""
    less = "R rows have R - 1 changes: leave off a row of what the changes are multiplied by."
    for call in calls_of(function, "diff"):
        for keyword in call.keywords:
            if keyword.arg in ("append", "prepend"):
                return Found(
                    f"`np.diff(..., {keyword.arg}=...)` adds a change that never happened: the "
                    f"step between a real row and the one that you made up. {less}"
                )
    for _ in calls_of(function, "roll"):
        return Found(
            "`np.roll` brings the row at one end round to the other end, so one of its changes is "
            f"a step between the last row and the first. {less}"
        )
    return ""


def own(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below, without those of functions that are defined there."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from own(child)


def return_in_loop(function: ast.FunctionDef) -> str:
    """A loop that ends in its first pass."""
    for loop in own(function):
        if isinstance(loop, LOOP) and any(isinstance(step, ast.Return) for step in loop.body):
            return Found(
                "a `return` stands inside your loop, so the loop ends in its first pass. Move the "
                "`return` to the left, until it stands below the loop."
            )
    return ""


def append_after_loop(function: ast.FunctionDef) -> str:
    """A list that is empty before a loop and gets one entry after it."""
    for block in blocks(function):
        loops = [i for i, step in enumerate(block) if isinstance(step, LOOP)]
        for i, step in enumerate(block):
            name = appended(step)
            inside = any(appended(n) == name for n in own(function) if n not in block)
            if name and loops and i > loops[0] and not inside and empty_list(function, name):
                return Found(
                    f"`{name}.append(...)` stands below your loop, so only the last pass gets into "
                    f"`{name}`. Move it to the right, into the loop."
                )
    return ""


def overwritten(function: ast.FunctionDef) -> str:
    """A sum that begins at zero and is set anew in each pass of a loop."""
    begun = {name for step in function.body if (name := set_to(step)) and zeros(step)}
    grown = {n.target.id for n in own(function)
             if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)}  # fmt: skip
    for loop in own(function):
        for step in loop.body if isinstance(loop, LOOP) else ():
            name = set_to(step)
            used = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and reads(n)}
            inside = {n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and reads(n)}
            if name in begun - grown - inside and name in used:
                return Found(
                    f"`{name}` is set anew in each pass of your loop, so only the last one counts. "
                    f"Should it grow, with `{name} += ...`?"
                )
    return ""


def set_to(step: ast.AST) -> str:
    """The one name that a statement sets, or ""."""
    if isinstance(step, ast.Assign) and len(step.targets) == 1:
        target = step.targets[0]
        return target.id if isinstance(target, ast.Name) else ""
    return ""


def zeros(step: ast.stmt) -> bool:
    """Whether a statement sets something to zero, or to an array of zeros."""
    value = getattr(step, "value", None)
    if isinstance(value, ast.Constant):
        return value.value == 0
    return isinstance(value, ast.Call) and "zeros" in ast.unparse(value.func)


def reads(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    yield function.body
    for node in own(function):
        if isinstance(node, LOOP):
            yield node.body


def appended(step: ast.AST) -> str:
    """The name of the list that this statement appends to."""
    if isinstance(step, ast.Expr) and isinstance(step.value, ast.Call):
        called = step.value.func
        if isinstance(called, ast.Attribute) and called.attr == "append":
            return called.value.id if isinstance(called.value, ast.Name) else ""
    return ""


def empty_list(function: ast.FunctionDef, name: str) -> bool:
    """Whether ``name`` begins as an empty list."""
    return any(
        isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        and isinstance(node.value, ast.List)
        and not node.value.elts
        for node in own(function)
    )


def makes_array(call: ast.Call) -> bool:
    """Whether a function of NumPy's is called."""
    return ast.unparse(call.func).startswith(("np.", "numpy."))


def whole_numbers(attempt: Attempt) -> str:
    """Where the text makes an array for whole numbers, in words, or ""."""
    function = definition(attempt.answer)
    for node in own(function) if function else ():
        given = node.args if isinstance(node, ast.Call) and makes_array(node) else []
        if any(ast.unparse(argument) == "int" for argument in given):
            return f" `{ast.unparse(node)}` makes an array that cuts off all decimals."
        if isinstance(node, ast.keyword) and node.arg == "dtype":
            text = ast.unparse(node.value)
            if "int" in text:
                return f" `dtype={text}` makes an array that cuts off all decimals."
    return ""
