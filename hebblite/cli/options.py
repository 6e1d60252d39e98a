"""What can be said on the command line, and the plans that follow from it."""

from __future__ import annotations

import argparse
import ast
import os
from pathlib import Path
from typing import Any

from .. import __version__
from ..activations import ACTIVATIONS
from ..errors import ArgumentError, check_count, check_number
from ..experiments.bench import CASES
from ..experiments.cells import FRAMEWORKS, RULES, SETTINGS
from ..experiments.runs import DATASETS, OPTIMIZERS, Plan
from ..frameworks.feedback import FEEDBACK
from ..network import INITIALISERS, OUTPUTS


def sizes(text: str) -> tuple[int, ...]:
    """784-256-256-10 as a tuple."""
    try:
        return tuple(int(part) for part in text.split("-"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"got {text!r}, expected layer sizes joined by dashes, as in 784-256-256-10"
        ) from None


def setting(text: str) -> tuple[str, Any]:
    """nudge=0.1 as a pair."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"got {text!r}, expected NAME=VALUE, as in nudge=0.1")
    try:
        return name, ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return name, value


def parser() -> argparse.ArgumentParser:
    formatter = argparse.ArgumentDefaultsHelpFormatter
    top = argparse.ArgumentParser(prog="python -m hebblite", description=__doc__.split("\n")[0])
    top.add_argument("--version", action="version", version=f"hebblite {__version__}")
    commands = top.add_subparsers(dest="command", required=True)

    train = commands.add_parser(
        "train",
        formatter_class=formatter,
        help="train one framework with some rules, and print a table",
        description="Train one network per rule and seed, beside backprop with the same network, "
        "optimizer and epochs, and print a table of test accuracies.",
    )
    add = train.add_argument
    add("--framework", choices=FRAMEWORKS, default="dfc", help="what moves activity")
    add("--rules", nargs="+", choices=RULES, default=["dh", "hebbian"], help="rules to train with")
    add("--no-baseline", action="store_true", help="do not train backprop for comparison")
    add("--seeds", nargs="+", type=int, default=[0], help="one run per rule and seed")
    add_learning(train, hidden="relu", init="he_normal")
    dfc = train.add_argument_group(
        "Deep Feedback Control (None: k_p 0.5, dt 0.005, steps 20, and the framework's defaults)"
    )
    dfc.add_argument("--feedback", choices=FEEDBACK, help="feedback weights")
    dfc.add_argument("--k-p", type=float, help="proportional gain")
    dfc.add_argument("--k-i", type=float, help="integral gain")
    dfc.add_argument("--dt", type=float, help="Euler step in seconds")
    dfc.add_argument("--steps", type=int, help="steps of a teaching phase")
    dfc.add_argument("--noise", type=float, help="noise on the voltages")
    files = train.add_argument_group("files")
    files.add_argument("--checkpoints", type=Path, help="folder for checkpoints and outcomes")
    files.add_argument("--resume", action="store_true", help="go on from the checkpoints there")
    files.add_argument("--json", type=Path, help="write the results here as well")
    files.add_argument("--csv", type=Path, help="write the results here as well")

    matrix = commands.add_parser(
        "matrix",
        formatter_class=formatter,
        help="train every framework with every rule, and print a table",
        description="Train every cell of the matrix that has a meaning, with several seeds each, "
        "side by side in several processes, and print a table and draw a figure. The same command "
        "goes on where it was interrupted.",
    )
    add = matrix.add_argument
    add("--list", action="store_true", help="only print which rules have a meaning where, and why")
    add("--frameworks", nargs="+", choices=FRAMEWORKS, default=list(FRAMEWORKS), help="rows")
    add("--rules", nargs="+", choices=RULES, default=list(RULES), help="columns")
    add("--seeds", nargs="+", type=int, default=[0, 1, 2, 3, 4], help="runs of each cell")
    add("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    add("--out", type=Path, default=Path("hebblite-matrix"), help="folder for all results")
    add_learning(matrix, hidden="tanh", init="xavier_normal")

    times = commands.add_parser(
        "bench",
        formatter_class=formatter,
        help="time one training batch of each framework and rule",
        description="Time one training batch of each framework and rule at the published settings, "
        "beside the bound: the irreducible matrix products of the same dynamics, timed alone in "
        "the same run.",
    )
    add = times.add_argument
    names = [case.name for case in CASES]
    add("--cases", nargs="+", choices=names, default=names, help="settings to time")
    add("--rules", nargs="+", choices=RULES, default=list(RULES), help="rules to time")
    add("--repeats", type=int, default=5, help="timed repeats of each; medians are printed")
    add("--scaling", action="store_true", help="cost against depth, width, batch and steps instead")
    add("--json", type=Path, help="write the timings here as well")
    add("--figure", type=Path, help="with --scaling: draw them here (PNG, SVG or PDF)")
    return top


def add_learning(command: argparse.ArgumentParser, hidden: str, init: str) -> None:
    """Options of network, learning and data, which train and matrix share."""
    network = command.add_argument_group("network")
    network.add_argument("--sizes", type=sizes, default="784-256-256-10", help="layer sizes")
    network.add_argument("--hidden", choices=ACTIVATIONS, default=hidden, help="hidden activation")
    network.add_argument("--output", choices=OUTPUTS, default="softmax", help="output layer")
    network.add_argument("--init", choices=INITIALISERS, default=init, help="weights")
    network.add_argument("--dtype", choices=["float32", "float64"], default="float32", help="dtype")
    learning = command.add_argument_group("learning")
    learning.add_argument("--epochs", type=int, default=8, help="passes through the training set")
    learning.add_argument("--optimizer", choices=OPTIMIZERS, default="adam", help="optimizer")
    learning.add_argument(
        "--lr",
        type=float,
        help="learning rate (None: adam 0.001, with ep 0.003; sgd 0.1)",
    )
    learning.add_argument("--batch-size", type=int, default=64, help="images per update")
    learning.add_argument("--confidence", type=float, default=0.9, help="target of the right class")
    learning.add_argument("--samples", type=int, default=16, help="spike trains per update (stdp)")
    learning.add_argument("--tau", type=float, default=0.05, help="window of STDP in seconds")
    learning.add_argument(
        "--set", nargs="+", type=setting, default=[], metavar="NAME=VALUE", dest="settings",
        help="any setting of the framework, as in nudge=0.1 kind=centred",
    )  # fmt: skip
    data = command.add_argument_group("data")
    data.add_argument("--dataset", choices=DATASETS, default="digits", help="what to learn")
    data.add_argument("--data", type=Path, help="folder of MNIST IDX files (None: packaged digits)")
    command.add_argument("--quiet", action="store_true", help="no progress bars")


#: Of Deep Feedback Control with the relu networks that ``train`` makes unless told otherwise.
TRAIN_GAIN = 0.5


def plan_of(args: argparse.Namespace, framework: str, rule: str, seed: int) -> Plan:
    given = dict(SETTINGS[framework])
    if framework == "dfc" and args.command == "train":
        named = ("feedback", "k_p", "k_i", "dt", "steps", "noise")
        given["k_p"] = TRAIN_GAIN
        given |= {k: getattr(args, k) for k in named if getattr(args, k) is not None}
    given |= dict(args.settings)
    names = ("sizes", "hidden", "output", "init", "dtype", "optimizer", "lr", "epochs",
             "batch_size", "confidence", "dataset")  # fmt: skip
    settings = {name: getattr(args, name) for name in names}
    stdp = rule.startswith("stdp")
    return Plan(
        framework,
        rule,
        seed,
        **settings,
        framework_settings=() if framework == "backprop" else tuple(sorted(given.items())),
        samples=args.samples if stdp else 1,
        tau=args.tau if stdp else Plan.tau,
        data=None if args.data is None else str(args.data),
    )


def check_learning(args: argparse.Namespace) -> None:
    """What train and matrix share and no plan checks, before any work. Seeds come once each."""
    check_count("--epochs", args.epochs)
    check_count("--batch-size", args.batch_size)
    check_number("--confidence", args.confidence, above=1 / max(2, args.sizes[-1]), most=1)
    args.seeds = list(dict.fromkeys(args.seeds))
    if args.data is not None and args.dataset != "digits":
        got = f"{args.data} with --dataset {args.dataset}"
        raise ArgumentError("--data", got, "--dataset digits, which a folder of MNIST stands for")
