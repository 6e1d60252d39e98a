"""Where an answer slips: its own text, with one operation turned round, is right.

Only the answer's text is read and tried. What is told is the place, not what belongs there.
"""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..attempt import Attempt
from ..comparing import close, numbers
from ..honesty import inner
from ..source import definition, lambda_of
from ..trying import OutOfTime, time_limit

SECONDS = 1.0  # for all trials together
DROPS = "`//` drops what is behind the decimal point"


def spot(attempt: Attempt) -> str:
    """The sentence about the place in the answer's text that makes it wrong; "" if none is."""
    function = inner(attempt.answer)
    tree = definition(function) or lambda_of(function)
    if tree is None or not hasattr(function, "__globals__"):
        return ""
    try:
        with time_limit(SECONDS), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for changed, words in repairs(tree):
                if right(attempt, function, changed):
                    return words
    except OutOfTime:
        return ""
    return ""


def repairs(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The tree with one operation turned round, and what to say if that makes it right."""
    for number, node in enumerate(ast.walk(tree)):
        for which in range(len(list(turned(node)))):
            changed = copy.deepcopy(tree)
            place = list(ast.walk(changed))[number]
            new, words = list(turned(place))[which]
            replace(changed, place, new)
            yield changed, words.format(text=ast.unparse(node))


def turned(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What may belong in the place of a node."""
    if isinstance(node, ast.BinOp):
        yield from turned_operation(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand, "look at `{text}`: a sign is the wrong way round there."
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield from other_index(node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        transposed = ast.Attribute(node, "T", ast.Load())
        yield transposed, "look at `{text}`: is it the right way round (its transpose)?"
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value, "look at `{text}`: is it the right way round (its transpose)?"


def turned_operation(node: ast.BinOp) -> Iterator[tuple[ast.AST, str]]:
    """The other operations with the same two sides."""
    left, right, op = node.left, node.right, node.op
    if isinstance(op, ast.FloorDiv):
        yield ast.BinOp(left, ast.Div(), right), f"look at `{{text}}`: {DROPS}."
        yield ast.BinOp(left, ast.Mult(), right), f"look at `{{text}}`: {DROPS}, and it divides."
    if isinstance(op, ast.Mult):
        wrong = "look at `{text}`: it multiplies there where it has to divide."
        yield ast.BinOp(left, ast.Div(), right), wrong
        yield ast.BinOp(right, ast.Div(), left), wrong
    both = isinstance(op, ast.MatMult) and isinstance(left, ast.BinOp)
    if both and isinstance(left, ast.BinOp) and isinstance(left.op, ast.MatMult):
        rest = ast.BinOp(left.right, ast.MatMult(), right)
        adds = "`@` adds up, and `*` multiplies entry by entry what stands in brackets after it"
        yield ast.BinOp(left.left, ast.Mult(), rest), f"look at `{{text}}`: {adds}."
    if isinstance(op, ast.Div):
        wrong = "look at `{text}`: it divides there where it has to multiply."
        yield ast.BinOp(left, ast.Mult(), right), wrong
        upside = "look at `{text}`: it stands upside down there."
        yield ast.BinOp(right, ast.Div(), left), upside
    if isinstance(op, ast.Add | ast.Sub):
        sign = "look at `{text}`: a sign is the wrong way round there."
        other = ast.Sub() if isinstance(op, ast.Add) else ast.Add()
        yield ast.BinOp(left, other, right), sign
        yield ast.BinOp(right, ast.Sub(), left), sign
    if isinstance(op, ast.Pow):
        yield ast.BinOp(right, op, left), "look at `{text}`: base and exponent are swapped there."


def other_index(node: ast.Subscript) -> Iterator[tuple[ast.AST, str]]:
    """The indices beside it, and the first and the last one."""
    index = node.slice
    try:
        value = ast.literal_eval(index)
    except ValueError:
        return
    if isinstance(value, int):
        for other in sorted({value - 1, value + 1, 0, -1} - {value}):
            made = ast.Subscript(node.value, ast.Constant(other), ast.Load())
            yield made, "look at `{text}`: another entry is meant there."


def replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """``new`` in the place of ``old``."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list) and any(item is old for item in value):
                value[[item is old for item in value].index(True)] = new
                return


def right(attempt: Attempt, function: Any, tree: ast.AST) -> bool:
    """Whether the changed text returns what is expected."""
    names = dict(function.__globals__)
    cells = function.__closure__ or ()
    names |= dict(zip(function.__code__.co_freevars, (c.cell_contents for c in cells), strict=True))
    given = function.__code__.co_varnames[: function.__code__.co_argcount]
    try:
        if isinstance(tree, ast.Lambda):
            body = ast.fix_missing_locations(ast.Expression(tree))
            changed = eval(compile(body, "<answer>", "eval"), names)
        elif isinstance(tree, ast.FunctionDef):
            tree.decorator_list = []
            module = ast.fix_missing_locations(ast.Module([tree], []))
            exec(compile(module, "<answer>", "exec"), names)
            changed = names[tree.name]
        else:
            return False
        for case, expected in zip(attempt.cases, attempt.expected, strict=True):
            symbols = dict(zip(attempt.names, copy.deepcopy(case), strict=True))
            result = numbers(changed(*(symbols[name] for name in given)), expected)
            if not close(result[0], expected[0], attempt.tolerance):
                return False
    except OutOfTime:
        raise
    except Exception:  # it does not run that way
        return False
    return True
