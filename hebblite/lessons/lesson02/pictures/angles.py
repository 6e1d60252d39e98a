"""Pictures of angles: feedback that is turned, knowledge that is missing, chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....analysis import angles, total_angle
from ....teaching.chart import Panel, Series, chart, decimals, number
from ....teaching.schematic import Drawing
from ..runs.feedback import STEPS, Blend, losses_along, random_angles
from .dials import dial

Array = np.ndarray

#: The changes of the loss that the frame of ``draw_blend`` shows.
FRAME = (-0.25, 0.25)


def draw_blend(
    blend: Blend,
    degrees: float = 0,
    step: float = 0.1,
    guess: Mapping[str, float] | None = None,
) -> str:
    """Angles of the updates to backprop's, and the loss after one step along them, with feedback
    turned by ``degrees`` away from the transposes. guess: what the learner said of layer 1, by
    names such as "ψ = 60°"."""
    d, before = blend.updates(degrees), blend.net.loss(blend.x, blend.target)
    stand = [*angles(d, blend.backprop), total_angle(d, blend.backprop)]
    here, theirs = (
        float(losses_along(blend.net, blend.x, blend.target, u, [step])[0]) - before
        for u in (d, blend.backprop)
    )
    sentence = (
        f"<p style='min-height:2.6em'>Feedback turned by {degrees:g}°. One step of {step:.2g} "
        f"changes the loss by {decimals(here)}; along backprop's update it would be "
        f"{decimals(theirs)}.</p>"
    )
    said = (guess or {}).get(f"ψ = {degrees:g}°")
    return (
        sentence + _dials(stand, degrees, said) + _one_step(blend, degrees, d, step, here, before)
    )


def _dials(stand: Sequence[float], degrees: float, said: float | None) -> str:
    """How far each update is turned away from backprop's, as an angle."""
    names = ["layer 1", "layer 2", "layer 3", "all together"]
    told = ", ".join(f"{name} {a:.0f}°" for name, a in zip(names, stand, strict=True))
    d = Drawing(680, 194, f"Four dials with feedback turned by {degrees:g} degrees. The angle of "
                f"each update to backprop's: {told}. Below a right angle lies uphill.")  # fmt: skip
    colours = ["layer1", "layer2", "layer3", "apical"]
    for k, (name, a, colour) in enumerate(zip(names, stand, colours, strict=True)):
        guess = said if k == 0 else None
        words = name, f"{a:.0f}° from backprop's"
        dial(d, 30 + 166 * k, 92, 58, a, colour, words, ghost=guess, below="uphill")
    if said is not None:
        d.say(22, 188, f"you said {said:g}°", fixed=True)
    return d.svg()


def _one_step(
    blend: Blend, degrees: float, d: object, step: float, here: float, before: float
) -> str:
    """What a step does to the loss, against its size."""
    curve = losses_along(blend.net, blend.x, blend.target, d, STEPS) - before  # type: ignore[arg-type]
    beyond = " (above the frame)" if here > FRAME[1] else ""
    point = np.array([min(here, FRAME[1] - 0.01)])
    panel = Panel(
        "One step", "step size η", "change of the loss (nats)",
        [Series("this feedback", STEPS, curve, colour="apical"),
         Series("backprop", STEPS, blend.best, colour="backprop"),
         Series(f"your step{beyond}", np.array([step]), point, "points", colour="error")],
        x_log=True, y_range=FRAME, marks=[("y", 0.0, "no change")],
    )  # fmt: skip
    label = (
        f"Change of the loss after one step against the step size, with feedback turned by "
        f"{degrees:g} degrees, and along backprop's update. At {step:.2g} it changes by "
        f"{decimals(here)}."
    )
    return chart([panel], label, width=560, height=150)


def draw_ignorance(found: Sequence[dict[str, float]], guess: float | None = None) -> str:
    """The angle of layer 1's update to backprop's, a dot for each network, for each piece of
    knowledge that is missing. guess: what the learner said of the first."""
    names = list(found[0])
    x = np.repeat(np.arange(len(names)), len(found)).astype(float)
    y = np.array([each[name] for name in names for each in found])
    dots = [Series("a network", x, y, "dots", colour="layer1")]
    said = [] if guess is None else [("y", float(guess), f"you said {guess:g}°")]
    told = ", ".join(
        f"{name} {min(e[name] for e in found):.0f} to {max(e[name] for e in found):.0f}"
        for name in names
    )
    panel = Panel("What ignorance costs layer 1", "", "angle to backprop (°)", dots, x_names=names,
                  y_range=(0, 120), marks=[("y", 90.0, "right angle"), *said])  # fmt: skip
    label = f"Dots, one for each of {len(found)} networks. Angle to backprop in degrees: {told}."
    return chart([panel], label, width=680, height=190)


def draw_random_angles(n: float = 100) -> str:
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
               Series("57.3/√n", all_n, 57.3 / np.sqrt(all_n), colour="backprop"),
               Series("this n", np.array([n]), np.array([spread]), "points", colour=3)],
              x_log=True, y_log=True),
    ]  # fmt: skip
    summary = f"<p>n = {n:,}: measured 90° ± {spread:.2f}°, expected ± {theory:.2f}°.</p>"
    return summary + chart(panels, label)


def draw_slope_errors(h: Array, central: Array, forward: Array, guess: float | None = None) -> str:
    """Relative error of difference quotients (T,) against their step h (T,), both logarithmic.
    guess: the exponent of the best h that the learner expects."""
    best = int(np.argmin(central))
    label = (
        f"Log-log chart of the error of two difference quotients against the step h, from "
        f"{h.min():.0e} to {h.max():.0e}. The central one falls as h squared to {central[best]:.0e}"
        f" at h = {h[best]:.0e}; below that rounding makes it grow again. The forward one falls "
        f"as h, to {forward.min():.0e} at best."
    )
    guide = h >= 3e-4
    scale = central[np.argmax(h)] / h.max() ** 2
    said = [] if guess is None else [("x", 10.0**guess, f"you said {number(10.0**guess)}")]
    series = [
        Series("central", h, central, "points"),
        Series("forward", h, forward, "points"),
        Series("h² through the first point", h[guide], scale * h[guide] ** 2, colour="backprop"),
    ]
    panel = Panel("How exact is a finite difference?", "step h (weight units)",
                  "relative error of the slope", series, x_log=True, y_log=True,
                  marks=said)  # fmt: skip
    return chart([panel], label, width=560, height=220)
