"""Pictures, engine parts and exercises of lesson 02, "Credit assignment"."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis import angles, backprop_updates, total_angle
from ..data import Digits, one_hot
from ..errors import check_target
from ..frameworks import Backprop, Framework
from ..network import Network
from ..optim import SGD
from ..rules import Gradient, Updates
from ..stream import Block
from ..training import fit
from .chart import Panel, Series, chart
from .exercises import Exercise
from .svg import images

Array = np.ndarray
Deltas = Callable[[list[Array], list[Array], Array], Any]

# ---------------------------------------------------------------------- the engine with your piece


class WithDeltas(Framework):
    """A framework made from a function of exercise 02.1 or 02.3, for tanh networks.

    deltas: (matrices, rates, e) to delta_1..delta_L. matrices: the weights of the network at that
    moment, or ``feedback`` where that is given: fixed matrices, or a function of the network.
    Like Backprop, it yields one state, with delta in the place of the apical drive.
    """

    def __init__(
        self,
        deltas: Deltas,
        feedback: list[Array] | Callable[[Network], list[Array]] | None = None,
    ) -> None:
        self.deltas, self.feedback = deltas, feedback

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        v, rates = net.feedforward(x)
        target = check_target(target, len(rates[0]), net.sizes[-1], net.dtype)
        e = target - net.readout(rates[-1])
        if self.feedback is None:
            matrices = net.weights
        else:
            matrices = self.feedback(net) if callable(self.feedback) else self.feedback
        deltas = self.deltas(matrices, rates, e)
        rows = [v_l[None] for v_l in v]
        yield Block(
            time=np.zeros(1),
            rates=[r[None] for r in rates],
            voltages=rows,
            basal=rows,
            apical=[np.asarray(d, net.dtype)[None] for d in deltas],
            error=e[None],
            activations=net.activations,
        )


class Tilted(Gradient):
    """Backprop's update, tilted: to each array a perpendicular one is added, so long that the sum
    stands at ``degrees`` to the gradient. Its direction is drawn anew for each batch, or once."""

    def __init__(self, degrees: float, fresh: bool = True, seed: int = 0) -> None:
        self.tangent, self.fresh = float(np.tan(np.radians(degrees))), fresh
        self.rng = np.random.default_rng(seed)
        self.drawn: dict[int, Array] = {}

    def finish(self) -> Updates:
        updates = super().finish()
        for i, g in enumerate((*updates.weights, *updates.biases)):
            if self.fresh or i not in self.drawn:
                self.drawn[i] = self.rng.standard_normal(g.shape).astype(g.dtype)
            across = self.drawn[i] - np.vdot(self.drawn[i], g) / np.vdot(g, g) * g
            g += self.tangent * np.linalg.norm(g) / np.linalg.norm(across) * across
        return updates


def random_feedback(sizes: Sequence[int], seed: int, dtype: Any = "float32") -> list[Array]:
    """B_1..B_{L-1}, each (n_l, n_{l+1}), as large as Xavier's forward weights are on average."""
    rng = np.random.default_rng(seed)
    pairs = itertools.pairwise(sizes[1:])
    return [rng.normal(0, np.sqrt(2 / (n + m)), (n, m)).astype(dtype) for n, m in pairs]


# ---------------------------------------------------------------------- one wrong digit


@dataclass(frozen=True)
class Story:
    """A young network (float64), one test digit that it misreads, and the blame of each synapse.

    x: (1, 784). target: (1, 10). label, guess: what it is and what the network takes it for.
    blame: minus the gradient of the loss, for weights and biases.
    """

    net: Network
    x: Array
    target: Array
    label: int
    guess: int
    blame: Updates

    def synapse(self, rank: int) -> tuple[int, int]:
        """(neuron, pixel): the most blamed synapse of a neuron of layer 1; the neurons are
        ordered by it, and ``rank`` counts from 0."""
        size = np.abs(self.blame.weights[0])
        i = int(np.argsort(-size.max(axis=1), kind="stable")[rank])
        return i, int(size[i].argmax())


def young_network() -> Network:
    """784-64-32-10, tanh and softmax, before any learning."""
    return Network([784, 64, 32, 10], hidden="tanh", dtype="float64", seed=0)


def one_wrong_digit(digits: Digits) -> Story:
    """Let a network learn from 3,000 digits, once each; take the first test digit it misreads."""
    net = young_network()
    x, y = digits.x_train[:3000], digits.y_train[:3000]
    fit(net, Backprop(), Gradient(), x, y, optimizer=SGD(0.05), epochs=1, batch_size=64,
        progress=False)  # fmt: skip
    guesses = net.predict(digits.x_test).argmax(axis=1)
    index = int(np.flatnonzero(guesses != digits.y_test)[0])
    x = digits.x_test[index : index + 1].astype(np.float64)
    label = int(digits.y_test[index])
    target = one_hot([label], dtype="float64")
    return Story(net, x, target, label, int(guesses[index]), backprop_updates(net, x, target))


