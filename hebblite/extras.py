"""What pip installs only when asked for: an *extra*, as in ``pip install "hebblite[lab]"``.

The engine needs NumPy. Whatever needs more imports it where it is used, inside ``needed_for``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

#: The smallest extra that has each package.
EXTRAS = {
    "matplotlib": "plots",
    "joblib": "matrix",
    "dask": "cluster",
    "distributed": "cluster",
    "pooch": "data",
    "ipywidgets": "lab",
    "anywidget": "lab",
    "IPython": "lab",
    "nbgrader": "instructor",
}


class MissingExtra(ImportError):
    """A package of an extra that is not installed: the message says how to install it."""


@contextmanager
def needed_for(what: str) -> Iterator[None]:
    """Around the imports of optional packages: where one of them is missing, MissingExtra says
    what needs it, and the line that installs it."""
    try:
        yield
    except ImportError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        raise MissingExtra(
            f'{what} needs {package}: pip install "hebblite[{EXTRAS[package]}]"', name=package
        ) from error
