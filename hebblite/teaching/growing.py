"""Learning curves that grow while networks are trained, one after another, in one picture.

    curves = Curves(epochs=5, chance=0.1)
    temporal = curves.fit("differential Hebbian", net, control, DifferentialHebbian(), x, y,
                          validation=test, look="dh")
    backprop = curves.fit("backprop", twin, Backprop(), Gradient(), x, y, validation=test)

Below the picture stands which network is at work, how far it is and how long it will take. The
stop button (■) ends training calmly: the history goes as far as training came, networks that had
not begun stay as they are, and the notebook goes on.
"""

from __future__ import annotations

import html
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..data import one_hot
from ..errors import DivergenceError, check_count
from ..extras import needed_for
from ..frameworks.base import Framework
from ..history import History
from ..network import Network
from ..rules import Rule
from ..terminal import Progress
from ..training import fit
from .chart import Panel, Series, chart
from .numerals import rounded
from .still import bundle
from .words import count

#: Points of a curve in each epoch, and seconds between two pictures.
POINTS, SECONDS = 4, 0.25


@dataclass
class Curve:
    """One network's way: accuracies (%) at some epochs, 0 at the start; what there is to say."""

    name: str
    look: str | int | None
    epochs: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    state: str = ""


class Curves:
    """A picture of learning curves that grows with each call of ``fit``.

    epochs: of each training, and the end of the axis. chance: the accuracy of a blind guess, in
    [0, 1], drawn as a line. marks: further lines, in per cent: ``predictions.marks("00.p1")``.
    """

    def __init__(
        self,
        epochs: int,
        chance: float | None = None,
        marks: Sequence[tuple[str, float, str]] = (),
    ) -> None:
        self.epochs = check_count("epochs", epochs)
        self.chance, self.marks = chance, list(marks)
        self.curves: list[Curve] = []
        self.stopped = False
        self._handle: Any = None
        self._cell: Any = None

    def fit(
        self,
        name: str,
        net: Network,
        framework: Framework,
        rule: Rule,
        x: Any,
        y: Any,
        *,
        validation: tuple[Any, Any],
        look: str | int | None = None,
        may_diverge: bool = False,
        **settings: Any,
    ) -> History:
        """``hebblite.fit``, drawn. settings: its other arguments.

        Interrupted, it returns what was reached: the last record is then that of an epoch that is
        not complete. After that, further calls train nothing and return where their network stands.
        may_diverge: whether a network that breaks down is part of the lesson, and no error.
        """
        curve = Curve(name, look)
        self.curves = [c for c in self.curves if c.name != name] + [curve]  # a cell run again
        settings = {"epochs": self.epochs} | settings
        drawn = _Drawn(self, curve, net, framework, validation, settings["epochs"])
        drawn.point(0.0)
        if self.stopped:
            curve.state = "not trained, because you stopped the one before."
            self.draw()
            return History([drawn.record(0.0)], interrupted=True)
        try:
            history = fit(
                net, framework, rule, x, y, validation=validation, progress=drawn, **settings
            )
        except DivergenceError:
            curve.state = f"broke down after {drawn.done} of {drawn.batches} batches."
            self.draw()
            if may_diverge:
                return History([drawn.record(drawn.epoch)])
            raise
        if history.interrupted:
            self.stopped = True
            curve.state = (
                f"stopped by you after {rounded(drawn.epoch, 2)} epochs, at {drawn.reached}. "
                "Run the cell again before you go on."
            )
            if history.batch:
                drawn.point(drawn.epoch)
                history.epochs.append(drawn.record(drawn.epoch))
        else:
            curve.state = f"{drawn.reached} after {count(settings['epochs'], 'epoch')}."
        self.draw()
        return history

    def draw(self) -> None:
        """Show the picture as it is now: in the cell that runs, and only once in each."""
        with needed_for("A picture in a notebook"):
            from IPython.core.getipython import get_ipython
            from IPython.display import display
        shell = get_ipython()
        cell = getattr(shell, "execution_count", 0)
        if self._handle is None or cell != self._cell:
            self._cell = cell
            self._handle = display(self.bundle(), raw=True, display_id=True)
        elif self._handle is not None:
            self._handle.update(self.bundle(), raw=True)

    def bundle(self) -> dict[str, str]:
        """The picture and the lines below it, for any front end."""
        said = "".join(
            f"<li><b>{html.escape(curve.name)}</b>: {html.escape(curve.state)}</li>"
            for curve in self.curves
        )
        return bundle(f"{self.picture()}<ul>{said}</ul>")

    def picture(self) -> str:
        """All curves, over axes that stay the same, as SVG."""
        marks = list(self.marks)
        if self.chance is not None:
            marks.insert(0, ("y", 100 * self.chance, "blind guess"))
        series = [
            Series(c.name, np.array(c.epochs), np.array(c.accuracy), "line+points", colour=c.look)
            for c in self.curves
        ]
        panel = Panel(
            "Learning", "epochs", "accuracy on new data (%)", series,
            x_range=(0, self.epochs), y_range=(0, 100), marks=marks, direct=True,
        )  # fmt: skip
        return chart([panel], self.label())

    def label(self) -> str:
        """What the picture shows, in words."""
        said = [
            f"{c.name} goes from {c.accuracy[0]:.1f} to {c.accuracy[-1]:.1f} % "
            f"in {count(float(f'{c.epochs[-1]:.2g}'), 'epoch')}"
            for c in self.curves
            if len(c.accuracy) > 1
        ]
        return "Accuracy on new data against epochs of training. " + "; ".join(said) + "."