def turn_one_weight(story: Story, i: int, j: int, values: Array) -> tuple[Array, Array]:
    """Losses (T,) and predictions (T, 10) of the digit with W_1[i, j] set to each of ``values``."""
    net = story.net
    voltages, _ = net.feedforward(story.x)
    v = np.repeat(voltages[0], len(values), axis=0)
    v[:, i] += (values - net.weights[0][i, j]) * story.x[0, j]  # no other drive moves
    r = np.tanh(v)
    for W, beta, phi in zip(net.weights[1:], net.biases[1:], net.activations[1:], strict=True):
        r = phi.rate(r @ W.T + beta)
    target = np.repeat(story.target, len(values), axis=0)
    return net.losses(r, target), net.readout(r)


def draw_story(story: Story) -> str:
    """The misread digit, and the pixels whose synapses are blamed."""
    p = story.net.predict(story.x)[0]
    label = (
        f"A handwritten {story.label} in grey, which the network reads as {story.guess} with "
        f"probability {p[story.guess]:.2f}; it gives the right answer {p[story.label]:.2f}."
    )
    return images([story.x.reshape(28, 28)], [f"a {story.label} read as {story.guess}"], label,
                  columns=1, size=150)  # fmt: skip


def draw_one_weight(story: Story, rank: int = 1, reach: float = 0.1) -> str:
    """Loss and prediction as one synapse of layer 1 is turned by up to ``reach`` either way."""
    i, j = story.synapse(rank - 1)
    w, blame = story.net.weights[0][i, j], story.blame.weights[0][i, j]
    values = w + np.linspace(-reach, reach, 121)
    loss, p = turn_one_weight(story, i, j, values)
    tangent = loss[60] - blame * (values - w)
    right, wrong = p[:, story.label], p[:, story.guess]
    repaired = bool((p.argmax(axis=1) == story.label).any())
    span = float(loss.min()), float(loss.max())
    margin = 0.15 * (span[1] - span[0]) + 1e-9
    verdict = "somewhere it is read right" if repaired else "within this reach it is read wrong"
    label = (
        f"Two line charts over the weight from pixel {j} to neuron {i} of layer 1, from "
        f"{values[0]:.2f} to {values[-1]:.2f}. The loss goes between {span[0]:.3f} and "
        f"{span[1]:.3f}; its slope at the weight's own value {w:.3f} is {-blame:.4f}. The "
        f"probability of the right answer stays between {right.min():.2f} and {right.max():.2f}: "
        f"{verdict}."
    )
    here = [("x", float(w), "as it is")]
    wide = -reach - abs(w), reach + abs(w)  # the ticks at ±reach are within
    panels = [
        Panel("Turn one weight", f"weight W₁[{i}, {j}]", "loss (nats)",
              [Series("loss", values, loss), Series("slope at w", values, tangent)],
              x_range=wide, y_range=(span[0] - margin, span[1] + margin), marks=here),
        Panel("What the network says", f"weight W₁[{i}, {j}]", "probability",
              [Series(f"that it is a {story.label}", values, right),
               Series(f"that it is a {story.guess}", values, wrong)],
              x_range=wide, y_range=(-0.02, 1.02), marks=here),
    ]  # fmt: skip
    summary = (
        f"<p>The most blamed synapse of neuron {i}: slope of the loss {-blame:.4f}. "
        f"Turned by ±{reach:.2g}: loss {loss[60]:.3f} → at best {span[0]:.3f}; {verdict}.</p>"
    )
    return summary + chart(panels, label)


def draw_orders(h: Array, central: Array, forward: Array) -> str:
    """Relative error of difference quotients (T,) against their step h (T,), both logarithmic."""
    best = int(np.argmin(central))
    label = (
        f"Log-log chart of the error of two difference quotients against the step h, from "
        f"{h.min():.0e} to {h.max():.0e}. The central one falls as h squared to {central[best]:.0e}"
        f" at h = {h[best]:.0e}; below that rounding makes it grow again. The forward one falls "
        f"as h, to {forward.min():.0e} at best."
    )
    guide = h >= 3e-4
    scale = central[np.argmax(h)] / h.max() ** 2
    panel = Panel(
        "How exact is a finite difference?",
        "step h (weight units)",
        "relative error of the slope",
        [
            Series("central", h, central, "points"),
            Series("forward", h, forward, "points"),
            Series("h² through the first point", h[guide], scale * h[guide] ** 2, "line", colour=2),
        ],
        x_log=True,
        y_log=True,
    )
    return chart([panel], label, width=560, height=220)


# ---------------------------------------------------------------------- angles


def random_angles(n: int, count: int, seed: int = 0) -> Array:
    """Angles in degrees (count,) of random directions in n dimensions to one fixed direction.

    By symmetry the fixed one may be the first axis. Then the cosine is z / sqrt(z^2 + c), with a
    normal z and the sum c of the n - 1 other squares, drawn as one number (chi-squared).
    """
    rng = np.random.default_rng([n, seed])
    z = rng.standard_normal(count)
    rest = rng.chisquare(n - 1, count)
    return np.degrees(np.arccos(z / np.sqrt(z**2 + rest)))


