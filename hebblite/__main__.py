"""``python -m hebblite``: the engine from the command line.

train: any cell of the matrix of frameworks and rules, against backprop.
matrix: all cells, with several seeds each, as a table and a figure; or only which cells there are.
bench: how long a training batch takes, beside the bound.

Exit codes: 0 done; 2 something given cannot be used; 130 interrupted, to be gone on with.
"""

from __future__ import annotations

import argparse
import ast
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from . import __version__, bench
from .activations import ACTIVATIONS
from .cells import FRAMEWORKS, NATIVE, RULES, SETTINGS, why_undefined
from .errors import (
    ArgumentError,
    CheckpointError,
    UndefinedCell,
    UnwritableError,
    check_count,
    check_number,
)
from .files import check_writable, write_text
from .frameworks.feedback import FEEDBACK
from .network import INITIALISERS, OUTPUTS
from .runs import (
    DATASETS,
    OPTIMIZERS,
    Outcome,
    Plan,
    as_csv,
    as_json,
    load_outcome,
    run,
    run_all,
    run_to_file,
)

# ---------------------------------------------------------------------- arguments


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
    names = [case.name for case in bench.CASES]
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


# ---------------------------------------------------------------------- tables


@dataclass
class Result:
    """One row of the table: a cell of the matrix over all its seeds. Accuracies in percent."""

    framework: str
    rule: str
    hidden: str
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def accuracies(self) -> list[float]:
        return [o.accuracy for o in self.outcomes]

    @property
    def mean(self) -> float:
        return statistics.fmean(self.accuracies)

    @property
    def spread(self) -> float:
        """Standard deviation over seeds; 0 for a single one."""
        return statistics.stdev(self.accuracies) if len(self.outcomes) > 1 else 0.0

    def verdict(self, others: Sequence[Result], classes: int) -> str:
        """What the accuracies mean, in words, beside backprop with the same network."""
        failures = [f"seed {o.plan.seed} {o.failure}" for o in self.outcomes if o.failure]
        if failures:
            return "FAILS: " + "; ".join(failures)
        chance = 100 / classes
        if self.mean < min(2 * chance, (chance + 100) / 2):
            return f"FAILS: at chance ({chance:.0f} %)"
        same = [r for r in others if r.hidden == self.hidden and r.framework == "backprop"]
        baseline = next((r for r in same if r.rule == "gradient"), None)
        if baseline is None or baseline is self:
            return "learns"
        gap = baseline.mean - self.mean
        if gap <= 1.5:
            return "learns as well as backprop (within 1.5 points)"
        return f"learns, {gap:.1f} points below backprop"


def grouped(outcomes: Sequence[Outcome]) -> list[Result]:
    """Outcomes by cell, in the order in which cells first appear, seeds in order."""
    results: dict[tuple[str, str, str], Result] = {}
    for o in outcomes:
        key = (o.plan.framework, o.plan.rule, o.plan.hidden)
        results.setdefault(key, Result(*key)).outcomes.append(o)
    for result in results.values():
        result.outcomes.sort(key=lambda o: o.plan.seed)
    return list(results.values())


def aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def table(results: Sequence[Result], classes: int) -> str:
    """The results as aligned text."""
    header = ("framework", "rule", "hidden", "test accuracy, %", "min", "max", "seeds", "verdict")
    rows = [
        (
            r.framework,
            r.rule,
            r.hidden,
            f"{r.mean:.2f} +- {r.spread:.2f}",
            f"{min(r.accuracies):.2f}",
            f"{max(r.accuracies):.2f}",
            str(len(r.outcomes)),
            r.verdict(results, classes),
        )
        for r in results
    ]
    return aligned([header, *rows])


# ---------------------------------------------------------------------- commands


