"""Controls bound to pictures, in one small widget of our own (anywidget, controls.js).

A lesson says ``explore(draw, gain=slider(...), digit=choice(...))``. Keyboard: go to a control with
Tab, then move it with the arrow keys, Home and End. Each control has its label as its name, says
its value as it is shown, and after a move the new picture's text alternative is told politely. In a
notebook that is opened and not run the first picture stands there, with a line that says how to
move it.
"""

from __future__ import annotations

import functools
import html
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..extras import needed_for
from .colours import look
from .still import HERE, module, show_live

NOTE = "Run this cell to move the controls."
UNIT = re.compile(r"\s*\((ms|s|Hz|mV|°|%|degrees)\)$")


@dataclass(frozen=True)
class Control:
    """One control: the values it offers in order, how each is shown, and where it starts."""

    kind: str
    label: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]
    start: int
    colour: str = ""


def slider(
    description: str, value: float, low: float, high: float, step: float, colour: str = ""
) -> Control:
    """A slider from ``low`` to ``high``; whole numbers if ``step`` is one.

    A unit in brackets at the end of ``description`` is shown with the value. colour: a meaning in
    the code of colours, such as "basal".
    """
    whole = isinstance(step, int)
    count = round((high - low) / step)
    digits = 0 if whole else _decimals(step, low, value)
    values = {round(low + i * step, digits) for i in range(count + 1) if low + i * step < high}
    values |= {round(high, digits), value}
    if whole:
        values = {int(v) for v in values}
    return _along(description, sorted(values), value, lambda v: f"{v:.{digits}f}", colour)


def log_slider(
    description: str, value: float, low: float, high: float, steps: int = 20, colour: str = ""
) -> Control:
    """A slider over powers of ten from ``low`` to ``high``. Each value has three digits, so that
    what is shown is what is drawn."""
    a, b = math.log10(low), math.log10(high)
    values = {float(f"{10 ** (a + (b - a) * i / steps):.3g}") for i in range(steps + 1)}
    values |= {float(low), float(high), float(value)}
    return _along(description, sorted(values), value, _plain, colour)


def choice(description: str, options: Sequence[str], value: str, colour: str = "") -> Control:
    """A list to choose one of ``options`` from."""
    texts = tuple(str(option) for option in options)
    start = list(options).index(value)
    return Control("list", description, tuple(options), texts, start, colour)


def switch(description: str, value: bool = False, colour: str = "") -> Control:
    """A box to tick."""
    return Control("box", description, (False, True), ("off", "on"), int(value), colour)


def explore(draw: Callable[..., str], **controls: Control) -> Any:
    """A box with the controls above the picture ``draw(**values)`` makes of them.

    draw: a pure function to a string of HTML. controls: ``slider``, ``choice`` or ``switch``, by
    the names of draw's arguments. An error in ``draw`` is shown in the picture's place, in words.
    """
    box = _box_class()(controls)

    def redraw(_: Any = None) -> None:
        try:
            box.picture = draw(**box.values())
        except Exception as error:  # a learner is shown the sentence, not the traceback
            said = str(error) or f"{type(error).__name__}, without a message"
            box.picture = f"<p role='alert'>{html.escape(said)}</p>"

    box.observe(redraw, names="at")
    redraw()
    return box


@functools.cache
def _box_class() -> Any:
    """The widget's class, made when it is first needed: only then are its packages imported."""
    with needed_for("A widget"):
        import anywidget
        import traitlets

    class Box(anywidget.AnyWidget):  # type: ignore[misc]
        """Controls above a picture. ``at`` has the place of each control in its list."""

        _esm = module("controls.js")
        _css = (HERE / "controls.css").read_text("utf-8")
        controls = traitlets.List().tag(sync=True)
        at = traitlets.Dict().tag(sync=True)
        picture = traitlets.Unicode().tag(sync=True)

        def __init__(self, parts: dict[str, Control]) -> None:
            self.parts = parts
            super().__init__(
                controls=[_shown(name, part) for name, part in parts.items()],
                at={name: part.start for name, part in parts.items()},
            )

        def values(self) -> dict[str, Any]:
            """What the controls say, by name."""
            return {name: part.values[self.at[name]] for name, part in self.parts.items()}

        def move(self, **values: Any) -> None:
            """Put controls to these values, as a hand would."""
            places = {name: self.parts[name].values.index(v) for name, v in values.items()}
            self.at = {**self.at, **places}

        def _ipython_display_(self) -> None:
            show_live(self, self.picture, NOTE)

    return Box


def _shown(name: str, control: Control) -> dict[str, Any]:
    """What the page needs to know of a control."""
    return {
        "name": name,
        "kind": control.kind,
        "label": control.label,
        "texts": list(control.texts),
        "colour": look(control.colour).colour if control.colour else "",
    }


def _along(
    description: str, values: list, value: float, shown: Callable[[float], str], colour: str
) -> Control:
    """A slider along ``values``, whose texts carry the unit at the end of the description."""
    unit = UNIT.search(description)
    end = "" if unit is None else unit[1] if unit[1] == "°" else f" {unit[1]}"
    texts = tuple(shown(v).replace("-", "−") + end for v in values)
    name = UNIT.sub("", description)
    start = values.index(value)
    return replace(Control("slider", name, tuple(values), texts, start), colour=colour)


def _decimals(*numbers: float) -> int:
    """How many decimals it takes to write all of them."""
    return max(max(0, -int(Decimal(str(n)).normalize().as_tuple().exponent)) for n in numbers)


def _plain(value: float) -> str:
    """A number without exponent: 0.0001, 79.4, 100000."""
    return f"{Decimal(repr(value)):f}".removesuffix(".0")
