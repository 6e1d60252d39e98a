"""The form of a prediction: one anywidget, with one line of text where no widget runs."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from ..extras import needed_for
from .predictions import Question, guessed, keep, listen

with needed_for("A form for predictions"):
    import anywidget
    import traitlets
    from IPython.display import display


class Form(anywidget.AnyWidget):  # type: ignore[misc]
    """The page's half is prediction_form.js. ``sent``: what the learner typed, and wants kept."""

    _esm = Path(__file__).with_name("prediction_form.js").read_text(encoding="utf-8")
    ask = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    sent = traitlets.Dict().tag(sync=True)
    line = ""

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data, *meta = bundle if isinstance(bundle, tuple) else (bundle,)
        words, _, how = self.line.partition(" Run this cell")
        safe = f"<p>◇ <strong>{html.escape(words)}</strong><br>Run this cell{html.escape(how)}</p>"
        data = {**(data or {}), "text/html": safe, "text/plain": self.line}
        return (data, *meta) if meta else data


def show_form(question: Question) -> None:
    """Display the form for a question; it shows what has been guessed before."""
    name = question.name
    form = Form(
        ask={
            "name": name, "question": question.words, "unit": question.unit, "how": question.how,
            "options": list(question.options), "parts": list(question.parts or ("",)),
        }
    )  # fmt: skip
    form.line = question.line

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
    display(form)
