"""Pictures of theorem T3: orders, bounds, and angles at every gain and depth."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ..runs.theorem import GAINS, bound_and_angle, spread_and_angle, strength, strengths

Array = np.ndarray


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


def draw_depth(scale: float, depth: int) -> str:
    """Spread of P's eigenvalues, and bound against measured angle, in every layer."""
    spread, measured = spread_and_angle(scale, depth)
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
