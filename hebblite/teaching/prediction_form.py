"""The form of a prediction: one anywidget, with one line of text where no widget runs."""

from __future__ import annotations

import html
from typing import Any

from ..extras import needed_for
from .predictions import Question, guessed, keep, listen
from .still import module, show_live

with needed_for("A form for predictions"):
    import anywidget
    import traitlets


class Form(anywidget.AnyWidget):  # type: ignore[misc]
    """The page's half is prediction_form.js. ``sent``: what the learner typed, and wants kept."""

    _esm = module("prediction_form.js")
    ask = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    sent = traitlets.Dict().tag(sync=True)


def show_form(question: Question) -> None:
    """Display the form for a question; it shows what has been guessed before."""
    name = question.name
    form = Form(
        ask={
            "name": name, "question": question.words, "unit": question.unit, "how": question.how,
            "options": list(question.options), "parts": list(question.parts or ("",)),
        }
    )  # fmt: skip

    def fill() -> None:
        value = guessed(name)
        found = value if isinstance(value, dict) else {} if value is None else {"": value}
        form.kept = {k: v if isinstance(v, str) else f"{v:.6g}" for k, v in found.items()}
        form.said = "" if value is None else f"Your guess so far: {question.shown(value)}."

    def answered(change: Any) -> None:
        values = change["new"].get("values")
        if values is not None and not question.parts:
            values = values.get("")
        form.said = keep(name, values)

    fill()
    form.observe(answered, "sent")
    listen(name, form.model_id, fill)
    show_live(form, f"<p>◇ <strong>{html.escape(question.words)}</strong></p>", question.way)
