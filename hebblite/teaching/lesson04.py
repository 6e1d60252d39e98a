"""Pictures and exercises of lesson 04, "Deep Feedback Control"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..activations import Activation
from ..analysis import jacobians
from ..data import Digits, one_hot
from ..errors import DivergenceError
from ..frameworks import DeepFeedbackControl
from ..network import Network
from ..stream import Block, Record
from .chart import Panel, Series, chart, lines
from .exercises import Exercise

Array = np.ndarray
Layers = list[Array]

# ---------------------------------------------------------------------- the thermostat


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


# ---------------------------------------------------------------------- spectra and settling


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


class Rotation:
    """Feedback that is turned from J^T towards a random direction, on one small network.

    ``at(degrees)`` is Q at that angle to J^T, all layers read as one vector; its size stays.
    """

    def __init__(self, seed: int = 0, sizes: Sequence[int] = (6, 12, 9, 4)) -> None:
        rng = np.random.default_rng([4, seed])
        self.net = Network(sizes, hidden="tanh", output="linear", dtype="float64", seed=seed)
        self.x = rng.normal(size=(1, sizes[0]))
        self.target = self.net.predict(self.x) + 1e-3 * rng.normal(size=(1, sizes[-1]))
        self.J = [J_l[0] for J_l in jacobians(self.net, self.x)]
        aligned = np.concatenate([J_l.T for J_l in self.J])
        noise = rng.normal(size=aligned.shape)
        noise -= aligned * (np.vdot(noise, aligned) / np.vdot(aligned, aligned))
        self.aligned, self.noise = (
            aligned,
            noise * (np.linalg.norm(aligned) / np.linalg.norm(noise)),
        )

    def at(self, degrees: float) -> Layers:
        angle = np.radians(degrees)
        Q = np.cos(angle) * self.aligned + np.sin(angle) * self.noise
        return np.split(Q, np.cumsum([J_l.shape[1] for J_l in self.J])[:-1])

    def spectrum(self, degrees: float) -> Array:
        loop = sum(J_l @ Q_l for J_l, Q_l in zip(self.J, self.at(degrees), strict=True))
        return np.asarray(np.linalg.eigvals(loop)).astype(complex)

    def crossing(self) -> float:
        """The first whole degree at which an eigenvalue has left the right half-plane."""
        return next(float(d) for d in range(181) if self.spectrum(d).real.min() <= 0)

    def phase(self, degrees: float, steps: int = 150, dt: float = 0.01) -> tuple[Block, str]:
        """Integral control of fast neurons with the feedback turned by ``degrees``."""
        dfc = DeepFeedbackControl("random", k_p=0.0, leak=0.0, dt=dt, tau_v=dt, steps=steps)
        dfc.Q = self.at(degrees)
        return watch(dfc, self.net, self.x, self.target)


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


# ---------------------------------------------------------------------- a teaching phase


def watch(dfc: DeepFeedbackControl, net: Network, x: Array, target: Array) -> tuple[Block, str]:
    """The recorded teaching phase, as far as it got, and the engine's words if it diverged."""
    record, message = Record(), ""
    started = False
    try:
        for block in dfc.teach(net, x, target):
            if not started:
                record.start(block)
                started = True
            record.absorb(block)
    except DivergenceError as error:
        message = str(error)
    if not started:
        raise DivergenceError("The very first block", net.depth, 0, message)
    whole: Block = record.finish()
    return whole, message


#: Rates r_0..r_L, voltages, basal and apical drives of layers 1..L, and the error at one moment.
Moment = tuple[Layers, Layers, Layers, Layers, Array]


def one_step(
    step: int, dt: float, before: Moment, now: Moment, activations: list[Activation]
) -> Block:
    """The Block of a single step, number ``step``, between two moments."""
    rates, voltages, basal, apical = (
        [np.stack(both) for both in zip(old, new, strict=True)]
        for old, new in zip(before[:4], now[:4], strict=True)
    )
    time, error = dt * np.array([step, step + 1]), np.stack([before[4], now[4]])
    return Block(time, rates, voltages, basal, apical, error, activations)