def draw_random_angles(n: float = 10) -> str:
    """Where random directions in n dimensions point, and how their spread falls with n."""
    n = max(2, round(n))
    found = random_angles(n, 2000)
    spread, theory = float(np.std(found)), 57.3 / np.sqrt(n)
    if 4 * theory < 90:  # bins as fine as the spread asks for
        edges = np.r_[0, 90 + theory * np.linspace(-4, 4, 25), 180]
    else:
        edges = np.linspace(0, 180, 31)
    density = np.histogram(found, edges)[0] / np.diff(edges)
    share = density / density.max() * 100
    all_n = np.unique(np.round(np.geomspace(2, 100_000, 12)).astype(int))
    spreads = np.array([np.std(random_angles(int(k), 2000)) for k in all_n])
    label = (
        f"Left: histogram of the angles of 2,000 random directions in {n} dimensions, centred on "
        f"90 degrees with a standard deviation of {spread:.2f}. Right: log-log chart of this "
        f"deviation against the number of dimensions: points on the line 57.3 / root n, which is "
        f"{theory:.2f} here."
    )
    panels = [
        Panel("Angles to a fixed direction", "angle (degrees)", "density (% of its peak)",
              [Series(f"n = {n:,}", edges, np.append(share, share[-1]), "steps")],
              x_range=(0, 180), y_range=(0, 104), marks=[("x", 90.0, "right angle")]),
        Panel("Spread", "dimensions n", "std of the angle (degrees)",
              [Series("measured", all_n, spreads, "points"),
               Series("57.3/√n", all_n, 57.3 / np.sqrt(all_n), colour=1),
               Series("this n", np.array([n]), np.array([spread]), "points", colour=3)],
              x_log=True, y_log=True),
    ]  # fmt: skip
    summary = f"<p>n = {n:,}: measured 90° ± {spread:.2f}°, expected ± {theory:.2f}°.</p>"
    return summary + chart(panels, label)


#: Step sizes of the widget's curves; FRAME: the changes of the loss that its frame shows.
STEPS = np.geomspace(0.01, 3, 60)
FRAME = (-0.13, 0.25)


@dataclass(frozen=True)
class Blend:
    """What the feedback widget needs: a network, a batch, backprop's update, random matrices."""

    net: Network
    x: Array
    target: Array
    backprop: Updates
    across: list[Array]  # perpendicular to W_{l+1}^T and as long, (n_l, n_{l+1})
    best: Array  # what STEPS along backprop's update do to the loss, (T,)

    def feedback(self, degrees: float) -> list[Array]:
        """B_1..B_{L-1}, each turned by ``degrees`` away from W_{l+1}^T, at equal length."""
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return [c * W.T + s * R for W, R in zip(self.net.weights[1:], self.across, strict=True)]

    def updates(self, degrees: float) -> Updates:
        """The update with this feedback."""
        framework = WithDeltas(aligned_deltas, self.feedback(degrees))
        updates: Updates = Gradient()(framework.teach(self.net, self.x, self.target))
        return updates


def blend(digits: Digits, seed: int = 2, batch: int = 128) -> Blend:
    """The widget's network after 3,000 digits, with random feedback to turn towards."""
    net = young_network()
    fit(net, Backprop(), Gradient(), digits.x_train[:3000], digits.y_train[:3000],
        optimizer=SGD(0.05), epochs=1, batch_size=64, progress=False)  # fmt: skip
    x = digits.x_train[:batch].astype(np.float64)
    target = one_hot(digits.y_train[:batch], dtype="float64")
    rng, across = np.random.default_rng(seed), []
    for W in net.weights[1:]:
        R = rng.standard_normal(W.T.shape)
        R -= np.vdot(R, W.T) / np.vdot(W, W) * W.T
        across.append(R * np.linalg.norm(W) / np.linalg.norm(R))
    g = backprop_updates(net, x, target)
    best = losses_along(net, x, target, g, STEPS) - net.loss(x, target)
    return Blend(net, x, target, g, across, best)


def losses_along(
    net: Network, x: Array, target: Array, d: Updates, steps: Sequence[float] | Array
) -> Array:
    """The mean loss after a step of each size along the update ``d``, (T,)."""
    v, _ = net.feedforward(x)
    dv = x @ d.weights[0].T + d.biases[0]  # layer 1 is linear in the step: one product for all
    found = []
    for step in steps:
        r = np.tanh(v[0] + step * dv)
        for l in range(1, net.depth):
            W = net.weights[l] + step * d.weights[l]
            beta = net.biases[l] + step * d.biases[l]
            r = net.activations[l].rate(r @ W.T + beta)
        found.append(float(np.mean(net.losses(r, target))))
    return np.array(found)


