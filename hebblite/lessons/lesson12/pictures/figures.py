"""The paper's figures from our stored runs, as far as there are runs."""

from __future__ import annotations

from ..runs import courses
from .curves import draw_angles, draw_error, draw_samples, draw_surprise, draw_together

Runs = courses.Runs


def figures(runs: Runs, surprise: Runs = ()) -> dict[str, str]:
    """Drawings by what they show and whose network it is. runs: as planned; surprise: with shifted
    labels."""
    drawn = {}
    for method in ("dfc-dh", "bp"):
        own = courses.of(runs, method)
        if own:
            angles = courses.angle_courses(own)
            names = list(courses.PAIRS.values())
            by = f"trained by {courses.METHODS[method]}"
            drawn[f"angles of DH, {by}"] = draw_angles(angles, names[:2])
            drawn[f"angles of STDP, {by}"] = draw_angles(angles, names[2:])
            drawn[f"error over time, {by}"] = draw_error(courses.error_courses(own))
    samples = courses.of(runs, "samples")
    if samples:
        drawn["STDP over the number of trains"] = draw_samples(courses.sample_courses(samples))
    shifted = courses.surprise_courses(surprise)
    if shifted:
        drawn["surprise"] = draw_surprise(shifted)
    losses = courses.loss_courses(runs)
    if losses:
        order = [name for name in ("DH", "backprop", "error-based") if name in losses]
        drawn["error, feedback, latency"] = draw_together({k: losses[k] for k in order[:2]})
    return drawn
