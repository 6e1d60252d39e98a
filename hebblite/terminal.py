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


class Bar:
    """A tqdm bar over batches, in the terminal or the notebook; nothing at all if not wanted."""

    def __init__(self, wanted: bool, batches: int) -> None:
        self._bar: Any = None
        if wanted:
            from tqdm.auto import tqdm

            self._bar = tqdm(total=batches, unit="batch", mininterval=0.2)

    def advance(self, batches: int) -> None:
        """So many more are done."""
        if self._bar is not None:
            self._bar.update(batches)

    def report(self, record: dict[str, float]) -> None:
        """The scores of an epoch, beside the bar."""
        if self._bar is not None:
            accuracy = record.get("accuracy")
            scores = {"loss": f"{record['loss']:.3f}"}
            if accuracy is not None:
                scores["accuracy"] = f"{100 * accuracy:.1f} %"
            self._bar.set_postfix(scores)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()
