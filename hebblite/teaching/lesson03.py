"""Pictures and exercises of lesson 03, "One neuron with an apical dendrite".

    tau dv/dt = -v + b + a,    r = phi(v)

b is the basal drive, a the apical one. Times are in milliseconds; voltage, drives and rates have no
unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ..errors import ArgumentError, check_target
from ..frameworks.base import Framework
from ..network import Network
from ..stream import Block, Lazy
from .chart import COLOURS, DASHES, SHAPES, Panel, Series, chart, limits, number, ticks
from .exercises import Exercise
from .svg import beside, images, picture, png, signed, text

Array = np.ndarray
Phi = Callable[..., Array]


def sigmoid(v: Any) -> Any:
    """1 / (1 + exp(-v)), of arrays and of single numbers, without overflow."""
    return 0.5 * (1 + np.tanh(np.multiply(v, 0.5)))


#: phi of numbers and of arrays alike: a learner may loop over neurons.
PHI: dict[str, Phi] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda v: np.maximum(v, 0),
    "linear": lambda v: 1.0 * np.asarray(v),
}


# ---------------------------------------------------------------------- the neuron


def step(v: Array, b: Array, a: Array, dt: float, tau: float) -> Array:
    """One Euler step: the voltages v (B, n) after ``dt`` ms under the drives b and a (B, n)."""
    return v + dt / tau * (-v + b + a)


def phase(b: Array, target: Array, k: float, phi: Phi, dt: float, tau: float, steps: int) -> Array:
    """Rates (steps + 1, B, n) of neurons with basal drive b (B, n), from their free state v = b,
    while a teacher drives their apical dendrites with a = k (target - r)."""
    v = b
    r = [phi(v)]
    for _ in range(steps):
        v = step(v, b, k * (target - r[-1]), dt, tau)
        r.append(phi(v))
    return np.array(r)


def symmetric_dh(post: Array, pre: Array) -> Array:
    """sum_t dpost[t] pre[t]^T + post[t+1] dpre[t]^T for post (T+1, n) and pre (T+1, m): (n, m)."""
    return np.diff(post, axis=0).T @ pre[:-1] + post[1:].T @ np.diff(pre, axis=0)


def error_update(v: Array, b: Array, pre: Array, phi: Phi) -> Array:
    """<(phi(v) - phi(b)) pre^T>: soma against basal dendrite, v and b (B, n), pre (B, m)."""
    return (phi(v) - phi(b)).T @ pre / len(v)


class ApicalTeacher(Framework):
    """One layer of neurons, each with a teacher of its own at its apical dendrite.

    phase: a function like ``phase`` of this module. k: how strongly the teacher speaks.
    dt, tau: ms. steps: Euler steps of a teaching phase.
    """

    def __init__(
        self, phase: Any = phase, k: float = 1.0, dt: float = 2.0, tau: float = 10.0,
        steps: int = 40,
    ) -> None:  # fmt: skip
        self.phase, self.k, self.dt, self.tau, self.steps = phase, k, dt, tau, steps

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        if net.depth != 1:
            raise ArgumentError("net", f"{net.depth} layers", "one layer: each neuron has a target")
        (b,), (pre, _) = net.feedforward(x)
        target = check_target(target, len(b), net.sizes[1], net.dtype)
        phi = net.activations[0]
        settings = self.k, PHI[phi.name], self.dt, self.tau, self.steps
        rates = np.asarray(self.phase(b, target, *settings), net.dtype)
        T = len(rates)
        error = target - rates
        yield Block(
            time=1e-3 * self.dt * np.arange(T),
            rates=[np.broadcast_to(pre, (T, *pre.shape)), rates],
            voltages=Lazy(1, lambda l: phi.inverse(rates)),
            basal=[np.broadcast_to(b, rates.shape)],
            apical=[self.k * error],
            error=error,
            activations=net.activations,
        )


# ---------------------------------------------------------------------- the neuron, drawn


def draw_neuron() -> str:
    """A pyramidal neuron with its two dendrites, its soma and its axon."""
    label = (
        "Drawing of a pyramidal neuron. At the top, the tuft of the apical dendrite receives the "
        "apical drive a from higher areas. At the bottom, basal dendrites receive the basal drive "
        "b = W pre + β from the layer below. Both reach the soma in the middle, a triangle with "
        "the voltage v. The axon leaves it to the right with the rate r = φ(v)."
    )
    svg = picture(680, 340, label)
    blue, orange, green = COLOURS[0], COLOURS[1], COLOURS[2]
    _branch(svg, "M250,190 V80", orange, 7)
    for d in (
        "M250,84 C240,60 215,56 190,30",
        "M250,84 C244,58 236,46 230,22",
        "M250,84 C258,58 264,46 272,22",
        "M250,84 C262,60 286,56 312,30",
    ):
        _branch(svg, d, orange, 3.5)
    for d in (
        "M236,226 C212,246 188,262 150,276",
        "M242,228 C228,256 214,272 196,300",
        "M258,228 C272,256 284,272 300,300",
        "M264,226 C288,246 312,258 350,270",
    ):
        _branch(svg, d, blue, 3.5)
    _branch(svg, "M268,222 C330,238 360,214 452,214", green, 2.5)
    ET.SubElement(svg, "path", {"d": "M445,208 l12,6 l-12,6 z", "fill": green})
    soma = {"d": "M250,172 L292,234 H208 Z", "fill": "currentColor", "fill-opacity": "0.14"}
    ET.SubElement(svg, "path", {**soma, "stroke": "currentColor", "stroke-width": "2"})
    text(svg, 250, 223, "v", text_anchor="middle", font_weight="bold", font_size="17")
    for y, title, below in (
        (30, "apical dendrite: advice from above", "apical drive a"),
        (288, "basal dendrites: what the layer below says", "basal drive b = W pre + β"),
    ):
        text(svg, 366, y, title, font_weight="bold")
        text(svg, 366, y + 19, below)
    text(svg, 18, 176, "soma: adds up, and leaks", font_weight="bold")
    text(svg, 18, 195, "τ dv/dt = −v + b + a")
    text(svg, 466, 210, "axon: rate r = φ(v)", font_weight="bold")
    text(svg, 466, 229, "to the next neurons")
    text(svg, 18, 250, "pre: rates of the", font_style="italic")
    text(svg, 18, 266, "neurons below", font_style="italic")
    text(svg, 18, 24, "from higher areas", font_style="italic")
    for x, y in ((150, 276), (196, 300), (300, 300), (350, 270)):
        _dot(svg, x, y, blue)
    for x, y in ((190, 30), (230, 22), (272, 22), (312, 30)):
        _dot(svg, x, y, orange)
    return ET.tostring(svg, encoding="unicode")


def _branch(svg: ET.Element, d: str, colour: str, width: float) -> None:
    look = {"fill": "none", "stroke": colour, "stroke-width": f"{width}", "stroke-linecap": "round"}
    ET.SubElement(svg, "path", {"d": d, **look})


def _dot(svg: ET.Element, x: float, y: float, colour: str) -> None:
    ET.SubElement(svg, "circle", {"cx": f"{x}", "cy": f"{y}", "r": "5", "fill": colour})


def minus(value: float, digits: int = 3) -> str:
    """A number with a real minus, and none before a zero."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")