def train(args: argparse.Namespace) -> int:
    """The ``train`` command; its exit code."""
    check_learning(args)
    cells = [(args.framework, rule) for rule in args.rules]
    if not args.no_baseline and ("backprop", "gradient") not in cells:
        cells.insert(0, ("backprop", "gradient"))
    plans = [plan_of(args, *cell, seed) for cell in cells for seed in args.seeds]
    for plan in plans:
        complain_early(plan)
    folder: Path | None = args.checkpoints
    if args.resume and folder is None:
        raise ArgumentError("--resume", "no --checkpoints", "the folder with the checkpoints")
    if folder is not None:
        make_folder(folder)
        if not args.resume:
            old = [p.name for p in plans if (folder / f"{p.name}.npz").exists()]
            if old:
                got = f"a folder that has {old[0]}.npz"
                raise ArgumentError("--checkpoints", got, "an empty one, or --resume to go on")
    for path in (args.json, args.csv):
        if path is not None:
            check_writable(path)
    digits = plans[0].digits()

    outcomes: list[Outcome] = []
    interrupted = False
    for plan in plans:
        known = None if folder is None else load_outcome(folder, plan)
        if known is None:
            print(f"{plan.framework} x {plan.rule}, seed {plan.seed}", file=sys.stderr, flush=True)
            if folder is None:
                known = run(plan, digits, not args.quiet)
            else:
                known = run_to_file(plan, folder, not args.quiet)
        if known.interrupted:
            interrupted = True
            break
        outcomes.append(known)
        write_results(args, outcomes)
    shape = "-".join(map(str, args.sizes))
    print(
        f"\n{shape} {args.hidden}, {len(digits.x_train)} training and {len(digits.x_test)} test "
        f"samples, {args.epochs} epochs\n"
    )
    if outcomes:
        print(table(grouped(outcomes), args.sizes[-1]))
    if interrupted:
        print(
            "Interrupted: finished runs only."
            if folder is None
            else "Interrupted: go on with the same command and --resume.",
            file=sys.stderr,
        )
        return 130
    return 0


def check_learning(args: argparse.Namespace) -> None:
    """What train and matrix share and no plan checks, before any work. Seeds come once each."""
    check_count("--epochs", args.epochs)
    check_count("--batch-size", args.batch_size)
    check_number("--confidence", args.confidence, above=1 / max(2, args.sizes[-1]), most=1)
    args.seeds = list(dict.fromkeys(args.seeds))
    if args.data is not None and args.dataset != "digits":
        got = f"{args.data} with --dataset {args.dataset}"
        raise ArgumentError("--data", got, "--dataset digits, which a folder of MNIST stands for")


def complain_early(plan: Plan) -> None:
    """Find out before any work that a plan cannot be done."""
    why = why_undefined(plan.framework, plan.rule)
    if why is not None:
        raise UndefinedCell(f"{plan.framework} x {plan.rule}: {why}")
    plan.make()


def write_results(args: argparse.Namespace, outcomes: Sequence[Outcome]) -> None:
    """After each run, so that what is known is on disk whatever comes next. A disk that is full
    costs the file, not the results: they go on to the table."""
    for path, text in ((args.json, as_json), (args.csv, as_csv)):
        if path is not None:
            try:
                write_text(path, text(outcomes))
            except UnwritableError as error:
                print(f"hebblite: {error}", file=sys.stderr)


#: EP relaxes symmetric networks, which with tanh have many states of rest at these sizes. Its
#: cells, and their baseline, are sigmoid unless --hidden says otherwise.
SYMMETRIC_HIDDEN = "sigmoid"


def matrix(args: argparse.Namespace) -> int:
    """The ``matrix`` command; its exit code."""
    reasons = {(f, r): why_undefined(f, r) for f in args.frameworks for r in args.rules}
    print(matrix_of_cells(args.frameworks, args.rules, reasons))
    if args.list:
        return 0
    check_count("--jobs", args.jobs)
    check_learning(args)
    cells = [cell for cell, reason in reasons.items() if reason is None]
    if not cells:
        raise ArgumentError("--rules", " ".join(args.rules), "one that has a meaning (see --list)")
    plans = []
    for framework, rule in cells:
        for seed in args.seeds:
            plan = plan_of(args, framework, rule, seed)
            if framework == "ep" and args.hidden == "tanh":
                plan = replace(plan, hidden=SYMMETRIC_HIDDEN)
                if ("backprop", "gradient") in cells:
                    base = plan_of(args, "backprop", "gradient", seed)
                    base = replace(base, hidden=SYMMETRIC_HIDDEN)
                    if base not in plans:
                        plans.append(base)
            plans.append(plan)
    for plan in plans:
        plan.make()
    make_folder(args.out)
    outcomes: list[Outcome] = []
    try:
        for outcome in run_all(plans, args.out, args.jobs, progress=False):
            outcomes.append(outcome)
            if not args.quiet:
                o = outcome
                print(f"{len(outcomes)}/{len(plans)} {o.plan.name}: {o.accuracy:.2f} %"
                      f"{' ' + o.failure if o.failure else ''} ({o.seconds:.0f} s)",
                      file=sys.stderr, flush=True)  # fmt: skip
    except KeyboardInterrupt:
        print("Interrupted: go on with the same command.", file=sys.stderr)
        return 130
    order = {plan: i for i, plan in enumerate(plans)}
    outcomes.sort(key=lambda o: order[o.plan])
    results = grouped(outcomes)
    text = table(results, args.sizes[-1])
    print("\n" + text)
    for name, content in (("table.txt", text), ("results.csv", as_csv(outcomes))):
        try:
            write_text(args.out / name, content)
        except CheckpointError as error:
            print(f"hebblite: {error}", file=sys.stderr)
    try:
        plot_matrix(results, args.out / "matrix.png")
    except OSError as error:
        print(f"hebblite: matrix.png: cannot be written ({error.strerror})", file=sys.stderr)
    return 0


