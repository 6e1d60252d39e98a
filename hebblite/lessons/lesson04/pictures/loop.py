"""The loop that a controller closes: how fast and whether it settles, and feedback that learns."""

from __future__ import annotations

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ..runs import Array, Rotation


def draw_plant(
    time: Array, e: Array, u_int: Array, k_p: float, k_i: float, leak: float, gain: float = 1.0
) -> str:
    """One neuron under control: error e (T,) over time (T,) in seconds, and the two parts of u."""
    # Without an integrator only k_p is left; with one, the state of rest knows nothing of k_p.
    share = leak / (leak + gain * k_i) if leak or k_i else 1 / (1 + gain * k_p)
    rest = e[0] * share
    left, proportional = round(float(e[-1]), 4) + 0.0, round(k_p * float(e[-1]), 2) + 0.0  # no "-0"
    label = (
        f"Two line charts over {time[-1]:.1f} seconds for gains k_p {k_p:g}, k_i {k_i:g}, leak "
        f"{leak:g}. Left: the error goes from {e[0]:.2f} to {left:.4f}; at rest it would be "
        f"{rest:.3f}. Right: at the end the proportional part is {proportional:.2f} and the "
        f"integral {u_int[-1]:.2f}."
    )
    panels = [
        Panel(
            "The error",
            "time (s)",
            "error e (no unit)",
            [Series("error", time, e)],
            y_range=(min(-0.05, 1.1 * float(e.min())), 1.05),
            marks=[("y", rest, f"at rest: {rest:.3f}")],
        ),
        Panel(
            "Who does the pushing?",
            "time (s)",
            "part of u (no unit)",
            [Series("k_p e", time, k_p * e), Series("u_int", time, u_int)],
        ),
    ]
    words = f"<p>Error after {time[-1]:.1f} s: {left:.4f}. At rest: {rest:.4f}.</p>"
    return words + chart(panels, label)


def draw_rates(predicted: Array, measured: dict[str, Array], x_label: str, y_label: str) -> str:
    """Predicted rates against one or several kinds of measured ones, with the diagonal."""
    words = "; ".join(
        f"{name}, at most {100 * np.abs(rates / predicted - 1).max():.1f} percent from the diagonal"
        for name, rates in measured.items()
    )
    ends = np.array([predicted.min() / 1.2, predicted.max() * 1.2])
    label = (
        f"Scatter plot, both axes logarithmic, of {len(predicted)} rates, predicted from "
        f"{predicted.min():.2f} to {predicted.max():.2f} per second: {words}."
    )
    series = [Series(name, predicted, rates, "points") for name, rates in measured.items()]
    panel = Panel(
        "Decay of the error (logarithmic axes)",
        x_label,
        y_label,
        [*series, Series("simulated = predicted", ends, ends)],
        x_log=True,
        y_log=True,
    )
    return chart([panel], label, 560, 260)


def spectrum_panel(title: str, spectra: dict[str, Array]) -> Panel:
    """Eigenvalues (complex) in the plane, with the border between settling and running away."""
    series = [Series(name, values.real, values.imag, "points") for name, values in spectra.items()]
    return Panel(
        title,
        "real part (no unit)",
        "imaginary part (no unit)",
        series,
        marks=[("x", 0.0, "left of 0 it grows")],
    )


def draw_spectra(spectra: dict[str, Array]) -> str:
    """Eigenvalues of JQ for several kinds of feedback, one panel."""
    words = "; ".join(
        f"{name}: real parts from {s.real.min():.2f} to {s.real.max():.2f}"
        for name, s in spectra.items()
    )
    label = f"Eigenvalues of J Q in the complex plane. {words}."
    panels = []  # one each: equal eigenvalues would hide each other
    ends = np.concatenate(list(spectra.values()))
    reach = 1.15 * max(float(np.abs(ends.imag).max()), 1.0)
    for k, (name, values) in enumerate(spectra.items()):
        panel = spectrum_panel(f"JQ: {name}", {name: values})
        panel.series[0].colour = k
        panel.x_range = (float(ends.real.min()) - 0.5, float(ends.real.max()) + 0.5)
        panel.y_range = (-reach, reach)
        panels.append(panel)
    return chart(panels, label)


def draw_errors(time: Array, errors: dict[str, Array], title: str = "The error") -> str:
    """|e| relative to its start over time (s), on a logarithmic axis."""
    words = "; ".join(f"{name} ends at {e[-1]:.2g}" for name, e in errors.items())
    label = f"Line chart of the output error, relative to its start: {words}."
    series = [Series(name, time[: len(e)], e) for name, e in errors.items()]
    panel = Panel(title, "time (s)", "|e| / |e₀| (no unit)", series, y_log=True)
    return chart([panel], label, 560, 200)


def draw_rotation(rotation: Rotation, degrees: float) -> str:
    """The spectrum of JQ with Q at an angle to J^T, and the error that it leads to."""
    spectrum = rotation.spectrum(degrees)
    recorded, message = rotation.phase(degrees)
    e = np.linalg.norm(recorded.error[:, 0], axis=1)
    e = e / e[0]
    least = float(spectrum.real.min())
    outside = int((spectrum.real <= 0).sum())
    verdict = "all to the right: it settles" if not outside else f"{outside} to the left: it leaves"
    label = (
        f"Feedback at {degrees:g} degrees to the transposed Jacobian. Left: {len(spectrum)} "
        f"eigenvalues of J Q, the smallest real part is {least:.2f}; {verdict}. Right: after "
        f"{recorded.time[-1]:.1f} seconds the error is {e[-1]:.3g} times what it was. {message}"
    )
    plane = spectrum_panel("Eigenvalues of JQ", {"one mode each": spectrum})
    reach = float(np.linalg.norm(rotation.aligned) ** 2) / 2
    plane.x_range, plane.y_range = (-reach, 1.1 * reach), (-reach / 2, reach / 2)
    error = Panel(
        "What the error does",
        "time (s)",
        "|e| / |e₀| (no unit)",
        [Series("simulated", recorded.time, e)],
        y_log=True,
        y_range=(1e-3, 1e3),
        marks=[("y", 1.0, "where it began")],
    )
    words = f"<p>Smallest real part {least:.2f}: {verdict}. Sum of all: {spectrum.real.sum():.2f}."
    return words + "</p>" + chart([plane, error], label)


def draw_learning(rounds: Array, angles: Array) -> str:
    """Angles (K, L) of learned feedback to the mean transposed Jacobian, after ``rounds`` (K,)."""
    L = angles.shape[1]
    words = ", ".join(
        f"layer {l + 1} from {angles[0, l]:.0f} to {angles[-1, l]:.0f}" for l in range(L)
    )
    label = f"Line chart of angles over {rounds[-1]} rounds of noise: {words} degrees."
    series = [Series(f"Q of layer {l + 1}", rounds, angles[:, l], "line+points") for l in range(L)]
    panel = Panel(
        "Feedback learns the forward paths",
        "rounds of noise (128 digits each)",
        "angle to J^T (degrees)",
        series,
        y_range=(0.0, 100.0),
        marks=[("y", 90.0, "90°: nothing in common")],
    )
    return chart([panel], label, 560, 200)