# ---------------------------------------------------------------------- the neuron in time


def draw_euler(lengths: tuple[float, ...] = (0.25, 1.0, 1.5, 2.2), tau: float = 10.0) -> str:
    """Euler steps of several lengths (in units of tau) beside the exact voltage: b = 0, a = 1."""
    panels = []
    for some, title, end in (
        (lengths[:2], "Steps up to τ", 6 * tau),
        (lengths[2:], "Longer steps", 13.5 * tau),
    ):
        fine = np.linspace(0, end, 200)
        series = [Series("exact", fine, 1 - np.exp(-fine / tau), colour=0)]
        for i, h in enumerate(some):
            t = np.arange(0, end + 1e-9, h * tau)
            euler = 1 - (1 - h) ** np.arange(len(t))
            series.append(Series(f"dt = {h:g} τ", t, euler, "line+points", colour=i + 1))
        panels.append(Panel(title, "time (ms)", "voltage v (no unit)", series))
    label = (
        "Two line charts of a voltage that rises from 0 towards 1. Left: Euler steps of "
        f"{lengths[0]:g} tau follow the exact curve from above, one step of 1 tau lands on the "
        f"end at once. Right: steps of {lengths[2]:g} tau overshoot and ring, steps of "
        f"{lengths[3]:g} tau swing further out each time."
    )
    return chart(panels, label)


def draw_saturation(a: float = 1.0) -> str:
    """How far one and the same apical drive moves the rate, for every basal drive."""
    b = np.linspace(-8, 8, 161)
    r = sigmoid(b)
    moved, foretold = sigmoid(b + a) - r, a * r * (1 - r)
    label = (
        f"Two line charts against the basal drive b from -8 to 8. Left: the sigmoid rate with and "
        f"without an apical drive of {a:g}. Right: the change of rate is {moved.max():.2f} at "
        f"most, near b = {b[moved.argmax()]:.1f}, and less than {moved[-1] + 1e-4:.4f} at b = 8; "
        "the slope times a follows it closely in the middle and is too small in the left tail, "
        f"{foretold[20]:.4f} instead of {moved[20]:.4f} at b = {b[20]:g}."
    )
    panels = [
        Panel("The rate", "basal drive b (no unit)", "rate r (no unit)", [
            Series("alone, φ(b)", b, r), Series(f"with a = {a:g}", b, sigmoid(b + a))]),
        Panel("What the advice changes", "basal drive b (no unit)", "change of rate Δr", [
            Series("measured", b, moved), Series("φ′(b) a", b, foretold)]),
    ]  # fmt: skip
    return chart(panels, label)


def draw_time(
    basal: float = 0.0, apical: float = 1.5, onset: float = 20.0, tau: float = 10.0,
    activation: str = "sigmoid",
) -> str:  # fmt: skip
    """One neuron for 100 ms; from ``onset`` (ms) on, its apical dendrite is driven."""
    phi, end, dt = PHI[activation], 100.0, 0.5
    t = np.arange(0, end + dt / 2, dt)
    a = np.where(t >= onset, apical, 0.0)
    v, drive = np.empty_like(t), np.full(1, basal)
    v[0] = basal
    for i in range(len(t) - 1):
        v[i + 1 : i + 2] = step(v[i : i + 1], drive, a[i : i + 1], dt, tau)
    r = phi(v)
    running = np.concatenate([[0.0], np.cumsum(np.diff(r))])
    compared = r - phi(np.full_like(v, basal))
    settled = float(phi(basal + apical) - r[0])
    label = (
        f"Two line charts over 100 milliseconds for a {activation} neuron with basal drive "
        f"{basal:g} and, from {onset:g} milliseconds on, apical drive {apical:g}. Left: the "
        f"voltage goes from {v[0]:.2f} to {v[-1]:.2f}. Right: the rate goes from {r[0]:.3f} to "
        f"{r[-1]:.3f}; the running update ends at {running[-1]:.3f} and lies on the difference "
        "of the compartments all along."
    )
    summary = (
        f"<p>A {activation} neuron, τ = {tau:g} ms, onset {onset:g} ms. Rate {r[0]:.3f} → "
        f"{r[-1]:.3f}. Update for pre = 1: <b>{minus(running[-1])}</b> "
        f"(if the phase never ended: {minus(settled)}).</p>"
    )
    panels = [
        Panel("Drives and voltage", "time (ms)", "no unit", [
            Series("basal b", t, np.full_like(t, basal)), Series("apical a", t, a, "steps"),
            Series("voltage v", t, v)], marks=[("x", onset, "onset")]),
        Panel("Rate and update", "time (ms)", "no unit", [
            Series("rate r", t, r, colour=3), Series("DH so far", t, running, colour=4),
            Series("φ(v) − φ(b)", t[::10], compared[::10], "points", colour=0)]),
    ]  # fmt: skip
    return summary + chart(panels, label)


