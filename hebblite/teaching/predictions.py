"""Predictions: what a learner expects before the picture that answers, kept and drawn into it.

    predict("03.p1", "How large is the angle?", unit="°", low=0, high=180)    a field, and a button
    predict("03.p2", "And the weight?", options=["it grows", "it shrinks"])   one of several
    predict("03.p3", "Both angles?", unit="°", parts=("DH", "Hebb"))          several numbers
    guess("03.p1", 30)          the same from code; forget("03.p1") clears it
    guessed("03.p1")            30.0, an option, {"DH": 30.0, ...}, or None without a guess

For the picture that answers:

    Panel(..., marks=marks("03.p1", "y"))       a line across: "you said 30°"
    said("03.p1", 8)                            "You said 30°, and it is 8°."
    reveal(draw, "03.p1")                       displays draw(guess), again when the guess changes

A guess is kept in HEBBLITE_HOME (see ``solved``). Nobody counts what was guessed, right or wrong.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..extras import MissingExtra
from .kept import guesses, keep_guess
from .still import bundle
from .words import listing, say

Guess = float | str | dict[str, float]


class NotAGuess(ValueError):
    """What was typed cannot be kept; the message says why."""


@dataclass(frozen=True)
class Question:
    """What is asked: a number, one of ``options``, or a number for each of ``parts``."""

    name: str
    words: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    options: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def read(self, given: Any) -> Guess:
        """A guess as it is kept, from a number, a string or a dict. NotAGuess says what is odd."""
        if self.options:
            if given not in self.options:
                raise NotAGuess("Choose one of: " + ", ".join(self.options) + ".")
            return str(given)
        if not self.parts:
            return self.number(given)
        if isinstance(given, list | tuple) and len(given) == len(self.parts):
            given = dict(zip(self.parts, given, strict=True))
        if not isinstance(given, dict) or set(given) != set(self.parts):
            raise NotAGuess(
                "Give a number for each of: " + ", ".join(self.parts) + f", as in {self.example}."
            )
        return {part: self.number(given[part], f"{part}: ") for part in self.parts}

    def number(self, given: Any, part: str = "") -> float:
        """One number, as a learner may type it: "30", "30°", "0,5", "−3"."""
        try:
            value = float(plain_number(given, self.unit)) if isinstance(given, str) else given + 0.0
            if not math.isfinite(value):
                raise ValueError
        except (TypeError, ValueError):
            shown = repr(given) if str(given).strip() else "nothing"
            raise NotAGuess(f"{part}{shown} is not a number. Type {self.how}.") from None
        if not self.low <= value <= self.high:
            shown = self.shown(value)
            raise NotAGuess(f"{part}{shown} cannot be. Type {self.how}.")
        return float(value)

    @property
    def how(self) -> str:
        """What to type: "a number from 0° to 180°"."""
        if self.options:
            return "one of: " + ", ".join(self.options)
        noun = "a number for each of " + ", ".join(self.parts) if self.parts else "a number"
        low, high = self.shown(self.low), self.shown(self.high)
        if math.isfinite(self.low) and math.isfinite(self.high):
            return f"{noun}, from {low} to {high}"
        if math.isfinite(self.low):
            return f"{noun}, {low} or more"
        if math.isfinite(self.high):
            return f"{noun}, at most {high}"
        return f"{noun}, in {self.unit}" if self.unit else noun

    @property
    def way(self) -> str:
        """How to answer it, where nothing runs."""
        return (
            f"Run this cell to answer: {self.how}. In code: from hebblite.teaching import guess; "
            f"{self.example}"
        )

    @property
    def line(self) -> str:
        """The question and how to answer it."""
        return f"{self.words} {self.way}"

    @property
    def example(self) -> str:
        """How to give a guess in code, with numbers that mean nothing."""
        some = [min(max(k + 1.0, self.low), self.high) for k in range(max(len(self.parts), 1))]
        given = ", ".join(f"{number:g}" for number in some)
        if self.parts:
            given = f"[{given}]"
        if self.options:
            given = f'"{self.options[0]}"'
        return f'guess("{self.name}", {given})'

    def shown(self, value: Guess) -> str:
        """A guess in words: "30°", "1.5 ms", "DH 30°, Hebb 80°"."""
        return in_words(value, self.unit)


def plain_number(typed: str, unit: str) -> str:
    """What was typed without its unit, with a point and a plain minus."""
    typed = typed.strip().replace("−", "-")
    typed = typed.removesuffix(unit).strip() if unit else typed
    return typed.replace(",", ".") if typed.count(",") == 1 and "." not in typed else typed


def in_words(value: Guess, unit: str = "") -> str:
    """A guess, or what was measured, as it stands in a sentence."""
    if isinstance(value, dict):
        return listing([f"{in_words(number, unit)} for {part}" for part, number in value.items()])
    if isinstance(value, str):
        return f"“{value}”"
    large = 10_000 <= abs(value) < 1e9  # where four digits would be written with an exponent
    shown = f"{value:,.0f}" if large else f"{value:.4g}"
    shown = shown.replace("-", "−")
    return shown + (unit if unit in ("", "°") else f"\N{NO-BREAK SPACE}{unit}")


# ---------------------------------------------------------------------- asking and keeping

_asked: dict[str, Question] = {}
_listeners: dict[str, dict[Any, Callable[[], None]]] = {}


def predict(
    name: str,
    question: str,
    unit: str = "",
    low: float = -math.inf,
    high: float = math.inf,
    options: Sequence[str] = (),
    parts: Sequence[str] = (),
) -> None:
    """Ask, with a field (or a choice) and a button that keeps the guess on this machine.

    name: "03.p1", the first prediction of lesson 03. low, high: what can be, both included.
    options: one is chosen. parts: names of the numbers, where there are several.
    """
    if not re.fullmatch(r"\d\d\.p\d+", name):
        raise ValueError(f"name: got {name!r}, expected one like '03.p1'")
    asked = Question(name, question, unit, low, high, tuple(options), tuple(parts))
    _asked[name] = asked
    try:
        from .prediction_form import show_form
    except MissingExtra:
        say(asked.line)
        return
    show_form(asked)


def guess(name: str, *values: Any, **parts: Any) -> None:
    """Keep a guess from code, and say so; something odd gets a sentence, and changes nothing.

    Several numbers may come one by one, as a list, as a dict, or by name: an underscore stands for
    a space. ``guess("03.p3", 30, 80)`` and ``guess("03.p3", DH=30, Hebb=80)`` are the same."""
    if name not in _asked:
        say(f"Run the cell that asks {name} first.")
        return
    given: Any = values[0] if len(values) == 1 else list(values)
    if parts:
        given = {part.replace("_", " "): value for part, value in parts.items()}
    say(keep(name, given))


def forget(name: str) -> None:
    """Clear a guess."""
    say(keep(name, None))


def keep(name: str, value: Any) -> str:
    """Keep a guess, or clear it with None; the sentence that says what happened."""
    asked = _asked.get(name) or Question(name, "")
    try:
        read = None if value is None else asked.read(value)
    except NotAGuess as odd:
        return str(odd)
    stored = keep_guess(name, read)
    for listener in list(_listeners.get(name, {}).values()):
        listener()
    if read is None:
        return "Your guess is cleared."
    where = "" if stored else " (it could not be stored, so it is kept until the kernel ends)"
    return f"Kept: {asked.shown(read)}{where}. You can change it at any time."


def guessed(name: str) -> Guess | None:
    """The learner's guess: a number, an option, numbers by part; None if there is none."""
    value = guesses().get(name)
    if value is None or name not in _asked:
        return value
    try:
        return _asked[name].read(value)
    except NotAGuess:  # of an earlier version of the question
        return None


