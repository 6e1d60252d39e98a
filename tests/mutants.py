"""Every reference, mutated mechanically: is each mutant that differs rejected, and told why?

    python tests/mutants.py            all exercises: a table
    python tests/mutants.py 02 03.1    these, with the messages of the mutants that got no better
    python tests/mutants.py T3 T5.1    steps of proofs (see also edits.py, which edits at random)
    python tests/mutants.py --right    mutates the other right answers as well: loops, mostly

Mutants are made from the text of the reference and of the functions of its module that it calls: a
sign, a bound or an index by one, a transpose, mean for sum, a factor or term dropped, arguments or
the order of a product swapped, a comparison flipped, a ``return`` moved into its loop, ...

A mutant is *equal* if it returns the same on many further cases, and *raises* if it cannot run: it
is told what Python says, and before that what it means; *bare* are those that get Python's words
alone. All others must be rejected. A message is *specific* if it belongs to a
stored mistake of the exercise or to one of the general ones that name the slip
(``hebblite.teaching.attempt.Found``), not if it says only how far off the numbers are.
"""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from hebblite.teaching import checks, trying
from hebblite.teaching.comparing import all_close, numbers
from hebblite.teaching.exercises import Exercise, exercises
from hebblite.teaching.proofs import steps
from hebblite.teaching.raised import Raised

FURTHER = range(40, 64)  # seeds of the cases that tell equal mutants from others
SWAPS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
FLIPS = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}  # fmt: skip
OTHER = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "sin": "cos", "cos": "sin"}


@dataclass
class Tally:
    """What became of the mutants of one exercise. rest: (change, message) without a cause."""

    mutants: int = 0
    equal: int = 0
    raises: int = 0
    specific: int = 0
    rest: list[tuple[str, str]] = field(default_factory=list)
    bare: list[tuple[str, str]] = field(default_factory=list)  # raise, and are told Python's words
    passed: list[str] = field(default_factory=list)  # differ, and are accepted

    @property
    def rejected(self) -> int:
        return self.specific + len(self.rest)

    @property
    def share(self) -> float:
        return self.specific / max(self.rejected, 1)


# ---------------------------------------------------------------------- making mutants


