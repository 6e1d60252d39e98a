"""Sliders bound to pictures: every control writes one SVG string into one HTML box.

Keyboard: focus a slider with Tab, move it with the arrow keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def explore(draw: Callable[..., str], **controls: Any) -> Any:
    """A box with the controls above the picture ``draw(**values)`` makes of them.

    draw: a pure function to a string of HTML. controls: ipywidgets with a ``value``, by the names
    of draw's arguments. An error in ``draw`` is shown in the picture's place, in words.
    """
    import html

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
    import ipywidgets

    kind = ipywidgets.IntSlider if isinstance(step, int) else ipywidgets.FloatSlider
    return kind(
        value=value,
        min=low,
        max=high,
        step=step,
        description=description,
        style={"description_width": "170px"},
        layout={"width": "460px"},
    )
