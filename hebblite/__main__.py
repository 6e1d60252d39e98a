"""``python -m hebblite``: the engine from the command line (``train --help`` says more)."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import __version__
from .activations import ACTIVATIONS
from .data import Digits, load_digits, load_mnist
from .errors import CheckpointError, DivergenceError, UndefinedCell, check_count
from .frameworks import Backprop, DeepFeedbackControl, Framework
from .frameworks.dfc import FEEDBACK
from .network import INITIALISERS, OUTPUTS, Network
from .optim import SGD, Adam, Optimizer
from .rules import Contrastive, DifferentialHebbian, ErrorBased, Gradient, Hebbian, Rule
from .training import fit

RULES: dict[str, Callable[[], Rule]] = {
    "dh": DifferentialHebbian,
    "dh-symmetric": lambda: DifferentialHebbian(symmetric=True),
    "dh-voltage": lambda: DifferentialHebbian(on="voltage"),
    "error-based": ErrorBased,
    "contrastive": Contrastive,
    "hebbian": Hebbian,
    "gradient": Gradient,
}
OPTIMIZERS: dict[str, type[Adam] | type[SGD]] = {"adam": Adam, "sgd": SGD}
DEFAULT_RATES = {"adam": 1e-3, "sgd": 0.1}


@dataclass
class Result:
    """One row of the table: a cell of the matrix over all its seeds. Accuracies in percent."""

    framework: str
    rule: str
    accuracies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def mean(self) -> float:
        return statistics.fmean(self.accuracies)

    @property
    def spread(self) -> float:
        """Standard deviation over seeds; 0 for a single one."""
        return statistics.stdev(self.accuracies) if len(self.accuracies) > 1 else 0.0


def sizes(text: str) -> list[int]:
    """784-256-256-10 as a list."""
    try:
        return [int(part) for part in text.split("-")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"got {text!r}, expected layer sizes joined by dashes, as in 784-256-256-10"
        ) from None


def parser() -> argparse.ArgumentParser:
    formatter = argparse.ArgumentDefaultsHelpFormatter
    top = argparse.ArgumentParser(prog="python -m hebblite", description=__doc__.split("\n")[0])
    top.add_argument("--version", action="version", version=f"hebblite {__version__}")
    commands = top.add_subparsers(dest="command", required=True)
    train = commands.add_parser(
        "train",
        formatter_class=formatter,
        help="train networks on digits and print a table",
        description="Train one network per rule and seed on handwritten digits, beside backprop "
        "with the same network, optimizer and epochs, and print a table of test accuracies.",
    )
    add = train.add_argument
    add("--rules", nargs="+", choices=RULES, default=["dh", "hebbian"], help="rules to train with")
    add("--framework", choices=["dfc", "backprop"], default="dfc", help="what moves activity")
    add("--no-baseline", action="store_true", help="do not train backprop for comparison")
    add("--seeds", nargs="+", type=int, default=[0], help="one run per rule and seed")
    add("--epochs", type=int, default=8, help="passes through the training set")
    network = train.add_argument_group("network")
    network.add_argument("--sizes", type=sizes, default="784-256-256-10", help="layer sizes")
    network.add_argument("--hidden", choices=ACTIVATIONS, default="relu", help="hidden activation")
    network.add_argument("--output", choices=OUTPUTS, default="softmax", help="output layer")
    network.add_argument("--init", choices=INITIALISERS, default="he_normal", help="weights")
    network.add_argument("--dtype", choices=["float32", "float64"], default="float32", help="dtype")
    learning = train.add_argument_group("learning")
    learning.add_argument("--optimizer", choices=OPTIMIZERS, default="adam", help="optimizer")
    learning.add_argument("--lr", type=float, help="learning rate (None: adam 0.001, sgd 0.1)")
    learning.add_argument("--batch-size", type=int, default=64, help="images per update")
    learning.add_argument("--confidence", type=float, default=0.9, help="target of the right class")
    dfc = train.add_argument_group("Deep Feedback Control")
    dfc.add_argument("--feedback", choices=FEEDBACK, default="jacobian", help="feedback weights")
    dfc.add_argument("--k-p", type=float, default=0.5, help="proportional gain")
    dfc.add_argument("--k-i", type=float, default=1.0, help="integral gain")
    dfc.add_argument("--dt", type=float, default=0.005, help="Euler step in seconds")
    dfc.add_argument("--steps", type=int, default=20, help="steps of a teaching phase")
    dfc.add_argument("--noise", type=float, default=0.0, help="noise on the voltages")
    files = train.add_argument_group("files")
    files.add_argument(
        "--data", type=Path, help="folder of MNIST IDX files (None: packaged digits)"
    )
    files.add_argument("--checkpoints", type=Path, help="folder for checkpoints")
    files.add_argument("--resume", action="store_true", help="go on from the checkpoints there")
    files.add_argument("--json", type=Path, help="write the results here as well")
    add("--quiet", action="store_true", help="no progress bars")
    return top


def make_framework(name: str, args: argparse.Namespace, seed: int) -> Framework:
    if name == "backprop":
        return Backprop()
    return DeepFeedbackControl(
        feedback=args.feedback,
        k_p=args.k_p,
        k_i=args.k_i,
        dt=args.dt,
        steps=args.steps,
        noise=args.noise,
        seed=seed,
    )


def make_optimizer(args: argparse.Namespace) -> Optimizer:
    lr = DEFAULT_RATES[args.optimizer] if args.lr is None else args.lr
    return OPTIMIZERS[args.optimizer](lr)


def run_cell(
    framework: str, rule_name: str, args: argparse.Namespace, digits: Digits
) -> tuple[Result, bool]:
    """Train one rule with every seed. The result, and whether Ctrl-C ended it."""
    result = Result(framework, rule_name)
    for seed in args.seeds:
        net = Network(args.sizes, args.hidden, args.output, args.init, args.dtype, seed)
        rule: Rule = RULES[rule_name]()
        checkpoint = None
        if args.checkpoints is not None:
            checkpoint = args.checkpoints / f"{framework}-{rule_name}-{seed}.npz"
        print(f"{framework} x {rule_name}, seed {seed}", file=sys.stderr, flush=True)
        try:
            history = fit(
                net,
                make_framework(framework, args, seed),
                rule,
                digits.x_train,
                digits.y_train,
                optimizer=make_optimizer(args),
                epochs=args.epochs,
                batch_size=args.batch_size,
                validation=(digits.x_test, digits.y_test),
                confidence=args.confidence,
                seed=seed,
                progress=not args.quiet,
                checkpoint=checkpoint,
                resume=args.resume,
            )
        except DivergenceError as error:
            print(error, file=sys.stderr)
            result.failures.append(f"seed {seed} diverged (layer {error.layer})")
        else:
            if history.interrupted:
                return result, True
        # After a divergence these are the weights before the update that was not finite.
        try:
            result.accuracies.append(100 * net.accuracy(digits.x_test, digits.y_test))
        except FloatingPointError:
            result.accuracies.append(0.0)
    return result, False


def verdict(result: Result, baseline: Result | None, classes: int) -> str:
    """What the accuracies mean, in words."""
    if result.failures:
        return "FAILS: " + "; ".join(result.failures)
    chance = 100 / classes
    if result.mean < 2 * chance:
        return f"FAILS: at chance ({chance:.0f} %)"
    if baseline is None or baseline is result:
        return "learns"
    gap = baseline.mean - result.mean
    if gap <= 1.5:
        return "learns as well as backprop (within 1.5 points)"
    return f"learns, {gap:.1f} points below backprop"


def table(results: Sequence[Result], baseline: Result | None, classes: int) -> str:
    """The results as aligned text."""
    header = ("framework", "rule", "test accuracy, %", "min", "max", "seeds", "verdict")
    rows = [
        (
            r.framework,
            r.rule,
            f"{r.mean:.2f} +- {r.spread:.2f}",
            f"{min(r.accuracies):.2f}",
            f"{max(r.accuracies):.2f}",
            str(len(r.accuracies)),
            verdict(r, baseline, classes),
        )
        for r in results
        if r.accuracies
    ]
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in [header, *rows]
    ]
    return "\n".join(line.rstrip() for line in lines)


def train(args: argparse.Namespace) -> int:
    """The ``train`` command; its exit code."""
    check_count("--epochs", args.epochs)
    make_framework(args.framework, args, 0), make_optimizer(args)  # complain before any work
    if args.checkpoints is not None:
        make_folder(args.checkpoints)
    digits = load_digits() if args.data is None else load_mnist(args.data)
    cells = [(args.framework, rule) for rule in args.rules]
    if not args.no_baseline and ("backprop", "gradient") not in cells:
        cells.insert(0, ("backprop", "gradient"))

    results, interrupted = [], False
    for framework, rule in cells:
        result, interrupted = run_cell(framework, rule, args, digits)
        results.append(result)
        if interrupted:
            break
    baseline = next((r for r in results if r.framework == "backprop" and r.accuracies), None)
    shape = "-".join(map(str, args.sizes))
    print(
        f"\n{shape} {args.hidden}, {len(digits.x_train)} training and {len(digits.x_test)} test "
        f"images, {args.epochs} epochs\n"
    )
    print(table(results, baseline, args.sizes[-1]))
    if args.json is not None:
        settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items()}
        text = json.dumps({"settings": settings, "results": [asdict(r) for r in results]}, indent=1)
        try:
            args.json.write_text(text + "\n")
        except OSError as error:
            raise CheckpointError(f"{args.json}: cannot be written ({error.strerror})") from error
    if interrupted:
        print(
            "Interrupted: finished runs only."
            if args.checkpoints is None
            else "Interrupted: go on with the same command and --resume.",
            file=sys.stderr,
        )
        return 130
    return 0


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be made ({error.strerror})") from error


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. 0: done; 2: something given cannot be used; 130: interrupted."""
    args = parser().parse_args(argv)
    try:
        return train(args)
    except (ValueError, UndefinedCell, CheckpointError) as error:
        print(f"hebblite: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
