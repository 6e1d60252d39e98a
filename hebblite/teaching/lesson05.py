"""Pictures, runs and exercises of lesson 05, "DH learns deep networks"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from ..analysis import (
    angle,
    angles_to_backprop,
    backprop_updates,
    jacobians,
    kantorovich,
    preconditioners,
)
from ..data import Digits, one_hot
from ..errors import DivergenceError
from ..frameworks import Backprop, DeepFeedbackControl
from ..frameworks.base import Framework
from ..network import Network
from ..optim import Adam
from ..rules import DifferentialHebbian, ErrorBased, Gradient, Hebbian, Rule, Updates
from ..stream import Block, Record, fold, is_constant
from ..training import fit
from .chart import Panel, Series, chart
from .exercises import Exercise

Array = np.ndarray

SIZES = (784, 100, 64, 32, 10)
SAMPLES = 4_000
#: The controller of the training runs: its phase of 0.1 s is about ten time constants of a neuron.
CONTROL: dict[str, Any] = {"k_p": 0.5, "dt": 0.005, "steps": 20}

# ---------------------------------------------------------------------- the learner's rule


class WithLayerUpdate(Rule):
    """A rule made from exercise 05.1: ``update(post, pre)`` gives dW (n, m) and db (n,) of one
    layer, averaged over the batch, from post (T+1, B, n) and pre (T+1, B, m).

    The input does not move, so by theorem T1 the two ends of the phase say all about layer 1.
    """

    def __init__(self, update: Callable[[Array, Array], Any]) -> None:
        self.update = update

    def absorb(self, block: Block) -> None:
        for l, post in enumerate(block.rates[1:]):
            pre = block.rates[l]
            rows = [0, -1] if is_constant(pre) else slice(None)
            dW, db = self.update(post[rows], pre[rows])
            self._dW[l] += block.batch * dW  # ``finish`` divides sums by the batch
            self._db[l] += block.batch * db


class OutputLayerOnly(Gradient):
    """Backprop's gradient for the output layer, nothing for the hidden ones: what a network can do
    if its hidden layers stay as they were drawn."""

    def finish(self) -> Updates:
        updates = super().finish()
        for part in (*updates.weights[:-1], *updates.biases[:-1]):
            part[:] = 0
        return updates


class MeanDH(DifferentialHebbian):
    """Differential Hebb divided by ``steps`` / 2, the scale of the published code."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.scale = 2 / steps

    def finish(self) -> Updates:
        updates = super().finish()
        for part in (*updates.weights, *updates.biases):
            part *= self.scale
        return updates


class Hurried(Framework):
    """Plasticity that is switched on before the network has settled on its input.

    When it comes on, every voltage has gone only the share ``settled`` of its way from 0 to the
    free state. It goes the rest without feedback; then ``control`` teaches as usual.
    """

    def __init__(self, control: DeepFeedbackControl, settled: float) -> None:
        self.control, self.settled = control, settled

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        first = True
        for block in self.control.teach(net, x, target):
            if first:
                yield self._settling(net, block)
                first = False
            yield block

    def _settling(self, net: Network, block: Block) -> Block:
        """One step from the unsettled state to the free one, before time 0."""
        free = [v[0] for v in block.voltages]
        v = [np.stack([v_l.dtype.type(self.settled) * v_l, v_l]) for v_l in free]
        input_ = np.broadcast_to(block.rates[0][0], (2, *block.rates[0][0].shape))
        rates = [phi.rate(v_l) for phi, v_l in zip(net.activations, v, strict=True)]
        none = [np.zeros_like(v_l) for v_l in v]
        error = np.stack([block.error[0]] * 2)
        time = np.array([-0.1, 0.0])
        return Block(time, [input_, *rates], v, v, none, error, block.activations)


# ---------------------------------------------------------------------- training runs


@dataclass
class Run:
    """What one training run did, epoch by epoch; row 0 is the start.

    accuracy: on test digits. angles: to backprop on 128 digits that are not trained on, in
    degrees, one per layer. gain: |update| over |k_p times backprop's|, per layer. largest: the
    largest eigenvalue of P_l, mean over 16 of those digits. rest: of a hurried start, |what the
    rest of the journey adds| over |update without it|. words: the error that ended it.
    """

    accuracy: list[float] = field(default_factory=list)
    angles: list[list[float]] = field(default_factory=list)
    gain: list[list[float]] = field(default_factory=list)
    largest: list[list[float]] = field(default_factory=list)
    rest: list[list[float]] = field(default_factory=list)
    words: str = ""


def train(
    digits: Digits,
    framework: Framework,
    rule: Rule,
    seed: int = 0,
    epochs: int = 5,
    lr: float = 1e-3,
    sizes: Sequence[int] = SIZES,
    spectra: bool = False,
) -> Run:
    """Train a tanh network with Adam on the first 4,000 digits, watching it after every epoch.

    spectra: whether to watch the eigenvalues of P_l, which takes a while."""
    net, run = Network(sizes, hidden="tanh", seed=seed), Run()
    probe = digits.x_train[9_000:9_128]
    target = one_hot(digits.y_train[9_000:9_128], 10, confidence=0.9)
    gain = getattr(framework, "k_p", 1.0)

    def watch(net: Network, _: Any) -> None:
        run.accuracy.append(100 * net.accuracy(digits.x_test, digits.y_test))
        updates = rule(framework.teach(net, probe, target))
        gradient = backprop_updates(net, probe, target)
        run.angles.append(angles_to_backprop(net, probe, target, updates))
        sizes = [[float(np.linalg.norm(W)) for W in u.weights] for u in (updates, gradient)]
        run.gain.append(
            [a / (gain * b) if b else float("nan") for a, b in zip(*sizes, strict=True)]
        )
        if isinstance(framework, Hurried):
            push = rule(framework.control.teach(net, probe, target)).weights
            pairs = zip(updates.weights, push, strict=True)
            run.rest.append([float(np.linalg.norm(W - V) / np.linalg.norm(V)) for W, V in pairs])
        if spectra:
            P = preconditioners(net, probe[:16])[1:]  # P_1 = 1
            tops = [float(np.linalg.eigvalsh(P_l)[:, -1].mean()) for P_l in P]
            run.largest.append([1.0, *tops])

    try:
        watch(net, None)
        fit(
            net,
            framework,
            rule,
            digits.x_train[:SAMPLES],
            digits.y_train[:SAMPLES],
            epochs=epochs,
            batch_size=64,
            confidence=0.9,
            seed=seed,
            optimizer=Adam(lr),
            progress=False,
            callback=watch,
        )
    except DivergenceError as error:
        run.words = str(error)
    return run


