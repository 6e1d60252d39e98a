"""A teaching phase as one hidden neuron and its interneuron live through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....teaching.chart import Panel, Series, fixed_range
from ....teaching.numerals import decimals
from ....teaching.schematic import Drawing, put_chart
from .scene import Levels, scene

Array = np.ndarray
Phase = Mapping[str, Any]

WIDTH, HEIGHT = 700.0, 464.0
SIZE = 0.74  # of the scene
CHARTS, FRAME = 330.0, 80.0  # left edge of the charts; height of each frame
STARTS = (2.0, 156.0, 290.0)  # the charts' upper edges: the first has a legend below it
#: The three charts: title, and the curves in each as (key, name, look).
ROWS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("Layer above, and what is predicted",
     (("v_above", "v of the neuron above", "voltage"), ("i", "interneuron's i", "lateral"))),
    ("Apical dendrite", (("v_A", "vᴬ", "apical"),)),
    ("Soma, and what comes from below", (("v", "v", "voltage"), ("b", "b", "basal"))),
)  # fmt: skip


# ---------------------------------------------------------------------- one moment


def draw_phase(phase: Phase, t: int = -1) -> str:
    """The cells at row ``t`` of a phase, and beside them their courses over time, with the moment
    marked.

    phase: ``{"time": (T+1,) seconds, below 0 before the teacher comes, "v_A", "b", "v", "r", "i",
    "v_above": (T+1,)}`` of neuron ``"neuron"`` of layer ``"layer"``, the neuron ``"above"`` it, and
    the interneuron that predicts that one; ``"image"`` (784,) and ``"label"`` if it is a digit.
    """
    t = range(len(phase["time"]))[t]
    d = Drawing(WIDTH, HEIGHT, _label(phase, t))
    made = scene(d, 6, 66, _levels(phase, t), SIZE, teacher=bool(phase["time"][t] > 0))
    if "image" in phase:
        d.image(np.asarray(phase["image"], float).reshape(28, 28), 8, 6, 76)
    d.say(*made.at["teacher"], "teacher", fixed=True)
    d.say(made.cell.tuft.x - 110, made.cell.tuft.y - 12, "apical vᴬ", fixed=True)
    d.say(made.inter.soma.x + 24, made.inter.soma.y + 4, "i", fixed=True)
    d.say(made.cell.basal.x + 8, made.cell.basal.y + 8, f"layer {phase['layer']}", fixed=True)
    d.say(made.above.soma.x + 18, made.above.soma.y - 14, f"layer {phase['layer'] + 1}",
          fixed=True)  # fmt: skip
    for k, (title, curves) in enumerate(ROWS):
        _chart(d, phase, t, k, title, curves)
    return d.svg()


def _levels(phase: Phase, t: int) -> Levels:
    """The row as levels: potentials as shares of the largest, apical ones of the largest apical."""

    def share(*keys: str) -> float:
        return max(*(float(np.abs(phase[key]).max()) for key in keys), 1e-12, 1e-12)

    potential, apical = share("v", "b", "i", "v_above"), share("v_A")
    rate = share("r")
    v_above, i = float(phase["v_above"][t]) / potential, float(phase["i"][t]) / potential
    return Levels(
        b=float(phase["b"][t]) / potential, a=float(phase["v_A"][t]) / apical,
        v=float(phase["v"][t]) / potential, r=abs(float(phase["r"][t])) / rate,
        i=i, p=abs(i), v_above=v_above, r_above=abs(v_above),
    )  # fmt: skip


def _chart(
    d: Drawing, phase: Phase, t: int, k: int, title: str, curves: Sequence[tuple[str, str, str]]
) -> None:
    """One chart of courses with a line and dots at row t."""
    ms = 1000 * np.asarray(phase["time"], float)
    values = [np.asarray(phase[key], float) for key, _, _ in curves]
    x_range, y_range = (float(ms[0]), float(ms[-1])), _range(phase, k)
    series = [
        Series(name, ms, y, colour=look) for (_, name, look), y in zip(curves, values, strict=True)
    ]
    last = k == len(ROWS) - 1
    panel = Panel(
        title, "time since the teacher came (ms)" if last else "", "voltage",
        series if len(series) > 1 else [Series("", ms, values[0], colour=curves[0][2])],
        x_range=x_range, y_range=y_range, marks=[("x", 0.0, "")],
    )  # fmt: skip
    frame = put_chart(d, [panel], CHARTS, STARTS[k], WIDTH - CHARTS, FRAME)[0]
    d.path(f"M{frame.at(ms[t], 0).x:.1f},{frame.top:.1f} v{FRAME:.1f}", None, 1.2, opacity=0.6)
    for (_, _, look), course in zip(curves, values, strict=True):
        d.circle(*frame.at(ms[t], course[t]), 4.5, None, look, width=1.2)


def _range(phase: Phase, k: int) -> tuple[float, float]:
    """The range of a row's curves; that of the apical voltage reaches 0, its place of silence."""
    values = [np.asarray(phase[key], float) for key, _, _ in ROWS[k][1]]
    return fixed_range(*values, zero=k == 1)


def _label(phase: Phase, t: int) -> str:
    time = 1000 * float(phase["time"][t])
    when = f"{time:.0f} ms after the teacher came" if time > 0 else "before the teacher comes"
    said = ", ".join(
        f"{name} {decimals(float(phase[key][t]), 3)}"
        for name, key in (
            ("the neuron above", "v_above"), ("its interneuron", "i"),
            ("the apical voltage", "v_A"),
            ("the soma", "v"), ("the basal drive", "b"),
        )
    )  # fmt: skip
    shows = f" The network sees a {phase['label']}." if "label" in phase else ""
    return (
        f"Neuron {phase['neuron']} of layer {phase['layer']}, the neuron above it, and the "
        f"interneuron between them, {when}: {said}.{shows}"
    )


# ---------------------------------------------------------------------- the film


def phase_film(phase: Phase, count: int = 60) -> dict[str, Any]:
    """What ``player.play`` wants: the phase in ``count`` moments (see ``draw_phase``)."""
    rows = moments(phase["time"], count)
    v_A = np.asarray(phase["v_A"], float)
    captions = []
    for t in rows:
        time = 1000 * float(phase["time"][t])
        said = f"vᴬ = {decimals(float(v_A[t]), 3)}, v = {decimals(float(phase['v'][t]), 3)}"
        captions.append(f"{time:.0f} ms: {said}" if time > 0 else f"before the teacher: {said}")
    before, after = float(v_A[0]), float(v_A[-1])
    label = (
        "A teaching phase of one hidden neuron. Before the teacher its apical voltage is "
        f"{decimals(before, 3)}; the teacher pushes the output, the interneuron follows the neuron "
        f"above in part, and the apical voltage becomes {decimals(after, 3)}. The soma goes from "
        f"{decimals(float(phase['v'][0]), 3)} to {decimals(float(phase['v'][-1]), 3)}."
    )
    frames = [draw_phase(phase, t) for t in rows]
    return {"frames": frames, "captions": captions, "label": label, "seconds": 8.0}


def moments(time: Array, count: int) -> list[int]:
    """``count`` rows, evenly in number, the first and the last among them."""
    return np.unique(np.linspace(0, len(time) - 1, count).round().astype(int)).tolist()