def draw_blend(blend: Blend, degrees: float = 0, step: float = 0.1) -> str:
    """Angles of the updates to backprop's, and the loss after one step along them, with feedback
    turned by ``degrees`` away from the transposes."""
    d, before = blend.updates(degrees), blend.net.loss(blend.x, blend.target)
    each, total = angles(d, blend.backprop), total_angle(d, blend.backprop)
    curve = losses_along(blend.net, blend.x, blend.target, d, STEPS) - before
    here, theirs = (
        float(losses_along(blend.net, blend.x, blend.target, u, [step])[0]) - before
        for u in (d, blend.backprop)
    )
    words = ", ".join(f"{a:.0f}° in layer {l + 1}" for l, a in enumerate(each))
    words += f", {total:.0f}° all together"
    beyond = " (above the frame)" if here > FRAME[1] else ""
    changes = f"{here:+.3f} (backprop: {theirs:+.3f})".replace("-", "−")
    label = (
        f"Feedback turned by {degrees:g} degrees away from the transposes. Left: bars of the "
        f"angle of each update to backprop's: {words}. Right: change of the loss after one step "
        f"against the step size; at {step:.2g} it changes by {changes}."
    )
    panels = [
        Panel("Angle to backprop", "layer", "angle (degrees)",
              [Series("with this feedback", np.arange(4.0), np.array([*each, total]), "bars")],
              x_names=[f"{name}: {a:.0f}°" for name, a in zip("123", each, strict=True)]
              + [f"all: {total:.0f}°"],  # the numbers: a bar of 0° cannot be seen
              y_range=(0, 185), marks=[("y", 90.0, "right angle")]),
        Panel("One step", "step size η", "change of the loss (nats)",
              [Series("this feedback", STEPS, curve),
               Series("backprop", STEPS, blend.best),
               Series(f"your step{beyond}", np.array([step]),
                      np.array([min(here, FRAME[1] - 0.01)]), "points", colour=3)],
              x_log=True, y_range=FRAME, marks=[("y", 0.0, "no change")]),
    ]  # fmt: skip
    summary = (
        f"<p>Feedback turned by {degrees:g}°: the update stands at {words}. "
        f"Step {step:.2g}: the loss changes by {changes}.</p>"
    )
    return summary + chart(panels, label)


def draw_bars(values: dict[str, float], title: str, y_label: str) -> str:
    """One bar for each name, with its value in the text alternative."""
    listed = ", ".join(f"{name} {value:.0f}" for name, value in values.items())
    panel = Panel(
        title,
        "",
        y_label,
        [Series("", np.arange(float(len(values))), np.array([*values.values()]), "bars")],
        x_names=[f"{name}: {value:.0f}°" for name, value in values.items()],
        y_range=(0, 100),
        marks=[("y", 90.0, "right angle: no help")],
    )
    return chart([panel], f"Bar chart, {title}, {y_label}: {listed}.", width=680, height=170)


# ---------------------------------------------------------------------- feedback alignment


def draw_alignment(seen: Array, degrees: Array, forward: Array, accuracy: dict[str, Array]) -> str:
    """Angles and accuracy over training. seen: (T,) digits seen. degrees: (T, 2) angle of the
    updates of layers 1 and 2 to backprop's. forward: (T, 2) angle of W_2, W_3 to B_1^T, B_2^T."""
    thousands = seen / 1000
    ends = ", ".join(f"{name} {100 * a[-1]:.0f} percent" for name, a in accuracy.items())
    start, end = [*degrees[0], *forward[0]], [*degrees[-1], *forward[-1]]
    told = [f"{a:.0f} to {b:.0f}" for a, b in zip(start, end, strict=True)]
    label = (
        "With fixed random feedback, left: the angles of the updates to backprop's go from "
        f"{told[0]} degrees in layer 1 and from {told[1]} in layer 2. Right: the angles of the "
        f"forward weights to the feedback go from {told[2]} for W₂ and from {told[3]} for W₃."
    )
    right_angle = [("y", 90.0, "right angle")]
    panels = [
        Panel("Updates to backprop's", "digits seen (thousands)", "angle (degrees)",
              [Series("layer 1", thousands, degrees[:, 0]),
               Series("layer 2", thousands, degrees[:, 1])],
              y_range=(0, 100), marks=right_angle),
        Panel("Forward weights to the feedback", "digits seen (thousands)", "angle (degrees)",
              [Series("W₂ to B₁ᵀ", thousands, forward[:, 0], colour=2),
               Series("W₃ to B₂ᵀ", thousands, forward[:, 1], colour=3)],
              y_range=(0, 100), marks=right_angle),
    ]  # fmt: skip
    reads = [Series(name, thousands, 100 * a) for name, a in accuracy.items()]
    below = Panel("Does it learn?", "digits seen (thousands)", "test accuracy (%)", reads,
                  y_range=(0, 100))  # fmt: skip
    sentence = f"Line chart of the test accuracy over training, at the end: {ends}."
    return chart(panels, label) + chart([below], sentence)