# ---------------------------------------------------------------------- a path and its ends

PATHS = ("direct", "overshoot", "oscillation", "random walk")
PAIRINGS = (
    "one-sided: Δpost pre[t]",
    "exact pair: + post[t+1] Δpre",
    "both early: + post[t] Δpre",
    "both at the midpoint",
)


def trajectories(path: str, move: float, steps: int) -> tuple[Array, Array]:
    """post and pre (steps + 1,): post goes from 0.2 to 0.6 and pre from 0.25 to 0.25 + move / 2,
    both along ``path``."""
    s = np.linspace(0, 1, steps + 1)
    if path == "random walk":
        rng = np.random.default_rng(4)
        wild = rng.normal(0, 0.45 / np.sqrt(steps), (2, steps)).cumsum(axis=1)
        wild[1] = 0.8 * wild[0] + 0.6 * wild[1]  # pre and post share much of their noise
        bridge = np.concatenate([np.zeros((2, 1)), wild], axis=1)
        bridge -= s * bridge[:, -1:]
        extra = s + bridge
    elif path == "oscillation":
        extra = np.array([s + 0.45 * np.sin(4 * np.pi * s), s + 0.45 * (1 - np.cos(4 * np.pi * s))])
    elif path == "overshoot":
        extra = np.array([s + 1.1 * np.sin(np.pi * s), s])
    elif path == "direct":
        extra = np.array([(1 - np.exp(-4 * s)) / (1 - np.exp(-4)), s**2 * (3 - 2 * s)])
    else:
        raise ArgumentError("path", repr(path), f"one of {', '.join(PATHS)}")
    return 0.2 + 0.4 * extra[0], 0.25 + 0.5 * move * extra[1]


def pair_sums(post: Array, pre: Array, pairing: str) -> tuple[float, float]:
    """The sum with Δpost and the sum with Δpre of one synapse; 0 for the second if one-sided."""
    dpost, dpre = np.diff(post), np.diff(pre)
    if pairing == PAIRINGS[3]:
        return float(dpost @ (pre[:-1] + pre[1:]) / 2), float(dpre @ (post[:-1] + post[1:]) / 2)
    beside_dpre = {PAIRINGS[0]: 0 * dpre, PAIRINGS[1]: post[1:], PAIRINGS[2]: post[:-1]}
    if pairing not in beside_dpre:
        raise ArgumentError("pairing", repr(pairing), f"one of {', '.join(PAIRINGS)}")
    return float(dpost @ pre[:-1]), float(dpre @ beside_dpre[pairing])


def draw_plane(
    path: str = "direct", move: float = 0.8, steps: int = 8, pairing: str = PAIRINGS[1]
) -> str:
    """A trajectory in time, and in the plane of pre and post with its sums as areas."""
    post, pre = trajectories(path, move, steps)
    first, second = pair_sums(post, pre, pairing)
    contrast = float(post[-1] * pre[-1] - post[0] * pre[0])
    gap = first + second - contrast
    verdict = "equal to rounding" if abs(gap) < 1e-12 else f"gap {number(float(f'{gap:.3g}'))}"
    share = np.linspace(0, 1, steps + 1)
    in_time = chart(
        [Panel("In time", "part of the phase", "rate (no unit)", [
            Series("post", share, post, "line+points"), Series("pre", share, pre, "line+points")])],
        f"Line chart of two rates over a teaching phase of {steps} steps, path {path}: post goes "
        f"from {post[0]:.2f} to {post[-1]:.2f}, pre from {pre[0]:.2f} to {pre[-1]:.2f}.",
        width=330, height=230,
    )  # fmt: skip
    label = (
        f"The same path in the plane of pre and post. Tiles beside it add up to {first:.4f}, tiles "
        f"below it to {second:.4f}. The contrast post+ pre+ - post- pre- is {contrast:.4f}: "
        f"{verdict}."
    )
    summary = (
        f"<p>With {pairing.split(':')[0]} and {steps} steps: Σ Δpost · pre = "
        f"{minus(first, 4)}, Σ post · Δpre = {minus(second, 4)}, together "
        f"<b>{minus(first + second, 4)}</b>. Contrast: <b>{contrast:.4f}</b> ({verdict}).</p>"
    )
    return summary + beside(in_time, _plane(post, pre, pairing, label))