def races(digits: Digits, seeds: Sequence[int] = (0, 1, 2)) -> dict[str, list[Run]]:
    """Differential Hebb, error-based learning and backprop from the same weights, per seed."""
    control = DeepFeedbackControl(**CONTROL)
    racers: dict[str, tuple[Framework, Rule]] = {
        "differential Hebbian": (control, DifferentialHebbian()),
        "error-based": (control, ErrorBased()),
        "backprop": (Backprop(), Gradient()),
    }
    return {
        name: [
            train(digits, framework, rule, seed, spectra=isinstance(rule, DifferentialHebbian))
            for seed in seeds
        ]
        for name, (framework, rule) in racers.items()
    }


#: name: (what it breaks, framework, rule, learning rate)
BREAKS: dict[str, tuple[str, Callable[[], Framework], Callable[[], Rule], float]] = {
    "nothing broken": (
        "the run of the race",
        lambda: DeepFeedbackControl(**CONTROL),
        DifferentialHebbian,
        1e-3,
    ),
    "random feedback": (
        "alignment: Q is drawn at random and stays",
        lambda: DeepFeedbackControl("random", **CONTROL),
        DifferentialHebbian,
        1e-3,
    ),
    "phase cut short": (
        "rest at the end: the phase lasts 5 ms instead of 100 ms (in ten steps)",
        lambda: DeepFeedbackControl(**(CONTROL | {"dt": 0.0005, "steps": 10})),
        DifferentialHebbian,
        1e-3,
    ),
    "97 % settled at the start": (
        "rest at the start: plasticity comes on when the free state is 97 % reached",
        lambda: Hurried(DeepFeedbackControl(**CONTROL), 0.97),
        DifferentialHebbian,
        1e-3,
    ),
    "90 % settled at the start": (
        "rest at the start: plasticity comes on when the free state is 90 % reached",
        lambda: Hurried(DeepFeedbackControl(**CONTROL), 0.9),
        DifferentialHebbian,
        1e-3,
    ),
    "gain 8": (
        "weakness: the controller pushes 16 times as hard",
        lambda: DeepFeedbackControl(**(CONTROL | {"k_p": 8.0})),
        DifferentialHebbian,
        1e-3,
    ),
    "gain 24": (
        "stability: the loop overshoots at every step (gain 24)",
        lambda: DeepFeedbackControl(**(CONTROL | {"k_p": 24.0})),
        DifferentialHebbian,
        1e-3,
    ),
    "plain Hebb": (
        "the rule itself: rates instead of their change",
        lambda: DeepFeedbackControl(**CONTROL),
        Hebbian,
        1e-3,
    ),
    "output layer only": (
        "depth: hidden layers stay as they were drawn (exact gradient, ten times the rate)",
        Backprop,
        OutputLayerOnly,
        1e-2,
    ),
}


def break_all(digits: Digits, whole: Run) -> dict[str, Run]:
    """One run for each way to break an assumption, beside the run in which nothing is broken."""
    runs = {"nothing broken": whole}
    for name, (_, framework, rule, lr) in BREAKS.items():
        if name not in runs:
            runs[name] = train(digits, framework(), rule(), lr=lr)
    return runs


def adam_runs(digits: Digits, epochs: int = 10) -> dict[tuple[str, float], tuple[Array, Any]]:
    """The published step size, batch and time axis on a small network and 2,000 digits, with
    either feedback and either eps of Adam: (accuracy per epoch, first update)."""
    runs = {}
    x, y = digits.x_train[:2_000], digits.y_train[:2_000]
    for feedback in ("jacobian", "random"):
        for eps in (9e-5, 1e-8):
            net = Network([784, 64, 64, 10], hidden="sigmoid", seed=0)
            control = DeepFeedbackControl(feedback, k_p=2, dt=1e-3, steps=500, adaptive=0.003)
            rule = MeanDH(500)
            first = rule(control.teach(net, x[:128], one_hot(y[:128], 10, confidence=0.9)))
            history = fit(
                net,
                control,
                rule,
                x,
                y,
                epochs=epochs,
                batch_size=128,
                confidence=0.9,
                validation=(digits.x_test, digits.y_test),
                progress=False,
                optimizer=Adam(2.7e-4, betas=(0.9, 0.9), eps=eps),
            )
            runs[feedback, eps] = 100 * np.array(history["accuracy"]), first
    return runs


# ---------------------------------------------------------------------- pictures of runs


def draw_race(runs: dict[str, list[Run]]) -> str:
    """Left: test accuracy of the racers, mean over seeds. Right: points behind backprop from the
    same weights, mean over seeds with the band from worst to best."""
    twins = np.array([run.accuracy for run in runs["backprop"]])[:, 1:]
    epochs = np.arange(1.0, 1 + twins.shape[1])
    left, right, ends = [], [], []
    for j, (name, several) in enumerate(runs.items()):
        accuracy = np.array([run.accuracy for run in several])[:, 1:]
        left.append(Series(name, epochs, accuracy.mean(0), "line+points", colour=j))
        ends.append(f"{name} ends at {accuracy[:, -1].mean():.1f} percent")
        if name == "backprop":
            continue
        behind = twins - accuracy
        right.append(Series("", epochs, behind.max(0), "band", behind.min(0), j))
        right.append(Series(name, epochs, behind.mean(0), "line+points", colour=j))
        ends[-1] += f", {behind[:, -1].mean():.1f} points behind backprop"
    label = f"Two line charts over epochs, means of {len(twins)} seeds: {'; '.join(ends)}."
    panels = [
        Panel("Mean over the seeds", "epoch", "test accuracy (%)", left),
        Panel(
            "Behind backprop (band: worst to best)", "epoch", "difference (points)", right,
            marks=[("y", 0.0, "no difference")],
        ),
    ]  # fmt: skip
    return chart(panels, label, 680)


