"""A rule, or a framework, from one plain function. Its argument names say what it reads.

def my_rule(post, pre):                 rates of one layer and of that below, over the phase
    return np.einsum("tbi,tbj->ij", np.diff(post, axis=0), pre[:-1]) / post.shape[1]

def my_feedback(weights, error):        W_1..W_L, and target minus prediction, now
    drives = [error]
    for W in weights[:0:-1]:
        drives.insert(0, drives[0] @ W)
    return drives                       a_1..a_L, what arrives at the apical dendrites
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...errors import (
    ArgumentError,
    DivergenceError,
    check_count,
    check_kind,
    check_number,
    check_target,
)
from ...frameworks.base import Framework, basal_drives, error_reader, runaway_limits
from ...network import Network
from ...rules import Rule, Updates
from ...stream import Block

Array = np.ndarray

#: What a function of a rule can read: of the postsynaptic neurons, (T+1, B, n), but for ``pre``
#: (T+1, B, m) and ``time`` (T+1,) in seconds.
RULE_READS = ("post", "pre", "voltage", "basal", "apical", "time")
#: What a function of a framework can read, each a list over layers but for ``error`` (B, n_L).
FRAMEWORK_READS = ("weights", "rates", "error", "slopes", "voltages", "basal")


def reads_of(function: Any, known: Sequence[str], what: str) -> tuple[str, ...]:
    """The names of the function's arguments. ArgumentError if one of them cannot be read here."""
    expected = f"a function with arguments among {', '.join(known)}"
    if isinstance(function, type):
        name = function.__name__
        raise ArgumentError(what, f"the class {name}", f"an object of it, {name}(), or {expected}")
    if not callable(function):
        raise ArgumentError(what, type(function).__name__, expected)
    if what == "rule":
        expected += ", which is all that a synapse can see: no target, no error, no other layer"
    names = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name in known:
            names.append(name)
        elif parameter.default is parameter.empty and parameter.kind not in (
            parameter.VAR_POSITIONAL,
            parameter.VAR_KEYWORD,
        ):
            raise ArgumentError(what, f"an argument {name!r}", expected)
    return tuple(names)