def _plane(post: Array, pre: Array, pairing: str, label: str) -> str:
    svg = picture(330, 330, label)
    left, top, side_x, side_y = 58.0, 28.0, 264.0, 230.0
    right = max(limits([pre])[1], float(pre.max()) * 1.08)
    high = max(limits([post])[1], float(post.max()) * 1.08)
    low_x, low_y = min(0.0, float(pre.min()) * 1.1), min(0.0, float(post.min()) * 1.1)

    def x_of(value: float) -> float:
        return left + side_x * (value - low_x) / (right - low_x)

    def y_of(value: float) -> float:
        return top + side_y * (high - value) / (high - low_y)

    text(svg, left, top - 9, "In the plane, with the sums as areas", font_weight="bold")
    for mark in ticks(low_x, right, 4):
        text(svg, x_of(mark), top + side_y + 16, number(mark), text_anchor="middle")
    for mark in ticks(low_y, high, 4):
        text(svg, left - 6, y_of(mark) + 4, number(mark), text_anchor="end")
    text(svg, left + side_x / 2, top + side_y + 34, "pre (no unit)", text_anchor="middle")
    x, y = 14.0, top + side_y / 2
    turn = f"rotate(-90 {x:g} {y:g})"
    text(svg, x, y, "post (no unit)", text_anchor="middle", transform=turn)

    middle = pairing == PAIRINGS[3]
    for t in range(len(post) - 1):
        width = (pre[t] + pre[t + 1]) / 2 if middle else pre[t]
        _tile(svg, (x_of(0), x_of(width)), (y_of(post[t]), y_of(post[t + 1])), 0,
              post[t + 1] >= post[t])  # fmt: skip
        if pairing != PAIRINGS[0]:
            height = post[t] if pairing == PAIRINGS[2] else post[t + 1]
            height = (post[t] + post[t + 1]) / 2 if middle else height
            _tile(svg, (x_of(pre[t]), x_of(pre[t + 1])), (y_of(0), y_of(height)), 1,
                  pre[t + 1] >= pre[t])  # fmt: skip
    for i, name in ((0, "−"), (-1, "+")):  # the rectangles whose difference is the contrast
        box = {"x": f"{x_of(0):.1f}", "y": f"{y_of(post[i]):.1f}",
               "width": f"{x_of(pre[i]) - x_of(0):.1f}",
               "height": f"{y_of(0) - y_of(post[i]):.1f}"}  # fmt: skip
        look = {"fill": "none", "stroke": "currentColor", "stroke-width": "1.3"}
        ET.SubElement(svg, "rect", {**box, **look, "stroke-dasharray": "5 4"})
        text(svg, x_of(pre[i]) + 5, y_of(post[i]) - 5, name, font_weight="bold", font_size="15")
    points = " ".join(f"{x_of(p):.1f},{y_of(q):.1f}" for p, q in zip(pre, post, strict=True))
    line = {"fill": "none", "stroke": COLOURS[3], "stroke-width": "2"}
    ET.SubElement(svg, "polyline", {"points": points, **line})
    for p, q in zip(pre, post, strict=True):
        place = f"translate({x_of(p):.1f},{y_of(q):.1f}) scale(0.7)"
        ET.SubElement(svg, "path", {"d": SHAPES[0], "fill": COLOURS[3], "transform": place})
    y = top + side_y + 54
    for x, colour, name in ((left - 40, 0, "Δpost · pre"), (left + 80, 1, "post · Δpre")):
        _tile(svg, (x, x + 18), (y, y - 10), colour, True)
        text(svg, x + 24, y, name)
    _tile(svg, (left + 200, left + 218), (y, y - 10), 0, False)
    text(svg, left + 224, y, "negative")
    return ET.tostring(svg, encoding="unicode")


def _tile(
    svg: ET.Element, x: tuple[float, float], y: tuple[float, float], look: int, positive: bool
) -> None:
    """A filled rectangle; one that counts negative has a dashed outline alone."""
    box = {"x": f"{min(x):.1f}", "y": f"{min(y):.1f}", "width": f"{abs(x[1] - x[0]):.1f}",
           "height": f"{abs(y[1] - y[0]):.1f}"}  # fmt: skip
    style = {"stroke": COLOURS[look], "stroke-width": "1.2"}
    style |= (
        {"fill": COLOURS[look], "fill-opacity": "0.3"}
        if positive
        else {"fill": "none", "stroke-dasharray": DASHES[2]}
    )
    ET.SubElement(svg, "rect", {**box, **style})


def draw_slopes(strengths: Array, sizes: dict[str, Array]) -> str:
    """Sizes of updates and of their differences against the strength of the feedback."""
    slopes = {name: np.polyfit(np.log10(strengths), np.log10(y), 1)[0] for name, y in sizes.items()}
    listed = "; ".join(f"{name}: slope {slope:.2f}" for name, slope in slopes.items())
    series = [
        Series(f"{name}, slope {slopes[name]:.1f}", strengths, y, "line+points")
        for name, y in sizes.items()
    ]
    panel = Panel(
        "Differences of updates in layer 2", "feedback strength k_p (no unit)",
        "size of the matrix (no unit)", series, x_log=True, y_log=True,
    )  # fmt: skip
    label = f"Log-log chart of sizes against the strength of the feedback. {listed}."
    return chart([panel], label, width=600, height=230)


# ---------------------------------------------------------------------- two rules, two troubles


def look(
    b: Array, target: Array | float, k: float, offset: Array | float = 0.0,
    drift: Array | float = 0.0, dt: float = 2.0, tau: float = 10.0, steps: int = 60,
    step: Any = step,
) -> tuple[Array, Array]:  # fmt: skip
    """Rates (steps + 1, B, n) of one teaching phase under two troubles, and the basal drive at its
    end: ``offset`` is an apical drive that is always there, in the free state too; ``drift`` is
    what the basal drive gains during the phase, at a steady pace. k = 0: nobody teaches."""
    v = b + offset
    r = [sigmoid(v)]
    for t in range(steps):
        now = b + drift * ((t + 1) / steps)
        v = step(v, now, offset + k * (target - r[-1]), dt, tau)
        r.append(sigmoid(v))
    return np.array(r), b + drift


def duel(
    digits: Any, rule: str, offset: Array | float = 0.0, drift: Array | float = 0.0,
    shuffled: float = 0.0, k: float = 1.0, lr: float = 2.0,
) -> float:  # fmt: skip
    """Test accuracy of ten neurons after two passes through 5,000 digits, each neuron with its
    ``offset`` and ``drift`` (10,), plus others drawn anew for every image (``shuffled``: their
    standard deviation). Tested at the end of a look, with trouble and without teacher."""
    rng = np.random.default_rng(0)
    x, labels = digits.x_train[:5_000].astype(float), digits.y_train[:5_000]
    targets = np.eye(10)[labels]
    W, beta = np.zeros((10, x.shape[1])), np.zeros(10)
    for rows in np.split(np.concatenate([rng.permutation(5_000) for _ in range(2)]), 200):
        pre = x[rows]
        b = pre @ W.T + beta
        c, d = shuffled * rng.normal(size=(2, *b.shape))
        r, basal = look(b, targets[rows], k, offset + c, drift + d)
        change = r[-1] - (r[0] if rule == "temporal" else sigmoid(basal))
        W += lr * change.T @ pre / len(rows)
        beta += lr * change.mean(axis=0)
    b = digits.x_test[:1_000].astype(float) @ W.T + beta
    end = look(b, 0.0, 0.0, offset, drift)[0][-1]
    return float((end.argmax(axis=1) == digits.y_test[:1_000]).mean())