def phase_panels(recorded: Block) -> list[tuple[str, str, dict[str, Array]]]:
    """Panels for ``lines``: error and control, and how far each layer is moved (first input)."""
    error = np.linalg.norm(recorded.error[:, 0], axis=1)
    moved = {
        f"layer {l + 1}": np.linalg.norm(v[:, 0] - v[0, 0], axis=1)
        for l, v in enumerate(recorded.voltages)
    }
    top = np.linalg.norm(recorded.apical[-1][:, 0], axis=1)
    return [
        ("Error and control", "size |e|, |u| (no unit)", {"error e": error, "control u": top}),
        ("How far each layer is moved", "|v(t) − v(0)| (no unit)", moved),
    ]


def draw_teaching(recorded: Block, digit: int) -> str:
    """Error, control signal and movement per layer in the phase of the first input."""
    panels = phase_panels(recorded)
    error, moved = panels[0][2]["error e"], panels[1][2]
    control = panels[0][2]["control u"]
    ms = 1000 * recorded.time
    words = ", ".join(f"{name} by {m[-1]:.2f}" for name, m in moved.items())
    label = (
        f"Two line charts over {ms[-1]:.0f} milliseconds for a digit {digit}. Left: the error goes "
        f"from {error[0]:.3f} to {error[-1]:.3f}; the control jumps to {control.max():.2f} at "
        f"once, falls to {control[control.argmax() :].min():.2f} and ends at {control[-1]:.2f}. "
        f"Right: at the end the voltages have moved, {words}."
    )
    return lines(ms, panels, "time (ms)", label)


FEEDBACK = (
    "transposed Jacobian",
    "transposed weights",
    "learned from noise",
    "random in all layers",
    "Jacobian, label's sign flipped",
)
SECONDS = 0.3


def feedback_weights(
    kind: str, net: Network, x: Array, label: int, learned: Layers
) -> tuple[Layers, Layers]:
    """J_l and Q_l of one input x (1, n_0), by the names of FEEDBACK."""
    J = [J_l[0] for J_l in jacobians(net, x)]
    aligned = [J_l.T for J_l in J]
    if kind == "transposed Jacobian":
        return J, aligned
    if kind == "transposed weights":
        Q = [np.eye(net.sizes[-1])]
        for W in net.weights[:0:-1]:
            Q.insert(0, W.T @ Q[0])
        return J, Q
    if kind == "learned from noise":
        return J, learned
    if kind == "random in all layers":
        rng = np.random.default_rng(44)
        draws = [rng.normal(size=q.shape) for q in aligned]
        return J, [
            d * np.linalg.norm(q) / np.linalg.norm(d) for d, q in zip(draws, aligned, strict=True)
        ]
    flip = np.ones(net.sizes[-1])
    flip[label] = -1
    return J, [q * flip for q in aligned]