def draw_tilted(losses: dict[str, Array]) -> str:
    """Training loss of each epoch (T,) for several runs, on a logarithmic axis."""
    ends = "; ".join(f"{name}: {y[-1]:.2f}" for name, y in losses.items())
    series = [
        Series(name, np.arange(float(len(y))), y, "line+points") for name, y in losses.items()
    ]
    epochs = [str(k + 1) for k in range(max(map(len, losses.values())))]
    panel = Panel("Tilted updates", "epoch", "training loss (nats, logarithmic)", series,
                  y_log=True, x_names=epochs)  # fmt: skip
    return chart([panel], f"Line chart of the training loss. After the last epoch: {ends}.", 560)


# ---------------------------------------------------------------------- references of the exercises


def deltas(weights: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """delta_L = e and delta_l = D_l W_{l+1}^T delta_{l+1}, rows for inputs: tanh, linear output."""
    found = [e]
    for l in range(len(weights) - 1, 0, -1):
        found.insert(0, (found[0] @ weights[l]) * (1 - rates[l] ** 2))
    return found


def degrees_between(a: Array, b: Array) -> float:
    """The angle between two arrays of one shape, in degrees; 90 if either is zero."""
    size = np.linalg.norm(a) * np.linalg.norm(b)
    if size == 0:
        return 90.0
    return float(np.degrees(np.arccos(np.clip(np.sum(a * b) / size, -1, 1))))


def aligned_deltas(feedback: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """delta_L = e and delta_l = D_l B_l delta_{l+1}: ``feedback`` holds B_1..B_{L-1}."""
    found = [e]
    for l in range(len(feedback), 0, -1):
        found.insert(0, (found[0] @ feedback[l - 1].T) * (1 - rates[l] ** 2))
    return found


# ---------------------------------------------------------------------- exercises 02.1 and 02.3

Slope = Callable[[Array], Array]


def _tanh_slope(r: Array) -> Array:
    return 1 - r**2


def _no_slope(r: Array) -> Array:
    return np.ones_like(r)


def _pass(down: list[Array], rates: list[Array], e: Array, slope: Slope, top: Slope) -> list[Array]:
    """A backward pass with the matrices ``down`` (n_{l+1}, n_l) and any slopes."""
    found = [top(rates[-1]) * e]
    for l in range(len(down), 0, -1):
        found.insert(0, (found[0] @ down[l - 1]) * slope(rates[l]))
    return found


def _variant(
    slope: Slope = _tanh_slope, top: Slope = _no_slope, transposed: bool = False
) -> Callable[..., list[Array]]:
    """A backward pass as an answer to 02.1, or to 02.3 (``transposed``)."""

    def answer(matrices: list[Array], rates: list[Array], e: Array) -> list[Array]:
        down = [B.T for B in matrices] if transposed else matrices[1:]
        return _pass(down, rates, e, slope, top)

    return answer


def _diagonal_of_the_batch(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """np.diag of a batch of slopes: its diagonal, not a diagonal matrix for each input."""
    found = [e]
    for l in range(len(down), 0, -1):
        found.insert(0, (found[0] @ down[l - 1]) * np.diag(_tanh_slope(rates[l])))
    return found


def _own_slope_only(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """Each delta is multiplied by the slope of its own layer, not by those above it."""
    raw = _pass(down, rates, e, _no_slope, _no_slope)
    return [d * (1 - r**2) for d, r in zip(raw[:-1], rates[1:-1], strict=True)] + [e]


def _no_slope_below_the_top(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """The slope is taken in the highest hidden layer alone."""
    found = [e]
    for l in range(len(down), 0, -1):
        slope = _tanh_slope(rates[l]) if l == len(down) else 1.0
        found.insert(0, (found[0] @ down[l - 1]) * slope)
    return found


def _slope_of_the_layer_above(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """The slopes are multiplied before the way down, so they are those of the layer above."""
    found = [e]
    for l in range(len(down), 0, -1):
        found.insert(0, (found[0] * _tanh_slope(rates[l + 1])) @ down[l - 1])
    return found


def _sign_at_each_step(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """A minus at every hidden layer."""
    right = _pass(down, rates, e, _tanh_slope, _no_slope)
    return [d * (-1) ** (len(down) - l) for l, d in enumerate(right)]


def _rows(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """Input by input, synapse by synapse."""
    found = [np.array(e, float)]
    for l in range(len(down), 0, -1):
        below = np.zeros((len(e), down[l - 1].shape[1]))
        for b in range(len(e)):
            for j in range(below.shape[1]):
                for i in range(down[l - 1].shape[0]):
                    below[b, j] += down[l - 1][i, j] * found[0][b, i]
                below[b, j] *= 1 - rates[l][b, j] ** 2
        found.insert(0, below)
    return found


def _by_jacobian(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """delta_l = J_l^T e, with J_l made whole."""
    J = [np.broadcast_to(np.eye(e.shape[1]), (len(e), e.shape[1], e.shape[1]))]
    for l in range(len(down), 0, -1):
        J.insert(0, (J[0] @ down[l - 1]) * (1 - rates[l][:, None, :] ** 2))
    return [np.einsum("bki,bk->bi", J_l, e) for J_l in J]


def _problem(seed: int, key: int) -> tuple[list[Array], list[Array], Array]:
    rng = np.random.default_rng([key, seed])
    depth = 2 + seed % 3
    sizes = rng.permutation(np.arange(2, 9))[: depth + 1]  # no two alike: a slip shows as a shape
    batch = int(rng.integers(9, 12))
    weights = [rng.normal(0, 0.8, (n, m)) for n, m in zip(sizes[1:], sizes[:-1], strict=True)]
    rates = [rng.uniform(0, 1, (batch, sizes[0]))]
    for W in weights[:-1]:
        rates.append(np.tanh(rates[-1] @ W.T))
    rates.append(rates[-1] @ weights[-1].T)
    return weights, rates, rng.normal(0, 1, (batch, sizes[-1]))


def _problem_with_feedback(seed: int) -> tuple[list[Array], list[Array], Array]:
    weights, rates, e = _problem(seed, 23)
    rng = np.random.default_rng([24, seed])
    return [rng.normal(0, 0.8, W.T.shape) for W in weights[1:]], rates, e


NO_SLOPE = (
    "the slopes are missing: after the way down, each δ is multiplied by φ' of its own layer."
)
TOP_SLOPE = "there is a slope too many at the output: its rate *is* its voltage, so φ' = 1 there."
SIGMOID = "that is the slope of a sigmoid, r (1 − r); these neurons have φ = tanh."
TWICE = "the slope takes tanh of a rate, which is already tanh(v): write φ'(v) with r alone."
NOT_SQUARED = "the slope of tanh is not 1 − r: differentiate tanh(v) and write it with r."
OWN_SLOPE = (
    "each δ has the slope of its own layer, but those of the layers above are lost on the way: go "
    "down from δ of the layer above, slope included."
)
DIAGONAL = (
    "np.diag of a (B, n) array takes its diagonal: it mixes up inputs and neurons. D_l is a "
    "diagonal matrix for each input; for rows, multiply entry by entry with the slopes."
)
TOP_ONLY = "only the highest hidden layer has its slope; every hidden layer needs one."
ORDER = "the order is reversed: the list begins with δ of layer 1 and ends with the output."
SIGN = "the sign is the wrong way round: e is target minus prediction, and δ has its sign."
STEP_SIGN = (
    "a minus comes in at every hidden layer. The sign is in e, once; the way down adds none."
)
ABOVE = (
    "the slopes are those of the layer above: multiply *after* the way down, with the rates of the "
    "layer that you have reached."
)
UPDATES = "that is δ r^T, the update of the weights; return δ."
UPDATES_MEAN = (
    "that is the mean of δ r^T, the update of the weights; return δ, a row for each input."
)
MEAN = "you divide by the batch: there is one δ for each input; the average comes with the update."


def _wrong(adapt: Callable[[list[Array]], list[Array]], transposed: bool) -> tuple[Any, ...]:
    """The known mistakes of a backward pass. adapt: from the first argument to the matrices that
    lead down, each (n_{l+1}, n_l)."""

    def plain(matrices: list[Array], rates: list[Array], e: Array) -> list[Array]:
        return _pass(adapt(matrices), rates, e, _tanh_slope, _no_slope)

    def updates(matrices: list[Array], rates: list[Array], e: Array) -> list[Array]:
        return [d.T @ r for d, r in zip(plain(matrices, rates, e), rates, strict=False)]

    return (
        (lambda m, r, e: [-d for d in plain(m, r, e)], SIGN),
        (_variant(_no_slope, transposed=transposed), NO_SLOPE),
        (_variant(top=_tanh_slope, transposed=transposed), TOP_SLOPE),
        (_variant(lambda r: r * (1 - r), transposed=transposed), SIGMOID),
        (_variant(lambda r: 1 - np.tanh(r) ** 2, transposed=transposed), TWICE),
        (_variant(lambda r: 1 - r, transposed=transposed), NOT_SQUARED),
        (lambda m, r, e: _own_slope_only(adapt(m), r, e), OWN_SLOPE),
        (lambda m, r, e: _diagonal_of_the_batch(adapt(m), r, e), DIAGONAL),
        (lambda m, r, e: _no_slope_below_the_top(adapt(m), r, e), TOP_ONLY),
        (lambda m, r, e: plain(m, r, e)[::-1], ORDER),
        (lambda m, r, e: [d / len(e) for d in plain(m, r, e)], MEAN),
        (lambda m, r, e: _sign_at_each_step(adapt(m), r, e), STEP_SIGN),
        (lambda m, r, e: _slope_of_the_layer_above(adapt(m), r, e), ABOVE),
        (updates, UPDATES),
        (lambda m, r, e: [u / len(e) for u in updates(m, r, e)], UPDATES_MEAN),
    )


# ---------------------------------------------------------------------- exercise 02.2


def _pair(seed: int) -> tuple[Array, Array]:
    """Two updates: below 90° in three dimensions and with some zeros; opposite, with sum 0 and
    rounding beyond -1; one zero; above 90°, in one dimension and tiny."""
    rng = np.random.default_rng([22, seed])
    n, m = int(rng.integers(3, 6)), 2 * int(rng.integers(3, 5))
    kind = seed % 4
    if kind == 0:
        a = rng.normal(0, 1, (2, n, m)) + 0.3
        a[:, 0, : m // 2] = 0
        return a, 50 * (rng.normal(0, 1, a.shape) + 0.5 * a)
    if kind == 1:
        for _ in range(200):
            half = rng.integers(1, 6, (n, m // 2)).astype(float)
            a = np.hstack([half, -half])
            b = -3 * a
            if np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b)) < -1:
                break  # a cosine that arccos refuses unless it is clipped
        return a, b
    a = rng.normal(0, 1, (n, m)) + 0.3
    if kind == 2:
        return a, np.zeros((n, m))
    a = a.ravel()
    return 1e-10 * a, 1e-10 * (rng.normal(0, 1, a.shape) - 0.4 * a)


def _angle_with(
    size: Callable[[Array], Any] = np.linalg.norm,
    turn: Callable[[Any], Any] = lambda c: np.degrees(np.arccos(c)),
    zero: float = 90.0,
) -> Callable[[Array, Array], Any]:
    def answer(a: Array, b: Array) -> Any:
        product = size(a) * size(b)
        return turn(np.clip(np.sum(a * b) / product, -1, 1)) if product else zero

    return answer


def _centred(a: Array, b: Array) -> float:
    if not a.any() or not b.any():
        return 90.0
    return degrees_between(a - a.mean(), b - b.mean())


def _mean_over_rows(a: Array, b: Array) -> float:
    return float(np.mean([degrees_between(p, q) for p, q in zip(a, b, strict=True)]))


def _one_norm(a: Array, b: Array) -> float:
    if not a.any() or not b.any():
        return 90.0
    return float(np.degrees(np.arccos(np.clip(np.sum(a * b) / np.linalg.norm(a) ** 2, -1, 1))))


def _bare(a: Array, b: Array) -> Any:
    return np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b))


def _no_roots(a: Array, b: Array) -> Any:
    return np.sum(a * b) / (np.sum(a * a) * np.sum(b * b))


def _to_degrees(cosine: Any) -> Any:
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def _bare_rows(a: Array, b: Array) -> Any:
    return np.mean([_to_degrees(_bare(p, q)) for p, q in zip(a, b, strict=True)])


def _ninety_if(zero: Callable[[Array], Any]) -> Callable[[Array, Array], Any]:
    """Right, but for what it takes for an update of zeros."""
    return lambda a, b: 90.0 if zero(a) or zero(b) else degrees_between(a, b)


def _half_angle(a: Array, b: Array) -> float:
    """From the lengths of sum and difference of the unit vectors, which needs no clipping."""
    if not a.any() or not b.any():
        return 90.0
    p, q = a.ravel() / np.linalg.norm(a), b.ravel() / np.linalg.norm(b)
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(p - q), np.linalg.norm(p + q))))


def _by_loop(a: Array, b: Array) -> float:
    dot = aa = bb = 0.0
    for p, q in zip(a.ravel(), b.ravel(), strict=True):
        dot, aa, bb = dot + p * q, aa + p * p, bb + q * q
    if aa * bb == 0:
        return 90.0
    return float(np.degrees(np.arccos(max(-1.0, min(1.0, dot / (aa**0.5 * bb**0.5))))))


EXERCISES = {
    "02.1": Exercise(
        title="the backward pass",
        cases=lambda seed: _problem(seed, 21),
        reference=deltas,
        right=(
            lambda weights, rates, e: _rows(weights[1:], rates, e),
            lambda weights, rates, e: _by_jacobian(weights[1:], rates, e),
            lambda weights, rates, e: tuple(deltas(weights, rates, e)),
        ),
        wrong=_wrong(lambda weights: weights[1:], transposed=False),
        hints=(
            "Begin at the end: what is δ of the output layer, where φ is linear?",
            "For a batch, δ_{l+1} has shape (B, n_{l+1}) and W_{l+1} has (n_{l+1}, n_l). One "
            "product without any transpose gives (B, n_l). In the list, W_{l+1} is weights[l]. D_l "
            "then multiplies entry by entry: * (1 - r**2), with r = rates[l].",
            "Begin with answer = [e] and loop over l = L−1, ..., 1: take the δ at the front of the "
            "list through weights[l], multiply by the slopes of rates[l], and put the result at "
            "the front (list.insert(0, ...)).",
        ),
    ),
    "02.2": Exercise(
        title="the angle between two updates",
        cases=_pair,
        reference=degrees_between,
        right=(
            _half_angle,
            _by_loop,
            lambda a, b: _angle_with(lambda w: np.sqrt((w * w).sum()))(a, b),
        ),
        wrong=(
            (
                _angle_with(turn=np.arccos),
                "that is in radians: the answer is in degrees.",
            ),
            (
                _angle_with(turn=np.arccos, zero=np.pi / 2),
                "everything is in radians, also for an update of zeros: the answer is in degrees.",
            ),
            (
                lambda a, b: min(degrees_between(a, b), 90.0),
                "you clip the cosine to [0, 1], so no angle is above 90°. It goes down to −1.",
            ),
            (
                _angle_with(turn=lambda c: c),
                "that is the cosine; the angle is still to be taken from it.",
            ),
            (
                _angle_with(turn=lambda c: np.degrees(np.arcsin(c))),
                "arcsin measures from the wrong axis: equal directions must give 0, not 90.",
            ),
            (
                _angle_with(turn=lambda c: np.degrees(np.arccos(abs(c)))),
                "it cannot tell a direction from its opposite: keep the sign of the inner product.",
            ),
            (
                _angle_with(turn=lambda c: 180 - np.degrees(np.arccos(c))),
                "equal directions must give 0 and opposite ones 180: yours are the other way "
                "round.",
            ),
            (
                _mean_over_rows,
                "you average an angle for each row. Read the whole update as one long vector.",
            ),
            (
                _centred,
                "you subtract the means: that is a correlation, not an angle.",
            ),
            (
                _one_norm,
                "the length of the second update is not divided out: an angle has no scale.",
            ),
            (
                _angle_with(zero=0.0),
                "right, but for an update of zeros: it has no direction and helps no one, so "
                "return 90.",
            ),
            (
                _ninety_if(lambda w: (w == 0).any()),
                "an update with *some* zeros has a direction all the same: 90 is for one that is "
                "zero everywhere. (`a.all()` asks whether every entry differs from 0.)",
            ),
            (
                _ninety_if(lambda w: np.sum(w) == 0),
                "an update whose entries sum to 0 is not zero: ask for its length.",
            ),
            (
                _ninety_if(lambda w: np.allclose(w, 0)),
                "right, but for tiny updates: 1e-10 times an update has the same direction. "
                "Compare lengths with exactly 0, and add nothing to them.",
            ),
            (
                _bare,
                "that is the cosine; the angle is still to be taken from it. And where an update "
                "is zero, 0 is divided by 0.",
            ),
            (
                lambda a, b: np.degrees(np.arccos(_bare(a, b))) if b.any() else 90.0,
                "right, but for rounding: a cosine just beyond −1 or 1 gives NaN. Clip it first.",
            ),
            (
                lambda a, b: _to_degrees(_bare(a, b)),
                "right, but for an update of zeros: 0 is divided by 0 and gives NaN. Return 90.0 "
                "before you divide.",
            ),
            (
                lambda a, b: np.degrees(np.arccos(_bare(a, b))),
                "right, but for both traps: clip the cosine, and return 90.0 for zeros before you "
                "divide. Each gives NaN.",
            ),
            (
                lambda a, b: _to_degrees(_no_roots(a, b)) if b.any() else 90.0,
                "a length is the *root* of a sum of squares.",
            ),
            (
                lambda a, b: _to_degrees(_no_roots(a, b)),
                "a length is the *root* of a sum of squares; and an update of zeros gives NaN.",
            ),
            (
                lambda a, b: np.degrees(np.arccos(_no_roots(a, b))),
                "a length is the *root* of a sum of squares; then clip the cosine, and return 90.0 "
                "for zeros before you divide.",
            ),
            (
                _bare_rows,
                "you average an angle for each row. Read the whole update as one long vector; and "
                "return 90.0 for zeros before you divide.",
            ),
        ),
        hints=(
            "Flatten both, or sum over all entries: cos = ⟨a, b⟩ / (|a| |b|).",
            "Rounding can push a cosine to 1.0000000000000002, and arccos of that is NaN: clip it "
            "to [−1, 1]. If a length is 0, return 90.0 before you divide.",
            "np.degrees(np.arccos(np.clip(np.sum(a * b) / (np.linalg.norm(a) * "
            "np.linalg.norm(b)), -1, 1)))",
        ),
        tolerance=1e-5,
    ),
    "02.3": Exercise(
        title="the backward pass of feedback alignment",
        cases=_problem_with_feedback,
        reference=aligned_deltas,
        right=(
            lambda feedback, rates, e: _rows([B.T for B in feedback], rates, e),
            lambda feedback, rates, e: _by_jacobian([B.T for B in feedback], rates, e),
            lambda feedback, rates, e: deltas([np.zeros(0), *(B.T for B in feedback)], rates, e),
        ),
        wrong=_wrong(lambda feedback: [B.T for B in feedback], transposed=True),
        hints=(
            "Take your backward pass from 02.1. Which matrix stood there, and what is its shape?",
            "B_l has the shape of W_{l+1}^T: (n_l, n_{l+1}). A batch of δ_{l+1} is (B, n_{l+1}), "
            "so now a transpose is needed. In the list, B_l is feedback[l - 1].",
            "Your loop of 02.1 with feedback[l - 1].T in the place of weights[l]; L − 1 is now the "
            "length of the list.",
        ),
    ),
}
