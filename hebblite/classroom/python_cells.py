"""What can be told of a code cell without running it: whether it is whole, and what it defines."""

from __future__ import annotations

import ast
import warnings


def runs(source: str) -> bool:
    """Whether a cell is whole: IPython would find no error in its syntax."""
    return tree(source) is not None


def is_half(source: str) -> bool:
    """Whether a cell begins in the middle of a block: its first line is indented, or it does not
    stand by itself. IPython would run such lines as if they were not indented."""
    lines = [line for line in source.splitlines() if line.strip()]
    return bool(lines) and (lines[0][0].isspace() or not runs(source))


def names(source: str) -> set[str]:
    """The names that a cell defines at its top level: functions, classes, variables."""
    found: set[str] = set()
    for node in getattr(tree(source), "body", []):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            inside = [n for target in targets for n in ast.walk(target)]
            found |= {n.id for n in inside if isinstance(n, ast.Name)}
    return found


def tree(source: str) -> ast.Module | None:
    """The syntax tree of a cell, magics included; None if there is an error in it."""
    from IPython.core.inputtransformer2 import TransformerManager

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as an unknown escape in a string
        try:
            text = TransformerManager().transform_cell(source)
            compile(text, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