def _by_layer(rows: Any, kind: str = "line+points") -> list[Series]:
    table = np.array(rows)
    epochs = np.arange(float(len(table)))
    return [Series(f"layer {l + 1}", epochs, y, kind) for l, y in enumerate(table.T)]


def draw_learning(run: Run) -> str:
    """Angles, largest eigenvalue and size of the step, per layer, over learning."""
    largest = np.array(run.largest)
    top = max(50.0, 1.1 * float(np.max(run.angles)))
    panels = [
        Panel(
            "Angle to backprop", "epoch", "angle (degrees)", _by_layer(run.angles), y_range=(0, top)
        ),
        Panel("Largest eigenvalue of Pₗ", "epoch", "λ max (no unit)", _by_layer(largest)),
    ]
    label = (
        "Two line charts over epochs, one line for each of the four layers. Left: the angle "
        f"between the differential Hebbian update and backprop's, at the end "
        f"{', '.join(f'{a:.0f}' for a in run.angles[-1])} degrees from layer 1 up. Right: the "
        f"largest eigenvalue of P, at the end {', '.join(f'{v:.1f}' for v in largest[-1])}."
    )
    return chart(panels, label, 680)


def draw_steps(runs: dict[str, list[Run]]) -> str:
    """Length of the last update over that of k_p times the gradient, per layer, mean of seeds."""
    found = {
        name: np.mean([run.gain[-1] for run in runs[name]], axis=0)
        for name in ("differential Hebbian", "error-based")
    }
    layers = np.arange(4.0)
    series = [Series(name, layers, y, "bars") for name, y in found.items()]
    words = "; ".join(f"{name} {', '.join(f'{v:.2f}' for v in y)}" for name, y in found.items())
    label = f"Bar chart of the size of an update against the gradient in layers 1 to 4: {words}."
    names = [str(l + 1) for l in range(4)]
    panel = Panel(
        "Step, relative to the gradient", "layer", "|ΔW| / k|∂L/∂W| (no unit)", series,
        x_names=names,
    )  # fmt: skip
    return chart([panel], label, 420)


def draw_break(mode: str, runs: dict[str, Run]) -> str:
    """Accuracy and angles of one broken run, beside the whole one."""
    run, whole = runs[mode], runs["nothing broken"]
    series = [
        Series(
            "nothing broken", np.arange(float(len(whole.accuracy))), np.array(whole.accuracy),
            "line+points", colour=5,
        )
    ]  # fmt: skip
    last = run.accuracy[-1] if run.accuracy else float("nan")
    if mode != "nothing broken" and run.accuracy:
        epochs = np.arange(float(len(run.accuracy)))
        series.append(Series(mode, epochs, np.array(run.accuracy), "line+points", colour=3))
    angles = run.angles or [[float("nan")] * 4]
    panels = [
        Panel(
            "Does it learn?", "epoch", "test accuracy (%)", series,
            x_range=(-0.3, len(whole.accuracy) - 0.7), y_range=(0, 100),
        ),
        Panel(
            "Angle to backprop", "epoch", "angle (degrees)", _by_layer(angles),
            x_range=(-0.3, len(whole.accuracy) - 0.7), y_range=(0, 180),
            marks=[("y", 90.0, "90°: unrelated")],
        ),
    ]  # fmt: skip
    start, end = (", ".join(_degrees(a) for a in row) for row in (angles[0], angles[-1]))
    outcome = run.words or f"Test accuracy after {len(run.accuracy) - 1} epochs: {last:.1f} %."
    label = (
        f"Two line charts over epochs for the case {mode}. Left: test accuracy, at the end "
        f"{last:.1f} percent, against {whole.accuracy[-1]:.1f} with nothing broken. Right: angles "
        f"to backprop in layers 1 to 4, at the start {start}, at the end {end} degrees."
    )
    if run.words:
        label += " The run was stopped."
    title = "Nothing broken" if mode == "nothing broken" else "Broken"
    return f"<p><b>{title}: {BREAKS[mode][0]}.</b><br>{outcome}</p>" + chart(panels, label, 680)


