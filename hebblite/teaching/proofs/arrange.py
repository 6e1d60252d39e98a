"""The first difficulty of a proof: its steps, shuffled, to be put in order.

    arrange("T3")              shows the blocks A, B, C, ... with their reasons
    arrange("T3", "C A D B")   says whether this order is a proof, and if not, why not

Among the blocks are one or two that are false, made from known wrong answers: they are to be left
out. Every order in which a step comes after those that it needs is right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...extras import MissingExtra
from ..boxes import Box, Fold, Grid, Piece, Words, in_notebook, put_whole
from ..checks import in_grading_mode
from ..words import a, listing
from .arrange_form import show_form
from .bound import Bound
from .formulas import formula, sentence
from .named import named
from .registry import theorems
from .symbols_table import symbols_grid
from .theory import Step, Theorem

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FALSE = 2  # false blocks at most


@dataclass(frozen=True)
class Block:
    """One block. wrong: why it is false; "" for a step of the proof. needs: letters of the blocks
    that must come before it."""

    letter: str
    number: str
    says: str
    because: str
    wrong: str = ""
    needs: tuple[str, ...] = ()


def blocks_of(theorem: Theorem) -> list[Block]:
    """The steps of a theorem and its false blocks, in an order that only the theorem's number
    decides."""
    rng = np.random.default_rng([sum(theorem.number.encode()), len(theorem.steps)])
    steps = list(theorem.steps.values())
    rows: list[tuple[Step, str, str]] = [(step, says(step), "") for step in steps]
    rows += false_rows(steps, rng)
    order = rng.permutation(len(rows))
    if len(rows) > 1 and list(order) == sorted(order):
        order = order[::-1]  # shuffled, and never the solution
    letter = {rows[k][0].number: LETTERS[at] for at, k in enumerate(order) if not rows[k][2]}
    return [
        Block(
            LETTERS[at], rows[k][0].number, rows[k][1], lettered(rows[k][0].because, letter),
            rows[k][2],
            () if rows[k][2] else tuple(sorted(letter[n] for n in rows[k][0].needs if n in letter)),
        )
        for at, k in enumerate(order)
    ]  # fmt: skip


def lettered(because: str, letter: Mapping[str, str]) -> str:
    """A reason that speaks of blocks, where it speaks of steps that are among them."""
    pattern = r"(?:step )?(T\d+\.\d+)"
    return re.sub(pattern, lambda m: f"block {letter[m[1]]}" if m[1] in letter else m[0], because)


def says(step: Step) -> str:
    """What a step shows: its formula, or its title where it has no short one."""
    written = formula(step.reference)
    return sentence(step, written) if written else capital(step.title) + "."


def false_rows(steps: Sequence[Step], rng: np.random.Generator) -> list[tuple[Step, str, str]]:
    """At most one false block for each of a few steps: (step, what it says, why it is false)."""
    found = []
    for k in rng.permutation(len(steps)):
        step, right = steps[k], formula(steps[k].reference)
        if isinstance(step.claim, Bound):  # a wrong bound may be a true one, and not the best
            continue
        taken = {right, *(formula(answer) for answer in step.right)}
        known = [(formula(answer), why) for answer, why in step.wrong]
        known = [(written, why) for written, why in known if written and written not in taken]
        if right and known:
            written, why = known[int(rng.integers(len(known)))]
            found.append((step, sentence(step, written), why))
    return found[: min(FALSE, max(1, len(steps) - 1))]


# ---------------------------------------------------------------------- what is said


def read_order(order: Any) -> list[str] | str:
    """The letters of an answer in capitals; or, as one string, what is wrong with it."""
    if isinstance(order, list | tuple) and all(isinstance(part, str) for part in order):
        order = " ".join(order)
    if not isinstance(order, str):
        kind = a(type(order).__name__)
        return f'give the letters in order, as in "C A B"; this is {kind}.'
    letters = [c.upper() for c in order if c not in " ,;.>→-\t\n"]
    return letters or "give the letters in order, as in " + '"C A B"; this has none.'


def judge_order(blocks: Sequence[Block], order: Any) -> str:
    """ "" if this order is a proof, else one sentence that says why not."""
    letters = read_order(order)
    if isinstance(letters, str):
        return letters
    known = {block.letter: block for block in blocks}
    for letter in letters:
        if letter not in known:
            return f"there is no block {letter!r}: the blocks are {listing(list(known))}."
        if letters.count(letter) > 1:
            return f"block {letter} stands there more than once: once is enough."
    for letter in letters:
        if known[letter].wrong:
            return f"block {letter} is false: {known[letter].wrong}"
    for at, letter in enumerate(letters):
        for need in known[letter].needs:
            if need not in letters:
                return f"block {letter} uses what block {need} shows, and {need} is missing."
            if need not in letters[:at]:
                return f"block {letter} uses what block {need} shows, so {need} has to come first."
    left = [b.letter for b in blocks if not b.wrong and b.letter not in letters]
    if left:
        noun = "block" if len(left) == 1 else "blocks"
        verb = "is" if len(left) == 1 else "are"
        return f"so far every block is in place, but {noun} {listing(left)} {verb} missing."
    return ""


def blocks_grid(blocks: Sequence[Block]) -> Grid:
    """The blocks as a table."""
    rows = [(block.letter, f"{block.says} *Because:* {block.because}") for block in blocks]
    return Grid(("block", "what it says, and why"), rows)


def arrange(theorem: Any, order: Any = None, grading: bool | None = None) -> None:
    """Show the blocks of a theorem, or say whether this order is a proof. In grading mode
    (``grading=True``, or HEBBLITE_GRADING=1) an order that is none raises AssertionError."""
    grading = in_grading_mode() if grading is None else grading
    box = arranged(theorem, order)
    if grading and box.look != "right":
        raise AssertionError(re.sub(r"^[✗○] ", "", box.line))
    if box.look == "open" and box.pieces and in_notebook() and _as_form(str(theorem), box):
        return
    put_whole(box)


def _as_form(number: str, box: Box) -> bool:
    """Show the blocks as a form; False where no widget can be made."""
    theorem = theorems()[number]
    rows = [(b.letter, f"{b.says} *Because:* {b.because}") for b in blocks_of(theorem)]
    how = (
        "Bring the blocks into an order that proves it, with the arrows, and take out what is "
        "false. Every order in which a block comes after those that it uses is right."
    )
    title = f"{number}: {theorem.title}"
    try:
        show_form(title, how, rows, box, lambda order: arranged(number, order))
    except MissingExtra:
        return False
    return True


def arranged(number: Any, order: Any = None) -> Box:
    """The box that ``arrange`` shows."""
    theorem = named(number, lambda one: one.steps, " with steps")
    if isinstance(theorem, Box):
        return theorem
    blocks = blocks_of(theorem)
    pieces: list[Piece] = [
        blocks_grid(blocks), Fold("What the symbols mean", inside=symbols_grid(theorem)),
    ]  # fmt: skip
    if order is None or order is Ellipsis:
        return Box("open", f"○ {number}, to be put in order: {theorem.title}.", how(blocks), pieces)
    said = judge_order(blocks, order)
    if said:
        return Box("wrong", f"✗ {number}, in this order:", said, pieces)
    letters = read_order(order)
    by_letter = {block.letter: block for block in blocks}
    proof = [(by_letter[c].number, by_letter[c]) for c in letters]
    rows = [
        (name, f"{title_of(theorem, name)} {b.says} *Because:* {b.because}") for name, b in proof
    ]
    whole = Grid(("step", "what it says, and why"), rows)
    left_out = [b for b in blocks if b.wrong]
    said = "".join(f" Block {b.letter} is false: {b.wrong}" for b in left_out)
    after: list[Piece] = [whole, *([Words(said.strip())] if said else [])]
    head = f"✓ {number} is in order: {theorem.title}."
    return Box("right", head, "Every block comes after those that it uses.", after)


def title_of(theorem: Theorem, number: str) -> str:
    """The title of a step as a sentence; "" where the block says it already."""
    step = theorem.steps[number]
    return f"{capital(step.title)}." if formula(step.reference) else ""


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def how(blocks: Sequence[Block]) -> str:
    """What to do with the blocks, with letters that mean nothing."""
    wrong = sum(bool(block.wrong) for block in blocks)
    some = " ".join(block.letter for block in blocks[: max(2, len(blocks) - wrong)])
    false = {1: " One block is false: leave it out.", 2: " Two blocks are false: leave them out."}
    name = blocks[0].number.split(".")[0]
    example = f'`arrange("{name}", "{some}")`'
    return f"Give the letters in an order that proves it, as in {example}.{false.get(wrong, '')}"