def draw_dynamics(
    net: Network,
    digits: Digits,
    learned: Layers,
    number: int,
    feedback: str,
    k_p: float,
    k_i: float,
    dt_ms: float,
) -> str:
    """One digit, one controller: error and rates in time, and in words whether it settled."""
    x = digits.x_test[number : number + 1].astype(net.dtype)
    label = int(digits.y_test[number])
    target = one_hot(np.array([label]), net.sizes[-1], confidence=0.9)
    _, Q = feedback_weights(feedback, net, x, label, learned)
    steps = round(1000 * SECONDS / dt_ms)
    dfc = DeepFeedbackControl("random", k_p=k_p, k_i=k_i, dt=dt_ms / 1000, steps=steps)
    dfc.Q = [q.astype(net.dtype) for q in Q]
    recorded, message = watch(dfc, net, x, target)
    ms = 1000 * recorded.time
    error = np.linalg.norm(recorded.error[:, 0], axis=1)
    hidden = recorded.rates[1][:, 0]
    movers = np.sort(np.argsort(-np.ptp(hidden, axis=0), kind="stable")[:3])
    rates = {f"neuron {i}": hidden[:, i] for i in movers}
    before = int(recorded.rates[-1][0, 0].argmax())
    after = int(recorded.rates[-1][-1, 0].argmax())
    flips = abs(error[-1] - error[-2]) > 0.1 * error[0] and (
        (error[-1] - error[-2]) * (error[-2] - error[-3]) < 0
    )
    if message:
        verdict = f"⚠ {message}"
    elif flips:
        verdict = "⚠ The error flips at every step: lower k_p or dt."
    elif error[-1] > 0.98 * error[0]:
        growing = error[-1] > 1.01 * error[len(error) // 2]
        verdict = "The error is not smaller than at the start" + (
            ", and it still grows." if growing else "."
        )
    else:
        verdict = "The error shrinks."
    stopped = ", when the engine stopped" if message else ""
    sentence = (
        f"A {label}, first read as {before}, under control as {after}. Error |e|: "
        f"{error[0]:.3f} → {error[-1]:.3f}{stopped}. {verdict}"
    )
    words = (
        f"Two line charts over {ms[-1]:.0f} milliseconds, feedback: {feedback}, k_p {k_p:g}, k_i "
        f"{k_i:g}, step {dt_ms:g} ms. Left the output error, right the three rates of layer 1 "
        f"that move most. {sentence}"
    )
    panels = [
        Panel(
            "Output error",
            "time (ms)",
            "|e| (no unit)",
            [Series("error", ms, error)],
            x_range=(0.0, 1020 * SECONDS),
            y_range=(0.0, max(1.3, 1.05 * float(error.max()))),
            marks=[("y", float(error[0]), "without control")],
        ),
        Panel(
            "Rates that move most (layer 1)",
            "time (ms)",
            "rate r (no unit)",
            [Series(name, ms, r) for name, r in rates.items()],
            x_range=(0.0, 1020 * SECONDS),
            y_range=(-1.05, 1.05),
        ),
    ]
    return f"<p>{sentence}</p>" + chart(panels, words)


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


# ---------------------------------------------------------------------- exercise 04.1


def controller_step(
    e: Array, u: Array, u_int: Array, k_p: float, k_i: float, leak: float, dt: float, tau_u: float
) -> tuple[Array, Array]:
    """One Euler step of the controller: errors e, control u and its integral u_int, all (B, n_L),
    to the new (u, u_int)."""
    u_int = u_int + dt / tau_u * (k_i * e - leak * u)
    return k_p * e + u_int, u_int


def _controller_case(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng([41, seed])
    shape = (int(rng.integers(1, 5)), int(rng.integers(2, 7)))
    e, u, u_int = rng.normal(size=(3, *shape))
    k_p, k_i, leak = rng.uniform(1.5, 3), rng.uniform(4, 6), rng.uniform(0.3, 0.9)
    return e, u, u_int, float(k_p), float(k_i), float(leak), 0.05, float(rng.uniform(0.3, 0.7))


def _controller_loop(e, u, u_int, k_p, k_i, leak, dt, tau_u):  # type: ignore[no-untyped-def]
    new_u, new_int = np.zeros_like(u), np.zeros_like(u)
    for b in range(len(e)):
        for i in range(e.shape[1]):
            slope = (k_i * e[b, i] - leak * u[b, i]) / tau_u
            new_int[b, i] = u_int[b, i] + dt * slope
            new_u[b, i] = k_p * e[b, i] + new_int[b, i]
    return [new_u, new_int]


def _controller(
    e: Array, u: Array, u_int: Array, k_p: float, into: float, out_of: float
) -> tuple[Array, Array]:
    """A step with the factors of e and of u in the integral given."""
    u_int = u_int + into * e - out_of * u
    return k_p * e + u_int, u_int


def _old_integral(e, u, u_int, k_p, k_i, leak, dt, tau_u):  # type: ignore[no-untyped-def]
    return k_p * e + u_int, controller_step(e, u, u_int, k_p, k_i, leak, dt, tau_u)[1]


def _new_u_leaks(e, u, u_int, k_p, k_i, leak, dt, tau_u):  # type: ignore[no-untyped-def]
    u = k_p * e + u_int
    return u, u_int + dt / tau_u * (k_i * e - leak * u)


def _fresh_u_leaks(e, u, u_int, k_p, k_i, leak, dt, tau_u):  # type: ignore[no-untyped-def]
    return controller_step(e, k_p * e + u_int, u_int, k_p, k_i, leak, dt, tau_u)


def _increment(e, u, u_int, k_p, k_i, leak, dt, tau_u):  # type: ignore[no-untyped-def]
    new_u, new_int = controller_step(e, u, u_int, k_p, k_i, leak, dt, tau_u)
    return new_u, new_int - u_int


# ---------------------------------------------------------------------- exercise 04.2


def feedback_path(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """a_l = J_l^T u for l = 1..L, from u (B, n_L), W_1..W_L and phi'(v_1)..phi'(v_L), (B, n_l)."""
    a = [u * slopes[-1]]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (a[0] @ weights[l]) * slopes[l - 1])
    return a


def _path_case(seed: int) -> tuple[Array, Layers, Layers]:
    rng = np.random.default_rng([42, seed])
    sizes = rng.permutation(np.arange(2, 8))[: 3 + seed % 3]
    B = int(rng.integers(2, 5))
    weights = [rng.normal(size=(n, m)) for n, m in zip(sizes[1:], sizes[:-1], strict=True)]
    slopes = [rng.uniform(0.1, 1, (B, n)) for n in sizes[1:]]
    return rng.normal(size=(B, sizes[-1])), weights, slopes


def _path_by_matrices(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """The same with every J_l written out, input by input."""
    a = [np.zeros_like(s) for s in slopes]
    for b in range(len(u)):
        J = np.diag(slopes[-1][b])
        a[-1][b] = J.T @ u[b]
        for l in range(len(weights) - 1, 0, -1):
            J = J @ weights[l] @ np.diag(slopes[l - 1][b])
            a[l - 1][b] = J.T @ u[b]
    return a


def _path_backwards(u: Array, weights: Layers, slopes: Layers) -> Layers:
    a = u * slopes[-1]
    down = [a]
    for W, D in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        a = np.einsum("bi,ij,bj->bj", a, W, D)
        down.append(a)
    return down[::-1]


def _chain(u: Array, weights: Layers, slopes: Layers, top: bool = True) -> Layers:
    """The path with slopes that may be of ones; ``top``: whether the output layer has its own."""
    a = [u * slopes[-1] if top else u]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (a[0] @ weights[l]) * slopes[l - 1])
    return a


def _slope_late(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """Each layer passes its slope on, but does not use it itself."""
    a = [u]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (a[0] * slopes[l]) @ weights[l])
    return a


def _slope_twice(u: Array, weights: Layers, slopes: Layers) -> Layers:
    a = [u * slopes[-1]]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, ((a[0] * slopes[l]) @ weights[l]) * slopes[l - 1])
    return a


def _hidden_twice(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """Right in the two upper layers; below, what is handed down has its slope twice."""
    handed = u * slopes[-1]
    a = [handed]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (handed @ weights[l]) * slopes[l - 1])
        handed = a[0] * slopes[l - 1]
    return a


def _each_twice(u: Array, weights: Layers, slopes: Layers) -> Layers:
    return [a * s for a, s in zip(feedback_path(u, weights, slopes), slopes, strict=True)]


def _slope_above(u: Array, weights: Layers, slopes: Layers) -> Layers:
    """The top is right, and its slope is then used again; below, always that of the layer above."""
    a = [u * slopes[-1]]
    for l in range(len(weights) - 1, 0, -1):
        a.insert(0, (a[0] * slopes[l]) @ weights[l])
    return a


def _slope_late_but_top(u: Array, weights: Layers, slopes: Layers) -> Layers:
    return [*_slope_late(u, weights, slopes)[:-1], u * slopes[-1]]


# ---------------------------------------------------------------------- exercise 04.3


def settling(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    """The least real part of an eigenvalue of J Q = sum_l J_l Q_l, and the time constant in
    seconds of the mode that it belongs to under integral control: tau_u / (k_i least)."""
    loop = sum(J_l @ Q_l for J_l, Q_l in zip(J, Q, strict=True))
    least = float(np.linalg.eigvals(loop).real.min())
    return least, tau_u / (k_i * least)


def _loop_case(seed: int) -> tuple[Layers, Layers, float, float]:
    """Feedback that is half aligned, with complex eigenvalues. Every other case runs away, with the
    worst mode far to the left and another one, nearer to 0, to the right."""
    for attempt in range(1000):
        rng = np.random.default_rng([43, seed, attempt])
        n, depth = int(rng.integers(3, 6)), int(rng.integers(2, 4))
        widths = [*rng.integers(5, 9, depth - 1), n]
        J = [rng.normal(size=(n, w)) / 2 for w in widths]
        Q = [J_l.T + (0.7, 1.5)[seed % 2] * rng.normal(size=J_l.T.shape) for J_l in J]
        spectrum = np.linalg.eigvals(sum(a @ b for a, b in zip(J, Q, strict=True)))
        least = spectrum.real.min()
        pair = np.iscomplex(spectrum[spectrum.real.argmin()])
        nearest = spectrum.real[np.abs(spectrum.real).argmin()]
        away = least < -0.2 and 0 < nearest < -least / 2
        if pair and (least > 0.2 if seed % 2 == 0 else away):
            break
    return J, Q, float(rng.uniform(1.5, 4)), float(rng.uniform(0.3, 0.8))


def _loop(J: Layers, Q: Layers) -> Array:
    return np.asarray(sum(J_l @ Q_l for J_l, Q_l in zip(J, Q, strict=True)))


def _with(least: Any) -> Any:
    """An answer whose first part is ``least(J, Q)`` and whose second follows from it."""

    def answer(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
        value = float(least(J, Q))
        return value, tau_u / (k_i * value)

    return answer


def _then(seconds: Any) -> Any:
    """An answer whose second part is ``seconds(least, k_i, tau_u)``."""

    def answer(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
        least, _ = settling(J, Q, k_i, tau_u)
        return least, float(seconds(least, k_i, tau_u))

    return answer


def _stacked(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    least = float(np.linalg.eigvals(np.hstack(J) @ np.vstack(Q)).real.min())
    return least, 1 / (k_i / tau_u * least)


def _nearest_to_zero(J: Layers, Q: Layers) -> float:
    real = np.linalg.eigvals(_loop(J, Q)).real
    return float(real[np.abs(real).argmin()])


def _least_of_one_layer(J: Layers, Q: Layers) -> float:
    return min(float(np.linalg.eigvals(j @ q).real.min()) for j, q in zip(J, Q, strict=True))


def _gain_in_least(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    least, seconds = settling(J, Q, k_i, tau_u)
    return k_i * least, seconds


def _rate_as_least(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    least, seconds = settling(J, Q, k_i, tau_u)
    return k_i / tau_u * least, seconds


def _real_part_last(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    spectrum = np.linalg.eigvals(_loop(J, Q))
    slowest = spectrum[spectrum.real.argmin()]
    return float(slowest.real), float((tau_u / (k_i * slowest)).real)


def _by_modes(J: Layers, Q: Layers, k_i: float, tau_u: float) -> tuple[float, float]:
    loop = np.einsum("ia,aj->ij", np.concatenate(J, axis=1), np.concatenate(Q, axis=0))
    rates = sorted(-k_i / tau_u * value.real for value in np.linalg.eig(loop)[0])
    return -rates[-1] * tau_u / k_i, -1 / rates[-1]


EXERCISES = {
    "04.1": Exercise(
        title="one step of the controller",
        cases=_controller_case,
        reference=controller_step,
        right=(
            _controller_loop,
            lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: (
                (k_p + dt * k_i / tau_u) * e + u_int - dt * leak / tau_u * u,
                u_int + dt * (k_i * e - leak * u) / tau_u,
            ),
        ),
        wrong=(
            (
                _old_integral,
                "u is built with the old integral. Update u_int first, then add k_p e to the new "
                "one.",
            ),
            (
                _new_u_leaks,
                "you build u before the integral, and the new u leaks. First the integral, from "
                "the u that came in; then u.",
            ),
            (
                _fresh_u_leaks,
                "the leak takes a u made from the error of this step. It is the u that came in "
                "that leaks.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u_int, u_int, k_p, dt / tau_u * k_i, dt / tau_u * leak
                ),
                "the leak takes u_int; in this controller it is the whole control u that leaks.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, u_int, k_p, dt / tau_u * k_i, -dt / tau_u * leak
                ),
                "the leak has the wrong sign: it pulls the integral back.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, u_int, k_p, dt / tau_u * k_i, 0
                ),
                "the leak is missing.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, u_int, k_p, dt / tau_u * k_i, leak
                ),
                "the leak is a rate too: it acts for dt seconds, on the clock of tau_u, like the "
                "error.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, u_int, k_p, dt * k_i, dt * leak
                ),
                "tau_u is missing: the equation gives tau_u du_int/dt, so divide by it.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, u_int, k_p, k_i / tau_u, leak / tau_u
                ),
                "dt is missing: an Euler step moves the integral by dt times its slope.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, u_int, k_p, dt / tau_u, dt / tau_u * leak
                ),
                "k_i is missing: it weighs the error on its way into the integral.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, u_int, k_i, dt / tau_u * k_p, dt / tau_u * leak
                ),
                "k_p and k_i have changed places.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, u_int, 0.0, dt / tau_u * k_i, dt / tau_u * leak
                ),
                "the proportional part is missing from u.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: (
                    u + controller_step(e, u, u_int, k_p, k_i, leak, dt, tau_u)[0],
                    controller_step(e, u, u_int, k_p, k_i, leak, dt, tau_u)[1],
                ),
                "you add to the old u. Only the integral remembers; u is made anew at each step.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: _controller(
                    e, u, 0 * u_int, k_p, dt / tau_u * k_i, dt / tau_u * leak
                ),
                "you return only the change of the integral. Add it to the u_int that came in, "
                "here and in u.",
            ),
            (
                _increment,
                "you return only the change of the integral, not the integral itself: add the "
                "u_int that came in.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: controller_step(
                    -e, u, u_int, k_p, k_i, leak, dt, tau_u
                ),
                "the error enters with the wrong sign: e is target minus prediction already.",
            ),
            (
                lambda e, u, u_int, k_p, k_i, leak, dt, tau_u: controller_step(
                    e, u, u_int, k_p, k_i, leak, dt, tau_u
                )[::-1],
                "the two come in the wrong order: return (u, u_int).",
            ),
        ),
        hints=(
            "Two lines, top to bottom as in the equations: first the memory, then the control.",
            "An Euler step of tau_u du_int/dt = (something) is u_int + dt / tau_u * (something). "
            "The something contains the u that came in.",
            "new_int = u_int + dt / tau_u * (k_i * e - leak * u); and the new u is k_p * e plus "
            "new_int.",
        ),
        parts=("u", "u_int"),
    ),
    "04.2": Exercise(
        title="the feedback path, without a Jacobian in sight",
        cases=_path_case,
        reference=feedback_path,
        right=(_path_by_matrices, _path_backwards),
        wrong=(
            (
                lambda u, weights, slopes: _chain(
                    u, weights, [np.ones_like(s) for s in slopes], False
                ),
                "all slopes are missing: this is feedback through transposed weights. Multiply by "
                "phi'(v_l) in every layer.",
            ),
            (
                lambda u, weights, slopes: _chain(u, weights, slopes, False),
                "the slope of the output layer is missing: J_L = D_L, not 1.",
            ),
            (
                lambda u, weights, slopes: _chain(
                    u, weights, [*(np.ones_like(s) for s in slopes[:-1]), slopes[-1]]
                ),
                "the slopes of the hidden layers are missing.",
            ),
            (
                _slope_late,
                "each layer hands its slope down but does not use it itself: a_l needs the slope "
                "of its own layer l.",
            ),
            (_slope_twice, "the slopes of the upper layers are taken twice."),
            (
                _hidden_twice,
                "the two upper layers are right, but a hidden layer that hands its drive down "
                "multiplies by its slope once more. The drive a_l has it already.",
            ),
            (
                _each_twice,
                "each a_l is multiplied by the slope of its own layer twice; once is enough.",
            ),
            (
                _slope_above,
                "below the top, each a_l takes the slope of the layer above (which a_{l+1} has "
                "already) and not that of its own layer l.",
            ),
            (
                _slope_late_but_top,
                "the output layer is right; below it the slope is that of the layer above. Each "
                "a_l ends with the slope of its own layer l.",
            ),
            (
                lambda u, weights, slopes: feedback_path(u, weights, slopes)[::-1],
                "the list is upside down: layer 1 comes first, the output layer last.",
            ),
            (
                lambda u, weights, slopes: [-a for a in feedback_path(u, weights, slopes)],
                "the sign is the wrong way round: the feedback pushes along J_l^T u.",
            ),
            (
                lambda u, weights, slopes: feedback_path(
                    u, weights, [np.broadcast_to(s.mean(axis=0), s.shape) for s in slopes]
                ),
                "the slopes are averaged over the batch; each input has its own.",
            ),
            (
                lambda u, weights, slopes: feedback_path(
                    np.broadcast_to(u.mean(axis=0), u.shape), weights, slopes
                ),
                "u is averaged over the batch; each input has its own control signal.",
            ),
            (
                lambda u, weights, slopes: feedback_path(u, [np.abs(W) for W in weights], slopes),
                "the signs of the weights are lost on the way down.",
            ),
        ),
        hints=(
            "Begin at the top, where a_L = D_L u, and walk down. How does J_l follow from J_{l+1}?",
            "J_l = J_{l+1} W_{l+1} D_l, so J_l^T u = D_l W_{l+1}^T (J_{l+1}^T u): one layer needs "
            "only the apical drive of the layer above. In a list, weights[l] is W_{l+1}.",
            "a = [u * slopes[-1]]; then for l = L-1 down to 1: put (a[0] @ weights[l]) * "
            "slopes[l - 1] in front. Rows are inputs, so W^T from the left becomes W from the "
            "right.",
        ),
        parts=("a_1", "a_2", "a_3", "a_4"),
    ),
    "04.3": Exercise(
        title="whether the loop settles, and how fast",
        cases=_loop_case,
        reference=settling,
        right=(_stacked, _by_modes),
        wrong=(
            (
                lambda J, Q, k_i, tau_u: settling(J, Q, k_i, tau_u)[::-1],
                "the two come in the wrong order: return (least, seconds).",
            ),
            (
                _with(lambda J, Q: np.linalg.eigvals(_loop(J, Q)).real.max()),
                "that is the largest real part, the fastest mode; the loop waits for the slowest.",
            ),
            (
                _with(_nearest_to_zero),
                "that is the real part nearest to 0. A mode far to the left of 0 is worse: take "
                "the smallest real part, its sign included.",
            ),
            (
                _with(_least_of_one_layer),
                "you take the eigenvalues of each layer's loop and the least of all. The layers "
                "add up first; then take the eigenvalues of the sum.",
            ),
            (
                _gain_in_least,
                "the second number is right; the first is an eigenvalue of J Q alone, without k_i.",
            ),
            (
                _rate_as_least,
                "the second number is right; the first is a rate (per second). Give the eigenvalue "
                "of J Q alone, without k_i / tau_u.",
            ),
            (
                _real_part_last,
                "the first number is right; in the second you divide by the complex eigenvalue. "
                "Take the real part first: it alone says how fast the size changes.",
            ),
            (
                _with(lambda J, Q: np.linalg.svd(_loop(J, Q), compute_uv=False).min()),
                "these are singular values, which are never negative; take eigenvalues.",
            ),
            (
                _with(lambda J, Q: np.abs(np.linalg.eigvals(_loop(J, Q))).min()),
                "you take the size of the eigenvalues; their real part decides.",
            ),
            (
                _with(lambda J, Q: np.linalg.eigvalsh(_loop(J, Q)).min()),
                "eigvalsh and eigh read one triangle of a matrix and take it to be symmetric; J Q "
                "is not.",
            ),
            (
                _with(lambda J, Q: np.linalg.eigvalsh(_loop(J, Q) + _loop(J, Q).T).min() / 2),
                "these are eigenvalues of the symmetric part. If they are positive the loop "
                "settles, but it may settle without; take those of J Q itself.",
            ),
            (
                _with(lambda J, Q: np.linalg.eigvals(np.vstack(Q) @ np.hstack(J)).real.min()),
                "this is Q J, whose many zero eigenvalues belong to pushes that no output feels; "
                "the loop that the error sees is J Q, of shape (n_L, n_L).",
            ),
            (
                _with(lambda J, Q: np.linalg.eigvals(J[-1] @ Q[-1]).real.min()),
                "this is the loop through the output layer alone; sum over all layers.",
            ),
            (
                _with(lambda J, Q: np.linalg.eigvals(J[0] @ Q[0]).real.min()),
                "this is the loop through the first layer alone; sum over all layers.",
            ),
            (
                _with(lambda J, Q: np.linalg.eigvals(_loop(J, Q)).real.min() / len(J)),
                "you take the mean over the layers; their effects on the output add up.",
            ),
            (
                _with(lambda J, Q: np.linalg.eigvals(sum(j @ j.T for j in J)).real.min()),
                "this is J J^T: the feedback weights Q you were given are not used.",
            ),
            (
                _then(lambda least, k_i, tau_u: k_i * least / tau_u),
                "the first number is right; the second is the rate of the mode (per second). Its "
                "time constant is one over it.",
            ),
            (
                _then(lambda least, k_i, tau_u: tau_u / least),
                "the first number is right; in the second k_i is missing: more gain is faster.",
            ),
            (
                _then(lambda least, k_i, tau_u: 1 / (k_i * least)),
                "the first number is right; in the second tau_u, the controller's own clock, is "
                "missing.",
            ),
            (
                _then(lambda least, k_i, tau_u: tau_u * k_i / least),
                "the first number is right; in the second k_i is on the wrong side: more gain is "
                "faster.",
            ),
            (
                _then(lambda least, k_i, tau_u: abs(tau_u / (k_i * least))),
                "the first number is right; keep its sign in the second: a negative time constant "
                "says that the mode grows.",
            ),
        ),
        hints=(
            "What does a unit of control do to the output, all layers together? That is one "
            "(n_L, n_L) matrix. J and Q are lists with one matrix for each layer.",
            "Sum J_l @ Q_l over the layers. np.linalg.eigvals gives complex numbers; .real.min() "
            "picks the mode that settles last or, if it is negative, grows fastest.",
            "A mode decays as exp(-k_i least t / tau_u). Its time constant is tau_u / (k_i * "
            "least), sign included.",
        ),
        parts=("the least real part", "the time constant"),
    ),
}
