"""Eigenvalues of J Q, and the error that they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ....teaching.chart import Panel, Series, chart, decimals
from ....teaching.player import play
from ....teaching.svg import picture
from ....teaching.words import count
from ..runs.digits import Array
from ..runs.toys import Rotation, Toy
from .diagram import loop

#: Axes of all these pictures, so that nothing rescales while a control moves.
REAL, IMAGINARY, SIZE, SECONDS = (-4.0, 8.0), (-2.0, 2.0), (1e-2, 1e2), (0.0, 1.5)


def spectrum_panel(spectrum: Array, before: Array | None = None) -> Panel:
    """Eigenvalues (complex) in the plane, with the border between settling and running away.
    before: where they were, as a ghost."""
    series = [Series("eigenvalues", spectrum.real, spectrum.imag, "points", colour="apical")]
    if before is not None:
        series.append(
            Series("with Q = Jᵀ", before.real, before.imag, "points", colour="apical", ghost=True)
        )
    return Panel(
        "Eigenvalues of JQ", "real part", "imaginary part", series, x_range=REAL,
        y_range=IMAGINARY, bands=[("x", REAL[0], 0.0, "grows")],
    )  # fmt: skip


def error_panel(time: Array, size: Array) -> Panel:
    """|e| relative to its start over time (s)."""
    return Panel(
        "What the error does", "time (s)", "|e| / |e₀|, logarithmic",
        [Series("error", time, size, colour="error")], x_range=SECONDS, y_log=True, y_range=SIZE,
        marks=[("y", 1.0, "where it began")],
    )  # fmt: skip


def draw_rotation(rotation: Rotation, degrees: float) -> str:
    """The spectrum of J Q with Q at an angle to J^T, and the error that it leads to."""
    spectrum = rotation.spectrum(rotation.at(degrees))
    recorded, message = rotation.settle(rotation.at(degrees))
    e = np.linalg.norm(recorded.error[:, 0], axis=1)
    e, least = e / e[0], float(spectrum.real.min())
    outside = int((spectrum.real <= 0).sum())
    verdict = "all to the right: it settles" if not outside else f"{outside} to the left: it leaves"
    label = (
        f"Feedback at {degrees:g} degrees to the transposed Jacobian. Left: {len(spectrum)} "
        f"eigenvalues of J Q, the smallest real part is {least:.2f}; {verdict}. Right: after "
        f"{recorded.time[-1]:.1f} seconds the error is {e[-1]:.3g} times what it was. {message}"
    )
    plane = spectrum_panel(spectrum, rotation.spectrum())
    words = f"<p>Smallest real part {decimals(least, 2)}: {verdict}. Sum of all real parts: "
    words += f"{decimals(spectrum.real.sum(), 2)}.</p>"
    return words + chart([plane, error_panel(recorded.time, e)], label)


# ---------------------------------------------------------------------- one sign is turned


def play_flip(toy: Toy) -> Any:
    """A player: the third output of the controller is multiplied by 1 at first, and by -1 in the
    end. The loop, its eigenvalues and its error beside each other."""
    frames, captions = flip_frames(toy, np.linspace(1, -1, 41).tolist())
    label = (
        "While one of the controller's outputs is turned from its right sign to the wrong one, an "
        "eigenvalue of J Q moves to the left across zero; the others hardly move. The curve of the "
        f"error, which fell at first, then rises. {captions[-1]}"
    )
    return play(frames, label, captions, seconds=6)


def flip_frames(toy: Toy, factors: Sequence[float]) -> tuple[list[str], list[str]]:
    """The loop, its eigenvalues and its error, while the third output of the controller is
    multiplied by ``factors``, from 1 to -1: frames for a player, and their captions."""
    frames, captions = [], []
    for factor in factors:
        Q = toy.scaled(factor)
        spectrum = toy.spectrum(Q)
        recorded, _ = toy.settle(Q)
        e = np.linalg.norm(recorded.error[:, 0], axis=1)
        frames.append(flip_frame(factor, spectrum, toy.spectrum(), recorded.time, e / e[0]))
        left = count(int((spectrum.real < -1e-9).sum()), "eigenvalue")
        captions.append(
            f"u₃ times {decimals(factor, 2)}: {left} of {len(spectrum)} left of zero. After "
            f"{recorded.time[-1]:.1f} s the error is {e[-1] / e[0]:.2g} times what it was."
        )
    return frames, captions


def flip_frame(factor: float, spectrum: Array, before: Array, time: Array, size: Array) -> str:
    """One frame: above the loop, below eigenvalues and error."""
    label = (
        f"The third output of the controller is multiplied by {factor:.2f}. Below the loop, the "
        f"eigenvalues of J Q: the smallest real part is {spectrum.real.min():.2f}. Beside them the "
        f"error, which ends at {size[-1]:.2g} times what it was."
    )
    share = float(np.clip(size[-1], 0, 1))
    above = loop(
        label, share, share, (share,) * 3, (0.3,) * 3, note=f"u₃ times {decimals(factor, 2)}"
    )
    below = chart([spectrum_panel(spectrum, before), error_panel(time, size)], label)
    return stacked(label, above.drawing.svg(), below)


def stacked(label: str, *drawings: str) -> str:
    """Drawings below each other as one picture."""
    roots = [ET.fromstring(drawing) for drawing in drawings]
    sizes = [[float(n) for n in root.get("viewBox", "0 0 0 0").split()[2:]] for root in roots]
    whole = picture(max(w for w, _ in sizes), sum(h for _, h in sizes), label)
    y = 0.0
    for root, (w, h) in zip(roots, sizes, strict=True):
        for node in root.iter():
            node.tag = node.tag.split("}")[-1]  # the whole is in SVG's namespace already
        for name in ("role", "aria-label", "style", "xmlns"):
            root.attrib.pop(name, None)
        root.attrib |= {"y": f"{y:g}", "width": f"{w:g}", "height": f"{h:g}"}
        whole.append(root)
        y += h
    return ET.tostring(whole, encoding="unicode")


# ---------------------------------------------------------------------- the law


def draw_rates(
    small: Sequence[tuple[Array, Array]],
    large: Sequence[tuple[Array, Array]],
    guess: float | None = None,
) -> str:
    """Decay rates (1/s) of many networks, predicted and simulated, with small errors and with large
    ones, and the diagonal. guess: how far off (%) the learner thought they would be, as a band."""
    series, said = [], []
    for name, look, pairs in (
        ("large errors", "backprop", large),
        ("small errors", "error", small),
    ):
        predicted, measured = map(np.concatenate, zip(*pairs, strict=True))
        series.append(Series(name, predicted, measured, "points", colour=look))
        off = 100 * np.abs(measured / predicted - 1).max()
        said.append(f"{name}, at most {off:.1f} percent from the diagonal")
    ends = np.array([0.95, 11.0])
    label = (
        f"Scatter plot, both axes logarithmic, of {len(predicted)} rates, predicted from "
        f"{predicted.min():.2f} to {predicted.max():.2f} per second: {'; '.join(said)}."
    )
    series.append(Series("simulated = predicted", ends, ends, colour="rate"))
    if guess is not None:
        above, below = ends * (1 + guess / 100), ends * max(1 - guess / 100, 0.05)
        name = f"you said {guess:g} % off"
        series.append(Series(name, ends, above, "band", low=below, colour="dh"))
    panel = Panel(
        "How fast the error decays", "predicted: k_i λ / τ_u (per second)",
        "simulated (per second)", series, x_log=True, y_log=True,
        x_range=(0.9, 12.0), y_range=(0.7, 14.0),
    )  # fmt: skip
    return chart([panel], label, 600, 260)


def draw_breaks(degrees: dict[str, Sequence[float]]) -> str:
    """At which angles the loops of many networks break, by name."""
    series, said = [], []
    for k, (name, values) in enumerate(degrees.items()):
        y = np.array(values, float)
        series.append(Series("", np.full(len(y), float(k)), y, "dots", colour=k))
        said.append(f"{name}: from {y.min():.0f} to {y.max():.0f}, median {np.median(y):.0f}")
    label = (
        f"Dots for {len(y)} networks in each column: the angle at which the loop breaks as "
        f"feedback turns away from the transposed Jacobian. {'; '.join(said)} degrees."
    )
    panel = Panel(
        "Where the loop breaks", "", "angle of Q to Jᵀ (°)", series, x_names=list(degrees),
        x_range=(-0.5, len(degrees) - 0.5), y_range=(0.0, 100.0),
        marks=[("y", 90.0, "90°: none can settle")],
    )  # fmt: skip
    return chart([panel], label, 600, 220)
