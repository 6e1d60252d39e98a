"""Pictures of theorem T3: how right it is, its bounds, and angles at every gain and depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.colours import layer
from ..runs.theorem import GAINS, bound_and_angle, spread_and_angle, strength, strengths

Array = np.ndarray
DEEPEST = 8


def draw_errors(errors: Mapping[str, Sequence[float]]) -> str:
    """How wrong P_l a_l is, one dot for each network, for several kinds of feedback."""
    looks = ("dh", "hebb")
    series = [
        Series(name, np.full(len(found), float(j)), np.array(found), "dots", colour=looks[j])
        for j, (name, found) in enumerate(errors.items())
    ]
    said = "; ".join(f"{name} {min(v):.1g} to {max(v):.1g}" for name, v in errors.items())
    label = (
        f"One dot for each network: how wrong P times a is, relative to what the layer did: {said}."
    )
    panel = Panel(
        "How wrong is P a? One dot, one network", "feedback", "relative error", series, y_log=True,
        x_range=(-0.6, len(errors) - 0.4), y_range=(1e-7, 10), x_names=list(errors),
    )  # fmt: skip
    return chart([panel], label, 520)


def draw_bound(bound: Array, measured: Array, guess: float | None = None) -> str:
    """Measured angles (B, L) against the largest possible ones (B, L), one point per input; layer
    1, where both are 0, is left out. guess: how far below the bound the learner expects layer 3."""
    series = [
        Series(f"layer {l + 1}", bound[:, l], measured[:, l], "points", colour=layer(l + 1))
        for l in range(1, bound.shape[1])
    ]
    top = float(max(bound.max(), measured.max())) + 2
    series.append(
        Series("measured = bound", np.array([0.0, top]), np.array([0.0, top]), colour="backprop")
    )
    if guess is not None:
        ends = np.array([guess, top])
        series.append(Series(f"you said {guess:g}° below", ends, ends - guess, colour="error"))
    inside = int((measured <= bound + 0.05).sum())
    label = (
        f"Scatter chart of measured angles against the Kantorovich bound for {len(bound)} digits "
        f"in layers 2 to {bound.shape[1]} (in layer 1 the bounds are 0). Of all {bound.size} "
        f"angles {inside} keep their bound: on or below the diagonal. "
        f"The largest measured angle is {measured.max():.0f} degrees, the largest bound "
        f"{bound.max():.0f}."
    )
    panel = Panel(
        "Every digit has its own bound", "largest possible angle (°)",
        "measured angle (°)", series, x_range=(0, top), y_range=(0, top),
    )  # fmt: skip
    return chart([panel], label, 372, 300)  # equal scales: the diagonal is at 45°


def draw_strength(k_p: float, network: int = 1) -> str:
    """Measured angle, that of P and the bound in every layer, and the error of P, at gain k_p."""
    table, now = strengths(network), strength(float(k_p), network)
    layers = np.arange(float(len(now.bound)))
    names = [str(l + 1) for l in range(len(layers))]
    left = [
        Series("bound", layers, np.array(now.bound), "line+points", colour="backprop"),
        Series("predicted by P", layers, np.array(now.predicted), "points", colour="voltage"),
        Series("measured", layers, np.array(now.measured), "points", colour="dh"),
    ]
    right = [
        Series(
            f"layer {l + 2}", GAINS, np.array([s.error[l + 1] for s in table]), colour=layer(l + 2)
        )
        for l in range(len(layers) - 1)
    ]
    over = [l + 1 for l in range(len(layers)) if now.measured[l] > now.bound[l] + 0.1]
    where = f"layer {', '.join(map(str, over))}" if over else "no layer"
    panels = [
        Panel(
            f"Above its bound: {where}", "layer", "angle to backprop (°)", left,
            x_range=(-0.3, len(layers) - 0.7), y_range=(-2, 93), x_names=names,
        ),
        Panel(
            "How wrong is P?", "gain kₚ", "relative error of P a", right, x_log=True,
            y_log=True, y_range=(1e-6, 3), marks=[("x", float(k_p), "this gain")],
        ),
    ]  # fmt: skip
    label = (
        f"Left: measured angles in layers 1 to 4 at gain {k_p:.2g}: "
        f"{', '.join(f'{v:.1f}' for v in now.measured)} degrees; the bounds are "
        f"{', '.join(f'{v:.1f}' for v in now.bound)}; above the bound: {where}. Right: the "
        f"relative error of the prediction grows with the gain; here it is {now.error[-1]:.1e} in "
        "layer 4."
    )
    return chart(panels, label, 680)


def draw_depth(scale: float, depth: int) -> str:
    """Spread of P's eigenvalues, and bound against measured angle, in every layer. Pale: the bound
    with the weights as they are drawn."""
    spread, measured = spread_and_angle(scale, depth)
    bound, _ = bound_and_angle(scale, depth)
    start, _ = bound_and_angle(1.0, DEEPEST)
    layers, all_layers = np.arange(float(depth)), np.arange(float(DEEPEST))
    names = [str(l + 1) for l in range(DEEPEST)]
    many = np.repeat(layers[None], len(measured), axis=0).ravel()
    far = (-0.3, DEEPEST - 0.7)
    panels = [
        Panel(
            "Spread of Pₗ", "layer", "λ max / λ min",
            [
                Series("largest of 12 inputs", layers, spread.max(0), "line+points", colour=0),
                Series("smallest", layers, spread.min(0), "line+points", colour=2),
            ],
            x_range=far, y_log=True, y_range=(0.8, 1e9), x_names=names,
        ),
        Panel(
            "Angle to backprop, 12 inputs", "layer", "angle (°)",
            [
                Series("bound, weights times 1", all_layers, start.max(0), ghost=True),
                Series("bound (largest)", layers, bound.max(0), "line+points", colour="backprop"),
                Series("measured", many, measured.ravel(), "points", colour="dh"),
            ],
            x_range=far, y_range=(-3, 93), x_names=names,
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