class _Drawn(Progress):
    """One training as it is drawn: a point of the curve now and then, the line below at times."""

    def __init__(
        self,
        curves: Curves,
        curve: Curve,
        net: Network,
        framework: Framework,
        validation: tuple[Any, Any],
        epochs: int,
    ) -> None:
        self.curves, self.curve, self.epochs = curves, curve, epochs
        self.net, self.framework, self.validation = net, framework, validation
        self.batches, self.done, self._shown = 1, 0, 0.0

    @property
    def epoch(self) -> float:
        """How many epochs are done, with the part of the one at hand."""
        return self.epochs * self.done / self.batches

    @property
    def reached(self) -> str:
        return f"{self.curve.accuracy[-1]:.1f} %"

    def begin(self, batches: int, done: int) -> None:
        self.batches, self.done = batches, done
        self._began, self._first = time.monotonic(), done

    def advance(self, batches: int) -> None:
        before, self.done = self.done, self.done + batches
        each = self.batches / (POINTS * self.epochs)  # the same batches on any machine
        if int(self.done / each) > int(before / each):
            self.point(self.epoch)
        now = time.monotonic()
        if now - self._shown > SECONDS:
            self._shown = now
            self.curve.state = self.progress(now - self._began)
            self.curves.draw()

    def progress(self, seconds: float) -> str:
        """How far it is, how long it took and will take."""
        epoch = min(int(self.epoch) + 1, self.epochs)
        more = seconds * (self.batches - self.done) / max(self.done - self._first, 1)
        return (
            f"epoch {epoch} of {self.epochs}, {self.reached} so far. "
            f"{seconds:.0f} s, about {more:.0f} s more. The stop button (■) ends it here."
        )

    def point(self, epoch: float) -> None:
        """Measure the accuracy now, as one more point of the curve."""
        self.curve.epochs.append(epoch)
        self.curve.accuracy.append(100 * self.framework.accuracy(self.net, *self.validation))

    def record(self, epoch: float) -> dict[str, float]:
        """Where the network stands, as a record of a history."""
        x, y = self.validation
        loss = self.net.loss(x, one_hot(y, self.net.sizes[-1]))
        return {"epoch": epoch, "loss": loss, "accuracy": self.curve.accuracy[-1] / 100}