def listen(name: str, key: Any, act: Callable[[], None]) -> None:
    """Call ``act`` whenever the guess changes; it replaces what was there under ``key``."""
    _listeners.setdefault(name, {})[key] = act


# ---------------------------------------------------------------------- in the answer


def unit_of(name: str) -> str:
    """The unit in which the question is asked."""
    return _asked[name].unit if name in _asked else ""


def marks(name: str, axis: str = "y", part: str | None = None) -> list[tuple[str, float, str]]:
    """The guess as lines across a ``Panel``; none without a guess, or where it is in words."""
    value = guessed(name)
    if isinstance(value, dict):
        numbers = {k: v for k, v in value.items() if part in (None, k)}
    else:
        numbers = {"": value} if isinstance(value, float | int) else {}
    return [
        (axis, number, f"{k}: " * bool(k) + f"you said {in_words(number, unit_of(name))}")
        for k, number in numbers.items()
    ]


def said(name: str, truth: Guess | None = None) -> str:
    """A sentence that puts the guess beside the truth: "You said 30°, and it is 8°."

    Several numbers come one by one: "DH: 22° (you said 30°); Hebb: 105° (you said 85°)." Without a
    guess it gives the truth alone, and "" without both."""
    value, unit = guessed(name), unit_of(name)
    if isinstance(truth, dict):
        mine = value if isinstance(value, dict) else {}
        return (
            "; ".join(
                f"{part}: {in_words(number, unit)}"
                + (f" (you said {in_words(mine[part], unit)})" if part in mine else "")
                for part, number in truth.items()
            )
            + "."
        )
    verb = "the answer is" if isinstance(truth, str) else "it is"
    now = "" if truth is None else f"{verb} {in_words(truth, unit)}"
    if value is None:
        return f"{now[:1].upper()}{now[1:]}." if now else ""
    return f"You said {in_words(value, unit)}{', and ' if now else ''}{now}."


def reveal(draw: Callable[..., str], *names: str) -> None:
    """Display the picture ``draw(guess, ...)``, with None for what has not been guessed; it is
    drawn anew when one of these guesses changes, as long as this kernel runs."""
    from IPython.display import display

    def now() -> dict[str, str]:
        return bundle(draw(*map(guessed, names)))

    handle = display(now(), raw=True, display_id=True)

    def again() -> None:
        with contextlib.suppress(Exception):  # the guess is kept all the same
            handle.update(now(), raw=True)

    code = getattr(draw, "__code__", draw)  # the same when the cell is run again
    key = (getattr(code, "co_filename", code), getattr(code, "co_firstlineno", 0))
    for name in names if handle is not None else ():
        listen(name, key, again)