def _degrees(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else "none"


def draw_adam(runs: dict[tuple[str, float], tuple[Array, Any]]) -> str:
    """Accuracy per epoch for both kinds of feedback and both values of eps."""
    names = {"jacobian": "aligned", "random": "random"}
    powers = {9e-5: "9·10⁻⁵", 1e-8: "10⁻⁸"}
    series, ends = [], []
    for (feedback, eps), (accuracy, _) in runs.items():
        name = f"{names[feedback]} feedback, ε = {powers[eps]}"
        epochs = np.arange(1.0, 1 + len(accuracy))
        series.append(Series(name, epochs, np.asarray(accuracy), "line+points"))
        ends.append(f"{name}: {accuracy[-1]:.0f} percent")
    panel = Panel(
        "One constant of the optimiser", "epoch", "test accuracy (%)", series, y_range=(0, 100),
        marks=[("y", 10.0, "a blind guess")],
    )  # fmt: skip
    lost = sum(bool(accuracy[-1] < 15) for accuracy, _ in runs.values())
    words = f"{lost} of {len(runs)} lines lie on or near that of a blind guess."
    label = f"Line chart of test accuracy, at the end {'; '.join(ends)}. {words}"
    return chart([panel], label, 620) + f"<p>{words}</p>"


# ---------------------------------------------------------------------- pictures of the theorem


def draw_order(gains: Array, errors: dict[str, Array], title: str, y_label: str) -> str:
    """Errors against the gain k, both logarithmic, with a line of slope 2 for comparison."""
    series = [Series(name, gains, y, "points") for name, y in errors.items()]
    highest = max(float(y[-1]) for y in errors.values())
    reference = 3 * highest * (gains / gains[-1]) ** 2
    series.append(Series("slope 2", gains, reference, "line", colour=5))
    slopes = {name: float(np.polyfit(np.log(gains), np.log(y), 1)[0]) for name, y in errors.items()}
    words = ", ".join(f"{name} {slope:.2f}" for name, slope in slopes.items())
    label = f"Log-log chart of the error against the gain k. Fitted slopes: {words}."
    panel = Panel(title, "gain k (no unit)", y_label, series, x_log=True, y_log=True)
    return chart([panel], label, 520)


def draw_bound(bound: Array, measured: Array) -> str:
    """Measured angles (B, L) against the largest possible ones (B, L), one point per input; layer
    1, where both are 0, is left out."""
    series = [
        Series(f"layer {l + 1}", bound[:, l], measured[:, l], "points", colour=l)
        for l in range(1, bound.shape[1])
    ]
    top = float(max(bound.max(), measured.max())) + 2
    series.append(Series("measured = bound", np.array([0.0, top]), np.array([0.0, top]), colour=5))
    inside = int((measured <= bound + 0.05).sum())
    label = (
        f"Scatter chart of measured angles against the Kantorovich bound for {len(bound)} digits "
        f"in layers 2 to {bound.shape[1]} (in layer 1 the bounds are 0). Of all {bound.size} "
        f"angles {inside} keep their bound: on or below the diagonal. "
        f"The largest measured angle is {measured.max():.0f} degrees, the largest bound "
        f"{bound.max():.0f}."
    )
    panel = Panel(
        "Every digit has its own bound", "largest possible angle (degrees)",
        "measured angle (degrees)", series, x_range=(0, top), y_range=(0, top),
    )  # fmt: skip
    return chart([panel], label, 372, 300)  # equal scales: the diagonal is at 45°


GAINS = np.logspace(-4, np.log10(2), 21)


@dataclass(frozen=True)
class Strength:
    """One gain: angles of DH to backprop, of P g to g, their bound, and the relative error of the
    prediction P a of the change of voltage; one number per layer."""

    measured: list[float]
    predicted: list[float]
    bound: list[float]
    error: list[float]


@cache
def _bench() -> tuple[Network, Array, Array, Updates, list[Array]]:
    """A small network, an input, a target, backprop's update and the P_l."""
    rng = np.random.default_rng(9)
    net = Network([12, 10, 9, 8, 5], hidden="tanh", output="linear", dtype="float64", seed=9)
    net.weights = [1.4 * W for W in net.weights]
    x, target = rng.normal(size=(1, 12)), rng.normal(size=(1, 5))
    P = [P_l[0] for P_l in preconditioners(net, x)]
    return net, x, target, backprop_updates(net, x, target), P


@cache
def strength(k: float) -> Strength:
    """The small network under feedback of gain k."""
    net, x, target, gradient, P = _bench()
    control = DeepFeedbackControl(k_p=k, k_i=0, dt=0.002, steps=150)
    DH, phase = fold(control.teach(net, x, target), DifferentialHebbian("voltage"), Record())
    moved = [(v[-1] - v[0])[0] for v in phase.voltages]
    return Strength(
        [angle(W, G) for W, G in zip(DH.weights, gradient.weights, strict=True)],
        [angle(P_l @ g, g) for P_l, g in zip(P, gradient.biases, strict=True)],
        [largest_angle(P_l) for P_l in P],
        [
            float(np.linalg.norm(dv - P_l @ a[-1, 0]) / np.linalg.norm(dv))
            for dv, P_l, a in zip(moved, P, phase.apical, strict=True)
        ],
    )


@cache
def strengths() -> list[Strength]:
    """The small network under feedback of every gain in GAINS."""
    return [strength(float(k)) for k in GAINS]


def draw_strength(k: float) -> str:
    """Measured angle, that of P and the bound in every layer, and the error of P, at gain k."""
    table, now = strengths(), strength(float(k))
    layers = np.arange(float(len(now.bound)))
    names = [str(l + 1) for l in range(len(layers))]
    left = [
        Series("bound", layers, np.array(now.bound), "line+points"),
        Series("predicted by P", layers, np.array(now.predicted), "points"),
        Series("measured", layers, np.array(now.measured), "points"),
    ]
    right = [
        Series(f"layer {l + 2}", GAINS, np.array([s.error[l + 1] for s in table]))
        for l in range(len(layers) - 1)
    ]
    panels = [
        Panel(
            f"Angles at k = {k:.2g}", "layer", "angle to backprop (degrees)", left,
            x_range=(-0.3, len(layers) - 0.7), y_range=(-2, 60), x_names=names,
        ),
        Panel(
            "How wrong is P?", "gain k (no unit)", "relative error of P a", right, x_log=True,
            y_log=True, marks=[("x", float(k), "this gain")],
        ),
    ]  # fmt: skip
    over = [l + 1 for l in range(len(layers)) if now.measured[l] > now.bound[l] + 0.1]
    where = f"layer {', '.join(map(str, over))}" if over else "no layer"
    label = (
        f"Left: measured angles in layers 1 to 4 at gain {k:.2g}: "
        f"{', '.join(f'{v:.1f}' for v in now.measured)} degrees; the bounds are "
        f"{', '.join(f'{v:.1f}' for v in now.bound)}; above the bound: {where}. Right: the "
        f"relative error of the prediction grows with the gain; here it is {now.error[-1]:.1e} in "
        "layer 4."
    )
    summary = f"<p>Above the bound by more than 0.1°: <b>{where}</b>.</p>"
    return summary + chart(panels, label, 680)


def _spread_and_angle(
    scale: float, depth: int, inputs: int = 12, width: int = 12
) -> tuple[Array, Array]:
    """Spread M / m of P_l and measured angle, (inputs, depth), weights times ``scale``."""
    net = Network([width] * (depth + 1), hidden="tanh", output="linear", dtype="float64", seed=3)
    net.weights = [scale * W for W in net.weights]
    rng = np.random.default_rng(3)
    x, target = rng.normal(size=(inputs, width)), rng.normal(size=(inputs, width))
    v, r = net.feedforward(x)
    u = 1e-7 * (target - r[-1])
    # With the control signal given, the state of rest follows layer by layer from below.
    taught, measured, largest = x, [], []
    for l, (J_l, P_l) in enumerate(zip(jacobians(net, x), preconditioners(net, x), strict=True)):
        a = np.einsum("boi,bo->bi", J_l, u)
        v_l = taught @ net.weights[l].T + net.biases[l] + a
        taught = net.activations[l].rate(v_l)
        moved = v_l - v[l]
        cos = (moved * a).sum(1) / np.linalg.norm(moved, axis=1) / np.linalg.norm(a, axis=1)
        measured.append(np.degrees(np.arccos(np.clip(cos, -1, 1))))
        spectrum = np.linalg.eigvalsh(P_l)
        largest.append(spectrum[:, -1] / spectrum[:, 0])
    return np.array(largest).T, np.array(measured).T


def bound_and_angle(scale: float, depth: int, inputs: int = 12, width: int = 12) -> Any:
    """Of a deep tanh network with its weights times ``scale``: the largest possible angles and the
    measured ones, in degrees, each (inputs, depth)."""
    spread, measured = _spread_and_angle(scale, depth, inputs, width)
    return np.degrees(np.arccos(np.minimum(1, kantorovich(spread)))), measured


def draw_depth(scale: float, depth: int) -> str:
    """Spread of P's eigenvalues, and bound against measured angle, in every layer."""
    spread, measured = _spread_and_angle(scale, depth)
    bound, _ = bound_and_angle(scale, depth)
    layers = np.arange(float(depth))
    names = [str(l + 1) for l in range(depth)]
    many = np.repeat(layers[None], len(measured), axis=0).ravel()
    panels = [
        Panel(
            "Spread of Pₗ", "layer", "λ max / λ min (no unit)",
            [
                Series("largest of 12 inputs", layers, spread.max(0), "line+points"),
                Series("smallest", layers, spread.min(0), "line+points"),
            ],
            x_range=(-0.3, depth - 0.7), y_log=True, x_names=names,
        ),
        Panel(
            "Angle to backprop, 12 inputs", "layer", "angle (degrees)",
            [
                Series("bound (largest)", layers, bound.max(0), "line+points"),
                Series("measured", many, measured.ravel(), "points", colour=2),
            ],
            x_range=(-0.3, depth - 0.7), y_range=(-3, 93), x_names=names,
        ),
    ]  # fmt: skip
    label = (
        f"{depth} layers, weights times {scale:g}. Left: the ratio of P's largest to smallest "
        f"eigenvalue reaches {spread[:, -1].max():.3g} in the last layer. Right: there the "
        f"bound reaches {bound[:, -1].max():.1f} degrees and the measured angles "
        f"{measured[:, -1].max():.1f}; the largest measured angle, {measured.max():.1f}, "
        f"is in layer {measured.max(0).argmax() + 1}."
    )
    return chart(panels, label, 680)


# ---------------------------------------------------------------------- references


def layer_update(post: Array, pre: Array) -> tuple[Array, Array]:
    """dW (n, m) and db (n,) from post (T+1, B, n) and pre (T+1, B, m), averaged over the batch."""
    change, batch = post[1:] - post[:-1], post.shape[1]
    dW = np.einsum("tbi,tbj->ij", change, pre[:-1], optimize=True) / batch
    return dW, change.sum(axis=(0, 1)) / batch


def recursion(weights: list[Array], slopes: list[Array]) -> list[Array]:
    """P_1..P_L for one input from W_1..W_L and the slopes phi'(v_1)..phi'(v_L), each (n_l,)."""
    P = [np.eye(len(weights[0]))]
    for W, slope in zip(weights[1:], slopes[:-1], strict=True):
        WD = W * slope
        P.append(np.eye(len(W)) + WD @ P[-1] @ WD.T)
    return P


def largest_angle(P: Array) -> float:
    """The largest angle in degrees between P g and g, over all g, for P symmetric and positive."""
    eigenvalues = np.linalg.eigvalsh(P)
    return float(np.degrees(np.arccos(min(1.0, kantorovich(eigenvalues[-1], eigenvalues[0])))))


def down_and_up(weights: list[Array], slopes: list[Array], a_top: Array) -> list[Array]:
    """v_l+ - v_l- for l = 1..L to first order, from the apical drive (n_L,) of the output."""
    a = [a_top]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        a.insert(0, slope * (W.T @ a[0]))
    change = [a[0]]
    for W, slope, a_l in zip(weights[1:], slopes[:-1], a[1:], strict=True):
        change.append(a_l + W @ (slope * change[-1]))
    return change


# ---------------------------------------------------------------------- exercise 05.1


def _phases(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng([51, seed])
    steps, batch = rng.integers(3, 7), rng.integers(2, 6)
    n, m = rng.integers(2, 5), rng.integers(5, 8)
    return rng.uniform(0, 1, (steps + 1, batch, n)), rng.uniform(0, 1, (steps + 1, batch, m))


def _loops(post: Array, pre: Array) -> tuple[Array, Array]:
    dW, db = np.zeros((post.shape[2], pre.shape[2])), np.zeros(post.shape[2])
    for b in range(post.shape[1]):
        for t in range(len(post) - 1):
            dW += np.outer(post[t + 1, b] - post[t, b], pre[t, b])
            db += post[t + 1, b] - post[t, b]
    return dW / post.shape[1], db / post.shape[1]


def _flat(post: Array, pre: Array) -> tuple[Array, Array]:
    """A bias is a weight from a neuron that always fires at rate 1."""
    change = np.diff(post, axis=0).reshape(-1, post.shape[2])
    ones = np.ones((*pre.shape[:2], 1))
    with_one = np.concatenate([pre, ones], axis=2)[:-1].reshape(len(change), -1)
    whole = change.T @ with_one / post.shape[1]
    return whole[:, :-1], whole[:, -1]


def _with_weights(make: Callable[[Array, Array], Any]) -> Callable[[Array, Array], Any]:
    return lambda post, pre: (make(post, pre), layer_update(post, pre)[1])


def _with_bias(make: Callable[[Array, Array], Any]) -> Callable[[Array, Array], Any]:
    return lambda post, pre: (layer_update(post, pre)[0], make(post, pre))


def _pairs(post: Array, pre: Array) -> Array:
    return np.einsum("tbi,tbj->ij", post, pre) / post.shape[1]


# ---------------------------------------------------------------------- exercises 05.2 and 05.4


def _stack(rng: np.random.Generator) -> tuple[list[Array], list[Array]]:
    """Weights and slopes of a network of 2 to 4 layers for one input."""
    sizes = rng.integers(2, 7, size=rng.integers(3, 6))
    weights = [rng.normal(size=(n, m)) for n, m in zip(sizes[1:], sizes[:-1], strict=True)]
    return weights, [rng.uniform(0.2, 1, n) for n in sizes[1:]]


def _chains(seed: int) -> tuple[list[Array], list[Array]]:
    return _stack(np.random.default_rng([52, seed]))


def _climb(
    weights: list[Array], slopes: list[Array], step: Callable[..., Array], first: Any = None
) -> list[Array]:
    """P_1..P_L from P_l = step(W_l, slope below, slope here, P_{l-1})."""
    P = [np.eye(len(weights[0])) if first is None else first]
    for l in range(1, len(weights)):
        P.append(step(weights[l], slopes[l - 1], slopes[l], P[-1]))
    return P


def _eye(W: Array) -> Array:
    return np.eye(len(W))


def _unrolled(weights: list[Array], slopes: list[Array]) -> list[Array]:
    """P_l as a sum over the layers j below: the chain from j to l, times its transpose."""
    found = []
    for l in range(len(weights)):
        chain, P = np.eye(len(weights[l])), np.eye(len(weights[l]))
        for j in range(l, 0, -1):
            chain = chain @ weights[j] @ np.diag(slopes[j - 1])
            P = P + chain @ chain.T
        found.append(P)
    return found


def _tops(seed: int) -> tuple[list[Array], list[Array], Array]:
    rng = np.random.default_rng([54, seed])
    weights, slopes = _stack(rng)
    return weights, slopes, rng.normal(size=len(slopes[-1]))


def _down(weights: list[Array], slopes: list[Array], a_top: Array) -> list[Array]:
    a = [a_top]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        a.insert(0, slope * (W.T @ a[0]))
    return a


def _up(weights: list[Array], a: list[Array], slopes: list[Array]) -> list[Array]:
    change = [a[0]]
    for l in range(1, len(weights)):
        change.append(a[l] + weights[l] @ (slopes[l - 1] * change[-1]))
    return change


def _ones(slopes: list[Array]) -> list[Array]:
    return [np.ones_like(slope) for slope in slopes]


def _carried(weights: list[Array], slopes: list[Array], a: list[Array]) -> list[Array]:
    """What comes from below alone, with nothing added on the way."""
    change = [a[0]]
    for l in range(1, len(weights)):
        change.append(weights[l] @ (slopes[l - 1] * change[-1]))
    return change


def _left(weights: list[Array], slopes: list[Array], a_top: Array) -> list[Array]:
    """The way down with the slopes of the layer that is left, not of the one that is reached."""
    a = [a_top]
    for W, slope in zip(weights[:0:-1], slopes[:0:-1], strict=True):
        a.insert(0, W.T @ (slope * a[0]))
    return a


def _own_only(weights: list[Array], slopes: list[Array], a: list[Array]) -> list[Array]:
    """The way up where each layer passes on its own apical drive alone."""
    steps = zip(weights[1:], slopes[:-1], a[1:], a[:-1], strict=True)
    return [a[0], *(here + W @ (slope * below) for W, slope, here, below in steps)]


# ---------------------------------------------------------------------- exercise 05.3


def _positive(seed: int) -> tuple[Array]:
    rng = np.random.default_rng([53, seed])
    n = int(rng.integers(2, 6))
    A = rng.normal(size=(n, n + 1))
    return (rng.uniform(0.5, 2) * np.eye(n) + A @ A.T,)


def _ends(P: Array) -> tuple[float, float]:
    eigenvalues = np.linalg.eigvalsh(P)
    return float(eigenvalues[0]), float(eigenvalues[-1])


def _degrees_of(cos: float) -> float:
    return float(np.degrees(np.arccos(cos)))


def _by_sine(P: Array) -> float:
    m, M = _ends(P)
    return float(np.degrees(np.arcsin((M - m) / (M + m))))


def _by_tangent(P: Array) -> float:
    m, M = _ends(P)
    return float(np.degrees(np.arctan2(M - m, 2 * np.sqrt(m * M))))


def _unsorted(P: Array) -> float:
    eigenvalues = np.linalg.eig(P)[0].real
    m, M = eigenvalues[0], eigenvalues[-1]
    return _degrees_of(min(1.0, 2 * np.sqrt(m * M) / (m + M)))


def _by_ratio(P: Array) -> float:
    lam = np.linalg.cond(P)
    return _degrees_of(2 * np.sqrt(lam) / (1 + lam))


EXERCISES = {
    "05.1": Exercise(
        title="differential Hebb for a layer and a batch",
        cases=_phases,
        reference=layer_update,
        right=(_loops, _flat, lambda post, pre: [np.array(part) for part in _loops(post, pre)]),
        parts=("the update of the weights", "the update of the bias"),
        wrong=(
            (
                lambda post, pre: [len(post[0]) * part for part in _loops(post, pre)],
                "this is the sum over the inputs of the batch; the update is their average.",
            ),
            (
                lambda post, pre: [part / (len(post) - 1) for part in _loops(post, pre)],
                "you average over the steps too: average over the batch, *sum* over time.",
            ),
            (
                lambda post, pre: [-part for part in _loops(post, pre)],
                "the sign is the wrong way round: the change is later minus earlier.",
            ),
            (
                _with_weights(lambda post, pre: _loops(post, pre)[0].T),
                "the update of the weights is transposed: rows belong to the postsynaptic neuron.",
            ),
            (
                _with_weights(lambda post, pre: _pairs(np.diff(post, axis=0), pre[1:])),
                "wrong end of the interval: the presynaptic rate counts at t, before the change.",
            ),
            (
                _with_weights(lambda post, pre: _pairs(post[:-1], pre[:-1])),
                "the update of the weights is plain Hebb: the *change* of the postsynaptic rate is "
                "missing.",
            ),
            (
                _with_weights(lambda post, pre: np.diff(post, axis=0).mean(1).T @ pre[:-1].mean(1)),
                "you average post and pre over the batch before you multiply. Every input has its "
                "own pair: multiply first, then average.",
            ),
            (
                _with_weights(lambda post, pre: (post[-1] - post[0]).T @ pre[0] / post.shape[1]),
                "only the ends of the phase enter. That is right while pre is constant; here it "
                "moves, so go step by step.",
            ),
            (
                lambda post, pre: (_pairs(post[:-1], pre[:-1]), post[:-1].sum(0).mean(0)),
                "this is plain Hebb: it adds up rates, with or without a teacher. The *change* of "
                "the postsynaptic rate is missing, in the weights and in the bias.",
            ),
            (
                lambda post, pre: (_pairs(post, pre), post.sum(0).mean(0)),
                "this is plain Hebb over all moments: it adds up rates, with or without a teacher. "
                "The *change* of the postsynaptic rate is missing, in weights and bias.",
            ),
            (
                _with_weights(_pairs),
                "the weights add up products of rates, plain Hebb: as in your bias, the *change* "
                "of the postsynaptic rate counts.",
            ),
            (
                _with_bias(lambda post, pre: post[-1] - post[0]),
                "the bias has one row for every input: average over the batch.",
            ),
            (
                _with_weights(lambda post, pre: _loops(post, pre)[0] * post.shape[1]),
                "the weights get the sum over the batch and the bias its average: average both.",
            ),
            (
                _with_bias(lambda post, pre: (post[-1] - post[0]).sum(0)),
                "the bias gets the sum over the batch and the weights its average: average both.",
            ),
            (
                _with_bias(lambda post, pre: np.zeros(post.shape[2])),
                "the bias does not learn. It is a weight whose presynaptic rate is always 1.",
            ),
            (
                _with_bias(lambda post, pre: post[:-1].sum(0).mean(0)),
                "the bias reads rates: as in the weights, it is their *change* that counts, with "
                "1 in the place of pre.",
            ),
            (
                _with_bias(lambda post, pre: post[-1].mean(0)),
                "the bias reads the last rates: it is their *change* over the phase that counts.",
            ),
            (
                _with_bias(lambda post, pre: _loops(post, pre)[1] / (len(post) - 1)),
                "the bias is averaged over the steps too: average over the batch, sum over time.",
            ),
            (
                lambda post, pre: _loops(post, pre)[::-1],
                "the order is the wrong way round: weights first, then bias.",
            ),
        ),
        hints=(
            "Time is the first axis, the batch the second. The change of post along time has "
            "shape (T, B, n); which rows of pre go with it?",
            "Sum over time *and* batch in one go, then divide by B. np.einsum with tbi and tbj "
            "does it, or a reshape to (T B, n) and one matrix product.",
            "For the bias put 1 in the place of pre: the sum of the changes over time telescopes, "
            "then average over the batch.",
        ),
    ),
    "05.2": Exercise(
        title="the preconditioner, layer by layer",
        cases=_chains,
        reference=recursion,
        right=(
            _unrolled,
            lambda weights, slopes: _climb(
                weights,
                slopes,
                lambda W, below, here, P: _eye(W) + W @ np.diag(below) @ P @ np.diag(below) @ W.T,
            ),
            lambda weights, slopes: tuple(recursion(weights, slopes)),
        ),
        wrong=(
            (
                lambda weights, slopes: _climb(
                    weights, slopes, lambda W, below, here, P: _eye(W) + W @ P @ W.T
                ),
                "the slopes are missing: the push goes through phi of the layer below before it "
                "reaches W.",
            ),
            (
                lambda weights, slopes: _climb(
                    weights,
                    slopes,
                    lambda W, below, here, P: (
                        _eye(W) + (here[:, None] * W) @ P @ (here[:, None] * W).T
                    ),
                ),
                "the slopes are those of the wrong layer: what passes through W_l comes from the "
                "rates of layer l-1.",
            ),
            (
                lambda weights, slopes: _climb(
                    weights,
                    slopes,
                    lambda W, below, here, P: _eye(W) + (W * below) @ (W * below).T,
                ),
                "the matrix of the layer below is missing in the middle: its push was itself "
                "passed on.",
            ),
            (
                lambda weights, slopes: _climb(
                    weights, slopes, lambda W, below, here, P: (W * below) @ P @ (W * below).T
                ),
                "the identity is missing: the neuron's own apical drive moves it too.",
            ),
            (
                lambda weights, slopes: _climb(
                    weights, slopes, lambda W, below, here, P: _eye(W) + (W * below) @ P @ W.T
                ),
                "the slopes stand on one side only, so it is not symmetric. They come in twice: "
                "once on the way down, once on the way up.",
            ),
            (
                lambda weights, slopes: _climb(
                    weights,
                    slopes,
                    lambda W, below, here, P: _eye(W) + (W * below**2) @ P @ (W * below**2).T,
                ),
                "the slopes are squared on each side: one factor on the left, one on the right.",
            ),
            (
                lambda weights, slopes: _climb(
                    weights,
                    slopes,
                    lambda W, below, here, P: _eye(W) + (W * below) @ P @ (W * below).T,
                    _eye(weights[0]) + weights[0] @ weights[0].T,
                ),
                "layer 1 gets a push through W_1, but the input does not move: P_1 is the "
                "identity.",
            ),
            (
                lambda weights, slopes: _climb(
                    weights,
                    slopes,
                    lambda W, below, here, P: _eye(W) - (W * below) @ P @ (W * below).T,
                ),
                "the sign of the second term is wrong: the push from below adds to the own one.",
            ),
            (
                lambda weights, slopes: recursion(weights, slopes)[::-1],
                "the order is the wrong way round: P_1 first, then upwards.",
            ),
            (
                lambda weights, slopes: [
                    *recursion(weights, slopes)[:2],
                    *(_eye(W) for W in weights[2:]),
                ],
                "P_1 and P_2 are right, and above them stands the identity: go on, each matrix "
                "from the one below it, up to P_L.",
            ),
            (
                lambda weights, slopes: [
                    *recursion(weights, slopes)[:2],
                    *(np.zeros((len(W), len(W))) for W in weights[2:]),
                ],
                "P_1 and P_2 are right, and above them nothing is filled in: go on, each matrix "
                "from the one below it, up to P_L.",
            ),
            (
                lambda weights, slopes: [np.linalg.inv(P) for P in recursion(weights, slopes)],
                "these are the inverses: P takes the apical drive to the change of voltage, not "
                "back.",
            ),
        ),
        hints=(
            "Begin with the identity of size n_1. Each further layer needs its own W, the slopes "
            "of the layer *below*, and the matrix that you made last.",
            "W_l D_{l-1} scales the *columns* of W_l: in NumPy that is W * slope.",
            "With A = W * slope: the next matrix is the identity plus A times the last one times "
            "A transposed. W_1 only says how large P_1 is.",
        ),
    ),
    "05.3": Exercise(
        title="the largest angle that P allows",
        cases=_positive,
        reference=largest_angle,
        right=(_by_sine, _by_tangent, _by_ratio),
        wrong=(
            (
                lambda P: float(np.cos(np.radians(largest_angle(P)))),
                "this is the cosine. The angle in degrees is asked for.",
            ),
            (lambda P: float(np.radians(largest_angle(P))), "this is in radians: give degrees."),
            (
                lambda P: _degrees_of(2 * np.sqrt(_ends(P)[1]) / (1 + _ends(P)[1])),
                "you take the smallest eigenvalue to be 1. It is only known to be at least that "
                "for our P; here it is not. Use the ratio of the largest to the smallest.",
            ),
            (
                lambda P: _degrees_of(
                    float(np.sqrt(_ends(P)[0] * _ends(P)[1])) / (_ends(P)[0] + _ends(P)[1])
                ),
                "a factor 2 is missing: for P = 1 the angle must be 0.",
            ),
            (
                lambda P: _degrees_of(
                    4 * _ends(P)[0] * _ends(P)[1] / (_ends(P)[0] + _ends(P)[1]) ** 2
                ),
                "this is the square of the cosine: a root is missing.",
            ),
            (
                lambda P: _degrees_of(2 * np.sqrt(_ends(P)[1]) / sum(_ends(P))),
                "under the root the smallest eigenvalue is missing.",
            ),
            (
                _unsorted,
                "np.linalg.eig does not sort: its first and last eigenvalues need not be the "
                "smallest and the largest. Use eigvalsh.",
            ),
            (
                lambda P: 90 - largest_angle(P),
                "that is the complement: the angle of which your expression is the *cosine*.",
            ),
            (
                lambda P: _degrees_of(
                    2
                    * np.sqrt(np.diag(P).min() * np.diag(P).max())
                    / (np.diag(P).min() + np.diag(P).max())
                ),
                "you read the diagonal. The bound is about the eigenvalues.",
            ),
            (
                lambda P: _degrees_of(_ends(P)[0] / _ends(P)[1]),
                "this is the ratio of the eigenvalues. Kantorovich's cosine is larger than that.",
            ),
            (
                lambda P: largest_angle(P) / 2,
                "this is half the angle. Do not mix up the largest angle with the turn from the "
                "middle direction.",
            ),
            (
                lambda P: largest_angle(P @ P),
                "you use the squares of the eigenvalues (or P twice): P is applied once.",
            ),
            (
                lambda P: _degrees_of(2 * _ends(P)[0] * _ends(P)[1] / sum(_ends(P))),
                "NaN: your cosine is above 1. Over the line it is the *root* of m M, and m and M "
                "are the two extreme eigenvalues (determinant and trace serve for 2 x 2 only).",
            ),
        ),
        hints=(
            "np.linalg.eigvalsh gives the eigenvalues of a symmetric matrix in ascending order.",
            "The least cosine is 2 sqrt(m M) / (m + M), with m the smallest and M the largest.",
            "The largest angle has the least cosine: np.arccos, then np.degrees.",
        ),
    ),
    "05.4": Exercise(
        title="down and up, without any P",
        cases=_tops,
        reference=down_and_up,
        right=(
            lambda weights, slopes, a_top: [
                P @ a
                for P, a in zip(
                    recursion(weights, slopes), _down(weights, slopes, a_top), strict=True
                )
            ],
            lambda weights, slopes, a_top: _up(weights, _down(weights, slopes, a_top), slopes),
        ),
        wrong=(
            (
                lambda weights, slopes, a_top: _down(weights, slopes, a_top),
                "these are the apical drives alone. A neuron is also moved by the neurons below "
                "it, which were pushed too.",
            ),
            (
                lambda weights, slopes, a_top: _up(
                    weights, _down(weights, _ones(slopes), a_top), slopes
                ),
                "the slopes are missing on the way down.",
            ),
            (
                lambda weights, slopes, a_top: _up(
                    weights, _down(weights, slopes, a_top), _ones(slopes)
                ),
                "the slopes are missing on the way up: what W_l passes on are changes of *rate*.",
            ),
            (
                lambda weights, slopes, a_top: _up(
                    weights, _down(weights, _ones(slopes), a_top), _ones(slopes)
                ),
                "the slopes are missing, on the way down and on the way up.",
            ),
            (
                lambda weights, slopes, a_top: _carried(
                    weights, slopes, _down(weights, slopes, a_top)
                ),
                "on the way up each layer must add its own apical drive to what comes from below.",
            ),
            (
                lambda weights, slopes, a_top: _up(weights, _left(weights, slopes, a_top), slopes),
                "on the way down the slopes are those of the layer that the wave leaves. a_{l-1} "
                "needs those of the layer where it arrives, l-1.",
            ),
            (
                lambda weights, slopes, a_top: _own_only(
                    weights, slopes, _down(weights, slopes, a_top)
                ),
                "each layer passes up its own drive only. Pass on the *whole* change below: it "
                "contains what came from further down.",
            ),
            (
                lambda weights, slopes, a_top: down_and_up(weights, slopes, slopes[-1] * a_top),
                "a_top *is* the apical drive of the output layer: do not multiply it by a slope "
                "again.",
            ),
            (
                lambda weights, slopes, a_top: [
                    s * c for s, c in zip(slopes, down_and_up(weights, slopes, a_top), strict=True)
                ],
                "these are the changes of the rates. Those of the voltages are asked for.",
            ),
            (
                lambda weights, slopes, a_top: down_and_up(weights, slopes, a_top)[::-1],
                "the order is the wrong way round: layer 1 first.",
            ),
            (
                lambda weights, slopes, a_top: [-c for c in down_and_up(weights, slopes, a_top)],
                "the sign is the wrong way round: the voltages move where the drive pushes.",
            ),
        ),
        hints=(
            "First go down: a_{l-1} follows from a_l through W_l transposed and the slopes of "
            "layer l-1.",
            "Then go up: layer 1 moves by a_1; what does it pass on to layer 2, and what does "
            "layer 2 add?",
            "Down: a = slope_below * (W.T @ a). Up: change = a_here + W @ (slope_below * "
            "change_below).",
        ),
    ),
}
