"""What the commands print reaches any console: names of people have letters that some lack."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any


@contextmanager
def any_console() -> Iterator[None]:
    """In the block, a letter that the console cannot show is printed as Python would write it
    (``\\xfc``) instead of ending the command."""
    with ExitStack() as back:
        for stream in (sys.stdout, sys.stderr):
            change: Any = getattr(stream, "reconfigure", None)
            if change is not None:
                back.callback(change, errors=stream.errors)
                change(errors="backslashreplace")
        yield


def shown(text: object) -> str:
    """A text on one line: what cannot be seen, such as a line end, as Python writes it."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))
