"""The command ``python -m hebblite.release``: see ``hebblite.classroom.release``."""

import sys

from .classroom.release import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
