"""The blocks of a proof as a form: buttons move them, and what is said about the order stands
below. Worked by keyboard as well; where no widget runs, the blocks stand there as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from ...extras import needed_for
from ..boxes import Box, Fold, marked
from ..still import module, show_live


def show_form(
    title: str, how: str, blocks: Sequence[tuple[str, str]], still: Box,
    judge: Callable[[list[str]], Box],
) -> None:  # fmt: skip
    """Display the form. blocks: (letter, words). still: what stands there where nothing runs;
    what is folded in it is below the form as well. judge: the box about an order of letters, of
    which the words are shown."""
    asked = [{"letter": letter, "html": marked(words)} for letter, words in blocks]
    more = "".join(piece.html() for piece in still.pieces if isinstance(piece, Fold))
    form = _form_class()(ask={"title": title, "how": how, "blocks": asked, "more": more})

    def answered(change: Any) -> None:
        box = judge([str(letter) for letter in change["new"].get("order", [])])
        form.said = f"<strong>{marked(box.head)}</strong> {marked(box.rest)}"
        form.answer += 1

    form.observe(answered, "sent")
    show_live(form, still.html(), "Run this cell to move the blocks.")


@cache
def _form_class() -> Any:
    """The widget's class, made when it is first needed."""
    with needed_for("A form for blocks"):
        import anywidget
        import traitlets

    class Form(anywidget.AnyWidget):  # type: ignore[misc]
        """The page's half is arrange_form.js. ``sent``: the order that is asked about; ``answer``
        counts what has been said about it."""

        _esm = module("proofs/arrange_form.js")
        ask = traitlets.Dict().tag(sync=True)
        sent = traitlets.Dict().tag(sync=True)
        said = traitlets.Unicode().tag(sync=True)
        answer = traitlets.Int().tag(sync=True)

    return Form
