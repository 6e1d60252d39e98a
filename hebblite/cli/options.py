"""What ``train`` and ``matrix`` share: options of network, learning and data, and the plans that
follow from them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..activations import ACTIVATIONS
from ..data import Digits
from ..errors import ArgumentError, UndefinedCell, check_count, check_number
from ..experiments.cells import FRAMEWORKS, RATES, RULES, SETTINGS, why_undefined
from ..experiments.runs import DATASETS, OPTIMIZERS, SGD_RATE, Plan
from ..network import INITIALISERS, OUTPUTS
from .parsing import Parser, count, number, one_of, setting, sizes

#: Layers unless told otherwise, of the digits and of the toy data.
DIGITS_SIZES = (784, 256, 256, 10)
TOY_SIZES = (2, 32, 32, 2)
#: Of STDP in training: an update averages that many runs of the spikes, over windows that wide.
SAMPLES, TAU = 16, 0.05


def add_learning(command: Parser, hidden: str, init: str) -> None:
    """Options of network, learning and data; the defaults of ``hidden`` and ``init`` differ."""
    add = command.add_argument_group("network").add_argument
    shape = "-".join(map(str, DIGITS_SIZES))
    add("--sizes", type=sizes, metavar="N-N-N", help="neurons of each layer, inputs first "
        f"({shape}; of toy data {'-'.join(map(str, TOY_SIZES))})")  # fmt: skip
    add("--hidden", type=one_of(ACTIVATIONS), default=hidden, metavar="NAME",
        help=f"activation of hidden layers: {', '.join(ACTIVATIONS)} (%(default)s)")  # fmt: skip
    add("--output", type=one_of(OUTPUTS), default="softmax", metavar="NAME",
        help=f"of the last layer: {', '.join(OUTPUTS)} (%(default)s)")  # fmt: skip
    add("--init", type=one_of(INITIALISERS), default=init, metavar="NAME",
        help=f"first weights: {', '.join(INITIALISERS)} (%(default)s)")  # fmt: skip
    add("--dtype", type=one_of(["float32", "float64"]), default="float32", metavar="NAME",
        help="float32 or float64 (%(default)s)")  # fmt: skip

    add = command.add_argument_group("learning").add_argument
    add("--epochs", type=count, default=8, metavar="N",
        help="passes through the training set (%(default)s)")  # fmt: skip
    add("--batch-size", type=count, default=64, metavar="N",
        help="samples of each update (%(default)s)")  # fmt: skip
    add("--optimizer", type=one_of(OPTIMIZERS), default="adam", metavar="NAME",
        help="adam or sgd (%(default)s)")  # fmt: skip
    add("--lr", type=number, metavar="X", help=f"learning rate (adam {RATES['dfc']:g}, with ep "
        f"{RATES['ep']:g}; sgd {SGD_RATE:g})")  # fmt: skip
    add("--confidence", type=number, default=0.9, metavar="X",
        help="target of the right class (%(default)s)")  # fmt: skip
    add("--samples", type=count, metavar="N",
        help=f"runs of the spikes that an update of stdp averages ({SAMPLES}; 1 with "
        "--population)")  # fmt: skip
    add("--population", type=count, metavar="N",
        help="neurons that carry each rate with stdp, at the cost of one (1)")  # fmt: skip
    add("--tau", type=number, metavar="X", help=f"window of STDP in seconds ({TAU:g})")
    add("--set", nargs="+", type=setting, default=[], metavar="NAME=VALUE", dest="settings",
        help="any setting of the framework, as in nudge=0.1 kind=centred")  # fmt: skip

    add = command.add_argument_group("data").add_argument
    add("--dataset", type=one_of(DATASETS), default="digits", metavar="NAME",
        help=f"{', '.join(DATASETS)} (%(default)s)")  # fmt: skip
    add("--data", type=Path, metavar="FOLDER",
        help="with the four files of the full MNIST, in place of the packaged digits")  # fmt: skip
    add("--quiet", action="store_true", help="no progress, problems only")


def check_learning(args: argparse.Namespace, frameworks: Sequence[str]) -> None:
    """What no plan checks, before any work; and defaults that depend on one another. What is given
    but would be used by nothing is refused as well. Seeds come once each."""
    if args.sizes is None:
        args.sizes = DIGITS_SIZES if args.dataset == "digits" else TOY_SIZES
    check_count("--epochs", args.epochs)
    check_count("--batch-size", args.batch_size)
    check_number("--confidence", args.confidence, above=1 / max(2, args.sizes[-1]), most=1)
    args.seeds = list(dict.fromkeys(args.seeds))
    if args.data is not None and args.dataset != "digits":
        got = f"{args.data} with --dataset {args.dataset}"
        raise ArgumentError("--data", got, "--dataset digits, which a folder of MNIST stands for")
    if not any("stdp" in rule for rule in args.rules):
        unused = ["samples", "population", "tau"]
    else:
        unused = [] if "stdp" in args.rules else ["samples", "population"]
    for name in unused:
        if getattr(args, name) is not None:
            got = f"{getattr(args, name)} with the rules {' '.join(args.rules)}"
            raise ArgumentError(f"--{name}", got, "stdp among the rules")
    if args.settings and set(frameworks) == {"backprop"}:
        raise ArgumentError("--set", args.settings[0][0], "a framework other than backprop")


#: Of Deep Feedback Control with the relu networks that ``train`` makes unless told otherwise.
TRAIN_GAIN = 0.5
#: Settings of Deep Feedback Control that ``train`` has options for.
OF_DFC = ("feedback", "k_p", "k_i", "dt", "steps", "noise")


def plan_of(args: argparse.Namespace, framework: str, rule: str, seed: int) -> Plan:
    """The run of one cell and seed that the arguments ask for."""
    given = dict(SETTINGS[framework])
    if framework == "dfc" and args.command == "train":
        given["k_p"] = TRAIN_GAIN
        given |= {k: getattr(args, k) for k in OF_DFC if getattr(args, k) is not None}
    given |= dict(args.settings)
    names = ("hidden", "output", "init", "dtype", "optimizer", "lr", "epochs", "batch_size",
             "confidence", "dataset")  # fmt: skip
    spikes: dict[str, Any] = {}
    if rule.startswith("stdp"):
        spikes = {
            "samples": SAMPLES if args.samples is None else args.samples,
            "tau": TAU if args.tau is None else args.tau,
        }
    if rule == "stdp" and args.population is not None:
        spikes["population"] = args.population
        spikes["samples"] = 1 if args.samples is None else args.samples
    return Plan(
        framework,
        rule,
        seed,
        args.sizes,
        **{name: getattr(args, name) for name in names},
        framework_settings=() if framework == "backprop" else tuple(sorted(given.items())),
        **spikes,
        data=None if args.data is None else str(args.data),
    )


def check_cells(framework: str, rules: Sequence[str]) -> None:
    """UndefinedCell if one of the rules has no meaning in the framework."""
    for rule in rules:
        why = why_undefined(framework, rule)
        if why is not None:
            raise UndefinedCell(f"{framework} x {rule}: {why}")


def check_plans(plans: Sequence[Plan]) -> Digits:
    """The data, once it is known that every plan can be done with it."""
    digits = plans[0].digits()
    plans[0].check_sizes(digits)
    made = set()
    for plan in plans:  # (seeds are whole numbers by now: one of each cell shows the rest)
        if (plan.framework, plan.rule, plan.hidden) not in made:
            plan.make()
            made.add((plan.framework, plan.rule, plan.hidden))
    return digits


def frameworks_of(text: str) -> str:
    return f"{text}: {', '.join(FRAMEWORKS)}"


def rules_of(text: str) -> str:
    return f"{text}: {', '.join(RULES)}"