def read_only(array: Array) -> Array:
    """A view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def name_of(thing: Any) -> str:
    """What a rule or a framework is called."""
    inner = getattr(thing, "function", thing)
    return str(getattr(inner, "__name__", type(inner).__name__)).replace("<lambda>", "lambda")


# ---------------------------------------------------------------------- rules


class LayerRule(Rule):
    """A rule made of a function of one layer: ``rule_from`` makes it."""

    adds_up = False

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.reads = reads_of(function, RULE_READS, "rule")
        # (An apical drive may be made of voltages.)
        self.reads_voltages = not {"voltage", "apical"}.isdisjoint(self.reads)

    def start(self, block: Block) -> None:
        super().start(block)
        self._parts: list[dict[str, list[Array]]] = []

    def absorb(self, block: Block) -> None:
        skip = 1 if self._parts else 0  # row 0 repeats the end of the block before
        series: dict[str, Sequence[Array]] = {
            "rate": block.rates, "voltage": block.voltages, "basal": block.basal,
            "apical": block.apical, "time": [block.time],
        }  # fmt: skip
        wanted = {"rate"} | set(self.reads) & series.keys()
        self._parts.append({name: [a[skip:].copy() for a in series[name]] for name in wanted})

    def finish(self) -> Updates:
        whole = {
            name: [
                read_only(np.concatenate([part[name][l] for part in self._parts]))
                for l in range(len(first))
            ]
            for name, first in self._parts[0].items()
        }
        rates, weights, biases = whole["rate"], [], []
        for l in range(len(rates) - 1):
            given = {name: whole[name][l] for name in whole if name not in ("rate", "time")}
            given["post"] = rates[l + 1]
            if "time" in whole:
                given["time"] = whole["time"][0]
            one = read_only(np.ones((*rates[0].shape[:2], 1), rates[0].dtype))
            weights.append(self._call(l, given | {"pre": rates[l]}))
            biases.append(self._call(l, given | {"pre": one})[:, 0])  # a weight from a rate of 1
        self._parts = []
        return Updates(weights, biases)

    def _call(self, l: int, given: dict[str, Any]) -> Array:
        found = self.function(**{name: given[name] for name in self.reads})
        shape = (given["post"].shape[2], given["pre"].shape[2])
        if found is None:
            raise ArgumentError("update", "None", f"an array {shape}: is a `return` missing")
        update = np.asarray(found)
        if update.shape != shape:
            got = f"shape {update.shape}"
            raise ArgumentError("update", got, f"shape {shape}: (post neurons, pre neurons)")
        if update.dtype.kind not in "fiub":
            raise ArgumentError("update", f"dtype {update.dtype}", "real numbers")
        if not np.isfinite(update).all():
            raise ArgumentError("update", f"NaN or infinity in layer {l + 1}", "finite numbers")
        return update.astype(given["post"].dtype)


def rule_from(function: Any) -> Rule:
    """A Rule from a function of one layer, f(post, pre) -> update (n, m), the mean over the batch.
    A Rule is returned as it is. ArgumentError for anything else."""
    return function if isinstance(function, Rule) else LayerRule(function)


# ---------------------------------------------------------------------- frameworks


class ApicalFramework(Framework):
    """A framework made of a function that gives the apical drives: ``framework_from`` makes it.

        tau dv_l/dt = -v_l + W_l r_{l-1} + beta_l + a_l,    a = function(what it reads, now)

    One Euler step of length dt; each layer sees the rate of the layer below at the same step. The
    apical drive in a row of the stream is that of the step which led there; row 0 has none."""

    def __init__(self, function: Callable[..., Any], steps: int, dt: float, tau: float) -> None:
        self.function = function
        self.reads = reads_of(function, FRAMEWORK_READS, "framework")
        self.steps = check_count("steps", steps)
        self.tau = check_number("tau", tau, above=0)
        self.dt = check_number("dt", dt, above=0, most=self.tau)

    def separable(self, net: Network) -> bool:
        return False  # the function may look at the batch as a whole

    def teach(self, net: Network, x: Any, target: Any, voltages: bool = True) -> Iterator[Block]:
        check_kind("net", net, Network)
        v, free_r = net.feedforward(x)
        target = check_target(target, len(free_r[0]), net.sizes[-1], net.dtype, net.output)
        first, limits, T = v[0].copy(), runaway_limits(v), self.steps + 1
        rates = [np.empty((T, *r.shape), r.dtype) for r in free_r[1:]]
        kept = [np.empty_like(r) for r in rates]
        apical = [np.zeros_like(r) for r in rates]
        error = np.empty((T, *target.shape), net.dtype)
        read_error, h = error_reader(net, target), net.dtype.type(self.dt / self.tau)
        now, basal = list(free_r), [each.copy() for each in v]
        for t in range(T):
            if t:
                a = self._drives(net, now, error[t - 1], v, basal)
                for l, phi in enumerate(net.activations):
                    basal[l] = now[l] @ net.weights[l].T + net.biases[l] if l else first
                    v[l] = v[l] + h * (basal[l] + a[l] - v[l])
                    now[l + 1], apical[l][t] = phi.rate(v[l]), a[l]
                    if not np.abs(v[l]).max() <= limits[l]:
                        raise DivergenceError("The framework", l + 1, t, "Make its drives smaller.")
            for l in range(net.depth):
                kept[l][t], rates[l][t] = v[l], now[l + 1]
            read_error(now[-1], error[t])
        series = [np.broadcast_to(free_r[0], (T, *free_r[0].shape)), *rates]
        yield Block(
            time=np.arange(T) * self.dt, rates=series, voltages=kept,
            basal=basal_drives(net, series, first), apical=apical, error=error,
            activations=net.activations,
        )  # fmt: skip

    def _drives(
        self, net: Network, rates: list[Array], error: Array, v: list[Array], basal: list[Array]
    ) -> list[Array]:
        given: dict[str, Any] = {"error": read_only(error)}
        for name, series in (
            ("weights", net.weights), ("rates", rates), ("voltages", v), ("basal", basal),
        ):  # fmt: skip
            if name in self.reads:
                given[name] = [read_only(each) for each in series]
        if "slopes" in self.reads:
            phis = zip(net.activations, rates[1:], strict=True)
            given["slopes"] = [phi.slope(r) for phi, r in phis]
        found = self.function(**{name: given[name] for name in self.reads})
        expected = f"a list of {net.depth} arrays, a_1..a_L, one for each layer"
        if not isinstance(found, list | tuple) or len(found) != net.depth:
            got = type(found).__name__ if not isinstance(found, list | tuple) else str(len(found))
            raise ArgumentError("drives", got, expected)
        made = [np.asarray(a) for a in found]
        for l, (a, v_l) in enumerate(zip(made, v, strict=True)):
            if a.shape != v_l.shape:
                name = f"drives[{l}]"
                raise ArgumentError(
                    name, f"shape {a.shape}", f"shape {v_l.shape}, as in layer {l + 1}"
                )
        return [a.astype(net.dtype) for a in made]


def framework_from(
    function: Any, steps: int = 20, dt: float = 5e-3, tau: float = 0.0105
) -> Framework:
    """A Framework from a function that gives the apical drives a_1..a_L, each (B, n_l).

    steps, dt, tau: of the teaching phase, seconds. A Framework is returned as it is."""
    if isinstance(function, Framework):
        return function
    return ApicalFramework(function, steps, dt, tau)
