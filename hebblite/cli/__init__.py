"""``python -m hebblite``: the engine from the command line.

train: any cell of the matrix of frameworks and rules, against backprop.
matrix: all cells, with several seeds each, as a table and a figure; or only which cells there are.
bench: how long a training batch takes, beside the bound.

Exit codes: 0 done; 2 something given cannot be used; 130 interrupted, to be gone on with.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..errors import CheckpointError, UndefinedCell
from .bench import bench
from .matrix import matrix
from .options import parser
from .train import train


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. 0: done; 2: something given cannot be used; 130: interrupted."""
    args = parser().parse_args(argv)
    try:
        return {"train": train, "matrix": matrix, "bench": bench}[args.command](args)
    except (ValueError, UndefinedCell, CheckpointError) as error:
        print(f"hebblite: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
