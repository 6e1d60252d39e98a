"""The person who waits for ``fit``: what they see, and how they end it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def interruption() -> Iterator[Callable[[], bool]]:
    """A function that tells whether Ctrl-C was pressed. The signal waits for the batch at hand, so
    that no update is left half done; a second Ctrl-C is not held back."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    pressed = threading.Event()
    previous = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: Any) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, previous)

    signal.signal(signal.SIGINT, note)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, previous)


class Progress:
    """What ``fit`` tells while it works; this one keeps it to itself.

    A subclass may draw it. ``fit`` calls begin once, advance after every batch, report after every
    epoch, and end at the end, however that comes about."""

    def begin(self, batches: int, done: int) -> None:
        """Training begins: so many batches in all, of which so many were done before."""

    def advance(self, batches: int) -> None:
        """So many more are done."""

    def report(self, record: dict[str, float]) -> None:
        """An epoch has come to its end, with these numbers (``History.epochs``)."""

    def end(self) -> None:
        """Training is over, interrupted or has failed."""


class Bar(Progress):
    """A tqdm bar over batches, in the terminal or the notebook. In the notebook it goes when
    training is over: what a saved notebook shows of a bar is "0%", or that its widget is missing.
    """

    _bar: Any

    def begin(self, batches: int, done: int) -> None:
        from tqdm.auto import tqdm
        from tqdm.notebook import tqdm_notebook

        look: dict[str, Any] = {"unit": "batch", "mininterval": 0.2, "initial": done}
        if issubclass(tqdm, tqdm_notebook):
            self._bar = tqdm(total=batches, leave=False, display=False, **look)
            _show_live(self._bar.container)
        else:
            self._bar = tqdm(total=batches, **look)

    def advance(self, batches: int) -> None:
        self._bar.update(batches)

    def report(self, record: dict[str, float]) -> None:
        accuracy = record.get("accuracy")
        scores = {"loss": f"{record['loss']:.3f}"}
        if accuracy is not None:
            scores["accuracy"] = f"{100 * accuracy:.1f} %"
        self._bar.set_postfix(scores)

    def end(self) -> None:
        self._bar.close()


def _show_live(widget: Any) -> None:
    """Display a widget and nothing in its place, so that nothing is left when it is closed."""
    from tqdm import notebook  # which has IPython's display where it works at all

    view = "application/vnd.jupyter.widget-view+json"
    notebook.display({view: widget._repr_mimebundle_()[view]}, raw=True)  # type: ignore[attr-defined]


@contextmanager
def ending(progress: Progress) -> Iterator[None]:
    """Tells ``progress`` of the end of the block, however it comes about."""
    try:
        yield
    finally:
        progress.end()