def draw_duel(offset: float = 0.0, drift: float = 0.0, k: float = 2.0) -> str:
    """One neuron that should say 0.9 and says 0.38 by itself: what two rules read of a look."""
    b, target, steps = np.array([[-0.5]]), np.array([[0.9]]), 60
    t = 2.0 * np.arange(steps + 1)
    r, _ = look(b, target, k, offset, drift)
    alone, _ = look(b, target, 0.0, offset, drift)
    basal = sigmoid(-0.5 + drift * t / t[-1])
    r, alone = r[:, 0, 0], alone[:, 0, 0]
    temporal, compared, advice = r - r[0], r - basal, r - alone
    label = (
        f"Two line charts over {t[-1]:.0f} milliseconds for a neuron with basal drive -0.5 and "
        f"target 0.9, with a permanent apical offset of "
        f"{offset:g}, a basal drift of {drift:g} and a teacher of strength {k:g}. Left: the rate "
        f"with the teacher ends at {r[-1]:.3f}, without at {alone[-1]:.3f}. Right: the temporal "
        f"rule reads {temporal[-1]:.3f} at the end, the comparison of compartments "
        f"{compared[-1]:.3f}; the advice itself changed {advice[-1]:.3f}."
    )
    summary = (
        "<p>Basal drive b = −0.5, target 0.9. Changed by the advice: "
        f"<b>{minus(advice[-1])}</b>. Temporal rule: "
        f"<b>{minus(temporal[-1])}</b>. Comparison of compartments: "
        f"<b>{minus(compared[-1])}</b>.</p>"
    )
    panels = [
        Panel("Rates", "time (ms)", "rate (no unit)", [
            Series("with advice", t, r), Series("without", t, alone),
            Series("φ(b) of the basal dendrite", t, basal)],
            marks=[("y", 0.9, "target")]),
        Panel("What the rules read", "time (ms)", "change of rate (no unit)", [
            Series("temporal", t, temporal, colour=3),
            Series("comparison", t, compared, colour=4),
            Series("truth: with − without advice", t[::4], advice[::4], "points", colour=0)]),
    ]  # fmt: skip
    return summary + chart(panels, label)


def draw_accuracies(names: list[str], accuracy: dict[str, list[float]]) -> str:
    """Test accuracy (0 to 1) of several rules, one group of bars for each name."""
    at = np.arange(len(names), dtype=float)
    series = [Series(rule, at, 100 * np.array(y), "bars") for rule, y in accuracy.items()]
    listed = "; ".join(
        f"{rule}: " + ", ".join(f"{n} {100 * v:.0f}" for n, v in zip(names, y, strict=True))
        for rule, y in accuracy.items()
    )
    panel = Panel(
        "Ten neurons learn digits", "condition during learning and test", "test accuracy (%)",
        series, y_range=(0, 100), x_names=names, marks=[("y", 10.0, "blind guess")],
    )  # fmt: skip
    return chart([panel], f"Bar chart of test accuracy in percent. {listed}.", width=640)


def draw_weights(weights: dict[str, Array], digit: int = 3) -> str:
    """The weights (784,) of one neuron after each of several rules, as images around zero."""
    label = (
        f"Weights of the neuron for the digit {digit} as images of 28 by 28, after learning with: "
        + ", ".join(weights)
        + ". Blue weights are positive, orange ones negative. The first two look alike; the plain "
        "Hebbian image is blue wherever digits have ink."
    )
    tiles = [signed(w.reshape(28, 28)) for w in weights.values()]
    most = {name: float(np.abs(w).max()) for name, w in weights.items()}
    largest = [
        f"{name} (±{m:.0f})" if m >= 10 else f"{name} (±{m:.2f})" for name, m in most.items()
    ]
    return images(tiles, largest, label, columns=len(tiles), size=150) + _colour_bar()


def _colour_bar() -> str:
    """What the colours of ``signed`` mean: each image has its own largest weight at the ends."""
    svg = picture(480, 40, "Colour bar: orange is minus the largest weight of each image, white is "
                  "zero, blue is plus the largest weight.")  # fmt: skip
    bar = {"x": "120", "y": "4", "width": "240", "height": "12", "preserveAspectRatio": "none"}
    colours = png(signed(np.linspace(-1, 1, 64)[None]))
    ET.SubElement(svg, "image", {**bar, "href": colours})
    for x, words in ((120, "−largest"), (240, "0"), (360, "+largest (in brackets)")):
        text(svg, x, 32, words, text_anchor="middle")
    return ET.tostring(svg, encoding="unicode")


# ---------------------------------------------------------------------- exercises


