"""Marks in the frames of charts: where an input has arrived, and when."""

from __future__ import annotations

from ....teaching.schematic import Drawing, Frame, Point


def zone(d: Drawing, frame: Frame, e_tol: float, words: str = "") -> None:
    """The errors up to the tolerance, in green, with the tolerance as a dashed line above them.
    words: in the corner that curves which fall from the left do not reach."""
    y = min(max(float(frame.to_y(e_tol)), frame.top), frame.bottom)
    box = f"M{frame.left:.1f},{y:.1f} h{frame.width:.1f} V{frame.bottom:.1f} h{-frame.width:.1f} Z"
    d.path(box, None, 0, "rate", 0.16)
    line = d.path(f"M{frame.left:.1f},{y:.1f} h{frame.width:.1f}", None, 1.4)
    line.set("stroke-dasharray", "6 4")
    if words:
        d.say(frame.left + 8, frame.bottom - 7, words, fixed=True)


def crossing(d: Drawing, frame: Frame, at: Point, words: str) -> None:
    """The place where a falling curve meets the tolerance: a dot, a line down to the time axis, and
    when that is, on the side where the curve is not."""
    d.path(f"M{at.x:.1f},{at.y:.1f} V{frame.bottom:.1f}", None, 1.6)
    d.circle(*at, 5.5, None, "rate")
    if at.x < frame.left + 0.72 * frame.width:
        d.say(at.x + 7, at.y - 8, words, bold=True, fixed=True)
    else:
        below = at.y + 17 < frame.bottom - 3  # else the zone is too thin
        d.say(at.x - 7, at.y + 17 if below else at.y - 16, words, "end", bold=True, fixed=True)
