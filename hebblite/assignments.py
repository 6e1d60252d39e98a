"""The command ``python -m hebblite.assignments``, and the settings that its courses load.

All of it is in ``hebblite.classroom``; ``nbgrader_config.py`` in a course folder knows this name.
"""

import sys

from .classroom.commands import main
from .classroom.settings import configure

__all__ = ["configure", "main"]

if __name__ == "__main__":
    sys.exit(main())