def _step_case(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng([31, seed])
    shape = rng.integers(2, 5), rng.integers(3, 7)
    v, b, a = rng.normal(0, 1, (3, *shape))
    return v, b, a, float(rng.uniform(0.3, 1.4)), float(rng.uniform(3, 12))


def _step_loop(v: Array, b: Array, a: Array, dt: float, tau: float) -> Array:
    new = np.zeros(v.shape)
    for i in range(v.shape[0]):
        for j in range(v.shape[1]):
            slope = (b[i, j] + a[i, j] - v[i, j]) / tau
            new[i, j] = v[i, j] + dt * slope
    return new


def _steep(seed: int, rng: np.random.Generator) -> Phi:
    """A sigmoid or a tanh of another steepness each time: no answer can know it beforehand."""
    phi, gain = (sigmoid, np.tanh)[seed % 2], float(rng.uniform(1.3, 2.0))
    return lambda v: phi(np.multiply(gain, v))


def _phase_case(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng([32, seed])
    shape = rng.integers(2, 5), rng.integers(2, 6)
    phi = _steep(seed, rng)
    b, target = rng.normal(0, 1, shape), rng.uniform(0, 1, shape)
    tau = float(rng.uniform(5, 12))
    return b, target, float(rng.uniform(0.5, 2)), phi, 0.2 * tau, tau, int(rng.integers(4, 9))


def _phase_array(
    b: Array, target: Array, k: float, phi: Phi, dt: float, tau: float, steps: int
) -> Array:
    rates = np.zeros((steps + 1, *b.shape))
    rates[0] = phi(b)
    v = b.copy()
    for t in range(steps):
        a = k * (target - rates[t])
        v += (b + a - v) * (dt / tau)
        rates[t + 1] = phi(v)
    return rates


def _phase_recursive(
    b: Array, target: Array, k: float, phi: Phi, dt: float, tau: float, steps: int
) -> Array:
    h = dt / tau
    v = [b]
    while len(v) <= steps:
        v.append((1 - h) * v[-1] + h * b + h * k * (target - phi(v[-1])))
    return np.stack([phi(voltage) for voltage in v])


def _phase_with(
    drive: Any = lambda target, r, v, k, first: k * (target - r),
    start: Any = lambda b: b,
    read: Any = lambda r, v: r,
    leak: float = 1.0,
    basal: Any = lambda b, v, r: b,
) -> Any:
    """A phase with one thing done differently: a known mistake."""

    def wrong(
        b: Array, target: Array, k: float, phi: Phi, dt: float, tau: float, steps: int
    ) -> Array:
        v = start(b)
        r = [phi(v)]
        rows = [read(r[0], v)]
        for _ in range(steps):
            v = v + dt / tau * (-leak * v + basal(b, v, r[-1]) + drive(target, r[-1], v, k, r[0]))
            r.append(phi(v))
            rows.append(read(r[-1], v))
        return np.array(rows)

    return wrong


def _phase_late(
    b: Array, target: Array, k: float, phi: Phi, dt: float, tau: float, steps: int
) -> Array:
    v, a, r = b, 0 * b, [phi(b)]
    for _ in range(steps):
        v = step(v, b, a, dt, tau)
        r.append(phi(v))
        a = k * (target - r[-2])
    return np.array(r)


def _pair_case(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng([33, seed])
    steps, n, m = rng.integers(3, 7), rng.integers(2, 5), rng.integers(5, 8)
    return rng.uniform(0, 1, (steps + 1, n)), rng.uniform(0, 1, (steps + 1, m))


def _pair_loop(post: Array, pre: Array) -> Array:
    dW = np.zeros((post.shape[1], pre.shape[1]))
    for t in range(len(post) - 1):
        dW += np.outer(post[t + 1] - post[t], pre[t])
        dW += np.outer(post[t + 1], pre[t + 1] - pre[t])
    return dW


def _pairs(post: Array, pre: Array, p: slice, q: slice) -> Array:
    """dpost against pre[p], plus post[q] against dpre."""
    return np.diff(post, axis=0).T @ pre[p] + post[q].T @ np.diff(pre, axis=0)


def _contrast(post: Array, pre: Array) -> Array:
    return np.outer(post[-1], pre[-1]) - np.outer(post[0], pre[0])


_EARLY, _LATE = slice(None, -1), slice(1, None)


def _error_case(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng([34, seed])
    batch, n, m = rng.integers(2, 6), rng.integers(2, 4), rng.integers(6, 9)
    b, a = rng.normal(0, 1, (2, batch, n))
    return b + a, b, rng.uniform(0, 1, (batch, m)), _steep(seed, rng)


def _error_loop(v: Array, b: Array, pre: Array, phi: Phi) -> Array:
    dW = np.zeros((v.shape[1], pre.shape[1]))
    for i in range(len(v)):
        dW += np.outer(phi(v[i]) - phi(b[i]), pre[i]) / len(v)
    return dW


EXERCISES = {
    "03.1": Exercise(
        title="one Euler step of the neuron",
        cases=_step_case,
        reference=step,
        right=(
            _step_loop,
            lambda v, b, a, dt, tau: (1 - dt / tau) * v + (dt / tau) * (b + a),
            lambda v, b, a, dt, tau: np.add(v, (b + a - v) * dt / tau),
        ),
        wrong=(
            (
                lambda v, b, a, dt, tau: v - dt / tau * (-v + b + a),
                "the sign is the wrong way round: this step leads away from b + a. The new voltage "
                "is the old one *plus* dt times dv/dt.",
            ),
            (
                lambda v, b, a, dt, tau: v + dt / tau * (b + a),
                "the leak is missing: what pulls the voltage back when both drives are silent?",
            ),
            (
                lambda v, b, a, dt, tau: v + dt / tau * (v + b + a),
                "the leak has the wrong sign: -v pulls the voltage back, +v makes it run away.",
            ),
            (
                lambda v, b, a, dt, tau: v - dt * v / tau + b + a,
                "brackets are missing: dt / tau multiplies the whole right-hand side, the drives "
                "as well as the leak.",
            ),
            (
                lambda v, b, a, dt, tau: b + a,
                "this jumps to the state of rest at once; one step covers only the part dt / tau "
                "of the way.",
            ),
            (
                lambda v, b, a, dt, tau: v + tau / dt * (-v + b + a),
                "you multiply by tau / dt; divide the equation by tau first, then go on for dt.",
            ),
            (
                lambda v, b, a, dt, tau: v + dt * (-v + b + a),
                "tau is missing: tau dv/dt stands on the left, so divide by tau.",
            ),
            (
                lambda v, b, a, dt, tau: v + (-v + b + a) / tau,
                "dt is missing: how far does the voltage get in the time dt?",
            ),
            (
                lambda v, b, a, dt, tau: v + dt * tau * (-v + b + a),
                "you multiply by tau; it stands on the left of the equation, so divide by it.",
            ),
            (
                lambda v, b, a, dt, tau: v + dt / tau * (-v + b),
                "the apical drive is missing: both voices reach the soma.",
            ),
            (
                lambda v, b, a, dt, tau: v + dt / tau * (-v + a),
                "the basal drive is missing: both voices reach the soma.",
            ),
            (
                lambda v, b, a, dt, tau: v + dt / tau * (-v + b - a),
                "the apical drive has the wrong sign: both voices add to the soma.",
            ),
            (
                lambda v, b, a, dt, tau: 1.0 * v,
                "the voltage stays where it was. Does the step divide with //? That rounds down to "
                "a whole number; dt / tau is a fraction.",
            ),
            (
                lambda v, b, a, dt, tau: dt / tau * (-v + b + a),
                "this is the change alone; add it to the old voltage.",
            ),
            (
                lambda v, b, a, dt, tau: (-v + b + a) / tau,
                "this is dv/dt. The new voltage is the old one plus dt times that.",
            ),
            (
                lambda v, b, a, dt, tau: b + a + (v - b - a) * np.exp(-dt / tau),
                "that is the exact solution for drives that stay constant, and a fine idea. Asked "
                "for is the Euler step: a straight line along dv/dt.",
            ),
            (
                lambda v, b, a, dt, tau: (v + dt / tau * (b + a)) / (1 + dt / tau),
                "that is the backward Euler step, with dv/dt taken at the end. Asked for is the "
                "forward one: dv/dt at the voltage before the step.",
            ),
        ),
        hints=(
            "Divide the equation by tau: how fast does the voltage change now?",
            "A straight line with slope dv/dt, followed for the time dt: where does it arrive?",
            "New voltage = v + (dt / tau) times the right-hand side, leak and both drives.",
        ),
    ),
    "03.2": Exercise(
        title="a whole teaching phase",
        cases=_phase_case,
        reference=phase,
        right=(_phase_array, _phase_recursive),
        wrong=(
            (
                _phase_with(lambda target, r, v, k, first: k * (target - first)),
                "your teacher speaks once and never listens again: take the apical drive from the "
                "rate *now*, anew in each step.",
            ),
            (
                lambda b, target, k, phi, dt, tau, steps: phase(b, target, k, phi, dt, tau, steps)[
                    1:
                ],
                "the free state is missing: row 0 is the rate before the first step.",
            ),
            (
                lambda b, target, k, phi, dt, tau, steps: phase(b, target, k, phi, dt, tau, steps)[
                    :-1
                ],
                "the last row is missing: so many steps are one more rows, free state included.",
            ),
            (
                lambda b, target, k, phi, dt, tau, steps: phase(b, target, k, phi, dt, tau, steps)[
                    -1
                ],
                "this is the taught state alone; return the rates of all steps, free state first.",
            ),
            (
                _phase_with(start=lambda b: 0 * b),
                "you start at voltage 0; the neuron starts in its free state, where v = b.",
            ),
            (
                _phase_with(read=lambda r, v: v),
                "these are the voltages; return the rates phi(v).",
            ),
            (
                _phase_with(lambda target, r, v, k, first: k * (r - target)),
                "the teacher pushes the wrong way: the apical drive is k times target minus rate.",
            ),
            (
                _phase_with(lambda target, r, v, k, first: k * (target - v)),
                "your teacher compares the target with the voltage; the target is a rate, so "
                "compare it with the rate.",
            ),
            (
                _phase_with(lambda target, r, v, k, first: target - r),
                "k is missing: it says how strongly the teacher speaks.",
            ),
            (
                _phase_with(lambda target, r, v, k, first: k * target),
                "your teacher says the target, whatever the neuron does; the apical drive is k "
                "times target *minus rate*.",
            ),
            (
                _phase_with(lambda target, r, v, k, first: 0 * r),
                "nobody teaches: the apical drive has no effect on these rates.",
            ),
            (
                _phase_with(leak=0.0),
                "the leak is missing in your steps: use the step of exercise 03.1.",
            ),
            (
                _phase_with(basal=lambda b, v, r: v),
                "the second argument of your step should be the basal drive b, which stays what it "
                "is; you give the voltage, and the leak cancels.",
            ),
            (
                _phase_with(basal=lambda b, v, r: r),
                "the second argument of your step should be the basal drive b; you give the rate.",
            ),
            (
                lambda b, target, k, phi, dt, tau, steps: phase(
                    b, target, k, phi, dt, tau, steps + 1
                ),
                "one step too many: row 0 is the free state, and the loop runs `steps` times.",
            ),
            (
                lambda b, target, k, phi, dt, tau, steps: np.swapaxes(
                    phase(b, target, k, phi, dt, tau, steps), 0, 1
                ),
                "the axes are in the wrong order: time comes first, then the batch.",
            ),
            (
                lambda b, target, k, phi, dt, tau, steps: phase(
                    b, target, k, sigmoid, dt, tau, steps
                ),
                "the activation is an argument: call the phi you are "
                "given. You have fixed it as a sigmoid.",
            ),
            (
                lambda b, target, k, phi, dt, tau, steps: phase(
                    b, target, k, np.tanh, dt, tau, steps
                ),
                "the activation is an argument: call the phi you are "
                "given. You have fixed it as tanh.",
            ),
            (
                _phase_late,
                "your apical drive comes one step late: take it from the rate just before each "
                "step, also in the first one.",
            ),
        ),
        hints=(
            "Keep two things: the voltage now, and a list of the rates so far. Which voltage makes "
            "v = b + a true while a = 0?",
            "In each step, in this order: apical drive from the last rate in the list, new voltage "
            "with step(v, b, a, dt, tau), new rate into the list.",
            "The list begins with phi(b); the drive is k * (target - rates[-1]); at the end, "
            "np.array(rates) has shape (steps + 1, B, n).",
        ),
    ),
    "03.3": Exercise(
        title="the symmetrised differential Hebbian update",
        cases=_pair_case,
        reference=symmetric_dh,
        right=(
            _pair_loop,
            _contrast,  # the theorem, used
            lambda post, pre: _pairs(post, pre, _LATE, _EARLY),  # the other exact pair
            lambda post, pre: (
                (_pairs(post, pre, _EARLY, _EARLY) + _pairs(post, pre, _LATE, _LATE)) / 2
            ),
            lambda post, pre: (
                np.einsum("ti,tj->ij", np.diff(post, axis=0), pre[:-1])
                + np.einsum("ti,tj->ij", post[1:], np.diff(pre, axis=0))
            ),
        ),
        wrong=(
            (
                lambda post, pre: np.diff(post, axis=0).T @ pre[:-1],
                "this is the one-sided update: the sum with the change of pre is missing.",
            ),
            (
                lambda post, pre: post[1:].T @ np.diff(pre, axis=0),
                "this is the second sum alone: the one with the change of post is missing.",
            ),
            (
                lambda post, pre: post.T @ pre,
                "this is plain Hebb, rate times rate at every moment: in each sum one factor is a "
                "change.",
            ),
            (
                lambda post, pre: _pairs(post, pre, _EARLY, _EARLY),
                "both sums are taken at t, so the corners where both rates change are missing: "
                "beside the change of pre stands post[t+1].",
            ),
            (
                lambda post, pre: _pairs(post, pre, _LATE, _LATE),
                "both sums are taken at t+1, so the corners where both rates change count twice: "
                "beside the change of post stands pre[t].",
            ),
            (
                lambda post, pre: _pair_loop(post, pre) / 2,
                "this is half of it: the two sums are added, not averaged.",
            ),
            (
                lambda post, pre: _pair_loop(post, pre).T,
                "this is the transpose: rows belong to the postsynaptic neuron, columns to the "
                "presynaptic one.",
            ),
            (
                lambda post, pre: -_contrast(post, pre),
                "the sign is the wrong way round: a change is later minus earlier.",
            ),
            (
                lambda post, pre: (
                    np.diff(post, axis=0).T @ pre[:-1] - post[1:].T @ np.diff(pre, axis=0)
                ),
                "the two sums are added, not subtracted.",
            ),
            (
                lambda post, pre: np.diff(post, axis=0).T @ np.diff(pre, axis=0),
                "you multiply change by change: in each sum one factor is a change and the other a "
                "rate.",
            ),
            (
                lambda post, pre: _pair_loop(post, pre) / (len(post) - 1),
                "you take the mean over the steps; the update is their sum.",
            ),
            (
                lambda post, pre: _pair_loop(post[:-1], pre[:-1]),
                "the last step is missing: T + 1 rows are T steps, and the sum takes them all.",
            ),
            (
                lambda post, pre: _pair_loop(post[1:], pre[1:]),
                "the first step is missing: the sum begins at row 0, the free state.",
            ),
            (
                lambda post, pre: np.outer(post[-1] - post[0], pre[-1] - pre[0]),
                "this multiplies the two whole changes; the contrast is a difference of two "
                "products.",
            ),
            (
                lambda post, pre: np.outer(post[-1] - post[0], pre[0]),
                "that is right only while the presynaptic rate is constant: here it moves too.",
            ),
            (
                lambda post, pre: np.outer(post[-1], pre[-1]),
                "the free state is missing: what was there before the teaching does not count.",
            ),
        ),
        hints=(
            "Two sums, two matrix products. Exercise 00.1 was the first of them.",
            "np.diff(pre, axis=0) has shape (T, m). Which rows of post stand beside it: those at t "
            "or those at t+1?",
            "Each sum over t is (T, n) transposed times (T, m): a change of one, and the rates of "
            "the other without their last row or without their first. Check: the two together "
            "must be the contrast.",
        ),
    ),
    "03.4": Exercise(
        title="the rival: comparing compartments",
        cases=_error_case,
        reference=error_update,
        right=(
            _error_loop,
            lambda v, b, pre, phi: np.einsum("bi,bj->ij", phi(v) - phi(b), pre) / len(pre),
            lambda v, b, pre, phi: phi(v).T @ pre / len(v) - phi(b).T @ pre / len(v),
        ),
        wrong=(
            (
                lambda v, b, pre, phi: -_error_loop(v, b, pre, phi),
                "the sign is the wrong way round: what the soma does, minus what the basal drive "
                "alone would make it do.",
            ),
            (
                lambda v, b, pre, phi: (v - b).T @ pre / len(v),
                "you compare voltages; asked for is the comparison of rates, phi of each.",
            ),
            (
                lambda v, b, pre, phi: phi(v - b).T @ pre / len(v),
                "phi of a difference is not the difference of phi: take the two rates first.",
            ),
            (
                lambda v, b, pre, phi: _error_loop(v, b, pre, phi) * len(v),
                "you take the sum over the batch; the update is its mean.",
            ),
            (
                lambda v, b, pre, phi: _error_loop(v, b, pre, phi).T,
                "this is the transpose: rows belong to the postsynaptic neuron, columns to the "
                "presynaptic one.",
            ),
            (
                lambda v, b, pre, phi: phi(v).T @ pre / len(v),
                "this is plain Hebb in the taught state: nothing is compared.",
            ),
            (
                lambda v, b, pre, phi: phi(b).T @ pre / len(v),
                "this uses the basal drive alone: where is the soma?",
            ),
            (
                lambda v, b, pre, phi: np.outer((phi(v) - phi(b)).mean(axis=0), pre.mean(axis=0)),
                "you average post and pre separately; multiply first, for each input, then take "
                "the mean.",
            ),
            (
                lambda v, b, pre, phi: _error_loop(v, b, pre, sigmoid),
                "the activation is an argument: call the phi you are given. You have fixed it as a "
                "sigmoid.",
            ),
            (
                lambda v, b, pre, phi: _error_loop(v, b, pre, np.tanh),
                "the activation is an argument: call the phi you are given. You have fixed it as "
                "tanh.",
            ),
            (
                lambda v, b, pre, phi: _error_loop(v, b, pre, phi) * len(v) / v.shape[1],
                "you divide by the number of neurons; the mean is over the batch, the first axis.",
            ),
        ),
        hints=(
            "Two rates for each neuron: that of its soma, and the one its basal drive alone asks "
            "for.",
            "Their difference has shape (B, n), pre has (B, m): which product gives (n, m)?",
            "(difference)^T @ pre, divided by the number of inputs B.",
        ),
    ),
}
