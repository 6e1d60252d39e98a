"""Where the symbols of a world belong in its network, and how its numbers are written.

A world is one measurement of a bench: a dict of symbols. ``"net"`` is its network and ``"where"``
says where it was measured, such as "layer 2"; with ``"x"`` (n_0,) or ``"rates"``, from the input
upward, the neurons have their rates. A name that ends in ``_below`` or ``_above`` belongs to a
neighbour of that layer. A bench that uses other names says where they belong in ``"places"``:
``{"e": 2}`` is at the neurons of layer 2, ``{"Q": None}`` belongs to the network as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..numerals import number

Array = np.ndarray
World = Mapping[str, Any]
Row = tuple[str, Array]  # name and values of a symbol


#: Symbols of the output, whichever layer a step is about.
AT_OUTPUT = ("e", "u")
MOST_NUMBERS = 40  # of a symbol of the network as a whole, that can be written beside it


class Spot(NamedTuple):
    """Where something belongs. kind: "neurons" of a layer (0 is the input), "arrows" that lead to
    a layer, or "whole", the network as a whole."""

    kind: str
    layer: int = 0


WHOLE = Spot("whole")


@dataclass
class Placed:
    """Symbols by where they belong; by layer at neurons, (n,), and at the arrows that lead to it,
    (n_l, n_{l-1})."""

    neurons: dict[int, list[Row]] = field(default_factory=dict)
    arrows: dict[int, list[Row]] = field(default_factory=dict)
    whole: list[Row] = field(default_factory=list)

    def put(self, spot: Spot, name: str, values: Array) -> None:
        if spot.kind == "neurons":
            self.neurons.setdefault(spot.layer, []).append((name, values))
        elif spot.kind == "arrows":
            self.arrows.setdefault(spot.layer, []).append((name, values))
        else:
            self.whole.append((name, values))


class Mark(NamedTuple):
    """Where the two sides differ most: neuron i of a layer, or the arrow from neuron j below."""

    kind: str  # "neurons", "arrows" or "whole"
    layer: int = 0
    i: int = 0
    j: int = 0


def layer_of(world: World) -> int | None:
    """The layer in which the step was measured, 1 for the first hidden one; None if it is about
    the network as a whole."""
    if isinstance(world.get("layer"), int):
        return int(world["layer"])
    found = re.search(r"layer (\d+)", str(world.get("where", "")))
    return int(found[1]) if found else None


def sizes_of(world: World) -> list[int]:
    return [int(n) for n in world["net"].sizes]


def place(world: World, names: Sequence[str]) -> Placed:
    """Where each of these symbols belongs. Functions, of which there is no number, are left out, as
    are series in time, which are too many numbers to write; a list with one array for each layer is
    put at each of them."""
    placed, count = Placed(), len(sizes_of(world))
    for name in dict.fromkeys(names):
        value = world[name]
        if callable(value):
            continue
        if isinstance(value, list | tuple):
            arrays = [np.asarray(part, float) for part in value]
            first = count - len(arrays)  # 0 with the input, 1 without it
            for k, array in enumerate(arrays):
                at = spot(world, name, array, first + k) if first in (0, 1) else WHOLE
                placed.put(at, name if at.kind != "whole" else f"{name}[{k}]", array)
        else:
            array = np.asarray(value, float)
            at = spot(world, name, array)
            if at.kind == "whole" and array.size > MOST_NUMBERS:
                continue
            placed.put(at, name, array.ravel() if at.kind == "neurons" else array)
    return placed


def spot(world: World, name: str, value: Array, at: int | None = None) -> Spot:
    """Where a symbol with this value belongs. at: its layer, where it is one of a list."""
    sizes, own = sizes_of(world), layer_of(world)
    said = world.get("places", {})  # where the bench says so, no likeness tells another place
    for layer, W in enumerate(() if name in said else world["net"].weights, start=1):
        if W.shape == value.shape and np.array_equal(W, value) and at in (None, layer):
            return Spot("arrows", layer)
    if name in said:
        at = said[name]
    elif at is None and name in AT_OUTPUT:
        at = len(sizes) - 1
    elif at is None and own is not None:
        at = own - name.endswith("_below") + name.endswith("_above")
    if at is None or not 0 <= at < len(sizes):
        return WHOLE
    single = value.shape == (1, 1) and sizes[at] == 1 and not is_slope(name)
    return Spot("neurons", at) if single or value.shape == (sizes[at],) else WHOLE


def is_slope(name: str) -> bool:
    """Whether a matrix of this name belongs to weights: dW, dH_dW."""
    return name.startswith("d")


def mark(world: World, left: str, measured: Any, yours: Any) -> Mark:
    """Where the two sides differ most."""
    value, mine = np.asarray(measured, float), np.asarray(yours, float)
    if value.shape != mine.shape or not value.size:
        return Mark("whole")
    with np.errstate(invalid="ignore"):
        gap = np.nan_to_num(np.abs(value - mine), nan=np.inf)
    most = tuple(int(k) for k in np.unravel_index(int(np.argmax(gap)), gap.shape))
    at, sizes, own = spot(world, left, value), sizes_of(world), layer_of(world)
    layer = at.layer if at.kind == "arrows" else world.get("places", {}).get(left, own)
    like_weights = layer and layer < len(sizes) and value.shape == (sizes[layer], sizes[layer - 1])
    if layer and like_weights and (is_slope(left) or at.kind != "neurons"):
        return Mark("arrows", layer, *most)
    if at.kind == "neurons":
        return Mark("neurons", at.layer, most[0] if most else 0)
    return Mark("whole")


def rates_of(world: World) -> list[Array]:
    """Rates of all layers, from the input upward, each (n,); none if the world does not say."""
    net, given = world["net"], world.get("rates")
    if given is None and "x" in world and hasattr(net, "feedforward"):
        given = net.feedforward(np.asarray(world["x"], float).reshape(1, -1))[1]
    if given is None:
        return []
    found = [np.ravel(np.asarray(rate, float)) for rate in given]
    if len(found) == len(sizes_of(world)) - 1 and "x" in world:
        found = [np.ravel(np.asarray(world["x"], float)), *found]
    return found if [len(rate) for rate in found] == sizes_of(world) else []


# ---------------------------------------------------------------------- numbers


def short(value: float, digits: int = 3) -> str:
    """A number for a picture: so many digits, at most three decimals unless it is small."""
    value = float(value)
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "∞" if value > 0 else "−∞"
    return number(float(f"{value:.{digits}g}"))


def shown(values: Any, digits: int = 3) -> str:
    """Numbers in one line: "0.31" (alone in a box or not), "[0.31, −0.2]"."""
    array = np.asarray(values, float)
    if array.size == 1:
        return short(float(array.item()), digits)
    return "[" + ", ".join(shown(part, digits) for part in array) + "]"


def told_apart(a: Any, b: Any) -> tuple[str, str]:
    """Two sides with as many digits, three or more, as it takes to tell them apart."""
    for digits in range(3, 17):
        said = shown(a, digits), shown(b, digits)
        if said[0] != said[1]:
            break
    return said
