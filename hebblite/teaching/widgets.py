"""Controls bound to pictures: every control writes one SVG string into one HTML box.

Keyboard: go to a control with Tab, then move it with the arrow keys, Home and End.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

from ..extras import needed_for

STYLE = {"description_width": "270px"}
LAYOUT = {"width": "570px", "max_width": "98%"}


def explore(draw: Callable[..., str], **controls: Any) -> Any:
    """A box with the controls above the picture ``draw(**values)`` makes of them.

    draw: a pure function to a string of HTML. controls: ``slider``, ``choice`` or ``switch``, by
    the names of draw's arguments. An error in ``draw`` is shown in the picture's place, in words.
    """
    with needed_for("A widget"):
        import ipywidgets

    picture = ipywidgets.HTML()

    def redraw(_: Any = None) -> None:
        try:
            picture.value = draw(**{name: control.value for name, control in controls.items()})
        except Exception as error:  # a learner is shown the sentence, not the traceback
            picture.value = f"<p role='alert'>{html.escape(str(error))}</p>"

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([*controls.values(), picture])


def slider(description: str, value: float, low: float, high: float, step: float) -> Any:
    """A slider with a readable label; whole numbers if ``step`` is one."""
    with needed_for("A widget"):
        import ipywidgets

    kind = ipywidgets.IntSlider if isinstance(step, int) else ipywidgets.FloatSlider
    return kind(
        value=value, min=low, max=high, step=step, description=description,
        style=STYLE, layout=LAYOUT,
    )  # fmt: skip


def log_slider(description: str, value: float, low: float, high: float, steps: int = 20) -> Any:
    """A slider over powers of ten, from ``low`` to ``high``."""
    import math

    with needed_for("A widget"):
        import ipywidgets

    a, b = math.log10(low), math.log10(high)
    return ipywidgets.FloatLogSlider(
        value=value, base=10, min=a, max=b, step=(b - a) / steps, description=description,
        readout_format=".2g", style=STYLE, layout=LAYOUT,
    )  # fmt: skip


def choice(description: str, options: Sequence[str], value: str) -> Any:
    """A list to choose one of ``options`` from."""
    with needed_for("A widget"):
        import ipywidgets

    return ipywidgets.Dropdown(
        options=list(options), value=value, description=description, style=STYLE, layout=LAYOUT
    )


def switch(description: str, value: bool = False) -> Any:
    """A box to tick."""
    with needed_for("A widget"):
        import ipywidgets

    return ipywidgets.Checkbox(value=value, description=description, indent=False, layout=LAYOUT)
