"""After a right answer: the other right ways, as they are written."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

from .exercises import Answer, Exercise
from .honesty import inner

MOST = 4


def other_ways(exercise: Exercise) -> list[str]:
    """The text of the reference and of further right answers that can be read by themselves."""
    texts = [text for answer in (exercise.reference, *exercise.right) if (text := written(answer))]
    return list(dict.fromkeys(texts))[:MOST]


def written(answer: Answer) -> str:
    """How an answer is written; "" if it needs helpers that are not shown, or is not to be had."""
    function = inner(answer)
    try:
        text = textwrap.dedent(inspect.getsource(function))
        tree = ast.parse(text)
        node = function_in(tree)
        if node is None or function.__closure__ or helped(function, node):
            return ""
    except (OSError, TypeError, SyntaxError, AttributeError):
        return ""
    if isinstance(node, ast.FunctionDef):
        return "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
    return textwrap.dedent(ast.get_source_segment(text, node) or "")


def function_in(tree: ast.Module) -> ast.FunctionDef | ast.Lambda | None:
    """The function that this text defines, if it is only one."""
    if isinstance(tree.body[0], ast.FunctionDef):
        return tree.body[0]
    lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    return lambdas[0] if len(lambdas) == 1 else None


def helped(function: Any, node: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether it calls functions that are written beside it."""
    body = node.body if isinstance(node, ast.FunctionDef) else [node.body]  # no decorators
    parts = [part for step in body for part in ast.walk(step)]
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    others = (function.__globals__.get(name) for name in names)
    return any(inspect.isfunction(o) and o.__module__ == function.__module__ for o in others)
