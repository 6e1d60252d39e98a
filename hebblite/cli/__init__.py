"""``python -m hebblite``: the engine from the command line.

train: any cell of the matrix of frameworks and rules, against backprop.
matrix: all cells, with several seeds each, as a table and a figure; or only which cells there are.
bench: how long a training batch takes, beside the bound.
claims: what the lessons claim, measured on new seeds.
losses: error, feedback, latency and H* while networks learn.
reproduce: the experiments of the paper, each claim with its verdict.

Exit codes: 0 done; 1 a claim is not kept; 2 something given cannot be used; 130 interrupted, to be
gone on with; 141 what reads the output has gone.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import __version__
from ..errors import CheckpointError, UndefinedCell
from ..extras import MissingExtra
from ..suggest import meant
from . import bench, claims, losses, matrix, reproduce, train
from .parsing import Parser, UsageError, described

COMMANDS = {
    "train": train,
    "matrix": matrix,
    "bench": bench,
    "claims": claims,
    "losses": losses,
    "reproduce": reproduce,
}


def parser() -> tuple[Parser, dict[str, Parser]]:
    """The parser of everything, and those of each command."""
    script = Path(sys.argv[0]).stem == "hebblite"
    prog = "hebblite" if script else "python -m hebblite"
    examples = [
        f"{prog} train --seeds 0 1 2",
        f"{prog} train --framework pc --rules dh error-voltage --epochs 3",
        f"{prog} matrix --list",
        f"{prog} bench --cases pc ep",
        f"{prog} train --help",
    ]
    text = described("Train networks with local learning rules, beside backprop.", examples)
    top = Parser(prog=prog, usage=f"{prog} COMMAND [options]", **text)
    top.add_argument("--version", action="version", version=f"hebblite {__version__}",
                     help="which hebblite this is")  # fmt: skip
    commands = top.add_subparsers(dest="command", title="commands", metavar="COMMAND", prog=prog)
    parts = {}
    for name, module in COMMANDS.items():
        examples = [f"{prog} {name} {example}".rstrip() for example in module.EXAMPLES]
        parts[name] = commands.add_parser(
            name,
            usage=f"{prog} {name} [options]",
            help=module.SUMMARY,
            **described(module.DESCRIPTION, examples),
        )
        module.add_options(parts[name])
    return top, parts


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command. UsageError names what cannot be read, and what was meant."""
    top, parts = parser()
    if not argv:
        argv = ["--help"]
    first = argv[0]
    if not first.startswith("-") and first not in COMMANDS:
        known = ", ".join(COMMANDS)
        raise UsageError(f"got {first!r}, expected a command: {known}{meant(first, COMMANDS)}")
    if first.startswith("-") and first not in ("-h", "--help", "--version"):
        raise UsageError(f"{first}: expected a command before its options; {top.see()}")
    args, rest = top.parse_known_args(argv)
    if args.command is None:
        raise UsageError(f"got no command; {top.see()}")
    if rest:
        raise parts[args.command].unknown(rest[0])
    args.again = [top.prog, *argv]  # for those who interrupt it
    return args


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code, which the docstring of the module lists."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names of files that the console cannot show
            stream.reconfigure(errors="backslashreplace")
    try:
        code = run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()  # so that a reader that is gone is noticed here
        return code
    except OSError as error:
        # What is left to print goes nowhere, without a complaint when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 141
        print(f"hebblite: the output cannot be written ({error.strerror})", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


def run(argv: Sequence[str]) -> int:
    try:
        args = parse(argv)
        return COMMANDS[args.command].run_command(args)
    except SystemExit as end:  # after --help and --version
        return int(end.code or 0)
    except MemoryError as error:
        print(f"hebblite: not enough memory ({error or 'a smaller network?'})", file=sys.stderr)
    except (ValueError, UndefinedCell, CheckpointError, MissingExtra) as error:
        print(f"hebblite: {error}", file=sys.stderr)
    return 2
