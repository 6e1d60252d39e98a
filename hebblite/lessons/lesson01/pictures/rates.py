"""A rate read off spike trains, and what the average STDP sees of a rate that changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.words import count
from ..equations import differential_hebb, factor, mirror_image, swing, visibility
from ..exercises import expected_stdp

Array = np.ndarray


def draw_rasters(trains: Array, rate: Array, dt: float, counted: Sequence[int]) -> str:
    """A raster of some of the trials, and the rate read off ``counted`` numbers of trials.

    trains: 0 or 1, (trials, T + 1). rate: the true one in Hz, (T + 1,). dt in seconds.
    """
    shown, width = 16, 25
    trial, step = np.nonzero(trains[:shown])
    ms = 1000 * dt * np.arange(trains.shape[1])
    raster = Panel(
        f"{shown} trials of one neuron", "time (ms)", "trial",
        [Series("", 1000 * dt * step, trial + 1, "spikes", colour="rate")],
        x_range=(0, ms[-1] + 1), y_range=(0, shown + 1),
    )  # fmt: skip
    bins = trains.shape[1] // width
    middle = (np.arange(bins) + 0.5) * width * 1000 * dt
    estimates = {
        k: trains[:k, : bins * width].reshape(k, bins, width).mean(axis=(0, 2)) / dt
        for k in counted
    }
    curves = [
        Series(count(k, "trial"), middle, estimates[k], "line+points", colour=look)
        for k, look in zip(counted, (4, 5, 0), strict=False)
    ]
    jumps = np.flatnonzero(np.diff(rate))  # all points that a rate in steps needs
    corners = np.unique(np.concatenate([[0], jumps, jumps + 1, [len(rate) - 1]]))
    truth = Series("true rate", ms[corners], rate[corners], "line", colour="rate")
    right = Panel(
        f"Rate counted in bins of {1000 * dt * width:g} ms", "time (ms)", "rate (Hz)",
        [*curves, truth], x_range=(0, ms[-1] + 1),
    )  # fmt: skip
    true = rate[: bins * width].reshape(bins, width).mean(axis=1)
    errors = ", ".join(f"{k}: {float(np.abs(e - true).max()):.1f}" for k, e in estimates.items())
    label = (
        f"Left: a raster of {shown} trials of one neuron over {ms[-1]:.0f} milliseconds; no two "
        f"rows are alike, and all get denser where its rate rises from {rate[0]:.0f} to "
        f"{rate[-1]:.0f} hertz. Right: the rate counted from more and more trials. Greatest "
        f"distance from the true rate in hertz, by number of trials: {errors}."
    )
    return chart([raster, right], label)


def draw_visibility(tau_s_ms: float, when_ms: float, duration_ms: float, T: int = 120) -> str:
    """A post rate that steps up while pre is constant; what DH and the average STDP make of it.
    Steps of 1 ms."""
    d, pre = float(np.exp(-1 / tau_s_ms)), 0.2
    post = swing(T, when_ms, duration_ms, 0.1, 0.4)
    seen = visibility(T, d)
    change = np.diff(post)
    dh, stdp = pre * float(change.sum()), pre * float(change @ seen)
    ms = np.arange(T + 1.0)
    left = Panel(
        "Rate of post, and what is seen of a change", "time (ms)", "",
        [Series("visibility ω", ms[:-1] + 0.5, seen, "band", low=0 * seen, colour="stdp"),
         Series("rate of post", ms, post, colour="rate")],
        x_range=(0, T), y_range=(0, 1.05),
    )  # fmt: skip
    bars = [
        Series("", np.array([0.2]), np.array([dh]), "bars", colour="dh"),
        Series("", np.array([0.8]), np.array([stdp]), "bars", colour="stdp"),
    ]  # they stand side by side, so each is moved to its name
    right = Panel(
        f"The update, where pre stays at {pre:g}", "", "change of the weight", bars,
        x_range=(-0.6, 1.6), y_range=(0, 0.065), x_names=["DH", "average STDP"],
    )  # fmt: skip
    share = f"{100 * stdp / dh:.0f} %" if abs(dh) > 1e-12 else "nothing"
    part = float(change.sum()) / 0.3
    outside = f" Only {100 * part:.0f} % of the change lies within the phase." * (part < 0.995)
    summary = (
        f"<p style='min-height:3em'>DH is {dh:.4f}, and the average STDP, on the same scale, "
        f"{stdp:.4f}: it sees <b>{share}</b> of DH.{outside}</p>"
    )
    middle, window = (count(float(f"{t:.3g}"), "millisecond") for t in (when_ms, tau_s_ms))
    label = (
        f"Left: the rate of post goes from {post[0]:.2f} to {post[-1]:.2f} around {middle}; the "
        f"visibility of a change, a shaded hill, reaches {seen.max():.2f} with a window of "
        f"{window} in a phase of {T}. Right: two bars: differential Hebb {dh:.4f} and average STDP "
        f"{stdp:.4f}, on one scale."
    )
    return summary + chart([left, right], label)


def distance_from_dh(post: Array, d: float) -> float:
    """Relative distance of the average STDP from DH for one post rate (T + 1,); pre is constant
    and drops out."""
    seen = float(visibility(len(post) - 1, d) @ np.diff(post))
    return abs(seen / (post[-1] - post[0]) - 1)


def draw_rest(tau_s_ms: float = 10.0) -> str:
    """How far the average STDP is from DH, against how long post rests (ms): for a jump between
    two rests, a drift all along and a jump in the last step."""
    d, rests = float(np.exp(-1 / tau_s_ms)), np.arange(0, 101, 10)
    cases = {
        "a jump between two rests": [np.repeat([0.1, 0.3], n + 1) for n in rests],
        "a slow drift, no rest": [np.linspace(0.1, 0.3, 2 * n + 2) for n in rests],
        "a jump in the last step": [np.append(np.full(2 * n + 1, 0.1), 0.3) for n in rests],
    }
    found = {
        name: np.array([distance_from_dh(post, d) for post in posts])
        for name, posts in cases.items()
    }
    looks = ("stdp", "rate", "backprop")
    panel = Panel(
        "How far the average STDP is from DH", "half of the phase, or rest on either side (ms)",
        "relative distance",
        [Series(name, rests, e, "line+points", colour=look)
         for look, (name, e) in zip(looks, found.items(), strict=True)],
        y_log=True, x_range=(-3, 103), y_range=(1e-5, 2),
    )  # fmt: skip
    ends = "; ".join(f"{name}: from {e[0]:.2g} to {e[-1]:.2g}" for name, e in found.items())
    label = (
        f"Logarithmic line chart of the relative distance between average STDP and DH for phases "
        f"whose half lasts {rests[0]:g} to {rests[-1]:g} milliseconds, window {tau_s_ms:g}. "
        f"{ends}."
    )
    return chart([panel], label, 560)


#: Two slow rates over 400 ms: what post does, what pre does.
MOVING = {
    "pre stays": (200, None),
    "post follows pre": (240, 200),
    "both together": (200, 200),
}


def moving(case: str) -> tuple[float, float, float]:
    """The update of one synapse on the scale of DH: average STDP, DH, DH minus its mirror image.
    A window of 10 ms; rates rise from 0.1 to 0.5 in 200 ms."""
    when_post, when_pre = MOVING[case]
    d, T = float(np.exp(-1 / 10)), 400
    post = swing(T, when_post, 200, 0.1, 0.5)[:, None]
    pre = np.full((T + 1, 1), 0.2)
    if when_pre is not None:
        pre = swing(T, when_pre, 200, 0.1, 0.5)[:, None]
    dh = differential_hebb(post, pre).item()
    average = expected_stdp(post, pre, d).item() / factor(d)
    return average, dh, dh - mirror_image(post, pre).item()


def named(case: str, average: float) -> str:
    """The name of a case; it says of a bar of no height that it is there."""
    return case if abs(average) > 1e-3 else f"{case} (STDP:\N{NO-BREAK SPACE}0)"


def draw_moving() -> str:
    """Three cases of two slow rates, and what DH, STDP and (3) make of them."""
    found = np.array([moving(case) for case in MOVING])
    names = {"average STDP": "stdp", "DH": "dh", "DH minus its mirror image": "backprop"}
    at = np.arange(len(MOVING))
    panel = Panel(
        "The change of one weight", "", "change of the weight",
        [Series(name, at, values, "bars", colour=look)
         for (name, look), values in zip(names.items(), found.T, strict=True)],
        x_names=[named(case, found[k, 0]) for k, case in enumerate(MOVING)], y_range=(-0.02, 0.18),
    )  # fmt: skip
    words = "; ".join(
        f"{case}: STDP {a:.3f}, DH {b:.3f}, DH minus its mirror image {c:.3f}"
        for case, (a, b, c) in zip(MOVING, found + 0.0, strict=True)
    )
    label = f"Bars for three pairs of neurons whose rates rise slowly. {words}."
    return chart([panel], label.replace("-0.000", "0.000"), 560)