def small(value: ast.expr, by: int) -> ast.expr:
    """``value`` plus or minus one."""
    if isinstance(value, ast.Constant) and isinstance(value.value, int):
        return ast.Constant(value.value + by)
    return ast.BinOp(value, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


def changes(node: ast.AST) -> Iterator[ast.AST | list[ast.AST]]:
    """What may stand in the place of one node."""
    if isinstance(node, ast.BinOp):
        left, right, op = node.left, node.right, node.op
        if type(op) in SWAPS:
            yield ast.BinOp(left, SWAPS[type(op)](), right)
            yield left
        if isinstance(op, ast.Add | ast.Mult):
            yield right
        if isinstance(op, ast.Sub):
            yield ast.BinOp(right, op, left)
            yield ast.UnaryOp(ast.USub(), right)
        if isinstance(op, ast.Div):
            yield ast.BinOp(left, ast.FloorDiv(), right)
        if isinstance(op, ast.MatMult | ast.Pow):
            yield ast.BinOp(right, op, left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in FLIPS:
        yield ast.Compare(node.left, [FLIPS[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.Constant) and not isinstance(node.value, str | bool):
        if isinstance(node.value, int):
            yield from (ast.Constant(node.value + by) for by in (-1, 1))
        elif isinstance(node.value, float):
            yield from (ast.Constant(node.value * by) for by in (2.0, 0.5))
    elif isinstance(node, ast.Attribute) and node.attr in ("T", *OTHER):
        yield node.value if node.attr == "T" else ast.Attribute(node.value, OTHER[node.attr])
    elif isinstance(node, ast.Subscript):
        yield from subscripts(node)
    elif isinstance(node, ast.Call):
        yield from calls(node)
    elif isinstance(node, ast.AugAssign):
        yield from augmented(node)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(ast.UnaryOp(ast.USub(), node.value))
    elif isinstance(node, ast.arguments):
        for i in range(len(node.args) - 1):
            args = list(node.args)
            args[i], args[i + 1] = args[i + 1], args[i]
            yield ast.arguments([], args, None, [], [], None, node.defaults)


def subscripts(node: ast.Subscript) -> Iterator[ast.AST]:
    """Other ends of slices, other indices."""
    index = node.slice
    if isinstance(index, ast.Slice):
        yield node.value
        if index.lower is None and index.upper is not None:  # [:-1] and [1:]
            yield ast.Subscript(node.value, ast.Slice(ast.Constant(1), None), ast.Load())
        if index.upper is None and index.lower is not None:
            yield ast.Subscript(node.value, ast.Slice(None, ast.Constant(-1)), ast.Load())
    elif isinstance(index, ast.Name | ast.BinOp) and isinstance(node.ctx, ast.Load):
        yield from (ast.Subscript(node.value, small(index, by), node.ctx) for by in (-1, 1))


def calls(node: ast.Call) -> Iterator[ast.AST]:
    """Arguments swapped, an axis left out, a function of one argument not called at all."""
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if len(node.args) >= 2 and name != "einsum":
        yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    if len(node.args) == 1 and not node.keywords and name not in ("range", "len"):
        yield node.args[0]
    for i, keyword in enumerate(node.keywords):
        if keyword.arg in ("axis", "initial", "keepdims"):
            yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])
    if name == "range":
        yield ast.Call(node.func, [*node.args[:-1], small(node.args[-1], -1)], [])
        if len(node.args) == 1:
            yield ast.Call(node.func, [ast.Constant(1), node.args[0]], [])


def augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    """Another sign, and overwritten instead of added."""
    if type(node.op) in SWAPS:
        yield ast.AugAssign(node.target, SWAPS[type(node.op)](), node.value)
    yield ast.Assign([node.target], node.value)


def returned_in_loop(body: list[ast.stmt]) -> list[ast.stmt] | None:
    """The last ``return`` moved into the loop above it."""
    if len(body) < 2 or not isinstance(body[-1], ast.Return):
        return None
    loop = body[-2]
    if not isinstance(loop, ast.For | ast.While):
        return None
    loop.body.append(body[-1])
    return body[:-1]


def swapped_steps(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Two neighbouring steps of a loop in the other order."""
    for i in range(len(body) - 1):
        yield [*body[:i], body[i + 1], body[i], *body[i + 2 :]]


def put(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """``new`` in the place of ``old``."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                value[[item is old for item in value].index(True)] = new


def variants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """(what was changed, the changed tree), each only once."""
    seen = {ast.unparse(tree)}
    for number, node in enumerate(ast.walk(tree)):
        old = ast.unparse(node)
        for which in range(sum(1 for _ in changes(node))):
            mutant = copy.deepcopy(tree)
            place = list(ast.walk(mutant))[number]
            new = list(changes(place))[which]
            words = f"{old}  ->  {ast.unparse(ast.fix_missing_locations(new))}"
            put(mutant, place, new)
            yield from once(words, mutant, seen)
        if isinstance(node, ast.FunctionDef):
            mutant = copy.deepcopy(tree)
            place = list(ast.walk(mutant))[number]
            moved = returned_in_loop(place.body)
            if moved:
                place.body = moved
                yield from once("return in the loop", mutant, seen)
        if isinstance(node, ast.For | ast.While):
            for which in range(len(node.body) - 1):
                mutant = copy.deepcopy(tree)
                place = list(ast.walk(mutant))[number]
                place.body = list(swapped_steps(place.body))[which]
                yield from once("two steps of a loop swapped", mutant, seen)


def once(words: str, mutant: ast.Module, seen: set[str]) -> Iterator[tuple[str, ast.Module]]:
    text = ast.unparse(ast.fix_missing_locations(mutant))
    if text not in seen:
        seen.add(text)
        yield words, mutant


def family(answer) -> list:
    """The answer, and the functions of its module that it calls."""
    found = [answer]
    for function in found:
        tree = written(function) or ast.Pass()
        for name in sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}):
            other = function.__globals__.get(name)
            near = inspect.isfunction(other) and other.__module__ == answer.__module__
            if near and other not in found:
                found.append(other)
    return found


def written(function) -> ast.FunctionDef | None:
    """The ``def`` of a function, without decorators, docstring and types; None for a lambda."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef):
        return None
    node.decorator_list, node.returns = [], None
    for argument in (*node.args.args, *node.args.kwonlyargs):
        argument.annotation = None
    if isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant):
        node.body = node.body[1:] or [ast.Pass()]
    return node


def mutants(answer) -> Iterator[tuple[str, object]]:
    """(what was changed, function) for an answer and what it calls."""
    parts = [written(function) for function in family(answer)]
    if parts[0] is None:
        return
    tree = ast.Module([part for part in parts if part is not None], [])
    for words, mutant in variants(ast.fix_missing_locations(tree)):
        names = dict(answer.__globals__)
        text, file = ast.unparse(mutant), f"<mutant {len(linecache.cache)}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), names)  # its text can be read, as that of a learner
        yield words, names[parts[0].name]


# ---------------------------------------------------------------------- what becomes of them


def returns(exercise: Exercise, answer, seeds) -> list | None:
    """What an answer returns; None if it raises."""
    found = []
    for seed in seeds:
        case = exercise.cases(seed)
        like = numbers(exercise.reference(*copy.deepcopy(case)))
        try:
            found.append(trying.outcome(answer, case, like).parts)
        except trying.Refused as refused:
            if isinstance(refused, Raised):
                return None
            found.append([np.array(np.nan)])  # too slow, changes its arguments: differs
    return found


def tally(exercise: Exercise, answers=None, most: int | None = None) -> Tally:
    """The mutants of an exercise's reference, or of these answers; at most so many, spread over
    all."""
    count = Tally()
    expected = returns(exercise, exercise.reference, FURTHER)
    made = [m for answer in answers or [exercise.reference] for m in mutants(answer)]
    if most is not None and len(made) > most:
        made = [made[i] for i in np.linspace(0, len(made) - 1, most).astype(int)]
    for words, mutant in made:
        count.mutants += 1
        verdict = checks.verdict(exercise, mutant)
        if verdict.raised:
            count.raises += 1
            if verdict.message.startswith("it raised"):
                count.bare.append((words, verdict.message))
        elif verdict.specific:
            count.specific += 1
        elif verdict.message:
            count.rest.append((words, verdict.message))
        else:
            found = returns(exercise, mutant, FURTHER)
            if found is not None and all_close(found, expected, exercise.tolerance):
                count.equal += 1
            else:
                count.passed.append(words)
    return count


def report(name: str, count: Tally, messages: bool) -> bool:
    """Print the row of an exercise or a step. Whether a mutant that differs was accepted."""
    print(
        f"{name:8} {count.mutants:8} {count.equal:6} {count.raises:6} {len(count.bare):6} "
        f"{count.rejected:9} {count.specific:9} {100 * count.share:5.0f} %", flush=True
    )  # fmt: skip
    for words in count.passed:
        print(f"    ACCEPTED, but it differs: {words}")
    for words, message in (*count.rest, *count.bare) if messages else ():
        print(f"    {words}\n        {message}")
    return bool(count.passed)


def main(wanted: list[str]) -> int:
    from edits import tally_step  # it edits with what is here

    trying.SECONDS = 0.5
    right_too = "--right" in wanted
    wanted = [name for name in wanted if not name.startswith("--")]
    print("exercise  mutants  equal  raise   bare  rejected  specific  share")
    bad = False
    for name, exercise in exercises().items():
        if exercise.value or (wanted and not name.startswith(tuple(wanted))):
            continue
        count = tally(exercise, [exercise.reference, *exercise.right] if right_too else None)
        bad |= report(name, count, bool(wanted))
    for name, step in steps().items():
        if not wanted or name.startswith(tuple(wanted)):
            bad |= report(name, tally_step(step), bool(wanted))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
