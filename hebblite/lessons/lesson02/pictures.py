"""Pictures of lesson 02: one misread digit, difference quotients, angles, feedback alignment."""

from __future__ import annotations

import numpy as np

from ...analysis import angles, total_angle
from ...teaching.chart import Panel, Series, chart
from ...teaching.svg import images
from .runs import STEPS, Blend, Story, losses_along, random_angles, turn_one_weight

Array = np.ndarray

#: The changes of the loss that the frame of ``draw_blend`` shows.
FRAME = (-0.13, 0.25)


def draw_story(story: Story) -> str:
    """The misread digit, and the pixels whose synapses are blamed."""
    p = story.net.predict(story.x)[0]
    label = (
        f"A handwritten {story.label} in grey, which the network reads as {story.guess} with "
        f"probability {p[story.guess]:.2f}; it gives the right answer {p[story.label]:.2f}."
    )
    return images(
        [story.x.reshape(28, 28)],
        [f"a {story.label} read as {story.guess}"],
        label,
        columns=1,
        size=150,
    )


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
