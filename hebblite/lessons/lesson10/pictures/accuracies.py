"""What networks learn in the four theories: with DH, with the theory's own rule, with backprop."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.chart import Panel, Series, chart
from ....teaching.numerals import decimals

Array = np.ndarray

#: Rules in the order in which they stand side by side: key, name, look.
RULES = (("backprop", "backprop", "backprop"), ("native", "own rule", "error"), ("dh", "DH", "dh"))
APART = 0.27


def draw_accuracies(table: Mapping[str, Mapping[str, Array]]) -> str:
    """Accuracies in per cent, a dot for each seed, three columns for each theory.

    table: ``{"DFC": {"backprop": (S,), "native": (S,), "dh": (S,)}, ...}``.
    """
    series, said = [], []
    for j, (key, name, look) in enumerate(RULES):
        xs = [
            np.full(len(np.ravel(table[theory][key])), k + APART * (j - 1))
            for k, theory in enumerate(table)
        ]
        ys = [np.ravel(np.asarray(table[theory][key], float)) for theory in table]
        series.append(Series(name, np.concatenate(xs), np.concatenate(ys), "dots", colour=look))
    for theory, rules in table.items():
        means = ", ".join(f"{n} {decimals(float(np.mean(rules[k])), 1)} %" for k, n, _ in RULES)
        said.append(f"{theory}: {means}")
    panel = Panel("Digits read after training", "", "accuracy (%)", series, x_names=list(table),
                  x_range=(-0.6, len(table) - 0.4))  # fmt: skip
    seeds = max(len(np.ravel(v)) for rules in table.values() for v in rules.values())
    label = (
        f"Accuracy on the test digits, a dot for each of {seeds} seeds. Means: {'; '.join(said)}."
    )
    return chart([panel], label, 640, 220)
