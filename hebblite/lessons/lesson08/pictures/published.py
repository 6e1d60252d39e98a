"""A published program, run: one of its layers is never trained. What that costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart

Array = np.ndarray
#: Rows of training, by what stands at the start of their names; the first that fits.
LOOKS = {
    "dh, output": "hebb", "dh, layer 1": "layer1", "dh": "dh", "error-based": "error",
    "backprop, output": "layer4", "backprop": "backprop",
}  # fmt: skip


def look_of(name: str, k: int) -> str | int:
    """The look of a training by its name, or by its number."""
    return next((look for word, look in LOOKS.items() if name.lower().startswith(word)), k)


def draw_published(curves: Mapping[str, Array], guess: Mapping[str, float] | None = None) -> str:
    """Accuracy after the last epoch: a dot for each seed, and a line at their median.

    curves: by name accuracies in %, from epoch 0: (S, E+1), or (E+1,) for one seed. guess: what the
    learner expects in the end, in %, by name.
    """
    found = {name: np.atleast_2d(np.asarray(y, float)) for name, y in curves.items()}
    last = [
        Series("", np.full(len(y), float(k)), y[:, -1], "dots", colour=look_of(name, k))
        for k, (name, y) in enumerate(found.items())
    ]
    ends = np.concatenate([y[:, -1] for y in found.values()])
    room = 0.15 * max(float(np.ptp(ends)), 1.0)
    said_so = [
        ("y", guess[name], f"you said {guess[name]:g} for {name}")
        for name in found
        if guess and name in guess
    ]
    whole = np.concatenate([ends, [mark for _, mark, _ in said_so]])
    epochs = max(y.shape[1] for y in found.values()) - 1
    seeds = max(map(len, found.values()))
    panel = Panel(
        f"After {epochs} epochs{', a dot for each seed' if seeds > 1 else ''}", "",
        "test accuracy (%)", last, x_names=list(found), marks=said_so,
        y_range=(float(whole.min()) - room, float(whole.max()) + room),
    )  # fmt: skip
    said = "; ".join(
        f"{name} {np.median(y[:, -1]):.1f} % ({np.median(y[:, 0]):.1f} % before)"
        for name, y in found.items()
    )
    many = f"Medians of {seeds} seeds: " if seeds > 1 else ""
    return chart([panel], f"Test accuracy after {epochs} epochs. {many}{said}.", 700, 190)