def matrix_of_cells(
    frameworks: Sequence[str], rules: Sequence[str], reasons: dict[tuple[str, str], str | None]
) -> str:
    """Which cells there are, and why the others are not."""
    rows = [("framework", *rules)]
    notes: dict[str, str] = {}
    for f in frameworks:
        row = [f]
        for r in rules:
            why = reasons[f, r]
            if why is None:
                row.append("native" if NATIVE[f] == r else "yes")
            else:
                row.append(notes.setdefault(why, f"({len(notes) + 1})"))
        rows.append(tuple(row))
    lines = [f"{mark} {why}" for why, mark in notes.items()]
    return "\n".join([aligned(rows), *lines])


def plot_matrix(results: Sequence[Result], path: Path) -> None:
    """Mean accuracy of every cell as a bar of its framework's group, with its spread."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    groups: dict[str, list[Result]] = {}
    for r in results:
        groups.setdefault(f"{r.framework}\n{r.hidden}", []).append(r)
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    axes = figure.subplots()
    position, ticks, names = 0.0, [], []
    for group in groups.values():
        for r in group:
            axes.bar(position, r.mean, yerr=r.spread, width=0.9, capsize=2,
                     color="#0072B2" if r.rule == NATIVE[r.framework] else "#E69F00",
                     hatch="//" if r.rule == NATIVE[r.framework] else None,
                     edgecolor="white")  # fmt: skip
            axes.text(position, r.mean + r.spread + 1, f"{r.mean:.0f}", ha="center", fontsize=7)
            ticks.append(position)
            names.append(r.rule)
            position += 1
        middle = position - (len(group) + 1) / 2
        title = f"{group[0].framework}\n{group[0].hidden}"
        axes.text(middle, 113, title, ha="center", va="top", fontsize=9)
        position += 1
    axes.set_xticks(ticks, names, rotation=60, ha="right", fontsize=7)
    axes.set_ylabel("test accuracy (%)")
    axes.set_ylim(0, 115)
    axes.set_yticks(range(0, 101, 20))
    axes.set_title("Frameworks and rules; hatched blue: the rule each was published with")
    FigureCanvasAgg(figure).print_figure(path, dpi=150)


def benchmark(args: argparse.Namespace) -> int:
    """The ``bench`` command; its exit code."""
    repeats = check_count("--repeats", args.repeats)
    print(f"128x256x256 float32 products: {bench.speed_of_products():.0f} GFLOP/s")
    content: Any
    if args.scaling:
        content = bench.scaling(repeats)
        for name, rows in content.items():
            print(f"\nDFC x DH, time per batch against {name}")
            cells = [(name, "ms"), *((str(r[name]), f"{r['seconds'] * 1e3:.1f}") for r in rows)]
            print(aligned(cells))
        if args.figure is not None:
            try:
                bench.plot_scaling(content, str(args.figure))
            except (OSError, ValueError) as error:
                raise CheckpointError(f"{args.figure}: cannot be written ({error})") from error
    else:
        cases = [case for case in bench.CASES if case.name in args.cases]
        for case in cases:
            shown, hidden = bench.phases(case.make())
            steps = f"{hidden} free and {shown} nudged steps" if hidden else f"{shown} steps"
            shape = "-".join(map(str, case.sizes))
            print(f"{case.name}: {shape} {case.hidden}, batch {case.batch}, {steps}")
        results = []
        print(f"\n{'case':<13} {'rule':<14} {'s/batch':>8} {'bound':>8} {'ratio':>6}")
        for r in bench.timings(cases, args.rules, repeats):
            results.append(r)
            line = f"{r.case:<13} {r.rule:<14} {r.seconds:8.4f} {r.bound:8.4f} {r.ratio:6.2f}"
            print(line, flush=True)
        content = bench.as_dicts(results)
    if args.json is not None:
        import json

        write_text(args.json, json.dumps(content, indent=1))
    return 0


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be made ({error.strerror})") from error
    check_writable(path / "results")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. 0: done; 2: something given cannot be used; 130: interrupted."""
    args = parser().parse_args(argv)
    try:
        return {"train": train, "matrix": matrix, "bench": benchmark}[args.command](args)
    except (ValueError, UndefinedCell, CheckpointError) as error:
        print(f"hebblite: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
