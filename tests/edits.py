"""Steps of proofs, edited at random: is any edit that is wrong told to be right?

    python tests/edits.py               2,000 edits of each step's model: a table
    python tests/edits.py T3 T5.1       of these steps
    python tests/edits.py --most 300    fewer

An edit is one to three changes at once: those of ``mutants.py``, another symbol in the place of
one, a factor, a transpose, a term dropped, doubled or negated. Each is judged as a learner's answer
is. One that is told to be right must be right: ``truly`` decides that by itself, in networks that
no check draws, at other strengths, and by other arithmetic than the claims.
"""

from __future__ import annotations

import argparse
import ast
import copy
import linecache
import sys
import zlib
from dataclasses import dataclass, field

import numpy as np
from mutants import Tally, changes, family, mutants, put, written

from hebblite.teaching import trying
from hebblite.teaching.proofs import Bound, Exact, Order, steps, verdict
from hebblite.teaching.proofs.theory import Step
from hebblite.teaching.proofs.verdict import holds
from hebblite.teaching.proofs.worlds import Lab

FURTHER = range(40, 52)  # seeds that neither checks nor marks use
FACTORS = (2.0, 0.5, -1.0, 3.0, 1.01, 0.99)
FUNCTIONS = ("np.abs", "np.tanh", "np.sum", "np.square", "np.sqrt", "np.transpose")


@dataclass
class Search:
    """What became of the edits of one step. false: told to be right, and not."""

    edits: int = 0
    refused: int = 0
    equal: int = 0
    false: list[str] = field(default_factory=list)


# ---------------------------------------------------------------------- what is right


def truly(step: Step, answer, names=None) -> bool:
    """Whether an answer is right in further networks, at other strengths."""
    names = names or argument_names(answer)

    def value(world):
        with np.errstate(all="ignore"):
            return np.asarray(answer(*(copy.deepcopy(world[name]) for name in names)), float)

    def model(world):
        given = (copy.deepcopy(world[name]) for name in step.given)
        return np.asarray(step.reference(*given), float)

    lab = Lab(step.theorem, tuple(FURTHER))
    try:
        if isinstance(step.claim, Order):
            return of_order(step, value, model, lab)
        if isinstance(step.claim, Bound):
            return bounds(step, value, model, lab)
        exact = isinstance(step.claim, Exact)
        worlds = lab.worlds((0.7 if exact else 1.0) * step.theorem.strength)
        pairs = [(value(w), model(w)) for w in worlds]
        if exact:  # the engine itself has the last word
            pairs += [(value(w), np.asarray(w[step.left], float)) for w in worlds]
        return all(alike(a, b, 1e-7) for a, b in pairs)
    except Exception:
        return False


def argument_names(answer) -> list[str]:
    code = answer.__code__
    return list(code.co_varnames[: code.co_argcount])


def alike(mine, other, tolerance: float) -> bool:
    scale = max(np.linalg.norm(other), 1e-9)
    return mine.shape == other.shape and bool(np.linalg.norm(mine - other) <= tolerance * scale)


def of_order(step, value, model, lab) -> bool:
    """Halving the strength three times divides the difference from the model by 8^p, or nearly."""
    p, top = step.claim.power, 0.3 * max(step.claim.strengths)
    high, low = lab.worlds(top), lab.worlds(top / 8)
    for strong, weak in zip(high, low, strict=True):
        far, near = (np.linalg.norm(value(w) - model(w)) for w in (strong, weak))
        rounding = max(1e-13 * max(np.linalg.norm(model(strong)), 1e-9), weak.get("noise", 0.0))
        if not (far <= rounding or near <= max(far / 8 ** (p - 0.3), 10 * rounding)):
            return False
    return True


def bounds(step, value, model, lab) -> bool:
    """True in further networks and on random ways from them; and as sharp as the model is."""
    sign = 1 if step.claim.side == "lower" else -1
    rng = np.random.default_rng(5)
    worlds = lab.worlds()
    for world in list(worlds):
        for _ in range(8 if "vary" in world else 0):
            point = np.asarray(world["point"], float)
            there = world["vary"](point + rng.choice([0.1, 1.0]) * rng.normal(size=point.shape))
            worlds += [there] if there is not None else []
        worlds += world.get("same_length", [])
    sharper = True
    for world in worlds:
        left, mine, best = np.asarray(world[step.left], float), value(world), model(world)
        size = np.abs(left).max() + 1e-12
        if mine.shape != best.shape or not (sign * (left - mine) >= -1e-8 * size).all():
            return False
        sharper &= bool((sign * (mine - best) >= -1e-6 * size).all())
    return sharper


# ---------------------------------------------------------------------- making edits


def edits(step: Step, number: int):
    """(words, function): so many different edits of the model, at random, the same each time."""
    rng = np.random.default_rng(zlib.crc32(step.number.encode()))
    parts = [written(function) for function in family(step.reference)]
    tree = ast.fix_missing_locations(ast.Module([part for part in parts if part is not None], []))
    seen = {ast.unparse(tree)}
    for _ in range(20 * number):
        if len(seen) > number:
            return
        mutant = copy.deepcopy(tree)
        for _ in range(rng.integers(1, 4)):
            change(mutant, step.given, rng)
        try:
            text = ast.unparse(ast.fix_missing_locations(mutant))
            code = compile(text, file := f"<edit {step.number} {len(seen)}>", "exec")
        except (SyntaxError, ValueError):
            continue
        if text in seen:
            continue
        seen.add(text)
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        names = dict(step.reference.__globals__)
        exec(code, names)
        yield text, names[parts[0].name]


def change(tree: ast.Module, given: tuple[str, ...], rng) -> None:
    """One random change somewhere in the tree."""
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.expr) and not is_name_of_module(n)]
    nodes = [n for n in nodes if not isinstance(getattr(n, "ctx", None), ast.Store)]
    if not nodes:  # an earlier change has left nothing
        return
    node = nodes[rng.integers(len(nodes))]
    ways = list(changes(node))
    if isinstance(node, ast.Name) and node.id in given:
        ways += [ast.Name(other, ast.Load()) for other in given if other != node.id]
    if not isinstance(node, ast.Constant | ast.Slice | ast.Tuple | ast.Lambda):
        factor = ast.Constant(float(rng.choice(FACTORS)))
        function = ast.parse(str(rng.choice(FUNCTIONS)), mode="eval").body
        ways += [
            ast.BinOp(factor, ast.Mult(), node),
            ast.BinOp(copy.deepcopy(node), ast.Add(), node),
            ast.Attribute(node, "T", ast.Load()),
            ast.Call(function, [node], []),
            ast.BinOp(node, ast.Add(), ast.Name(str(rng.choice(given)), ast.Load())),
        ]
    if ways:
        new = ways[rng.integers(len(ways))]
        if isinstance(new, ast.expr):
            put(tree, node, wrapped(new, node))


def wrapped(new: ast.expr, old: ast.expr) -> ast.expr:
    """The new node with a copy of the old one in it, so that putting it in makes no circle."""
    return copy.deepcopy(new) if new is not old else old


def is_name_of_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "float", "int", "range", "len")


# ---------------------------------------------------------------------- what becomes of them


def search(step: Step, number: int = 2_000) -> Search:
    """Judge so many edits of the model of a step."""
    count = Search()
    with np.errstate(all="ignore"):
        for text, answer in edits(step, number):
            count.edits += 1
            if not holds(step, answer):
                count.refused += 1
            elif truly(step, answer):
                count.equal += 1
            else:
                count.false.append(text)
    return count


def tally_step(step: Step, most: int | None = None) -> Tally:
    """The mutants of the model of a step; at most so many, spread over all."""
    count, made = Tally(), list(mutants(step.reference))
    if most is not None and len(made) > most:
        made = [made[i] for i in np.linspace(0, len(made) - 1, most).astype(int)]
    for words, mutant in made:
        count.mutants += 1
        told = verdict(step, mutant, only_side=True)
        if told.raised:
            count.raises += 1
            if told.message.startswith("it raised"):
                count.bare.append((words, told.message))
        elif told.message and told.specific:
            count.specific += 1
        elif told.message:
            count.rest.append((words, told.message))
        elif truly(step, mutant):
            count.equal += 1
        else:
            count.passed.append(words)
    return count


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("steps", nargs="*")
    parser.add_argument("--most", type=int, default=2_000)
    options = parser.parse_args(arguments)
    trying.SECONDS = 0.5
    print("step      edits  refused  equal  false")
    false = 0
    for name, step in steps().items():
        if options.steps and not name.startswith(tuple(options.steps)):
            continue
        count = search(step, options.most)
        false += len(count.false)
        print(
            f"{name:8} {count.edits:6} {count.refused:8} {count.equal:6} {len(count.false):6}",
            flush=True,
        )
        for text in count.false:
            print("    TOLD TO BE RIGHT\n        " + text.replace("\n", "\n        "))
    return int(false > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
